"""The functions that read and write one class, each made when it is first needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError as ParseError
from google.protobuf.message import Message as OfficialMessage

from toolkit.runtime.errors import DecodeError, EncodeError
from toolkit.runtime.messagetype import MessageType, Types
from toolkit.runtime.native import Table, TableSource, define

if TYPE_CHECKING:
    from toolkit.runtime.jsonout import Style


_LARGE = 1 << 14
"""From as many bytes on, a message without others in it is asked for unknown fields, instead of written twice."""


class Codec(MessageType):
    """Reads and writes a class of messages.

    ``encode``, ``encode_partial``, ``decode``, ``decode_unknown``, ``from_dict`` and ``to_dict_…``
    are the bare functions, which call each other; the other methods are for
    whole messages, and turn what goes wrong into an error that says where.
    ``write`` and ``read`` are the same for whole messages, in C where that is
    possible.
    """

    write: Callable[[Any], Any]
    read: Callable[[bytes], Any]

    def __getattr__(self, name: str) -> Any:
        made = _build(self, name)
        setattr(self, name, made)
        return made

    def within(self, root: Types) -> Any:
        """The codec for fields of this type in the messages of a root."""
        return self

    @cached_property
    def _methods(self) -> tuple[Callable[[Any], bytes], Callable[[Any], None]]:
        """Of the class, since a field of the same name would hide them in a message.

        Not ``ByteSize``: if a required field is missing, it describes where, and upb has crashed at that.
        """
        return self.official.SerializePartialToString, self.official.DiscardUnknownFields

    @cached_property
    def table(self) -> Any:
        """What the code in C reads and writes messages by; None where it is not installed."""
        return Table(TableSource(self)) if Table is not None else None

    def to_bytes(self, message: Any) -> bytes:
        """The message in the binary format."""
        made = self.write(message)
        return made if made.__class__ is bytes else self.written(message, made)

    def to_partial_bytes(self, message: Any) -> bytes:
        """The message in the binary format, in which required fields may be missing."""
        try:
            return self.to_bytes(message)
        except EncodeError:
            try:
                return self.encode_partial(message)
            except Exception as error:
                raise _where(self, message, "encode_partial", error) from error

    def from_bytes(self, content: bytes) -> Any:
        """The message that the bytes hold."""
        made = self.read(content)
        return made if made.__class__ is self.cls else self.finished(content, made)

    def written(self, message: Any, made: Any) -> bytes:
        """The bytes of a message for which ``write`` made something else."""
        content: bytes = self._with_table("write", self._to_bytes, message, made)
        return content

    def finished(self, content: bytes, made: Any) -> Any:
        """The message of bytes for which ``read`` made something else."""
        return self._with_table("read", self._from_bytes, content, made)

    def _with_table(self, name: str, pure: Callable[[Any], Any], given: Any, made: Any, *more: Any) -> Any:
        """What the table makes once those that it asks for are defined; what Python makes where it makes nothing."""
        while made.__class__ is Table:
            if not define(made):  # a message of that type is left to Python for good
                self.__dict__ |= {"read": self._from_bytes, "write": self._to_bytes, "table": None}
                return pure(given)
            made = getattr(self.table, name)(given, *more)
        return pure(given) if made is None else made

    def _to_bytes(self, message: Any) -> bytes:
        try:
            return self.encode(message)
        except Exception as error:
            raise _where(self, message, "encode", error) from error

    def _from_bytes(self, content: bytes) -> Any:
        try:
            official = self.official.FromString(content)
        except (ParseError, TypeError, RecursionError) as error:
            raise DecodeError(f"the bytes are not a valid {self.name}: {error}") from None
        try:
            return self._read(official, content)
        except UnicodeDecodeError as error:  # a key of a map in proto2, which the official runtime cannot read either
            raise DecodeError(f"the bytes are not a valid {self.name}: {error}") from None

    def _read(self, official: Any, content: bytes) -> Any:
        if len(content) >= _LARGE and self.is_flat:
            return self.decode_unknown(official)
        write, discard = self._methods
        size = len(write(official))
        discard(official)
        if len(write(official)) == size:
            return self.decode(official)
        return self.decode_unknown(self.official.FromString(content))

    def from_official(self, message: OfficialMessage) -> Any:
        """The message that an official one holds, of whichever pool."""
        cls = type(message)  # a field could have the name of a method
        if cls.DESCRIPTOR.full_name != self.name:
            raise DecodeError(f"expected {self.name}, got {cls.DESCRIPTOR.full_name}")
        return self.from_bytes(cls.SerializePartialToString(message))

    def to_dict(self, message: Any, style: Style) -> dict[str, Any]:
        """The message as ProtoJSON."""
        try:
            made: dict[str, Any] = getattr(self, style.method)(message)
        except Exception as error:
            raise _where(self, message, style.method, error) from error
        return made

    def to_json(self, message: Any, style: Style, indent: int | None) -> str:
        """The message as ProtoJSON text."""
        if indent is None and self.table is not None:
            made = self.table.to_json(message, style.number)
            if made.__class__ is not str:
                made = self._with_table("to_json", _nothing, message, made, style.number)
            if made is not None:
                return made  # type: ignore[no-any-return]
        return self._to_json(message, style, indent)

    def _to_json(self, message: Any, style: Style, indent: int | None) -> str:
        content = self.to_dict(message, style)
        text = WRITER.encode(content) if indent is None else json.dumps(content, ensure_ascii=False, indent=indent)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:  # half of a surrogate pair
                raise _where(self, message, "encode", error) from error
        return text

    def read_dict(self, content: Any, ignore_unknown: bool) -> Any:
        """The message that ProtoJSON holds."""
        try:
            return self.from_dict(content, ignore_unknown)
        except RecursionError:
            raise DecodeError("the JSON is nested too deeply") from None
        except (ValueError, TypeError) as error:
            from toolkit.runtime.locate import in_json

            raise DecodeError(in_json(self, content, ignore_unknown, error)) from error

    def from_json(self, text: str | bytes, ignore_unknown: bool) -> Any:
        """The message that a ProtoJSON text holds."""
        if self.table is not None:
            made = self.table.from_json(text)
            if made.__class__ is not self.cls:
                made = self._with_table("from_json", _nothing, text, made)
            if made is not None:
                return made
        return self._from_json(text, ignore_unknown)

    def _from_json(self, text: str | bytes, ignore_unknown: bool) -> Any:
        try:
            text = text if isinstance(text, str) else text.decode()
            content = _READER.decode(text)
            if "\\u" in text:
                json.dumps(content, ensure_ascii=False).encode()  # a half of a surrogate pair has no bytes
        except RecursionError:
            raise DecodeError("the JSON is nested too deeply") from None
        except ValueError as error:
            raise DecodeError(f"not JSON: {error}") from None
        return self.read_dict(content, ignore_unknown)


def _build(codec: Codec, name: str) -> Any:
    """A function by its name; what writes it is imported only now, since a program may only ever read bytes."""
    if name in ("write", "read"):
        if codec.table is not None:
            return getattr(codec.table, name)
        return codec._to_bytes if name == "write" else codec._from_bytes
    if name in ("encode", "encode_partial"):
        from toolkit.runtime import encoder

        return encoder.build(codec, name)
    if name in ("decode", "decode_unknown"):
        from toolkit.runtime import decoder

        return decoder.build(codec, unknown=name == "decode_unknown")
    if name == "from_dict":
        from toolkit.runtime import jsonin

        return jsonin.build(codec)
    from toolkit.runtime import jsonout

    if name not in jsonout.STYLES:
        raise AttributeError(name)
    return jsonout.build(codec, jsonout.STYLES[name])


def _where(codec: Codec, message: Any, method: str, error: Exception) -> EncodeError:
    from toolkit.runtime.locate import in_message

    return EncodeError(in_message(codec, message, method, error))


def _nothing(given: Any) -> None:
    """Where Python has to make it another way."""


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"duplicate key {next(n for n in names if names.count(n) > 1)!r}")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON; ProtoJSON writes it in quotes")


_READER = json.JSONDecoder(object_pairs_hook=_distinct, parse_constant=_no_constant)
WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False)
"""What a codec made has no circles."""
