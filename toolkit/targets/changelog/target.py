"""The target of the changelog, with all revisions in one part."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from toolkit.descriptors.compile import refusal
from toolkit.descriptors.model import Schema
from toolkit.errors import Diagnostic
from toolkit.targets.changelog.groups import Links
from toolkit.targets.changelog.pages import Changelog
from toolkit.targets.changelog.revisions import Revision, read_revisions
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.reference.links import ReferenceLinks
from toolkit.targets.reference.target import reference_of
from toolkit.targets.registry import Part, Target
from toolkit.targets.site import TARGET as SITE
from toolkit.targets.site.links import SiteLinks
from toolkit.targets.site.site import Site
from toolkit.targets.site.target import SiteTarget
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class ChangelogTarget(Target):
    """The pages of all revisions."""

    changelog: Changelog

    @classmethod
    def of(cls, workspace: Workspace) -> ChangelogTarget:
        """Create the target for a workspace."""
        settings, chosen = workspace.settings, workspace.settings.of(ChangelogSettings)
        revisions = read_revisions(chosen.revisions or {}, chosen.tags, settings.tree, settings.file, workspace.access)
        left_out = _left_out(revisions)
        if settings.common.strict and left_out:
            raise refusal(left_out)
        links = _Links(workspace)
        return cls(Changelog(revisions, workspace.mappings, workspace.renderer, links.of, links.addresses()))

    def parts(self) -> Sequence[Part]:
        """A single part."""
        return [Part(1)]

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The index and the page of each revision."""
        return self.changelog.files()

    def diagnostics(self) -> Sequence[Diagnostic]:
        """The files of revisions that were left out."""
        return _left_out(self.changelog.revisions)


def _left_out(revisions: Sequence[Revision]) -> list[Diagnostic]:
    return sorted({d for revision in revisions for d in revision.source.compilation.diagnostics})


@dataclass(frozen=True)
class _Links:
    """Locates the pages of elements: on the docs site that contains the changelog, or in the published reference."""

    workspace: Workspace

    def of(self, schema: Schema) -> Links:
        """The links of a revision."""
        if self._site is not None and self._pages is not None:
            return SiteLinks(self._site.main.layout, posixpath.relpath(".", self._pages))
        return ReferenceLinks(reference_of(self.workspace, schema))

    def addresses(self) -> Callable[[str], str] | None:
        """The addresses of the changelog's files on the docs site that contains it; None if they are unknown."""
        address = self._site.configuration.address if self._site is not None else None
        return partial(address.of, self._pages) if address is not None and self._pages is not None else None

    @cached_property
    def _site(self) -> Site | None:
        is_there = SITE.name in self.workspace.settings.configured
        return SiteTarget.of(self.workspace, None).site if is_there else None

    @cached_property
    def _pages(self) -> str | None:
        """The directory of the changelog inside that of the site's pages; None if it is elsewhere."""
        return (
            self._site.configuration.below(self.workspace.settings.of(ChangelogSettings).out)
            if self._site is not None
            else None
        )
