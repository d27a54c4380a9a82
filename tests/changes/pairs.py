"""Small pairs of trees, each with a change or two; together they trigger every rule of buf's four categories.

A pair's files lie in a folder and a package of the pair's name, so that all
pairs together are one tree, which buf reads once a category.
"""

from __future__ import annotations

from collections.abc import Mapping

Files = Mapping[str, str]
PAIRS: dict[str, tuple[Files, Files]] = {}


def _files(name: str, source: str | Files, syntax: str) -> Files:
    if not isinstance(source, str):
        return {f"{name}/{file}": text for file, text in source.items()}
    head = f'edition = "{syntax}";' if syntax.isdigit() else f'syntax = "{syntax}";'
    imports = [line for line in source.strip().splitlines() if line.startswith(("import", "option"))]
    body = [line for line in source.strip().splitlines() if line not in imports]
    return {f"{name}/a.proto": "\n".join([head, f"package {name};", *imports, *body, ""])}


def _pair(name: str, old: str | Files, new: str | Files, syntax: str = "proto3") -> None:
    PAIRS[name] = _files(name, old, syntax), _files(name, new, syntax)


def _proto(package: str, body: str) -> str:
    return f'syntax = "proto3";\npackage {package};\n{body}\n'


def _options(names: Mapping[str, tuple[str, str]]) -> None:
    for name, (old, new) in names.items():
        for kind, before, after in (("set", "", new), ("unset", old, ""), ("changed", old, new)):
            lines = [
                f"option {name} = {value};\nmessage M {{}}" if value else "message M {}" for value in (before, after)
            ]
            _pair(f"option_{name}_{kind}", lines[0], lines[1])


# Files and packages
_pair(
    "file_deleted",
    {"a.proto": _proto("file_deleted", "message A {}"), "b.proto": _proto("file_deleted", "message B {}")},
    {"a.proto": _proto("file_deleted", "message A {}")},
)
_pair("file_emptied", "message A {}\nenum E { Z = 0; }\nservice S {}", "")
_pair(
    "message_moved",
    {
        "a.proto": _proto("message_moved", "message A {}\nenum E { Z = 0; }\nservice S {}"),
        "b.proto": _proto("message_moved", "message B {}"),
    },
    {
        "a.proto": _proto("message_moved", ""),
        "b.proto": _proto(
            "message_moved", "message B {}\n\nmessage A { int32 a = 1; }\nenum E { Z = 0; }\nservice S {}"
        ),
    },
)
_pair(
    "package_deleted",
    {
        "a.proto": _proto("package_deleted.v1", "message A {}\nmessage B {}"),
        "b.proto": _proto("package_deleted.v2", "message B {}"),
    },
    {"b.proto": _proto("package_deleted.v2", "message B {}")},
)
_pair(
    "package_renamed",
    {
        "a.proto": _proto(
            "package_renamed.v1", "message A { int32 a = 1; }\nenum E { Z = 0; }\nservice S { rpc Do(A) returns (A); }"
        )
    },
    {"a.proto": _proto("package_renamed.v2", "message A { string a = 1; }\nenum E { Z = 0; }\nservice S {}")},
)
_pair(
    "syntax",
    {
        "a.proto": 'syntax = "proto2";\npackage syntax;\nmessage A { optional int32 a = 1; repeated int32 b = 2; }\nenum E { Z = 0; }'
    },
    {
        "a.proto": 'syntax = "proto3";\npackage syntax;\nmessage A { optional int32 a = 1; repeated int32 b = 2; }\nenum E { Z = 0; }'
    },
)
_pair(
    "syntax_left_out",
    {"a.proto": "package syntax_left_out;\nmessage A {}"},
    {"a.proto": 'syntax = "proto2";\npackage syntax_left_out;\nmessage A {}'},
)
_pair(
    "syntax_edition",
    {
        "a.proto": 'syntax = "proto3";\npackage syntax_edition;\nmessage A { int32 a = 1; string b = 2; }\nenum E { Z = 0; }'
    },
    {
        "a.proto": 'edition = "2023";\npackage syntax_edition;\nmessage A { int32 a = 1; string b = 2; }\nenum E { Z = 0; }'
    },
)
_options(
    {
        "go_package": ('"a.com/a"', '"a.com/b"'),
        "java_package": ('"com.a"', '"com.b"'),
        "java_outer_classname": ('"A"', '"B"'),
        "csharp_namespace": ('"A"', '"B"'),
        "objc_class_prefix": ('"A"', '"B"'),
        "php_class_prefix": ('"A"', '"B"'),
        "php_metadata_namespace": ('"A"', '"B"'),
        "php_namespace": ('"A"', '"B"'),
        "ruby_package": ('"A"', '"B"'),
        "swift_prefix": ('"A"', '"B"'),
        "java_multiple_files": ("false", "true"),
        "cc_enable_arenas": ("true", "false"),
        "cc_generic_services": ("false", "true"),
        "java_generic_services": ("false", "true"),
        "py_generic_services": ("false", "true"),
        "java_string_check_utf8": ("false", "true"),
        "optimize_for": ("SPEED", "CODE_SIZE"),
        "deprecated": ("false", "true"),
    }
)

