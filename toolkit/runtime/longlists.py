"""Long lists of numbers and strings → bytes, without a call for each element.

The official runtime writes them as well, and in C. It is only asked: whatever it refuses is written, or refused with
a reason, element by element as usual.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from struct import pack
from typing import Any

from toolkit.runtime.messagetype import Field, MessageType

LONG = 64
"""From as many elements on, it pays off."""
_SIZED = {"fixed32": "I", "sfixed32": "i", "float": "f", "fixed64": "Q", "sfixed64": "q", "double": "d"}
_NUMBERS = ("int32", "int64", "uint32", "uint64", "sint32", "sint64")


def sized(field: Field) -> Callable[[list[Any]], bytes] | None:
    """Writes the elements of a packed list whose numbers are all of the same size; None for other kinds."""
    code = _SIZED.get(field.kind)
    return None if code is None else lambda value: pack(f"<{len(value)}{code}", *value)


def whole(type_: MessageType, field: Field) -> Callable[[list[Any]], bytes | None] | None:
    """Writes a list with its tags and lengths, or says None; None for kinds that it does not know.

    Enums are not among them, since the official runtime takes names, too.
    """
    if field.kind == "string" and not field.loose:
        return _strings(type_, field)
    return _official(type_, field) if field.kind in _NUMBERS and field.packed else None


def _official(type_: MessageType, field: Field) -> Callable[[list[Any]], bytes | None]:
    cls: Any = type_.official
    write = cls.SerializePartialToString  # of the class, since a field could have that name

    def written(value: list[Any]) -> bytes | None:
        with suppress(TypeError, ValueError):
            content: bytes = write(cls(**{field.name: value}))
            return content
        return None

    return written


def _strings(type_: MessageType, field: Field) -> Callable[[list[Any]], bytes | None]:
    write = _official(type_, field)

    def written(value: list[Any]) -> bytes | None:
        try:
            "".join(value)  # refuses bytes, which the official runtime takes
        except TypeError:
            return None
        return write(value)

    return written
