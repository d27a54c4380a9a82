"""The model holds what the sources say: features, options, bindings, places; frozen, comparable, and as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.dump import dump
from toolkit.descriptors.model import Cardinality, Field, HttpRule, Kind, Message, Presence, Schema, TypeRef
from toolkit.errors import Location, LookupFailed


def _presence(message: Message) -> dict[str, str]:
    return {f.name: f.presence.value for f in message.fields}


def _message(folder: Path, head: str, body: str, name: str = "acme.M") -> Message:
    return schema_of(folder, {"m.proto": f"{head};\npackage acme;\n{body}"}).message(name)


def _field(folder: Path, head: str, declared: str) -> Field:
    return _message(folder, head, f"message M {{ {declared} }}").fields[0]


PROTO2 = 'syntax = "proto2"'
PROTO3 = 'syntax = "proto3"'
EDITION = 'edition = "2023"'


def test_proto2(tmp_path: Path) -> None:
    """Proto2 has explicit presence, required fields, declared defaults, closed enums and unpacked lists."""
    body = """
    enum Color { RED = 1; }
    message M {
      required string name = 1; optional int32 size = 2 [default = -7]; repeated int32 sizes = 3;
      optional string text = 4 [default = "a\\"b"]; optional Color color = 5 [default = RED];
      repeated int32 packed = 6 [packed = true]; optional bytes raw = 7 [default = "\\001"]; oneof one { M inner = 8; }
    }"""
    schema = schema_of(tmp_path, {"m.proto": f"{PROTO2}; package acme; {body}"})
    message = schema.message("acme.M")
    assert _presence(message) == {
        "name": "required",
        "size": "explicit",
        "sizes": "none",
        "text": "explicit",
        "color": "explicit",
        "packed": "none",
        "raw": "explicit",
        "inner": "explicit",
    }
    assert [f.default for f in message.fields] == [None, "-7", None, 'a"b', "RED", None, "\\001", None]
    assert [f.name for f in message.fields if f.packed] == ["packed"]
    assert schema.enum("acme.Color").closed
    assert schema.files["m.proto"].edition == "proto2"


def test_groups(tmp_path: Path) -> None:
    """A group is a delimited field of a nested message."""
    message = _message(
        tmp_path, PROTO2, "message M { optional group Part = 1 { optional int32 x = 1; } repeated group Many = 2 {} }"
    )
    part, many = message.fields
    assert (part.name, part.type, part.delimited) == ("part", TypeRef(Kind.MESSAGE, "acme.M.Part"), True)
    assert (part.presence, many.presence, many.delimited) == (Presence.EXPLICIT, Presence.NONE, True)
    assert message.messages == ("acme.M.Part", "acme.M.Many")


def test_proto3(tmp_path: Path) -> None:
    """Proto3 has implicit presence but for messages, oneofs and `optional`; lists are packed, enums open."""
    body = """enum Color { NONE = 0; }
    message M { string name = 1; M inner = 2; oneof one { int32 left = 3; string right = 4; } optional int32 size = 5;
      repeated int32 sizes = 6; repeated string names = 7; repeated int32 loose = 8 [packed = false]; Color color = 9; }"""
    schema = schema_of(tmp_path, {"m.proto": f"{PROTO3}; package acme; {body}"})
    message = schema.message("acme.M")
    assert _presence(message) == {
        "name": "implicit",
        "inner": "explicit",
        "left": "explicit",
        "right": "explicit",
        "size": "explicit",
        "sizes": "none",
        "names": "none",
        "loose": "none",
        "color": "implicit",
    }
    assert [f.name for f in message.fields if f.packed] == ["sizes"]
    assert [f.name for f in message.fields if f.repeated] == ["sizes", "names", "loose"]
    assert not schema.enum("acme.Color").closed
    assert message.field("color").type == TypeRef(Kind.ENUM, "acme.Color")
    assert message.field("gone") is None


def test_oneofs(tmp_path: Path) -> None:
    """A oneof lists its members; a proto3 `optional` is in none and leaves none behind."""
    message = _message(
        tmp_path, PROTO3, "message M { optional int32 size = 1; oneof one { int32 left = 2; string right = 3; } }"
    )
    assert [(o.full_name, o.fields) for o in message.oneofs] == [("acme.M.one", ("left", "right"))]
    assert [f.oneof for f in message.fields] == ["", "one", "one"]
    assert message.oneof("_size") is None
    assert message.oneof("one") is message.oneofs[0]


def test_edition_fields(tmp_path: Path) -> None:
    """In an edition presence is explicit unless a field says otherwise; lists are packed, enums open."""
    body = """enum Color { NONE = 0; }
    message M { string name = 1; int32 size = 2 [features.field_presence = IMPLICIT];
      string key = 3 [features.field_presence = LEGACY_REQUIRED]; M must = 4 [features.field_presence = LEGACY_REQUIRED];
      M inner = 5; repeated int32 sizes = 6; repeated int32 loose = 7 [features.repeated_field_encoding = EXPANDED];
      M group = 8 [features.message_encoding = DELIMITED]; }"""
    schema = schema_of(tmp_path, {"m.proto": f"{EDITION}; package acme; {body}"})
    message = schema.message("acme.M")
    assert list(_presence(message).values()) == [
        "explicit",
        "implicit",
        "required",
        "required",
        "explicit",
        "none",
        "none",
        "explicit",
    ]
    assert [f.name for f in message.fields if f.packed] == ["sizes"]
    assert [f.name for f in message.fields if f.delimited] == ["group"]
    assert not schema.enum("acme.Color").closed
    assert schema.files["m.proto"].edition == "2023"


def test_edition_files(tmp_path: Path) -> None:
    """What a file's features say holds in all of it, and an element's own win."""
    body = """option features.field_presence = IMPLICIT; option features.enum_type = CLOSED;
    option features.message_encoding = DELIMITED; option features.repeated_field_encoding = EXPANDED;
    enum Color { RED = 1; } enum Shade { option features.enum_type = OPEN; DARK = 0; }
    message M { string name = 1; int32 size = 2 [features.field_presence = EXPLICIT]; M inner = 3;
      M plain = 4 [features.message_encoding = LENGTH_PREFIXED]; repeated int32 sizes = 5; oneof one { int32 left = 6; }
      message Deep { string name = 1; } }"""
    schema = schema_of(tmp_path, {"m.proto": f"{EDITION}; package acme; {body}"})
    message = schema.message("acme.M")
    assert list(_presence(message).values()) == ["implicit", "explicit", "explicit", "explicit", "none", "explicit"]
    assert [f.name for f in message.fields if f.delimited] == ["inner"]
    assert not message.field("sizes").packed
    assert schema.message("acme.M.Deep").fields[0].presence is Presence.IMPLICIT
    assert (schema.enum("acme.Color").closed, schema.enum("acme.Shade").closed) == (True, False)


def test_maps(tmp_path: Path) -> None:
    """A map is one field with a key and no message; a message that is only called like an entry stays one."""
    body = """message M { map<string, Part> parts = 1; map<int64, int32> counts = 2; repeated FooEntry foo = 3;
      message Part {} message FooEntry { string key = 1; string value = 2; } }"""
    message = _message(tmp_path, PROTO3, body)
    parts, counts, foo = message.fields
    assert (parts.cardinality, parts.key, parts.type) == (
        Cardinality.MAP,
        "string",
        TypeRef(Kind.MESSAGE, "acme.M.Part"),
    )
    assert (counts.is_map, counts.key, counts.type.name, counts.presence) == (True, "int64", "int32", Presence.NONE)
    assert (foo.repeated, foo.is_map, foo.type.short_name) == (True, False, "FooEntry")
    assert message.messages == ("acme.M.Part", "acme.M.FooEntry")


def test_extensions(tmp_path: Path) -> None:
    """Extensions are fields of the file or message that declares them, with what they extend; ranges are half-open."""
    body = """message M { extensions 100 to 199, 300; extensions 1000 to max; }
    extend M { optional string note = 100; } message Home { extend M { repeated int32 sizes = 101 [packed = true]; } }"""
    schema = schema_of(tmp_path, {"m.proto": f"{PROTO2}; package acme; {body}"})
    assert schema.message("acme.M").extension_ranges == ((100, 200), (300, 301), (1000, 536870912))
    assert list(schema.extensions) == ["acme.note", "acme.Home.sizes"]
    note, sizes = schema.extensions.values()
    assert (note.extendee, note.number, note.presence) == ("acme.M", 100, Presence.EXPLICIT)
    assert (sizes.parent, sizes.packed) == ("acme.Home", True)
    assert schema.files["m.proto"].extensions == (note,)


def test_reserved(tmp_path: Path) -> None:
    """Reserved numbers and names are kept: half-open in messages, closed in enums."""
    body = """message M { reserved 2, 9 to 11; reserved "old", "older"; }
    enum E { reserved 5 to 7, 100 to max; reserved "GONE"; ZERO = 0; MINUS = -1; }"""
    schema = schema_of(tmp_path, {"m.proto": f"{PROTO3}; package acme; {body}"})
    message, enum = schema.message("acme.M"), schema.enum("acme.E")
    assert (message.reserved_ranges, message.reserved_names) == (((2, 3), (9, 12)), ("old", "older"))
    assert (enum.reserved_ranges, enum.reserved_names) == (((5, 7), (100, 2147483647)), ("GONE",))
    assert [(v.full_name, v.parent, v.number) for v in enum.values] == [
        ("acme.ZERO", "acme", 0),
        ("acme.MINUS", "acme", -1),
    ]


@pytest.mark.parametrize(
    ("declared", "json_name"),
    [
        ("string a_b_c = 1;", "aBC"),
        ("string plain = 1;", "plain"),
        ('string x = 1 [json_name = "@x"];', "@x"),
        ("string _a = 1;", "A"),
    ],
)
def test_json_names(tmp_path: Path, declared: str, json_name: str) -> None:
    """The JSON name is protoc's: camel case, or the declared one."""
    assert _field(tmp_path, PROTO3, declared).json_name == json_name


OPTIONS = """
import "google/protobuf/descriptor.proto";
enum Level { LOW = 0; HIGH = 1; }
message Box { optional string name = 1; repeated int32 sizes = 2; map<string, int32> counts = 3; optional Box inner = 4;
  extensions 100 to 200; }
extend google.protobuf.FileOptions { optional string file_note = 50001; }
extend google.protobuf.MessageOptions { optional Box box = 50001; optional string note = 50002; optional bytes raw = 50003; }
extend google.protobuf.FieldOptions { repeated string tags = 50001; optional double weight = 50002; optional float ratio = 50003;
  optional bool on = 50004; optional int64 big = 50005; repeated Box boxes = 50006; }
extend google.protobuf.OneofOptions { optional bool exactly = 50001; }
extend google.protobuf.EnumOptions { optional Level level = 50001; }
extend google.protobuf.EnumValueOptions { repeated Level levels = 50001; }
extend google.protobuf.ServiceOptions { optional uint32 port = 50001; }
extend google.protobuf.MethodOptions { optional Box call = 50001; }
"""


def _with_options(folder: Path, body: str, more: str = "") -> Schema:
    files = {
        "acme/options.proto": f"{PROTO2}; package acme.opt; {OPTIONS}",
        "acme/x.proto": proto3("acme", body, "acme/options.proto"),
    }
    if more:
        files["acme/more.proto"] = f'{PROTO2}; package acme.more; import "acme/options.proto"; {more}'
        files["acme/x.proto"] = proto3("acme", body, "acme/options.proto", "acme/more.proto")
    return schema_of(folder, files)


def test_options_everywhere(tmp_path: Path) -> None:
    """Custom options of each kind of element are read, by full name, as plain values."""
    body = """option (opt.file_note) = "f";
    message M { option (opt.raw) = "\\xff"; option (opt.box) = { name: "b" sizes: [1, 2] counts { key: "z" value: 1 } counts { key: "a" value: 2 } inner {} };
      oneof one { option (opt.exactly) = true;
        string s = 1 [(opt.tags) = "x", (opt.tags) = "y", (opt.weight) = 1.5, (opt.ratio) = 0.1, (opt.on) = false, (opt.big) = -9007199254740993]; } }
    enum E { option (opt.level) = HIGH; ZERO = 0 [(opt.levels) = HIGH, (opt.levels) = LOW]; }
    service S { option (opt.port) = 80; rpc Do(M) returns (M) { option (opt.call).name = "c"; option (opt.call).inner.sizes = 3; } }"""
    schema = _with_options(tmp_path, body)
    message = schema.message("acme.M")
    assert schema.files["acme/x.proto"].options == {"acme.opt.file_note": "f"}
    assert message.options == {
        "acme.opt.raw": b"\xff",
        "acme.opt.box": {"name": "b", "sizes": [1, 2], "counts": {"a": 2, "z": 1}, "inner": {}},
    }
    assert message.oneofs[0].options == {"acme.opt.exactly": True}
    assert message.fields[0].options == {
        "acme.opt.tags": ["x", "y"],
        "acme.opt.weight": 1.5,
        "acme.opt.ratio": 0.1,
        "acme.opt.on": False,
        "acme.opt.big": -9007199254740993,
    }
    assert schema.enum("acme.E").options == {"acme.opt.level": "HIGH"}
    assert schema.enum_values["acme.ZERO"].options == {"acme.opt.levels": ["HIGH", "LOW"]}
    assert schema.service("acme.S").options == {"acme.opt.port": 80}
    assert schema.methods["acme.S.Do"].options == {"acme.opt.call": {"name": "c", "inner": {"sizes": [3]}}}


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("(opt.tags) = 'x', (opt.weight) = 1, deprecated = true", ["tags", "weight", "deprecated"]),
        ("deprecated = true, (opt.weight) = 1, (opt.tags) = 'x'", ["deprecated", "weight", "tags"]),
        (
            "(opt.boxes) = {name: 'a'}, (opt.on) = true, (opt.boxes) = {name: 'b'}, (opt.tags) = 'x'",
            ["boxes", "on", "tags"],
        ),
    ],
)
def test_options_in_order(tmp_path: Path, written: str, order: list[str]) -> None:
    """Options are in the order of the source, built-in ones among custom ones."""
    schema = _with_options(tmp_path, f"message M {{ string s = 1 [{written}]; }}")
    assert [name.rpartition(".")[2] for name in schema.message("acme.M").fields[0].options] == order