# Messages
_pair(
    "message_deleted",
    "message A {}\nmessage B { message C { enum E { Z = 0; } message D {} } }",
    "message B { message C {} }",
)
_pair(
    "message_nested_deleted", "message A { message B { message C {} } enum E { Z = 0; } }\nmessage X {}", "message A {}"
)
_pair("message_renamed", "message A { string a = 1; }", "message B { string a = 1; }")
_pair("accessor", "message A {}", "message A {\n  option no_standard_descriptor_accessor = true;\n}")
_pair("accessor_back", "message A { option no_standard_descriptor_accessor = true; }", "message A {}")
_pair(
    "required_added",
    "message A { optional int32 a = 1; }",
    "message A {\n  optional int32 a = 1;\n  required int32 b = 2;\n}",
    "proto2",
)
_pair(
    "required_deleted",
    "message A { required int32 a = 1; optional int32 b = 2; }",
    "message A { optional int32 b = 2; }",
    "proto2",
)
_pair(
    "required_now",
    "message A { optional int32 a = 1; required int32 b = 2; }",
    "message A {\n  required int32 a = 1;\n  optional int32 b = 2;\n}",
    "proto2",
)
_pair(
    "required_edition",
    "message A { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }",
    "message A { int32 a = 1; }",
    "2023",
)
_pair(
    "reserved_gone",
    'message A { reserved 2, 5 to 7; reserved "x", "y"; }',
    "message A {\n  reserved 5 to 6;\n reserved 'y';\n}",
)
_pair("reserved_all_gone", 'message A { reserved 2, 4 to max; reserved "x"; }', "message A {}")
_pair("reserved_split", "message A { reserved 2 to 9; }", "message A { reserved 2 to 4, 5 to 9; }")
_pair(
    "reserved_hole",
    "message A { reserved 2 to 9, 20 to 30; }",
    "message A { reserved 2 to 4, 7 to 9, 20 to 25, 27 to 28; }",
)
_pair("reserved_used", 'message A { reserved 2; reserved "x"; }', "message A { string x = 2; }")
_pair(
    "extension_range",
    "message A { extensions 100 to 200, 300 to max; }",
    "message A { extensions 100 to 150, 400 to max; }",
    "proto2",
)
_pair(
    "extension_range_split",
    "message A { extensions 100 to 200; }",
    "message A { extensions 100 to 150; extensions 151 to 200; }",
    "proto2",
)
_pair(
    "json_format_message",
    "option features.json_format = ALLOW;\nmessage A {}\nmessage B { message C {} }\nenum E { Z = 0; }",
    "option features.json_format = ALLOW;\nmessage A { option features.json_format = LEGACY_BEST_EFFORT; }\nmessage B { option features.json_format = LEGACY_BEST_EFFORT; message C {} }\nenum E { option features.json_format = LEGACY_BEST_EFFORT; Z = 0; }",
    "2023",
)
_pair(
    "json_format_file",
    "message A {}\nenum E { Z = 0; }",
    "option features.json_format = LEGACY_BEST_EFFORT;\nmessage A {}\nenum E { Z = 0; }",
    "2023",
)
_pair(
    "json_format_back",
    "option features.json_format = LEGACY_BEST_EFFORT;\nmessage A {}\nenum E { Z = 0; }",
    "message A {}\nenum E { Z = 0; }",
    "2023",
)

