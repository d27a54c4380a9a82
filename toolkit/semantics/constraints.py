"""Validation options as constraints, and constraints as sentences.

Nothing here knows an option by name: option mappings say what an option means,
and how the sentence reads.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.descriptors.model import Field, Oneof
from toolkit.runtime.constraints import Interval
from toolkit.semantics.mappings import ConstraintMapping, Mappings

DEMANDS = ("required", "exactly_one")
"""The kinds of constraint that require one member of a oneof to be set."""
_NUMBER = r"-?[\d.]+(?:e[+-]\d+)?[\w.]*"
_COMPARED = re.compile(rf"\s*(<=|>=|<|>)\s*({_NUMBER})\s*\Z")
_RANGE = re.compile(rf"\s*({_NUMBER})\s*-\s*({_NUMBER})\s*\Z")
_LIST = re.compile(rf"\s*{_NUMBER}(?:\s*,\s*{_NUMBER})+\s*\Z")
_SLOT = re.compile(r"\{(value|text)\}")
_EXACT = re.compile(rf"\s*({_NUMBER})\s*\Z")


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

    @property
    def kind(self) -> str:
        """``required``, ``length``, ``pattern``, ``in``, ``size``, …: a ``mappings.Kind``."""
        return self.rule.kind

    @property
    def of(self) -> str:
        """What it applies to: the ``field``, or each ``key`` or ``value`` in it."""
        return self.rule.of


def constraints_of(element: Field | Oneof, rules: Mappings) -> list[Constraint]:
    """The constraints of an element, in the order of its options, then of the mappings."""
    by_option = rules.constraints_by_option
    found: list[Constraint] = []
    for option, value in element.options.items():
        if rules.ignored and rules.ignores(option, value):
            continue
        for step, declared in by_option.get(option, {}).items():
            if not step or (isinstance(value, dict) and step in value):
                found.extend(constraint for rule in declared for constraint in _constraint(rule, value))
    return found


def sentence(constraint: Constraint, field: Field, code: Callable[[str], str]) -> str:
    """The constraint as a sentence; empty if the mapping has none. ``code`` formats a pattern as code."""
    rule = constraint.rule
    if rule.types and field.type.kind.value not in rule.types:
        return ""
    of = rule.of
    if of == "field" and constraint.kind != "size" and (field.is_map or field.repeated):
        of = "value"
    sentences = rule.map_sentences if field.is_map and rule.map_sentences else rule.sentences
    interval = constraint.interval or Interval()
    operator = interval.operator if constraint.interval else "list" if constraint.choices else "pattern"
    return sentences.get(operator, "").format(
        low=interval.low,
        high=interval.high,
        list=", ".join(map(code, constraint.choices) if _is_text(constraint, field) else constraint.choices),
        pattern=code(constraint.pattern) if constraint.pattern else "",
        text=code(constraint.text) if constraint.text else "",
        Value="Value" if of == "field" else f"Each {of}",
        for_each="" if of == "field" else f" for each {of}",
    )


def wording(constraint: Constraint, element: Field | Oneof) -> str:
    """The message for a violated constraint: its sentence in the reference, if it has one."""
    if isinstance(element, Oneof):
        members = ", ".join(f"`{name}`" for name in element.fields)
        return f"Exactly one of the fields {members} must be set."
    if constraint.kind == "required":
        return "Required field."
    return sentence(constraint, element, lambda text: f"`{text}`") or f"The constraint {constraint.kind} must hold."


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


def _is_text(constraint: Constraint, field: Field) -> bool:
    """Whether the choices are strings or bytes, which are formatted as code."""
    type_name = field.key if constraint.of == "key" else field.type.name
    return constraint.kind in ("in", "not_in") and type_name in ("string", "bytes")


def _constraint(rule: ConstraintMapping, value: Any) -> Iterator[Constraint]:
    for part in rule.member.split(".") if rule.member else ():
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or (value is False and rule.operand != "list"):
        return
    if rule.contains and not (isinstance(value, list) and rule.contains in value):
        return
    examples = rule.examples
    text = value if isinstance(value, str) else ""
    if text:
        examples = tuple(example.replace("{text}", text) for example in examples)
    if rule.value:
        filled = {"value": text, "text": re.escape(text)}
        value = _SLOT.sub(lambda slot: filled[slot[1]], rule.value)
    if rule.operand == "pattern":
        if value:
            yield Constraint(rule, pattern=str(value), text=text, examples=examples)
    elif rule.operand == "list":
        yield Constraint(rule, choices=tuple(_written(item, rule) for item in _items(value)), examples=examples)
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
    return value if isinstance(value, list) else [value]


def _bounded(operator: str, bound: str, *, free: bool) -> Interval | None:
    """An interval with one bound, or with two equal ones; None if the bound is not a number and ``free`` is not set."""
    if not free and not _EXACT.match(bound):
        return None
    if operator == "exact":
        return Interval(bound, bound)
    if operator.startswith("<"):
        return Interval(high=bound, high_open=operator == "<")
    return Interval(low=bound, low_open=operator == ">")


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
