"""Trees for tests of the bindings: every kind of field in proto3, proto2 and an edition."""

from __future__ import annotations

from tests.support.protos_of import proto3

_KINDS = "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes"
_SCALARS = _KINDS.split()
_KEYS = [kind for kind in _SCALARS if kind not in ("double", "float", "bytes")]


def _fields(pattern: str, first: int, kinds: list[str] | None = None) -> str:
    return "\n".join(pattern.format(kind=kind, number=first + index) for index, kind in enumerate(kinds or _SCALARS))


PROTO3 = proto3(
    "acme.shop.v1",
    """
// The state of an order.
enum Status {
  STATUS_UNSPECIFIED = 0;
  // Paid for.
  PAID = 1;
  SENT = 2;
  DISPATCHED = 2;
  LOST = -1;
  option allow_alias = true;
}
// What was ordered.
message Item {
  string name = 1;
  int32 count = 2;
  map<string, string> labels = 3;
  Item inside = 4;
  enum Size { SMALL = 0; LARGE = 1; }
  Size size = 5;
  optional Size wanted = 6;
}
message Order {
  string id = 1;
  Status status = 2;
  repeated Item items = 3;
  map<string, Item> by_name = 4;
  map<int32, Status> states = 5;
  optional string note = 6;
  optional int64 weight = 7;
  Item main = 8;
  // How it is paid.
  oneof payment {
    // By card.
    string card_number = 9;
    Item barter = 10;
    Status status_of_payment = 11;
    bytes token = 12;
    google.protobuf.NullValue nothing = 13;
  }
  repeated Status history = 14;
  repeated int32 counts = 15;
  repeated sint64 loose = 16 [packed = false];
  float ratio = 17;
  double exact = 18;
  bytes raw = 19;
  bool gift = 20;
  uint64 total = 21;
  oneof sender { string person = 22; string company = 23; }
}
"""
    + f"message Scalars {{ {_fields('{kind} one_{kind} = {number};', 1)} {_fields('optional {kind} maybe_{kind} = {number};', 21)} {_fields('repeated {kind} many_{kind} = {number};', 41)} }}\n"
    + f"message Maps {{ {_fields('map<{kind}, string> by_{kind} = {number};', 1, _KEYS)} {_fields('map<string, {kind}> to_{kind} = {number};', 21)} map<int64, Maps> inner = 41; }}\n"
    + f"message Choices {{ oneof one {{ {_fields('{kind} of_{kind} = {number};', 1)} Choices again = 20; Status state = 21; }} }}\n",
    "google/protobuf/struct.proto",
)