# Fields
_pair(
    "field_deleted",
    "message A { int32 a = 1; string b = 2; oneof o { int32 c = 3; int32 d = 4; } }",
    "message A { oneof o { int32 d = 4; } }",
)
_pair(
    "field_deleted_number_reserved",
    "message A { int32 a = 1; int32 b = 2; }",
    "message A {\n  reserved 1;\n  int32 b = 2;\n}",
)
_pair(
    "field_deleted_name_reserved",
    "message A { int32 a = 1; int32 b = 2; }",
    'message A {\n  reserved "a";\n  int32 b = 2;\n}',
)
_pair(
    "field_deleted_reserved",
    "message A { int32 a = 1; int32 b = 2; }",
    'message A {\n  reserved 1 to 1;\n  reserved "a";\n  int32 b = 2;\n}',
)
_pair(
    "field_renamed",
    "message A { int32 a_b = 1; int32 c = 2; int32 d = 3; }",
    'message A {\n  int32 a_c = 1;\n  int32 cc = 2 [json_name = "c"];\n  int32 d = 3;\n}',
)
_pair("field_renumbered", "message A { int32 a = 1; int32 b = 2; }", "message A {\n  int32 a = 3;\n  int32 b = 2;\n}")
_pair("fields_swapped", "message A { int32 a = 1; int32 b = 2; }", "message A {\n  int32 b = 1;\n  int32 a = 2;\n}")
_pair(
    "json_name",
    "message A { int32 a = 1; int32 b = 2 [json_name = 'x']; map<string, string> m = 3; }",
    'message A {\n  int32 a = 1 [json_name = "z"];\n  int32 b = 2;\n  map<string, string> m = 3 [json_name = "n"];\n}',
)
_SCALARS = ["bool", "string", "bytes", "float", "double"]
_SCALARS += [f"{kind}{size}" for size in (32, 64) for kind in ("int", "uint", "sint", "fixed", "sfixed")]
_KINDS = [*_SCALARS, "E", "M"]
for _kind in _KINDS:
    _others = [k for k in _KINDS if k != _kind]
    _pair(
        f"type_from_{_kind.lower()}",
        "enum E { Z = 0; }\nmessage M {}\nmessage A {\n"
        + "\n".join(f"  {_kind} f{n} = {n};" for n in range(1, len(_others) + 1))
        + "\n}",
        "enum E { Z = 0; }\nmessage M {}\nmessage A {\n"
        + "\n".join(f"  {other} f{n} = {n};" for n, other in enumerate(_others, 1))
        + "\n}",
    )
