"""The files of a docs site: the pages of each version, the navigation, and the files a site generator needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from toolkit.descriptors.model import Element
from toolkit.errors import Diagnostic
from toolkit.targets.choices import one_of
from toolkit.targets.history import History
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.mkdocs import CONFIG, LANDING, Configuration
from toolkit.targets.site.names import FILE as NAMES
from toolkit.targets.site.names import Names
from toolkit.targets.site.navigation import NavLine
from toolkit.targets.site.pages import PagePart, Pages
from toolkit.targets.site.prose import quoted

KINDS = ("auto", "builtin", "pagefind")
"""Values of ``search``."""
SMALL = 500
"""Pages at which the built-in search becomes slow."""
BASE = ".toolkit"
"""The directory of the configuration and the theme; builders ignore names that begin with a dot."""


@dataclass(frozen=True)
class Site:
    """The docs site of an API."""

    main: Pages
    """The documented version."""
    name: str
    """The title of a new site."""
    configuration: Configuration
    renderer: Renderer
    search: str = "auto"
    others: Mapping[str, Pages] | None = None
    """Other versions, by name."""
    feed: Callable[[History], str] = lambda history: ""
    """Returns the path of the feed of the changelog below the directory of the pages; empty if there is none."""

    def diagnostics(self) -> list[Diagnostic]:
        """Warnings about the pages so far; other versions can no longer be changed, so theirs are left out."""
        return self.main.diagnostics()

    def parts(self) -> Iterator[tuple[str, PagePart]]:
        """The parts of each version, by its name; that of the documented one is empty."""
        for version, pages in self._versions.items():
            yield from ((version, part) for part in pages.parts())

    @property
    def _versions(self) -> Mapping[str, Pages]:
        return {"": self.main, **(self.others or {})}

    def prepare(self) -> None:
        """Compute what all parts share, before worker processes are forked."""
        for pages in self._versions.values():
            pages.prepare()

    def files(self, version: str, part: PagePart) -> Iterator[tuple[str, str]]:
        """The path and text of the files in a part; pages end in a line feed."""
        if not version and not part.name:
            yield from self._common()
        for path, text in part.make():
            yield f"{self.docs_dir}/{path}", text.rstrip("\n") + "\n"

    @property
    def docs_dir(self) -> str:
        """The directory of the pages, relative to that of mkdocs.yml."""
        return self.configuration.docs_dir

    @property
    def pages(self) -> int:
        """The approximate number of pages in the reference."""
        layout = self.main.layout
        methods = sum(1 + len(service.methods) for service in layout.services)
        return methods + len(layout.types) + len(layout.packages) + 2

    @property
    def search_kind(self) -> str:
        """``builtin`` or ``pagefind``."""
        one_of(self.search, KINDS, f"there is no search {self.search!r}")
        if self.search != "auto":
            return self.search
        return "pagefind" if self.pages >= SMALL else "builtin"

    def _common(self) -> Iterator[tuple[str, str]]:
        """The files that pages need: configuration, theme, scripts."""
        docs = self.docs_dir
        block = self.renderer.render("site/nav.yml.j2", lines=list(self._navigation()))
        yield CONFIG, self.configuration.with_navigation(block)
        feed = self.feed(self.main.history)
        base = self.renderer.render(
            "site/base.yml.j2", docs=docs, search=self.search_kind, feed=quoted(feed) if feed else ""
        )
        yield f"{docs}/{BASE}/{CONFIG}", base.rstrip("\n") + "\n"
        for name, text in self.renderer.sources("site/theme"):
            yield f"{docs}/{BASE}/theme/{name}", text
        for name, text in self.renderer.sources("site/assets"):
            yield f"{docs}/assets/toolkit/{name}", text
        yield f"{docs}/assets/toolkit/{NAMES}", Names(self.main.layout).text()

    def _navigation(self) -> Iterator[NavLine]:
        yield from self.main.navigation("API reference")
        if self.others:
            yield NavLine(0, quoted("Other versions"), "")
            for name, pages in self.others.items():
                yield from (replace(line, depth=line.depth + 1) for line in pages.navigation(name))

    @property
    def landing_path(self) -> str:
        """The path of the landing page that a new site starts with."""
        return f"{self.docs_dir}/{LANDING}"

    def landing(self) -> str:
        """The text of that page."""
        return self.main.landing(self.name).rstrip("\n") + "\n"

    @cached_property
    def subjects(self) -> Mapping[str, Element]:
        """The subject of each page, by path."""
        return {f"{self.docs_dir}/{path}": element for path, element in self.main.subjects.items()}

    @cached_property
    def sources(self) -> Mapping[str, Sequence[str]]:
        """The .proto files of each page, except pages of files that are only imported."""
        layout = self.main.layout
        files = layout.schema.files
        found: dict[str, Sequence[str]] = {path: (e.location.file,) for path, e in self.subjects.items()}
        found |= {f"{self.docs_dir}/{layout.package_path(p.name)}": p.files for p in layout.packages}
        return {path: names for path, names in found.items() if any(files[name].requested for name in names)}
