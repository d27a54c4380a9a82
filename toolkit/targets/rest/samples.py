"""The JSON samples of REST pages: every field once, with the JSON types of values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from toolkit.descriptors.message_fold import Inside, MessageFold
from toolkit.descriptors.model import Field, Kind, Message, Schema
from toolkit.descriptors.type_graph import TypeGraph, Types
from toolkit.targets.rest.types import LEFT_OUT, is_expanded, json_type
from toolkit.targets.samples import LIMIT, oneof_sentence


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


class RestSamples:
    """Renders samples: a message fold into text."""

    def __init__(self, graph: TypeGraph, name: Callable[[Field], str], *, maps: bool) -> None:
        self._schema: Schema = graph.schema
        self._name = name
        self._with_types = maps
        self._fold: MessageFold[str] = MessageFold(graph, self)

    def sample(self, message: str, types: Types) -> str:
        """The sample of a top-level message, without indentation."""
        return self._fold.root(message, types)

    def expands(self, field: Field, message: str) -> bool:
        """Whether the message is shown inside the field."""
        return not (field.is_map and self._with_types) and is_expanded(message, self._schema)

    def message(self, message: Message, types: Types, inside: Inside[str]) -> str:
        """The sample of a message, given the samples of its nested messages."""
        message = kept(message, types)
        if not message.fields:
            return "{}"
        names = {field.name: self._name(field) for field in message.fields}
        groups = {oneof.name: oneof.fields for oneof in message.oneofs}
        lines: list[str] = []
        last = len(message.fields) - 1
        for number, field in enumerate(message.fields):
            group = groups[field.oneof] if field.oneof else ()
            if group and group[0] == field.name:
                lines.append(f"// {oneof_sentence(names[name] for name in group)}")
            value = self.value(field, types.get(field.name, field.type.name), inside)
            lines.append(f'"{names[field.name]}": {value}' + ("," if number < last else ""))
            if group and group[-1] == field.name:
                lines.append("// end of the list of possible fields")
        return "{\n  " + "\n".join(lines).replace("\n", "\n  ") + "\n}"

    def value(self, field: Field, type_name: str, inside: Inside[str]) -> str:
        """The sample of the value of a field."""
        if field.is_map and self._with_types:
            return '"object"'
        single = self._single(field, type_name, inside)
        return "[\n  " + single.replace("\n", "\n  ") + "\n]" if field.repeated else single

    def _single(self, field: Field, type_name: str, inside: Inside[str]) -> str:
        if field.type.kind is Kind.MESSAGE and self.expands(field, type_name):
            made = inside(field, type_name)
            return made if made is not None and len(made) < LIMIT else '"object"'
        return '"string"' if field.type.kind is Kind.ENUM else f'"{json_type(type_name).name}"'

    def of_field(self, field: Field) -> str:
        """The sample of a value outside of a message."""
        return self.value(field, field.type.name, lambda _, name: self.sample(name, {}))
