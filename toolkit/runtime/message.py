"""The base of generated messages."""

from __future__ import annotations

from collections.abc import Mapping
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar, overload

from toolkit.runtime.errors import DecodeError
from toolkit.runtime.lazy import Lazy, pydantic_core_schema, pydantic_json_schema

if TYPE_CHECKING:
    import dataclasses
    import inspect

    from google.protobuf.message import Message as OfficialMessage

    from toolkit.runtime.codec import Codec
    from toolkit.runtime.constraints import Violation
    from toolkit.runtime.messagetype import Types

V = TypeVar("V")
Official = TypeVar("Official", bound="OfficialMessage")


def _codec_of(cls: type[Message]) -> Codec:
    from toolkit.runtime.codec import Codec

    return Codec(cls)


def _fields_of(cls: type[Message]) -> dict[str, dataclasses.Field[Any]]:
    """What :mod:`dataclasses` asks a class for; the decorator would work it out on import."""
    import dataclasses

    blank = cls()
    declared: list[Any] = []
    for name in cls.__names__:
        value = getattr(blank, name)
        if name in _KEPT:  # not a field, but handed on by replace()
            default = None if name == "_extensions" else value
            declared.append((name, dataclasses.InitVar[Any], dataclasses.field(default=default)))
            continue
        factory: Any = type(value) if isinstance(value, (list, dict)) else None
        field: Any = dataclasses.field(default_factory=factory) if factory else dataclasses.field(default=value)
        declared.append((name, cls.__annotations__.get(name, "Any"), field))
    made: Any = dataclasses.make_dataclass(cls.__name__, declared, kw_only=True, init=False)
    fields: dict[str, dataclasses.Field[Any]] = made.__dataclass_fields__
    return fields


def _names_of(cls: type[Message]) -> tuple[str, ...]:
    init: Any = cls.__init__
    code = init.__code__
    names: tuple[str, ...] = code.co_varnames[1 : 1 + code.co_kwonlyargcount]
    return names


def attribute_of(cls: type[Message], name: str) -> str:
    """The attribute of a field or oneof that is called ``name`` in the .proto file."""
    return cls.__renamed__.get(name, name)


def _signature_of(cls: type[Message]) -> inspect.Signature:
    """The signature with what arguments default to, instead of what stands for a value of an enum."""
    import inspect

    signature = inspect.signature(cls.__init__)
    blank = cls()
    made = [
        parameter.replace(default=getattr(blank, parameter.name)) if parameter.default is FIRST else parameter
        for parameter in list(signature.parameters.values())[1:]
    ]
    return signature.replace(parameters=made, return_annotation=signature.empty)


_KEPT = ("_unknown", "_extensions")


class _First:
    __slots__ = ()

    def __repr__(self) -> str:
        return "0"


FIRST: Any = _First()
"""The default of an enum without presence: its value 0."""


