"""Expressions that must hold: an added or a changed one may be stricter, a removed one is not."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.changes.model import Change, Detail, Kind, changed, shown
from toolkit.changes.pair import Pair
from toolkit.descriptors.model import Field, Message
from toolkit.semantics.protovalidate import Expression, expressions

EXPRESSION = "expression"
"""What the detail of such a change is about."""
_RULE = "CONSTRAINT_EXPRESSION_CHANGED"


def expression_changes(pair: Pair, noun: str, old: Field | Message, new: Field | Message) -> Iterator[Change]:
    """The changes of the expressions of a field or message. One with the same ID is the same one, changed.

    Other words for the same expression are not a change of what is allowed.
    """
    before, after = list(expressions(old, pair.old.extension)), list(expressions(new, pair.new.extension))
    known = [{one.meaning for one in side} for side in (before, after)]
    gone = [one for one in before if one.meaning not in known[1]]
    for one in after:
        if one.meaning not in known[0]:
            was = next((each for each in gone if one.id and (each.of, each.id) == (one.of, one.id)), None)
            gone = [each for each in gone if each is not was]
            yield _change(pair, noun, (old, new), was, one)
    for each in gone:
        yield _change(pair, noun, (old, new), each, None)


def _change(
    pair: Pair,
    noun: str,
    elements: tuple[Field | Message, Field | Message],
    was: Expression | None,
    now: Expression | None,
) -> Change:
    of = (now or was or Expression("", "", "")).of
    what = f"expression of each {of}" if of in ("key", "value") else EXPRESSION
    if was is None or now is None:
        message = f"{what} {'added' if now else 'removed'}: {_said(now or was)}"
    else:
        is_worded = was.message != now.message
        message = f"{what} changed from {_said(was, worded=is_worded)} to {_said(now, worded=is_worded)}"
    return changed(
        Kind.TIGHTENED if now is not None else Kind.LOOSENED,
        noun,
        *elements,
        message,
        package=pair.new.package_of(elements[1]),
        rules=[_RULE] if now is not None else [],
        detail=Detail(EXPRESSION, expressions=(was, now)),
    )


def _said(one: Expression | None, *, worded: bool = True) -> str:
    if one is None:
        return ""
    where = f", where rule is {one.rule}" if one.rule else ""
    return shown((one.message if worded else "") or f"{one.expression}{where}")
