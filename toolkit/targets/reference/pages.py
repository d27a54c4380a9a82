"""The pages of the published gRPC reference: their view models and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from toolkit.descriptors.model import Kind, Method, Schema, Service
from toolkit.descriptors.references import References, TargetKind
from toolkit.descriptors.type_graph import Types
from toolkit.errors import Diagnostic, SchemaError, TemplateError
from toolkit.semantics.catalog import Catalog, Publication
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.elsewhere import elsewhere
from toolkit.targets.reference.introduction import opening
from toolkit.targets.reference.layout import INDEX, Api, Layout, page_name, resource
from toolkit.targets.reference.prose import Anchor, Given, Reference, Slot, Slots, cut
from toolkit.targets.reference.protobufjs import Namespaces
from toolkit.targets.reference.sections import GIVEN_NAME, GIVEN_SAMPLE, Sections
from toolkit.targets.reference.style import Style
from toolkit.targets.rendering import Renderer
from toolkit.targets.samples import Samples


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The page of a method; every member is a finished string."""

    title: str
    source_path: str
    service: str
    method: str
    comment: str
    input: str
    output: str
    sections: list[str]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A row of an index: a link and a description."""

    name: str
    link: str
    description: str


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The index page of a service or an API."""

    title: str
    source_path: str
    service: str
    comment: str
    folder: str
    """The directory of the .proto files, URL-encoded; only for an API."""
    opening: list[str]
    """Its first paragraphs; only for an API."""
    service_url: str
    rows: list[IndexRow]


