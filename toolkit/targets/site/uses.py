"""Who uses a type: the fields that hold it, and the methods whose requests and responses reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Field, Kind, Method
from toolkit.descriptors.type_graph import operation_types
from toolkit.targets.site.layout import Layout


@dataclass(frozen=True)
class Uses:
    """The uses of the types with a page."""

    layout: Layout

    @cached_property
    def fields(self) -> Mapping[str, list[Field]]:
        """The fields, extensions among them, by the type that they hold."""
        schema = self.layout.schema
        found: dict[str, list[Field]] = {}
        for message in schema.messages.values():
            for field in message.fields:
                if field.type.kind is not Kind.SCALAR:
                    found.setdefault(field.type.name, []).append(field)
        for extension in schema.extensions.values():
            if extension.type.kind is not Kind.SCALAR:
                found.setdefault(extension.type.name, []).append(extension)
        return found

    @cached_property
    def methods(self) -> Mapping[str, list[Method]]:
        """The methods by each type that they take or return, also inside another."""
        schema, graph = self.layout.schema, self.layout.graph
        enums = {
            message.full_name: {field.type.name for field in message.fields if field.type.kind is Kind.ENUM}
            for message in schema.messages.values()
        }
        found: dict[str, list[Method]] = {}
        for service in self.layout.services:
            for method in service.methods:
                types = operation_types(method, schema, graph.rules)
                reached = {*graph.sections(method.input, {}), *graph.sections(method.output, types)}
                for name in reached.union(*(enums[name] for name in reached)):
                    found.setdefault(name, []).append(method)
        return found
