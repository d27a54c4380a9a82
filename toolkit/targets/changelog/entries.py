"""The lines of a changelog: what is said of elements, with what belongs together in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from toolkit.changes.model import Change, Kind
from toolkit.semantics.sentences import listed
from toolkit.targets.changelog.wording import Wording

_FAILS = "Calls fail with `UNIMPLEMENTED`."
_AGAIN = "Clients of earlier revisions cannot read it: generate them again."
_IN_CODE = "Code that uses it needs a change once clients are generated again."
_ADDRESS = "HTTP calls of the old form fail."
_REFUSED = "Other values are refused."
_MISSING = "Requests without it are refused."
_SHAPES = (Kind.TYPE, Kind.CARDINALITY, Kind.NUMBER, Kind.SIGNATURE, Kind.STREAMING)
_FOR_ALL = ("may ", "must ")
"""How predicates begin that are the same for one element and for several."""
_NOUNS = ("file", "package", "service", "method", "message", "enum", "extension")
"""The order in which new and removed elements are listed."""
_IMPLIED = {Kind.JSON_NAME: Kind.RENAMED, Kind.PRESENCE: Kind.ONEOF}
"""Kinds of change that go without saying where there is another one of the same element."""
_JOINED = ("now reserves ", "no longer reserves ", "can now be extended with ", "can no longer be extended with ")
"""How predicates begin of which several are one."""
_MERGED = 3
"""Fields of the same name of which the same has to be said, to be told in one line."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """A change of an element, or of several; every member is finished Markdown."""

    text: str
    """A sentence, with links to the elements that have a page."""
    breaking: bool
    advice: str
    """What a breaking change means for callers, in a sentence; empty if that depends."""
    rules: list[str]
    """The rules that it breaks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one element, before it is a line."""

    element: str
    section: str
    """The full name of the method or type that it is listed under; empty for the service as a whole."""
    linked: bool
    before: str
    predicates: tuple[str, ...]
    several: str
    changes: tuple[Change, ...]

    @property
    def breaking(self) -> bool:
        """Whether a rule is broken."""
        return any(change.rules for change in self.changes)

    @property
    def after(self) -> str:
        """The words after the name of the element."""
        *first, last = _joined(self.predicates)
        words = f"{', '.join(first)}, and {last}" if first else last
        return f" {words}" if words and words[0] not in " ," else words

    @property
    def is_of_any(self) -> bool:
        """Whether the same words can be about several elements."""
        return bool(self.several) or (not self.before and all(one.startswith(_FOR_ALL) for one in self.predicates))

    @property
    def sentence(self) -> tuple[str, str, str, bool]:
        """What is said of any element."""
        return self.before, self.after, self.several, self.breaking


def entries(
    changes: Iterable[Change], named: Callable[[Change], str], section: Callable[[Change], str], wording: Wording
) -> list[Entry]:
    """What is said of changes: predicates about the same element are one entry, but breaking ones are apart.

    ``named`` and ``section`` return the name of what changed, and of what it is listed under.
    """
    found: dict[object, Entry] = {}
    changes = list(changes)
    told = {(change.element, change.kind) for change in changes}
    for change in changes:
        if (change.element, _IMPLIED.get(change.kind)) in told:
            continue
        said = wording.of(change)
        element = said.element or named(change)
        key = (element, said.before, bool(change.rules)) if said.is_predicate else change
        known = found.get(key)
        if known is None:
            linked = change.kind is not Kind.REMOVED
            found[key] = Entry(element, section(change), linked, said.before, (said.after,), said.several, (change,))
        else:
            words = sorted({*known.predicates, said.after}, key=_rank)
            found[key] = replace(known, predicates=tuple(words), changes=(*known.changes, change))
    return list(found.values())


def _joined(predicates: Sequence[str]) -> list[str]:
    """Predicates, those with the same verb as one."""
    found: dict[str, list[str]] = {}
    for one in predicates:
        verb = next((verb for verb in _JOINED if one.startswith(verb)), "")
        found.setdefault(verb or one, []).append(one.removeprefix(verb) if verb else "")
    return [f"{verb}{listed(rest)}" for verb, rest in found.items()]


def _rank(predicate: str) -> tuple[bool, str]:
    """What an element is comes before what it may be."""
    return predicate.startswith(_FOR_ALL), predicate


@dataclass(frozen=True)
class Lines:
    """Makes lines of entries."""

    link: Callable[[str, str], str]
    """A full name and a text → the text as code, linked if the element has a page."""
    short: Callable[[str], str]
    """The full name of an element of another scope → the name that is shown."""
    is_sent: Callable[[str], bool]
    """Whether a field is a part of requests."""

    def of(self, found: Iterable[Entry], scope: str, section: str = "") -> list[EntryView]:
        """The lines of a section, which is about an element, breaking ones first.

        Members of the ``scope`` are named without it.
        """
        merged: dict[object, list[Entry]] = {}
        for entry in found:
            merged.setdefault(entry.sentence if entry.is_of_any else id(entry), []).append(entry)
        groups = sorted(merged.values(), key=lambda group: (not group[0].breaking, _place(group[0])))
        return [self._line(together, scope, section) for together in groups]

    def _line(self, together: Sequence[Entry], scope: str, section: str) -> EntryView:
        first = together[0]
        if first.element == section and not first.before:
            return self._view(f"This {first.changes[0].noun}{first.after}.", together)
        names = [self.name(entry, scope) for entry in together]
        after = first.after.replace(" was ", " were ", 1) if len(names) > 1 and not first.linked else first.after
        before = first.several if len(names) > 1 else first.before
        return self._view(f"{before}{listed(names)}{after}.", together)

    def of_several(self, together: Sequence[Entry], holder: Callable[[Entry], str]) -> EntryView:
        """One line about fields of the same name; ``holder`` names where each is."""
        first = together[0]
        name = first.element.rpartition(".")[2]
        holders = [self.link(entry.element, holder(entry)) for entry in together]
        return self._view(f"{first.before}`{name}` of {listed(holders)}{first.after}.", together)

    def name(self, entry: Entry, scope: str) -> str:
        """The name of an element, linked if it has a page and is still there."""
        is_inside = scope and entry.element.rpartition(".")[0] == scope
        short = entry.element.rpartition(".")[2] if is_inside else self.short(entry.element)
        return self.link(entry.element if entry.linked else "", short)

    def _view(self, text: str, together: Sequence[Entry]) -> EntryView:
        changes = [change for entry in together for change in entry.changes]
        is_sent = any(self.is_sent(entry.element) for entry in together)
        advice = dict.fromkeys(words for change in changes if (words := _advice(change, is_sent=is_sent)))
        rules = dict.fromkeys(rule for change in changes for rule in change.rules)
        return EntryView(text, bool(rules), " ".join(advice), list(rules))


def _place(entry: Entry) -> int:
    noun = entry.changes[0].noun
    return _NOUNS.index(noun) if entry.several and noun in _NOUNS else len(_NOUNS)


def alike(found: Sequence[Entry]) -> list[list[Entry]]:
    """Fields of the same name, each of another message, of which the same is said."""
    groups: dict[object, dict[str, Entry]] = {}
    for entry in found:
        if entry.changes[0].noun == "field" and not entry.several and entry.linked and _is_about(entry):
            holder, _, name = entry.element.rpartition(".")
            groups.setdefault((name, entry.sentence), {})[holder] = entry
    return [list(group.values()) for group in groups.values() if len(group) >= _MERGED]


def _is_about(entry: Entry) -> bool:
    """Whether the sentence begins with the field, or with what it contains."""
    return entry.before == "" or entry.before.startswith("Each ")


def _advice(change: Change, *, is_sent: bool) -> str:
    """What a breaking change means for callers."""
    if not change.rules:
        return ""
    kind, noun = change.kind, change.noun
    if kind is Kind.REMOVED:
        return _FAILS if noun in ("method", "service") else ""
    if kind in (Kind.TIGHTENED, Kind.ADDED) and not is_sent:
        return ""
    if kind is Kind.TIGHTENED:
        return _MISSING if change.detail.what == "required" else "" if _says_which(change) else _REFUSED
    if kind is Kind.ADDED:
        return _MISSING
    if kind in (Kind.RENAMED, Kind.JSON_NAME):
        return "Use the new name in JSON." if kind is Kind.JSON_NAME else _named(noun)
    if kind is Kind.HTTP:
        return _ADDRESS
    if kind in _SHAPES:
        return _AGAIN if "WIRE" in change.categories else _IN_CODE
    return ""


def _says_which(change: Change) -> bool:
    """Whether the sentence says which values are refused, instead of those that are not."""
    if change.detail.what.removeprefix("paths_").startswith("not_"):
        return True
    was, now = change.detail.limits
    return bool(was) and all(one.choices and not one.text for one in (*was, *now))


def _named(noun: str) -> str:
    return "Use the new name in code and in JSON." if noun in ("field", "enum value") else _IN_CODE
