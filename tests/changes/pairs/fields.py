"""Fields."""

from __future__ import annotations

from tests.changes.pairs.pair import pair

# Fields
pair(
    "field_deleted",
    "message A { int32 a = 1; string b = 2; oneof o { int32 c = 3; int32 d = 4; } }",
    "message A { oneof o { int32 d = 4; } }",
)
pair(
    "field_deleted_number_reserved",
    "message A { int32 a = 1; int32 b = 2; }",
    "message A {\n  reserved 1;\n  int32 b = 2;\n}",
)
pair(
    "field_deleted_name_reserved",
    "message A { int32 a = 1; int32 b = 2; }",
    'message A {\n  reserved "a";\n  int32 b = 2;\n}',
)
pair(
    "field_deleted_reserved",
    "message A { int32 a = 1; int32 b = 2; }",
    'message A {\n  reserved 1 to 1;\n  reserved "a";\n  int32 b = 2;\n}',
)
pair(
    "field_renamed",
    "message A { int32 a_b = 1; int32 c = 2; int32 d = 3; }",
    'message A {\n  int32 a_c = 1;\n  int32 cc = 2 [json_name = "c"];\n  int32 d = 3;\n}',
)
pair("field_renumbered", "message A { int32 a = 1; int32 b = 2; }", "message A {\n  int32 a = 3;\n  int32 b = 2;\n}")
pair("fields_swapped", "message A { int32 a = 1; int32 b = 2; }", "message A {\n  int32 b = 1;\n  int32 a = 2;\n}")
pair(
    "json_name",
    "message A { int32 a = 1; int32 b = 2 [json_name = 'x']; map<string, string> m = 3; }",
    'message A {\n  int32 a = 1 [json_name = "z"];\n  int32 b = 2;\n  map<string, string> m = 3 [json_name = "n"];\n}',
)
_SCALARS = ["bool", "string", "bytes", "float", "double"]
_SCALARS += [f"{kind}{size}" for size in (32, 64) for kind in ("int", "uint", "sint", "fixed", "sfixed")]
_KINDS = [*_SCALARS, "E", "M"]
for _kind in _KINDS:
    _others = [k for k in _KINDS if k != _kind]
    pair(
        f"type_from_{_kind.lower()}",
        "enum E { Z = 0; }\nmessage M {}\nmessage A {\n"
        + "\n".join(f"  {_kind} f{n} = {n};" for n in range(1, len(_others) + 1))
        + "\n}",
        "enum E { Z = 0; }\nmessage M {}\nmessage A {\n"
        + "\n".join(f"  {other} f{n} = {n};" for n, other in enumerate(_others, 1))
        + "\n}",
    )
