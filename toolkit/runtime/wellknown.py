"""The well-known types as Python has them, without losing what Python's own types cannot hold.

===========================  ====================================================================
``Timestamp``                an aware ``datetime``; a :class:`Timestamp` where it has nanoseconds
``Duration``                 a ``timedelta``; a :class:`Duration` where it has nanoseconds
``StringValue`` and others   ``str``, ``int``, ``float``, ``bool``, ``bytes``; unset is None
``Struct``, ``ListValue``    ``dict`` and ``list`` of plain values, in which null is None
``Value``                    a plain value; null is :data:`NULL`, since None is unset
``FieldMask``                a ``list`` of paths, as in the .proto file
===========================  ====================================================================

A time outside of the range that protobuf allows is read as the nearest one
inside, which remembers what it was read from: it is written again as it came.
Two things are not kept, since no plain value has a place for them: fields
that the schema does not know inside a well-known type, and the difference of a
``Value`` without a kind, which JSON does not have either, from null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from struct import pack
from typing import Any, Final, NamedTuple

from toolkit.runtime import wire
from toolkit.runtime.jsonvalues import FROM_JSON, TO_JSON, as_list
from toolkit.runtime.times import (
    Duration,
    Timestamp,
    decode_duration,
    decode_timestamp,
    duration_from_json,
    duration_to_json,
    encode_duration,
    encode_timestamp,
    parts_of,
    span_of,
    timestamp_from_json,
    timestamp_to_json,
)

__all__ = ["NULL", "WELL_KNOWN", "Duration", "Null", "Timestamp", "WellKnown", "parts_of", "span_of"]


class Null:
    """The null of a ``google.protobuf.Value`` field, which is set, as against None, which is not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NULL"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "NULL"


NULL: Final = Null()


def encode_value(value: Any) -> bytes:
    """The fields of a ``google.protobuf.Value``; None is null, since nothing else can be meant inside a list."""
    if value is None or value is NULL:
        return b"\x08\x00"
    if isinstance(value, str):
        return b"\x1a" + wire.string(value)
    if isinstance(value, bool):
        return b" \x01" if value else b" \x00"
    if isinstance(value, (int, float)):
        return b"\x11" + pack("<d", value)
    if isinstance(value, Mapping):
        return b"*" + wire.data(encode_struct(value))
    if isinstance(value, (list, tuple)):
        return b"2" + wire.data(encode_list(value))
    raise TypeError(f"{type(value).__name__} cannot be converted to JSON")


def encode_struct(value: Mapping[str, Any]) -> bytes:
    """The fields of a ``google.protobuf.Struct``."""
    entries = (b"\x0a" + wire.string(key) + b"\x12" + wire.data(encode_value(item)) for key, item in value.items())
    return b"".join(b"\x0a" + wire.data(entry) for entry in entries)


def encode_list(value: Any) -> bytes:
    """The fields of a ``google.protobuf.ListValue``."""
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return b"".join(b"\x0a" + wire.data(encode_value(item)) for item in value)


def decode_value(message: Any) -> Any:
    """From an official message; the null of a field is :data:`NULL`."""
    value = _decode_inner(message)
    return NULL if value is None else value


def _decode_inner(message: Any) -> Any:
    kind = message.WhichOneof("kind")
    if kind is None or kind == "null_value":
        return None
    value = getattr(message, kind)
    if kind == "struct_value":
        return decode_struct(value)
    return decode_list(value) if kind == "list_value" else value


def decode_struct(message: Any) -> dict[str, Any]:
    """From an official message."""
    fields = message.fields
    return {key: _decode_inner(fields[key]) for key in fields}


def decode_list(message: Any) -> list[Any]:
    """From an official message."""
    return [_decode_inner(item) for item in message.values]


