"""The pages of the published REST reference: their view models and texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from toolkit.descriptors.model import Method, Service
from toolkit.descriptors.references import TargetKind
from toolkit.errors import SchemaError
from toolkit.semantics.catalog import Publication
from toolkit.semantics.http import Binding
from toolkit.targets.reference.elsewhere import elsewhere
from toolkit.targets.reference.introduction import interfaces, opening
from toolkit.targets.reference.layout import page_name, resource
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.reference.prose import Anchor, Given, Linked, Reference, Slot
from toolkit.targets.reference.sections import GIVEN_SAMPLE, Resolver
from toolkit.targets.rest import parts
from toolkit.targets.rest.layout import RestLayout
from toolkit.targets.rest.parts import Part
from toolkit.targets.rest.playground import Descriptions, Pages, Playground, front_matter
from toolkit.targets.rest.samples import RestSamples
from toolkit.targets.rest.sections import RestSections, message_link
from toolkit.targets.rest.style import RestStyle
from toolkit.targets.rest.types import json_type

_HOST = re.compile(r"(?:[\w.:\[\]-]|\{\w+\})+")
"""A host as an option may have it: anything else would act in a page, where an address is not escaped."""
_STREAMS = {
    (True, False): "The request is a stream of messages, each as described below.",
    (False, True): "The response is a stream of messages, each as described below.",
    (True, True): "The request and the response are streams of messages, each as described below.",
}
"""What is said of methods whose client, server or both stream."""


@dataclass(frozen=True, slots=True)
class BindingView:
    """A binding on the page of a method."""

    request: str
    """The verb and the address."""
    sections: list[str]


@dataclass(frozen=True, slots=True)
class RestPage:
    """The page of a method; every member is a finished string."""

    title: str
    playground: str
    """The lines in the front matter; or empty."""
    source_path: str
    resource: str
    method: str
    anchor: str
    """What follows the title."""
    comment: str
    bindings: list[BindingView]
    response: list[str]


@dataclass(frozen=True)
class RestReference(PublishedReference):
    """The REST reference of a schema in a style."""

    style: RestStyle = RestStyle()

    templates: ClassVar[str] = "yfm-rest"

    @cached_property
    def layout(self) -> RestLayout:
        """The layout of the pages."""
        return RestLayout(self.facts, self.catalog, self.style, self.link_prefix)

    @cached_property
    def samples(self) -> RestSamples:
        """The JSON samples."""
        return RestSamples(self.facts, self.layout.graph, self.sections_for("").name, maps=self.style.maps == "map")

    @cached_property
    def playgrounds(self) -> Pages:
        """What the playgrounds of several pages share."""
        return Pages()

    def make_sections(self, references: Resolver) -> RestSections:
        """Sections whose references are resolved like this."""
        return RestSections(self.facts, self.style, references, self.renderer)

    def opening(self, publication: Publication, folder: str) -> list[str]:
        """The first paragraphs of the index of an API."""
        made = opening(publication.introduction, self.style, folder, __package__)
        if publication.service_url or self.style.plain:
            return made
        return [*made[:1], interfaces(publication.introduction, __package__)]

    def service_name(self, service: Service) -> str:
        """What the pages call a service."""
        return resource(service)

    def host(self, service: Service, publication: Publication) -> str:
        """The beginning of addresses: from the catalog, or from an option of the service; or empty."""
        if publication.service_url:
            return publication.service_url
        host = self.facts.host(service)
        return f"https://{host}" if _HOST.fullmatch(host) else ""

    def _comment(self, method: Method, page: _Page) -> str:
        """The comment of a method, and in the style ``plain`` which of its sides is a stream."""
        streams = _STREAMS.get((method.client_streaming, method.server_streaming), "") if self.style.plain else ""
        return "\n\n".join(filter(None, (self._described(method, page.sections, page.sides[0].fill), streams)))

    def method_page(self, method: Method, publication: Publication | None = None) -> str:
        """The page of a method."""
        service = self.schema.service_of(method)
        publication = publication or self.catalog.publication(service.package)
        http = self.facts.http(method)
        if not http:
            raise SchemaError(f"{method.full_name} has no HTTP binding", location=method.location)
        page = _Page(self, method, self.host(service, publication), http.bindings)
        return self.renderer.render(
            "yfm-rest/method.md.j2",
            page=RestPage(
                title=publication.title,
                playground=page.playground() if self.style.playground != "none" else "",
                source_path=self._source_path(publication, resource(service), page_name(method)),
                resource=resource(service),
                method=method.name,
                anchor=f" {{#{method.name}}}" if self.style.title_anchor else "",
                comment=self._comment(method, page),
                bindings=page.bindings(),
                response=page.sides[-1].sections(),
            ),
        )


class _Page:
    """What the parts of a method's page share."""

    def __init__(self, reference: RestReference, method: Method, host: str, bindings: Sequence[Binding]) -> None:
        self.reference = reference
        self.method = method
        self.package = reference.schema.service_of(method).package
        sections = reference.sections_for(self.package)
        assert isinstance(sections, RestSections)
        self.sections = sections
        self.elsewhere = elsewhere(reference.layout, self.package)
        self.taken: dict[str, int] = {}
        self.requests = [
            (f"{host}{parts.address(binding)}", binding, parts.request(binding, reference.schema))
            for binding in bindings
        ]
        self._sides = [[_Side(self, part) for part in found if part is not None] for _, _, found in self.requests]
        types = reference.layout.types(method)
        response = parts.response(bindings[0], method, types, reference.schema)
        self.sides = [*(side for group in self._sides for side in group), _Side(self, response)]

    def bindings(self) -> list[BindingView]:
        """The requests."""
        return [
            BindingView(f"{parts.verb(binding)} {url}", [text for side in group for text in side.sections()])
            for (url, binding, _), group in zip(self.requests, self._sides, strict=True)
        ]

    def anchor(self, message: str) -> str:
        """A new anchor for a message: on the page already, it gets a number."""
        count = self.taken[message] = self.taken.get(message, 0) + 1
        return message if count == 1 else f"{message}{count}"

    def link(self, slot: Reference, own: dict[str, str]) -> str:
        """A reference, given the anchors where it is."""
        target = slot.target
        if target.full_name == self.method.full_name:
            return f"[{slot.text}](#{self.method.name})"
        if target.kind is TargetKind.METHOD or (target.kind is TargetKind.ONEOF and not self.reference.style.plain):
            return self.elsewhere(slot)
        shown = target.shown_by
        anchor = own.get(shown) or next((s.anchors[shown] for s in self.sides if shown in s.anchors), "")
        return f"[{slot.text}](#{anchor})" if anchor else self.elsewhere(slot)

    def playground(self) -> str:
        """The lines of the front matter with the schemas of the requests."""
        entries = [self._entry(url, binding, found) for url, binding, found in self.requests]
        return front_matter(entries, self._described)

    def _entry(self, url: str, binding: Binding, found: tuple[Part | None, ...]) -> dict[str, Any]:
        reference = self.reference
        texts = Descriptions(
            reference.facts,
            reference.style,
            self.sections.references,
            reference.renderer,
            request=self.method.input,
            package=self.package,
            rows=self.sections,
            pages=reference.playgrounds,
        )
        playground = Playground(texts, parts.nested_in_path(binding, reference.schema))
        path, query, body = (_schema(part, playground) for part in found)
        roots = [(part.message, part.types) for part in found if part is not None]
        return {
            "url": url,
            "method": parts.verb(binding).lower(),
            "path": path,
            "query": query,
            "body": body,
            "definitions": playground.definitions(roots),
        }

    def _described(self, slot: Slot) -> str:
        """The text that fills a slot in the playground."""
        is_own = self.reference.style.playground == "page"
        if isinstance(slot, Linked):
            if is_own and slot.message in self.taken:
                return message_link(slot.message, f"#{slot.message}")
            address = self.reference.layout.address_of(slot.message, seen_from=self.package)
            return message_link(slot.message, address)
        if not isinstance(slot, Reference):
            raise SchemaError(f"{slot} stands where there is no section")
        if not is_own:
            return self.elsewhere(slot)
        return self.link(slot, {message: message for message in self.taken})


