"""The versions of an API on a site: the tree that is documented, and others with pages of their own."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from toolkit.errors import ConfigError, Location
from toolkit.targets.history import file_of
from toolkit.targets.markdown.inline import escaped

if TYPE_CHECKING:
    from toolkit.targets.site.layout import Layout

FOLDER = "versions"
"""The directory of other versions, inside the directory of all pages."""
CURRENT = "current"
"""What the documented version is called where no version is the tree itself."""


def folder_of(name: str) -> str:
    """The directory of a version other than the one that is documented."""
    return f"{FOLDER}/{file_of(name).removesuffix('.md')}"


def page_at(name: str) -> str:
    """The page that would have the address of the first page of a version."""
    return f"{folder_of(name)}.md"


def check_sources(named: Mapping[str, Any], table: str, where: Location | None) -> None:
    """Raise for a version on standard input, which another run can't read again."""
    for name, value in named.items():
        if value == "-":
            said = f"{table}: {name!r} cannot be read from standard input"
            raise ConfigError(
                said, location=where, hint="name a directory, a descriptor set, a server or a git revision"
            )


def check_names(names: Mapping[str, bool], table: str, where: Location | None) -> None:
    """Raise unless exactly one version has the name of the documented tree.

    ``names`` are in the order of the ``table``, each with whether the version is that tree.
    """
    main = [name for name, is_main in names.items() if is_main]
    if len(main) > 1:
        said = f"{table}: {main[0]!r} and {main[1]!r} are both the documented tree"
        raise ConfigError(said, location=where, hint="remove one of them")
    taken = next((name for name in names if name.lower() == CURRENT), None)
    if taken is not None and not main:
        said = f"{table}: {taken!r} is what the documented tree is called, since none of the versions is that tree"
        raise ConfigError(said, location=where, hint=f"rename {taken!r}, or list the tree under a name of its own")


def check_folders(
    names: Sequence[str], pages: Path, taken: Iterable[tuple[str, str]], table: str, where: Location | None
) -> None:
    """Raise if something else on the site would be where the pages of other versions are.

    ``pages`` is the directory of all pages, and ``taken`` are the directories in it that other targets write, each with
    the name of the target.
    """
    for target, folder in taken if names else ():
        if folder == FOLDER or folder.startswith(f"{FOLDER}/"):
            said = f"[{target}] writes to {_shown(pages / folder)}, where the versions of {table} are"
            raise ConfigError(said, location=where, hint=f"set another out under [{target}]")
    for name in names:
        page = pages / page_at(name)
        if page.is_file():
            said = f"{table}: {name!r} would have the address of the page {_shown(page)}"
            raise ConfigError(said, location=where, hint="rename the version, or move the page")


def _shown(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


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
        folder = (layout.path(key) if key else layout.home).rpartition("/")[0]
        links = {name: self._link(name, other, other is layout, key, folder) for name, other in self.layouts.items()}
        here = next(link for link in links.values() if link.is_here)
        main = links[self.main]
        return Switcher(here.name, [*links.values()], None if main is here else main)

    def _link(self, name: str, layout: Layout, is_here: bool, key: str, folder: str) -> VersionLink:
        has_page = not key or layout.has_page(key)
        where, _, file = (layout.path(key) if key and has_page else layout.home).rpartition("/")
        return VersionLink(escaped(name), _seen_from(folder, where) + quote(file), is_here, has_page)


@cache
def _seen_from(folder: str, other: str) -> str:
    """The beginning of the addresses of pages in another directory, or the same, seen from pages in a directory."""
    path = posixpath.relpath(other, folder)
    return "" if path == "." else f"{quote(path)}/"
