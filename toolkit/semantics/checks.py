"""The constraints of a message in the form that the runtime checks: the tuples in generated classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields, replace
from typing import Any

from toolkit.descriptors.model import Field, Kind, Message, Oneof
from toolkit.runtime.constraints import Constraint as Check
from toolkit.semantics import protovalidate
from toolkit.semantics.constraints import Constraint, paired, unreadable
from toolkit.semantics.facts import Facts
from toolkit.semantics.sentences import alternatives_sentence, wording

_DEFAULTS: Sequence[Any] = [field.default for field in fields(Check)]
_LEAST = 8
"""The minimum number of members in each tuple, as in existing bindings."""


def checks_of(message: Message, facts: Facts) -> list[tuple[Any, ...]]:
    """The constraints of a message and its fields, as arguments of ``toolkit.runtime.constraints.Constraint``."""
    found: list[Check] = []
    elements: list[Field | Oneof] = [*message.fields, *message.oneofs]
    for element in elements:
        found += _of_element(element, message, facts)
    for kind, choices in protovalidate.alternatives(message):
        option, text = f"{protovalidate.MESSAGE} oneof", alternatives_sentence(kind, choices)
        found.append(Check("", kind, "field", option, text, choices=choices, rule_id="message.oneof", applies="always"))
    found += _special(message, "", facts)
    return [_trimmed(check) for check in found]


def _of_element(element: Field | Oneof, message: Message, facts: Facts) -> Iterator[Check]:
    for constraint in paired(facts.constraints(element), facts.mappings, protovalidate.OPTIONS):
        check = _check(constraint, element, facts)
        if constraint.rule.option in protovalidate.OPTIONS:
            check = replace(
                check,
                rule_id=protovalidate.rule_id(constraint),
                applies=protovalidate.applies(constraint, element, message),
            )
        yield check
    for rule in unreadable(element, facts.mappings):
        yield Check(element.name, "unchecked", rule.of, rule.name, "")
    if isinstance(element, Field):
        yield from _special(element, element.name, facts)
        is_disabled = element.type.kind is Kind.MESSAGE and facts.mappings.disabling(message.options)
        if protovalidate.skipped(element) or is_disabled:
            yield Check(element.name, "skip", "field", protovalidate.FIELD, "")


def _check(constraint: Constraint, element: Field | Oneof, facts: Facts) -> Check:
    bounds = astuple(constraint.interval) if constraint.interval is not None else None
    return Check(
        element.name,
        constraint.kind,
        constraint.of,
        constraint.rule.name,
        wording(constraint, element, facts),
        bounds if bounds is None or bounds[-1] else bounds[:-1],
        constraint.choices,
        constraint.pattern,
        constraint.rule.id,
        constraint.applies,
    )


def _special(element: Field | Message, name: str, facts: Facts) -> Iterator[Check]:
    """The protovalidate rules without an option mapping: invalid ones, and those that only its package checks."""
    for text in protovalidate.faults(element):
        yield Check(name, "broken", "field", protovalidate.FIELD, text)
    for rule, of, rule_id in protovalidate.official_only(element, facts.mappings):
        yield Check(name, "protovalidate", of, rule, "", rule_id=rule_id, applies="always")


def _trimmed(check: Check) -> tuple[Any, ...]:
    """A tuple without trailing defaults."""
    values = astuple(check)
    end = len(values)
    while end > _LEAST and values[end - 1] == _DEFAULTS[end - 1]:
        end -= 1
    return values[:end]