_pair(
    "type_message",
    "message B {}\nmessage C {}\nmessage A { B b = 1; repeated B c = 2; map<string, B> d = 3; }",
    "message B {}\nmessage C {}\nmessage A {\n  C b = 1;\n  repeated C c = 2;\n  map<string, C> d = 3;\n}",
)
_pair(
    "type_map",
    "message A { map<string, int32> a = 1; map<int32, string> b = 2; map<string, string> c = 3; }",
    "message A {\n  map<string, int64> a = 1;\n  map<int64, string> b = 2;\n  map<bytes_, string> c = 3;\n}".replace(
        "bytes_", "uint32"
    ),
)
_pair(
    "type_enum",
    "enum E { Z = 0; A1 = 1; }\nenum F { Y = 0; B1 = 1; }\nmessage A { E e = 1; }",
    "enum E { Z = 0; A1 = 1; }\nenum F { Y = 0; B1 = 1; }\nmessage A {\n  F e = 1;\n}",
)
_pair(
    "type_enum_superset",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A1 = 1; B1 = 2; } }\nmessage A { B.E e = 1; B.E f = 2; repeated B.E g = 3; }",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A1 = 1; B1 = 2; } }\nmessage A {\n  C.E e = 1;\n  C.E f = 2;\n  repeated C.E g = 3;\n}",
)
_pair(
    "type_enum_subset",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; } }\nmessage A { B.E e = 1; }",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; } }\nmessage A {\n  C.E e = 1;\n}",
)
_pair(
    "type_enum_other_names",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A2 = 1; } }\nmessage A { B.E e = 1; }",
    "message B { enum E { Z = 0; A1 = 1; } }\nmessage C { enum E { Z = 0; A2 = 1; } }\nmessage A {\n  C.E e = 1;\n}",
)
_pair(
    "group",
    "message A { optional group G = 1 { optional int32 a = 1; } optional M m = 2; }\nmessage M {}",
    "message A {\n  optional M g = 1;\n  optional group M2 = 2 { optional int32 a = 1; }\n}\nmessage M {}",
    "proto2",
)
_pair(
    "delimited",
    "message M {}\nmessage A { M a = 1; M b = 2 [features.message_encoding = DELIMITED]; }",
    "message M {}\nmessage A {\n  M a = 1 [features.message_encoding = DELIMITED];\n  M b = 2;\n}",
    "2023",
)
_CARDINALITIES = ["int32", "optional int32", "repeated int32"]
_pair(
    "cardinality",
    "message A {\n"
    + "".join(f"  {a} f{i}{j} = {3 * i + j + 1};\n" for i, a in enumerate(_CARDINALITIES) for j in range(3))
    + "}",
    "message A {\n"
    + "".join(f"  {b} f{i}{j} = {3 * i + j + 1};\n" for i in range(3) for j, b in enumerate(_CARDINALITIES))
    + "}",
)
_pair(
    "cardinality_map",
    "message M { string key = 1; string value = 2; }\nmessage A { map<string, string> a = 1; repeated M b = 2; M c = 3; map<string, string> d = 4; }",
    "message M { string key = 1; string value = 2; }\nmessage A {\n  repeated M a = 1;\n  map<string, string> b = 2;\n  map<string, string> c = 3;\n  M d = 4;\n}",
)
_pair(
    "cardinality_message",
    "message M {}\nmessage A { M a = 1; optional M b = 2; repeated M c = 3; }",
    "message M {}\nmessage A {\n  optional M a = 1;\n  repeated M b = 2;\n  M c = 3;\n}",
)
_pair(
    "cardinality_proto2",
    "message A { optional int32 a = 1; required int32 b = 2; repeated int32 c = 3; required int32 d = 4; }",
    "message A {\n  required int32 a = 1;\n  repeated int32 b = 2;\n  optional int32 c = 3;\n  optional int32 d = 4;\n}",
    "proto2",
)
_pair(
    "presence_edition",
    "message A { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; }",
    "message A {\n  int32 a = 1 [features.field_presence = IMPLICIT];\n  int32 b = 2;\n}",
    "2023",
)
_pair(
    "cardinality_oneof",
    "message A { int32 a = 1; oneof o { int32 b = 2; int32 c = 3; } }",
    "message A {\n  oneof o {\n    int32 a = 1;\n    int32 c = 3;\n  }\n  int32 b = 2;\n}",
)
_pair(
    "oneof_renamed",
    "message A { oneof o { int32 b = 2; int32 c = 3; } }",
    "message A {\n  oneof p {\n    int32 b = 2;\n    int32 c = 3;\n  }\n}",
)
_pair("oneof_deleted", "message A { oneof o { int32 b = 2; } int32 z = 1; }", "message A { int32 z = 1; }")
_pair(
    "oneof_to_optional",
    "message A { oneof o { int32 b = 2; } optional int32 z = 1; }",
    "message A {\n  optional int32 b = 2;\n  oneof _z { int32 z = 1; }\n}",
)
_pair(
    "default",
    "message A { optional int32 a = 1 [default = 1]; optional int32 b = 2; optional int32 c = 3 [default = 3]; optional int32 d = 4 [default = 0]; optional E e = 5; optional E f = 6 [default = Y]; optional string g = 7 [default = 'x']; optional bytes h = 8 [default = 'x']; optional bool i = 9 [default = true]; optional double j = 10 [default = 1.0]; optional float k = 11 [default = nan]; optional double l = 12 [default = inf]; }\nenum E { Z = 0; Y = 1; }",
    "message A {\n  optional int32 a = 1 [default = 2];\n  optional int32 b = 2 [default = 5];\n  optional int32 c = 3;\n  optional int32 d = 4;\n  optional E e = 5 [default = Y];\n  optional E f = 6;\n  optional string g = 7 [default = 'y'];\n  optional bytes h = 8;\n  optional bool i = 9 [default = false];\n  optional double j = 10 [default = 1];\n  optional float k = 11 [default = nan];\n  optional double l = 12 [default = -inf];\n}\nenum E { Z = 0; Y = 1; }",
    "proto2",
)
_pair(
    "default_type",
    "message A { optional int32 a = 1 [default = 1]; optional int32 b = 2 [default = 1]; optional string c = 3 [default = 'x']; optional float d = 4 [default = 1.5]; optional int32 e = 5 [default = 1]; optional bool f = 6 [default = true]; optional int32 g = 7 [default = 5]; optional float h = 8 [default = 0.1]; optional int32 i = 9 [default = 1]; }\nenum E { Z = 0; Y = 1; }\nmessage M {}",
    "message A {\n  optional int64 a = 1 [default = 1];\n  optional string b = 2 [default = '1'];\n  optional bytes c = 3 [default = 'x'];\n  optional double d = 4 [default = 1.5];\n  optional E e = 5 [default = Y];\n  optional int32 f = 6 [default = 1];\n  repeated int32 g = 7;\n  optional double h = 8 [default = 0.1];\n  optional M i = 9;\n}\nenum E { Z = 0; Y = 1; }\nmessage M {}",
    "proto2",
)
_pair(
    "default_enum_first",
    "enum E { Z = 0; Y = 1; }\nenum F { X = 5; W = 6; }\nmessage A { optional E a = 1; optional F b = 2; optional F c = 3 [default = X]; }",
    "enum E { Y = 1; Z = 0; }\nenum F { X = 5; W = 6; }\nmessage A {\n  optional E a = 1;\n  optional F b = 2 [default = X];\n  optional F c = 3 [default = W];\n}",
    "proto2",
)
_pair(
    "ctype",
    "message A { optional string a = 1; optional bytes b = 2 [ctype = CORD]; optional string c = 3 [ctype = STRING]; optional int32 d = 4; repeated string e = 5; }",
    "message A {\n  optional string a = 1 [ctype = CORD];\n  optional bytes b = 2;\n  optional string c = 3;\n  optional int32 d = 4 [ctype = CORD];\n  repeated string e = 5 [ctype = STRING_PIECE];\n}",
    "proto2",
)
_pair(
    "cpp_string_type",
    'import "google/protobuf/cpp_features.proto";\nmessage A { string a = 1; bytes b = 2 [features.(pb.cpp).string_type = CORD]; string c = 3 [features.(pb.cpp).string_type = STRING]; }',
    'import "google/protobuf/cpp_features.proto";\nmessage A {\n  string a = 1 [features.(pb.cpp).string_type = VIEW];\n  bytes b = 2;\n  string c = 3;\n}',
    "2023",
)
_pair(
    "jstype",
    "message A { int64 a = 1; int64 b = 2 [jstype = JS_STRING]; int64 c = 3 [jstype = JS_NORMAL]; uint64 d = 4; int64 e = 5 [jstype = JS_STRING]; }",
    "message A {\n  int64 a = 1 [jstype = JS_STRING];\n  int64 b = 2 [jstype = JS_NUMBER];\n  int64 c = 3;\n  uint64 d = 4 [jstype = JS_NUMBER];\n  string e = 5;\n}",
)
_pair(
    "utf8",
    "message A { string a = 1; string b = 2 [features.utf8_validation = NONE]; bytes c = 3; repeated string d = 4; map<string, string> e = 5; }",
    "message A {\n  string a = 1 [features.utf8_validation = NONE];\n  string b = 2;\n  bytes c = 3;\n  repeated string d = 4 [features.utf8_validation = NONE];\n  map<string, string> e = 5 [features.utf8_validation = NONE];\n}",
    "2023",
)
_pair(
    "utf8_file",
    "message A { string a = 1; map<string, string> b = 2; }",
    "option features.utf8_validation = NONE;\nmessage A { string a = 1; map<string, string> b = 2; }",
    "2023",
)
_pair(
    "java_utf8",
    'import "google/protobuf/java_features.proto";\nmessage A { string a = 1; string b = 2 [features.(pb.java).utf8_validation = VERIFY]; bytes c = 3; }',
    'import "google/protobuf/java_features.proto";\nmessage A {\n  string a = 1 [features.(pb.java).utf8_validation = VERIFY];\n  string b = 2;\n  bytes c = 3;\n}',
    "2023",
)
_pair(
    "java_utf8_file",
    "message A { optional string a = 1; map<string, string> m = 2; optional bytes c = 3; }",
    "option java_string_check_utf8 = true;\nmessage A { optional string a = 1; map<string, string> m = 2; optional bytes c = 3; }",
    "proto2",
)
_pair("packed", "message A { repeated int32 a = 1; }", "message A { repeated int32 a = 1 [packed = false]; }")

