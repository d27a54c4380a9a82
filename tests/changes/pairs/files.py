"""Files, packages, services, and what breaks nothing for buf."""

from __future__ import annotations

from tests.changes.pairs.pair import file_options, pair
from tests.support.protos_of import proto3

# Files and packages
pair(
    "file_deleted",
    {"a.proto": proto3("file_deleted", "message A {}"), "b.proto": proto3("file_deleted", "message B {}")},
    {"a.proto": proto3("file_deleted", "message A {}")},
)
pair("file_emptied", "message A {}\nenum E { Z = 0; }\nservice S {}", "")
pair(
    "message_moved",
    {
        "a.proto": proto3("message_moved", "message A {}\nenum E { Z = 0; }\nservice S {}"),
        "b.proto": proto3("message_moved", "message B {}"),
    },
    {
        "a.proto": proto3("message_moved", ""),
        "b.proto": proto3(
            "message_moved", "message B {}\n\nmessage A { int32 a = 1; }\nenum E { Z = 0; }\nservice S {}"
        ),
    },
)
pair(
    "package_deleted",
    {
        "a.proto": proto3("package_deleted.v1", "message A {}\nmessage B {}"),
        "b.proto": proto3("package_deleted.v2", "message B {}"),
    },
    {"b.proto": proto3("package_deleted.v2", "message B {}")},
)
pair(
    "package_renamed",
    {
        "a.proto": proto3(
            "package_renamed.v1", "message A { int32 a = 1; }\nenum E { Z = 0; }\nservice S { rpc Do(A) returns (A); }"
        )
    },
    {"a.proto": proto3("package_renamed.v2", "message A { string a = 1; }\nenum E { Z = 0; }\nservice S {}")},
)
pair(
    "syntax",
    {
        "a.proto": 'syntax = "proto2";\npackage syntax;\nmessage A { optional int32 a = 1; repeated int32 b = 2; }\nenum E { Z = 0; }'
    },
    {
        "a.proto": 'syntax = "proto3";\npackage syntax;\nmessage A { optional int32 a = 1; repeated int32 b = 2; }\nenum E { Z = 0; }'
    },
)
pair(
    "syntax_left_out",
    {"a.proto": "package syntax_left_out;\nmessage A {}"},
    {"a.proto": 'syntax = "proto2";\npackage syntax_left_out;\nmessage A {}'},
)
pair(
    "syntax_edition",
    {
        "a.proto": 'syntax = "proto3";\npackage syntax_edition;\nmessage A { int32 a = 1; string b = 2; }\nenum E { Z = 0; }'
    },
    {
        "a.proto": 'edition = "2023";\npackage syntax_edition;\nmessage A { int32 a = 1; string b = 2; }\nenum E { Z = 0; }'
    },
)
file_options(
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

# Services
pair("service_deleted", "service S {}\nservice T {}", "service T {}")
pair(
    "method_deleted",
    "message A {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A); }",
    "message A {}\nservice S { rpc Y(A) returns (A); }",
)
pair(
    "method_changed",
    "message A {}\nmessage B {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A); }",
    "message A {}\nmessage B {}\nservice S {\n  rpc X(B) returns (A);\n  rpc Y(A) returns (B);\n}",
)
pair(
    "streaming",
    "message A {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A); rpc Z(stream A) returns (stream A); }",
    "message A {}\nservice S {\n  rpc X(stream A) returns (A);\n  rpc Y(A) returns (stream A);\n  rpc Z(A) returns (A);\n}",
)
pair(
    "idempotency",
    "message A {}\nservice S { rpc X(A) returns (A); rpc Y(A) returns (A) { option idempotency_level = IDEMPOTENT; } }",
    "message A {}\nservice S {\n  rpc X(A) returns (A) {\n    option idempotency_level = NO_SIDE_EFFECTS;\n  }\n  rpc Y(A) returns (A);\n}",
)

# What breaks nothing for buf
pair(
    "added",
    "message A { int32 a = 1; }\nenum E { Z = 0; }\nservice S {}",
    "message A { int32 a = 1; string b = 2; }\nmessage B {}\nenum E { Z = 0; Y = 1; }\nenum F { X = 0; }\nservice S { rpc X(A) returns (B); }\nservice T {}",
)
pair("comments", "// Old.\nmessage A { int32 a = 1; }", "// New.\nmessage A { int32 a = 1; }")
pair("deprecated", "message A { int32 a = 1; }", "message A { int32 a = 1 [deprecated = true]; }")
