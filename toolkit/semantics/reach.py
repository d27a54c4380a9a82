"""Finds types that only hidden elements use, which are therefore hidden, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from toolkit.descriptors.model import Field, Kind, Method, Schema
from toolkit.semantics.facts import Facts


def only_hidden_use(facts: Facts, hidden: Set[str]) -> set[str]:
    """The full names of elements to hide because only hidden elements use them.

    These are messages and enums that are reachable from hidden methods, services
    or fields, and not from visible elements. Types that nothing uses stay
    visible. If a message declares something visible, only its fields are hidden.
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
    """Whether a message declares a visible type, or an extension of one, at any depth."""
    message = schema.messages[name]
    return (
        any(enum not in gone for enum in message.enums)
        or any(extension.extendee not in gone for extension in message.extensions)
        or any(nested not in gone or _declares_shown(schema, nested, gone) for nested in message.messages)
    )


class _Reach:
    """Follows elements to the types that are reachable from them."""

    def __init__(self, facts: Facts, hidden: Set[str]) -> None:
        self._facts = facts
        self._schema = facts.schema
        self._hidden = hidden
        self._held = {name: [*message.fields] for name, message in self._schema.messages.items()}
        """The fields and extensions of each message."""
        for extension in self._schema.extensions.values():
            self._held.setdefault(extension.extendee, []).append(extension)
        self._next: dict[str, list[str]] = {}

    def below_hidden(self) -> set[str]:
        """The types that are reachable from hidden elements, unless they are already hidden or have a public page.

        From a hidden field, the message that contains it is not reachable.
        """
        found = self._below(self._brought(m for m in self._schema.methods.values() if m.full_name in self._hidden), "")
        for holder, fields in self._held.items():
            types = [*_types(field for field in fields if field.full_name in self._hidden)]
            found |= self._below(types, holder) if types else set()
        return found

    def _below(self, names: Iterable[str], end: str) -> set[str]:
        """The types that are reachable from these types, without going through ``end``."""
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
        """The types in ``among`` that are reachable from visible elements; types not in ``among`` are visible."""
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
        """The types that methods take and return, including those of their operations."""
        for method in methods:
            yield from (method.input, method.output, *self._facts.any_types(method).values())


def _types(fields: Iterable[Field]) -> Iterator[str]:
    return (field.type.name for field in fields if field.type.kind is not Kind.SCALAR)
