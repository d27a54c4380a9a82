"""The files of a docs site: Markdown for every element, the navigation, and the files a site generator needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from toolkit.descriptors.model import Element, Package, Schema, Service
from toolkit.descriptors.references import References
from toolkit.errors import Diagnostic
from toolkit.semantics.catalog import Catalog
from toolkit.semantics.facts import Facts
from toolkit.targets.choices import one_of
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.history import History
from toolkit.targets.jsonschema.settings import JsonSchemas
from toolkit.targets.openapi.settings import OpenApi
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.concepts import Concepts
from toolkit.targets.site.downloads import Downloads
from toolkit.targets.site.fields import Fields
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.methods import Methods
from toolkit.targets.site.mkdocs import CONFIG, LANDING, docs_dir, read_config, with_navigation
from toolkit.targets.site.names import FILE as NAMES
from toolkit.targets.site.names import Names
from toolkit.targets.site.navigation import navigation
from toolkit.targets.site.origins import Origins
from toolkit.targets.site.packages import IndexPages, title_of
from toolkit.targets.site.prose import Prose, quoted
from toolkit.targets.site.sampling import Sampling
from toolkit.targets.site.types import TypePages

KINDS = ("auto", "builtin", "pagefind")
"""Values of ``search``."""
SMALL = 500
"""Pages at which the built-in search becomes slow."""
BASE = ".toolkit"
"""The directory of the configuration and the theme; builders ignore names that begin with a dot."""


@dataclass(frozen=True)
class Site:
    """The docs site of a schema."""

    facts: Facts
    catalog: Catalog
    maps: bool
    """Samples, which show maps as their types."""
    renderer: Renderer
    examples: Examples
    snippets: Snippets
    folder: Path
    """The directory of mkdocs.yml, whose other lines are kept; it is created if missing."""
    search: str = "auto"
    link_host: str = ""
    """Prefix of links in comments that begin with a slash; if empty, they are unchanged."""
    wanted: Callable[[Service], bool] | None = None
    """The services to show, with the types that are reachable from them; None: all services and types."""
    read_history: Callable[[], tuple[History, list[Diagnostic]]] = lambda: (History(), [])
    """Returns the history of the tree, and why there is none; called once, before pages are made."""
    changelog: Path | None = None
    """The directory of the changelog, which may be inside that of the pages."""
    openapi: OpenApi = OpenApi()
    schemas: JsonSchemas = JsonSchemas()
    """Where other targets write what pages offer if it is inside the directory of the pages."""
    _diagnostics: dict[Diagnostic, None] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def layout(self) -> Layout:
        """The layout of the pages."""
        services = tuple(filter(self.wanted, self.schema.requested_services()))
        return Layout(self.facts, services, self.wanted is None)

    @cached_property
    def _prose(self) -> Prose:
        return Prose(self.layout, References(self.schema), self.link_host, self._diagnostics)

    @cached_property
    def _history(self) -> History:
        history, diagnostics = self.read_history()
        self._diagnostics.update(dict.fromkeys(diagnostics))
        return history

    @cached_property
    def _fields(self) -> Fields:
        changelog = self.below(self.changelog) if self.changelog is not None else None
        address = f"../../{quote(changelog)}" if changelog is not None else ""
        origins = Origins(self.schema, self.catalog, self._history, address)
        return Fields(self.layout, self._prose, self.renderer, origins)

    @cached_property
    def _downloads(self) -> Downloads:
        return Downloads(self.facts, self.openapi, self.schemas, self.below)

    @cached_property
    def _types(self) -> TypePages:
        return TypePages(self.layout, self._fields, self._prose, self.renderer, self._downloads)

    @cached_property
    def _indexes(self) -> IndexPages:
        return IndexPages(self.layout, self._fields, self._prose, self.renderer, self.catalog, self._downloads)

    @cached_property
    def _methods(self) -> Methods:
        sampling = Sampling(self._prose, self.examples, self.snippets, self.maps)
        return Methods(self.layout, self._fields, self._prose, self.renderer, sampling, self._concepts)

    @cached_property
    def _concepts(self) -> Concepts:
        return Concepts(self.layout, self.renderer, self.snippets.servers)

    def diagnostics(self) -> list[Diagnostic]:
        """Warnings about the pages so far: unresolved references, and problems with examples."""
        return sorted({*self._diagnostics, *self.examples.diagnostics()})

    def parts(self) -> list[Package | None]:
        """The parts: the packages, and (None) the files that they share."""
        return [None, *self.layout.packages]

    def weight(self, part: Package | None) -> int:
        """How much work a part is, relative to the others."""
        if part is None:
            return len(self.layout.types)
        methods = sum(len(service.methods) for service in self.layout.services_of(part))
        return 3 * methods + len(self.layout.by_package[part.name])

    def prepare(self) -> None:
        """Compute what all parts share, before worker processes are forked."""
        self._history  # noqa: B018
        self.facts.roles  # noqa: B018
        self.facts.uses  # noqa: B018
        self.facts.fields_of  # noqa: B018
        self.layout.has_page("")

    def part(self, package: Package | None) -> Iterator[tuple[str, str]]:
        """The path and text of the files in a part; pages end in a line feed."""
        docs = self.docs_dir
        if package is None:
            yield from self._common()
        pages = (*self._indexes.top(), *self._concepts.pages()) if package is None else self._package(package)
        for path, text in pages:
            yield f"{docs}/{path}", text.rstrip("\n") + "\n"

    def _package(self, package: Package) -> Iterator[tuple[str, str]]:
        layout = self.layout
        yield layout.package_path(package.name), self._indexes.package(package)
        for service in layout.services_of(package):
            yield layout.path(service.full_name), self._indexes.service(service)
            for method in service.methods:
                yield from self._methods.files(method)
        for element in layout.by_package[package.name]:
            yield layout.path(element.full_name), self._types.page(element)

    @cached_property
    def _config(self) -> str:
        """The existing mkdocs.yml, or a new one."""
        config = read_config(self.folder / CONFIG)
        if config is not None:
            return config
        return self.renderer.render("site/mkdocs.yml.j2", name=quoted(self._name)) + "\n"

    @property
    def _name(self) -> str:
        """The name of a new site."""
        packages = self.layout.packages
        return title_of(packages[0].name, self.catalog) if len(packages) == 1 else "API"

    @cached_property
    def docs_dir(self) -> str:
        """The directory of the pages, relative to that of mkdocs.yml."""
        return docs_dir(self._config)

    def below(self, folder: Path) -> str | None:
        """The path of a directory below that of the pages, or None."""
        docs, inner = os.path.abspath(self.folder / self.docs_dir), os.path.abspath(folder)
        return Path(inner).relative_to(docs).as_posix() if os.path.commonpath((docs, inner)) == docs else None

    @property
    def pages(self) -> int:
        """The approximate number of pages in the reference."""
        methods = sum(1 + len(service.methods) for service in self.layout.services)
        return methods + len(self.layout.types) + len(self.layout.packages) + 2

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
        block = self.renderer.render(
            "site/nav.yml.j2", lines=list(navigation(self.layout, self._indexes, self._concepts))
        )
        yield CONFIG, with_navigation(self._config, block, str(self.folder / CONFIG))
        base = self.renderer.render("site/base.yml.j2", docs=docs, search=self.search_kind)
        yield f"{docs}/{BASE}/{CONFIG}", base.rstrip("\n") + "\n"
        for name, text in self.renderer.sources("site/theme"):
            yield f"{docs}/{BASE}/theme/{name}", text
        for name, text in self.renderer.sources("site/assets"):
            yield f"{docs}/assets/toolkit/{name}", text
        yield f"{docs}/assets/toolkit/{NAMES}", Names(self.layout).text()

    def landing(self) -> tuple[str, str]:
        """The path and text of the landing page that a new site starts with."""
        text = self.renderer.render("site/landing.md.j2", name=self._name)
        return f"{self.docs_dir}/{LANDING}", text.rstrip("\n") + "\n"

    @cached_property
    def subjects(self) -> Mapping[str, Element]:
        """The subject of each page, by path."""
        layout, schema = self.layout, self.schema
        elements: list[Element] = [*layout.services, *layout.types.values()]
        elements += [method for service in layout.services for method in service.methods]
        found = {f"{self.docs_dir}/{layout.path(element.full_name)}": element for element in elements}
        for package in layout.packages:
            first = next(iter((*package.services, *package.messages, *package.enums)), "")
            about = schema.services.get(first) or schema.messages.get(first) or schema.enums.get(first)
            if about is not None:
                found[f"{self.docs_dir}/{layout.package_path(package.name)}"] = about
        return found

    @cached_property
    def sources(self) -> Mapping[str, Sequence[str]]:
        """The .proto files of each page, except pages of files that are only imported."""
        layout, files = self.layout, self.schema.files
        found: dict[str, Sequence[str]] = {path: (e.location.file,) for path, e in self.subjects.items()}
        found |= {f"{self.docs_dir}/{layout.package_path(p.name)}": p.files for p in layout.packages}
        return {path: names for path, names in found.items() if any(files[name].requested for name in names)}
