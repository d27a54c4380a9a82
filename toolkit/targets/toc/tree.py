"""The item of a toc.yaml that lists the reference of an API, and of the APIs below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.semantics.catalog import Publication
from toolkit.targets.reference.layout import INDEX, Layout, page_name, resource
from toolkit.targets.rest.yaml import Value, dump

REFERENCE = "API reference"
"""The name of the item."""
WIDTH = 80


@dataclass(frozen=True, slots=True)
class Node:
    """An API in a table of contents."""

    publication: Publication
    path: str
    """Its directory below the table of contents, without slashes at the ends; empty for the first one."""
    packages: tuple[str, ...]
    below: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Tree:
    """Lists the pages of APIs, by protocol."""

    protocols: Sequence[tuple[str, Layout]]
    """The name and the layout of each protocol."""
    authentication: str = ""
    """The name of the item of the authentication page; or empty."""

    def item(self, node: Node, column: int) -> str:
        """The lines of the item, indented by ``column`` spaces."""
        items: list[Value] = []
        if self.authentication:
            items.append({"name": self.authentication, "href": "api-ref/authentication.md"})
        for name, layout in self.protocols:
            pages = list(self._pages(node, layout))
            if pages:
                items.append({"name": name, "items": pages})
        return dump([{"name": REFERENCE, "items": items}], column, WIDTH)

    def _pages(self, node: Node, layout: Layout) -> Iterator[Value]:
        folder = "/".join(filter(None, (node.path, layout.folder)))
        services = layout.api_of(node.packages, node.publication).services
        if services:
            yield {"name": "Overview", "href": f"{folder}/{INDEX}.md"}
        for service in services:
            home = f"{folder}/{resource(service)}"
            pages: list[Value] = [{"name": "Overview", "href": f"{home}/{INDEX}.md"}]
            pages += [
                {"name": method.name, "href": f"{home}/{page_name(method)}.md"} for method in layout.methods(service)
            ]
            yield {"name": resource(service), "items": pages}
        for below in node.below:
            inner = list(self._pages(below, layout))
            if inner:
                yield {"name": below.publication.title, "items": inner}


def nested(nodes: Sequence[Node]) -> list[Node]:
    """APIs by directory, each below the one whose directory contains its own; paths are relative to the outermost."""
    return _nested(sorted(nodes, key=lambda node: node.path.split("/")), "")


def _nested(nodes: Sequence[Node], top: str) -> list[Node]:
    made: list[Node] = []
    rest = list(nodes)
    while rest:
        node = rest.pop(0)
        inside = [other for other in rest if other.path.startswith(f"{node.path}/")]
        rest = [other for other in rest if other not in inside]
        path = node.path.removeprefix(top).strip("/") if top else ""
        made.append(Node(node.publication, path, node.packages, tuple(_nested(inside, top or node.path))))
    return made
