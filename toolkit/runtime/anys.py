"""``google.protobuf.Any``, ``Empty`` and ``NullValue``: the well-known types that are messages or enums here too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any as AnyValue
from typing import ClassVar, TypeVar, get_origin, overload

from toolkit.runtime.codec import Codec
from toolkit.runtime.enums import Enum
from toolkit.runtime.errors import DecodeError
from toolkit.runtime.jsonout import STYLES
from toolkit.runtime.message import Message
from toolkit.runtime.messagetype import Types
from toolkit.runtime.native import Table, TableSource
from toolkit.runtime.root import Root, roots
from toolkit.runtime.wellknown import WELL_KNOWN

V = TypeVar("V")
_ROOT = Root("toolkit.runtime", {}, {}, {})
_PREFIX = "type.googleapis.com/"
_TYPES = [
    (kind, f"google.protobuf.{name}")
    for kind, name in (
        (datetime, "Timestamp"),
        (timedelta, "Duration"),
        (Mapping, "Struct"),
        (list, "ListValue"),
        (str, "StringValue"),
        (bytes, "BytesValue"),
        (bool, "BoolValue"),  # before int, which it is too
        (int, "Int64Value"),
        (float, "DoubleValue"),
    )
]


class NullValue(Enum):
    """The null of JSON, as an enum."""

    __proto__: ClassVar[tuple[Root, str]] = (_ROOT, "google.protobuf.NullValue")
    NULL_VALUE = 0


class Empty(Message):
    """A message without fields."""

    __slots__ = ()
    __proto__: ClassVar[tuple[Root, str]] = (_ROOT, "google.protobuf.Empty")

    def __init__(self, *, _unknown: bytes = b"") -> None:
        self._unknown = _unknown


class Any(Message):
    """A message of any type, as bytes behind the name of its type."""

    __slots__ = ("_root", "type_url", "value")
    __proto__: ClassVar[tuple[Root, str]] = (_ROOT, "google.protobuf.Any")
    type_url: str
    """The full name of the type behind a prefix, such as ``type.googleapis.com/acme.v1.Bucket``."""
    value: bytes
    _root: Types | None

    def __init__(self, *, type_url: str = "", value: bytes = b"", _unknown: bytes = b"") -> None:
        self.type_url = type_url
        self.value = value
        self._root = None
        self._unknown = _unknown

    @classmethod
    def pack(cls, message: AnyValue, *, prefix: str = _PREFIX, type_name: str = "") -> Any:
        """A message as an ``Any``, or the value of a well-known type.

        The type of such a value is ``type_name``, such as ``google.protobuf.Int32Value``; if it is not given, that of
        a ``datetime``, ``timedelta``, ``dict``, ``list``, ``str``, ``bytes``, ``bool``, ``int`` (``Int64Value``) or
        ``float`` (``DoubleValue``). TypeError if there is none.
        """
        if not isinstance(message, Message):
            name = type_name or next((name for kind, name in _TYPES if isinstance(message, kind)), "")
            if name not in WELL_KNOWN:
                raise TypeError(f"expected a message or the value of a well-known type, got {message!r}")
            return cls(type_url=prefix + name, value=WELL_KNOWN[name].encode(message))
        made = cls(type_url=f"{prefix}{message.__proto__[1]}", value=message.to_bytes())
        made._root = message.__proto__[0]
        return made

    @property
    def type_name(self) -> str:
        """The full name of the type; empty where none is set."""
        return self.type_url.rpartition("/")[2]

    def holds(self, cls: type[Message]) -> bool:
        """Whether the type is that of a class."""
        return self.type_name == cls.__proto__[1]

    @overload
    def unpack(self) -> AnyValue: ...
    @overload
    def unpack(self, cls: type[V]) -> V: ...
    def unpack(self, cls: AnyValue = None) -> AnyValue:
        """The message, or the Python value of a well-known type; without a class, whatever it is.

        DecodeError where it is of another type, or of one that no generated package imported so far knows.
        """
        cls = get_origin(cls) or cls  # dict[str, object] is a type to checkers, but not to isinstance
        if self.type_name in WELL_KNOWN:
            value = self._value()
            if cls is not None and not isinstance(value, cls):
                raise DecodeError(f"expected {cls.__name__}, got a {self.type_name}, which is {value!r}")
            return value
        if cls is None:
            return _class_of(self.type_name, getattr(self, "_root", None)).from_bytes(self.value)
        if not (issubclass(cls, Message) and self.holds(cls)):
            name = cls.__proto__[1] if issubclass(cls, Message) else cls.__name__
            raise DecodeError(f"expected {name}, got {self.type_name or 'nothing'}")
        return cls.from_bytes(self.value)

    def _value(self) -> AnyValue:
        """The value of a well-known type."""
        from google.protobuf.message import DecodeError as ParseError

        try:
            official = _ROOT.official(self.type_name).FromString(self.value)
        except ParseError as error:
            raise DecodeError(f"the bytes are not a valid {self.type_name}: {error}") from None
        return WELL_KNOWN[self.type_name].decode(official)

    def __reduce_ex__(self, protocol: AnyValue) -> AnyValue:
        root: Types | None = getattr(self, "_root", None)
        return _restore, (self.type_url, self.value, self._unknown, root.package if root is not None else "")


def _restore(type_url: str, value: bytes, unknown: bytes, package: str) -> Any:
    made = Any(type_url=type_url, value=value, _unknown=unknown)
    made._root = next((root for root in roots() if root.package == package), None)
    return made


def _class_of(full_name: str, root: Types | None) -> type[Message]:
    for candidate in [root, *roots()] if root is not None else roots():
        try:
            return candidate.message(full_name)
        except (LookupError, ModuleNotFoundError):  # the latter of a root that cannot be imported any more
            continue
    raise DecodeError(f"unknown type {full_name!r}: import the generated package that contains it")


class AnyCodec:
    """Reads and writes ``Any``: in JSON as the message inside, which has to be known."""

    def __init__(self, root: Types) -> None:
        self._root = root
        self.table = Table(TableSource(Any.__codec__, _root=root)) if Table is not None else None
        """What the code in C reads and writes it by; None where it is not installed."""

    def encode(self, message: AnyValue) -> bytes:
        """The fields of the Any."""
        return Any.__codec__.encode(message)

    encode_partial = encode

    def decode(self, official: AnyValue) -> Any:
        """From an official message."""
        made = Any(type_url=official.type_url, value=official.value)
        made._root = self._root
        return made

    def decode_unknown(self, official: AnyValue) -> Any:
        """From an official message, with the fields that the schema does not know."""
        made: Any = Any.__codec__.decode_unknown(official)
        made._root = self._root
        return made

    def __getattr__(self, name: str) -> AnyValue:
        if name not in STYLES:
            raise AttributeError(name)

        def to_dict(message: Any) -> dict[str, AnyValue]:
            if not message.type_url:
                if message.value:
                    raise ValueError("it has a value but no type_url")
                return {}
            full_name = message.type_name
            if full_name in WELL_KNOWN:
                known = WELL_KNOWN[full_name]
                inner = known.decode(_ROOT.official(full_name).FromString(message.value))
                return {"@type": message.type_url, "value": known.to_json(inner)}
            unpacked = _class_of(full_name, getattr(message, "_root", None) or self._root).from_bytes(message.value)
            if full_name == "google.protobuf.Any":
                return {"@type": message.type_url, "value": to_dict(unpacked)}  # type: ignore[arg-type]
            codec = unpacked.__codec__
            body = getattr(codec, name)(unpacked)
            return {"@type": message.type_url, **body}

        setattr(self, name, to_dict)
        return to_dict

    def from_dict(self, content: AnyValue, ignore: bool) -> Any:
        """From JSON."""
        if not isinstance(content, Mapping):
            raise ValueError(f"{content!r} is not an object")
        if not content:
            return self._made("", b"")
        type_url = content.get("@type")
        if not isinstance(type_url, str) or "/" not in type_url or type_url.endswith("/"):
            raise ValueError("'@type' must be a type URL, such as type.googleapis.com/acme.v1.Bucket")
        full_name = type_url.rpartition("/")[2]
        body = {key: value for key, value in content.items() if key != "@type"}
        if full_name in WELL_KNOWN:
            known = WELL_KNOWN[full_name]
            if "value" not in body:
                raise ValueError(f"'value' is missing, which {full_name} needs")
            return self._made(type_url, known.encode(known.from_json(body["value"])))
        if full_name == "google.protobuf.Any":
            return self._made(type_url, self.from_dict(body.get("value"), ignore).to_bytes())
        if full_name == "google.protobuf.Empty":
            return self._made(type_url, b"")
        codec: Codec = _class_of(full_name, self._root).__codec__
        return self._made(type_url, codec.to_bytes(codec.read_dict(body, ignore)))

    def _made(self, type_url: str, value: bytes) -> Any:
        made = Any(type_url=type_url, value=value)
        made._root = self._root
        return made


class _WholeAny(Codec):
    """Of an ``Any`` that stands alone: in JSON it is the message inside, as it is in a field."""

    def within(self, root: Types) -> AnyCodec:
        """The codec for fields, which knows the types of their root."""
        return AnyCodec(root)

    def __getattr__(self, name: str) -> AnyValue:
        made = getattr(AnyCodec(_ROOT), name) if name in STYLES or name == "from_dict" else super().__getattr__(name)
        setattr(self, name, made)
        return made


Any.__codec__ = _WholeAny(Any)
