"""Constraints at run time: whether values hold to them, and what of a message does not.

The toolkit's own checker uses the same functions on official messages.
"""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from toolkit.runtime.jsonvalues import shortest_float
from toolkit.runtime.wellknown import parts_of, span_of

if TYPE_CHECKING:
    from toolkit.runtime.messagetype import Field, MessageType

_UNITS = {
    unit: Decimal(seconds)
    for unit, seconds in (("h", 3600), ("m", 60), ("s", 1), ("ms", "0.001"), ("us", "0.000001"), ("ns", "0.000000001"))
}
_DURATION = re.compile(r"(-?)((?:\d+(?:\.\d+)?(?:ms|us|ns|[hms]))+)\Z")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|[hms])")
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:\.(\d+))?Z?\Z")


_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9A-Fa-f",
}
OF_WHOLE = ("size", "unique")
"""The kinds of constraint that a list or map has to hold to; others are of each value."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds as the option writes them; an empty one is no bound."""

    low: str = ""
    high: str = ""
    low_open: bool = False
    high_open: bool = False

    @property
    def operator(self) -> str:
        """The key of its sentence: ``<=``, ``>=``, ``<``, ``>``, ``range`` or ``exact``."""
        if self.low and self.high:
            return "exact" if self.low == self.high else "range"
        if self.low:
            return ">" if self.low_open else ">="
        return "<" if self.high_open else "<="


class Demand(Protocol):
    """What a constraint demands of a value."""

    @property
    def kind(self) -> str:
        """``length``, ``pattern``, ``value``, ``in``, ``not_in``, ``size``, ``unique``, ``bytes``."""
        ...

    @property
    def interval(self) -> Interval | None:
        """Bounds of the length, size or number."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """Instead of an interval: the values that are allowed, or (``not_in``) are not; bytes as base64."""
        ...

    @property
    def pattern(self) -> str:
        """An RE2 expression for the whole value."""
        ...


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of a generated class, as the class's ``__constraints__`` has it."""

    field: str
    """The name of the field or oneof in the .proto file."""
    kind: str
    of: str
    """``field``, or each ``key`` or ``value`` in it."""
    rule: str
    """The option that demands it."""
    text: str
    """What it demands, as the reference words it."""
    bounds: tuple[str, str, bool, bool] | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""

    @property
    def interval(self) -> Interval | None:
        """The bounds."""
        return None if self.bounds is None else Interval(*self.bounds)


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A constraint that a message breaks."""

    path: str
    """Where in the message: ``labels["env"]``, ``hosts[2].name``; empty for the message itself."""
    rule: str
    """The option, and the member of it, that demands it: ``acme.length``, ``buf.validate.field string.max_len``."""
    message: str
    """What it demands, as the reference words it."""

    def __str__(self) -> str:
        return f"{self.path or '(message)'}: {self.message} [{self.rule}]"


def holds(constraint: Demand, value: Any, matches: Callable[[str, Any], bool]) -> bool:
    """Whether a value holds to a constraint.

    Lengths are of strings and bytes, values are numbers (of a duration or time
    stamp its seconds), sizes are of lists and maps. A bound or pattern that
    cannot be read demands nothing.
    """
    kind = constraint.kind
    if kind == "pattern":
        return matches(constraint.pattern, value)
    if kind == "in":
        return _chosen(constraint, value)
    if kind == "not_in":
        return not _chosen(constraint, value)
    if kind == "unique":
        seen = [item if isinstance(item, (str, int, float, bytes)) else repr(item) for item in value]
        return len(set(seen)) == len(seen)
    if kind == "bytes":
        value = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    if kind in ("length", "bytes", "size"):
        if not hasattr(value, "__len__"):
            return True
        value = len(value)
    elif kind != "value" or isinstance(value, (str, bytes)):
        return True
    return _within(constraint, Decimal(str(value)) if isinstance(value, float) else Decimal(value))


def _chosen(constraint: Demand, value: Any) -> bool:
    """Whether a value is one of the choices."""
    if isinstance(value, bool):
        return str(value).lower() in constraint.choices
    if isinstance(value, (str, bytes)):
        text = value if isinstance(value, str) else base64.b64encode(value).decode("ascii")
        return text in constraint.choices
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return any(bound(choice) == number for choice in constraint.choices)


def _within(constraint: Demand, number: Decimal) -> bool:
    if constraint.choices:
        choices = [bound(choice) for choice in constraint.choices]
        return None in choices or number in choices
    interval = constraint.interval
    if interval is None:
        return True
    low, high = bound(interval.low), bound(interval.high)
    if low is not None and (number < low or (interval.low_open and number == low)):
        return False
    return not (high is not None and (number > high or (interval.high_open and number == high)))


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


@cache
def _expression(pattern: str) -> re.Pattern[str] | None:
    """An RE2 expression as one of this language, or None for what has no counterpart."""
    text = re.sub(r"\[:(\w+):\]", lambda match: _POSIX.get(match[1], match[0]), pattern).replace(r"\z", r"\Z")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return re.compile(text, re.ASCII)
    except (re.error, FutureWarning, OverflowError, RecursionError):
        return None


def _matches(pattern: str, value: Any) -> bool:
    compiled = _expression(pattern)
    try:
        text = value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeError:
        return False
    return compiled is None or not isinstance(text, str) or compiled.fullmatch(text) is not None


def key_text(key: Any) -> str:
    """A map's key in a path."""
    return f'"{key}"' if isinstance(key, str) else str(key).lower()