pair(
    "type_message",
    "message B {}\nmessage C {}\nmessage A { B b = 1; repeated B c = 2; map<string, B> d = 3; }",
    "message B {}\nmessage C {}\nmessage A {\n  C b = 1;\n  repeated C c = 2;\n  map<string, C> d = 3;\n}",
)
pair(
    "type_map",
    "message A { map<string, int32> a = 1; map<int32, string> b = 2; map<string, string> c = 3; }",
    "message A {\n  map<string, int64> a = 1;\n  map<int64, string> b = 2;\n  map<bytes_, string> c = 3;\n}".replace(
        "bytes_", "uint32"
    ),
)
pair(
    "type_enum",
    "enum E { Z = 0; A1 = 1; }\nenum F { Y = 0; B1 = 1; }\nmessage A { E e = 1; }",
    "enum E { Z = 0; A1 = 1; }\nenum F { Y = 0; B1 = 1; }\nmessage A {\n  F e = 1;\n}",
)
pair(
    "type_enum_superset",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A1 = 1; B1 = 2; } }\nmessage A { B.E e = 1; B.E f = 2; repeated B.E g = 3; }",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A1 = 1; B1 = 2; } }\nmessage A {\n  C.E e = 1;\n  C.E f = 2;\n  repeated C.E g = 3;\n}",
)
pair(
    "type_enum_subset",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; } }\nmessage A { B.E e = 1; }",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; } }\nmessage A {\n  C.E e = 1;\n}",
)
pair(
    "type_enum_other_names",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A2 = 1; } }\nmessage A { B.E e = 1; }",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A2 = 1; } }\nmessage A {\n  C.E e = 1;\n}",
)
pair(
    "group",
    "message A { optional group G = 1 { optional int32 a = 1; } optional M m = 2; }\nmessage M {}",
    "message A {\n  optional M g = 1;\n  optional group M2 = 2 { optional int32 a = 1; }\n}\nmessage M {}",
    "proto2",
)
pair(
    "delimited",
    "message M {}\nmessage A { M a = 1; M b = 2 [features.message_encoding = DELIMITED]; }",
    "message M {}\nmessage A {\n  M a = 1 [features.message_encoding = DELIMITED];\n  M b = 2;\n}",
    "2023",
)
_CARDINALITIES = ["int32", "optional int32", "repeated int32"]
pair(
    "cardinality",
    "message A {\n"
    + "".join(f"  {a} f{i}{j} = {3 * i + j + 1};\n" for i, a in enumerate(_CARDINALITIES) for j in range(3))
    + "}",
    "message A {\n"
    + "".join(f"  {b} f{i}{j} = {3 * i + j + 1};\n" for i in range(3) for j, b in enumerate(_CARDINALITIES))
    + "}",
)
pair(
    "cardinality_map",
    "message M { string key = 1; string value = 2; }\nmessage A { map<string, string> a = 1; repeated M b = 2; M c = 3; map<string, string> d = 4; }",
    "message M { string key = 1; string value = 2; }\nmessage A {\n  repeated M a = 1;\n  map<string, string> b = 2;\n  map<string, string> c = 3;\n  M d = 4;\n}",
)
pair(
    "cardinality_message",
    "message M {}\nmessage A { M a = 1; optional M b = 2; repeated M c = 3; }",
    "message M {}\nmessage A {\n  optional M a = 1;\n  repeated M b = 2;\n  M c = 3;\n}",
)
pair(
    "cardinality_proto2",
    "message A { optional int32 a = 1; required int32 b = 2; repeated int32 c = 3; required int32 d = 4; }",
    "message A {\n  required int32 a = 1;\n  repeated int32 b = 2;\n  optional int32 c = 3;\n  optional int32 d = 4;\n}",
    "proto2",
)
pair(
    "presence_edition",
    "message A { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; }",
    "message A {\n  int32 a = 1 [features.field_presence = IMPLICIT];\n  int32 b = 2;\n}",
    "2023",
)
pair(
    "cardinality_oneof",
    "message A { int32 a = 1; oneof o { int32 b = 2; int32 c = 3; } }",
    "message A {\n  oneof o {\n    int32 a = 1;\n    int32 c = 3;\n  }\n  int32 b = 2;\n}",
)
pair(
    "oneof_renamed",
    "message A { oneof o { int32 b = 2; int32 c = 3; } }",
    "message A {\n  oneof p {\n    int32 b = 2;\n    int32 c = 3;\n  }\n}",
)
pair("oneof_deleted", "message A { oneof o { int32 b = 2; } int32 z = 1; }", "message A { int32 z = 1; }")
pair(
    "oneof_to_optional",
    "message A { oneof o { int32 b = 2; } optional int32 z = 1; }",
    "message A {\n  optional int32 b = 2;\n  oneof _z { int32 z = 1; }\n}",
)
pair(
    "default",
    "message A { optional int32 a = 1 [default = 1]; optional int32 b = 2; optional int32 c = 3 [default = 3]; optional int32 d = 4 [default = 0]; optional E e = 5; optional E f = 6 [default = Y]; optional string g = 7 [default = 'x']; optional bytes h = 8 [default = 'x']; optional bool i = 9 [default = true]; optional double j = 10 [default = 1.0]; optional float k = 11 [default = nan]; optional double l = 12 [default = inf]; }\nenum E { Z = 0; Y = 1; }",
    "message A {\n  optional int32 a = 1 [default = 2];\n  optional int32 b = 2 [default = 5];\n  optional int32 c = 3;\n  optional int32 d = 4;\n  optional E e = 5 [default = Y];\n  optional E f = 6;\n  optional string g = 7 [default = 'y'];\n  optional bytes h = 8;\n  optional bool i = 9 [default = false];\n  optional double j = 10 [default = 1];\n  optional float k = 11 [default = nan];\n  optional double l = 12 [default = -inf];\n}\nenum E { Z = 0; Y = 1; }",
    "proto2",
)
pair(
    "default_type",
    "message A { optional int32 a = 1 [default = 1]; optional int32 b = 2 [default = 1]; optional string c = 3 [default = 'x']; optional float d = 4 [default = 1.5]; optional int32 e = 5 [default = 1]; optional bool f = 6 [default = true]; optional int32 g = 7 [default = 5]; optional float h = 8 [default = 0.1]; optional int32 i = 9 [default = 1]; }\nenum E { Z = 0; Y = 1; }\nmessage M {}",
    "message A {\n  optional int64 a = 1 [default = 1];\n  optional string b = 2 [default = '1'];\n  optional bytes c = 3 [default = 'x'];\n  optional double d = 4 [default = 1.5];\n  optional E e = 5 [default = Y];\n  optional int32 f = 6 [default = 1];\n  repeated int32 g = 7;\n  optional double h = 8 [default = 0.1];\n  optional M i = 9;\n}\nenum E { Z = 0; Y = 1; }\nmessage M {}",
    "proto2",
)
pair(
    "default_enum_first",
    "enum E { Z = 0; Y = 1; }\nenum F { X = 5; W = 6; }\nmessage A { optional E a = 1; optional F b = 2; optional F c = 3 [default = X]; }",
    "enum E { Y = 1; Z = 0; }\nenum F { X = 5; W = 6; }\nmessage A {\n  optional E a = 1;\n  optional F b = 2 [default = X];\n  optional F c = 3 [default = W];\n}",
    "proto2",
)
pair(
    "ctype",
    "message A { optional string a = 1; optional bytes b = 2 [ctype = CORD]; optional string c = 3 [ctype = STRING]; optional int32 d = 4; repeated string e = 5; }",
    "message A {\n  optional string a = 1 [ctype = CORD];\n  optional bytes b = 2;\n  optional string c = 3;\n  optional int32 d = 4 [ctype = CORD];\n  repeated string e = 5 [ctype = STRING_PIECE];\n}",
    "proto2",
)
pair(
    "cpp_string_type",
    'import "google/protobuf/cpp_features.proto";\nmessage A { string a = 1; bytes b = 2 [features.(pb.cpp).string_type = CORD]; string c = 3 [features.(pb.cpp).string_type = STRING]; }',
    'import "google/protobuf/cpp_features.proto";\nmessage A {\n  string a = 1 [features.(pb.cpp).string_type = VIEW];\n  bytes b = 2;\n  string c = 3;\n}',
    "2023",
)
pair(
    "jstype",
    "message A { int64 a = 1; int64 b = 2 [jstype = JS_STRING]; int64 c = 3 [jstype = JS_NORMAL]; uint64 d = 4; int64 e = 5 [jstype = JS_STRING]; }",
    "message A {\n  int64 a = 1 [jstype = JS_STRING];\n  int64 b = 2 [jstype = JS_NUMBER];\n  int64 c = 3;\n  uint64 d = 4 [jstype = JS_NUMBER];\n  string e = 5;\n}",
)
pair(
    "utf8",
    "message A { string a = 1; string b = 2 [features.utf8_validation = NONE]; bytes c = 3; repeated string d = 4; map<string, string> e = 5; }",
    "message A {\n  string a = 1 [features.utf8_validation = NONE];\n  string b = 2;\n  bytes c = 3;\n  repeated string d = 4 [features.utf8_validation = NONE];\n  map<string, string> e = 5 [features.utf8_validation = NONE];\n}",
    "2023",
)
pair(
    "utf8_file",
    "message A { string a = 1; map<string, string> b = 2; }",
    "option features.utf8_validation = NONE;\nmessage A { string a = 1; map<string, string> b = 2; }",
    "2023",
)
pair(
    "java_utf8",
    'import "google/protobuf/java_features.proto";\nmessage A { string a = 1; string b = 2 [features.(pb.java).utf8_validation = VERIFY]; bytes c = 3; }',
    'import "google/protobuf/java_features.proto";\nmessage A {\n  string a = 1 [features.(pb.java).utf8_validation = VERIFY];\n  string b = 2;\n  bytes c = 3;\n}',
    "2023",
)
pair(
    "java_utf8_file",
    "message A { optional string a = 1; map<string, string> m = 2; optional bytes c = 3; }",
    "option java_string_check_utf8 = true;\nmessage A { optional string a = 1; map<string, string> m = 2; optional bytes c = 3; }",
    "proto2",
)
pair("packed", "message A { repeated int32 a = 1; }", "message A { repeated int32 a = 1 [packed = false]; }")

