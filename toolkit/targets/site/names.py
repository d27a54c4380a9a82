"""The names of all that has a page, for search: what people type most is a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.descriptors.model import Element, Enum, Message, Package
from toolkit.targets.site.layout import Layout, less_package

FILE = "names.json"
"""Next to the scripts."""
_SEPARATORS = (",", ":")


@dataclass(frozen=True)
class Names:
    """Collects the names of a site."""

    layout: Layout

    def text(self) -> str:
        """The index: packages, entries, and the entries that have a field or a value of each name.

        An entry is the index of its package, its kind, its name in the package, its page if that has another name, and
        for a method its requests over HTTP.
        """
        layout = self.layout
        packages = [package.name for package in layout.packages]
        entries: list[list[object]] = []
        members: dict[str, list[int]] = {}
        for number, package in enumerate(layout.packages):
            for kind, element, requests in self._elements(package):
                name = less_package(element.full_name, package.name)
                page = layout.path(element.full_name).removesuffix(".md").rpartition("/")[2]
                entry: list[object] = [number, kind, name, "" if page == name else page, *requests]
                for member in _members(element):
                    members.setdefault(member, []).append(len(entries))
                entries.append(entry)
        folders = [layout.package_path(name).split("/")[1] for name in packages]
        content = {
            "folder": layout.folder,
            "packages": [
                [name, "" if folder == name else folder] for name, folder in zip(packages, folders, strict=True)
            ],
            "entries": entries,
            "members": dict(sorted(members.items())),
        }
        return json.dumps(content, ensure_ascii=False, separators=_SEPARATORS) + "\n"

    def _elements(self, package: Package) -> Iterator[tuple[str, Element, list[str]]]:
        for service in self.layout.services_of(package):
            yield "service", service, []
            for method in service.methods:
                yield "method", method, [f"{rule.verb} {rule.path}" for rule in method.http]
        for element in self.layout.by_package[package.name]:
            yield self.layout.facts.role(element), element, []


def _members(element: Element) -> Iterator[str]:
    """The names of the fields of a message, or of the values of an enum, each once."""
    if isinstance(element, Message):
        yield from dict.fromkeys(field.name for field in element.fields)
    elif isinstance(element, Enum):
        yield from dict.fromkeys(value.name for value in element.values)