def test_members_in_order(tmp_path: Path) -> None:
    """Members that are set one by one are in the order of the source, and so do the options they belong to."""
    body = "message M { option (opt.note) = 'n'; option (opt.box).inner.name = 'i'; option (opt.box).sizes = 1; option (opt.box).name = 'b'; }"
    options = _with_options(tmp_path, body).message("acme.M").options
    assert list(options) == ["acme.opt.note", "acme.opt.box"]
    assert list(options["acme.opt.box"]) == ["inner", "sizes", "name"]


def test_extended_option_values(tmp_path: Path) -> None:
    """What a third file adds to the message of an option is read too, by its full name."""
    body = "message M { option (opt.box) = { [acme.more.colour]: 'red' }; }"
    schema = _with_options(tmp_path, body, "extend acme.opt.Box { optional string colour = 100; }")
    assert schema.message("acme.M").options == {"acme.opt.box": {"acme.more.colour": "red"}}


def test_http(tmp_path: Path) -> None:
    """Bindings are the primary one, then the additional ones; a custom verb is one like any other."""
    body = """message M {} service S {
      rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{name=m/*}" response_body: "m"
        additional_bindings { post: "/v1/m:get" body: "*" } additional_bindings { custom { kind: "HEAD" path: "/v1/m" } } }; }
      rpc Put(M) returns (M) { option (google.api.http).put = "/v1/m"; option (google.api.http).body = "m"; }
      rpc Drop(M) returns (M) { option (google.api.http) = { delete: "/v1/m" }; }
      rpc Patch(M) returns (M) { option (google.api.http) = { patch: "/v1/m" }; }
      rpc None(M) returns (M); }"""
    schema = schema_of(tmp_path, {"s.proto": proto3("acme", body, "google/api/annotations.proto")})
    assert {m.name: m.http for m in schema.service("acme.S").methods} == {
        "Get": (
            HttpRule("GET", "/v1/{name=m/*}", "", "m"),
            HttpRule("POST", "/v1/m:get", "*"),
            HttpRule("HEAD", "/v1/m"),
        ),
        "Put": (HttpRule("PUT", "/v1/m", "m"),),
        "Drop": (HttpRule("DELETE", "/v1/m"),),
        "Patch": (HttpRule("PATCH", "/v1/m"),),
        "None": (),
    }


