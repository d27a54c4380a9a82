"""Values in ProtoJSON: copies, order, and the messages in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from toolkit.descriptors.model import Field, Kind, Message, Schema
from toolkit.descriptors.well_known import ANY, JSON_FORMS
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.written import JSON


def copied(value: Any) -> Any:
    """A copy of a JSON value that can be changed."""
    if isinstance(value, dict):
        return {key: copied(item) if isinstance(item, (dict, list)) else item for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def varied(value: dict[str, JSON], count: int) -> Iterator[dict[str, JSON]]:
    """Copies of a message, each with a different text in its first string field."""
    for number in range(2, count + 2):
        for name, inner in value.items():
            if isinstance(inner, str) and inner and not inner[0].isupper() and "=" not in inner:
                yield {**value, name: _numbered(inner, number)}
                break
        else:
            yield value


def _numbered(text: str, number: int) -> str:
    head, digit = text[:-1], text[-1]
    return head + str(number % 10) if digit.isalnum() else text + str(number)


def indented(value: JSON) -> str:
    """A value as indented JSON."""
    try:  # the encoder of the standard library is written in C, but not for indented text
        return msgspec.json.format(json.dumps(value, ensure_ascii=False), indent=2)
    except (msgspec.DecodeError, UnicodeEncodeError):  # not JSON for others: NaN, or half a surrogate pair
        return json.dumps(value, ensure_ascii=False, indent=2)


def ordered(value: Mapping[str, JSON], message: Message) -> dict[str, JSON]:
    """A value with its members in the order of the fields."""
    names = [one.json_name for one in message.fields if one.json_name in value]
    others = {name: found for name, found in value.items() if name not in names}
    return others | {name: value[name] for name in names}


def drop_others(value: dict[str, JSON], one: Field, message: Message, facts: Facts) -> None:
    """Remove the fields that can't be set together with one."""
    groups = facts.alternatives(message)
    mine = groups.get(one.name)
    for other in message.fields if mine else ():
        if other != one and mine and mine & groups.get(other.name, set()):
            value.pop(other.json_name, None)


def has_other(value: Mapping[str, JSON], one: Field, message: Message, facts: Facts) -> bool:
    """Whether a field is set that can't be set together with one."""
    left = dict(value)
    drop_others(left, one, message, facts)
    return len(left) < len(value)


def at(value: JSON, message: Message, path: Sequence[str], schema: Schema) -> JSON:
    """The value at a path, or None."""
    for number, name in enumerate(path):
        one = message.field(name)
        if one is None or not isinstance(value, dict):
            return None
        value = value.get(one.json_name)
        if number < len(path) - 1:
            message = schema.message(one.type.name)
    return value


def nested(
    value: Mapping[str, JSON], message: Message, schema: Schema
) -> Iterator[tuple[Field, str, dict[str, JSON], Message]]:
    """The messages in an example: their field, their path in it, their value and their type."""
    if not any(isinstance(found, (dict, list)) for found in value.values()):  # as most are
        return
    for one in message.fields:
        if one.type.kind is not Kind.MESSAGE:
            continue
        found = value.get(one.json_name)
        if not isinstance(found, (dict, list)):
            continue
        many = found.items() if one.is_map and isinstance(found, dict) else [("", found)]
        if isinstance(found, list):
            many = [(str(number), item) for number, item in enumerate(found)]
        for key, item in many:
            holder = _type_of(one, item, schema)
            if holder is not None and isinstance(item, dict):
                yield one, f"{one.json_name}.{key}".rstrip("."), item, holder


def levels(value: dict[str, JSON], message: Message, schema: Schema) -> Iterator[tuple[dict[str, JSON], Message]]:
    """An example, and all messages in it."""
    stack = [(value, message)]
    while stack:
        value, message = stack.pop()
        yield value, message
        stack += [(inner, holder) for _, _, inner, holder in nested(value, message, schema)]


def packed(value: Mapping[str, JSON], message: Message, schema: Schema) -> list[Message]:
    """The types of what ``Any`` fields in an example contain, each once."""
    found: dict[str, Message] = {}
    for inner, holder in levels(dict(value), message, schema):
        for one, _, _, held in nested(inner, holder, schema):
            if one.type.name == ANY:
                found.setdefault(held.full_name, held)
    return list(found.values())


def _type_of(one: Field, item: JSON, schema: Schema) -> Message | None:
    if not isinstance(item, dict):
        return None
    if one.type.name == ANY:
        return schema.messages.get(str(item.get("@type", "")).rpartition("/")[2])
    return None if one.type.name in JSON_FORMS else schema.messages.get(one.type.name)