KNOWN = proto3(
    "acme.known.v1",
    """
message Empties { google.protobuf.Empty empty = 1; repeated google.protobuf.Empty many = 2; }
message Times {
  google.protobuf.Timestamp at = 1;
  google.protobuf.Duration took = 2;
  repeated google.protobuf.Timestamp many = 3;
  map<string, google.protobuf.Duration> by_name = 4;
  oneof when { google.protobuf.Timestamp moment = 5; google.protobuf.Duration later = 6; }
}
message Wrapped {
  google.protobuf.DoubleValue double = 1;
  google.protobuf.FloatValue single = 2;
  google.protobuf.Int64Value i64 = 3;
  google.protobuf.UInt64Value u64 = 4;
  google.protobuf.Int32Value i32 = 5;
  google.protobuf.UInt32Value u32 = 6;
  google.protobuf.BoolValue flag = 7;
  google.protobuf.StringValue text = 8;
  google.protobuf.BytesValue data = 9;
  repeated google.protobuf.Int32Value many = 10;
  map<string, google.protobuf.StringValue> by_name = 11;
  oneof one { google.protobuf.BoolValue yes = 12; google.protobuf.StringValue words = 13; }
}
message Free {
  google.protobuf.Struct struct = 1;
  google.protobuf.Value value = 2;
  google.protobuf.ListValue items = 3;
  repeated google.protobuf.Value many = 4;
  map<string, google.protobuf.Value> by_name = 5;
  oneof one { google.protobuf.Value other = 6; google.protobuf.Struct fields = 7; }
  google.protobuf.NullValue nothing = 8;
}
message Masked { google.protobuf.FieldMask mask = 1; repeated google.protobuf.FieldMask many = 2; }
message Anything {
  google.protobuf.Any any = 1;
  repeated google.protobuf.Any many = 2;
  oneof one { google.protobuf.Any other = 3; string text = 4; }
}
""",
    *(
        f"google/protobuf/{name}.proto"
        for name in ("any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
    ),
)

PROTO2 = (
    """
syntax = "proto2";
package acme.old;
import "google/protobuf/timestamp.proto";
// Closed: a number that is not here is an unknown field.
enum Grade { GOOD = 1; BAD = 2; }
enum Kind { PLAIN = 0; FANCY = 5; }
message Part {
  required string name = 1;
  optional int32 count = 2 [default = 7];
  repeated Part parts = 3;
}
message Old {
  required int32 id = 1;
  optional Grade grade = 2 [default = BAD];
  repeated Grade grades = 3;
  repeated Grade packed_grades = 4 [packed = true];
  optional string text = 5 [default = "words"];
  optional group Inner = 6 { optional string note = 1; repeated int32 numbers = 2; }
  repeated group Many = 7 { optional bool flag = 1; }
  map<string, Part> parts = 8;
  optional Part part = 9;
  oneof one { string left = 10; Part right = 11; group Middle = 12 { optional int32 x = 1; } }
  repeated int32 loose = 13;
  map<int32, Kind> by_number = 14;
  repeated Part list = 15;
  extensions 100 to 200;
  extend Old { optional string inner_note = 101; }
}
message Dated { required google.protobuf.Timestamp at = 1; required Grade grade = 2; repeated Part parts = 3; optional int32 n = 4; }
extend Old {
  optional int32 rank = 110;
  repeated string tags = 111;
  optional Part spare = 112;
  optional Grade second = 113;
  repeated int32 packed_ranks = 114 [packed = true];
  repeated Part spares = 115;
  optional google.protobuf.Timestamp seen = 116;
}
"""
    + f"message Scalars {{ {_fields('optional {kind} maybe_{kind} = {number};', 1)} {_fields('repeated {kind} many_{kind} = {number};', 21)} {_fields('repeated {kind} packed_{kind} = {number} [packed = true];', 41, [k for k in _SCALARS if k not in ('string', 'bytes')])} }}\n"
)

OTHERS = """
syntax = "proto2";
package acme.other;
import "acme/old/old.proto";
message Note { optional string text = 1; }
message Holder { optional acme.old.Old old = 1; }
extend acme.old.Old { optional Note note = 150; }
"""
"""Extends a message of another package."""

EDITIONS = (
    """
edition = "2023";
package acme.next;
enum Open { OPEN_ZERO = 0; OPEN_ONE = 1; }
enum Closed { option features.enum_type = CLOSED; CLOSED_ONE = 1; CLOSED_TWO = 2; }
enum Zeroed { option features.enum_type = CLOSED; ZEROED_ZERO = 0; ZEROED_ONE = 1; }
message Child { int32 x = 1; Child child = 2 [features.message_encoding = DELIMITED]; }
message Next {
  string explicit = 1;
  string implicit = 2 [features.field_presence = IMPLICIT];
  int32 must = 3 [features.field_presence = LEGACY_REQUIRED];
  Open open = 4;
  Open open_implicit = 5 [features.field_presence = IMPLICIT];
  Closed closed = 6;
  repeated int32 packed = 7;
  repeated int32 expanded = 8 [features.repeated_field_encoding = EXPANDED];
  Child delimited = 9 [features.message_encoding = DELIMITED];
  repeated Child delimiteds = 10 [features.message_encoding = DELIMITED];
  Child plain = 11;
  map<string, Child> children = 12;
  map<string, Zeroed> closeds = 13;
  oneof one { Child first = 14 [features.message_encoding = DELIMITED]; string second = 15; Closed third = 16; }
  repeated Closed many_closed = 17;
  extensions 100 to 200;
}
extend Next { Child more = 100 [features.message_encoding = DELIMITED]; repeated int32 numbers = 101; }
"""
    + f"message Scalars {{ {_fields('{kind} maybe_{kind} = {number};', 1)} {_fields('{kind} one_{kind} = {number} [features.field_presence = IMPLICIT];', 21)} {_fields('repeated {kind} many_{kind} = {number};', 41)} }}\n"
)

TREE: dict[str, str] = {
    "acme/shop/v1/shop.proto": PROTO3,
    "acme/known/v1/known.proto": KNOWN,
    "acme/old/old.proto": PROTO2,
    "acme/other/other.proto": OTHERS,
    "acme/next/next.proto": EDITIONS,
}
