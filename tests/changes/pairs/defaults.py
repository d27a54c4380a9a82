"""What holds where nothing is written: values of unset fields, and features by edition."""

from __future__ import annotations

from tests.changes.pairs.pair import pair

USES = """message A {
  optional E a = 1;
  repeated E b = 2;
  required E c = 3;
  oneof o { E d = 4; }
  optional E e = 5 [default = Y];
  optional group G = 6 {
    optional E f = 1;
  }
}
message N {
  extensions 100 to 200;
  message P {
    optional E g = 1;
  }
}
extend N {
  optional E h = 100;
}
"""
"""Fields of all kinds; it is the same before and after."""
pair("implicit_swapped", f"{USES}enum E {{ Z = 0; Y = 1; }}", f"{USES}enum E {{ Y = 1; Z = 0; }}", "proto2")
pair("implicit_put_in", f"{USES}enum E {{ Z = 4; Y = 1; }}", f"{USES}enum E {{ X = 3; Z = 4; Y = 1; }}", "proto2")
pair("implicit_renumbered", f"{USES}enum E {{ Z = 4; Y = 1; }}", f"{USES}enum E {{ Z = 5; Y = 1; }}", "proto2")
pair("explicit_renumbered", f"{USES}enum E {{ Z = 4; Y = 1; }}", f"{USES}enum E {{ Z = 4; Y = 2; }}", "proto2")
pair("implicit_renamed", f"{USES}enum E {{ Z = 0; Y = 1; }}", f"{USES}enum E {{ X = 0; Y = 1; }}", "proto2")
pair(
    "implicit_alias",
    f"{USES}enum E {{ option allow_alias = true; Z = 0; X = 0; Y = 1; }}",
    f"{USES}enum E {{ option allow_alias = true; X = 0; Z = 0; Y = 1; }}",
    "proto2",
)
pair(
    "implicit_of_another_type",
    "message A { optional E a = 1; }\nenum E { Z = 0; Y = 1; }\nenum F { W = 1; X = 0; }",
    "message A {\n  optional F a = 1;\n}\nenum E { Z = 0; Y = 1; }\nenum F { W = 1; X = 0; }",
    "proto2",
)
pair(
    "implicit_closed",
    "message A {\n  E a = 1;\n  E b = 2 [features.field_presence = LEGACY_REQUIRED];\n}\nenum E { option features.enum_type = CLOSED; Z = 4; Y = 1; }",
    "message A {\n  E a = 1;\n  E b = 2 [features.field_presence = LEGACY_REQUIRED];\n}\nenum E { option features.enum_type = CLOSED; Y = 1; Z = 4; }",
    "2023",
)
FAR = (
    'syntax = "proto2";\npackage {name};\nimport "{name}/b.proto";\nmessage A {{\n  optional {name}.far.E a = 1;\n}}\n'
)
ENUM = 'syntax = "proto2";\npackage implicit_far.far;\nenum E {{ {values} }}\n'
pair(
    "implicit_far",
    {"a.proto": FAR.format(name="implicit_far"), "b.proto": ENUM.format(values="Z = 0; Y = 1;")},
    {"a.proto": FAR.format(name="implicit_far"), "b.proto": ENUM.format(values="Y = 1; Z = 0;")},
)
pair(
    "implicit_far_and_near",
    {
        "a.proto": FAR.format(name="implicit_far_and_near"),
        "b.proto": 'syntax = "proto2";\npackage implicit_far_and_near.far;\nenum E { Z = 0; Y = 1; }\n',
    },
    {
        "a.proto": FAR.format(name="implicit_far_and_near") + "message B {}\n",
        "b.proto": 'syntax = "proto2";\npackage implicit_far_and_near.far;\nenum E { Y = 1; Z = 0; }\n',
    },
)
pair(
    "implicit_to_open",
    {
        "a.proto": 'syntax = "proto2";\npackage implicit_to_open;\nmessage A {\n  optional E a = 1;\n}\nenum E { Y = 1; Z = 0; }\n'
    },
    {
        "a.proto": 'syntax = "proto3";\npackage implicit_to_open;\nmessage A {\n  E a = 1;\n}\nenum E { Z = 0; Y = 1; }\n'
    },
)

CPP = "google/protobuf/cpp_features.proto"
STRINGS = """message A {
  string a = 1;
  bytes b = 2;
  repeated string c = 3;
  map<string, string> d = 4;
  int32 e = 5;
}
"""
for name, before, after in (
    ("edition_later", "2023", "2024"),
    ("edition_earlier", "2024", "2023"),
    ("edition_from_proto3", "proto3", "2024"),
    ("edition_to_proto3", "2024", "proto3"),
):
    pair(
        name,
        *(
            {
                "a.proto": f'{"syntax" if side == "proto3" else "edition"} = "{side}";\npackage {name};\nimport "{CPP}";\n{STRINGS}'
            }
            for side in (before, after)
        ),
    )
SET = "message A {{\n  string a = 1 [features.(pb.cpp).string_type = {}];\n  string b = 2 [ctype = {}];\n}}\n"
for name, old, new in (
    ("edition_set_view", ("VIEW", "STRING"), "  string a = 1;\n  string b = 2;"),
    ("edition_set_string", ("STRING", "CORD"), "  string a = 1;\n  string b = 2;"),
    (
        "edition_set_both",
        ("CORD", "STRING_PIECE"),
        "  string a = 1 [features.(pb.cpp).string_type = CORD];\n  string b = 2 [features.(pb.cpp).string_type = STRING];",
    ),
):
    pair(
        name,
        {"a.proto": f'edition = "2023";\npackage {name};\nimport "{CPP}";\n{SET.format(*old)}'},
        {"a.proto": f'edition = "2024";\npackage {name};\nimport "{CPP}";\nmessage A {{\n{new}\n}}\n'},
    )
pair(
    "cpp_string_type_of_a_file",
    f'import "{CPP}";\n{STRINGS}message B {{\n  string a = 1 [ctype = STRING];\n}}',
    f'import "{CPP}";\noption features.(pb.cpp).string_type = VIEW;\n{STRINGS}message B {{\n  string a = 1 [ctype = STRING];\n}}',
    "2023",
)
pair(
    "ctype_piece",
    "message A { string a = 1 [ctype = STRING_PIECE]; string b = 2 [ctype = STRING_PIECE]; string c = 3 [ctype = CORD]; string d = 4; }",
    "message A {\n  string a = 1;\n  string b = 2 [ctype = CORD];\n  string c = 3 [ctype = STRING_PIECE];\n  string d = 4 [ctype = STRING_PIECE];\n}",
)