def test_streaming(tmp_path: Path) -> None:
    """Each side of a method streams or does not."""
    body = """message M {} service S { rpc One(M) returns (M); rpc Up(stream M) returns (M);
      rpc Down(M) returns (stream M); rpc Both(stream M) returns (stream M); }"""
    service = schema_of(tmp_path, {"s.proto": proto3("acme", body)}).service("acme.S")
    assert [(m.client_streaming, m.server_streaming) for m in service.methods] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]


def test_deprecated_file(tmp_path: Path) -> None:
    """Everything in a deprecated file is deprecated."""
    body = "option deprecated = true; message M { string s = 1; oneof one { int32 i = 2; } message In {} } enum E { ZERO = 0; } service S { rpc Do(M) returns (M); }"
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", body)})
    message, enum, service = schema.message("acme.M"), schema.enum("acme.E"), schema.service("acme.S")
    elements = [
        message,
        *message.fields,
        *message.oneofs,
        schema.message("acme.M.In"),
        enum,
        *enum.values,
        service,
        *service.methods,
    ]
    assert all(element.deprecated for element in elements)
    assert message.options == {}
    assert schema.files["a.proto"].deprecated


def test_deprecated_elements(tmp_path: Path) -> None:
    """Deprecation goes down from what is marked, not up and not beside."""
    body = """message Old { option deprecated = true; string s = 1; enum E { ZERO = 0; } }
    message New { string s = 1 [deprecated = true]; string t = 2; enum E { NONE = 0; ONE = 1 [deprecated = true]; } }
    service Gone { option deprecated = true; rpc Do(Old) returns (Old); }
    service Here { rpc Do(Old) returns (Old) { option deprecated = true; } rpc Be(Old) returns (Old); }"""
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", body)})
    marked = [m for m in schema.messages.values() if m.deprecated] + [e for e in schema.enums.values() if e.deprecated]
    marked += [f for m in schema.messages.values() for f in m.fields if f.deprecated]
    marked += [v for v in schema.enum_values.values() if v.deprecated]
    marked += [s for s in schema.services.values() if s.deprecated] + [
        m for m in schema.methods.values() if m.deprecated
    ]
    assert sorted(element.full_name for element in marked) == [
        "acme.Gone",
        "acme.Gone.Do",
        "acme.Here.Do",
        "acme.New.ONE",
        "acme.New.s",
        "acme.Old",
        "acme.Old.E",
        "acme.Old.ZERO",
        "acme.Old.s",
    ]


