"""A change → what people read of it: the words around the name of the element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toolkit.changes.expressions import EXPRESSION
from toolkit.changes.model import Change, Kind
from toolkit.descriptors.model import Cardinality
from toolkit.semantics.facts import Facts
from toolkit.semantics.sentences import listed
from toolkit.targets.changelog.limits import Limits, code, field_of, of_expression, worded

_COUNTS = {
    "singular": "a single value",
    "optional with explicit presence": "a single value",
    "optional with implicit presence": "a single value",
    "map": "a map",
}
_PRESENCE = {
    "optional with explicit presence": "now tells unset from empty",
    "optional with implicit presence": "no longer tells unset from empty",
    "required": "is now required",
}
_STREAMS = {
    "client": ("now takes a stream of requests", "now takes a single request (was a stream)"),
    "server": ("now returns a stream of responses", "now returns a single response (was a stream)"),
}
_PLURALS = {"enum value": "values"}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an element; its name is between the words ``before`` and ``after``."""

    after: str
    before: str = ""
    several: str = ""
    """The words before the names of several elements of which the same is said; empty if they stay apart."""
    is_predicate: bool = True
    """Whether ``after`` is a predicate, which can follow another one about the same element."""
    element: str = ""
    """The full name of the element, if it is not that of the change."""


