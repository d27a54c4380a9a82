"""Constraints that came, went or changed, in words for people: those that pages have for them, after a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.descriptors.model import Field
from toolkit.descriptors.well_known import ANY
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.facts import Facts
from toolkit.semantics.phrases import predicate
from toolkit.semantics.protovalidate import Expression
from toolkit.semantics.sentences import expression_predicate, listed, sentence, together
from toolkit.targets.markdown import inline

_PLAIN = {
    "required": ("is now required", "is no longer required"),
    "exactly_one": ("must now have exactly one of its fields set", "may now be left unset"),
    "unique": ("must now have unique items", "may now have duplicate items"),
    "defined": ("must now be declared by the enum", "may now be a value that the enum does not declare"),
}
"""Kinds of constraint that are there or not: what is said of an element that now has one, and of one that has none."""
_CHOICES = ("in", "not_in", "paths_in", "paths_not_in")
_ANY = {"length": "length", "bytes": "number of bytes", "value": "value"}
_BELOW = ", including paths below"
_NOT = "not "
_VERB = re.compile(r"(?:begin with|end with|contain exactly the paths|have the format|\w+) ")
"""How a predicate begins that only says later what it demands."""
_BOUND = re.compile(r"(?:at (?:most|least|or before|or after)|(?:less|greater|more|fewer) than|exactly|before|after) ")
_UP_TO = "at most "


@dataclass(frozen=True, slots=True)
class Limits:
    """The constraints of one kind that an element of one revision has."""

    constraints: Sequence[Constraint]
    field: Field | None
    """None for a oneof."""
    facts: Facts

    def predicates(self) -> list[str]:
        """What values must do; empty unless there are words for all constraints."""
        if self.field is None:
            return []
        found = [predicate(one, self.field, self.facts, code) for one in together(self.constraints)]
        return list(dict.fromkeys(found)) if all(found) else []

    def is_range(self) -> bool:
        """Whether a constraint has two bounds, or lists what is allowed."""
        bounded = [one.interval for one in together(self.constraints) if one.interval is not None]
        return any(one.low and one.high for one in bounded) or any(
            one.choices and not one.text for one in self.constraints
        )

    def of_type(self) -> str:
        """The words in front of choices that are types."""
        return "of type " if self.field is not None and self.field.type.name == ANY else ""

    def sentences(self) -> str:
        """As sentences in quotation marks; empty if there are none."""
        if self.field is None:
            return ""
        found = [sentence(one, self.field, self.facts, code) for one in together(self.constraints)]
        return " and ".join(f"“{one.rstrip('.')}”" for one in dict.fromkeys(found) if one)

    def choices(self) -> dict[str, str]:
        """The values that may be chosen, or may not be, each as it is written."""
        is_key = any(one.of == "key" for one in self.constraints)
        enum = self.facts.schema.enums.get(self.field.type.name) if self.field is not None and not is_key else None
        names = {str(value.number): value.name for value in reversed(enum.values)} if enum is not None else {}
        return {each: code(names.get(each, each)) for one in self.constraints for each in one.choices}

    def each(self) -> str:
        """``key`` or ``value`` if they are about each of these, and otherwise empty."""
        about = self.constraints[0].about(self.field) if self.field is not None and self.constraints else "field"
        return "" if about == "field" else about


def worded(kind: str, was: Limits, now: Limits, *, tighter: bool) -> tuple[str, str]:
    """What is said of an element whose constraints of one kind changed: the words in front of it, and those after."""
    each = now.each() or was.each()
    before = f"Each {each} of " if each else ""
    if kind in _PLAIN:
        return before, _PLAIN[kind][not now.constraints]
    if kind in (*_CHOICES, "value") and all(one.choices for one in (*was.constraints, *now.constraints)):
        words = _of_choices(kind, was, now)
        return "" if "accepts " in words else before, words
    old, new = was.predicates(), now.predicates()
    if bool(was.constraints) == bool(old) and bool(now.constraints) == bool(new):
        return before, _of_predicates(kind, was, now, tighter=tighter)
    return before, _of_sentences(kind, was, now, tighter=tighter)


# Predicates


def _of_predicates(kind: str, was: Limits, now: Limits, *, tighter: bool) -> str:
    before, after = was.predicates(), now.predicates()
    if not after:
        return _gone(kind, was, before)
    if not before:
        return demand(after, tighter=True)
    if not tighter and all(_rest(each).startswith(_UP_TO) for each in (*before, *after)):
        most = " and ".join(_rest(each).removeprefix(_UP_TO) for each in after)
        return f"may now {_verb(after[0])}up to {most}{_before(before, after)}"
    return demand(after, before, tighter=tighter, is_range=now.is_range())


def _gone(kind: str, was: Limits, before: Sequence[str]) -> str:
    """What is said where nothing is demanded any more."""
    if kind in _ANY or kind == "size":
        return f"may now have any {_ANY.get(kind) or _counted(was)} (was {' and '.join(map(_rest, before))})"
    return released(before)


def demand(after: Sequence[str], before: Sequence[str] = (), *, tighter: bool, is_range: bool = False) -> str:
    """What values must do now, which is stricter than before or not."""
    if all(each.startswith(_NOT) for each in (*before, *after)):
        gone = [each.removeprefix(_NOT) for each in after if each not in before]
        fresh = [each.removeprefix(_NOT) for each in before if each not in after]
        said = [f"may no longer {_joined(gone, 'or')}"] if gone else []
        said += [f"may now {_joined(fresh, 'or')}"] if fresh else []
        return listed(said, "but")
    verb = "must now" if tighter else "may now" if is_range else "now only has to"
    return f"{verb} {_joined(after)}{_before(before, after)}"


def released(before: Sequence[str]) -> str:
    """What values do not have to do any longer."""
    if all(each.startswith(_NOT) for each in before):
        return f"may now {_joined([each.removeprefix(_NOT) for each in before], 'or')}"
    return f"no longer has to {_joined(before)}"


def _joined(predicates: Sequence[str], word: str = "and") -> str:
    """Several predicates, those with the same verb under one."""
    verbs: dict[str, list[str]] = {}
    for each in predicates:
        verbs.setdefault(_verb(each), []).append(_rest(each))
    return listed([f"{verb}{listed(rest, word)}" for verb, rest in verbs.items()], word)


def _before(before: Sequence[str], after: Sequence[str]) -> str:
    """What it was before, without the words that both have in common at the beginning."""
    if not before:
        return ""
    short = [each.removeprefix(_NOT) for each in before]
    if {_verb(each) for each in before} == {_verb(each) for each in after}:
        short = [_rest(each) for each in before]
    if len(before) == len(after) == 1 and " and " not in short[0]:
        one, other = _BOUND.match(short[0]), _BOUND.match(_rest(after[0]))
        if one is not None and other is not None and one[0] == other[0] and " and " not in _rest(after[0]):
            short = [short[0].removeprefix(one[0]).partition(" ")[0]]
    return f" (was {listed(short)})"


def _verb(text: str) -> str:
    match = _VERB.match(text.removeprefix(_NOT))
    return match[0] if match is not None else ""


def _rest(text: str) -> str:
    return text.removeprefix(_NOT).removeprefix(_verb(text))


def _counted(limits: Limits) -> str:
    return f"number of {'entries' if limits.field is not None and limits.field.is_map else 'items'}"


def of_expression(was: Expression | None, now: Expression | None) -> tuple[str, str]:
    """What is said of an element with an expression that came, went or changed, as :func:`worded` returns it."""
    is_same = was is not None and now is not None and was.message == now.message
    before, after = (
        [] if one is None else [expression_predicate(one, code, inline.escaped, worded=not is_same)]
        for one in (was, now)
    )
    one = now or was
    about = f"Each {one.of} of " if one is not None and one.of in ("key", "value") else ""
    return about, demand(after, before, tighter=True) if after else released(before)


# Choices


def _of_choices(kind: str, before: Limits, after: Limits) -> str:
    was, now = before.choices(), after.choices()
    wanted = not kind.endswith("not_in")
    gone, fresh = [was[each] for each in was if each not in now], [now[each] for each in now if each not in was]
    if kind == "paths_in" and not (was and now):
        return f"now accepts all paths (was {_paths(gone)})" if was else f"now only accepts {_paths(fresh)}"
    of_type = after.of_type()
    if wanted and not was:
        return f"must now be {of_type}{_one_of(fresh)}"
    if wanted and not now:
        return f"is no longer limited to {listed(gone, 'or')}"
    if wanted and len(gone) == len(was) and kind != "paths_in":
        return f"must now be {of_type}{_one_of(fresh)} (was {listed(gone, 'or')})"
    if not wanted:
        gone, fresh = fresh, gone
    said = [f"no longer accepts {listed(gone, 'or')}"] if gone else []
    said += [f"now {'also ' * wanted}accepts {listed(fresh)}"] if fresh else []
    is_key = "key" in (before.each(), after.each())
    return listed(said, "but") + (" as a key" if is_key else _BELOW if kind.startswith("paths") else "")


def _paths(paths: Sequence[str]) -> str:
    return f"{listed(paths)}{_BELOW}"


def _one_of(choices: Sequence[str]) -> str:
    return listed(choices, "or") if len(choices) <= 2 else f"one of {listed(choices)}"


# Sentences


def _of_sentences(kind: str, was: Limits, now: Limits, *, tighter: bool) -> str:
    """For mappings with sentences of their own, which may say anything."""
    before, after = was.sentences(), now.sentences()
    name = code(kind.replace("_", " "))
    if not now.constraints:
        return f"no longer has to follow the rule {before or name}"
    verb = "must now" if tighter or not was.constraints else "now only has to"
    return f"{verb} follow the rule {after or name}{f' (was {before})' if before else ''}"


def field_of(facts: Facts, full_name: str) -> Field | None:
    """The field or extension of that name."""
    holder, _, name = full_name.rpartition(".")
    message = facts.schema.messages.get(holder)
    found = message.field(name) if message is not None else None
    return found or facts.schema.extensions.get(full_name)


def code(text: str) -> str:
    """Any text as code outside of tables."""
    return inline.code(text, in_cell=False)
