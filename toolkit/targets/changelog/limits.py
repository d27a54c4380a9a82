"""Constraints that came, went or changed, in words for people; limits read as on the pages of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.descriptors.model import Field
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.facts import Facts
from toolkit.semantics.phrases import phrase
from toolkit.semantics.sentences import listed, sentence, together
from toolkit.targets.markdown import inline

_PLAIN = {
    "required": ("is now required", "is no longer required"),
    "exactly_one": ("must now have exactly one of its fields set", "may now be left unset"),
    "unique": ("must now have no duplicates", "may now have duplicates"),
    "defined": ("must now be a value that the enum defines", "may now be a value that the enum does not define"),
    "finite": ("must now be a finite number", "may now be infinite, or not a number"),
}
"""Kinds of constraint that are there or not: what is said of an element that now has one, and of one that has none."""
_ANY = {"length": "length", "bytes": "number of bytes", "value": "value"}
_UP_TO = "at most "


@dataclass(frozen=True, slots=True)
class Limits:
    """The constraints of one kind that an element of one revision has."""

    constraints: Sequence[Constraint]
    field: Field | None
    """None for a oneof."""
    facts: Facts

    def phrases(self) -> list[str]:
        """As short phrases; empty unless each of them is one."""
        if self.field is None:
            return []
        found = [phrase(one, self.field, code) for one in together(self.constraints)]
        return found if all(found) else []

    def sentences(self) -> str:
        """As sentences in quotation marks; empty if there are none."""
        if self.field is None:
            return ""
        found = [sentence(one, self.field, self.facts, code) for one in together(self.constraints)]
        return " and ".join(f"“{one.rstrip('.')}”" for one in dict.fromkeys(found) if one)

    def choices(self) -> dict[str, str]:
        """The values that may be chosen, or may not be, each as it is written."""
        enum = self.facts.schema.enums.get(self.field.type.name) if self.field is not None else None
        names = {str(value.number): value.name for value in reversed(enum.values)} if enum is not None else {}
        return {each: code(names.get(each, each)) for one in self.constraints for each in one.choices}

    def about(self) -> str:
        """The words in front of the element: ``each value of``, and so on."""
        if self.field is None or not self.constraints:
            return ""
        about = self.constraints[0].about(self.field)
        return "" if about == "field" else f"Each {about} of "


def worded(kind: str, was: Limits, now: Limits, *, tighter: bool) -> str:
    """What is said of an element whose constraints of one kind changed."""
    if kind in _PLAIN:
        return _PLAIN[kind][not now.constraints]
    if kind in ("in", "not_in", "value") and all(one.choices for one in (*was.constraints, *now.constraints)):
        return _of_choices(was.choices(), now.choices(), wanted=kind != "not_in")
    before, after = was.phrases(), now.phrases()
    if bool(was.constraints) == bool(before) and bool(now.constraints) == bool(after):
        if kind in ("pattern", "search"):
            return _of_patterns(before, after)
        return _of_numbers(kind, was, now, tighter=tighter)
    return _of_sentences(kind, was, now, tighter=tighter)


def _of_numbers(kind: str, was: Limits, now: Limits, *, tighter: bool) -> str:
    before, after = (_spelled(kind, side.phrases()) for side in (was, now))
    verb = "be" if kind == "value" else "have"
    if not after:
        return f"may now have any {_ANY.get(kind) or _counted(was)}" + _before(before)
    if not tighter and all(each.startswith(_UP_TO) for each in (*before, *after)):
        most = " and ".join(each.removeprefix(_UP_TO) for each in after)
        return f"may now {verb} up to {most} (was {' and '.join(map(_most, was.constraints))})"
    return f"{'must' if tighter else 'may'} now {verb} {' and '.join(after)}" + _before(before)


def _spelled(kind: str, phrases: list[str]) -> list[str]:
    """Phrases as they read after a verb."""
    return [f"from {each}" if kind == "value" and each[:1] in "-0123456789" else each for each in phrases]


def _most(constraint: Constraint) -> str:
    return constraint.interval.high if constraint.interval is not None else ""


def _counted(limits: Limits) -> str:
    return f"number of {'entries' if limits.field is not None and limits.field.is_map else 'items'}"


def _of_patterns(before: list[str], after: list[str]) -> str:
    was, now = (" and ".join(each.removeprefix("matches ") for each in side) for side in (before, after))
    if not after:
        return f"no longer has to match {was}"
    return f"must now match {now}" + _before([was] if was else [])


def _of_choices(was: dict[str, str], now: dict[str, str], *, wanted: bool) -> str:
    gone, fresh = [was[each] for each in was if each not in now], [now[each] for each in now if each not in was]
    if wanted and not was:
        return f"must now be {listed(fresh, 'or')}"
    if wanted and not now:
        return f"is no longer limited to {listed(gone, 'or')}"
    if not wanted:
        gone, fresh = fresh, gone
    said = [f"may no longer be {listed(gone, 'or')}"] if gone else []
    said += [f"may now {'also ' * wanted}be {listed(fresh, 'or')}"] if fresh else []
    return listed(said, "but")


def _of_sentences(kind: str, was: Limits, now: Limits, *, tighter: bool) -> str:
    before, after = was.sentences(), now.sentences()
    name = code(kind.replace("_", " "))
    if not now.constraints:
        return f"no longer has to follow the rule {before or name}"
    if not was.constraints or tighter:
        return f"must now follow the rule {after or name}" + _before([before] if before else [])
    return f"only has to follow the rule {after or name}" + _before([before] if before else [])


def _before(words: Sequence[str]) -> str:
    return f" (was {' and '.join(words)})" if words else ""


def field_of(facts: Facts, full_name: str) -> Field | None:
    """The field or extension of that name."""
    holder, _, name = full_name.rpartition(".")
    message = facts.schema.messages.get(holder)
    found = message.field(name) if message is not None else None
    return found or facts.schema.extensions.get(full_name)


def code(text: str) -> str:
    """Any text as code outside of tables."""
    return inline.code(text, in_cell=False)
