"""A change: what, of which element, where it was and where it is, and which rules it breaks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from toolkit.changes.rules import categories_of
from toolkit.descriptors.model import Comment, Element
from toolkit.errors import Diagnostic, Location
from toolkit.printing import printable
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.protovalidate import Expression

_ALLOW = re.compile(r"^\s*toolkit:allow\b[ \t]*(?P<rule>\S*)[ \t]*(?P<reason>.*?)\s*$", re.M)


class Kind(StrEnum):
    """What sort of change it is."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    TYPE = "type"
    CARDINALITY = "cardinality"
    PRESENCE = "presence"
    ONEOF = "oneof"
    NUMBER = "number"
    JSON_NAME = "json name"
    SIGNATURE = "signature"
    STREAMING = "streaming"
    HTTP = "http"
    RESERVED = "reserved"
    EXTENSIONS = "extensions"
    DEFAULT = "default"
    DEPRECATION = "deprecation"
    COMMENT = "comment"
    OPTION = "option"
    FEATURE = "feature"
    SYNTAX = "syntax"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A rule that a comment of the new element excepts: ``toolkit:allow RULE reason``."""

    rule: str
    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class Detail:
    """What a change says, as data: for those who word it otherwise than its message does."""

    what: str = ""
    """What about the element changed, where its kind does not say: an option, ``request``, ``key``, …"""
    was: tuple[str, ...] = ()
    """What it was, not escaped; empty for nothing. Elements and their types have their full names."""
    now: tuple[str, ...] = ()
    limits: tuple[tuple[Constraint, ...], tuple[Constraint, ...]] = field(default=((), ()), hash=False)
    """The constraints of one kind before and after."""
    expressions: tuple[Expression | None, Expression | None] = (None, None)
    """An expression that must hold, before and after."""

    @classmethod
    def of(cls, what: str, was: str = "", now: str = "") -> Detail:
        """What was one value or none, and is."""
        return cls(what, (was,) if was else (), (now,) if now else ())


NO_DETAIL = Detail()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one element."""

    kind: Kind
    noun: str
    """What changed: ``file``, ``package``, ``message``, ``field``, ``method``, …"""
    element: str
    """The full name; the new one, of what is removed the old one; a file's path."""
    message: str
    """What changed, as a sentence without its end."""
    detail: Detail = NO_DETAIL
    package: str = ""
    old: Location | None = None
    """Where the element was; None for an added one."""
    new: Location | None = None
    """Where it is; None for a removed one."""
    at: Location | None = None
    """Where to look in the new tree: at the element, or at what contained it. None if the file was removed."""
    rules: tuple[str, ...] = ()
    """The rules that it breaks."""
    excepted: tuple[tuple[str, str], ...] = ()
    """The rules that it would break, were they not excepted, each with the reason."""
    allowances: tuple[Allowance, ...] = ()
    """What the comment at ``at`` excepts."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that it breaks."""
        return categories_of(self.rules)

    def seen_at(self, element: Element) -> Change:
        """The change, located at what contained the element."""
        return replace(self, at=element.location, allowances=allowances(element.comment, element.location))

    def without(self, rule: str, reason: str) -> Change:
        """The change with a rule excepted."""
        rules = tuple(r for r in self.rules if r != rule)
        return replace(self, rules=rules, excepted=(*self.excepted, (rule, reason)))


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A file that does not compile on one side or either, so that nothing is said of it."""

    file: str
    old: Diagnostic | None
    """Why it does not compile there; None where it does, or is not there."""
    new: Diagnostic | None

    @property
    def message(self) -> str:
        """What is said of it."""
        sides = " and ".join(name for name, side in (("OLD", self.old), ("NEW", self.new)) if side)
        reason = self.new or self.old
        assert reason is not None
        return f"not compared, since it does not compile in {sides}: {reason.message}"


def not_compared(old: Mapping[str, Diagnostic], new: Mapping[str, Diagnostic]) -> list[NotCompared]:
    """The files that are left out on either side, by name."""
    return [NotCompared(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())]


def allowances(comment: Comment, location: Location | None) -> tuple[Allowance, ...]:
    """The exceptions that a comment makes."""
    texts = (comment.leading, comment.trailing, *comment.internal, *comment.detached)
    return tuple(
        Allowance(match["rule"], match["reason"], location or Location(""))
        for text in texts
        if "toolkit:allow" in text
        for match in _ALLOW.finditer(text)
    )


def changed(
    kind: Kind,
    noun: str,
    old: Element | None,
    new: Element | None,
    message: str,
    *,
    package: str,
    rules: Sequence[str] = (),
    parent: Element | None = None,
    detail: Detail = NO_DETAIL,
) -> Change:
    """A change of an element, of which either may be missing; ``parent`` is what contained a removed one."""
    element = new or old
    assert element is not None
    at = new or parent
    return Change(
        kind=kind,
        noun=noun,
        element=element.full_name,
        message=message,
        detail=detail,
        package=package,
        old=old.location if old else None,
        new=new.location if new else None,
        at=at.location if at else None,
        rules=tuple(rules),
        allowances=allowances(at.comment, at.location) if at else (),
    )


def shown(value: object) -> str:
    """A value of an option or default in a message: on one line, and not longer than one."""
    text = str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else repr(value)
    text = printable(" ".join(text.split()))
    return text if len(text) <= 80 else f"{text[:79]}…"


def one_line(text: str) -> str:
    """A default or a name in a message: a line feed, and what else is not printable, as in a Python string."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
