"""Messages with every rule that keywords express, and values that hold or break each."""

from __future__ import annotations

from typing import Any

from tests.support.protos_of import proto3

IMPORTS = (
    "buf/validate/validate.proto",
    *(
        f"google/protobuf/{name}.proto"
        for name in ("timestamp", "duration", "field_mask", "struct", "wrappers", "empty")
    ),
)
_BODY = """
message Plain {
  int32 small = 1; int64 large_one = 2; uint32 count = 3; uint64 total = 4; double ratio = 5; bool is_on = 6;
  bytes raw_data = 7; Kind kind = 8; repeated Kind kinds = 9; map<int32, Leaf> by_number = 10;
  map<bool, string> by_flag = 11; oneof choice { string first_text = 12; Leaf leaf_one = 13; Kind of_kind = 14; }
  google.protobuf.Timestamp made_at = 15; google.protobuf.Duration within = 16; google.protobuf.FieldMask mask = 17;
  google.protobuf.Struct free = 18; google.protobuf.Value any_value = 19; google.protobuf.ListValue list = 20;
  google.protobuf.Int64Value wrapped = 21; google.protobuf.Empty nothing = 22; google.protobuf.NullValue null = 23;
  optional string maybe = 24; float odd = 25 [json_name = "strange"]; repeated int64 sizes = 26;
  repeated google.protobuf.StringValue words = 27; map<string, double> ratios = 28; repeated bytes chunks = 29;
}
message Leaf { string text_value = 1; int32 n = 2; Leaf leaf = 3; }
enum Kind { NONE = 0; ONE = 1; TWO = 2; }
message Strings {
  string short = 1 [(buf.validate.field).string = { min_len: 1, max_len: 3 }];
  optional string maybe = 2 [(buf.validate.field).string.min_len = 2];
  string sometimes = 3 [(buf.validate.field).string.len = 2, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  string code = 4 [(buf.validate.field).string.pattern = "^[a-z]{1,2}$", (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  string chosen_one = 5 [(buf.validate.field).string = { in: ["ab", ""] }];
  string not_this = 6 [(buf.validate.field).string = { not_in: ["ab"] }];
  string fixed_text = 7 [(buf.validate.field).string.const = "ab"];
  optional string id = 8 [(buf.validate.field).string.uuid = true];
  optional string address = 9 [(buf.validate.field).string.ipv4 = true];
  google.protobuf.StringValue wrapped = 10 [(buf.validate.field).string.min_len = 2];
  google.protobuf.StringValue wrapped_one = 11 [(buf.validate.field) = { required: true, string: { max_len: 2 } }];
  string demanded = 12 [(buf.validate.field).required = true];
  optional string demanded_too = 13 [(buf.validate.field).required = true];
  bytes raw = 14 [(buf.validate.field).required = true];
}
message Numbers {
  int32 positive = 1 [(buf.validate.field).int32.gt = 0];
  optional int32 maybe = 2 [(buf.validate.field).int32 = { gte: 2, lt: 5 }];
  int32 some_times = 3 [(buf.validate.field).int32.gte = 2, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  int32 chosen = 4 [(buf.validate.field).int32 = { in: [0, 2] }];
  uint32 not_this = 5 [(buf.validate.field).uint32 = { not_in: [2] }];
  int64 of_large = 6 [(buf.validate.field).int64 = { in: [0, 2] }];
  uint64 not_large = 7 [(buf.validate.field).uint64 = { not_in: [2] }];
  double ratio = 8 [(buf.validate.field).double = { gte: 0, lte: 2.5 }];
  float over = 9 [(buf.validate.field).float = { gt: 0.5 }, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  bool is_true = 10 [(buf.validate.field).bool.const = true];
  optional bool is_off = 11 [(buf.validate.field).bool.const = false];
  int32 demanded = 12 [(buf.validate.field).required = true];
  bool demanded_flag = 13 [(buf.validate.field).required = true];
  double demanded_ratio = 14 [(buf.validate.field).required = true];
  google.protobuf.Int32Value wrapped = 15 [(buf.validate.field).int32 = { gte: 2 }];
  fixed64 fixed_large = 16 [(buf.validate.field).fixed64.const = 2];
  int64 demanded_large = 17 [(buf.validate.field).required = true];
}
message Enums {
  Kind known = 1 [(buf.validate.field).enum.defined_only = true];
  Kind not_zero = 2 [(buf.validate.field).enum = { not_in: [0] }];
  Kind chosen_kind = 3 [(buf.validate.field).enum = { in: [0, 2] }];
  optional Kind maybe = 4 [(buf.validate.field).enum.const = 1];
  Kind demanded = 5 [(buf.validate.field).required = true];
  Kind some_times = 6 [(buf.validate.field).enum = { in: [2] }, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  repeated Kind kinds = 7 [(buf.validate.field).repeated = { max_items: 2, items: { enum: { in: [1, 2] } } }];
  map<string, Kind> by_name = 8 [(buf.validate.field).map.values.enum = { not_in: [1] }];
}
message Lists {
  repeated string tags = 1 [(buf.validate.field).repeated = { min_items: 1, max_items: 2, items: { string: { max_len: 2 } } }];
  repeated string unique_tags = 2 [(buf.validate.field).repeated.unique = true];
  repeated int32 numbers = 3 [(buf.validate.field).repeated.items.int32 = { gte: 2 }];
  repeated string some_times = 4 [(buf.validate.field).repeated.min_items = 2, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  repeated Leaf leaves = 5 [(buf.validate.field).required = true];
  map<string, int32> sizes = 6 [(buf.validate.field).map = { min_pairs: 1, max_pairs: 2, keys: { string: { min_len: 2 } }, values: { int32: { gte: 2 } } }];
  map<string, string> notes = 7 [(buf.validate.field).required = true];
  repeated string maybe_tags = 8 [(buf.validate.field).repeated.items = { ignore: IGNORE_IF_ZERO_VALUE, string: { min_len: 2 } }];
}
message Choices {
  oneof one_of { option (buf.validate.oneof).required = true; string first_text = 1; Leaf leaf_one = 2; google.protobuf.Int32Value number = 3; }
  oneof other { int32 small_one = 4 [(buf.validate.field).int32.gt = 0]; string text_two = 5; google.protobuf.StringValue maybe_text = 6; }
}
message Together {
  option (buf.validate.message).oneof = { fields: ["a_text", "b_leaf"], required: true };
  option (buf.validate.message).oneof = { fields: ["c_maybe", "d_maybe"] };
  optional string a_text = 1; Leaf b_leaf = 2; optional int32 c_maybe = 3; optional bool d_maybe = 4;
}
message Outer {
  Strings strings = 1; Numbers numbers = 2 [(buf.validate.field).required = true]; repeated Enums enums = 3;
  map<string, Choices> choices = 4; optional Together together = 5; Outer outer = 6;
}
"""
TREE = proto3("acme", _BODY, *IMPORTS)
NAMES = ("Plain", "Strings", "Numbers", "Enums", "Lists", "Choices", "Together", "Outer")
GOOD: dict[str, dict[str, Any]] = {
    "Strings": {
        "short": "ab", "chosenOne": "ab", "notThis": "ba", "fixedText": "ab", "wrappedOne": "a", "demanded": "x",
        "demandedToo": "", "raw": "QQ==",
    },
    "Numbers": {
        "positive": 1, "chosen": 2, "isTrue": True, "demanded": 1, "demandedFlag": True, "demandedRatio": 0.5,
        "fixedLarge": "2", "demandedLarge": "5", "ofLarge": "2",
    },
    "Enums": {"notZero": "ONE", "chosenKind": "TWO", "demanded": "ONE", "kinds": ["ONE"]},
    "Lists": {"tags": ["a"], "leaves": [{}], "sizes": {"ab": 2}, "notes": {"": ""}, "uniqueTags": ["a", "b"]},
    "Choices": {"firstText": "a", "smallOne": 1},
    "Together": {"aText": "", "cMaybe": 1},
}  # fmt: skip
GOOD["Outer"] = {"numbers": GOOD["Numbers"], "strings": GOOD["Strings"], "enums": [GOOD["Enums"]]}
"""A value of each message that holds all rules."""
