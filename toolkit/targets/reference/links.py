"""Links to the published reference from other pages, such as the changelog."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.targets.reference.pages import PublishedReference


@dataclass(frozen=True)
class ReferenceLinks:
    """Addresses of the pages that show elements."""

    reference: PublishedReference

    def address(self, element: str) -> str:
        """The address of an element, or of its parent; empty if neither has a page."""
        schema, layout = self.reference.schema, self.reference.layout
        catalog = self.reference.catalog
        if element in schema.services:
            service = schema.services[element]
            return layout.folder_url(catalog.publication(service.package), service)
        if element in schema.methods:
            method = schema.methods[element]
            return f"{layout.url(method, catalog.publication(schema.service_of(method).package))}#{method.name}"
        name = element
        while name and name not in schema.messages and name not in schema.enums:
            name = name.rpartition(".")[0]
        if not name:
            return ""
        found = schema.messages.get(name) or schema.enums[name]
        page = layout.first_page(name, catalog.publication(found.package)) if found.package in schema.packages else None
        return f"{page}#{name}" if page and name in schema.messages else page or ""
