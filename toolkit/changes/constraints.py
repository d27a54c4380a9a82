"""Constraints that were tightened or loosened: what buf ignores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from toolkit.changes.model import Change, Detail, Kind, changed, shown
from toolkit.changes.pair import Pair, Side
from toolkit.descriptors.model import Field, Oneof
from toolkit.semantics.constraints import Constraint, constraints_of
from toolkit.semantics.mappings import Mappings

_RULES = {
    "required": "CONSTRAINT_REQUIRED_ADDED",
    **dict.fromkeys(("pattern", "search", "format"), "CONSTRAINT_PATTERN_CHANGED"),
    **dict.fromkeys(("prefix", "suffix", "contains", "not_contains"), "CONSTRAINT_PATTERN_CHANGED"),
    "length": "CONSTRAINT_LENGTH_TIGHTENED",
    "bytes": "CONSTRAINT_BYTES_TIGHTENED",
    "size": "CONSTRAINT_SIZE_TIGHTENED",
    **dict.fromkeys(("value", "finite", "from_now"), "CONSTRAINT_VALUE_TIGHTENED"),
    **dict.fromkeys(("in", "not_in", "defined"), "CONSTRAINT_CHOICES_REMOVED"),
    **dict.fromkeys(("paths", "paths_in", "paths_not_in"), "CONSTRAINT_CHOICES_REMOVED"),
    "unique": "CONSTRAINT_UNIQUE_ADDED",
    "exactly_one": "CONSTRAINT_EXACTLY_ONE_ADDED",
}
_PATTERNS = ("pattern", "search", "format")
Bound = tuple[Decimal, bool]
"""A bound, and whether it is itself left out."""


def required_by(pair: Pair, field: Field) -> bool:
    """Whether a field of the new version must be set."""
    if not field.options:
        return False
    found = constraints_of(field, pair.rules, pair.new.schema.messages.get(field.parent))
    return any(c.kind == "required" and c.of == "field" for c in found)


def constraint_changes(pair: Pair, noun: str, old: Field | Oneof, new: Field | Oneof) -> Iterator[Change]:
    """The changes of an element's constraints: one for each kind, of the values, the keys or the field."""
    before, after = _by_kind(old, pair.old, pair.rules), _by_kind(new, pair.new, pair.rules)
    package = pair.new.package_of(new)
    for key in {**before, **after}:
        was, now = before.get(key, []), after.get(key, [])
        said = [_said(side) for side in (was, now)]
        if said[0] == said[1] and bool(was) == bool(now):
            continue
        kind, of = key
        what = kind.replace("_", " ") if of == "field" else f"{kind.replace('_', ' ')} of each {of}"
        tighter = _tighter(kind, was, now)
        if not was or not now:
            message = (
                f"constraint {what} {'removed' if was else 'added'}{f': {said[0] or said[1]}' if any(said) else ''}"
            )
        else:
            how = "changed" if kind in _PATTERNS else "tightened" if tighter else "loosened"
            message = f"constraint {what} {how} from {said[0]} to {said[1]}"
        yield changed(
            Kind.TIGHTENED if tighter else Kind.LOOSENED,
            noun,
            old,
            new,
            message,
            package=package,
            rules=[_RULES[kind]] if tighter else [],
            detail=Detail(kind, limits=(tuple(was), tuple(now))),
        )


def _by_kind(element: Field | Oneof, side: Side, rules: Mappings) -> dict[tuple[str, str], list[Constraint]]:
    found: dict[tuple[str, str], list[Constraint]] = {}
    for constraint in constraints_of(element, rules, side.schema.messages.get(element.parent)):
        if constraint.kind == "skip":  # a constraint of nothing
            continue
        found.setdefault((constraint.kind, constraint.of), []).append(constraint)
    return found


def _said(constraints: Sequence[Constraint]) -> str:
    return " and ".join(sorted(filter(None, map(_one, constraints))))


def _one(constraint: Constraint) -> str:
    if constraint.pattern:
        return shown(constraint.text or constraint.pattern)
    if constraint.choices:
        return shown(", ".join(constraint.choices))
    interval = constraint.interval
    if interval is None:
        return ""
    operator = interval.operator
    if operator == "outside":
        return f"outside of {interval.high}–{interval.low}"
    if operator == "range":
        open_ends = " (open)" if interval.low_open or interval.high_open else ""
        return f"{interval.low}–{interval.high}{open_ends}"
    if operator == "exact":
        return interval.low
    return f"{operator}{interval.low or interval.high}"


def _tighter(kind: str, was: Sequence[Constraint], now: Sequence[Constraint]) -> bool:
    """Whether some value that was allowed no longer is, as far as can be told; a new pattern may always be stricter."""
    if not now:
        return False
    if not was:
        return True
    if kind in _PATTERNS:
        return not {c.pattern for c in now} <= {c.pattern for c in was}
    if kind in ("not_in", "paths_not_in"):
        return not _choices(now) <= _choices(was)
    if any(c.choices for c in (*was, *now)):
        before = _choices(was)
        return not before or (_choices(now) != set() and not before <= _choices(now))
    if any(c.interval is not None and c.interval.outside for c in (*was, *now)):
        return True
    try:
        return _bounds(now, low=True) > _bounds(was, low=True) or _bounds(now, low=False) > _bounds(was, low=False)
    except (InvalidOperation, ValueError):
        return True


def _choices(constraints: Sequence[Constraint]) -> set[str]:
    return {choice for constraint in constraints for choice in constraint.choices}


def _bounds(constraints: Sequence[Constraint], *, low: bool) -> Bound:
    """The strictest lower bound, or the strictest upper one with its sign turned: the larger, the stricter."""
    found = [(Decimal("-Infinity"), False)]
    for constraint in constraints:
        interval = constraint.interval
        if interval is None:
            continue
        text, is_open = (interval.low, interval.low_open) if low else (interval.high, interval.high_open)
        if text:
            number = _number(text)
            found.append((number if low else -number, is_open))
    return max(found)


def _number(text: str) -> Decimal:
    """A bound as a number: a duration's seconds, a time stamp's since the epoch."""
    if text.endswith("Z"):
        return Decimal(datetime.fromisoformat(text).timestamp())
    return Decimal(text.removesuffix("s"))
