"""The pages of the published gRPC reference: their view models and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.catalog import Catalog, Publication
from toolkit.errors import Problem, SchemaError
from toolkit.reference.layout import INDEX, Api, Layout, page_name, resource
from toolkit.reference.prose import Anchor, Reference, Slot, Slots, Slotted, cut, paragraphs
from toolkit.reference.reach import Reach
from toolkit.reference.sample import Samples
from toolkit.reference.sections import Sections
from toolkit.reference.style import Style
from toolkit.references import References, TargetKind
from toolkit.rendering import Renderer
from toolkit.rules import Rules, built_in
from toolkit.schema import Comment, Method, Schema, Service


@dataclass(frozen=True, slots=True)
class MethodPage:
    """A method's page as its template sees it; every member is a finished string."""

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
    """A row of an index: a link and what it leads to."""

    name: str
    link: str
    description: str


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The index of a service or an API as its template sees it."""

    title: str
    source_path: str
    service: str
    comment: str
    folder: str
    """Of the .proto files; an API's only."""
    service_url: str
    rows: list[IndexRow]


@dataclass(frozen=True)
class PublishedReference:
    """The reference of one schema in one style."""

    schema: Schema
    catalog: Catalog = Catalog()
    style: Style = Style()
    rules: Rules = field(default_factory=built_in)
    renderer: Renderer = field(default_factory=Renderer)
    link_prefix: str = "/docs/"

    @cached_property
    def _reach(self) -> Reach:
        return Reach(self.schema, self.rules)

    @cached_property
    def layout(self) -> Layout:
        """Where everything is published."""
        return Layout(self.schema, self.catalog, self.style, self._reach, self.link_prefix)

    @cached_property
    def _samples(self) -> Samples:
        return Samples(self._reach, self.style)

    @cached_property
    def _sections(self) -> Sections:
        return Sections(self.schema, self.style, self.rules, self._reach, References(self.schema), self.renderer)

    def warnings(self) -> list[Problem]:
        """References in comments of the pages made so far that lead nowhere."""
        return sorted(
            Problem(found.place, f"[{found.text}] names nothing that a page shows", "mend the name, or set it as `code`")
            for found in self._sections.unresolved
        )

    def pages(self, wanted: Callable[[Service], bool] = lambda service: True) -> Iterator[tuple[str, str]]:
        """Path and text of every page of the services wanted, and of the APIs they are in."""
        for api in self.layout.apis:
            services = [s for s in api.services if wanted(s)]
            if not services:
                continue
            yield self.layout.file(api.publication, INDEX), self.api_page(api)
            for service in services:
                publication = api.publication
                if service.package in api.packages:
                    publication = self.catalog.publication(service.package)
                folder = resource(service)
                yield self.layout.file(publication, folder, INDEX), self.service_page(service, publication)
                for method in service.methods:
                    yield self.layout.file(publication, folder, page_name(method)), self.method_page(method, publication)

    def method_page(self, method: Method, publication: Publication | None = None) -> str:
        """The page of a method."""
        service = self.schema.service_of(method)
        publication = publication or self.catalog.publication(service.package)
        sides = _Sides(self, method, publication)
        package = service.package
        return self.renderer.render(
            "yfm/method.md.j2",
            page=MethodPage(
                title=publication.title,
                source_path=self._source_path(publication, resource(service), page_name(method)),
                service=service.name,
                method=method.name,
                comment=self._text(method.comment, method, sides.request, in_table=False),
                input=self._rpc_type(method.input, package, sides.request, method.client_streaming),
                output=self._rpc_type(method.output, package, sides.response, method.server_streaming),
                sections=sides.sections(),
            ),
        )

    def service_page(self, service: Service, publication: Publication | None = None) -> str:
        """The index of a service."""
        publication = publication or self.catalog.publication(service.package)
        resolve = _elsewhere(self, service.package)
        return self.renderer.render(
            "yfm/service.md.j2",
            page=IndexPage(
                title=publication.title,
                source_path=self._source_path(publication, resource(service), INDEX),
                service=service.name,
                comment=self._text(service.comment, service, resolve, in_table=False),
                folder="",
                service_url="",
                rows=[
                    IndexRow(m.name, f"{page_name(m)}.md", self._summary(m, resolve)) for m in service.methods
                ],
            ),
        )

    def api_page(self, api: Api) -> str:
        """The index of an API."""
        publication = api.publication
        files = self.schema.packages[publication.package].files
        return self.renderer.render(
            "yfm/api.md.j2",
            page=IndexPage(
                title=publication.title,
                source_path=self._source_path(publication, INDEX),
                service="",
                comment="",
                folder=files[0].rpartition("/")[0],
                service_url=publication.service_url,
                rows=[
                    IndexRow(
                        resource(s),
                        f"{resource(s)}/{INDEX}.md",
                        self._text(s.comment, s, _elsewhere(self, s.package), in_table=True),
                    )
                    for s in api.services
                ],
            ),
        )

    def _source_path(self, publication: Publication, *parts: str) -> str:
        if not self.style.source_path:
            return ""
        return "/".join((publication.source_dir, "api-ref", "grpc", *parts)) + ".md"

    def _rpc_type(self, message: str, package: str, resolve: Callable[[Slot], str], streamed: bool) -> str:
        page = self._reach.public_page(message) or f"#{resolve(Anchor(message))}"
        link = f"[{relative_name(message, package)}]({page})"
        return f"stream {link}" if streamed else link

    def _summary(self, method: Method, resolve: Callable[[Slot], str]) -> str:
        first = paragraphs(method.comment)[:1]
        comment = Comment(leading=first[0], lines=method.comment.lines) if first else Comment()
        return self._text(comment, method, resolve, in_table=True)

    def _text(
        self, comment: Comment, element: Method | Service, resolve: Callable[[Slot], str], *, in_table: bool
    ) -> str:
        if not comment.leading:
            return ""
        slots = Slots()
        text = self._sections.prose(comment, element.full_name, element.place, slots, in_table=in_table)
        return cut(text, slots).fill(resolve)