def _schema(part: Part | None, playground: Playground) -> dict[str, Any] | None:
    if part is None:
        return None
    if part.value is not None:
        return playground.property(part.value, part.message)
    if part.is_whole:
        return playground.value(part.message.full_name)
    return playground.part(part.message, part.types, required=part.head.required)


class _Side:
    """A part of a method's page: its sections and their anchors."""

    def __init__(self, page: _Page, part: Part) -> None:
        self.page = page
        self.part = part
        self.anchors: dict[str, str] = {}
        self._filled: dict[Slot, str] = {}
        names = page.reference.layout.graph.sections(part.message.full_name, part.types)
        for name in names if part.head.has_anchor else ():
            self.anchors[name] = page.anchor(name)

    def sections(self) -> list[str]:
        """The texts of the sections, starting with that of the part itself."""
        part, made = self.part, self.page.sections
        texts = [made.part(part.message.full_name, self.part.head, part.types).fill(self.fill)]
        texts += [made.section(name).fill(self.fill) for name in list(self.anchors)[1:]]
        return texts

    def fill(self, slot: Slot) -> str:
        """The text that fills a slot in this part."""
        if isinstance(slot, Anchor):
            return self.anchors[slot.message]
        known = self._filled.get(slot)
        if known is None:
            known = self._filled[slot] = self._fill(slot)
        return known

    def _fill(self, slot: Linked | Reference | Given) -> str:
        if isinstance(slot, Linked):
            return message_link(slot.message, f"#{self.anchors[slot.message]}")
        if isinstance(slot, Reference):
            return self.page.link(slot, self.anchors)
        if slot != GIVEN_SAMPLE:
            name = self.part.types[slot.name]
            is_section = name in self.anchors
            return message_link(name, f"#{self.anchors[name]}") if is_section else json_type(name).text
        samples = self.page.reference.samples
        if self.part.value is not None:
            return samples.of_field(self.part.value)
        name = self.part.message.full_name
        return f'"{json_type(name).name}"' if self.part.is_whole else samples.sample(name, self.part.types)
