"""Links from a page of the published reference to others."""

from __future__ import annotations

from collections.abc import Callable

from toolkit.descriptors.model import Service
from toolkit.descriptors.references import Target, TargetKind
from toolkit.errors import SchemaError
from toolkit.targets.reference.layout import Layout
from toolkit.targets.reference.prose import Reference, Slot


def elsewhere(layout: Layout, package: str, service: Service | None = None) -> Callable[[Slot], str]:
    """Fills references with links to other pages, from the perspective of a package, or of the index of a service."""
    plain = layout.style.plain
    own = {method.full_name for method in service.methods} if service is not None and not plain else ()

    def fill(slot: Slot) -> str:
        if not isinstance(slot, Reference):
            raise SchemaError(f"{slot} stands where there is no section")
        target = slot.target
        name = target.full_name
        address = f"#{name.rpartition('.')[2]}" if name in own else _address(layout, target, package)
        if address:
            return f"[{slot.text}]({address})"
        return slot.text if plain else f"[{slot.text}]"

    return fill


def _address(layout: Layout, target: Target, package: str) -> str:
    """The address of the page that shows an element, from the perspective of a package; or empty."""
    schema = layout.schema
    if target.kind is TargetKind.PACKAGE:
        found = schema.packages[target.full_name]
        is_linked = found.requested and found.services and layout.may_link(found.name, seen_from=package)
        return layout.folder_url(layout.catalog.publication(found.name)) if is_linked else ""
    method = schema.methods.get(target.full_name)
    publication = layout.publication_of(method.parent if method else target.shown_by, seen_from=package)
    if publication is None:
        return ""
    if method is not None:
        return f"{layout.url(method, publication)}#{method.name}"
    if target.kind is TargetKind.SERVICE:
        service = schema.services[target.full_name]
        return layout.folder_url(publication, service) if schema.files[service.location.file].requested else ""
    page = layout.first_page(target.shown_by, publication)
    if page is None:
        return ""
    if layout.style.plain:
        return page if target.shown_by in schema.enums else f"{page}#{target.shown_by}"
    return f"{page}#{target.full_name if target.kind is TargetKind.ONEOF else target.shown_by}"
