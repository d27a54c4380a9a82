"""Typed changes: each kind is told from the others, with both places and what it breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.changes.pairs import PAIRS
from tests.support.protos_of import proto3, set_of, write
from toolkit.changes.compare import compare
from toolkit.changes.model import Change
from toolkit.changes.ranges import missing
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.errors import Location, SchemaError
from toolkit.semantics.mappings import built_in

Diff = Callable[[str, str], list[Change]]


@pytest.fixture
def diff(tmp_path: Path) -> Diff:
    """Compare two bodies of a file; once as whole schemas and once as sets, which must be the same."""

    def compared(old: str, new: str) -> list[Change]:
        made: list[Compilation] = []
        imports = ("google/api/annotations.proto", "google/api/field_behavior.proto", "buf/validate/validate.proto")
        for side, body in (("old", old), ("new", new)):
            used = [
                name
                for name, word in zip(imports, ("google.api.http", "field_behavior", "buf.validate"), strict=True)
                if word in old + new
            ]
            sources = {"a.proto": proto3("t", body, *used)}
            if "buf.validate" in old + new:
                sources["buf/validate/validate.proto"] = VALIDATE
            made.append(compile_tree([write(tmp_path / side, sources)]))
            assert not made[-1].diagnostics
        whole = compare(load(made[0]), load(made[1]))
        assert whole == compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in())
        return whole

    return compared


VALIDATE = """
syntax = "proto2";
package buf.validate;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional FieldRules field = 1159; }
message FieldRules {
  optional bool required = 25;
  optional StringRules string = 14;
  optional Int32Rules int32 = 3;
  optional RepeatedRules repeated = 18;
}
message StringRules { optional uint64 min_len = 2; optional uint64 max_len = 3; optional string pattern = 6; repeated string in = 10; }
message Int32Rules { optional int32 lte = 3; optional int32 gte = 5; optional int32 lt = 2; }
message RepeatedRules { optional uint64 max_items = 2; optional bool unique = 3; }
"""


def said(changes: list[Change]) -> list[str]:
    """Kind, element and message of each."""
    return [f"{change.kind}: {change.element}: {change.message}" for change in changes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "message A { int32 a = 1; }",
            "message A { int32 b = 1; }",
            ["renamed: t.A.b: renamed from a", "json name: t.A.b: JSON name changed from a to b"],
        ),
        ("message A { int32 a = 1; }", "message A { int32 a = 2; }", ["number: t.A.a: number changed from 1 to 2"]),
        ("message A { int32 a = 1; }", "message B { int32 a = 1; }", ["renamed: t.B: renamed from A to B"]),
        (
            "message A { int32 a = 1; }",
            "message B { string a = 1; }",
            ["removed: t.A: message A removed", "added: t.B: added"],
        ),
        ("message A {}", "message A { reserved 5; }", ["reserved: t.A: reserved numbers 5 added"]),
        (
            "message A { oneof o { int32 a = 1; } }",
            "message A { oneof p { int32 a = 1; } }",
            ["oneof: t.A.a: moved from oneof o to oneof p", "renamed: t.A.p: renamed from o to p"],
        ),
        ("// Old.\nmessage A {}", "// New.\nmessage A {}", ["comment: t.A: the comment changed"]),
        ("// Old. (-- mine --)\nmessage A {}", "// Old. (-- yours --)\nmessage A {}", []),
        (
            "message A { int32 a = 1; }",
            "message A { int32 a = 1 [deprecated = true]; }",
            ["deprecation: t.A.a: deprecated"],
        ),
        (
            "message A { map<string, int32> a = 1; }",
            "message A { map<int32, int64> a = 1; }",
            ["type: t.A.a: type changed: key from string to int32, value from int32 to int64"],
        ),
        ("enum E { Z = 0; A = 1; }", "enum E { Z = 0; A = 2; }", ["number: t.A: number changed from 1 to 2"]),
        (
            "message A {} service S { rpc X(A) returns (A) { option (google.api.http) = { get: '/a' }; } }",
            "message A {} service S { rpc X(A) returns (stream A) { option (google.api.http) = { post: '/a' body: '*' }; } }",
            [
                "http: t.S.X: HTTP binding changed from GET /a to POST /a (body *)",
                "streaming: t.S.X: server now streams",
            ],
        ),
    ],
)
def test_kinds(diff: Diff, old: str, new: str, expected: list[str]) -> None:
    """A change is told as what it is."""
    assert sorted(said(diff(old, new))) == sorted(expected)


def test_places(diff: Diff) -> None:
    """A change has its place in both trees; what is gone is located at what contained it."""
    gone, changed = diff("message A { int32 a = 1;\n  int32 b = 2; }", "\n\nmessage A {\n  int64 a = 1; }")
    assert (str(changed.old), str(changed.new), str(changed.at)) == ("a.proto:3:13", "a.proto:6:3", "a.proto:6:3")
    assert (str(gone.old), gone.new, str(gone.at)) == ("a.proto:4:3", None, "a.proto:5:1")


def _field(rules: str, kind: str = "string") -> str:
    return f"message A {{ {kind} a = 1 {f'[(buf.validate.field) = {{ {rules} }}]' if rules else ''}; }} // buf.validate"


@pytest.mark.parametrize(
    ("kind", "old", "new", "rule"),
    [
        ("string", "", "required: true", "CONSTRAINT_REQUIRED_ADDED"),
        ("string", "required: true", "", None),
        ("string", "string: { max_len: 5 }", "string: { max_len: 4 }", "CONSTRAINT_LENGTH_TIGHTENED"),
        ("string", "string: { max_len: 5 }", "string: { max_len: 6 }", None),
        ("string", "string: { max_len: 9 }", "string: { max_len: 10 }", None),
        ("string", "string: { max_len: 5 }", "string: { max_len: 9, min_len: 1 }", "CONSTRAINT_LENGTH_TIGHTENED"),
        ("string", "", "string: { pattern: 'a' }", "CONSTRAINT_PATTERN_CHANGED"),
        ("string", "string: { pattern: 'a' }", "string: { pattern: 'b' }", "CONSTRAINT_PATTERN_CHANGED"),
        ("string", "string: { pattern: 'a' }", "", None),
        ("string", "string: { in: ['a', 'b'] }", "string: { in: ['a'] }", "CONSTRAINT_CHOICES_REMOVED"),
        ("string", "string: { in: ['a'] }", "string: { in: ['a', 'b'] }", None),
        ("int32", "int32: { lte: 5 }", "int32: { lt: 5 }", "CONSTRAINT_VALUE_TIGHTENED"),
        ("int32", "int32: { lt: 5 }", "int32: { lte: 5 }", None),
        ("int32", "int32: { gte: -10 }", "int32: { gte: -9 }", "CONSTRAINT_VALUE_TIGHTENED"),
        ("repeated string", "repeated: { max_items: 5 }", "repeated: { max_items: 4 }", "CONSTRAINT_SIZE_TIGHTENED"),
        ("repeated string", "", "repeated: { unique: true }", "CONSTRAINT_UNIQUE_ADDED"),
    ],
)
def test_constraints(diff: Diff, kind: str, old: str, new: str, rule: str | None) -> None:
    """A constraint is tightened where some value is no longer allowed, and loosened else; only the former breaks."""
    (change,) = diff(_field(old, kind), _field(new, kind))
    assert (change.kind, change.rules) == (("tightened", (rule,)) if rule else ("loosened", ()))


def test_constraints_are_worded(diff: Diff) -> None:
    """What a constraint was and is is said; one that came or went says so."""
    for old, new, words in (
        ("", "required: true", "constraint required added"),
        ("string: { max_len: 5 }", "", "constraint length removed: <=5"),
        ("string: { max_len: 5 }", "string: { max_len: 4 }", "constraint length tightened from <=5 to <=4"),
        ("string: { in: ['a'] }", "string: { in: ['a', 'b'] }", "constraint in loosened from a to a, b"),
    ):
        assert [change.message for change in diff(_field(old), _field(new))] == [words]


def test_required_field_added(diff: Diff) -> None:
    """A new field that must be set breaks who does not know of it; in a new message it does not."""
    field = "string b = 2 [(google.api.field_behavior) = REQUIRED];"
    (change,) = diff("message A { string a = 1; }", f"message A {{ string a = 1; {field} }}")
    assert change.rules == ("CONSTRAINT_REQUIRED_ADDED",)
    (change,) = diff("", f"message A {{ {field} }}")
    assert change.rules == ()


INVALID = {
    "int32": ["true", "1.5e300", "-", "9" * 5000],
    "double": ["x", "1,5"],
    "bytes": ["\\", "\\x", "\\u0100", "\\N{DASH}"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in INVALID.items() for text in texts])
def test_default_that_no_compiler_writes(name: str, text: str) -> None:
    """A default that is not a value of its type is an error that names the field and the file."""
    made = []
    for default in ("", text):
        number = pb.FieldDescriptorProto.Type.Value(f"TYPE_{name.upper()}")
        field = pb.FieldDescriptorProto(name="a", number=1, label=1, type=number, default_value=default)
        made.append(set_of(pb.FileDescriptorProto(name="a.proto", message_type=[{"name": "A", "field": [field]}])))
    with pytest.raises(SchemaError, match=r"A\.a has the default .* which is not a valid") as error:
        compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in())
    assert error.value.location == Location("a.proto")


def test_values_are_on_one_line(tmp_path: Path) -> None:
    """Defaults, JSON names and reserved names with control characters show these, and what differs in them only differs."""
    made = []
    for side, text in (("old", "a b"), ("new", r"a\nb\r\033[m")):
        body = (
            f"message A {{ optional string s = 1 [default = '{text}']; optional string t = 2 [json_name = '{text}']; }}"
        )
        made.append(compile_tree([write(tmp_path / side, {"a.proto": f'syntax = "proto2";\n{body}'})]))
    changes = compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in())
    assert [change.message for change in changes] == [
        r"default changed from a b to a\nb\r\x1b[m",
        r"JSON name changed from a b to a\nb\r\x1b[m",
    ]
    old, new = (set_of(_reserving(names)) for names in (["x\ny"], []))
    (change,) = compare_sets(ParsedSet(old), ParsedSet(new), built_in())
    assert change.message == r"reserved name x\ny removed"


def _reserving(names: list[str]) -> pb.FileDescriptorProto:
    return pb.FileDescriptorProto(name="a.proto", message_type=[{"name": "A", "reserved_name": names}])


def test_defaults_of_enums_are_named(tmp_path: Path) -> None:
    """Where an enum changes, the fields that have another default for it are told, with names and numbers."""
    made = []
    for side, values in (("old", "Z = 0; Y = 1;"), ("new", "X = 7; Z = 0; Y = 2;")):
        body = f"message A {{ optional E a = 1; optional E b = 2 [default = Y]; }} enum E {{ {values} }}"
        made.append(compile_tree([write(tmp_path / side, {"a.proto": f'syntax = "proto2";\n{body}'})]))
    changes = compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in())
    assert [change.message for change in changes if "FIELD_SAME_DEFAULT" in change.rules] == [
        "default changed from Z = 0 to X = 7",
        "default changed from Y = 1 to Y = 2",
    ]


def test_nothing_changed(diff: Diff) -> None:
    """Equal trees have no changes, and neither have those where only lines moved."""
    body = "message A { int32 a = 1; }\n// B.\nenum E { Z = 0; }"
    assert diff(body, body) == []
    assert diff(body, f"\n\n{body}") == []


def test_sets_and_schemas_agree(tmp_path: Path) -> None:
    """Leaving out what is the same, and working in parts, changes nothing: over all pairs at once."""
    made = []
    for number, side in enumerate(("old", "new")):
        sources = {name: text for pair in PAIRS.values() for name, text in pair[number].items()}
        made.append(compile_tree([write(tmp_path / side, sources)]))
    sets = compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in())
    assert sets == compare(load(made[0]), load(made[1]))
    assert len(sets) > 600


def test_enum_of_a_file_that_did_not_change(tmp_path: Path) -> None:
    """Whether one enum holds another is known though the file of neither is loaded."""
    enums = proto3("t", "message B { enum E { Z = 0; Y = 1; } }\nmessage C { enum E { Z = 0; Y = 1; X = 2; } }")
    made = []
    for side, kind in (("old", "B.E"), ("new", "C.E")):
        sources = {"e.proto": enums, "a.proto": proto3("t", f"message A {{ {kind} e = 1; }}", "e.proto")}
        made.append(compile_tree([write(tmp_path / side, sources)]))
    (change,) = compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in())
    assert change.rules == ("FIELD_SAME_TYPE",)


def test_missing_ranges() -> None:
    """What ranges do not cover of others is found to the number."""
    assert list(missing([(1, 9)], [(1, 3), (5, 9)])) == [((1, 9), "4")]
    assert list(missing([(1, 9)], [(5, 9), (1, 4)])) == []
    assert list(missing([(1, 9)], [])) == [((1, 9), "1 to 9")]


REST_OLD = (
    "option (google.api.http) = { post: '/v1/{name=a/*}:do' body: '*' additional_bindings { get: '/v1/{name}' } };"
)


@pytest.mark.parametrize(
    ("now", "rules"),
    [
        ("post: '/v1/{title=a/*}:do' body: '*' additional_bindings { get: '/v1/{title=*}' }", ()),
        ("get: '/v1/{name}' additional_bindings { post: '/v1/{name=a/*}:do' body: '*' }", ()),
        ("post: '/v1/{name=a/*}:do' body: '*'", ("REST_BINDING_NO_DELETE",)),
        ("put: '/v1/{name=a/*}:do' body: '*' additional_bindings { get: '/v1/{name}' }", ("REST_BINDING_NO_DELETE",)),
        ("post: '/v1/{name=b/*}:do' body: '*' additional_bindings { get: '/v1/{name}' }", ("REST_BINDING_NO_DELETE",)),
        ("post: '/v1/{name=a/*}:do' body: 'm' additional_bindings { get: '/v1/{name}' }", ("REST_BINDING_SAME_BODY",)),
    ],
)
def test_rest(diff: Diff, now: str, rules: tuple[str, ...]) -> None:
    """A method that can no longer be called at a path, or takes another body there, breaks callers over HTTP."""
    body = "message A { string name = 1; string title = 2; A m = 3; } service S { rpc X(A) returns (A) { %s } }"
    (change,) = diff(body % REST_OLD, body % f"option (google.api.http) = {{ {now} }};")
    assert change.rules == rules
    assert change.categories == (("REST",) if rules else ())


def test_removed_rest_method(diff: Diff) -> None:
    """A removed method breaks callers over HTTP only if it has a binding."""
    body = "message A { string name = 1; } service S { rpc Y(A) returns (A); %s }"
    (bound,) = diff(body % f"rpc X(A) returns (A) {{ {REST_OLD.replace('post', 'put')} }}", body % "")
    (unbound,) = diff(body % "rpc X(A) returns (A);", body % "")
    assert ("REST" in bound.categories, "REST" in unbound.categories) == (True, False)
