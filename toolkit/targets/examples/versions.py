"""Versions in the names of fields: of ``config_16`` and ``config_17``, an example shows one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from toolkit.descriptors.model import Field, Kind, Message, Schema
from toolkit.targets.examples.candidates import says, version
from toolkit.targets.examples.values import copied, levels, ordered
from toolkit.targets.examples.written import JSON

_DIGIT = re.compile(r"[0-9]")
_NUMBER = re.compile(r"_v?[0-9]")
_PART = re.compile(r"v?(\d+)([a-z][a-z0-9]*)?\Z")
"""A part of a name that begins a version, such as ``16``, ``v2`` or ``2019std``."""


@dataclass(frozen=True, slots=True)
class _Versioned:
    """A field whose name ends in a version."""

    field: Field
    base: str
    """The name without the version."""
    suffix: str
    """The version as it is written, such as ``16_1c``."""
    numbers: tuple[int, ...]
    edition: str
    """What follows the numbers."""


def superseded(fields: Iterable[Field], wanted: Callable[[], str] = lambda: "", keep: Collection[str] = ()) -> set[str]:
    """The names of the fields to leave out: alternatives for other versions than ``wanted``, or than the newest one.

    Fields are alternatives if they are in one oneof, or if each contains a message of its own type. If one of them
    is in ``keep``, the others are left out instead.
    """
    found: set[str] = set()
    for members in _families(fields):
        chosen = next((one for one in members if one.field.name in keep), None) or _best(members, wanted())
        found |= {one.field.name for one in members if one is not chosen and one.field.name not in keep}
    return found


def agree(
    value: dict[str, JSON], message: Message, schema: Schema, example: Callable[[Message, Field], Mapping[str, JSON]]
) -> None:
    """Make all messages in an example about the version that one of them names.

    ``example`` makes that of a message with a certain member of a oneof.
    """
    holders = list(levels(value, message, schema))
    others = [(inner, of) for inner, of in holders if any(map(_DIGIT.search, inner))]
    if not others:
        return
    named = {str(inner[one.json_name]) for inner, of in holders if (one := field(of)) and one.json_name in inner}
    if len(named) != 1:
        return
    wanted = named.pop()
    for inner, of in others:
        for members in _families(of.fields) if field(of) is None else ():
            best = _best(members, wanted).field
            shown = next((one.field for one in members if one.field.json_name in inner), best)
            made = example(of, best).get(best.json_name) if shown != best else None
            if made is not None:
                inner[best.json_name] = copied(made)
                del inner[shown.json_name]
                in_order = ordered(inner, of)
                inner.clear()
                inner.update(in_order)


def field(message: Message) -> Field | None:
    """The field that contains the version of what a message is about: ``version``, or one like ``engine_version``."""
    found = [one for one in message.fields if says("version", one.name) and _is_text(one)]
    return min(found, key=lambda one: one.name != "version", default=None)


def of_siblings(one: Field, message: Message) -> Iterator[str]:
    """What the version of a message can be, as the names of its other fields say: the newest."""
    if says("version", one.name) and _is_text(one) and field(message) == one:
        for members in _families(message.fields):
            yield ".".join(map(str, _best(members, "").numbers))


def _is_text(one: Field) -> bool:
    return one.type.name == "string" and not (one.repeated or one.is_map)


def _families(fields: Iterable[Field]) -> Iterator[list[_Versioned]]:
    """The fields that are alternatives for different versions."""
    fields = [one for one in fields if _NUMBER.search(one.name)]
    groups: dict[tuple[str, str], list[_Versioned]] = {}
    for one in fields:
        found = None if one.deprecated else _read(one)
        if found is not None:
            groups.setdefault((one.oneof or "", found.base), []).append(found)
    for (oneof, _), members in groups.items():
        types = {one.field.type.name for one in members if one.field.type.kind is Kind.MESSAGE}
        if len({one.suffix for one in members}) > 1 and (oneof or len(types) == len(members)):
            yield members


def _best(members: list[_Versioned], wanted: str) -> _Versioned:
    """The member for a version, if there is one; otherwise the newest, without an edition if possible."""
    text = re.sub(r"[^a-z0-9]+", "_", wanted.lower().removeprefix("v"))
    numbers = version(wanted)

    def rank(one: _Versioned) -> tuple[object, ...]:
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one.numbers, numbers, strict=False)))
        agrees = shared if shared == min(len(one.numbers), len(numbers)) else 0
        return one.suffix == text, agrees, not one.edition, one.numbers

    return max(members, key=rank)


def _read(one: Field) -> _Versioned | None:
    parts = one.name.split("_")
    first = next((number for number, part in enumerate(parts) if number and _PART.match(part)), None)
    if first is None:
        return None
    rest = parts[first:]
    numbers: list[int] = []
    edition = ""
    for number, part in enumerate(rest):
        match = _PART.match(part)
        if match is None or (numbers and match[2]):
            edition = "_".join(rest[number:])
            break
        numbers.append(int(match[1]))
        if match[2]:
            edition = "_".join([match[2], *rest[number + 1 :]])
            break
    if len(edition.split("_")) > 1:
        return None  # more words, which the number belongs to
    return _Versioned(one, "_".join(parts[:first]), "_".join(rest).removeprefix("v"), tuple(numbers), edition)
