"""Derives values to try from constraints: choices, bounds, lengths and patterns.

Options can require anything. Bounds that no type or readable example can reach
are not tried, so a field may be left without a value, but the run continues.
"""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from toolkit.descriptors.model import Field, Presence
from toolkit.runtime.constraints import bound, holds
from toolkit.runtime.errors import RuleError
from toolkit.runtime.jsonvalues import LARGEST_FLOAT
from toolkit.runtime.patterns import matches
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.mappings import OF_ONE_VALUE

LONGEST = 100_000
"""The maximum length of strings and bytes to try."""
FLOATS = {"float": (-LARGEST_FLOAT, LARGEST_FLOAT), "double": (-sys.float_info.max, sys.float_info.max)}
"""The minimum and maximum of each type that is a number in JSON."""
_LARGEST = Decimal(sys.float_info.max)
_LONGEST_DURATION = 315_576_000_000
"""The maximum number of seconds in a duration."""
_AFFIXES = {"prefix": "{}.*", "suffix": ".*{}", "contains": ".*{}.*"}
_ZEROS = {"string": "", "bytes": b"", "bool": False}
"""The zero values that are not numbers."""
_MOST_ELEMENTS = 1000
_COUNTS = (*range(1, 65), 100, 128, 256, 0)


def fits(constraints: Iterable[Constraint], value: Any) -> bool:
    """Whether a value satisfies all constraints, as far as that can be determined."""
    try:
        for constraint in constraints:
            if holds(constraint, value) is False:
                return False
    except RuleError:
        return False
    return True


def refuse_zero(field: Field, constraints: Iterable[Constraint]) -> bool:
    """Whether a field must be set because its constraints also apply to its zero value, and don't allow it."""
    if field.presence is not Presence.NONE and field.presence is not Presence.IMPLICIT:
        return False
    zero: Any = [] if field.repeated or field.is_map else _ZEROS.get(field.type.name, 0)
    kinds = ("size",) if zero == [] else OF_ONE_VALUE
    found = [c for c in constraints if c.applies == "always" and c.of == "field" and c.kind in kinds]
    return not fits(found, zero)


def count_of(constraints: Sequence[Constraint]) -> int | None:
    """The number of elements in a list or map: one, unless a constraint requires more or none; None for too many."""
    sizes = [c for c in constraints if c.kind == "size"]
    asked_for = (int(number) for number in bounds(sizes) if 0 <= number <= _MOST_ELEMENTS)
    return next((count for count in (*_COUNTS, *asked_for) if fits(sizes, range(count))), None)


def named(constraint: Constraint) -> Sequence[str]:
    """The example values and choices of constraints."""
    return constraint.choices if constraint.kind == "in" else constraint.examples