@dataclass(frozen=True)
class PublishedReference:
    """The reference of a schema in a style."""

    facts: Facts
    catalog: Catalog = Catalog()
    style: Style = Style()
    renderer: Renderer = field(default_factory=Renderer)
    link_prefix: str = "/docs/"

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def layout(self) -> Layout:
        """The layout of the pages."""
        return Layout(self.facts, self.catalog, self.style, self.link_prefix)

    @cached_property
    def _samples(self) -> Samples:
        return Samples(self.facts, maps=self.style.maps == "map")

    @cached_property
    def _sections(self) -> dict[str, Sections]:
        return {}

    @cached_property
    def _references(self) -> References:
        return References(self.schema)

    @cached_property
    def _namespaces(self) -> Namespaces:
        return Namespaces(self._references)

    def sections_for(self, package: str) -> Sections:
        """The sections on the pages of a package; in the published styles, references depend on the package."""
        key = "" if self.style.plain else package
        if key not in self._sections:
            references = self._references if self.style.plain else self._namespaces.seen_from(package)
            self._sections[key] = Sections(self.facts, self.style, references, self.renderer)
        return self._sections[key]

    def warnings(self) -> list[Diagnostic]:
        """Unresolved references in the comments of the pages so far."""
        return sorted({found for sections in self._sections.values() for found in sections.diagnostics()})

    def apis(self, wanted: Callable[[Service], bool] = lambda service: True) -> list[Api]:
        """The APIs that contain a chosen service."""
        return [api for api in self.layout.apis if any(map(wanted, api.services))]

    def pages(self, wanted: Callable[[Service], bool] = lambda service: True) -> Iterator[tuple[str, str]]:
        """The path and text of every page of the chosen services and of their APIs."""
        for api in self.apis(wanted):
            yield from self.api_pages(api, wanted)

    def api_pages(
        self, api: Api, wanted: Callable[[Service], bool] = lambda service: True
    ) -> Iterator[tuple[str, str]]:
        """The path and text of the index of an API and of every page of its chosen services."""
        yield self.layout.file(api.publication, INDEX), self.api_page(api)
        for path, element, publication in self._pages(api, wanted):
            if isinstance(element, Method):
                yield path, self.method_page(element, publication)
            else:
                yield path, self.service_page(element, publication)

    def subjects(self) -> Iterator[tuple[str, Service | Method]]:
        """The path and subject of every page; for the index of an API, its first service."""
        for api in self.layout.apis:
            if api.services:
                yield self.layout.file(api.publication, INDEX), api.services[0]
            for path, element, _ in self._pages(api, lambda service: True):
                yield path, element

    def _pages(
        self, api: Api, wanted: Callable[[Service], bool]
    ) -> Iterator[tuple[str, Service | Method, Publication]]:
        for service in filter(wanted, api.services):
            publication = api.publication
            if service.package in api.packages:
                publication = self.catalog.publication(service.package)
            folder = resource(service)
            yield self.layout.file(publication, folder, INDEX), service, publication
            for method in service.methods:
                yield self.layout.file(publication, folder, page_name(method)), method, publication

    def method_page(self, method: Method, publication: Publication | None = None) -> str:
        """The page of a method."""
        service = self.schema.service_of(method)
        publication = publication or self.catalog.publication(service.package)
        page = _Page(self, method)
        sections = page.request.sections() + page.response.sections()
        text = self.renderer.render(
            "yfm/method.md.j2",
            page=MethodPage(
                title=publication.title,
                source_path=self._source_path(publication, resource(service), page_name(method)),
                service=service.name,
                method=method.name,
                comment=self._described(method, page.sections, page.request.fill),
                input=self._rpc_type(page.request, method.client_streaming),
                output=self._rpc_type(page.response, method.server_streaming),
                sections=sections,
            ),
        )
        _refuse_lost(sections, text)
        return text

    def service_page(self, service: Service, publication: Publication | None = None) -> str:
        """The index of a service."""
        publication = publication or self.catalog.publication(service.package)
        sections, resolve = self.sections_for(service.package), elsewhere(self.layout, service.package, service)
        return self.renderer.render(
            "yfm/service.md.j2",
            page=IndexPage(
                title=publication.title,
                source_path=self._source_path(publication, resource(service), INDEX),
                service=service.name,
                comment=self._described(service, sections, resolve),
                folder="",
                opening=[],
                service_url="",
                rows=[
                    IndexRow(m.name, f"{page_name(m)}.md", self._row_text(m, sections, resolve, summary=True))
                    for m in service.methods
                ],
            ),
        )

    def api_page(self, api: Api) -> str:
        """The index of an API."""
        publication = api.publication
        files = self.schema.packages[publication.package].files
        folder = quote(files[0].rpartition("/")[0])
        return self.renderer.render(
            "yfm/api.md.j2",
            page=IndexPage(
                title=publication.title,
                source_path=self._source_path(publication, INDEX),
                service="",
                comment="",
                folder=folder,
                opening=opening(publication.introduction, self.style, folder),
                service_url=publication.service_url,
                rows=[
                    IndexRow(
                        resource(s),
                        f"{resource(s)}/{INDEX}.md",
                        self._row_text(s, self.sections_for(s.package), elsewhere(self.layout, s.package)),
                    )
                    for s in api.services
                ],
            ),
        )

    def _source_path(self, publication: Publication, *parts: str) -> str:
        if not self.style.source_path:
            return ""
        return "/".join((publication.source_dir, "api-ref", "grpc", *parts)) + ".md"

    def _rpc_type(self, side: _Side, streamed: bool) -> str:
        address = self.facts.public_page(side.root) or f"#{side.anchors[side.root]}"
        link = f"[{relative_name(side.root, side.page.package)}]({address})"
        return f"stream {link}" if streamed else link

    def _described(self, element: Method | Service, sections: Sections, resolve: Callable[[Slot], str]) -> str:
        """The comment of an element, and what its options say about it."""
        slots = Slots()
        text = sections.described(element, slots)
        return cut(text, slots).fill(resolve)

    def _row_text(
        self, element: Method | Service, sections: Sections, resolve: Callable[[Slot], str], *, summary: bool = False
    ) -> str:
        """The comment of an element in a table, or how it begins: its first line, or in `plain` its first paragraph."""
        text = sections.text(element)
        if summary:
            text = text.partition("\n\n" if self.style.plain else "\n")[0]
        slots = Slots()
        made = sections.prose(element, element.full_name, slots, in_table=True, text=text)
        return cut(made, slots).fill(resolve) if made else ""


