"""Pages with a viewer for the OpenAPI documents on the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from toolkit.semantics.catalog import Catalog
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.downloads import Downloads
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.prose import description, quoted

TITLE = "OpenAPI"
"""What the navigation calls such a page."""
_PAGE = "open-api.md"
"""The name of its file; those of elements have no hyphen."""


@dataclass(frozen=True)
class Viewer:
    """A page for each document: that of a package, or the one of all packages."""

    layout: Layout
    renderer: Renderer
    catalog: Catalog
    downloads: Downloads
    is_wanted: bool

    @cached_property
    def _documents(self) -> Mapping[str, str]:
        """The path of the document of each package that has one, below the directory of all pages."""
        layout = self.layout
        found = {p.name: self.downloads.document(p.name, layout.services_of(p)) for p in layout.packages}
        return {name: path for name, path in found.items() if path is not None} if self.is_wanted else {}

    @property
    def _is_shared(self) -> bool:
        return bool(self.downloads.openapi.merge)

    @property
    def shared_path(self) -> str:
        """The path of the page for all packages; empty if there is none."""
        return f"{self.layout.folder}/{_PAGE}" if self._is_shared and self._documents else ""

    def path(self, package: str) -> str:
        """The path of the page for a package alone; empty if there is none."""
        if self._is_shared or package not in self._documents:
            return ""
        return f"{self.layout.package_path(package).rpartition('/')[0]}/{_PAGE}"

    def links(self, package: str) -> list[str]:
        """Links from the page of a package."""
        if package not in self._documents:
            return []
        return [f"[Read the OpenAPI document]({f'../{_PAGE}' if self._is_shared else _PAGE})"]

    def pages(self) -> Iterator[tuple[str, str]]:
        """The path and Markdown of each page."""
        if self.shared_path:
            openapi = self.downloads.openapi
            yield self._page(self.shared_path, openapi.title or openapi.merge, "", next(iter(self._documents.values())))
        for package, document in self._documents.items():
            if path := self.path(package):
                yield self._page(path, self.catalog.title(package), package, document)

    def _page(self, path: str, title: str, package: str, document: str) -> tuple[str, str]:
        return path, self.renderer.render(
            "site/viewer.md.j2",
            title=quoted(f"{TITLE}: {title}"),
            description=description(f"The HTTP API of {title} as an OpenAPI document."),
            heading=escaped(title),
            package=code(package) if package else "",
            name=code(document.rpartition("/")[2]),
            address="../" * path.count("/") + document,
        )
