"""The versions of an API on a site: the tree that is documented, and others with pages of their own."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from toolkit.targets.history import file_of
from toolkit.targets.markdown.inline import escaped
from toolkit.targets.site.layout import Layout

FOLDER = "versions"
"""The directory of other versions, inside the directory of all pages."""


def folder_of(name: str) -> str:
    """The directory of a version other than the one that is documented."""
    return f"{FOLDER}/{file_of(name).removesuffix('.md')}"


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A version, seen from a page."""

    name: str
    address: str
    """The address of the same page, or of the first page of the reference if the version does not have it."""
    is_here: bool
    """Whether the page belongs to this version."""
    has_page: bool


@dataclass(frozen=True, slots=True)
class Switcher:
    """The choice of a version on a page; all text is finished Markdown."""

    here: str
    """The version of the page."""
    links: list[VersionLink]
    """All versions, in order."""
    main: VersionLink | None
    """The version that the site is about, on pages of others."""


@dataclass(frozen=True)
class Versions:
    """The versions of a site, newest first."""

    main: str = ""
    """The version that is documented, whose pages are in the usual places."""
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    """The layout of every version, by name; with fewer than two there is nothing to choose."""

    def switcher(self, layout: Layout, key: str = "") -> Switcher | None:
        """The choice on the page of an element; without one, on the first page of the reference."""
        if len(self.layouts) < 2:
            return None
        folder = posixpath.dirname(layout.path(key) if key else layout.home)
        links = {name: self._link(name, other, other is layout, key, folder) for name, other in self.layouts.items()}
        here = next(link for link in links.values() if link.is_here)
        main = links[self.main]
        return Switcher(here.name, [*links.values()], None if main is here else main)

    def _link(self, name: str, layout: Layout, is_here: bool, key: str, folder: str) -> VersionLink:
        has_page = not key or layout.has_page(key)
        path = layout.path(key) if key and has_page else layout.home
        return VersionLink(escaped(name), quote(posixpath.relpath(path, folder)), is_here, has_page)
