"""What a codec has to know of a message type, read from its class and its descriptor."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from google.protobuf.descriptor import FieldDescriptor

from toolkit.runtime.wellknown import WELL_KNOWN
from toolkit.runtime.wire import top_level

if TYPE_CHECKING:
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message import Message as OfficialMessage

    from toolkit.runtime.constraints import Constraint
    from toolkit.runtime.enums import Enum

Made = TypeVar("Made")
_KINDS = {
    number: name.removeprefix("TYPE_").lower() for name, number in vars(FieldDescriptor).items() if name[:5] == "TYPE_"
}


_UNCHECKED = 3
"""``FeatureSet.Utf8Validation.NONE``: options are not asked for it, since importing them takes ten milliseconds."""


class Field(NamedTuple):
    """A field of a message, or an extension."""

    name: str
    attribute: str
    """The name in Python."""
    json_name: str
    number: int
    kind: str
    """Its type as a .proto file says it, or ``enum``, ``message``, ``group``; of a map, its value's."""
    type_name: str = ""
    """The full name of an enum or message."""
    key: str = ""
    """The kind of a map's key."""
    repeated: bool = False
    presence: bool = False
    """Unset is not the same as a default: the attribute can be None."""
    required: bool = False
    oneof: str = ""
    packed: bool = False
    loose: bool = False
    """A string that may hold bytes that are not text, as proto2 allows."""
    closed: bool = False
    """An enum that has no numbers but those that it names."""

    @property
    def single(self) -> bool:
        """Neither a list nor a map."""
        return not (self.repeated or self.key)


class Types(Protocol):
    """Where the types that were generated together are found: a root."""

    package: str

    @property
    def pool(self) -> DescriptorPool:
        """The descriptors loaded so far."""
        ...

    def message(self, full_name: str) -> type[Any]:
        """The class of a message."""
        ...

    def enum(self, full_name: str) -> type[Enum]:
        """The class of an enum."""
        ...

    def official(self, full_name: str) -> Any:
        """The official class of a message."""
        ...


class MessageType:
    """A type of messages: its fields, and the types that those are of.

    The functions that read and write a message are written for its type; a
    codec makes each when it is first needed, since those of other types call it.
    """

    encode: Callable[[Any], bytes]
    encode_partial: Callable[[Any], bytes]
    decode: Callable[[Any], Any]
    decode_unknown: Callable[[Any], Any]
    from_dict: Callable[[Any, bool], Any]

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls
        root, self.name = cls.__proto__
        self.root: Types = root
        self.is_extendable = hasattr(cls, "_extensions")

    def message(self, full_name: str) -> type[Any]:
        """The class of a message."""
        return self.root.message(full_name)

    def enum(self, full_name: str) -> type[Enum]:
        """The class of an enum."""
        return self.root.enum(full_name)

    def child(self, type_name: str) -> Any:
        """The codec of a field's type."""
        return self.message(type_name).__codec__.within(self.root)

    @cached_property
    def official(self) -> type[OfficialMessage]:
        """The class of the official runtime, from the root's own pool."""
        made: type[OfficialMessage] = self.root.official(self.name)
        return made

    @cached_property
    def fields(self) -> list[Field]:
        """The fields, by number."""
        renamed, oneofs = self.cls.__renamed__, self.cls.__oneofs__
        blank = self.cls()
        found = []
        for descriptor in self.official.DESCRIPTOR.fields:
            attribute = renamed.get(descriptor.name, descriptor.name)
            is_map = isinstance(getattr(blank, attribute, None), dict) or _is_entry(descriptor.message_type)
            found.append(field_of(descriptor, attribute, oneofs, is_map=is_map))
        return sorted(found, key=lambda field: field.number)

    @cached_property
    def is_flat(self) -> bool:
        """Whether no message is in it that can have unknown fields of its own."""
        return not self.is_extendable and all(
            field.kind not in ("message", "group") or field.type_name in WELL_KNOWN for field in self.fields
        )

    @cached_property
    def constraints(self) -> Mapping[str, Sequence[Constraint]]:
        """The constraints by the name of the field or oneof; those of the whole message by the empty name."""
        from toolkit.runtime.constraints import Constraint

        found: dict[str, list[Constraint]] = {}
        for entry in self.cls.__constraints__:
            constraint = Constraint(*entry)
            found.setdefault(constraint.field, []).append(constraint)
        return found

    @cached_property
    def has_official_rules(self) -> bool:
        """Whether the protovalidate package has to be asked about a message."""
        return any(constraint.is_official for own in self.constraints.values() for constraint in own)

    @cached_property
    def oneofs(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """By name: the attribute, and the case class of each member."""
        return {
            name: (attribute, {case.__field__: case for case in vars(cases).values() if hasattr(case, "__field__")})
            for name, (attribute, cases) in self.cls.__oneofs__.items()
        }

    def extension(self, full_name: str) -> Field:
        """An extension of the message, as the pool declares it; KeyError if it declares no such extension."""
        descriptor = self.root.pool.FindExtensionByName(full_name)
        extended = descriptor.containing_type
        if extended is None or extended.full_name != self.name:
            raise KeyError(full_name)
        return field_of(descriptor, descriptor.name)

    def per_extension(self, make: Callable[[MessageType, Field], Made]) -> Callable[[str], Made]:
        """What ``make`` makes of an extension, by its full name, and only once; KeyError as of :meth:`extension`."""
        return cache(lambda full_name: make(self, self.extension(full_name)))


def _is_entry(message: Any) -> bool:
    """Whether a message is an entry of a map; options are asked only if its name fits, since that takes long."""
    return message is not None and message.name.endswith("Entry") and bool(message.GetOptions().map_entry)


def field_of(field: Any, attribute: str, oneofs: Container[str] = (), *, is_map: bool = False) -> Field:
    """One field, or an extension, by its descriptor; ``oneofs`` are without those that proto3's ``optional`` makes."""
    value, key = field, ""
    if is_map:
        value, key = field.message_type.fields_by_number[2], _KINDS[field.message_type.fields_by_number[1].type]
    oneof = field.containing_oneof
    real = oneof.name if oneof is not None and oneof.name in oneofs else ""
    named = value.message_type or value.enum_type
    return Field(
        name=field.name,
        attribute=attribute,
        json_name=field.json_name,
        number=field.number,
        kind=_KINDS[value.type],
        type_name=named.full_name if named is not None else "",
        key=key,
        repeated=field.is_repeated and not key,
        presence=field.has_presence and not real,
        required=field.is_required,
        oneof=real,
        packed=field.is_repeated and not key and field.is_packed,
        loose=_KINDS[value.type] == "string" and _is_loose(value),
        closed=value.enum_type is not None and value.enum_type.is_closed,
    )


def _is_loose(field: Any) -> bool:
    syntax = _syntax(field.file)
    return not syntax if syntax is not None else bool(field._GetFeatures().utf8_validation == _UNCHECKED)


@cache
def _syntax(file: Any) -> str | None:
    """``proto3``, empty for proto2, or None for a file of an edition."""
    found = dict(top_level(file.serialized_pb))
    return None if 14 in found else found.get(12, b"").decode()  # edition, syntax