# Extensions
_pair(
    "extension_deleted",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; optional int32 b = 101; }\nmessage N { extend A { optional int32 c = 102; } }",
    "message A { extensions 100 to 200; }\nextend A { optional int32 b = 101; }\nmessage N {}",
    "proto2",
)
_pair(
    "extension_changed",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; optional int32 b = 101; optional int32 c = 102 [default = 4]; optional int32 d = 103; }",
    "message A { extensions 100 to 200; }\nextend A {\n  optional string a = 100;\n  repeated int32 b = 101;\n  optional int32 c = 102 [default = 5];\n  optional int32 dd = 103;\n}",
    "proto2",
)
_pair(
    "extension_renumbered",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; }",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 101; }",
    "proto2",
)
_pair(
    "extension_moved",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; }\nmessage N {}",
    "message A { extensions 100 to 200; }\nmessage N { extend A { optional int32 a = 100; } }",
    "proto2",
)

# Enums
_pair(
    "enum_deleted",
    "enum E { Z = 0; }\nenum F { Y = 0; }\nmessage A { enum G { X = 0; } }",
    "enum E { Z = 0; }\nmessage A {}",
)
_pair(
    "enum_closed",
    "enum E { Z = 0; }\nenum F { option features.enum_type = CLOSED; Y = 0; }",
    "enum E {\n  option features.enum_type = CLOSED;\n  Z = 0;\n}\nenum F { Y = 0; }",
    "2023",
)
_pair(
    "enum_value_deleted",
    "enum E { Z = 0; A = 1; B = 2; C = 3; D = 4; }",
    'enum E {\n  reserved 2, 4 to 6;\n  reserved "C", "D";\n  Z = 0;\n}',
)
_pair("enum_value_renamed", "enum E { Z = 0; A = 1; }", "enum E {\n  Z = 0;\n  B = 1;\n}")
_pair("enum_value_renumbered", "enum E { Z = 0; A = 1; }", "enum E {\n  Z = 0;\n  A = 2;\n}")
_pair(
    "enum_alias",
    "enum E { option allow_alias = true; Z = 0; A = 1; B = 1; C = 2; D = 3; F = 3; }",
    "enum E {\n  option allow_alias = true;\n  Z = 0;\n  A = 1;\n  C = 2;\n  CC = 2;\n  D = 3;\n  FF = 3;\n}",
)
_pair(
    "enum_alias_deleted",
    "enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }",
    'enum E {\n  reserved "A";\n  Z = 0;\n}',
)
_pair(
    "enum_reserved",
    'enum E { reserved 2, 5 to 9, -3; reserved "x", "y"; Z = 0; }',
    'enum E {\n  reserved 5 to 7;\n  reserved "y";\n  Z = 0;\n}',
)
_pair("enum_reserved_max", "enum E { reserved 5 to max; Z = 0; }", "enum E { reserved 6 to max; Z = 0; }")