def decoded(text: str) -> bytes:
    """Bytes from base64; empty if it is invalid."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def bounds(constraints: Sequence[Constraint]) -> Iterator[Decimal]:
    """The bounds and choices of constraints as numbers, if they are in the range of the type."""
    for constraint in constraints:
        if constraint.kind in ("value", "in", "size"):
            edges = [*constraint.choices]
            if constraint.interval is not None:
                edges += [constraint.interval.low, constraint.interval.high]
            found = (number for number in map(bound, edges) if number is not None and not number.is_nan())
            yield from (number for number in found if -_LARGEST <= number <= _LARGEST)


def edges(constraints: Sequence[Constraint], *, whole: bool) -> Iterator[int | float]:
    """The choices and bounds of constraints, and numbers next to and between them."""
    for edge in bounds(constraints):
        for step in (Decimal(0), Decimal(1), Decimal(-1), Decimal("0.1"), Decimal("-0.1")):
            near = edge + step
            if near == near.to_integral_value():
                yield int(near)
            elif not whole:
                yield float(near)
    for middle in ((low + high) / 2 for low, high in pairwise(sorted(bounds(constraints)))):
        yield int(middle) if whole else float(middle)


def lengths(constraints: Sequence[Constraint]) -> tuple[int, int | None]:
    """The minimum and maximum length that constraints allow; longer ones count as :data:`LONGEST` plus one."""
    shortest, longest = 0, None
    for constraint in constraints:
        if constraint.kind in ("length", "bytes") and constraint.interval is not None:
            low, high = (_length(text) for text in (constraint.interval.low, constraint.interval.high))
            if low is not None:
                shortest = max(shortest, low + constraint.interval.low_open)
            if high is not None and high <= LONGEST:
                top = high - constraint.interval.high_open
                longest = top if longest is None else min(longest, top)
    return shortest, longest


def _length(text: str) -> int | None:
    number = bound(text)
    return None if number is None or number.is_nan() else int(min(max(number, Decimal(0)), Decimal(LONGEST + 1)))


def sized(tried: Iterable[str], shortest: int, longest: int | None) -> Iterator[str]:
    """Texts, cut or extended to the allowed length."""
    for text in tried:
        if longest is not None and len(text) > longest:
            yield text[:longest].rstrip("-_. ")
        elif len(text) < shortest:
            yield (text + "-" + "0123456789" * (shortest // 10 + 1))[:shortest]
            yield (text + "0123456789" * (shortest // 10 + 1))[:shortest]


def filled(tried: Iterable[bytes], shortest: int) -> Iterator[bytes]:
    """Bytes, unchanged and extended on either side."""
    for content in tried:
        yield content
        more = bytes(range(1, 256)) * (shortest // 255 + 1)
        yield content + more[: max(0, shortest - len(content))]
        yield more[: max(0, shortest - len(content))] + content


def composed(constraints: Sequence[Constraint], middle: str) -> Iterator[str]:
    """A text that begins, goes on and ends as several constraints demand together; nothing if fewer than two do."""
    if len(constraints) < 2:
        return
    found = {kind: [c.text for c in constraints if c.kind == kind] for kind in _AFFIXES}
    if sum(map(len, found.values())) > 1:
        longest = {kind: max(found[kind], key=len, default="") for kind in ("prefix", "suffix")}
        yield longest["prefix"] + "".join(found["contains"]) + longest["suffix"]
        yield longest["prefix"] + middle + "".join(found["contains"]) + longest["suffix"]


def patterns(constraint: Constraint) -> Iterator[str]:
    """The expressions that a value must match, or from which valid values can be generated."""
    if constraint.kind in ("pattern", "search"):
        found = dict.fromkeys(filter(None, (constraint.text, constraint.pattern)))
        yield from (pattern for pattern in found if matches(pattern, "", whole=True) is not None)
    elif constraint.kind in _AFFIXES:
        yield _AFFIXES[constraint.kind].format(re.escape(constraint.text))


def times(kind: str, constraints: Sequence[Constraint]) -> Iterator[str]:
    """Durations or timestamps in ProtoJSON: the bounds of constraints, and values next to them."""
    for step in map(Decimal, (0, 1, -1) if kind == "duration" else (0, 3600, -3600)):
        yield from filter(None, (_time(kind, edge + step) for edge in bounds(constraints)))


def _time(kind: str, seconds: Decimal) -> str:
    """Seconds in ProtoJSON; empty if they are out of range."""
    if kind == "duration":
        fits_type = abs(seconds) <= _LONGEST_DURATION and seconds == round(seconds, 9)
        return f"{seconds.normalize():f}s" if fits_type else ""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        return ""
    return moment.isoformat().replace("+00:00", "Z")


def seconds_of(text: str) -> Decimal:
    """The seconds of a duration or timestamp."""
    return bound(text) or Decimal(0)


def chosen_paths(constraints: Sequence[Constraint]) -> Iterator[list[str]]:
    """The paths of field masks in constraints: all of them if they are required, otherwise the first ones."""
    for constraint in constraints:
        if constraint.kind == "paths":
            yield list(constraint.choices)
        elif constraint.kind == "paths_in":
            yield from (list(constraint.choices[:count]) for count in (2, 1))
