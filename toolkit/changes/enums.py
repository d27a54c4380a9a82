"""Enums and their values."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.changes.common import comment_and_options, json_format_changes
from toolkit.changes.model import Change, Detail, Kind, changed
from toolkit.changes.pair import Pair, values_by_number
from toolkit.changes.ranges import reserved_changes
from toolkit.descriptors.model import Enum


def enum_changes(pair: Pair, old: Enum, new: Enum) -> Iterator[Change]:
    """The changes inside an enum that is in both."""
    package = new.package
    yield from _values(pair, old, new)
    if old.closed != new.closed:
        message = f"changed from {'closed' if old.closed else 'open'} to {'closed' if new.closed else 'open'}"
        detail = Detail.of("closed", now="closed" if new.closed else "")
        yield changed(Kind.FEATURE, "enum", old, new, message, package=package, rules=["ENUM_SAME_TYPE"], detail=detail)
    yield from json_format_changes(pair, "enum", old, new)
    yield from reserved_changes("enum", old, new)


def _values(pair: Pair, old: Enum, new: Enum) -> Iterator[Change]:
    package = new.package
    before, after = values_by_number(old), values_by_number(new)
    olds, news = ({v.name: v for v in enum.values} for enum in (old, new))
    told: set[str] = set()
    for number, names in before.items():
        if number in after:
            yield from _renamed(package, old, new, names, after[number])
            told.update(after[number])
            continue
        rules = ["ENUM_VALUE_NO_DELETE"]
        if not any(low <= number <= high for low, high in new.reserved_ranges):
            rules.append("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED")
        if not all(name in new.reserved_names for name in names):
            rules.append("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED")
        value, now = olds[names[0]], news.get(names[0])
        kind = Kind.REMOVED if now is None else Kind.NUMBER
        message, detail = f"value {' and '.join(names)} = {number} removed", Detail("", tuple(names))
        if now is not None:
            told.add(now.name)
            message = f"number changed from {number} to {now.number}"
            detail = Detail.of("", str(number), str(now.number))
        change = changed(
            kind, "enum value", value, now, message, package=package, rules=rules, detail=detail, parent=new
        )
        yield change.seen_at(new)
    for value in new.values:
        if value.name in olds:
            if olds[value.name].number == value.number:
                yield from comment_and_options(pair, "enum value", olds[value.name], value)
        elif value.name not in told:
            yield changed(Kind.ADDED, "enum value", None, value, "added", package=package)


def _renamed(package: str, old: Enum, new: Enum, names: list[str], now: list[str]) -> Iterator[Change]:
    """What became of the names of a number; one that is only added is no harm."""
    if set(names) <= set(now):
        for value in new.values:
            if value.name in now and value.name not in names:
                yield changed(Kind.ADDED, "enum value", None, value, "added", package=package)
        return
    was = next(v for v in old.values if v.name in names)
    for value in new.values:
        if value.name in now:
            message = f"renamed from {' and '.join(names)} to {' and '.join(now)}"
            rules, detail = ["ENUM_VALUE_SAME_NAME"], Detail("", tuple(names), (value.name,))
            yield changed(Kind.RENAMED, "enum value", was, value, message, package=package, rules=rules, detail=detail)