# Services
_pair("service_deleted", "service S {}\nservice T {}", "service T {}")
_pair(
    "method_deleted",
    "message A {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A); }",
    "message A {}\nservice S { rpc Y(A) returns (A); }",
)
_pair(
    "method_changed",
    "message A {}\nmessage B {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A); }",
    "message A {}\nmessage B {}\nservice S {\n  rpc X(B) returns (A);\n  rpc Y(A) returns (B);\n}",
)
_pair(
    "streaming",
    "message A {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A); rpc Z(stream A) returns (stream A); }",
    "message A {}\nservice S {\n  rpc X(stream A) returns (A);\n  rpc Y(A) returns (stream A);\n  rpc Z(A) returns (A);\n}",
)
_pair(
    "idempotency",
    "message A {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A) { option idempotency_level = IDEMPOTENT; } }",
    "message A {}\nservice S {\n  rpc X(A) returns (A) {\n    option idempotency_level = NO_SIDE_EFFECTS;\n  }\n  rpc Y(A) returns (A);\n}",
)

# What breaks nothing for buf
_pair(
    "added",
    "message A { int32 a = 1; }\nenum E { Z = 0; }\nservice S {}",
    "message A { int32 a = 1; string b = 2; }\nmessage B {}\nenum E { Z = 0; Y = 1; }\nenum F { X = 0; }\nservice S { rpc X(A) returns (B); }\nservice T {}",
)
_pair("comments", "// Old.\nmessage A { int32 a = 1; }", "// New.\nmessage A { int32 a = 1; }")
_pair("deprecated", "message A { int32 a = 1; }", "message A { int32 a = 1 [deprecated = true]; }")

