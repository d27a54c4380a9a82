"""Where elements are declared, since when, and in which versions of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from toolkit.descriptors.model import Element
from toolkit.semantics.catalog import Catalog, Introduction
from toolkit.targets.history import History, file_of
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.versions import Switcher, Versions


@dataclass(frozen=True)
class Origins:
    """What is known of the .proto files of a schema, of its revisions, and of the other versions on the site."""

    layout: Layout
    catalog: Catalog
    history: History = field(default_factory=History)
    changelog: str = ""
    """The address of the directory of the changelog, seen from a page; empty if the site does not have it."""
    versions: Versions = field(default_factory=Versions)
    _introductions: dict[str, Introduction] = field(default_factory=dict, init=False, compare=False)

    def switcher(self, key: str = "") -> Switcher | None:
        """The choice of a version on a page, see :meth:`Versions.switcher`."""
        return self.versions.switcher(self.layout, key)

    def words(self, element: Element) -> list[str]:
        """Since when there is an element, and when it changed last, as short phrases of plain Markdown."""
        return [f"{what} {escaped(revision)}" for what, revision in self._revisions(element)]

    def revisions(self, element: Element) -> list[str]:
        """The same with links to the changelog."""
        return [f"{what} {self._link(revision)}" for what, revision in self._revisions(element)]

    def _revisions(self, element: Element) -> Iterator[tuple[str, str]]:
        since = self.history.since.get(element.full_name)
        if since:
            yield "since", since
        changed = self.history.changed.get(element.full_name)
        if changed:
            yield "changed in", changed[-1]

    def _link(self, revision: str) -> str:
        return (
            f"[{escaped(revision)}]({self.changelog}/{quote(file_of(revision))})"
            if self.changelog
            else escaped(revision)
        )

    def of(self, element: Element) -> str:
        """The file and line of an element, linked if the catalog says where the files are; finished Markdown."""
        return self.at(element.location.file, element.location.line)

    def at(self, file: str, line: int = 0) -> str:
        """A file, and a line of it unless that is 0, linked if the catalog says where the files are."""
        shown = code(f"{file}:{line}" if line else file, in_cell=False)
        address = self._introduction(self.layout.schema.files[file].package).line(file, line)
        return f"[{shown}]({address})" if address else shown

    def _introduction(self, package: str) -> Introduction:
        """What the catalog says of a package, which is the same for all of its pages."""
        if package not in self._introductions:
            self._introductions[package] = self.catalog.publication(package).introduction
        return self._introductions[package]
