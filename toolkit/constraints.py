"""Validation options as constraints, and constraints as sentences, by a declared table.

Nothing here knows an option by name: rule files (``toolkit/rules/*.toml``, and
``rules`` in the configuration) say which option means what and how it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.rules import ConstraintRule, Rules
from toolkit.schema import Field, Oneof

_NUMBER = r"-?[\d.]+(?:e[+-]\d+)?[\w.]*"
_COMPARED = re.compile(rf"\s*(<=|>=|<|>)\s*({_NUMBER})\s*\Z")
_RANGE = re.compile(rf"\s*({_NUMBER})\s*-\s*({_NUMBER})\s*\Z")
_LIST = re.compile(rf"\s*{_NUMBER}(?:\s*,\s*{_NUMBER})+\s*\Z")
_EXACT = re.compile(rf"\s*({_NUMBER})\s*\Z")


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


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that an option demands of a field or oneof."""

    rule: ConstraintRule
    interval: Interval | None = None
    choices: tuple[str, ...] = ()
    """Instead of an interval: the values that are allowed."""
    pattern: str = ""

    @property
    def kind(self) -> str:
        """``required``, ``length``, ``pattern``, ``value``, ``size``, ``unique``, ``bytes``, ``exactly_one``."""
        return self.rule.kind

    @property
    def of(self) -> str:
        """What it is about: ``field``, or each ``key`` or ``value`` in it."""
        return self.rule.of


def constraints_of(element: Field | Oneof, rules: Rules) -> list[Constraint]:
    """The constraints of an element, in the order of its options, then of the table."""
    by_option = rules.constraints_by_option
    found: list[Constraint] = []
    for option, value in element.options.items():
        for rule in by_option.get(option, ()):
            found.extend(_constraint(rule, value))
    return found


def sentence(constraint: Constraint, field: Field, code: Callable[[str], str]) -> str:
    """The constraint as a sentence; empty where the table has none. ``code`` sets a pattern as code."""
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
        list=", ".join(constraint.choices),
        pattern=code(constraint.pattern) if constraint.pattern else "",
        Value="Value" if of == "field" else f"Each {of}",
        for_each="" if of == "field" else f" for each {of}",
    )


def parse_interval(text: str) -> Interval | None:
    """``<=50``, ``1-63``, ``>0``, ``36``; None for what is none of these."""
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


def _constraint(rule: ConstraintRule, value: Any) -> Iterator[Constraint]:
    for part in rule.member.split(".") if rule.member else ():
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or value is False:
        return
    if rule.contains and not (isinstance(value, list) and rule.contains in value):
        return
    if rule.operand == "pattern":
        if value:
            yield Constraint(rule, pattern=str(value))
    elif rule.operand == "interval":
        interval = parse_interval(str(value))
        if interval is not None:
            yield Constraint(rule, interval)
        elif _LIST.match(str(value)):
            yield Constraint(rule, choices=tuple(part.strip() for part in str(value).split(",")))
    elif rule.operand:
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        bound = str(int(value) if whole else value)
        interval = parse_interval(bound if rule.operand == "exact" else f"{rule.operand}{bound}")
        if interval is not None:
            yield Constraint(rule, interval)
    else:
        yield Constraint(rule)
