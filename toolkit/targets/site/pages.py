"""The pages of one version of an API: Markdown for every element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from toolkit.descriptors.model import Element, Enum, Message, Package, Service
from toolkit.descriptors.references import References
from toolkit.errors import Diagnostic
from toolkit.semantics.catalog import Catalog
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.history import History
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.concepts import Concepts
from toolkit.targets.site.definitions import Definitions
from toolkit.targets.site.downloads import Downloads
from toolkit.targets.site.fields import Fields
from toolkit.targets.site.landing import Landing
from toolkit.targets.site.layout import Layout, package_key
from toolkit.targets.site.methods import Methods
from toolkit.targets.site.navigation import NavLine, navigation
from toolkit.targets.site.origins import Origins
from toolkit.targets.site.packages import IndexPages
from toolkit.targets.site.prose import Prose
from toolkit.targets.site.sampling import Sampling
from toolkit.targets.site.types import TypePages
from toolkit.targets.site.versions import Versions
from toolkit.targets.site.viewer import Viewer

_METHOD = 12
"""How much work the page of a method is, relative to that of a type."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """Some of the pages of a version, which are made together."""

    name: str
    """A name that no other part of the version has; empty for what is always made."""
    weight: int
    """How much work it is, relative to the others."""
    reads: frozenset[str] | None
    """The .proto files that the pages depend on, besides those that they import; None: any."""
    make: Callable[[], Iterator[tuple[str, str]]]
    """Returns the path and text of each page."""


@dataclass(frozen=True)
class Pages:
    """The pages of a version."""

    layout: Layout
    catalog: Catalog
    maps: bool
    """Samples, which show maps as their types."""
    renderer: Renderer
    examples: Examples
    snippets: Snippets
    downloads: Downloads
    has_viewer: bool = False
    """Whether there are pages that show OpenAPI documents."""
    link_host: str = ""
    """Prefix of links in comments that begin with a slash; if empty, they are unchanged."""
    versions: Versions = field(default_factory=Versions)
    read_history: Callable[[], tuple[History, list[Diagnostic]]] = lambda: (History(), [])
    """Returns the history of the tree, and why there is none; called once, before pages are made."""
    changelog: Callable[[], str] = lambda: ""
    """Returns the address of the directory of the changelog, seen from a page; empty if the site does not have it."""
    _diagnostics: dict[Diagnostic, None] = field(default_factory=dict)

    @cached_property
    def _prose(self) -> Prose:
        return Prose(self.layout, References(self.layout.schema), self.link_host, self._diagnostics)

    @cached_property
    def history(self) -> History:
        """Since when there are the elements of the tree, and what changed."""
        history, diagnostics = self.read_history()
        self._diagnostics.update(dict.fromkeys(diagnostics))
        return history

    @cached_property
    def _origins(self) -> Origins:
        return Origins(self.layout, self.catalog, self.history, self.changelog(), self.versions)

    @cached_property
    def _fields(self) -> Fields:
        return Fields(self.layout, self._prose, self.renderer, self._origins)

    @cached_property
    def _types(self) -> TypePages:
        return TypePages(self.layout, self._fields, self._prose, self.renderer, self.downloads, self._definitions)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self._prose)

    @cached_property
    def _indexes(self) -> IndexPages:
        return IndexPages(
            self.layout, self._fields, self._prose, self.renderer, self.catalog, self.downloads, self._viewer
        )

    @cached_property
    def _viewer(self) -> Viewer:
        return Viewer(self.layout, self.renderer, self.catalog, self.downloads, self.has_viewer)

    @cached_property
    def _sampling(self) -> Sampling:
        return Sampling(self._prose, self.examples, self.snippets, self.maps)

    @cached_property
    def _methods(self) -> Methods:
        return Methods(
            self.layout,
            self._fields,
            self._prose,
            self.renderer,
            self._sampling,
            self._concepts,
            self._definitions,
        )

    @cached_property
    def _concepts(self) -> Concepts:
        return Concepts(self.layout, self.renderer, self.snippets.servers, self.versions, self._fields)

    def diagnostics(self) -> list[Diagnostic]:
        """Warnings about the pages so far, in any order: unresolved references, and problems with examples."""
        return [*self._diagnostics, *self.examples.diagnostics()]  # asked after each part: sorting them would take long

    def parts(self) -> Iterator[PagePart]:
        """The parts: what all packages share, the page of each package, and the elements of each file."""
        layout = self.layout
        facts = layout.facts
        yield PagePart("", 1 + len(layout.types) // 10, None, self._common)
        for package in layout.packages:
            yield PagePart(package_key(package.name), 5, frozenset(package.files), partial(self._index, package))
            elements: dict[str, tuple[list[Service], list[Message | Enum]]] = {}
            for service in layout.services_of(package):
                elements.setdefault(service.location.file, ([], []))[0].append(service)
            for element in layout.by_package[package.name]:
                elements.setdefault(element.location.file, ([], []))[1].append(element)
            for file, (services, types) in elements.items():
                methods = [method for service in services for method in service.methods]
                # The messages in an Any are known by name, perhaps from files that this one does not import.
                held = {name for method in methods for name in facts.any_types(method).values()}
                messages = (layout.schema.messages[name] for name in held if name in layout.schema.messages)
                reads = frozenset({file, *(message.location.file for message in messages)})
                yield PagePart(
                    file, _METHOD * len(methods) + len(types), reads, partial(self._elements, services, types)
                )

    def prepare(self) -> None:
        """Compute what all packages share, before worker processes are forked."""
        facts = self.layout.facts
        self.history, facts.roles, facts.uses, facts.fields_of  # noqa: B018
        self.layout.has_page("")

    def navigation(self, title: str) -> Iterator[NavLine]:
        """The lines of the navigation, below a title."""
        return navigation(title, self.layout, self._indexes, self._concepts, self._viewer)

    def landing(self, title: str) -> str:
        """The landing page of a site with this title, as Markdown."""
        return Landing(self.layout, self._prose, self._sampling, self._origins, self.renderer).text(title)

    def _common(self) -> Iterator[tuple[str, str]]:
        """The path and Markdown of the pages about all packages."""
        yield from self._indexes.top()
        yield from self._concepts.pages()
        yield from self._viewer.pages()

    def _index(self, package: Package) -> Iterator[tuple[str, str]]:
        yield self.layout.package_path(package.name), self._indexes.package(package)

    def _elements(self, services: Sequence[Service], types: Sequence[Message | Enum]) -> Iterator[tuple[str, str]]:
        """The path and text of the pages of elements, and of the code that is too long for them."""
        for service in services:
            yield self.layout.path(service.full_name), self._indexes.service(service)
            for method in service.methods:
                yield from self._methods.files(method)
        for element in types:
            yield from self._types.files(element)

    @property
    def subjects(self) -> Mapping[str, Element]:
        """The subject of each page, by path."""
        layout, schema = self.layout, self.layout.schema
        elements: list[Element] = [*layout.services, *layout.types.values()]
        elements += [method for service in layout.services for method in service.methods]
        found = {layout.path(element.full_name): element for element in elements}
        for package in layout.packages:
            first = next(iter((*package.services, *package.messages, *package.enums)), "")
            about = schema.services.get(first) or schema.messages.get(first) or schema.enums.get(first)
            if about is not None:
                found[layout.package_path(package.name)] = about
        return found
