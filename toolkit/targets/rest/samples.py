"""The JSON samples of REST pages: every field once, with the JSON types of values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from toolkit.descriptors.model import Field, Kind, Message
from toolkit.descriptors.type_graph import TypeGraph, Types
from toolkit.semantics.facts import Facts
from toolkit.targets.rest.types import LEFT_OUT, is_expanded, json_type
from toolkit.targets.samples import Samples


def kept(message: Message, types: Types) -> Message:
    """A message without the fields that a part of a page leaves out, and the oneofs without them."""
    left_out = {name for name, type_name in types.items() if type_name == LEFT_OUT}
    if not left_out:
        return message
    oneofs = (
        replace(oneof, fields=tuple(name for name in oneof.fields if name not in left_out)) for oneof in message.oneofs
    )
    return replace(
        message,
        fields=tuple(field for field in message.fields if field.name not in left_out),
        oneofs=tuple(oneof for oneof in oneofs if oneof.fields),
    )


class RestSamples(Samples):
    """Samples with the names and types of JSON."""

    def __init__(self, facts: Facts, graph: TypeGraph, name: Callable[[Field], str], *, maps: bool) -> None:
        super().__init__(facts, maps=maps, graph=graph)
        self._name = name

    def expands(self, field: Field, message: str) -> bool:
        """Whether the message is shown inside the field."""
        return not (field.is_map and self._with_types) and is_expanded(message, self._facts.schema)

    def shown(self, message: Message, types: Types) -> Message:
        """The message without what the part of the page leaves out."""
        return kept(message, types)

    def key(self, field: Field) -> str:
        """The name of a field on the page."""
        return self._name(field)

    def map_type(self, field: Field, type_name: str) -> str:
        """What stands for a map that is not expanded."""
        return "object"

    def type_name(self, field: Field, type_name: str) -> str:
        """The JSON type of a value that is not expanded."""
        return "string" if field.type.kind is Kind.ENUM else json_type(type_name).name

    def of_field(self, field: Field) -> str:
        """The sample of a value outside of a message."""
        return self.value(field, field.type.name, lambda _, name: self.sample(name, {}))