@dataclass(frozen=True)
class Wording:
    """Words changes between two revisions."""

    old: Facts
    new: Facts
    link: Callable[[str], str]
    """A full name → the short name as code, linked if it has a page."""

    def of(self, change: Change) -> Said:
        """What is said of a change."""
        return _WORDINGS[change.kind](self, change)

    def limits(self, change: Change) -> Said:
        """What is said of a constraint or an expression."""
        if change.detail.what == EXPRESSION:
            about, words = of_expression(*change.detail.expressions)
            return Said(words, before=about)
        was, now = change.detail.limits
        after = field_of(self.new, change.element)
        before = field_of(self.old, self._old_name(change)) or after
        sides = Limits(was, before, self.old), Limits(now, after, self.new)
        about, words = worded(change.detail.what, *sides, tighter=change.kind is Kind.TIGHTENED)
        return Said(words, before="The oneof " if change.noun == "oneof" else about)

    def _old_name(self, change: Change) -> str:
        """The name of a field before: it keeps its number."""
        now = field_of(self.new, change.element)
        holder = self.old.schema.messages.get(change.element.rpartition(".")[0])
        found = (f for f in holder.fields if now is not None and f.number == now.number) if holder is not None else ()
        return next((f.full_name for f in found), change.element)

    def added(self, change: Change) -> Said:
        """A new element."""
        noun = "value" if change.noun == "enum value" else change.noun
        if change.noun in ("field", "extension"):
            return self._added_field(change, noun)
        plural = f"New {_PLURALS.get(change.noun, f'{noun}s')} "
        rest = ""
        if change.noun == "service":
            methods = [self.link(m.full_name) for m in self.new.schema.services[change.element].methods]
            rest = f" with the method{'s' * (len(methods) != 1)} {listed(methods)}" if methods else ""
        if change.noun == "oneof":
            holder = self.new.schema.messages.get(change.element.rpartition(".")[0])
            oneof = holder.oneof(change.element.rpartition(".")[2]) if holder is not None else None
            rest = f" of {listed([code(name) for name in oneof.fields])}" if oneof is not None else ""
        return Said(rest, before=f"New {noun} ", several=plural, is_predicate=False)

    def _added_field(self, change: Change, noun: str) -> Said:
        field = field_of(self.new, change.element)
        if field is None:
            return Said("", before=f"New {noun} ", is_predicate=False)
        type_name = self.type(field.type.name)
        how = ""
        if self.new.required(field):
            how = "required "
        elif self.new.roles.get(field.parent) == "request" and field.cardinality is Cardinality.SINGULAR:
            how = "optional "
        rest = f" of type {type_name}"
        if field.is_map:
            rest = f", a map of {code(field.key)} to {type_name}"
        elif field.repeated:
            rest = f", a list of {type_name}"
        if field.oneof and not field.is_map:
            rest += f", in the oneof {code(field.oneof)}"
        return Said(rest, before=f"New {how}{noun} ", is_predicate=False)

    def type(self, name: str) -> str:
        """A type, linked if it has a page."""
        known = name in self.new.schema.messages or name in self.new.schema.enums
        return self.link(name) if known else code(name)

    def removed(self, change: Change) -> Said:
        """An element that is gone."""
        noun = change.detail.what or ("value" if change.noun == "enum value" else change.noun)
        names = change.detail.was if change.noun == "enum value" else ()
        if len(names) > 1:
            before = f"The values {listed([code(name) for name in names])} of one number were removed; it was "
            return Said("", before=before, is_predicate=False)
        several = f"The {_PLURALS.get(change.noun, f'{noun}s')} "
        return Said("was removed", before=f"The {noun} ", several=several, is_predicate=False)

    def renamed(self, change: Change) -> Said:
        """An element with another name."""
        noun = "value" if change.noun == "enum value" else change.noun
        names = listed([code(name.rpartition(".")[2]) for name in change.detail.was])
        return Said("", before=f"The {noun} {names} is now called ", is_predicate=False)

    def moved(self, change: Change) -> Said:
        """An element in another file or package, or a file with another package."""
        was, now = (side[0] if side else "" for side in (change.detail.was, change.detail.now))
        if change.detail.what == "package":
            return Said(self._from("is now in", "the package ", was, now, "no package"), before="The file ")
        if change.detail.what == "file":
            return Said(f"moved from {code(was)} to {code(now)}", before=f"The {change.noun} ")
        was, now = (name.rpartition(".")[0] for name in (was, now))
        places = [code(name) or "no package" for name in (was, now)]
        return Said(f"moved from {places[0]} to {places[1]}", before=f"The {change.noun} ")

    def _from(self, verb: str, what: str, was: str, now: str, none: str) -> str:
        before, after = ((f"{what}{code(each)}" if each else none) for each in (was, now))
        return f"{verb} {after} (was {before.removeprefix(what)})"

    def type_change(self, change: Change) -> Said:
        """A field of another type."""
        was, now = change.detail.was[0], change.detail.now[0]
        if change.detail.what == "entry":
            return Said(f"now has entries of the message {code(now)} (was {code(was)})")
        return Said(f"is now of type {self.type(now)} (was {code(was)})")

    def cardinality(self, change: Change) -> Said:
        """A field that holds one value, several, or a map."""
        was, now = (_COUNTS.get(side[0], side[0]) for side in (change.detail.was, change.detail.now))
        if now == "required":
            return Said("is now required, and a single value" + f" (was {was})")
        return Said(f"is now {now} (was {'a single value' if was == 'required' else was})")

    def presence(self, change: Change) -> Said:
        """A field that must be set, or that tells whether it is."""
        if change.noun == "message":  # told of the field
            return Said("is no longer required", element=change.detail.now[0])
        if not change.detail.now:
            return Said("is now required")
        was, now = change.detail.was[0], change.detail.now[0]
        return Said("is no longer required" if was == "required" else _PRESENCE[now])

    def oneof(self, change: Change) -> Said:
        """A field that is in another oneof, or in none."""
        if not change.detail.now:
            return Said(f"is no longer in the oneof {code(change.detail.was[0])}")
        was = f" (was in {code(change.detail.was[0])})" if change.detail.was else ""
        return Said(f"is now in the oneof {code(change.detail.now[0])}{was}")

    def signature(self, change: Change) -> Said:
        """A method with another request or response."""
        verb = "takes" if change.detail.what == "request" else "returns"
        return Said(f"now {verb} {self.type(change.detail.now[0])} (was {code(change.detail.was[0])})")

    def http(self, change: Change) -> Said:
        """A method with other bindings."""
        was, now = change.detail.was, change.detail.now
        gone, fresh = ([code(one) for one in side if one not in other] for side, other in ((was, now), (now, was)))
        if not was:
            return Said(f"can now be called over HTTP: {listed(fresh)}")
        if not now:
            return Said(f"can no longer be called over HTTP (was {listed(gone)})")
        if not (gone or fresh):
            return Said("has its HTTP bindings in another order")
        if gone and fresh:
            return Said(f"is now called over HTTP as {listed(fresh)} (was {listed(gone)})")
        return Said(
            f"can no longer be called as {listed(gone, 'or')}" if gone else f"can also be called as {listed(fresh)}"
        )

    def reserved(self, change: Change) -> Said:
        """Numbers or a name that nobody may use, or may use again."""
        verb, numbers = (
            ("now reserves", change.detail.now) if change.detail.now else ("no longer reserves", change.detail.was)
        )
        if change.detail.what == "name":
            return Said(f"{verb} the name {code(numbers[0])}")
        return Said(f"{verb} {_numbers(numbers[0])}")

    def extensions(self, change: Change) -> Said:
        """Numbers for extensions."""
        verb = "can now" if change.detail.now else "can no longer"
        return Said(f"{verb} be extended with {_numbers((change.detail.now or change.detail.was)[0])}")

    def option(self, change: Change) -> Said:
        """An option that was set, unset or changed."""
        name, was, now = code(change.detail.what), change.detail.was, change.detail.now
        before = "The file " if change.noun == "file" else ""
        if not now:
            return Said(f"no longer has the option {name} (was {code(was[0])})", before=before)
        was_words = f" (was {code(was[0])})" if was else ""
        return Said(f"now has the option {name} set to {code(now[0])}{was_words}", before=before)

    def feature(self, change: Change) -> Said:
        """What languages make of an element."""
        what, was, now = change.detail.what, change.detail.was, change.detail.now
        if what == "packed":
            return Said("is now packed" if now else "is no longer packed")
        if what == "closed":
            verb = "no longer accepts" if now else "now accepts"
            return Said(f"{verb} values that it does not define")
        return Said(f"now has {code(now[0])} for {_article(what)}{what} (was {code(was[0])})")

    def default(self, change: Change) -> Said:
        """Another value for when a field is not set."""
        was, now = change.detail.was, change.detail.now
        if not now:
            return Said(f"no longer has a default (was {code(was[0])})")
        return Said(f"now has the default {code(now[0])}" + (f" (was {code(was[0])})" if was else ""))

    def deprecation(self, change: Change) -> Said:
        """An element that is not to be used any more."""
        before = "The file " if change.noun == "file" else ""
        return Said("is now deprecated" if change.detail.now else "is no longer deprecated", before=before)