class Message:
    """A message: a dataclass with slots that is read from and written to bytes and JSON.

    Fields that the schema does not know are kept and written again.
    """

    __slots__ = ("__weakref__", "_unknown")
    __match_args__ = ()
    __renamed__: ClassVar[Mapping[str, str]] = {}
    """Names of the .proto file that cannot be names in Python."""
    __oneofs__: ClassVar[Mapping[str, tuple[str, type]]] = {}
    """Oneofs: the attribute, and the class that contains its case classes."""
    __constraints__: ClassVar[tuple[Any, ...]] = ()
    _unknown: bytes

    if TYPE_CHECKING:
        __proto__: ClassVar[tuple[Types, str]]
        __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]
        __codec__: ClassVar[Codec]
        __names__: ClassVar[tuple[str, ...]]
        """What it is made from: its attributes, and what it keeps of unknown fields and extensions."""
    else:
        __dataclass_fields__ = Lazy(_fields_of)
        __codec__ = Lazy(_codec_of)
        __names__ = Lazy(_names_of)
        __signature__ = Lazy(_signature_of)
        __get_pydantic_core_schema__ = pydantic_core_schema
        __get_pydantic_json_schema__ = pydantic_json_schema

    def to_bytes(self, *, deterministic: bool = False) -> bytes:
        """The message in the binary format; EncodeError names the field whose value does not fit.

        With ``deterministic``, equal messages have equal bytes: the entries of maps are in the order of their keys.
        """
        codec = type(self).__codec__
        content = codec.write(self)  # not to_bytes(), which would be one more call
        if content.__class__ is not bytes:
            content = codec.written(self, content)
        if deterministic:
            official = codec.official
            content = official.SerializePartialToString(official.FromString(content), deterministic=True)
        return content

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The message that bytes hold; DecodeError where they hold none."""
        codec = cls.__codec__
        made: Self = codec.read(content)
        return made if made.__class__ is codec.cls else codec.finished(content, made)

    def to_json(
        self,
        *,
        preserve_names: bool = False,
        defaults: bool = False,
        enum_numbers: bool = False,
        indent: int | None = None,
    ) -> str:
        """The message as ProtoJSON text; options as of :meth:`to_dict`."""
        from toolkit.runtime.jsonout import Style

        return type(self).__codec__.to_json(self, Style(preserve_names, defaults, enum_numbers), indent)

    @classmethod
    def from_json(cls, text: str | bytes, *, ignore_unknown: bool = False) -> Self:
        """The message that a ProtoJSON text holds; DecodeError names the place that does not fit."""
        made: Self = cls.__codec__.from_json(text, ignore_unknown)
        return made

    def to_dict(
        self, *, preserve_names: bool = False, defaults: bool = False, enum_numbers: bool = False
    ) -> dict[str, Any]:
        """The message as ProtoJSON's dictionaries, lists, strings and numbers.

        ``preserve_names`` writes names as in the .proto file, ``defaults``
        also writes fields without presence that hold their default, and
        ``enum_numbers`` writes enums as numbers.
        """
        from toolkit.runtime.jsonout import Style

        return type(self).__codec__.to_dict(self, Style(preserve_names, defaults, enum_numbers))

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], *, ignore_unknown: bool = False) -> Self:
        """The message that ProtoJSON's dictionaries hold."""
        made: Self = cls.__codec__.read_dict(content, ignore_unknown)
        return made

    def to_text(self) -> str:
        """The message in the text format, as the official runtime writes it."""
        from google.protobuf import text_format

        codec = type(self).__codec__
        return text_format.MessageToString(self.to_pb(), descriptor_pool=codec.root.pool)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The message that a text in the text format holds; DecodeError says where it does not."""
        from google.protobuf import text_format

        codec = cls.__codec__
        try:
            return cls.from_pb(text_format.Parse(text, codec.official(), descriptor_pool=codec.root.pool))
        except text_format.ParseError as error:
            raise DecodeError(f"not a {codec.name} in the text format: {error}") from None

    def merge_from(self, other: Self) -> None:
        """Add what another message has, as protobuf merges messages.

        Its values replace those that are here, but lists are appended, and maps and messages are merged.
        """
        if type(other) is not type(self):
            raise TypeError(f"expected a {type(self).__qualname__}, got {other!r}")
        codec = type(self).__codec__
        made = codec.from_bytes(codec.to_partial_bytes(self) + codec.to_partial_bytes(other))
        for name in type(self).__names__:
            setattr(self, name, getattr(made, name))

    def clear(self, *names: str) -> None:
        """Set attributes to what they are in a new message: those named, or all."""
        cls = type(self)
        unknown = [name for name in names if name not in cls.__names__]
        if unknown:
            raise ValueError(f"{cls.__qualname__} has no attribute {unknown[0]!r}")
        blank = cls()
        for name in names or cls.__names__:
            setattr(self, name, getattr(blank, name))

    @overload
    def to_pb(self) -> OfficialMessage: ...
    @overload
    def to_pb(self, cls: type[Official]) -> Official: ...
    def to_pb(self, cls: type[OfficialMessage] | None = None) -> OfficialMessage:
        """The message as one of the official runtime: of a class given, or of the root's own pool.

        The descriptors in that pool have the options of the .proto files.
        """
        return (cls or type(self).__codec__.official).FromString(self.to_bytes())

    @classmethod
    def from_pb(cls, message: OfficialMessage) -> Self:
        """The message that an official one holds, of whichever pool."""
        made: Self = cls.__codec__.from_official(message)
        return made

    def validate(self, *, unchecked: Literal["report", "raise"] = "report") -> list[Violation]:
        """The constraints of the .proto file that the message, or one in it, breaks.

        A constraint that cannot be checked, since it needs a package that is not
        installed or cannot be read, is reported as ``Unchecked``, which is a
        ``Violation``, or with ``unchecked="raise"`` raised as a RuleError.
        """
        from toolkit.runtime.validation import violations

        return violations(self, strict=unchecked == "raise")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name, None) == getattr(other, name, None) for name in type(self).__names__)

    @recursive_repr()
    def __repr__(self) -> str:
        cls = type(self)
        blank = cls()
        values = [(name, getattr(self, name, None), getattr(blank, name)) for name in cls.__names__]
        shown = [f"{name}={v!r}" for name, v, default in values if type(v) is not type(default) or v != default]
        return f"{cls.__qualname__}({', '.join(shown)})"

    def __replace__(self, /, **changes: Any) -> Self:
        import dataclasses

        return dataclasses.replace(self, **changes)


# pytest lists the fields that differ if it takes the comparison for that of a dataclass, which is compiled from text.
Message.__eq__.__code__ = Message.__eq__.__code__.replace(co_filename="<string>")


class Extendable(Message):
    """A message with extension ranges: :class:`Extension` reads and sets what others declared for it."""

    __slots__ = ("_extensions",)
    _extensions: dict[str, Any]


class Extension(Generic[V]):
    """A field that a file declares for another file's message."""

    def __init__(self, root: Types, full_name: str, extendee: str) -> None:
        self._root = root
        self.full_name = full_name
        self.extendee = extendee

    def get(self, message: Extendable) -> V | None:
        """The value, or None where it is not set."""
        self._check(message)
        value: V | None = message._extensions.get(self.full_name)
        return value

    def set(self, message: Extendable, value: V | None) -> None:
        """Set the value; None takes it away."""
        self._check(message)
        if value is None:
            message._extensions.pop(self.full_name, None)
        else:
            message._extensions[self.full_name] = value

    def _check(self, message: Extendable) -> None:
        if message.__proto__[1] != self.extendee:
            raise TypeError(f"{self.full_name} extends {self.extendee}, not {message.__proto__[1]}")

    def __repr__(self) -> str:
        return f"Extension({self.full_name})"