def test_files_and_packages(tmp_path: Path) -> None:
    """Files know their imports, packages the files that make them up; elements know their place."""
    files = {
        "b.proto": '// Package words.\nsyntax = "proto3";\npackage acme.b;\nmessage B {}\n',
        "a.proto": 'syntax = "proto3";\npackage acme.b;\nimport public "b.proto";\nmessage A {\n  B b = 1;\n}\nenum E { ZERO = 0; }\n',
        "c.proto": 'syntax = "proto3";\nimport "a.proto";\nmessage C { acme.b.B b = 1; }\nservice S { rpc Do(C) returns (C); }',
    }
    schema = schema_of(tmp_path, files)
    assert list(schema.files) == ["a.proto", "b.proto", "c.proto"]
    assert (schema.files["a.proto"].imports, schema.files["a.proto"].public_imports) == (("b.proto",), ("b.proto",))
    package = schema.packages["acme.b"]
    assert (package.files, package.messages, package.enums) == (
        ("a.proto", "b.proto"),
        ("acme.b.A", "acme.b.B"),
        ("acme.b.E",),
    )
    assert package.comment.leading == "Package words."
    assert schema.packages[""].services == ("S",)
    assert schema.message("C").parent == ""
    assert schema.message("acme.b.A").fields[0].location == Location("a.proto", 5, 3)
    assert [s.full_name for s in schema.requested_services()] == ["S"]
    assert schema.service_of(schema.methods["S.Do"]) is schema.service("S")