# Found by comparing generated trees
pair(
    "map_renumbered",
    "message A { map<string, int32> a = 1; }",
    "message A {\n  map<string, string> a = 2;\n}",
)
pair(
    "map_of_strings_to_string",
    "message A { map<string, string> a = 1; string b = 2; }",
    "message A {\n  string a = 1 [ctype = CORD];\n  map<string, string> b = 2;\n}",
)
pair(
    "json_format_of_entries",
    "message A { map<string, string> a = 1; }",
    "option features.json_format = LEGACY_BEST_EFFORT;\nmessage A {\n  map<string, string> a = 1;\n}",
    "2023",
)
pair(
    "default_to_implicit",
    "message A { int32 a = 1 [default = 5]; int32 b = 2 [default = 0]; E e = 3 [default = Y]; }\nenum E { Z = 0; Y = 1; }",
    "option features.field_presence = IMPLICIT;\nmessage A {\n  int32 a = 1;\n  int32 b = 2;\n  E e = 3;\n}\nenum E { Z = 0; Y = 1; }",
    "2023",
)
pair(
    "default_of_other_types",
    "message A { optional int32 a = 1 [default = 1]; optional float b = 2 [default = 2]; optional bytes c = 3 [default = '\\351']; }",
    "message A {\n  optional double a = 1 [default = 1];\n  optional int64 b = 2 [default = 2];\n  optional string c = 3 [default = 'x'];\n}",
    "proto2",
)
pair(
    "extension_last",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; }",
    "message A { extensions 100 to 200; }",
    "proto2",
)
