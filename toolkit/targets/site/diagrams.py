"""Class diagrams of a package: which messages contain which, a few classes at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.descriptors.model import Field, Kind, Message, Package
from toolkit.targets.site.layout import Layout, less_package

MOST_CLASSES = 10
"""Classes in a diagram at most, to keep it readable."""
MOST_MEMBERS = 8
"""Fields to show in a class at most."""


@dataclass(frozen=True, slots=True)
class ClassView:
    """A message in a diagram; names are identifiers, or two of them separated by a dot."""

    id: str
    name: str
    members: list[str]
    more: int
    """The number of fields that are not shown."""


@dataclass(frozen=True, slots=True)
class EdgeView:
    """A field between two classes of a diagram."""

    source: str
    target: str
    many: bool
    label: str


@dataclass(frozen=True, slots=True)
class DiagramView:
    """A diagram of a message and the messages in it."""

    title: str
    classes: list[ClassView]
    edges: list[EdgeView]


def diagrams(package: Package, layout: Layout) -> list[DiagramView]:
    """The diagrams of a package: one for each message that is not part of another, and the messages in it.

    Requests and responses, which only methods use, are left out, and so are messages without any relation.
    """
    messages = [e for e in layout.by_package[package.name] if isinstance(e, Message)]
    nodes = {m.full_name: m for m in messages if layout.facts.fields_of.get(m.full_name)}
    held = {name: _held(message, nodes) for name, message in nodes.items()}
    inward = {target.type.name for fields in held.values() for target in fields}
    roots = [name for name in nodes if name not in inward]
    found: list[DiagramView] = []
    drawn: set[str] = set()
    for root in [*roots, *(name for name in nodes if name in inward)]:
        group = _around(root, held)
        if len(group) < 2 or drawn.issuperset(group) or (root not in roots and root in drawn and not held[root]):
            continue
        fresh = [name for name in group if name not in drawn]
        if root not in roots and root not in fresh:
            continue
        drawn.update(group)
        found.append(_diagram(group, nodes, held, package.name))
    return found


def _held(message: Message, nodes: Mapping[str, Message]) -> list[Field]:
    return [f for f in message.fields if f.type.kind is Kind.MESSAGE and f.type.name in nodes]


def _around(root: str, held: Mapping[str, Sequence[Field]]) -> list[str]:
    """A message and the messages in it, nearest first, as many as fit."""
    group = {root: None}
    queue = deque([root])
    while queue and len(group) < MOST_CLASSES:
        for one in held[queue.popleft()]:
            if one.type.name not in group and len(group) < MOST_CLASSES:
                group[one.type.name] = None
                queue.append(one.type.name)
    return list(group)


def _diagram(
    group: Sequence[str], nodes: Mapping[str, Message], held: Mapping[str, Sequence[Field]], package: str
) -> DiagramView:
    ids = {name: f"c{number}" for number, name in enumerate(group)}
    classes = []
    edges: list[EdgeView] = []
    for name in group:
        inside = {one.name for one in held[name] if one.type.name in ids}
        members = [f"{_type(one)} {one.name}" for one in nodes[name].fields if one.name not in inside]
        shown = members[:MOST_MEMBERS]
        classes.append(ClassView(ids[name], less_package(name, package), shown, len(members) - len(shown)))
        edges.extend(_edges(name, held[name], ids))
    return DiagramView(less_package(group[0], package), classes, edges)


def _edges(name: str, fields: Sequence[Field], ids: Mapping[str, str]) -> Iterator[EdgeView]:
    for one in fields:
        if one.type.name in ids:
            many = one.repeated or one.is_map
            yield EdgeView(ids[name], ids[one.type.name], many, one.name)


def _type(one: Field) -> str:
    """The type of a field as one word."""
    name = one.type.short_name
    return f"map[{one.key}]{name}" if one.is_map else f"{name}[]" if one.repeated else name
