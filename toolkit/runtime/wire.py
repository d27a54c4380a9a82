"""Pieces of the binary format that generated encoders are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from struct import Struct, pack
from typing import Any

_TWO_64 = 1 << 64


ONE = [bytes((value,)) for value in range(128)]
"""A number of seven bits."""
HALVES = [value & 127 | (value << 1 & 0x7F00) | 0x8080 for value in range(1 << 14)]
"""Fourteen bits of a number that goes on: two bytes, as the number that struct writes."""
_three = Struct("<HB").pack
_four = Struct("<HBB").pack
_five = Struct("<HHB").pack


def varint(value: int) -> bytes:
    """A non-negative number, seven bits a byte, the lowest first."""
    if value < 0x80:
        return ONE[value]
    if value < 0x4000:
        return bytes((value & 127 | 128, value >> 7))
    if value < 0x200000:
        return _three(HALVES[value & 16383], value >> 14)
    if value < 0x10000000:
        return _four(HALVES[value & 16383], value >> 14 & 127 | 128, value >> 21)
    if value < 0x800000000:
        return _five(HALVES[value & 16383], HALVES[value >> 14 & 16383], value >> 28)
    return _four(HALVES[value & 16383], value >> 14 & 127 | 128, value >> 21 & 127 | 128) + varint(value >> 28)


@cache
def five(prefix: bytes) -> Callable[..., bytes]:
    """Writes a tag of that length and a varint of five bytes, given as two halves and the rest."""
    return Struct(f"<{len(prefix)}sHHB").pack


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


def loose(value: str) -> bytes:
    """A string whose half surrogates stand for bytes that are not text."""
    return value.encode("utf-8", "surrogateescape")


def text(value: str | bytes) -> str:
    """What the official runtime parsed of a string: bytes, if they are not text."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def data(value: bytes) -> bytes:
    """Bytes behind their length."""
    return varint(len(value)) + bytes(memoryview(value))


def negative_zero(value: float) -> bool:
    """Whether a zero is the one that is not the default; TypeError for what is not a number."""
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


def top_level(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The number and content of each field of a message behind a length; its other fields without content."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(content):
        field, wire_type = divmod(number(), 8)
        size = number() if wire_type in (0, 2) else 8 if wire_type == 1 else 4
        start = at
        at += 0 if wire_type == 0 else size
        yield field, content[start:at]


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