class Case(Generic[V]):
    """A member of a oneof with its value: ``case Source.ImageId(value)`` in a ``match``."""

    __slots__ = ("value",)
    __match_args__ = ("value",)
    __field__: ClassVar[str]
    value: V

    def __init__(self, value: V) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash((type(self), self.value))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({self.value!r})"


def _fields_of_case(cls: type[Case[Any]]) -> dict[str, dataclasses.Field[Any]]:
    """For :func:`dataclasses.asdict`, a member and its value."""
    import dataclasses

    made: Any = dataclasses.make_dataclass(cls.__name__, [(cls.__field__, Any)])
    fields: dict[str, dataclasses.Field[Any]] = made.__dataclass_fields__
    return fields


def _value_of(case: Case[Any], name: str) -> Any:
    """The value by the name of the member, which :func:`dataclasses.asdict` asks for."""
    if name != getattr(type(case), "__field__", None):
        raise AttributeError(f"{type(case).__qualname__!r} object has no attribute {name!r}")
    return object.__getattribute__(case, "value")


if not TYPE_CHECKING:
    _fields = Lazy(_fields_of_case)
    _fields.__set_name__(Case, "__dataclass_fields__")
    Case.__dataclass_fields__ = _fields
    Case.__getattr__ = _value_of
    Case.__get_pydantic_core_schema__ = pydantic_core_schema
    Case.__get_pydantic_json_schema__ = pydantic_json_schema
    # What a subscription would make is thrown away at run time, and costs on import.
    Case.__class_getitem__ = classmethod(lambda cls, item: cls)
