"""One walk over a message and all it holds, for everything that shows a message whole.

A *fold* says what becomes of a message, given what became of the messages in
it. The walk decides the order, stops at recursion, does a message once however
often it occurs, and needs no more stack for deep nesting than for flat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from toolkit.descriptors.model import Field, Kind, Message
from toolkit.descriptors.type_graph import TypeGraph, Types

BUDGET = 5_000
"""How many expansions of messages that lead to recursive ones a root may have; then they are not expanded."""

Made = TypeVar("Made")
Inside = Callable[[Field, str], Made | None]
"""What became of the message that a field holds; None where it would recur, or the budget is spent."""

Block = tuple[str, frozenset[str]]
"""A message, and the recursive messages around it that must not be expanded again."""


class Fold(Protocol[Made]):
    """What a walk makes of messages."""

    def expands(self, field: Field, message: str) -> bool:
        """Whether a field shows the message in place."""

    def message(self, message: Message, types: Types, inside: Inside[Made]) -> Made:
        """What becomes of a message; ``types`` names other types for some of its fields."""


class MessageFold(Generic[Made]):
    """Walks with one fold; what leads to no recursive message is done once for all roots."""

    def __init__(self, graph: TypeGraph, fold: Fold[Made]) -> None:
        self._graph = graph
        self._fold = fold
        self._shared: dict[Block, Made] = {}
        self._below: dict[str, frozenset[str]] = {}
        self._inner_memo: dict[str, list[str]] = {}

    def root(self, name: str, types: Types) -> Made:
        """What becomes of a root message."""
        within = self._inside(name, frozenset())
        own: dict[Block, Made] = {}
        self._prepare(name, within, types, own)
        return self._make(name, within, types, own)

    def _prepare(self, root: str, within: frozenset[str], types: Types, own: dict[Block, Made]) -> None:
        """Do the messages below a root, innermost first."""
        started: set[Block] = set()
        spent = 0
        inner = [name for name in self._inner(root, types) if name not in within]
        stack = [(self._block(name, within), self._inside(name, within), False) for name in inner]
        while stack:
            block, inside, ready = stack.pop()
            name = block[0]
            if ready:
                made = self._make(name, inside, {}, own)
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

    def _make(self, name: str, within: frozenset[str], types: Types, own: dict[Block, Made]) -> Made:
        def inside(field: Field, message: str) -> Made | None:
            if message in within:
                return None
            block = self._block(message, within)
            return self._shared[block] if block in self._shared else own.get(block)

        return self._fold.message(self._graph.schema.message(name), types, inside)

    def _inner(self, name: str, types: Types) -> list[str]:
        """The messages that a message shows in place."""
        if not types and name in self._inner_memo:
            return self._inner_memo[name]
        found = []
        for field in self._graph.schema.message(name).fields:
            if field.type.kind is Kind.MESSAGE:
                message = types.get(field.name, field.type.name)
                if self._fold.expands(field, message):
                    found.append(message)
        if not types:
            self._inner_memo[name] = found
        return found

    def _inside(self, name: str, within: frozenset[str]) -> frozenset[str]:
        return within | {name} if self._graph.is_recursive(name) else within

    def _block(self, name: str, within: frozenset[str]) -> Block:
        below = self._below.get(name)
        if below is None:
            below = self._below[name] = frozenset(filter(self._graph.is_recursive, self._graph.sections(name, {})))
        return name, within & below if below else below