def test_lookups_that_fail(tmp_path: Path) -> None:
    """A name that is not there is reported as such."""
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", "message A {}")})
    for look in (schema.message, schema.enum, schema.service):
        with pytest.raises(LookupFailed, match=r"'acme\.Gone'"):
            look("acme.Gone")


EVERYTHING = """// A.
message A { option deprecated = true; // Trailing.
  string s = 1 [json_name = "t"]; oneof one { int32 i = 2; } map<string, A> m = 3; }
// E.
enum E { ZERO = 0; } service S { rpc Do(A) returns (stream A); }"""


def test_frozen(tmp_path: Path) -> None:
    """Nothing of the model can be assigned to."""
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", EVERYTHING)})
    message, enum, service = schema.message("acme.A"), schema.enum("acme.E"), schema.service("acme.S")
    parts = [
        schema,
        *schema.files.values(),
        *schema.packages.values(),
        message,
        message.comment,
        message.location,
        enum,
        service,
    ]
    parts += [*message.fields, *message.oneofs, message.fields[0].type, *enum.values, *service.methods]
    for part in parts:
        for member in dataclasses.fields(part):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(part, member.name, None)


def test_equality(tmp_path: Path) -> None:
    """Two readings of a tree are equal and have one hash, whole and part by part; another tree differs."""
    one = schema_of(tmp_path / "one", {"a.proto": proto3("acme", EVERYTHING)})
    two = schema_of(tmp_path / "two", {"a.proto": proto3("acme", EVERYTHING)})
    other = schema_of(tmp_path / "other", {"a.proto": proto3("acme", EVERYTHING.replace("// E.", "// F."))})
    assert one == two
    assert hash(one) == hash(two)
    assert len({*one.files.values(), *two.files.values()}) == len(one.files)
    assert len({*one.packages.values(), *two.packages.values()}) == len(one.packages)
    assert len({*one.messages.values(), *two.messages.values()}) == len(one.messages)
    assert one != other
    assert one.message("acme.A") == other.message("acme.A")
    assert one.enum("acme.E") != other.enum("acme.E")