# Found by comparing generated trees
_pair(
    "map_renumbered",
    "message A { map<string, int32> a = 1; }",
    "message A {\n  map<string, string> a = 2;\n}",
)
_pair(
    "map_of_strings_to_string",
    "message A { map<string, string> a = 1; string b = 2; }",
    "message A {\n  string a = 1 [ctype = CORD];\n  map<string, string> b = 2;\n}",
)
_pair(
    "json_format_of_entries",
    "message A { map<string, string> a = 1; }",
    "option features.json_format = LEGACY_BEST_EFFORT;\nmessage A {\n  map<string, string> a = 1;\n}",
    "2023",
)
_pair(
    "default_to_implicit",
    "message A { int32 a = 1 [default = 5]; int32 b = 2 [default = 0]; E e = 3 [default = Y]; }\nenum E { Z = 0; Y = 1; }",
    "option features.field_presence = IMPLICIT;\nmessage A {\n  int32 a = 1;\n  int32 b = 2;\n  E e = 3;\n}\nenum E { Z = 0; Y = 1; }",
    "2023",
)
_pair(
    "default_of_other_types",
    "message A { optional int32 a = 1 [default = 1]; optional float b = 2 [default = 2]; optional bytes c = 3 [default = '\\351']; }",
    "message A {\n  optional double a = 1 [default = 1];\n  optional int64 b = 2 [default = 2];\n  optional string c = 3 [default = 'x'];\n}",
    "proto2",
)
_pair(
    "extension_last",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; }",
    "message A { extensions 100 to 200; }",
    "proto2",
)
