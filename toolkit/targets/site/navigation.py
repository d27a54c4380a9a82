"""The navigation of the generated pages in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from toolkit.descriptors.model import Package
from toolkit.targets.site.concepts import Concepts
from toolkit.targets.site.layout import HOME, TYPES, Layout
from toolkit.targets.site.packages import IndexPages
from toolkit.targets.site.prose import quoted

MOST_PACKAGES = 40
"""Packages on one level of the navigation at most; more are grouped by their names."""
MOST_TYPES = 80
"""Types that a package lists in the navigation at most; otherwise, only its page lists them."""


@dataclass(frozen=True, slots=True)
class NavLine:
    """A line of the navigation: a page or a group."""

    depth: int
    title: str
    """As YAML; empty for the page of the group itself."""
    path: str
    """Empty for a group."""


def navigation(layout: Layout, indexes: IndexPages, concepts: Concepts) -> Iterator[NavLine]:
    """The lines of the navigation."""
    yield NavLine(0, quoted("API reference"), "")
    yield NavLine(1, "", HOME)
    pages = [*concepts.titles()]
    if pages:
        yield NavLine(1, quoted("Calling the API"), "")
        yield from (NavLine(2, quoted(title), path) for title, path in pages)
    for name, packages in _groups(layout.packages):
        deeper = 1 if len(packages) > 1 else 0
        if deeper:
            yield NavLine(1, quoted(name), "")
        for package in packages:
            for line in _package(package, layout, indexes):
                yield replace(line, depth=line.depth + deeper)
    yield NavLine(1, quoted("All types"), TYPES)


def _groups(packages: Sequence[Package]) -> Iterator[tuple[str, list[Package]]]:
    """The packages in order; if there are many, grouped by the first part of their names that differs."""
    if len(packages) <= MOST_PACKAGES:
        yield from ((package.name, [package]) for package in packages)
        return
    names = [package.name.split(".") for package in packages if package.name]
    common = len([*takewhile(lambda parts: len(set(parts)) == 1, zip(*names, strict=False))])
    found: dict[str, list[Package]] = {}
    for package in packages:
        parts = package.name.split(".")
        found.setdefault(".".join(parts[: common + 1]), []).append(package)
    yield from found.items()


def _package(package: Package, layout: Layout, indexes: IndexPages) -> Iterator[NavLine]:
    yield NavLine(1, quoted(indexes.title(package.name)), "")
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