def test_dump(tmp_path: Path) -> None:
    """The dump is JSON without holes: bytes are base64, what is not finite is a string, empty members are left out."""
    body = """message M { option (opt.raw) = "\\xff\\x00"; option (opt.box) = { counts { key: "é" value: 0 } };
      string s = 1 [(opt.weight) = nan, (opt.ratio) = -inf, (opt.on) = false]; }"""
    schema = _with_options(tmp_path, body)

    def fail(constant: str) -> None:
        raise AssertionError(constant)

    content = json.loads(dump(schema), parse_constant=fail)
    assert list(content) == ["files", "messages", "enums", "services"]
    (message,) = (m for m in content["messages"] if m["full_name"] == "acme.M")
    assert message["options"] == {"acme.opt.raw": "/wA=", "acme.opt.box": {"counts": {"é": 0}}}
    (field,) = message["fields"]
    assert field["options"] == {"acme.opt.weight": "nan", "acme.opt.ratio": "-inf", "acme.opt.on": False}
    assert field["location"] == "acme/x.proto:5:7"
    assert "oneof" not in field
    assert "é" in dump(schema)


def test_dump_is_deterministic(tmp_path: Path) -> None:
    """The dump depends on the tree alone, not on where it lies or in which order its files were written."""
    files = {"a.proto": proto3("acme", EVERYTHING), "b.proto": proto3("acme", "message B { A a = 1; }", "a.proto")}
    one = schema_of(tmp_path / "one", files)
    two = schema_of(tmp_path / "two", dict(reversed(files.items())))
    assert dump(one) == dump(two)
    assert str(tmp_path) not in dump(one)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    """A default that is not UTF-8 is text all the same, with its faults shown."""
    text = 'syntax = "proto2"; package acme; message M { optional string s = 1 [default = "caf\xe9"]; }'
    schema = schema_of(tmp_path, {"m.proto": text.encode("latin-1")})
    assert schema.message("acme.M").fields[0].default == "caf\ufffd"