def _refuse_lost(sections: list[str], text: str) -> None:
    """Raise if a template leaves out or changes a section, since there are links to every section."""
    position = 0
    for section in sections:
        head = section[:80]
        position = text.find(head, position)
        while position >= 0 and not text.startswith(section, position):
            position = text.find(head, position + 1)
        if position < 0:
            raise TemplateError(
                "yfm/method.md.j2 leaves out or changes a section, so links to it would be broken",
                hint="print each of page.sections unchanged and in order",
            )


def relative_name(message: str, package: str) -> str:
    """The name of a message without the part that its package shares with another one."""
    parts, scope = message.split("."), package.split(".") if package else []
    common = 0
    while common < min(len(parts) - 1, len(scope)) and parts[common] == scope[common]:
        common += 1
    return ".".join(parts[common:])


class _Page:
    """What the two sides of a method's page share."""

    def __init__(self, reference: PublishedReference, method: Method) -> None:
        self.reference = reference
        self.method = method
        self.package = reference.schema.service_of(method).package
        self.sections = reference.sections_for(self.package)
        types = reference.layout.types(method)
        graph = reference.facts.graph
        request = graph.sections(method.input, {})
        response = graph.sections(method.output, types)
        self.request = _Side(self, method.input, {}, {name: name for name in request})
        taken = self.request.anchors
        self.response = _Side(
            self, method.output, types, {name: f"{name}2" if name in taken else name for name in response}
        )

    @cached_property
    def enum_anchors(self) -> dict[str, str]:
        """The first section on the page with a field of each enum, which lists the values."""
        found: dict[str, str] = {}
        for message, anchor in (*self.request.anchors.items(), *self.response.anchors.items()):
            for field_ in self.reference.schema.message(message).fields:
                if field_.type.kind is Kind.ENUM:
                    found.setdefault(field_.type.name, anchor)
        return found

    def other(self, side: _Side) -> _Side:
        """The opposite side."""
        return self.response if side is self.request else self.request


class _Side:
    """The request or response side of a method's page: its sections and their anchors."""

    def __init__(self, page: _Page, root: str, types: Types, anchors: dict[str, str]) -> None:
        self.page = page
        self.root = root
        self.types = types
        self.anchors = anchors
        self._filled: dict[Slot, str] = {}

    def sections(self) -> list[str]:
        """The texts of the sections, starting with the request or response itself."""
        made = self.page.sections
        root, *others = self.anchors
        texts = [made.root_section(root, frozenset(self.types)).fill(self.fill)]
        texts += [made.section(name).fill(self.fill) for name in others]
        return texts

    def fill(self, slot: Slot) -> str:
        """The text that fills a slot on this side."""
        if isinstance(slot, Anchor):
            return self._anchor(slot)
        known = self._filled.get(slot)
        if known is None:
            known = self._filled[slot] = self._fill(slot)
        return known

    def _anchor(self, slot: Anchor) -> str:
        anchor = self.anchors.get(slot.message)
        if anchor is None:
            raise SchemaError(f"{self.page.method.full_name}: no section for {slot.message} on its page")
        return anchor

    def _fill(self, slot: Reference | Given) -> str:
        if isinstance(slot, Reference):
            return self._link(slot)
        if slot == GIVEN_NAME:
            return relative_name(self.root, self.page.package)
        if slot == GIVEN_SAMPLE:
            return self.page.reference._samples.sample(self.root, self.types)
        name = self.types[slot.name]
        return self.page.sections.message_type(name, self.anchors.get(name, ""))

    def _link(self, slot: Reference) -> str:
        target = slot.target
        method = self.page.method
        if target.full_name == method.full_name:
            return f"[{slot.text}](#{method.name})"
        is_plain = self.page.reference.style.plain
        if target.kind is not TargetKind.METHOD and (is_plain or target.kind is not TargetKind.ONEOF):
            shown = target.shown_by
            anchor = self.anchors.get(shown) or self.page.other(self).anchors.get(shown)
            if anchor is None and is_plain:
                anchor = self.page.enum_anchors.get(shown)
            if anchor is not None:
                return f"[{slot.text}](#{anchor})"
        return elsewhere(self.page.reference.layout, self.page.package)(slot)
