"""The functions that read and write one class, each made when it is first needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError as ParseError
from google.protobuf.message import EncodeError as SizeError
from google.protobuf.message import Message as OfficialMessage

from toolkit.runtime import decoder, encoder, jsonin, jsonout
from toolkit.runtime.errors import DecodeError, EncodeError
from toolkit.runtime.fields import Field, field_of, fields_of
from toolkit.runtime.locate import in_json, in_message

if TYPE_CHECKING:
    from toolkit.runtime.enums import Enum
    from toolkit.runtime.message import Message
    from toolkit.runtime.root import Root


@dataclass(frozen=True, slots=True)
class Style:
    """How ProtoJSON is written; the official options."""

    preserve_names: bool = False
    defaults: bool = False
    enum_numbers: bool = False

    @property
    def method(self) -> str:
        """The name of the method of a codec that writes it."""
        return f"to_dict_{self.preserve_names:d}{self.defaults:d}{self.enum_numbers:d}"


STYLES = {style.method: style for style in (Style(bool(n & 4), bool(n & 2), bool(n & 1)) for n in range(8))}


class Codec:
    """Reads and writes a class of messages.

    ``encode``, ``decode``, ``decode_unknown``, ``from_dict`` and ``to_dict_…``
    are the bare functions, which call each other; the other methods are for
    whole messages, and turn what goes wrong into an error that says where.
    """

    encode: Callable[[Any], bytes]
    decode: Callable[[Any], Any]
    decode_unknown: Callable[[Any], Any]
    from_dict: Callable[[Any, bool], Any]

    def __init__(self, cls: type[Message]) -> None:
        self.cls = cls
        root, self.name = cls.__proto__
        self.root: Root = root
        self.is_extendable = hasattr(cls, "_extensions")
        self._functions: dict[tuple[str, str], Any] = {}

    def __getattr__(self, name: str) -> Any:
        made: Any
        if name == "encode":
            made = encoder.build(self)
        elif name in ("decode", "decode_unknown"):
            made = decoder.build(self, unknown=name == "decode_unknown")
        elif name == "from_dict":
            made = jsonin.build(self)
        elif name in STYLES:
            made = jsonout.build(self, STYLES[name])
        else:
            raise AttributeError(name)
        setattr(self, name, made)
        return made

    def message(self, full_name: str) -> type[Message]:
        """The class of a message."""
        return self.root.message(full_name)

    def enum(self, full_name: str) -> type[Enum]:
        """The class of an enum."""
        return self.root.enum(full_name)

    def child(self, type_name: str) -> Any:
        """The codec of a field's type."""
        if type_name == "google.protobuf.Any":
            return self.root.any_codec
        return self.message(type_name).__codec__

    @cached_property
    def official(self) -> type[OfficialMessage]:
        """The class of the official runtime, from the root's own pool."""
        made: type[OfficialMessage] = self.root.official(self.name)
        return made

    @cached_property
    def _methods(self) -> tuple[Callable[[Any], int], Callable[[Any], None]]:
        """Of the class, since a field of the same name would hide them in a message."""
        return self.official.ByteSize, self.official.DiscardUnknownFields

    @cached_property
    def fields(self) -> list[Field]:
        """The fields, by number."""
        return fields_of(self.official.DESCRIPTOR, self.cls.__renamed__, self.cls.__oneofs__)

    @cached_property
    def oneofs(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """By name: the attribute, and the case class of each member."""
        return {
            name: (attribute, {case.__field__: case for case in vars(cases).values() if hasattr(case, "__field__")})
            for name, (attribute, cases) in self.cls.__oneofs__.items()
        }

    def to_bytes(self, message: Message) -> bytes:
        """The message in the binary format."""
        try:
            return self.encode(message)
        except Exception as error:
            raise EncodeError(in_message(self, message, "encode", error)) from error

    def from_bytes(self, content: bytes) -> Any:
        """The message that the bytes hold."""
        try:
            official = self.official.FromString(content)
        except (ParseError, TypeError, RecursionError) as error:
            raise DecodeError(f"the bytes are no {self.name}: {error}") from None
        try:
            return self._read(official, content)
        except UnicodeDecodeError as error:  # a key of a map in proto2, which the official runtime cannot read either
            raise DecodeError(f"the bytes are no {self.name}: {error}") from None

    def _read(self, official: Any, content: bytes) -> Any:
        size_of, discard = self._methods
        try:
            size = size_of(official)
        except SizeError:  # a required field is missing: read as it is, as the official runtime does
            return self.decode_unknown(official)
        discard(official)
        if size_of(official) == size:
            return self.decode(official)
        return self.decode_unknown(self.official.FromString(content))

    def from_official(self, message: OfficialMessage) -> Any:
        """The message that an official one holds, of whichever pool."""
        cls = type(message)  # a field could have the name of a method
        if cls.DESCRIPTOR.full_name != self.name:
            raise DecodeError(f"a {cls.DESCRIPTOR.full_name} is no {self.name}")
        return self.from_bytes(cls.SerializePartialToString(message))

    def to_dict(self, message: Message, style: Style) -> dict[str, Any]:
        """The message as ProtoJSON."""
        try:
            made: dict[str, Any] = getattr(self, style.method)(message)
        except Exception as error:
            raise EncodeError(in_message(self, message, style.method, error)) from error
        return made

    def to_json(self, message: Message, style: Style, indent: int | None) -> str:
        """The message as ProtoJSON text."""
        content = self.to_dict(message, style)
        text = WRITER.encode(content) if indent is None else json.dumps(content, ensure_ascii=False, indent=indent)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:  # half of a surrogate pair
                raise EncodeError(in_message(self, message, "encode", error)) from error
        return text

    def read_dict(self, content: Any, ignore_unknown: bool) -> Any:
        """The message that ProtoJSON holds."""
        try:
            return self.from_dict(content, ignore_unknown)
        except RecursionError:
            raise DecodeError("the JSON nests too deep") from None
        except (ValueError, TypeError) as error:
            raise DecodeError(in_json(self, content, ignore_unknown, error)) from error

    def from_json(self, text: str | bytes, ignore_unknown: bool) -> Any:
        """The message that a ProtoJSON text holds."""
        try:
            text = text if isinstance(text, str) else text.decode()
            content = _READER.decode(text)
            if "\\u" in text:
                json.dumps(content, ensure_ascii=False).encode()  # a half of a surrogate pair has no bytes
        except RecursionError:
            raise DecodeError("the JSON nests too deep") from None
        except ValueError as error:
            raise DecodeError(f"not JSON: {error}") from None
        return self.read_dict(content, ignore_unknown)

    # Extensions: their declarations are found by name and number in the pool.

    def _extension(self, full_name: str) -> tuple[Any, Field]:
        descriptor = self.root.pool.FindExtensionByName(full_name)
        extended = descriptor.containing_type
        if extended is None or extended.full_name != self.name:
            raise KeyError(full_name)
        return descriptor, field_of(descriptor, descriptor.name)

    def extension(self, full_name: str) -> Field | None:
        """An extension of the message; None where there is none of that name."""
        try:
            return self._extension(full_name)[1]
        except KeyError:
            return None

    def _function(self, what: str, full_name: str, make: Callable[[Codec, Field], Any]) -> Any:
        """What was made for an extension."""
        key = (what, full_name)
        if key not in self._functions:
            self._functions[key] = make(self, self._extension(full_name)[1])
        return self._functions[key]

    def encode_extensions(self, message: Any, append: Callable[[bytes], None]) -> None:
        """Write the extensions that are set."""
        for name, value in message._extensions.items():
            self._function("encode", name, encoder.extension_encoder)(append, value)

    def decode_extensions(self, official: Any, unknown: bool) -> dict[str, Any]:
        """The extensions that are set, by full name."""
        found = {}
        for descriptor, value in type(official).ListFields(official):
            if descriptor.is_extension:
                field = field_of(descriptor, descriptor.name)
                convert = decoder.converter(self, field, unknown=unknown)
                found[descriptor.full_name] = (
                    [decoder.convert_one(convert, item) for item in value]
                    if field.repeated
                    else decoder.convert_one(convert, value)
                )
        return found

    def extensions_to_dict(self, message: Any, target: dict[str, Any], style: Style) -> None:
        """Write the extensions that are set, in brackets."""
        for name, value in message._extensions.items():
            make = partial(jsonout.extension_to_json, style=style)
            target[f"[{name}]"] = self._function(style.method, name, make)(value)

    def extensions_from_dict(self, content: Mapping[str, Any], ignore: bool) -> dict[str, Any]:
        """The extensions that ProtoJSON holds, by full name."""
        return dict(self._read_extensions(content, ignore))

    def _read_extensions(self, content: Mapping[str, Any], ignore: bool) -> Iterator[tuple[str, Any]]:
        for name, value in content.items():
            try:
                self._extension(name)
            except KeyError:
                if ignore:
                    continue
                raise ValueError(f"{self.name} has no extension {name!r}") from None
            if value is not None:
                read = self._function("from_dict", name, jsonin.extension_from_json)
                yield name, read(value, ignore)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} is there twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON; ProtoJSON writes it in quotes")


_READER = json.JSONDecoder(object_pairs_hook=_distinct, parse_constant=_no_constant)
WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False)
"""What a codec made has no circles."""