def relative_name(message: str, package: str) -> str:
    """A message's name less what its package has in common with another."""
    parts, scope = message.split("."), package.split(".") if package else []
    common = 0
    while common < min(len(parts) - 1, len(scope)) and parts[common] == scope[common]:
        common += 1
    return ".".join(parts[common:])


class _Sides:
    """The request's and the response's side of a method's page: which sections, with which anchors."""

    def __init__(self, reference: PublishedReference, method: Method, publication: Publication) -> None:
        self.reference = reference
        self.method = method
        self.publication = publication
        layout, reach = reference.layout, reference._reach
        self.types = layout.types(method)
        request = reach.sections(method.input, {})
        response = reach.sections(method.output, self.types)
        self._request = {name: name for name in request}
        self._response = {name: f"{name}2" if name in self._request else name for name in response}
        self._filled: dict[tuple[bool, Reference], str] = {}

    def sections(self) -> list[str]:
        """The texts of all sections, the request's first."""
        made = [s.fill(self.request) for s in self._slotted(self.method.input, self._request, {})]
        made += [s.fill(self.response) for s in self._slotted(self.method.output, self._response, self.types)]
        return made

    def _slotted(self, root: str, names: Iterable[str], types: dict[str, str]) -> Iterator[Slotted]:
        reference = self.reference
        package = reference.schema.service_of(self.method).package
        sample = reference._samples.sample(root, types)
        for name in names:
            if name == root:
                yield reference._sections.root_section(root, relative_name(root, package), sample, types)
            else:
                yield reference._sections.section(name)

    def request(self, slot: Slot) -> str:
        """What a slot on the request's side holds."""
        return self._fill(slot, self._request, self._response)

    def response(self, slot: Slot) -> str:
        """What a slot on the response's side holds."""
        return self._fill(slot, self._response, self._request)

    def _fill(self, slot: Slot, here: dict[str, str], there: dict[str, str]) -> str:
        if isinstance(slot, Anchor):
            anchor = here.get(slot.message)
            if anchor is None:
                raise SchemaError(f"{self.method.full_name}: no section for {slot.message} on its page")
            return anchor
        key = (here is self._request, slot)
        known = self._filled.get(key)
        if known is None:
            known = self._filled[key] = self._link(slot, here, there)
        return known

    def _link(self, slot: Reference, here: dict[str, str], there: dict[str, str]) -> str:
        target = slot.target
        if target.full_name == self.method.full_name:
            return f"[{slot.text}](#{self.method.name})"
        shown = target.shown_by
        if target.kind is not TargetKind.METHOD:
            anchor = here.get(shown) or there.get(shown)
            if anchor is not None:
                return f"[{slot.text}](#{anchor})"
        return _elsewhere(self.reference, self.reference.schema.service_of(self.method).package)(slot)


def _elsewhere(reference: PublishedReference, package: str) -> Callable[[Slot], str]:
    """Fills references with links to other pages, as seen from a package."""
    layout, schema = reference.layout, reference.schema

    def fill(slot: Slot) -> str:
        if isinstance(slot, Anchor):
            raise SchemaError(f"a link to {slot.message} stands where there is no section")
        target = slot.target
        method = schema.methods.get(target.full_name)
        if method is not None:
            publication = layout.publication_of(method.parent, seen_from=package)
            if publication is not None:
                return f"[{slot.text}]({layout.url(method, publication)}#{method.name})"
        else:
            publication = layout.publication_of(target.shown_by, seen_from=package)
            page = layout.first_page(target.shown_by, publication) if publication is not None else None
            if page is not None:
                return f"[{slot.text}]({page}#{target.shown_by})"
        return f"[{slot.text}]"

    return fill

