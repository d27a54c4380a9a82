"""Field masks: those of updates name what changes, and others what to return."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from toolkit.descriptors.casing import camel_case, snake_case, survives_camel_case
from toolkit.descriptors.model import Field, Kind, Message, Method
from toolkit.descriptors.well_known import FIELD_MASK
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.candidates import says, vocabulary
from toolkit.targets.examples.demands import chosen_paths, fits
from toolkit.targets.examples.views import is_mutable
from toolkit.targets.examples.written import JSON


def update_mask(method: Method, message: Message) -> Field | None:
    """The field of a request that says which fields change; None if the method changes none."""
    for one in message.fields:
        if one.type.name == FIELD_MASK and not (one.repeated or says("reading_mask", one.name)):
            verb = snake_case(method.name).partition("_")[0]
            if one.name.startswith("update") or verb in vocabulary("updating"):
                return one
    return None


def fill(
    value: dict[str, JSON],
    whole: Mapping[str, JSON],
    mask: Field,
    message: Message,
    body: Field | None,
    facts: Facts,
    in_path: Collection[str],
) -> None:
    """Set an update mask to what the request changes; a request that changes nothing borrows a value from ``whole``."""
    holder, holds = value, message
    if body is not None:
        holder, holds = value[body.json_name], facts.schema.message(body.type.name)
        whole = whole.get(body.json_name) or {}
    prefix = f"{body.name}." if body is not None else ""
    able = [one for one in _changeable(holds, facts, is_flat=body is None) if prefix + one.name not in in_path]
    if not any(one.json_name in holder for one in able):
        first = min((one for one in able if one.json_name in whole), key=_is_nested, default=None)
        if first is not None:
            holder[first.json_name] = whole[first.json_name]
    paths = [one.name for one in able if one.json_name in holder]
    constraints = facts.constraints(mask)
    if not fits(constraints, paths):
        paths = next((found for found in chosen_paths(constraints) if fits(constraints, found)), paths)
    _set(value, mask, paths, facts)


def fill_reading(value: dict[str, JSON], mask: Field, result: str, facts: Facts) -> None:
    """Set a mask that says what to return, to fields of the result."""
    message = facts.schema.messages.get(result)
    constraints = facts.constraints(mask)
    paths = [one.name for one in message.fields if survives_camel_case(one.name)][:2] if message is not None else []
    if paths and fits(constraints, paths):
        _set(value, mask, paths, facts)


def _set(value: dict[str, JSON], mask: Field, paths: Collection[str], facts: Facts) -> None:
    if paths:
        value[mask.json_name] = ",".join(map(camel_case, paths))
    elif not facts.required(mask):
        value.pop(mask.json_name, None)


def _changeable(message: Message, facts: Facts, *, is_flat: bool) -> list[Field]:
    """The fields that an update can change; in a flat request, those that don't say what to update or how."""
    return [
        one
        for one in message.fields
        if survives_camel_case(one.name)
        and one.type.name != FIELD_MASK
        and is_mutable(one, message, facts)
        and not (is_flat and (facts.required(one) or says("sent_once", one.name) or facts.resource_name(one)))
    ]


def _is_nested(one: Field) -> bool:
    return one.type.kind is Kind.MESSAGE or one.repeated or one.is_map
