"""Constraints at run time: what they demand, and whether a value satisfies one."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, total_ordering
from typing import Any, Protocol

from toolkit.runtime.errors import RuleError
from toolkit.runtime.formats import FORMATS
from toolkit.runtime.patterns import matches

_UNITS = {
    unit: Decimal(seconds)
    for unit, seconds in (("h", 3600), ("m", 60), ("s", 1), ("ms", "0.001"), ("us", "0.000001"), ("ns", "0.000000001"))
}
_DURATION = re.compile(r"(-?)((?:\d+(?:\.\d+)?(?:ms|us|ns|[hms]))+)\Z")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|[hms])")
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:\.(\d+))?Z?\Z")

OF_WHOLE = ("size", "unique")
"""The kinds of constraint that apply to a list or map; others apply to each value."""
OFFICIAL = "buf.validate."
"""What the names of the options begin with that the protovalidate package decides about, where it is installed."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds as the option writes them; empty for none."""

    low: str = ""
    high: str = ""
    low_open: bool = False
    high_open: bool = False
    outside: bool = False
    """Values are to be below ``high`` or above ``low``, which is the larger of the two."""

    @property
    def operator(self) -> str:
        """The key of its sentence: ``<=``, ``>=``, ``<``, ``>``, ``range``, ``exact`` or ``outside``."""
        if self.outside:
            return "outside"
        if self.low and self.high:
            return "exact" if self.low == self.high else "range"
        if self.low:
            return ">" if self.low_open else ">="
        return "<" if self.high_open else "<="


class Demand(Protocol):
    """What a constraint demands of a value."""

    @property
    def kind(self) -> str:
        """A kind of constraint, as option mappings have it: ``length``, ``pattern``, ``value``, ``in`` and so on."""
        ...

    @property
    def interval(self) -> Interval | None:
        """Bounds of the length, size or number."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are allowed, or (``not_in``) are not, or what a string begins with and so on.

        Bytes are in base64. Of a length, size or number they stand for an interval.
        """
        ...

    @property
    def pattern(self) -> str:
        """An RE2 expression, or the name of a format."""
        ...


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of a generated class, as the class's ``__constraints__`` has it."""

    field: str
    """The name of the field or oneof in the .proto file; empty where it is of the message."""
    kind: str
    of: str
    """``field``, or each ``key`` or ``value`` in it."""
    rule: str
    """The option that demands it."""
    text: str
    """What it demands, as the reference words it."""
    bounds: tuple[str, str, bool, bool] | tuple[str, str, bool, bool, bool] | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    rule_id: str = ""
    """What names the rule in a violation; made of the option where it is empty."""
    applies: str = "set"
    """When it is checked, unless the field has presence and is not set: ``always``, or where the value is not zero.

    ``nonzero`` means that for each value that it is about, ``set`` (before there were others) for the field.
    """

    @property
    def interval(self) -> Interval | None:
        """The bounds."""
        return None if self.bounds is None else Interval(*self.bounds)

    @property
    def is_official(self) -> bool:
        """Whether the protovalidate package decides: the descriptors of older bindings lack what it needs."""
        return self.rule_id != "" and self.rule.startswith(OFFICIAL)


@total_ordering
@dataclass(frozen=True, slots=True)
class Violation:
    """A constraint that a message breaks."""

    path: str
    """Where in the message: ``labels["env"]``, ``hosts[2].name``; empty for the message itself."""
    rule: str
    """The option, and the member of it, that demands it: ``acme.length``, ``buf.validate.field string.max_len``."""
    message: str
    """What it demands, as the reference words it."""
    rule_id: str = ""
    """What names the rule: ``string.max_len``, ``int32.gte_lte``, the id of a CEL expression, ``acme.length``."""
    for_key: bool = False
    """The key of the map's entry is meant, not its value."""

    def __str__(self) -> str:
        named = self.rule if self.rule.endswith(self.rule_id) else self.rule_id
        return f"{self.path or '(message)'}: {self.message} [{named}]"

    def __lt__(self, other: Violation) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return self.path, self.rule, self.message, self.rule_id, self.for_key


@dataclass(frozen=True, slots=True)
class Unchecked(Violation):
    """A constraint that could not be checked; ``message`` says why. The message may break it or not."""


def holds(constraint: Demand, value: Any) -> bool | None:
    """Whether a value satisfies a constraint; None if that cannot be determined.

    Lengths are of strings and bytes, values are numbers (of a duration or time
    stamp its seconds), sizes are of lists and maps. It cannot be determined if
    a bound or a pattern cannot be read, or does not fit the type of the value.
    :class:`RuleError` if the rule fails on the value.
    """
    check = _CHECKS.get(constraint.kind)
    return None if check is None else check(constraint, value)


def _counted(*of: type) -> Callable[[Demand, Any], bool | None]:
    def check(demand: Demand, value: Any) -> bool | None:
        return _within(demand, Decimal(len(value))) if type(value) in of else None

    return check


def _bytes(demand: Demand, value: Any) -> bool | None:
    value = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return _within(demand, Decimal(len(value))) if isinstance(value, (bytes, bytearray)) else None


def _value(demand: Demand, value: Any) -> bool | None:
    number = _number(value)
    return None if number is None else _within(demand, number)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, float):
        return Decimal(str(value))
    return Decimal(value) if isinstance(value, (int, Decimal)) else None


