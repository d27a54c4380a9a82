"""Validates messages against the constraints of the .proto file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from toolkit.runtime import official
from toolkit.runtime.constraints import OF_WHOLE, OFFICIAL, Constraint, Unchecked, Violation, holds
from toolkit.runtime.errors import EncodeError, RuleError
from toolkit.runtime.jsonvalues import shortest_float
from toolkit.runtime.wellknown import WELL_KNOWN, parts_of, span_of
from toolkit.runtime.wire import negative_zero

if TYPE_CHECKING:
    from toolkit.runtime.messagetype import Field, MessageType

_STEP = re.compile(r"""\[".*?"\](?=[.]|\Z)|\[[^\]]*\]|[^.\[]+""")
"""A step of a path: a name, or what is in brackets."""
_WHOLE = (*OF_WHOLE, "protovalidate", "unchecked")
_ENTRIES = ("key", "value")
_WHY = {
    "protovalidate": "Not checked: that needs the protovalidate package, which is not installed.",
    "search": "Not checked: that needs google-re2, which is not installed, or it is not an RE2 expression.",
    "pattern": "Not checked: that needs google-re2, which is not installed, or it is not an RE2 expression.",
}


def violations(message: Any, *, strict: bool = False) -> list[Violation]:
    """The constraints that a message, or one in it, breaks, and :class:`Unchecked` ones, in the order of its fields.

    A field that has presence and is not set breaks only ``required``; one
    without breaks protovalidate's rules with its zero value, but no others.
    Of protovalidate's rules, its package decides where it is installed.
    If ``strict``, what cannot be checked is a :class:`RuleError`.
    """
    walk = _Walk()
    walk.run(message)
    found = _with_official(message, walk.found) if walk.is_official else walk.found
    found.sort(key=lambda violation: _position(type(message).__codec__, violation.path))
    unchecked = next((v for v in found if isinstance(v, Unchecked)), None)
    if strict and unchecked is not None:
        raise RuleError(str(unchecked))
    return found


def _with_official(message: Any, own: Sequence[Violation]) -> list[Violation]:
    """Own findings, but the package's about its rules if it is installed, worded as the reference words them."""
    return sorted(_merged(own, official.findings(message)))


def _position(type_: MessageType, path: str) -> list[tuple[int, str]]:
    """Where a path is in a message: fields in the order of their numbers, elements in that of their indexes."""
    found: list[tuple[int, str]] = []
    within: MessageType | None = type_
    for step in _STEP.findall(path):
        if step.startswith("["):
            found.append((int(step[1:-1]) if step[1:-1].isdecimal() else -1, step))
            continue
        fields = within.fields if within is not None else ()
        number = next((n for n, field in enumerate(fields) if step in (field.name, field.oneof)), -1)
        found.append((number, step))
        inner = fields[number] if number >= 0 and step == fields[number].name else None
        is_message = inner is not None and inner.kind in ("message", "group") and inner.type_name not in WELL_KNOWN
        within = within.child(inner.type_name) if within is not None and inner is not None and is_message else None
    return found


def _merged(own: Sequence[Violation], theirs: Sequence[Violation] | None) -> list[Violation]:
    if theirs is None:
        return list(own)
    texts = {(v.path, v.rule_id, v.for_key): v.message for v in own if not isinstance(v, Unchecked)}
    found = [v for v in own if not v.rule.startswith(OFFICIAL)]
    for v in theirs:
        text = texts.get((v.path, v.rule_id, v.for_key), v.message)
        found.append(Violation(v.path, v.rule, text, v.rule_id, v.for_key))
    return found


class _Walk:
    """Looks at a message and those in it."""

    def __init__(self) -> None:
        self.found: list[Violation] = []
        self.is_official = False

    def run(self, message: Any) -> None:
        """Check every message."""
        stack: list[tuple[Any, str | None]] = [(message, "")]
        inside: set[int] = set()
        while stack:
            one, path = stack.pop()
            if path is None:
                inside.remove(id(one))
                continue
            if id(one) in inside:
                raise EncodeError(f"{path}: the message contains itself")
            inside.add(id(one))
            stack.append((one, None))
            stack += reversed(self._message(one, path))

    def _message(self, message: Any, path: str) -> list[tuple[Any, str]]:
        """Check a message; those in it, each with its path."""
        type_: MessageType = type(message).__codec__
        constraints = type_.constraints
        self.is_official = self.is_official or type_.has_official_rules
        for constraint in constraints.get("", ()):
            self._whole(type_, message, constraint, path)
        inner: list[tuple[Any, str]] = []
        for field in type_.fields:
            here = f"{path}.{field.name}" if path else field.name
            value, is_set = _value_of(type_, message, field)
            own = constraints.get(field.name, ())
            self._field(type_, field, own, value, is_set, here)
            if is_set and field.kind in ("message", "group") and all(c.kind != "skip" for c in own):
                inner += [(item, where) for where, item in _items(field, value, here) if hasattr(item, "__codec__")]
        for name, (attribute, _) in type_.oneofs.items():
            for constraint in constraints.get(name, ()):
                if constraint.kind == "exactly_one" and getattr(message, attribute) is None:
                    self._add(constraint, f"{path}.{name}" if path else name)
        return inner

    def _whole(self, type_: MessageType, message: Any, constraint: Constraint, path: str) -> None:
        """A constraint of a message rather than of a field."""
        if constraint.kind == "broken":
            raise RuleError(f"{type_.name}: {constraint.text}")
        if constraint.kind in ("exactly_one", "at_most_one"):
            members = [field for field in type_.fields if field.name in constraint.choices]
            count = sum(_value_of(type_, message, field)[1] for field in members)
            if count > 1 or (count == 0 and constraint.kind == "exactly_one"):
                self._add(constraint, path)
        else:
            self._add(constraint, path, told=False)

    def _field(
        self, type_: MessageType, field: Field, own: Sequence[Constraint], value: Any, is_set: bool, path: str
    ) -> None:
        """The constraints of a field."""
        for constraint in own:
            if constraint.kind == "broken":
                raise RuleError(f"{type_.name}.{field.name}: {constraint.text}")
            if constraint.kind == "required" and not is_set and (constraint.is_official or not field.oneof):
                self._add(constraint, path)
                if constraint.is_official:
                    return
        has_presence = field.presence or bool(field.oneof)
        for constraint in own:
            if constraint.kind in ("required", "skip"):
                continue
            if not is_set and (has_presence or constraint.applies != "always"):
                continue
            for where, single in _subjects(constraint, field, value, path):
                try:
                    told = _holds(type_, constraint, field, single)
                except RuleError as error:
                    raise RuleError(f"{where}: {error}") from None
                if not told:
                    empty = constraint.is_official and constraint.kind == "format" and len(single) == 0
                    self._add(constraint, where, told=told is False, suffix="_empty" if empty else "")

    def _add(self, constraint: Constraint, path: str, *, told: bool = True, suffix: str = "") -> None:
        name = constraint.rule_id or constraint.rule.replace(" ", ".")
        for_key = constraint.of == "key"
        if told:
            self.found.append(Violation(path, constraint.rule, constraint.text, name + suffix, for_key))
        else:
            why = _WHY.get(constraint.kind, "Not checked: the rule cannot be read, or does not fit the field's type.")
            self.found.append(Unchecked(path, constraint.rule, why, name, for_key))


def _value_of(type_: MessageType, message: Any, field: Field) -> tuple[Any, bool]:
    """The value of a field, and whether it is set: without presence, whether it is not zero."""
    if field.oneof:
        attribute, cases = type_.oneofs[field.oneof]
        case = getattr(message, attribute)
        return (case.value, True) if type(case) is cases[field.name] else (None, False)
    value = getattr(message, field.attribute)
    if field.presence:
        return value, value is not None
    return value, bool(value) or (field.kind in ("float", "double") and field.single and negative_zero(value))


def _holds(type_: MessageType, constraint: Constraint, field: Field, value: Any) -> bool | None:
    if constraint.kind == "defined":
        return value in type_.enum(field.type_name).__json_names__
    if isinstance(value, float) and (field.kind == "float" or field.type_name == "google.protobuf.FloatValue"):
        with suppress(OverflowError):  # such a value cannot be written, which is another matter
            value = shortest_float(value)
    if constraint.kind == "bytes" and field.kind in ("message", "group") and not isinstance(value, (str, bytes)):
        known = WELL_KNOWN.get(field.type_name)  # as it is on the wire
        value = known.encode(value) if known is not None else value.to_bytes()
    return holds(constraint, value)


def _subjects(constraint: Constraint, field: Field, value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The values that a constraint is about, each with its path."""
    if constraint.kind in _WHOLE and constraint.of == "field":
        if not (field.single and constraint.kind in OF_WHOLE):
            yield path, value
        return
    if field.key and constraint.of == "key":
        items = [(f"{path}[{key_text(key)}]", key) for key in sorted(value)]
    else:
        items = [(where, _bare(field, item)) for where, item in _items(field, value, path)]
    for where, item in items:
        if item or constraint.applies != "nonzero" or constraint.of not in _ENTRIES:
            yield where, item


def key_text(key: Any) -> str:
    """A map's key in a path."""
    return f'"{key}"' if isinstance(key, str) else str(key).lower()


def _items(field: Field, value: Any, path: str) -> list[tuple[str, Any]]:
    if field.key:
        return [(f"{path}[{key_text(key)}]", value[key]) for key in sorted(value)]
    if field.repeated:
        return [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return [(path, value)]


def _bare(field: Field, value: Any) -> Any:
    """What is compared: of a duration or time stamp its seconds, of an Any the name of its type."""
    if isinstance(value, (datetime, timedelta)):
        seconds, nanos = parts_of(value) if isinstance(value, datetime) else span_of(value)
        return Decimal(seconds) + Decimal(nanos) / 1_000_000_000
    return value.type_url if field.type_name == "google.protobuf.Any" else value
