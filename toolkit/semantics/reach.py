"""Which types only hidden elements use, and are hidden with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from toolkit.descriptors.model import Field, Kind, Method, Schema
from toolkit.semantics.facts import Facts


def only_hidden_use(facts: Facts, hidden: Set[str]) -> set[str]:
    """The full names of what is hidden since nothing but hidden elements brings it.

    These are messages and enums that hidden methods, services or fields reach,
    and that nothing shown reaches; a type that nothing uses is not among them.
    Of a message that declares something shown, only the fields are.
    """
    schema = facts.schema
    reach = _Reach(facts, hidden)
    below = reach.below_hidden()
    gone = below - reach.shown(below)
    found: set[str] = set()
    for name in gone:
        message = schema.messages.get(name)
        if message is None or not _declares_shown(schema, name, gone):
            found.add(name)
        else:
            found.update(field.full_name for field in message.fields)
    return found


def _declares_shown(schema: Schema, name: str, gone: Set[str]) -> bool:
    """Whether a type that is shown, or an extension of one, is declared anywhere in a message."""
    message = schema.messages[name]
    return (
        any(enum not in gone for enum in message.enums)
        or any(extension.extendee not in gone for extension in message.extensions)
        or any(nested not in gone or _declares_shown(schema, nested, gone) for nested in message.messages)
    )


class _Reach:
    """Follows elements to the types that they bring."""

    def __init__(self, facts: Facts, hidden: Set[str]) -> None:
        self._facts = facts
        self._schema = facts.schema
        self._hidden = hidden
        self._held = {name: [*message.fields] for name, message in self._schema.messages.items()}
        """The fields of each message, and the extensions of it."""
        for extension in self._schema.extensions.values():
            self._held.setdefault(extension.extendee, []).append(extension)
        self._next: dict[str, list[str]] = {}

    def below_hidden(self) -> set[str]:
        """The types that hidden elements reach, but those that are hidden anyway or described elsewhere.

        What a hidden field brings does not lead back to the message that the field is in.
        """
        found = self._below(self._brought(m for m in self._schema.methods.values() if m.full_name in self._hidden), "")
        for holder, fields in self._held.items():
            types = [*_types(field for field in fields if field.full_name in self._hidden)]
            found |= self._below(types, holder) if types else set()
        return found

    def _below(self, names: Iterable[str], end: str) -> set[str]:
        """Types, and what is in them, to any depth; ``end`` is not entered."""
        found: set[str] = set()
        stack = [*names]
        while stack:
            name = stack.pop()
            if name == end or name in found or name in self._hidden or self._facts.public_page(name) is not None:
                continue
            found.add(name)
            if name not in self._next:
                message = self._schema.messages.get(name)
                nested = (*message.messages, *message.enums) if message is not None else ()
                self._next[name] = [*_types(self._held.get(name, ())), *nested]
            stack += self._next[name]
        return found

    def shown(self, among: Set[str]) -> set[str]:
        """Those of the types that shown elements reach; what is not among them is shown."""
        found: set[str] = set()
        stack = [*self._brought(m for m in self._schema.methods.values() if m.full_name not in self._hidden)]
        for holder, fields in self._held.items():
            stack += self._shown_types(fields) if holder not in among else ()
        while stack:
            name = stack.pop()
            if name in among and name not in found:
                found.add(name)
                stack += self._shown_types(self._held.get(name, ()))
        return found

    def _shown_types(self, fields: Iterable[Field]) -> Iterator[str]:
        return _types(field for field in fields if field.full_name not in self._hidden)

    def _brought(self, methods: Iterable[Method]) -> Iterator[str]:
        """What methods take and return, and what the operations that they start hold."""
        for method in methods:
            yield from (method.input, method.output, *self._facts.any_types(method).values())


def _types(fields: Iterable[Field]) -> Iterator[str]:
    return (field.type.name for field in fields if field.type.kind is not Kind.SCALAR)
