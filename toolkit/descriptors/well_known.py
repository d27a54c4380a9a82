"""The well-known types of ``google.protobuf``: their names, their files, and which have a JSON form of their own."""

from __future__ import annotations

ANY = "google.protobuf.Any"
DURATION = "google.protobuf.Duration"
EMPTY = "google.protobuf.Empty"
FIELD_MASK = "google.protobuf.FieldMask"
LIST_VALUE = "google.protobuf.ListValue"
NULL_VALUE = "google.protobuf.NullValue"
STRUCT = "google.protobuf.Struct"
TIMESTAMP = "google.protobuf.Timestamp"
VALUE = "google.protobuf.Value"
WRAPPERS = {
    f"google.protobuf.{name}Value": name.lower()
    for name in ("Bool", "Bytes", "Double", "Float", "Int32", "Int64", "String", "UInt32", "UInt64")
}
"""Messages that hold one scalar value, and its type."""
JSON_FORMS = frozenset((ANY, DURATION, FIELD_MASK, LIST_VALUE, STRUCT, TIMESTAMP, VALUE, *WRAPPERS))
"""Messages that are not written in JSON as objects with a member a field."""
FILES = frozenset(
    f"google/protobuf/{name}.proto"
    for name in ("any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
)
"""Where all of these are declared."""
