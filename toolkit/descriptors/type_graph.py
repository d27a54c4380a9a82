"""Which messages a page shows: those that a message reaches, in the order of their sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Field, Kind, Message, Schema

Types = Mapping[str, str]
"""The types to show for fields of a root message whose own type says nothing: field name → message."""


@dataclass(frozen=True)
class TypeGraph:
    """Walks a schema from message to message."""

    schema: Schema
    is_leaf: Callable[[str], bool]
    """Whether a message is not entered."""
    _memo: dict[str | tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, compare=False)

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
        return [name for name in names if not self.is_leaf(name)]

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