def violations(message: Any) -> list[Violation]:
    """The constraints that a message, or one in it, breaks, in the order of its fields.

    A field that is not set (without presence: that holds its zero value)
    breaks only ``required``; of a oneof, only the member that is set counts.
    """
    found: list[Violation] = []
    stack: list[tuple[Any, str]] = [(message, "")]
    while stack:
        one, path = stack.pop()
        type_: MessageType = one.__codec__
        constraints = [Constraint(*entry) for entry in one.__constraints__]
        inner: list[tuple[Any, str]] = []
        for field in type_.fields:
            value, is_set = _value_of(type_, one, field)
            here = f"{path}.{field.name}" if path else field.name
            own = [constraint for constraint in constraints if constraint.field == field.name]
            found += _field(type_, field, own, value, is_set, here)
            if is_set and field.kind in ("message", "group"):
                inner += [(item, where) for where, item in _items(field, value, here) if hasattr(item, "__codec__")]
        for name, (attribute, _) in type_.oneofs.items():
            for constraint in constraints:
                if constraint.field == name and constraint.kind == "exactly_one" and getattr(one, attribute) is None:
                    found.append(Violation(path, constraint.rule, constraint.text))
        stack += reversed(inner)
    return found


def _value_of(type_: MessageType, message: Any, field: Field) -> tuple[Any, bool]:
    if field.oneof:
        attribute, cases = type_.oneofs[field.oneof]
        case = getattr(message, attribute)
        return (case.value, True) if type(case) is cases[field.name] else (None, False)
    value = getattr(message, field.attribute)
    return value, bool(value) if not field.presence else value is not None


def _field(
    type_: MessageType, field: Field, constraints: Sequence[Constraint], value: Any, is_set: bool, path: str
) -> Iterator[Violation]:
    for constraint in constraints:
        if constraint.kind == "required":
            if not is_set and not field.oneof:
                yield Violation(path, constraint.rule, constraint.text)
        elif is_set:
            for where, single in _subjects(constraint, field, value, path):
                if not _holds(type_, constraint, field, single):
                    yield Violation(where, constraint.rule, constraint.text)


def _holds(type_: MessageType, constraint: Constraint, field: Field, value: Any) -> bool:
    if constraint.kind == "defined":
        return value in type_.enum(field.type_name).__json_names__
    if isinstance(value, float) and (field.kind == "float" or field.type_name == "google.protobuf.FloatValue"):
        with suppress(OverflowError):  # such a value cannot be written, which is another matter
            value = shortest_float(value)
    return holds(constraint, value, _matches)


def _subjects(constraint: Constraint, field: Field, value: Any, path: str) -> list[tuple[str, Any]]:
    """The values that a constraint is about, each with its path."""
    if constraint.kind in OF_WHOLE:
        return [] if field.single else [(path, value)]
    if field.key and constraint.of == "key":
        return [(f"{path}[{key_text(key)}]", key) for key in sorted(value)]
    return [(where, _bare(item)) for where, item in _items(field, value, path)]


def _items(field: Field, value: Any, path: str) -> list[tuple[str, Any]]:
    if field.key:
        return [(f"{path}[{key_text(key)}]", value[key]) for key in sorted(value)]
    if field.repeated:
        return [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return [(path, value)]


def _bare(value: Any) -> Any:
    """What is compared: of a duration or time stamp its seconds."""
    if isinstance(value, (datetime, timedelta)):
        seconds, nanos = parts_of(value) if isinstance(value, datetime) else span_of(value)
        return Decimal(seconds) + Decimal(nanos) / 1_000_000_000
    return value.to_bytes() if hasattr(value, "__codec__") else value
