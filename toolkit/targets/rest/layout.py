"""The layout of the REST reference: pages of methods with an HTTP binding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Method, Service
from toolkit.descriptors.references import Target
from toolkit.descriptors.type_graph import TypeGraph, Types
from toolkit.descriptors.well_known import EMPTY
from toolkit.targets.reference.layout import Layout, resource
from toolkit.targets.rest.style import RestStyle
from toolkit.targets.rest.types import LEFT_OUT, is_expanded, shown_name


@dataclass(frozen=True)
class RestLayout(Layout):
    """The pages of a schema under a catalog and a style."""

    folder: str = "api-ref"

    @cached_property
    def graph(self) -> TypeGraph:
        """The type graph; it continues into messages with members."""
        return TypeGraph(self.schema, lambda message: not is_expanded(message, self.schema))

    def types(self, method: Method) -> Types:
        """The types to show for the ``Any`` fields of a method's response; fields that are empty are left out."""
        if not self.style.operation_types:
            return {}
        found = self.facts.any_types(method)
        known = {name: LEFT_OUT if message == EMPTY else message for name, message in found.items()}
        return {name: message for name, message in known.items() if not message or message in self.schema.messages}

    def methods(self, service: Service) -> Sequence[Method]:
        """The methods with an HTTP binding."""
        return [method for method in service.methods if self.facts.http(method)]

    def has_page(self, service: Service) -> bool:
        """Whether a service has a method with an HTTP binding."""
        return bool(self.methods(service))

    def shown(self, method: Method) -> Iterable[str]:
        """The messages with a section on the page of a method."""
        found = dict.fromkeys(self.graph.sections(method.input, {}))
        return found | dict.fromkeys(self.graph.sections(method.output, self.types(method)))

    def precedence(self, service: Service) -> tuple[str, str]:
        """By the names of resources."""
        return resource(service).lower(), service.full_name

    def address_of(self, message: str, *, seen_from: str) -> str:
        """The address of the section of a message on the first page that shows it; or empty."""
        publication = self.publication_of(message, seen_from=seen_from)
        page = self.first_page(message, publication) if publication is not None else None
        return f"{page}#{message}" if page else ""

    def unlinked(self, text: str, target: Target) -> str:
        """A reference to an element without a page."""
        is_code = isinstance(self.style, RestStyle) and self.style.playground == "site"
        return f"`{text}`" if is_code and "." not in text else super().unlinked(text, target)

    def oneof(self, full_name: str) -> str:
        """The anchor of a oneof."""
        message, _, name = full_name.rpartition(".")
        return f"{message}.{shown_name(name)}"