def _valued(words: str, more: str = "") -> Callable[[Wording, Change], Said]:
    """What is said of one value that always was and is, such as a number."""

    def said(_: Wording, change: Change) -> Said:
        before = "The file " if change.noun == "file" else ""
        return Said(f"{words} {code(change.detail.now[0])}{more} (was {code(change.detail.was[0])})", before=before)

    return said


def _numbers(text: str) -> str:
    return f"the number{'s' * (not text.isdigit())} {text}"


def _article(what: str) -> str:
    return "its " if what == "JSON format" else "the "


_WORDINGS: Mapping[Kind, Callable[[Wording, Change], Said]] = {
    Kind.ADDED: Wording.added,
    Kind.REMOVED: Wording.removed,
    Kind.RENAMED: Wording.renamed,
    Kind.MOVED: Wording.moved,
    Kind.TYPE: Wording.type_change,
    Kind.CARDINALITY: Wording.cardinality,
    Kind.PRESENCE: Wording.presence,
    Kind.ONEOF: Wording.oneof,
    Kind.NUMBER: _valued("now has the number"),
    Kind.JSON_NAME: _valued("is now called", " in JSON"),
    Kind.SIGNATURE: Wording.signature,
    Kind.STREAMING: lambda _, change: Said(_STREAMS[change.detail.what][not change.detail.now]),
    Kind.HTTP: Wording.http,
    Kind.RESERVED: Wording.reserved,
    Kind.EXTENSIONS: Wording.extensions,
    Kind.DEFAULT: Wording.default,
    Kind.DEPRECATION: Wording.deprecation,
    Kind.OPTION: Wording.option,
    Kind.FEATURE: Wording.feature,
    Kind.SYNTAX: _valued("now uses"),
    Kind.TIGHTENED: Wording.limits,
    Kind.LOOSENED: Wording.limits,
}
