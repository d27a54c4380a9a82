"""Whether :mod:`re` takes time linear in the text for an expression, which backtracking makes no matter of course.

The proof looks at where the matcher can choose: whether to repeat once more, and
which alternative to take. Where the next character decides, there is no choice. A
single repeat without an upper limit may leave one; limited ones may multiply to
:data:`MOST`. Everything else counts as not proven, though it may be linear too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

MOST = 5000
"""Ways to match that are tried, at most, for each character; a tenth of it where they depend on the length."""
_ASCII = (1 << 128) - 1
_OTHERS: Final = 1 << 128
"""Stands for every character that is not ASCII."""
_ALL = _ASCII | _OTHERS
_UNLIMITED = int(import_module("re._constants").MAXREPEAT)
_LIMIT = 1000
"""The most repeats that RE2 takes, one inside another multiplied."""
_UPPER = sum(1 << code for code in range(ord("A"), ord("Z") + 1))
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "CATEGORY_SPACE": "\t\n\v\f\r ",
}


class _NotProven(Exception):
    """The proof fails."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part of an expression."""

    first: int
    """The characters that it can begin with, a bit each."""
    empty: bool
    """It can match nothing."""
    ways: int = 1
    """In how many ways it matches at one place, at most, but for what depends on the length of the text."""
    choices: int = 0
    """The power of the length that the number of ways grows with."""
    steps: int = 0
    """The power of the length that the time for one attempt grows with."""
    repeats: int = 1
    """How often the innermost part is repeated, at most, by repeats with limits."""


def is_linear(pattern: str, *, whole: bool) -> bool:
    """Whether the time for a text is proven to be linear in its length: for a match of all of it, or of any part."""
    parser: Any = import_module("re._parser")
    parsed = parser.parse(pattern)
    items = list(parsed)
    anchored = whole or (len(items) > 0 and "AT_BEGINNING" in str(items[0][1]))
    try:
        part = _sequence(items, 0, bool(parsed.state.flags & re.IGNORECASE))
    except _NotProven:
        return False
    steps = part.steps + (not anchored)
    return steps <= 1 and part.ways <= (MOST // 10 if steps else MOST)


def _sequence(items: Iterable[Any], follow: int, fold: bool) -> _Part:
    """Parts in a row; ``follow`` are the characters that what comes after them can begin with."""
    found = _Part(0, empty=True)
    for op, argument in reversed(list(items)):
        after = found.first | (follow if found.empty else 0)
        one = _one(str(op), argument, after, fold)
        found = _Part(
            one.first | (found.first if one.empty else 0),
            one.empty and found.empty,
            one.ways * found.ways,
            one.choices + found.choices,
            max(one.steps, one.choices + found.steps),
            max(one.repeats, found.repeats),
        )
    return found


def _one(op: str, argument: Any, follow: int, fold: bool) -> _Part:
    if op in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
        return _Part(_characters(op, argument, fold), empty=False)
    if op == "AT":
        return _Part(0, empty=True)
    if op == "SUBPATTERN":
        _, added, removed, inner = argument
        return _sequence(inner, follow, (fold or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)
    if op == "BRANCH":
        return _branch([_sequence(inner, follow, fold) for inner in argument[1]], follow)
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, inner = argument
        return _repeat(int(least), int(most), list(inner), follow, fold)
    raise _NotProven  # what RE2 does not have, or no proof is tried for


def _branch(parts: list[_Part], follow: int) -> _Part:
    seen, overlap = 0, False
    for part in parts:
        starts = part.first | (follow if part.empty else 0)
        overlap = overlap or bool(seen & starts)
        seen |= starts
    ways = [part.ways for part in parts]
    return _Part(
        _union(parts),
        any(part.empty for part in parts),
        sum(ways) if overlap else max(ways),
        max(part.choices for part in parts),
        max(part.steps for part in parts),
        max(part.repeats for part in parts),
    )


def _union(parts: list[_Part]) -> int:
    first = 0
    for part in parts:
        first |= part.first
    return first


def _repeat(least: int, most: int, inner: list[Any], follow: int, fold: bool) -> _Part:
    unlimited = most == _UNLIMITED
    if most == 0:
        return _Part(0, empty=True)
    first = _sequence(inner, follow, fold).first
    body = _sequence(inner, follow if most == 1 else follow | first, fold)
    repeats = body.repeats * max(1, least if unlimited else most)
    if (body.empty and most > 1) or repeats > _LIMIT:
        raise _NotProven
    ends_itself = not body.first & follow  # the next character tells whether it goes on
    if unlimited:
        if body.ways > 1 or body.choices:
            raise _NotProven  # each round multiplies the ways
        return _Part(body.first, least == 0, 1, 0 if ends_itself else 1, 1, repeats)
    rounds = 1 if ends_itself or least == most else most - least + 1
    if most > 1 and (body.choices or (body.ways > 1 and body.ways.bit_length() * most > 32)):
        raise _NotProven
    ways = rounds * (body.ways if most == 1 else body.ways**most)
    return _Part(body.first, body.empty or least == 0, ways, body.choices, body.steps, repeats)


def _characters(op: str, argument: Any, fold: bool) -> int:
    """The characters that one item matches."""
    if op == "ANY":
        return _ALL
    if op != "IN":
        mask = _folded(_bit(argument), fold)
        return mask if op == "LITERAL" else (_ALL & ~mask) | _OTHERS
    mask, negated = 0, False
    for kind, value in argument:
        if str(kind) == "NEGATE":
            negated = True
        elif str(kind) == "LITERAL":
            mask |= _bit(value)
        elif str(kind) == "RANGE":
            mask |= _range(*value)
        else:
            mask |= _category(str(value))
    mask = _folded(mask, fold)
    return (_ALL & ~mask) | _OTHERS if negated else mask


def _bit(code: int) -> int:
    return 1 << code if code < 128 else _OTHERS


def _range(low: int, high: int) -> int:
    mask = _OTHERS if high > 127 else 0
    return mask | sum(1 << code for code in range(low, min(high, 127) + 1))


def _category(name: str) -> int:
    found = _CATEGORIES.get(name.replace("_NOT", ""))
    if found is None:
        raise _NotProven
    mask = sum(1 << ord(letter) for letter in found)
    return _ALL & ~mask if "_NOT" in name else mask


def _folded(mask: int, fold: bool) -> int:
    """With the other case of each letter."""
    if not fold:
        return mask
    return mask | (mask & _UPPER) << 32 | (mask & _UPPER << 32) >> 32
