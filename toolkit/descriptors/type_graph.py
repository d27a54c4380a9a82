"""Which messages a page shows: those that a message reaches, in the order of their sections."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Field, Kind, Message, Method, Schema
from toolkit.semantics.mappings import Mappings

Types = Mapping[str, str]
"""The types to show for fields of a root message whose own type says nothing: field name → message."""


@dataclass(frozen=True)
class TypeGraph:
    """Walks a schema from message to message; well-known types are not entered."""

    schema: Schema
    rules: Mappings
    _memo: dict[str | tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, compare=False)

    def public_page(self, message: str) -> str | None:
        """The page of a well-known type; None for a message that has a section of its own."""
        if message not in self._pages:
            found = self.schema.messages.get(message)
            self._pages[message] = self.rules.page_of(message, found.location.file if found else "")
        return self._pages[message]

    @cached_property
    def _pages(self) -> dict[str, str | None]:
        return {}

    def sections(self, root: str, types: Types) -> tuple[str, ...]:
        """The messages with a section under a root, itself first, depth first in the order of fields."""
        key = (root, *types, *types.values()) if types else root
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._walk(root, types)
        return known

    def _walk(self, root: str, types: Types) -> tuple[str, ...]:
        found: dict[str, None] = {root: None}
        stack = list(reversed(self._below(root, types)))
        while stack:
            name = stack.pop()
            if name in found:
                continue
            found[name] = None
            stack.extend(reversed(self._next(name)))
        return tuple(found)

    def _below(self, name: str, types: Types) -> list[str]:
        names = [types.get(f.name, f.type.name) for f in _message_fields(self.schema.message(name), types)]
        return [name for name in names if self.public_page(name) is None]

    def _next(self, name: str) -> tuple[str, ...]:
        known = self._children.get(name)
        if known is None:
            known = self._children[name] = tuple(self._below(name, {}))
        return known

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def recursive(self) -> frozenset[str]:
        """The messages that reach themselves (Tarjan's algorithm, without recursion)."""
        index: dict[str, int] = {}
        low: dict[str, int] = {}
        on_stack: set[str] = set()
        stack: list[str] = []
        found: set[str] = set()
        for root in self.schema.messages:
            work = [(root, iter(self._next(root)))] if root not in index else []
            if work:
                index[root] = low[root] = len(index)
                stack.append(root)
                on_stack.add(root)
            while work:
                name, children = work[-1]
                for child in children:
                    if child not in index:
                        index[child] = low[child] = len(index)
                        stack.append(child)
                        on_stack.add(child)
                        work.append((child, iter(self._next(child))))
                        break
                    if child in on_stack:
                        low[name] = min(low[name], index[child])
                        if child == name:
                            found.add(name)
                else:
                    work.pop()
                    if work:
                        parent = work[-1][0]
                        low[parent] = min(low[parent], low[name])
                    if low[name] == index[name]:
                        component: list[str] = []
                        while not component or component[-1] != name:
                            component.append(stack.pop())
                            on_stack.discard(component[-1])
                        if len(component) > 1:
                            found.update(component)
        return frozenset(found)


def _message_fields(message: Message, types: Types) -> Iterable[Field]:
    return (f for f in message.fields if f.type.kind is Kind.MESSAGE or f.name in types)


EMPTY = "google.protobuf.Empty"
"""What operations give that have nothing to give; files often name it without importing it."""


def operation_types(method: Method, schema: Schema, rules: Mappings, built_in: Container[str] = ()) -> dict[str, str]:
    """The types that an option of the method names for ``Any`` fields of what it returns.

    A name is looked for as protobuf does: from the method's package outwards.
    ``built_in`` are messages that are known though no file imports them.
    """
    found: dict[str, str] = {}
    output = schema.message(method.output)
    for rule in rules.operations:
        value = method.options.get(rule.option)
        if not isinstance(value, dict):
            continue
        for name, member in rule.fields.items():
            field_ = output.field(name)
            if field_ is None or field_.type.name != "google.protobuf.Any" or field_.repeated or field_.is_map:
                continue
            type_name = _resolve_type(value.get(member, ""), method.parent, schema, built_in)
            if type_name:
                found[name] = type_name
    return found


def _resolve_type(name: str, scope: str, schema: Schema, built_in: Container[str]) -> str:
    if not name:
        return ""
    if name.startswith("."):
        return name[1:] if name[1:] in schema.messages or name[1:] in built_in else ""
    while True:
        full_name = f"{scope}.{name}" if scope else name
        if full_name in schema.messages or full_name in built_in:
            return full_name
        if not scope:
            return ""
        scope = scope.rpartition(".")[0]