def _within(demand: Demand, number: Decimal) -> bool | None:
    if number.is_nan():
        return False
    if demand.choices:
        choices = [bound(choice) for choice in demand.choices]
        return None if None in choices else number in choices
    interval = demand.interval
    if interval is None:
        return None
    low, high = (bound(text) if text else number for text in (interval.low, interval.high))
    if low is None or high is None:
        return None
    if low.is_nan() or high.is_nan():
        return interval.operator != "exact"  # no comparison with it is true, as in CEL
    above = number > low or (number == low and not (interval.low and interval.low_open))
    below = number < high or (number == high and not (interval.high and interval.high_open))
    return above or below if interval.outside else above and below


def _chosen(demand: Demand, value: Any) -> bool | None:
    if isinstance(value, bool):
        return str(value).lower() in demand.choices
    if isinstance(value, (str, bytes)):
        return _base64(value) in demand.choices
    number = _number(value)
    choices = [bound(choice) for choice in demand.choices]
    if number is None or None in choices:
        return None
    return not number.is_nan() and any(not c.is_nan() and c == number for c in choices if c is not None)


def _not_chosen(demand: Demand, value: Any) -> bool | None:
    found = _chosen(demand, value)
    return None if found is None else not found


def _base64(value: str | bytes) -> str:
    return value if isinstance(value, str) else base64.b64encode(value).decode("ascii")


def _unique(demand: Demand, value: Any) -> bool | None:
    if not isinstance(value, (Sequence, Mapping)):
        return None
    plain = [item.to_bytes() if hasattr(item, "__codec__") else item for item in value]
    plain = [item if isinstance(item, (str, int, float, bytes)) else repr(item) for item in plain]
    nans = sum(isinstance(item, float) and math.isnan(item) for item in plain)
    return len({item for item in plain if item == item}) + nans == len(plain)


def _affix(test: Callable[[Any, Any], bool]) -> Callable[[Demand, Any], bool | None]:
    def check(demand: Demand, value: Any) -> bool | None:
        if isinstance(value, str):
            return test(value, demand.choices[0])
        return test(value, base64.b64decode(demand.choices[0])) if isinstance(value, bytes) else None

    return check


def _pattern(demand: Demand, value: Any) -> bool | None:
    try:
        text = value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeError:
        return False
    return matches(demand.pattern, text, whole=True) if isinstance(text, str) else None


def _search(demand: Demand, value: Any) -> bool | None:
    try:
        text = value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeError:
        raise RuleError("bytes that are not UTF-8 cannot be matched with a regular expression") from None
    return matches(demand.pattern, text, whole=False) if isinstance(text, str) else None


def _format(demand: Demand, value: Any) -> bool | None:
    check = FORMATS.get(demand.pattern)
    fits = isinstance(value, bytes if demand.pattern.startswith("bytes.") else str)
    return check(value) if check is not None and fits else None


def _from_now(demand: Demand, value: Any) -> bool | None:
    return _within(demand, value - Decimal(datetime.now(UTC).timestamp())) if isinstance(value, Decimal) else None


def _listed(path: str, choices: Sequence[str]) -> bool:
    """Whether a path of a field mask is one of those that are listed, or below one."""
    return any(path == choice or path.startswith(f"{choice}.") for choice in choices)


def _paths(demand: Demand, value: Any) -> bool | None:
    return all(_listed(path, demand.choices) for path in value) if isinstance(value, list) else None


def _no_paths(demand: Demand, value: Any) -> bool | None:
    return not any(_listed(path, demand.choices) for path in value) if isinstance(value, list) else None


def _same_paths(demand: Demand, value: Any) -> bool | None:
    return value == list(demand.choices) if isinstance(value, list) else None


_CHECKS: Mapping[str, Callable[[Demand, Any], bool | None]] = {
    "length": _counted(str, bytes),
    "bytes": _bytes,
    "size": _counted(list, tuple, dict, range),
    "value": _value,
    "in": _chosen,
    "not_in": _not_chosen,
    "unique": _unique,
    "pattern": _pattern,
    "search": _search,
    "format": _format,
    "prefix": _affix(lambda value, part: bool(value.startswith(part))),
    "suffix": _affix(lambda value, part: bool(value.endswith(part))),
    "contains": _affix(lambda value, part: part in value),
    "not_contains": _affix(lambda value, part: part not in value),
    "finite": lambda demand, value: math.isfinite(value) if isinstance(value, (int, float)) else None,
    "from_now": _from_now,
    "paths": _same_paths,
    "paths_in": _paths,
    "paths_not_in": _no_paths,
}


@cache
def bound(text: str) -> Decimal | None:
    """A bound as a number: plain, or the seconds of a duration or time stamp.

    ``1h30m``, ``20260102T030405``, ``2026-01-02T03:04:05Z``.
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    if match := _DURATION.match(text):
        total = sum((Decimal(n) * _UNITS[unit] for n, unit in _PART.findall(match[2])), Decimal(0))
        return -total if match[1] else total
    if match := _STAMP.match(text):
        try:
            whole = datetime.strptime("".join(match.groups()[:6]), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
        return Decimal(int(whole.timestamp())) + Decimal(f"0.{match[7] or 0}")
    return None
