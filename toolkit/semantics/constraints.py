"""Validation options as constraints.

Nothing here knows an option by name: option mappings say what an option means.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from toolkit.descriptors.model import Field, Message, Oneof
from toolkit.runtime.constraints import OF_WHOLE, Interval, bound
from toolkit.semantics.mappings import ConstraintMapping, Mappings, Operand

DEMANDS = ("required", "exactly_one")
"""The kinds of constraint that require one member of a oneof to be set."""
_NUMBER = r"-?[\d.]+(?:e[+-]\d+)?[\w.]*"
_COMPARED = re.compile(rf"\s*(<=|>=|<|>)\s*({_NUMBER})\s*\Z")
_RANGE = re.compile(rf"\s*({_NUMBER})\s*-\s*({_NUMBER})\s*\Z")
_LIST = re.compile(rf"\s*{_NUMBER}(?:\s*,\s*{_NUMBER})+\s*\Z")
_SLOT = re.compile(r"\{(value|text)\}")
_EXACT = re.compile(rf"\s*({_NUMBER})\s*\Z")
_EXCLUSIVE: Mapping[Operand, Operand] = {"<=": "<", ">=": ">"}
_INNER = 2
"""The members on the way to the rules for what a field contains, such as ``repeated.items``."""
_NOT_FINITE = frozenset(("inf", "-inf", "nan"))


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint that an option puts on a field or oneof."""

    rule: ConstraintMapping
    interval: Interval | None = None
    choices: tuple[str, ...] = ()
    """Instead of an interval: the allowed or (``not_in``) forbidden values; bytes in base64."""
    pattern: str = ""
    text: str = ""
    """The value of the option, if it is a string."""
    examples: tuple[str, ...] = ()
    """Example values in the mapping."""
    upper: ConstraintMapping | None = None
    """If two bounds are one constraint: the mapping of the upper one."""
    applies: str = "set"
    """When to check it, as in ``Constraint.applies`` of the runtime."""

    @property
    def kind(self) -> str:
        """``required``, ``length``, ``pattern``, ``in``, ``size``, …: a ``mappings.Kind``."""
        return self.rule.kind

    @property
    def of(self) -> str:
        """What it applies to: the ``field``, or each ``key`` or ``value`` in it."""
        return self.rule.of

    def about(self, field: Field) -> str:
        """What it is about: the ``field`` as a whole, or each ``key`` or ``value`` in a list or map."""
        is_inner = self.of == "field" and self.kind not in OF_WHOLE and (field.is_map or field.repeated)
        return "value" if is_inner else self.of


def constraints_of(
    element: Field | Oneof, rules: Mappings, message: Message | None = None, *, infinite: bool = False
) -> list[Constraint]:
    """The constraints of an element, in the order of its options, then of the mappings.

    Options of the ``message`` that it is in may disable some.
    With ``infinite``, this includes constraints with infinite bounds, which only affect values that are not numbers.
    """
    found = [
        replace(constraint, applies=_applies(rule, element.options[rule.option], rules))
        if rule.option in rules.zero_values
        else constraint
        for rule, value, beside in _operands(element, rules)
        for constraint in _constraint(rule, value, beside)
    ]
    found = list(paired(found, rules)) if rules.outside else found
    if message is not None and rules.disabling(message.options):
        disabled = rules.disabling(message.options)
        found = [constraint for constraint in found if constraint.rule.option not in disabled]
    return found if infinite else [constraint for constraint in found if not is_infinite(constraint)]


def _applies(rule: ConstraintMapping, value: Any, rules: Mappings) -> str:
    """When an option applies, as a member on the way to the rule says; for what a field contains, a member below it."""
    around = []
    for part in rule.member.split("."):
        around.append(value)
        value = value.get(part) if isinstance(value, dict) else None
    inner = around if rule.of == "field" else around[_INNER:]
    return "nonzero" if any(rules.ignores(rule.option, one, "nonzero") for one in inner) else "always"


def is_infinite(constraint: Constraint) -> bool:
    """Whether a constraint has an infinite bound, or one that is not a number."""
    interval = constraint.interval
    return interval is not None and bool({interval.low, interval.high} & _NOT_FINITE)


def unreadable(element: Field | Oneof, rules: Mappings) -> Iterator[ConstraintMapping]:
    """The mappings of options whose values cannot be read."""
    for rule, value, beside in _operands(element, rules):
        if rule.operand and value not in ("", []) and not any(_constraint(rule, value, beside)):
            yield rule


def _operands(element: Field | Oneof, rules: Mappings) -> Iterator[tuple[ConstraintMapping, Any, Mapping[str, Any]]]:
    """The mappings of an element's options, each with the value of the option and the members beside it."""
    by_option = rules.constraints_by_option
    for option, value in element.options.items():
        for step, declared in by_option.get(option, {}).items():
            if not step or (isinstance(value, dict) and step in value):
                for rule in declared:
                    operand, beside = _operand(rule, value, rules)
                    if operand is not None and (operand is not False or rule.operand == "list"):
                        yield _exclusive(rule, beside), operand, beside


def _operand(rule: ConstraintMapping, value: Any, rules: Mappings) -> tuple[Any, Mapping[str, Any]]:
    """The value of an option for a mapping, None if it has no effect, and the members beside it."""
    beside: Mapping[str, Any] = {}
    for part in rule.member.split(".") if rule.member else ():
        if not isinstance(value, dict) or rules.ignores(rule.option, value):
            return None, {}
        beside, value = value, value.get(part)
    return value if not rule.contains or rule.contains in _items(value) else None, beside


