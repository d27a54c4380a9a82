"""Messages one after the other in a binary file, each behind its size, as other languages write and read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from toolkit.runtime.errors import DecodeError
from toolkit.runtime.wire import varint

if TYPE_CHECKING:
    from toolkit.runtime.message import Message

M = TypeVar("M", bound="Message")
MAX_BYTES = 64 << 20
"""The size of a message, in bytes, above which :func:`read_delimited` takes the file for another one."""


def write_delimited(stream: BinaryIO, messages: Iterable[Message]) -> None:
    """Write messages, each behind its size as a varint."""
    for message in messages:
        content = message.to_bytes()
        stream.write(varint(len(content)) + content)


def read_delimited(stream: BinaryIO, cls: type[M], *, max_bytes: int = MAX_BYTES) -> Iterator[M]:
    """The messages, each read when it is asked for; DecodeError if the file ends within one, or one is too large."""
    number = 0
    while (size := _size(stream, number)) is not None:
        if size > max_bytes:
            raise DecodeError(f"message {number} has {size} bytes, and at most {max_bytes} are allowed (max_bytes)")
        content = stream.read(size)
        while len(content) < size and (more := stream.read(size - len(content))):
            content += more
        if len(content) < size:
            raise DecodeError(f"message {number} ends after {len(content)} of {size} bytes")
        yield cls.from_bytes(content)
        number += 1


def _size(stream: BinaryIO, number: int) -> int | None:
    size = 0
    for shift in range(0, 70, 7):
        byte = stream.read(1)
        if not byte:
            if shift:
                raise DecodeError(f"the file ends within the size of message {number}")
            return None
        size |= (byte[0] & 127) << shift
        if byte[0] < 128:
            return size
    raise DecodeError(f"the size of message {number} is not a varint")
