"""What a codec has to know of each field, read from its descriptor."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import FeatureSet

_KINDS = {
    number: name.removeprefix("TYPE_").lower() for name, number in vars(FieldDescriptor).items() if name[:5] == "TYPE_"
}


@dataclass(frozen=True, slots=True)
class Field:
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
    """A string that may hold bytes that are no text, as proto2 allows."""
    closed: bool = False
    """An enum that has no numbers but those that it names."""

    @property
    def single(self) -> bool:
        """Neither a list nor a map."""
        return not (self.repeated or self.key)


def fields_of(descriptor: Any, renamed: Mapping[str, str], oneofs: Container[str]) -> list[Field]:
    """The fields of a message in the order of their numbers."""
    found = [field_of(f, renamed.get(f.name, f.name), oneofs) for f in descriptor.fields]
    return sorted(found, key=lambda field: field.number)


def field_of(field: Any, attribute: str, oneofs: Container[str] = ()) -> Field:
    """One field, or an extension, by its descriptor; ``oneofs`` are without those that proto3's ``optional`` makes."""
    value, key = field, ""
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
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
    return bool(field._GetFeatures().utf8_validation == FeatureSet.Utf8Validation.NONE)
