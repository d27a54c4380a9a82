"""Constraints as phrases beside the facts of a field, such as ``1–63 characters``; for those without one, sentences.

The changelog has them after a verb, as predicates: ``have 1–63 characters``, ``be an email address``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from toolkit.descriptors.model import Field
from toolkit.runtime.constraints import Interval
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.facts import Facts
from toolkit.semantics.sentences import Format, listed, of_expressions, sentence, together

_UNITS = {"length": ("character", "characters"), "bytes": ("byte", "bytes"), "size": ("item", "items")}
"""What kinds of constraint count: one, and several."""
_ENTRIES = ("entry", "entries")
_EACH = {"key": "each key: ", "value": "each value: "}
_MUST = re.compile(r"(?:Value|Each key|Each value) must (?P<predicate>.+?)\.?\Z", re.S)
"""A sentence whose subject is the field, or what it contains."""


def phrases(field: Field, facts: Facts, code: Format, text: Format) -> tuple[list[str], list[str]]:
    """What a field must satisfy besides being set: short phrases, and sentences about the rest."""
    if not field.options:
        return [], []
    short: dict[str, list[str]] = {}
    long: list[str] = []
    for constraint in together([each for each in facts.constraints(field) if each.kind != "required"]):
        said = sentence(constraint, field, facts, code)
        one = phrase(constraint, field, code) if said else ""
        if one:
            short.setdefault(_EACH.get(constraint.about(field), ""), []).append(one)
        elif said:
            long.append(said)
    joined = [subject + ", ".join(sorted(said, key=_is_pattern)) for subject, said in short.items()]
    return joined, [*long, *of_expressions(field, facts, code, text)]


def _is_pattern(phrase: str) -> bool:
    """Patterns come last, since they are the longest."""
    return phrase.startswith("matches ")


def phrase(constraint: Constraint, field: Field, code: Format) -> str:
    """A constraint as a short phrase; empty if it takes a sentence."""
    interval, kind = constraint.interval, constraint.kind
    if kind == "pattern" and constraint.pattern:
        return f"matches {code(constraint.pattern)}"
    if kind == "search" and constraint.text:
        return f"matches {code(constraint.text)}"
    if kind == "unique":
        return "no duplicates"
    if kind in _UNITS:
        return _of_counts(constraint, field)
    if kind != "value" or interval is None or interval.outside:
        return ""
    return _of_time(interval) if constraint.rule.unit == "timestamp" else _of_value(interval)


def predicate(constraint: Constraint, field: Field, facts: Facts, code: Format) -> str:
    """What a field, or each value in it, must do: ``be at least 3``; empty if its mapping words it differently.

    A mapping without sentences has those that the kind of constraint usually has.
    """
    found = phrase(constraint, field, code)
    if found:
        return _after_verb(constraint, found)
    if constraint.kind == "value" and constraint.choices:
        return f"be {listed(constraint.choices, 'or')}"
    rule = constraint.rule
    if not rule.sentences:
        words = facts.mappings.words.get(constraint.kind, {})
        constraint = replace(constraint, rule=msgspec.structs.replace(rule, sentences=words, types=()))
    match = _MUST.match(sentence(constraint, field, facts, code))
    return match["predicate"] if match is not None else ""


def _after_verb(constraint: Constraint, found: str) -> str:
    """A phrase with the verb that it lacks."""
    if constraint.kind in ("pattern", "search"):
        return f"match {found.removeprefix('matches ')}"
    if constraint.kind == "unique":
        return "have unique items"
    if constraint.kind != "value":
        return f"have {found}"
    return f"be from {found}" if found[:1] in "-0123456789" else f"be {found}"


def _of_counts(constraint: Constraint, field: Field) -> str:
    one, several = _ENTRIES if constraint.kind == "size" and field.is_map else _UNITS[constraint.kind]
    interval = constraint.interval
    if interval is None:
        return f"{listed(constraint.choices, 'or')} {several}" if constraint.choices else ""
    if interval.outside:
        return ""
    if interval.low_open and interval.low == "0":
        interval = replace(interval, low="1", low_open=False)
    if interval.low_open or interval.high_open:
        return _of_open_count(interval, several)
    return _of_count(interval.low, interval.high, one, several)


def _of_open_count(interval: Interval, several: str) -> str:
    above = f"{'more than' if interval.low_open else 'at least'} {interval.low}" if interval.low else ""
    below = f"{'fewer than' if interval.high_open else 'at most'} {interval.high}" if interval.high else ""
    return f"{' and '.join(filter(None, (above, below)))} {several}"


def _of_count(low: str, high: str, one: str, several: str) -> str:
    unit = one if (high or low) == "1" else several
    if low == high:
        return f"exactly {low} {unit}"
    if low in ("", "0"):
        return f"at most {high} {unit}" if high else ""
    return f"{low}–{high} {unit}" if high else f"at least {low} {unit}"


def _of_value(interval: Interval) -> str:
    if interval.operator == "range" and not (interval.low_open or interval.high_open):
        return f"{interval.low} to {interval.high}"
    return _of_bounds(interval, ("at least", "greater than"), ("at most", "less than"))


def _of_time(interval: Interval) -> str:
    return _of_bounds(interval, ("at or after", "after"), ("at or before", "before"))


def _of_bounds(interval: Interval, above: Sequence[str], below: Sequence[str]) -> str:
    """The bounds with words for each: those for one that is allowed itself, and for one that is not."""
    low, high = interval.low, interval.high
    if low == high:
        return f"exactly {low}"
    lower, upper = f"{above[interval.low_open]} {low}", f"{below[interval.high_open]} {high}"
    return f"{lower} and {upper}" if low and high else lower if low else upper
