"""Messages, extensions and enums."""

from __future__ import annotations

from tests.changes.pairs.pair import pair

# Messages
pair(
    "message_deleted",
    "message A {}\nmessage B { message C { enum E { Z = 0; } message D {} } }",
    "message B { message C {} }",
)
pair(
    "message_nested_deleted", "message A { message B { message C {} } enum E { Z = 0; } }\nmessage X {}", "message A {}"
)
pair("message_renamed", "message A { string a = 1; }", "message B { string a = 1; }")
pair("accessor", "message A {}", "message A {\n  option no_standard_descriptor_accessor = true;\n}")
pair("accessor_back", "message A { option no_standard_descriptor_accessor = true; }", "message A {}")
pair(
    "required_added",
    "message A { optional int32 a = 1; }",
    "message A {\n  optional int32 a = 1;\n  required int32 b = 2;\n}",
    "proto2",
)
pair(
    "required_deleted",
    "message A { required int32 a = 1; optional int32 b = 2; }",
    "message A { optional int32 b = 2; }",
    "proto2",
)
pair(
    "required_now",
    "message A { optional int32 a = 1; required int32 b = 2; }",
    "message A {\n  required int32 a = 1;\n  optional int32 b = 2;\n}",
    "proto2",
)
pair(
    "required_edition",
    "message A { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }",
    "message A { int32 a = 1; }",
    "2023",
)
pair(
    "reserved_gone",
    'message A { reserved 2, 5 to 7; reserved "x", "y"; }',
    "message A {\n  reserved 5 to 6;\n reserved 'y';\n}",
)
pair("reserved_all_gone", 'message A { reserved 2, 4 to max; reserved "x"; }', "message A {}")
pair("reserved_split", "message A { reserved 2 to 9; }", "message A { reserved 2 to 4, 5 to 9; }")
pair(
    "reserved_hole",
    "message A { reserved 2 to 9, 20 to 30; }",
    "message A { reserved 2 to 4, 7 to 9, 20 to 25, 27 to 28; }",
)
pair("reserved_used", 'message A { reserved 2; reserved "x"; }', "message A { string x = 2; }")
pair(
    "extension_range",
    "message A { extensions 100 to 200, 300 to max; }",
    "message A { extensions 100 to 150, 400 to max; }",
    "proto2",
)
pair(
    "extension_range_split",
    "message A { extensions 100 to 200; }",
    "message A { extensions 100 to 150; extensions 151 to 200; }",
    "proto2",
)
pair(
    "json_format_message",
    "option features.json_format = ALLOW;\nmessage A {}\nmessage B { message C {} }\nenum E { Z = 0; }",
    "option features.json_format = ALLOW;\nmessage A { option features.json_format = LEGACY_BEST_EFFORT; }\nmessage B { option features.json_format = LEGACY_BEST_EFFORT; message C {} }\nenum E { option features.json_format = LEGACY_BEST_EFFORT; Z = 0; }",
    "2023",
)
pair(
    "json_format_file",
    "message A {}\nenum E { Z = 0; }",
    "option features.json_format = LEGACY_BEST_EFFORT;\nmessage A {}\nenum E { Z = 0; }",
    "2023",
)
pair(
    "json_format_back",
    "option features.json_format = LEGACY_BEST_EFFORT;\nmessage A {}\nenum E { Z = 0; }",
    "message A {}\nenum E { Z = 0; }",
    "2023",
)

# Extensions
pair(
    "extension_deleted",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; optional int32 b = 101; }\nmessage N { extend A { optional int32 c = 102; } }",
    "message A { extensions 100 to 200; }\nextend A { optional int32 b = 101; }\nmessage N {}",
    "proto2",
)
pair(
    "extension_changed",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; optional int32 b = 101; optional int32 c = 102 [default = 4]; optional int32 d = 103; }",
    "message A { extensions 100 to 200; }\nextend A {\n  optional string a = 100;\n  repeated int32 b = 101;\n  optional int32 c = 102 [default = 5];\n  optional int32 dd = 103;\n}",
    "proto2",
)
pair(
    "extension_renumbered",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; }",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 101; }",
    "proto2",
)
pair(
    "extension_moved",
    "message A { extensions 100 to 200; }\nextend A { optional int32 a = 100; }\nmessage N {}",
    "message A { extensions 100 to 200; }\nmessage N { extend A { optional int32 a = 100; } }",
    "proto2",
)

# Enums
pair(
    "enum_deleted",
    "enum E { Z = 0; }\nenum F { Y = 0; }\nmessage A { enum G { X = 0; } }",
    "enum E { Z = 0; }\nmessage A {}",
)
pair(
    "enum_closed",
    "enum E { Z = 0; }\nenum F { option features.enum_type = CLOSED; Y = 0; }",
    "enum E {\n  option features.enum_type = CLOSED;\n  Z = 0;\n}\nenum F { Y = 0; }",
    "2023",
)
pair(
    "enum_value_deleted",
    "enum E { Z = 0; A = 1; B = 2; C = 3; D = 4; }",
    'enum E {\n  reserved 2, 4 to 6;\n  reserved "C", "D";\n  Z = 0;\n}',
)
pair("enum_value_renamed", "enum E { Z = 0; A = 1; }", "enum E {\n  Z = 0;\n  B = 1;\n}")
pair("enum_value_renumbered", "enum E { Z = 0; A = 1; }", "enum E {\n  Z = 0;\n  A = 2;\n}")
pair(
    "enum_alias",
    "enum E { option allow_alias = true; Z = 0; A = 1; B = 1; C = 2; D = 3; F = 3; }",
    "enum E {\n  option allow_alias = true;\n  Z = 0;\n  A = 1;\n  C = 2;\n  CC = 2;\n  D = 3;\n  FF = 3;\n}",
)
pair(
    "enum_alias_deleted",
    "enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }",
    'enum E {\n  reserved "A";\n  Z = 0;\n}',
)
pair(
    "enum_reserved",
    'enum E { reserved 2, 5 to 9, -3; reserved "x", "y"; Z = 0; }',
    'enum E {\n  reserved 5 to 7;\n  reserved "y";\n  Z = 0;\n}',
)
pair("enum_reserved_max", "enum E { reserved 5 to max; Z = 0; }", "enum E { reserved 6 to max; Z = 0; }")
