"""The target of the reference, with a part for each API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Element, Schema, Service
from toolkit.errors import Diagnostic
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.layout import INDEX
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.reference.settings import Reference
from toolkit.targets.reference.style import PRESETS, style_of
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.workspace import Workspace


def reference_of(workspace: Workspace, schema: Schema | None = None) -> PublishedReference:
    """The reference of a workspace, for its schema or for a given one."""
    return PublishedReference(
        facts=workspace.facts if schema is None else Facts(schema, workspace.mappings, workspace.reader),
        catalog=workspace.catalog,
        style=style_of(workspace.settings.of(Reference).style, PRESETS),
        renderer=workspace.renderer,
        link_prefix=workspace.settings.common.link_prefix,
    )


@dataclass(frozen=True)
class ReferenceTarget(Target):
    """The pages of the APIs that contain a chosen service."""

    reference: PublishedReference
    wanted: Callable[[Service], bool]

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> ReferenceTarget:
        """Create the target for a workspace."""
        reference = reference_of(workspace)
        return cls(reference, choose(reference.schema) if choose else lambda service: True)

    def parts(self) -> Sequence[Part]:
        """The APIs."""
        return [
            Part(
                sum(1 + len(service.methods) for service in api.services),
                api,
                self.reference.layout.file(api.publication, INDEX),
                frozenset(service.location.file for service in api.services),
            )
            for api in self.reference.apis(self.wanted)
        ]

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The index of an API and every page of its chosen services."""
        return self.reference.api_pages(part.subject, self.wanted)

    def diagnostics(self) -> Sequence[Diagnostic]:
        """Unresolved references in comments."""
        return self.reference.warnings()

    def subject(self, path: str) -> Element | None:
        """The service or method of a page."""
        return self._subjects.get(path)

    def sources(self, path: str) -> Sequence[str]:
        """The file of the service or method of a page; for the index of an API, those of all its services."""
        return self._sources.get(path, ())

    @cached_property
    def _subjects(self) -> Mapping[str, Element]:
        return dict(self.reference.subjects())

    @cached_property
    def _sources(self) -> Mapping[str, Sequence[str]]:
        layout = self.reference.layout
        found: dict[str, Sequence[str]] = {path: (e.location.file,) for path, e in self._subjects.items()}
        for api in layout.apis:
            files = dict.fromkeys(service.location.file for service in api.services)
            found[layout.file(api.publication, INDEX)] = [*files]
        return found
