"""What definitions say in options: what the model knows differs from the rule in a file of that edition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.descriptors.casing import camel_case
from toolkit.descriptors.model import Enum, EnumValue, Field, Kind, Message, Method, Presence

_DEPRECATED = "deprecated = true"
_PLAIN = re.compile(r"-?[\w.][\w.+-]*", re.ASCII)
_ESCAPED = re.compile(r'(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*')
"""The inside of a string that needs no more escapes."""
_MARKS = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')


def quoted(text: str) -> str:
    """Any text as a string."""
    return f'"{_MARKS.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    mark = found[0]
    if mark in '"\\':
        return f"\\{mark}"
    return "\\n" if mark == "\n" else "".join(f"\\{byte:03o}" for byte in mark.encode())


def field_options(one: Field, edition: str) -> Iterator[str]:
    """The options between the brackets of a field."""
    if one.default is not None:
        yield f"default = {_default(one.default, one)}"
    if not one.extendee and one.json_name != camel_case(one.name):
        yield f"json_name = {quoted(one.json_name)}"
    is_old = edition in ("proto2", "proto3")
    if one.repeated and one.packed != (edition != "proto2") and _is_packable(one):
        yield f"packed = {str(one.packed).lower()}" if is_old else "features.repeated_field_encoding = EXPANDED"
    if not is_old:
        if one.presence in (Presence.IMPLICIT, Presence.REQUIRED):
            is_required = one.presence is Presence.REQUIRED
            yield f"features.field_presence = {'LEGACY_REQUIRED' if is_required else 'IMPLICIT'}"
        if one.delimited:
            yield "features.message_encoding = DELIMITED"
    if one.options.get("google.protobuf.FieldOptions.deprecated"):
        yield _DEPRECATED


def _is_packable(one: Field) -> bool:
    return one.type.kind is Kind.ENUM or (one.type.kind is Kind.SCALAR and one.type.name not in ("string", "bytes"))


def _default(text: str, one: Field) -> str:
    """A default as its descriptor has it, which writes bytes with escapes, and strings without."""
    if one.type.name == "bytes" and _ESCAPED.fullmatch(text):
        return f'"{text}"'
    is_text = one.type.kind is Kind.SCALAR and one.type.name in ("string", "bytes")
    return quoted(text) if is_text or not _PLAIN.fullmatch(text) else text


def message_options(message: Message) -> Iterator[str]:
    """The options of a message."""
    if message.options.get("google.protobuf.MessageOptions.deprecated"):
        yield _DEPRECATED
    if message.options.get("google.protobuf.MessageOptions.message_set_wire_format"):
        yield "message_set_wire_format = true"


def enum_options(enum: Enum, edition: str) -> Iterator[str]:
    """The options of an enum."""
    if enum.options.get("google.protobuf.EnumOptions.deprecated"):
        yield _DEPRECATED
    if len({value.number for value in enum.values}) < len(enum.values):
        yield "allow_alias = true"
    if enum.closed and edition not in ("proto2", "proto3"):
        yield "features.enum_type = CLOSED"


def value_options(value: EnumValue) -> Iterator[str]:
    """The options between the brackets of an enum value."""
    if value.options.get("google.protobuf.EnumValueOptions.deprecated"):
        yield _DEPRECATED


def method_options(method: Method) -> Iterator[str]:
    """The options of a method, without its bindings to HTTP."""
    if method.options.get("google.protobuf.MethodOptions.deprecated"):
        yield _DEPRECATED
    level = method.options.get("google.protobuf.MethodOptions.idempotency_level")
    if level in ("NO_SIDE_EFFECTS", "IDEMPOTENT"):
        yield f"idempotency_level = {level}"


def http_members(members: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a message ``google.api.HttpRule`` with these members."""
    for name, value in members.items():
        for one in value if isinstance(value, list) else (value,):
            yield f"{name} {{ {' '.join(http_members(one))} }}" if isinstance(one, dict) else f"{name}: {quoted(one)}"