def value_to_json(value: Any) -> Any:
    """A plain value as JSON: a copy, in which a whole number is one."""
    if value is None or value is NULL:
        return None
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        if value - value != 0:
            raise ValueError(f"{value!r} cannot be converted to JSON")
        return int(value) if value == int(value) else value
    if isinstance(value, Mapping):
        return struct_to_json(value)
    if isinstance(value, (list, tuple)):
        return [value_to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be converted to JSON")


def struct_to_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the dictionary."""
    if not all(isinstance(key, str) for key in value):
        raise TypeError("keys must be strings")
    return {key: value_to_json(item) for key, item in value.items()}


def list_to_json(value: Any) -> list[Any]:
    """A copy of the list."""
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return [value_to_json(item) for item in value]


def value_from_json(value: Any) -> Any:
    """JSON as it is; the null of a field is :data:`NULL`."""
    return NULL if value is None else _inner_from_json(value)


def _inner_from_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return struct_from_json(value)
    if isinstance(value, (list, tuple)):
        return list_from_json(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return FROM_JSON["double"](value)
    if value is None or isinstance(value, (str, bool)):
        return value
    raise ValueError(f"{type(value).__name__} is not JSON")


def struct_from_json(value: Any) -> dict[str, Any]:
    """A copy of the object."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{value!r} is not an object")
    if not all(isinstance(key, str) for key in value):
        raise ValueError("keys must be strings")
    return {key: _inner_from_json(item) for key, item in value.items()}


def list_from_json(value: Any) -> list[Any]:
    """A copy of the array."""
    return [_inner_from_json(item) for item in as_list(value)]


def encode_mask(paths: Any) -> bytes:
    """The fields of a ``google.protobuf.FieldMask``."""
    if isinstance(paths, str):
        raise TypeError("expected a list of paths, got one string")
    return b"".join(b"\x0a" + wire.string(path) for path in paths)


def mask_to_json(paths: Any) -> str:
    """Paths in lowerCamelCase with commas between; ValueError for one that does not come back the same."""
    if isinstance(paths, str):
        raise TypeError("expected a list of paths, got one string")
    return ",".join(map(_camel, paths))


def _camel(path: str) -> str:
    camel = re.sub(r"_([a-z])", lambda match: match[1].upper(), path)
    if _snake(camel) != path or "_" in camel or "," in path:
        raise ValueError(f"the path {path!r} cannot be converted to JSON")
    return camel


def _snake(path: str) -> str:
    return re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", path)


def mask_from_json(text: Any) -> list[str]:
    """From paths in lowerCamelCase with commas between."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a field mask")
    if "_" in text:
        raise ValueError(f"{text!r} is not in lowerCamelCase")
    return [_snake(path) for path in text.split(",")] if text else []


class WellKnown(NamedTuple):
    """How a well-known type is held, written and read."""

    hint: str
    """Its type in Python."""
    encode: Callable[[Any], bytes]
    decode: Callable[[Any], Any]
    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]
    null_is_value: bool = False
    """JSON's null is a value of the type, not an unset field."""


def _wrapper(kind: str, hint: str) -> WellKnown:
    wire_type, encode = wire.SCALARS[kind]
    prefix = wire.tag(1, wire_type)

    def encoded(value: Any) -> bytes:
        content: bytes = encode(value)  # also of a default, since what merely looks like one is none
        return prefix + content if value or (kind in ("float", "double") and wire.negative_zero(value)) else b""

    return WellKnown(hint, encoded, lambda message: message.value, TO_JSON[kind], FROM_JSON[kind])


WELL_KNOWN: dict[str, WellKnown] = {
    "google.protobuf.Timestamp": WellKnown(
        "datetime.datetime", encode_timestamp, decode_timestamp, timestamp_to_json, timestamp_from_json
    ),
    "google.protobuf.Duration": WellKnown(
        "datetime.timedelta", encode_duration, decode_duration, duration_to_json, duration_from_json
    ),
    "google.protobuf.Struct": WellKnown(
        "dict[str, Any]", encode_struct, decode_struct, struct_to_json, struct_from_json
    ),
    "google.protobuf.ListValue": WellKnown("list[Any]", encode_list, decode_list, list_to_json, list_from_json),
    "google.protobuf.Value": WellKnown(
        "Any", encode_value, decode_value, value_to_json, value_from_json, null_is_value=True
    ),
    "google.protobuf.FieldMask": WellKnown(
        "list[str]", encode_mask, lambda message: message.paths[:], mask_to_json, mask_from_json
    ),
    **{
        f"google.protobuf.{name}Value": _wrapper(kind, hint)
        for name, kind, hint in (
            ("Double", "double", "float"),
            ("Float", "float", "float"),
            ("Int64", "int64", "int"),
            ("UInt64", "uint64", "int"),
            ("Int32", "int32", "int"),
            ("UInt32", "uint32", "int"),
            ("Bool", "bool", "bool"),
            ("String", "string", "str"),
            ("Bytes", "bytes", "bytes"),
        )
    },
}
"""By full name. ``Any`` and ``Empty`` are not here: they are messages."""
