"""Pieces of the binary format that generated encoders are made of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from struct import pack
from typing import Any

_TWO_64 = 1 << 64


_ONE = [bytes((value,)) for value in range(128)]
_TWO = [bytes((value & 127 | 128, value >> 7 | 128)) for value in range(1 << 14)]
"""Fourteen bits, when more follow."""


def varint(value: int) -> bytes:
    """A non-negative number, seven bits a byte, the lowest first."""
    if value < 0x80:
        return _ONE[value]
    if value < 0x4000:
        return bytes((value & 127 | 128, value >> 7))
    if value < 0x200000:
        return _TWO[value & 16383] + _ONE[value >> 14]
    if value < 0x10000000:
        return _TWO[value & 16383] + bytes((value >> 14 & 127 | 128, value >> 21))
    if value < 0x800000000:
        return _TWO[value & 16383] + _TWO[value >> 14 & 16383] + _ONE[value >> 28]
    return _TWO[value & 16383] + _TWO[value >> 14 & 16383] + varint(value >> 28)


def tag(number: int, wire_type: int) -> bytes:
    """What comes before a field's value."""
    return varint(number << 3 | wire_type)


@cache
def with_byte(prefix: bytes) -> list[bytes]:
    """A tag followed by each one-byte varint: most lengths and many numbers are one."""
    return [prefix + bytes((value,)) for value in range(128)]


def int32(value: int) -> bytes:
    """Int32 and enums: negative numbers take ten bytes."""
    if not -0x80000000 <= value <= 0x7FFFFFFF:
        raise ValueError
    return varint(value if value >= 0 else value + _TWO_64)


def int64(value: int) -> bytes:
    """Int64."""
    if not -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
        raise ValueError
    return varint(value if value >= 0 else value + _TWO_64)


def uint32(value: int) -> bytes:
    """Uint32."""
    if not 0 <= value <= 0xFFFFFFFF:
        raise ValueError
    return varint(value)


def uint64(value: int) -> bytes:
    """Uint64."""
    if not 0 <= value <= 0xFFFFFFFFFFFFFFFF:
        raise ValueError
    return varint(value)


def sint32(value: int) -> bytes:
    """Sint32, in zigzag."""
    if not -0x80000000 <= value <= 0x7FFFFFFF:
        raise ValueError
    return varint(value << 1 if value >= 0 else ~(value << 1))


def sint64(value: int) -> bytes:
    """Sint64, in zigzag."""
    if not -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
        raise ValueError
    return varint(value << 1 if value >= 0 else ~(value << 1))


def boolean(value: bool) -> bytes:
    """Bool, and nothing that merely counts as one."""
    if value is True:
        return b"\x01"
    if value is False:
        return b"\x00"
    raise TypeError


def string(value: str) -> bytes:
    """A string behind its length."""
    encoded = value.encode()
    return varint(len(encoded)) + encoded


def data(value: bytes) -> bytes:
    """Bytes behind their length."""
    return varint(len(value)) + bytes(memoryview(value))


def negative_zero(value: float) -> bool:
    """Whether a zero is the one that is not the default; TypeError for what is no number."""
    return pack("<d", value)[7] != 0


SCALARS: dict[str, tuple[int, Any]] = {
    "string": (2, string),
    "bytes": (2, data),
    "bool": (0, boolean),
    "int32": (0, int32),
    "int64": (0, int64),
    "uint32": (0, uint32),
    "uint64": (0, uint64),
    "sint32": (0, sint32),
    "sint64": (0, sint64),
    "enum": (0, int32),
    "fixed32": (5, lambda value: pack("<I", value)),
    "sfixed32": (5, lambda value: pack("<i", value)),
    "float": (5, lambda value: pack("<f", value)),
    "fixed64": (1, lambda value: pack("<Q", value)),
    "sfixed64": (1, lambda value: pack("<q", value)),
    "double": (1, lambda value: pack("<d", value)),
}
"""The wire type of each scalar, and how a value is written."""


def unknown_fields(fields: Iterable[Any]) -> bytes:
    """What the official runtime parsed of fields that it does not know, as bytes again."""
    out = []
    for field in fields:
        out.append(tag(field.field_number, field.wire_type))
        value = field.data
        if field.wire_type == 0:
            out.append(varint(value))
        elif field.wire_type == 1:
            out.append(pack("<Q", value))
        elif field.wire_type == 5:
            out.append(pack("<I", value))
        elif field.wire_type == 2:
            out.append(data(value))
        else:
            out.append(unknown_fields(value))
            out.append(tag(field.field_number, 4))
    return b"".join(out)
