"""The commented JSON sample of a message: every field once, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from toolkit.reference.reach import Reach, Types
from toolkit.reference.style import Style
from toolkit.schema import Field, Kind, Message

LIMIT = 2_000_000
"""Characters from which on a message inside a sample is named, not expanded: samples grow
exponentially in a schema that is built for it."""
BUDGET = 5_000
"""How many expansions of messages that lead to recursive ones a sample may have; then they are named."""

Block = tuple[str, frozenset[str]]
"""A message, and the recursive messages around it that must not be expanded again."""


@dataclass(frozen=True)
class Samples:
    """Makes samples; what leads to no recursive message is expanded once for all samples."""

    reach: Reach
    style: Style
    _shared: dict[Block, str] = field(default_factory=dict, compare=False)
    _below: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    _expanded: dict[str, list[str]] = field(default_factory=dict, compare=False)

    def sample(self, message: str, types: Types) -> str:
        """The sample of a root message, not indented."""
        found = self.reach.schema.message(message)
        if not found.fields:
            return "{}"
        within = self._inside(message, frozenset())
        own: dict[Block, str] = {}
        self._prepare(message, within, types, own)
        return self._object(found, within, types, own)

    def _block(self, name: str, within: frozenset[str]) -> Block:
        below = self._below.get(name)
        if below is None:
            below = self._below[name] = self.reach.recursive.intersection(self.reach.sections(name, {}))
        return name, within & below if below else below

    def _inside(self, name: str, within: frozenset[str]) -> frozenset[str]:
        return within | {name} if name in self.reach.recursive else within

    def _prepare(self, root: str, within: frozenset[str], types: Types, own: dict[Block, str]) -> None:
        """Make the blocks below a root, innermost first, so that no depth of nesting needs recursion."""
        schema = self.reach.schema
        started: set[Block] = set()
        spent = 0
        inner = [n for n in self._inner(root, types) if n not in within]
        stack = [(self._block(n, within), self._inside(n, within), False) for n in self._inner(root, types)]
        while stack:
            block, inside, ready = stack.pop()
            name = block[0]
            if ready:
                made = self._object(schema.message(name), inside, {}, own)
                (own if self._below[name] else self._shared)[block] = made
                continue
            if block in started or block in self._shared:
                continue
            if self._below[name]:
                if spent == BUDGET:
                    continue
                spent += 1
            started.add(block)
            stack.append((block, inside, True))
            inner = [n for n in self._inner(name, {}) if n not in inside]
            stack.extend((self._block(n, inside), self._inside(n, inside), False) for n in inner)

    def _inner(self, name: str, types: Types) -> list[str]:
        """The messages that a message expands inside itself."""
        if not types and name in self._expanded:
            return self._expanded[name]
        found = []
        for field_ in self.reach.schema.message(name).fields:
            if field_.type.kind is Kind.MESSAGE:
                type_name = types.get(field_.name, field_.type.name)
                if self._expands(field_, type_name):
                    found.append(type_name)
        if not types:
            self._expanded[name] = found
        return found

    def _expands(self, field_: Field, type_name: str) -> bool:
        if field_.is_map and self.style.maps == "map":
            return False
        return self.reach.public_page(type_name) is None and bool(self.reach.schema.message(type_name).fields)

    def _object(self, message: Message, within: frozenset[str], types: Types, own: dict[Block, str]) -> str:
        lines: list[str] = []
        last = len(message.fields) - 1
        members: dict[str, list[str]] = {}
        for field_ in message.fields:
            if field_.oneof:
                members.setdefault(field_.oneof, []).append(field_.name)
        for number, field_ in enumerate(message.fields):
            group = members.get(field_.oneof, [])
            if group and group[0] == field_.name:
                lines.append(f"// {oneof_sentence(group)}")
            value = self._value(field_, types.get(field_.name, field_.type.name), within, own)
            lines.append(f'"{field_.name}": {value}' + ("," if number < last else ""))
            if group and group[-1] == field_.name:
                lines.append("// end of the list of possible fields")
        return "{\n  " + "\n".join(lines).replace("\n", "\n  ") + "\n}"

    def _value(self, field_: Field, type_name: str, within: frozenset[str], own: dict[Block, str]) -> str:
        if field_.is_map and self.style.maps == "map":
            value = type_name if self._is_well_known(field_, type_name) else type_name.rpartition(".")[2]
            return f'"map<{field_.key}, {value}>"'
        value = self._single(field_, type_name, within, own)
        if field_.repeated:
            return "[\n  " + value.replace("\n", "\n  ") + "\n]"
        return value

    def _single(self, field_: Field, type_name: str, within: frozenset[str], own: dict[Block, str]) -> str:
        if field_.type.kind is Kind.SCALAR or self._is_well_known(field_, type_name):
            return f'"{type_name}"'
        name = type_name.rpartition(".")[2]
        if field_.type.kind is Kind.MESSAGE and type_name not in within and self._expands(field_, type_name):
            block = self._block(type_name, within)
            made = self._shared.get(block) or own.get(block, "")
            if made and len(made) < LIMIT:
                return made
        return f'"{name}"'

    def _is_well_known(self, field_: Field, type_name: str) -> bool:
        return field_.type.kind is Kind.MESSAGE and self.reach.public_page(type_name) is not None


def oneof_sentence(names: Iterable[str]) -> str:
    """The sentence that the sample and the table have in common, without a full stop."""
    return "Includes only one of the fields " + ", ".join(f"`{name}`" for name in names)
