"""Which messages a page shows: those that a message reaches, in the order of their sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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

    def is_recursive(self, name: str) -> bool:
        """Whether a message reaches itself."""
        if name not in self._index:
            self._visit(name)
        return name in self._recursive

    @cached_property
    def _index(self) -> dict[str, int]:
        return {}

    @cached_property
    def _recursive(self) -> set[str]:
        return set()

    def _visit(self, root: str) -> None:
        """Find the recursive messages among those that a message reaches (Tarjan's algorithm, without recursion)."""
        index, found = self._index, self._recursive
        low: dict[str, int] = {}
        stack: dict[str, None] = {}
        work: list[tuple[str, Iterator[str]]] = []

        def enter(name: str) -> None:
            index[name] = low[name] = len(index)
            stack[name] = None
            work.append((name, iter(self._next(name))))

        enter(root)
        while work:
            name, children = work[-1]
            for child in children:
                if child not in index:
                    enter(child)
                    break
                if child in stack:
                    low[name] = min(low[name], index[child])
                    if child == name:
                        found.add(name)
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[name])
                if low[name] == index[name]:
                    component = [stack.popitem()[0]]
                    while component[-1] != name:
                        component.append(stack.popitem()[0])
                    if len(component) > 1:
                        found.update(component)


def _message_fields(message: Message, types: Types) -> Iterable[Field]:
    return (f for f in message.fields if f.type.kind is Kind.MESSAGE or f.name in types)
