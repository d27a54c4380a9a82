"""Constraints as phrases beside the facts of a field, such as ``1–63 characters``; for those without one, sentences."""

from __future__ import annotations

from toolkit.descriptors.model import Field
from toolkit.runtime.constraints import Interval
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.facts import Facts
from toolkit.semantics.sentences import Format, of_expressions, sentence, together

_UNITS = {"length": ("character", "characters"), "bytes": ("byte", "bytes"), "size": ("item", "items")}
"""What kinds of constraint count: one, and several."""
_ENTRIES = ("entry", "entries")
_EACH = {"key": "each key: ", "value": "each value: "}


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
    if interval is None or interval.outside:
        return ""
    if kind == "value":
        return _of_value(interval)
    if kind not in _UNITS or interval.low_open or interval.high_open:
        return ""
    one, several = _ENTRIES if kind == "size" and field.is_map else _UNITS[kind]
    return _of_count(interval.low, interval.high, one, several)


def _of_count(low: str, high: str, one: str, several: str) -> str:
    unit = one if (high or low) == "1" else several
    if low == high:
        return f"exactly {low} {unit}"
    if low in ("", "0"):
        return f"at most {high} {unit}" if high else ""
    return f"{low}–{high} {unit}" if high else f"at least {low} {unit}"


def _of_value(interval: Interval) -> str:
    low, high = interval.low, interval.high
    if low == high:
        return f"exactly {low}"
    if not low:
        return f"less than {high}" if interval.high_open else f"at most {high}"
    if not high:
        return f"greater than {low}" if interval.low_open else f"at least {low}"
    if not (interval.low_open or interval.high_open):
        return f"{low} to {high}"
    above = "greater than" if interval.low_open else "at least"
    below = "less than" if interval.high_open else "at most"
    return f"{above} {low} and {below} {high}"
