"""Reserved numbers and names of messages and enums, and the extension ranges of messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.changes.model import Change, Detail, Kind, changed, one_line
from toolkit.descriptors.model import Enum, Message

_MAX = 536_870_911
"""The largest number of a field."""

Ranges = Sequence[tuple[int, int]]


def reserved_changes(noun: str, old: Message | Enum, new: Message | Enum) -> Iterator[Change]:
    """Reserved numbers and names that came or went."""
    was, now = dict.fromkeys(old.reserved_names), dict.fromkeys(new.reserved_names)
    removed = [(f"reserved name {one_line(n)} removed", Detail.of("name", n)) for n in was if n not in now]
    added = [(f"reserved name {one_line(n)} added", Detail.of("name", now=n)) for n in now if n not in was]
    if old.reserved_ranges != new.reserved_ranges:
        before, after = (
            _inclusive(each.reserved_ranges) if isinstance(each, Message) else each.reserved_ranges
            for each in (old, new)
        )
        removed += _removed("reserved", before, after)
        added += [(f"reserved numbers {fresh} added", Detail.of("", now=fresh)) for _, fresh in missing(after, before)]
    for message, detail in removed:
        rules = [f"RESERVED_{noun.upper()}_NO_DELETE"]
        yield changed(Kind.RESERVED, noun, old, new, message, package=new.package, rules=rules, detail=detail)
    for message, detail in added:
        yield changed(Kind.RESERVED, noun, old, new, message, package=new.package, detail=detail)


def extension_changes(old: Message, new: Message) -> Iterator[Change]:
    """Numbers of extension ranges that came or went."""
    if old.extension_ranges == new.extension_ranges:
        return
    before, after = _inclusive(old.extension_ranges), _inclusive(new.extension_ranges)
    for message, detail in _removed("extension", before, after):
        rules = ["EXTENSION_MESSAGE_NO_DELETE"]
        yield changed(Kind.EXTENSIONS, "message", old, new, message, package=new.package, rules=rules, detail=detail)
    for _, fresh in missing(after, before):
        message, detail = f"extensions {fresh} added", Detail.of("", now=fresh)
        yield changed(Kind.EXTENSIONS, "message", old, new, message, package=new.package, detail=detail)


def _inclusive(ranges: Ranges) -> Ranges:
    """The ranges of a message with the last number of each, instead of the one after it."""
    return [(low, high - 1) for low, high in ranges]


def _removed(what: str, before: Ranges, after: Ranges) -> Iterator[tuple[str, Detail]]:
    for (low, high), gone in missing(before, after):
        name = str(low) if low == high else f"{low} to {'max' if high >= _MAX else high}"
        yield f"of the {what} range {name}, {gone} removed", Detail.of("", gone)


def missing(ranges: Ranges, by: Ranges) -> Iterator[tuple[tuple[int, int], str]]:
    """Of inclusive ranges those that others do not cover, each with what is left uncovered."""
    for low, high in ranges:
        left = []
        start = low
        for other_low, other_high in sorted(by):
            if other_high < start or other_low > high:
                continue
            if other_low > start:
                left.append((start, other_low - 1))
            start = max(start, other_high + 1)
        if start <= high:
            left.append((start, high))
        if left:
            yield (low, high), ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in left)
