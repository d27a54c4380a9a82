"""The navigation of the generated pages in mkdocs.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from toolkit.descriptors.model import Package
from toolkit.targets.site.concepts import Concepts
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.packages import IndexPages
from toolkit.targets.site.prose import quoted
from toolkit.targets.site.viewer import TITLE, Viewer

MOST_PACKAGES = 40
"""Packages on one level of the navigation at most; more are grouped by their names."""
MOST_TYPES = 80
"""Types that a package lists in the navigation at most; otherwise, only its page lists them."""
_VERSION = re.compile(r"v[0-9]")


@dataclass(frozen=True, slots=True)
class NavLine:
    """A line of the navigation: a page or a group."""

    depth: int
    title: str
    """As YAML; empty for the page of the group itself."""
    path: str
    """Empty for a group."""


def navigation(
    title: str, layout: Layout, indexes: IndexPages, concepts: Concepts, viewer: Viewer
) -> Iterator[NavLine]:
    """The lines of the navigation for a version of the API."""
    yield NavLine(0, quoted(title), "")
    yield NavLine(1, "", layout.home)
    pages = [*concepts.titles()]
    if pages:
        yield NavLine(1, quoted("Calling the API"), "")
        yield from (NavLine(2, quoted(title), path) for title, path in pages)
    shared = _shared(layout.packages)
    for name, packages in _groups(layout.packages, shared):
        deeper = 1 if len(packages) > 1 else 0
        if deeper:
            yield NavLine(1, quoted(_short(name, shared)), "")
        for package in packages:
            short = _short(package.name, f"{name}." if deeper and package.name != name else shared)
            for line in _package(package, layout, indexes, viewer, short):
                yield replace(line, depth=line.depth + deeper)
    yield NavLine(1, quoted("All types"), layout.types_page)
    if viewer.shared_path:
        yield NavLine(1, quoted(TITLE), viewer.shared_path)


def _shared(packages: Sequence[Package]) -> str:
    """What the names of most packages begin with, as ``acme.api.``; empty if that is nothing.

    These are the packages that share their first word with the most others.
    """
    families: dict[str, list[list[str]]] = {}
    for package in packages:
        parts = package.name.split(".")
        families.setdefault(parts[0], []).append(parts)
    largest = max(families.values(), key=len, default=[])
    columns = zip(*largest, strict=False)
    parts = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
    while parts and _VERSION.match(parts[-1]):
        parts.pop()
    return "".join(f"{part}." for part in parts) if len(largest) > 1 else ""


def _groups(packages: Sequence[Package], shared: str) -> Iterator[tuple[str, list[Package]]]:
    """The packages in order; if there are many, grouped by the first part of their names that is not shared."""
    if len(packages) <= MOST_PACKAGES:
        yield from ((package.name, [package]) for package in packages)
        return
    found: dict[str, list[Package]] = {}
    for package in packages:
        prefix = shared if package.name.startswith(shared) else ""
        first = package.name.removeprefix(prefix).split(".")[0]
        found.setdefault(prefix + first, []).append(package)
    yield from found.items()


def _short(name: str, shared: str) -> str:
    """A name without what others begin with, too; a version keeps the part before it."""
    short = name.removeprefix(shared)
    if short != name and _VERSION.match(short):
        return ".".join(name.split(".")[-short.count(".") - 2 :])
    return short


def _package(package: Package, layout: Layout, indexes: IndexPages, viewer: Viewer, short: str) -> Iterator[NavLine]:
    title = indexes.title(package.name)
    yield NavLine(1, quoted(short if title == package.name else title), "")
    yield NavLine(2, "", layout.package_path(package.name))
    for service in layout.services_of(package):
        yield NavLine(2, quoted(service.name), "")
        yield NavLine(3, "", layout.path(service.full_name))
        for method in service.methods:
            yield NavLine(3, quoted(method.name), layout.path(method.full_name))
    types = layout.by_package[package.name]
    if types and len(types) <= MOST_TYPES:
        yield NavLine(2, quoted("Types"), "")
        for element in types:
            yield NavLine(3, quoted(indexes.fields.short(element.full_name)), layout.path(element.full_name))
    if path := viewer.path(package.name):
        yield NavLine(2, quoted(TITLE), path)
