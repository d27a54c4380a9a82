"""Validates single values and entire messages against constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import re2

from toolkit.descriptors.model import Field, Kind, Message, Presence, Schema
from toolkit.descriptors.well_known import DURATION, TIMESTAMP, WRAPPERS
from toolkit.errors import Diagnostic
from toolkit.runtime.constraints import Violation, holds, key_text
from toolkit.runtime.jsonvalues import shortest_float
from toolkit.semantics.constraints import DEMANDS, Constraint, wording
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import OF_ONE_VALUE
from toolkit.semantics.protovalidate import Official


@cache
def expression(pattern: str) -> Any:
    """A compiled RE2 expression, or None if it is invalid."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None


def matches(pattern: str, value: Any) -> bool:
    compiled = expression(pattern)
    try:
        text = value.decode("utf-8") if isinstance(value, bytes) else value
        return compiled is None or not isinstance(text, str) or compiled.fullmatch(text) is not None
    except UnicodeError:
        return False


@dataclass(frozen=True)
class Validator:
    """Checks official message objects against the constraints of a schema.

    If the schema declares the options of protovalidate and its package is
    installed, the package evaluates them, including CEL expressions.
    """

    facts: Facts

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def _official(self) -> Official:
        return Official(self.schema)

    @property
    def complete(self) -> bool:
        """Whether an official package is used, which checks more than the option mappings declare."""
        return self._official.works

    def diagnostics(self) -> list[Diagnostic]:
        """Warnings if the checks are incomplete."""
        return self._official.diagnostics()

    def check(self, message: Any) -> list[Violation]:
        """The constraints that a message violates, in the order of its fields.

        A field that is not set (without presence: that has its zero value) can
        only violate ``required``; in a oneof, only the member that is set is
        checked. A violation that the official package finds has the sentence
        of the reference, if an option mapping expresses the same constraint.
        """
        own = self._declared(message)
        if not self._official.works:
            return own
        worded = {(v.path, v.rule): v for v in own}
        theirs = [Violation(f.path, f.rule, f.message) for f in self._official.check(message)]
        kept = [v for v in own if not self._official.owns(v.rule.partition(" ")[0])]
        return self._in_order(message, kept + [worded.get((v.path, v.rule), v) for v in theirs])

    def _in_order(self, message: Any, found: list[Violation]) -> list[Violation]:
        """Sorts by the outermost field, then by path, since the package visits maps in any order."""
        model = self.schema.messages.get(message.DESCRIPTOR.full_name)
        order = {field.name: number for number, field in enumerate(model.fields)} if model else {}
        return sorted(found, key=lambda v: (order.get(re.split(r"[.\[]", v.path)[0], -1), v.path, v.rule))

    def _declared(self, message: Any) -> list[Violation]:
        """The violations of the option mappings."""
        found: list[Violation] = []
        stack = [(message, "")]
        while stack:
            one, path = stack.pop()
            model = self.schema.messages.get(one.DESCRIPTOR.full_name)
            if model is None:
                continue
            inner: list[tuple[Any, str]] = []
            for field in model.fields:
                here = f"{path}.{field.name}" if path else field.name
                found += self._field(one, field, here, inner)
            found += self._oneofs(one, model, path)
            stack += reversed(inner)
        return found

    def _oneofs(self, message: Any, model: Message, path: str) -> Iterator[Violation]:
        for oneof in model.oneofs:
            for constraint in self.facts.constraints(oneof):
                if constraint.kind in DEMANDS and message.WhichOneof(oneof.name) is None:
                    yield Violation(path, constraint.rule.name, wording(constraint, oneof))

    def _field(self, message: Any, field: Field, path: str, inner: list[tuple[Any, str]]) -> Iterator[Violation]:
        value = getattr(message, field.name)
        is_set = _is_set(message, field, value)
        constraints = self.facts.constraints(field)
        for constraint in constraints:
            if constraint.kind == "required" and not is_set and not field.oneof:
                yield Violation(path, constraint.rule.name, wording(constraint, field))
        if not is_set:
            return
        for constraint in constraints:
            for where, single in _subjects(constraint, field, value, path):
                if not self._holds(constraint, field, single):
                    yield Violation(where, constraint.rule.name, wording(constraint, field))
        if field.type.kind is Kind.MESSAGE:
            if field.is_map:
                inner += [(value[key], f"{path}[{key_text(key)}]") for key in sorted(value)]
            elif field.repeated:
                inner += [(item, f"{path}[{index}]") for index, item in enumerate(value)]
            else:
                inner.append((value, path))

    def _holds(self, constraint: Constraint, field: Field, value: Any) -> bool:
        """Whether a value of a field satisfies a constraint."""
        if constraint.kind == "defined":
            known = self.schema.enums.get(field.type.name)
            return known is None or any(v.number == value for v in known.values)
        if isinstance(value, float) and WRAPPERS.get(field.type.name, field.type.name) == "float":
            value = shortest_float(value)
        return holds(constraint, value, matches)


def _is_set(message: Any, field: Field, value: Any) -> bool:
    if field.repeated or field.is_map:
        return len(value) > 0
    if field.presence is Presence.IMPLICIT:
        return bool(value)
    return bool(message.HasField(field.name))


def _subjects(constraint: Constraint, field: Field, value: Any, path: str) -> Sequence[tuple[str, Any]]:
    """The values that a constraint applies to, each with its path."""
    if constraint.kind in ("size", "unique"):
        return [(path, value)] if field.repeated or field.is_map else []
    if constraint.kind not in OF_ONE_VALUE:
        return []
    if field.is_map:
        if constraint.of == "key":
            return [(f"{path}[{key_text(key)}]", key) for key in sorted(value)]
        return [(f"{path}[{key_text(key)}]", _bare(value[key])) for key in sorted(value)]
    if field.repeated:
        return [(f"{path}[{index}]", _bare(item)) for index, item in enumerate(value)]
    return [(path, _bare(value))]


def _bare(value: Any) -> Any:
    """The number or string in a well-known type; the seconds of a duration or timestamp."""
    descriptor = getattr(value, "DESCRIPTOR", None)
    if descriptor is None:
        return value
    if descriptor.full_name in (DURATION, TIMESTAMP):
        return Decimal(value.seconds) + Decimal(value.nanos) / 1_000_000_000
    if descriptor.full_name in WRAPPERS:
        return value.value
    return value.SerializeToString(deterministic=True)
