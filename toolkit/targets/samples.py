"""The commented JSON sample of a message: every field once, in the order of declaration."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.descriptors.message_fold import Inside, MessageFold
from toolkit.descriptors.model import Field, Kind, Message
from toolkit.descriptors.type_graph import TypeGraph, Types
from toolkit.semantics.facts import Facts

LIMIT = 2_000_000
"""Size in characters above which a nested message is named instead of expanded: with a hostile
schema, samples would grow exponentially."""


class Samples:
    """Renders samples: a message fold into text."""

    def __init__(self, facts: Facts, *, maps: bool = True, limit: int = LIMIT, graph: TypeGraph | None = None) -> None:
        self._facts = facts
        self._with_types = maps
        self._limit = limit
        self._fold: MessageFold[str] = MessageFold(graph or facts.graph, self)

    def sample(self, message: str, types: Types) -> str:
        """The sample of a top-level message, without indentation."""
        return self._fold.root(message, types)

    def expands(self, field: Field, message: str) -> bool:
        """Whether the message is shown inside the field; maps are shown as types, empty messages as their name."""
        if field.is_map and self._with_types:
            return False
        return self._facts.public_page(message) is None and bool(self._facts.schema.message(message).fields)

    def message(self, message: Message, types: Types, inside: Inside[str]) -> str:
        """The sample of a message, given the samples of its nested messages."""
        message = self.shown(message, types)
        if not message.fields:
            return "{}"
        lines: list[str] = []
        last = len(message.fields) - 1
        names = {field.name: self.key(field) for field in message.fields}
        groups = {oneof.name: oneof.fields for oneof in message.oneofs}
        for number, field in enumerate(message.fields):
            group = groups[field.oneof] if field.oneof else ()
            if group and group[0] == field.name:
                lines.append(f"// {oneof_sentence(names[name] for name in group)}")
            value = self.value(field, types.get(field.name, field.type.name), inside)
            lines += self.remarks(field)
            lines.append(f'"{names[field.name]}": {value}' + ("," if number < last else ""))
            if group and group[-1] == field.name:
                lines.append("// end of the list of possible fields")
        return "{\n  " + "\n".join(lines).replace("\n", "\n  ") + "\n}"

    def shown(self, message: Message, types: Types) -> Message:
        """The message with the fields to show."""
        return message

    def key(self, field: Field) -> str:
        """The name of a field."""
        return field.name

    def remarks(self, field: Field) -> Iterable[str]:
        """Lines of comments above a field."""
        return ()

    def value(self, field: Field, type_name: str, inside: Inside[str]) -> str:
        """The sample of the value of a field."""
        if field.is_map and self._with_types:
            return f'"{self.map_type(field, type_name)}"'
        value = self._single(field, type_name, inside)
        if field.repeated:
            return "[\n  " + value.replace("\n", "\n  ") + "\n]"
        return value

    def _single(self, field: Field, type_name: str, inside: Inside[str]) -> str:
        if field.type.kind is Kind.MESSAGE and self.expands(field, type_name):
            made = inside(field, type_name)
            if made is not None and len(made) < self._limit:
                return made
        return f'"{self.type_name(field, type_name)}"'

    def map_type(self, field: Field, type_name: str) -> str:
        """What stands for a map that is not expanded."""
        return f"map<{field.key}, {self.type_name(field, type_name)}>"

    def type_name(self, field: Field, type_name: str) -> str:
        """The name of a type in samples: well-known types in full, others by their last part."""
        if field.type.kind is Kind.MESSAGE and self._facts.public_page(type_name) is not None:
            return type_name
        return type_name.rpartition(".")[2]


def oneof_sentence(names: Iterable[str]) -> str:
    """The sentence about a oneof in samples and tables, without a full stop."""
    return "Includes only one of the fields " + ", ".join(f"`{name}`" for name in names)
