"""The table of well-known types, against protobuf's own descriptors and the runtime."""

from __future__ import annotations

from google.protobuf import any_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2
from google.protobuf import descriptor_pb2 as pb

from toolkit.descriptors import well_known
from toolkit.runtime.wellknown import WELL_KNOWN

_FILES = {
    module.DESCRIPTOR.name: module.DESCRIPTOR
    for module in (any_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2)
}


def test_names() -> None:
    """The files are protobuf's, and hold all types that are named, and no other message or enum."""
    assert _FILES.keys() == well_known.FILES
    declared = {
        element.full_name
        for file in _FILES.values()
        for element in (*file.message_types_by_name.values(), *file.enum_types_by_name.values())
    }
    assert declared == {*well_known.JSON_FORMS, well_known.EMPTY, well_known.NULL_VALUE}


def test_forms() -> None:
    """The types with a JSON form of their own are those that the runtime has one for, and Any."""
    assert {well_known.ANY, *WELL_KNOWN} == well_known.JSON_FORMS


def test_wrappers() -> None:
    """A wrapper holds a value of the scalar type that the table names."""
    messages = wrappers_pb2.DESCRIPTOR.message_types_by_name.values()
    types = {message.full_name: message.fields_by_name["value"].type for message in messages}
    numbers = pb.FieldDescriptorProto.Type
    assert types == {name: numbers.Value(f"TYPE_{scalar.upper()}") for name, scalar in well_known.WRAPPERS.items()}