def _exclusive(rule: ConstraintMapping, beside: Mapping[str, Any]) -> ConstraintMapping:
    """The mapping of a bound, without the bound itself if a member beside it says so."""
    if not rule.exclusive or beside.get(rule.exclusive) is not True:
        return rule
    return msgspec.structs.replace(rule, operand=_EXCLUSIVE.get(rule.operand, rule.operand))


def paired(constraints: Sequence[Constraint], rules: Mappings, inside: Container[str] = ()) -> Iterator[Constraint]:
    """Merge lower and upper bounds that allow the values outside of the two.

    Of the options ``inside``, also merge bounds that allow the values between them.
    """
    bounds = {_key(c): c for c in constraints if c.rule.option in rules.outside and _is_bound(c)}
    for constraint in constraints:
        option, member, is_lower = key = _key(constraint)
        other = bounds.get((option, member, not is_lower)) if constraint is bounds.get(key) else None
        if other is None or constraint.interval is None or other.interval is None:
            yield constraint
            continue
        low, high = constraint.interval, other.interval
        if not is_lower:
            low, high = high, low
        outside = _is_above(low.low, high.high)
        if not (outside or option in inside):
            yield constraint
        elif is_lower:
            both = replace(low, high=high.high, high_open=high.high_open, outside=outside)
            yield replace(constraint, interval=both, upper=other.rule)


def _is_bound(constraint: Constraint) -> bool:
    """Whether a constraint is one bound of a number."""
    interval = constraint.interval
    return constraint.kind == "value" and interval is not None and bool(interval.low) != bool(interval.high)


def _key(constraint: Constraint) -> tuple[str, str, bool]:
    """What the two bounds of a value share, and which of the two this is."""
    is_lower = constraint.interval is not None and bool(constraint.interval.low)
    return constraint.rule.option, constraint.rule.member.rpartition(".")[0], is_lower


def _is_above(low: str, high: str) -> bool:
    lower, upper = bound(low), bound(high)
    return lower is not None and upper is not None and not lower.is_nan() and not upper.is_nan() and lower > upper


@lru_cache(1024)
def parse_interval(text: str) -> Interval | None:
    """Parse ``<=50``, ``1-63``, ``>0`` or ``36``; None for anything else."""
    if match := _COMPARED.match(text):
        operator, bound = match.groups()
        if operator[0] == "<":
            return Interval(high=bound, high_open=operator == "<")
        return Interval(low=bound, low_open=operator == ">")
    if match := _RANGE.match(text):
        return Interval(low=match[1], high=match[2])
    if match := _EXACT.match(text):
        return Interval(low=match[1], high=match[1])
    return None


def _constraint(rule: ConstraintMapping, value: Any, beside: Mapping[str, Any]) -> Iterator[Constraint]:
    examples = rule.examples
    text = value if isinstance(value, str) else _written(value, rule) if rule.operand == "text" else ""
    if text:
        examples = tuple(example.replace("{text}", text) for example in examples)
    if rule.value:
        filled = {"value": text, "text": re.escape(text)}
        value = _SLOT.sub(lambda slot: filled[slot[1]], rule.value)
    if rule.operand == "pattern":
        if value:
            is_loose = rule.loose and beside.get(rule.loose) is False
            yield Constraint(rule, pattern=f"{value}_loose" if is_loose else str(value), text=text, examples=examples)
    elif rule.operand == "list":
        yield Constraint(rule, choices=tuple(_written(item, rule) for item in _items(value)), examples=examples)
    elif rule.operand == "text":
        yield Constraint(rule, choices=(text,), text=text, examples=examples)
    elif rule.operand == "interval":
        interval = parse_interval(str(value))
        if interval is not None:
            yield Constraint(rule, interval, examples=examples)
        elif _LIST.match(str(value)):
            choices = tuple(part.strip() for part in str(value).split(","))
            yield Constraint(rule, choices=choices, examples=examples)
    elif rule.operand:
        interval = _bounded(rule.operand, _written(value, rule), free=bool(rule.unit))
        if interval is not None:
            yield Constraint(rule, interval, examples=examples)
    else:
        yield Constraint(rule, examples=examples)


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict) and value.keys() <= {"paths"}:
        return list(value.get("paths", []))  # a field mask
    return value if isinstance(value, list) else [value]


def _bounded(operator: str, text: str, *, free: bool) -> Interval | None:
    """An interval with one bound, or with two equal ones; None if the bound is not a number and ``free`` is not set."""
    if not free and not _EXACT.match(text) and text not in _NOT_FINITE:
        return None
    if operator == "within":
        return Interval(f"-{text}", text)
    if operator == "exact":
        return Interval(text, text)
    if operator.startswith("<"):
        return Interval(high=text, high_open=operator == "<")
    return Interval(low=text, low_open=operator == ">")


def _written(value: Any, rule: ConstraintMapping) -> str:
    """The value of an option, as written in its sentence and in ProtoJSON."""
    if isinstance(value, dict) and rule.unit:
        return _time(value.get("seconds", 0), value.get("nanos", 0), rule.unit)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return str(int(value) if whole else value)


def _time(seconds: int, nanos: int, unit: str) -> str:
    """A duration as ``1.5s``; a timestamp as ``2026-01-02T03:04:05Z``, or in seconds if it is out of range."""
    total = seconds * 1_000_000_000 + nanos
    seconds, nanos = divmod(abs(total) if unit == "duration" else total, 1_000_000_000)
    fraction = f".{nanos:09}".rstrip("0") if nanos else ""
    if unit == "duration":
        return f"{'-' if total < 0 else ''}{seconds}{fraction}s"
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return str(seconds)
    return f"{moment.replace(tzinfo=None).isoformat()}{fraction}Z"
