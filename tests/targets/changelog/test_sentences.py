"""What the changelog says of each kind of change, from pairs of protos."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import proto3, schema_of
from toolkit.changes.compare import compare
from toolkit.changes.model import Kind
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import built_in
from toolkit.targets.changelog.groups import Groups, GroupView
from toolkit.targets.changelog.wording import _WORDINGS

VALIDATION = """
syntax = "proto3";
package yandex.cloud;
import "google/protobuf/descriptor.proto";
extend google.protobuf.OneofOptions { bool exactly_one = 101400; }
extend google.protobuf.FieldOptions {
  bool required = 101501;
  string pattern = 101502;
  string value = 101503;
  string size = 101504;
  string length = 101505;
  bool unique = 101506;
}
"""
OWN = """
syntax = "proto3";
package own;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { string unit = 50001; }
"""
SERVICE = "service S { rpc Do(A) returns (B); } message B {}"


class NoPages:
    """Names without links, which are easier to read."""

    def address(self, element: str) -> str:
        """No page."""
        return ""


def schemas(folder: Path, old: str, new: str) -> tuple[Schema, Schema]:
    """Both versions; a body that begins with ``syntax`` or ``edition`` is a whole file."""
    used = {"yandex.cloud.": "yandex/cloud/validation.proto", "own.": "own.proto", "google.api": HTTP}
    found = []
    for side, body in (("old", old), ("new", new)):
        imports = [file for word, file in used.items() if f"({word}" in old + new]
        text = body if body.lstrip().startswith(("syntax", "edition")) else proto3("t", body, *imports)
        more = {"yandex/cloud/validation.proto": VALIDATION, "own.proto": OWN}
        sources = {"a.proto": text, **{name: more[name] for name in imports if name in more}}
        found.append(schema_of(folder / side, sources))
    return found[0], found[1]


HTTP = "google/api/annotations.proto"


def groups_of(folder: Path, old: str, new: str) -> tuple[list[GroupView], set[Kind]]:
    """The groups of the changelog, and the kinds of change in them."""
    before, after = schemas(folder, old, new)
    changes = compare(before, after, comments=False)
    rules = built_in()
    groups, _, _ = Groups(Facts(before, rules), Facts(after, rules), NoPages()).of(changes)
    return groups, {change.kind for change in changes}


def lines_of(groups: list[GroupView]) -> list[str]:
    """What is said, without headings."""
    return [
        f"{'! ' if entry.breaking else ''}{entry.text}{f' {entry.advice}' if entry.advice else ''}"
        for group in groups
        for section in group.sections
        for entry in section.entries
    ]


def method(rest: str = "", options: str = "") -> str:
    """A service with one method."""
    return (
        f"message A {{ string id = 1; }} message B {{}} service S {{ rpc Do({rest or 'A) returns (B'}) {{{options}}} }}"
    )


def limited(old: str, new: str, kind: str = "string") -> tuple[str, str]:
    """A request with a field that has these options before and after."""
    sides = [f"message A {{ {kind} f = 1{f' [{side}]' if side else ''}; }} {SERVICE}" for side in (old, new)]
    return sides[0], sides[1]


def option(name: str, value: str) -> str:
    """An option of Yandex."""
    return f"(yandex.cloud.{name}) = {value}"


REQUIRED = option("required", "true")
MOST_50 = option("length", '"<=50"')
ADDED_AND_REMOVED = [
    ("message A {}", "message A { string a = 1; }", ["New optional field `a` of type `string`."]),
    ("message A {}", "message A { repeated B a = 1; }", ["New field `a`, a list of `B`."]),
    ("message A {}", "message A { map<string, int32> a = 1; }", ["New field `a`, a map of `string` to `int32`."]),
    (
        "message A {}",
        f"message A {{ string a = 1 [{REQUIRED}]; }}",
        ["! New required field `a` of type `string`. Requests without it are refused."],
    ),
    ("message A { string a = 1; }", "message A {}", ["! The field `a` was removed."]),
    ("message A { string a = 1; string b = 2; }", "message A {}", ["! The fields `a` and `b` were removed."]),
    (
        "message A { int32 a = 1; int32 b = 2; }",
        "message A { oneof c { int32 a = 1; int32 b = 2; } }",
        ["! `a` is now in the oneof `c`.", "! `b` is now in the oneof `c`.", "New oneof `c` of `a` and `b`."],
    ),
    ("message A { string a = 1; }", "message A { string b = 1; }", ["! The field `a` is now called `b`."]),
    ("message A { string a = 1; }", "message A { string a = 2; }", ["! `a` now has the number `2` (was `1`). Clients"]),
    ("message A {}", "message A {} message C {} message D {}", ["New messages `t.C` and `t.D`."]),
    ("message A {}", "message A {} enum E { E_NONE = 0; }", ["New enum `t.E`."]),
    ("message A {} message C {}", "message A {}", ["! The message `t.C` was removed."]),
    (
        "message A {} message Cat { string name = 1; }",
        "message A {} message Dog { string name = 1; }",
        ["! The message `Cat` is now called `t.Dog`."],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), ADDED_AND_REMOVED)
def test_elements(old: str, new: str, expected: list[str], tmp_path: Path) -> None:
    """Elements that came, went or have another name."""
    groups, _ = groups_of(tmp_path, f"{old} {SERVICE}", f"{new} {SERVICE}")
    assert_said(lines_of(groups), expected)


def assert_said(said: list[str], expected: list[str]) -> None:
    """Each line begins as expected: some end in advice that other lines share."""
    assert len(said) == len(expected), said
    for line, start in zip(said, expected, strict=True):
        assert line.startswith(start), said


LIMITS = [
    ("", REQUIRED, "string", "! `f` is now required. Requests without it are refused."),
    (f"{REQUIRED}, {MOST_50}", "", "string",
     "`f` is no longer required, and may now have any length (was at most 50 characters)."),
    (MOST_50, option("length", '"<=64"'), "string", "`f` may now have up to 64 characters (was 50)."),
    (option("length", '"<=64"'), option("length", '"3-50"'), "string",
     "! `f` must now have 3–50 characters (was at most 64 characters). Other values are refused."),
    ("", option("length", '"36"'), "string", "! `f` must now have exactly 36 characters. Other values are refused."),
    (option("value", '"<=1000"'), option("value", '"0-1000"'), "int64",
     "! `f` must now be from 0 to 1000 (was at most 1000). Other values are refused."),
    (option("value", '"<=1000"'), "", "int64", "`f` may now have any value (was at most 1000)."),
    (option("value", '"1,2,3"'), option("value", '"1,2,4"'), "int64",
     "! `f` no longer accepts `3` but now also accepts `4`."),
    (option("value", '"1,2"'), "", "int64", "`f` is no longer limited to `1` or `2`."),
    (option("pattern", '"a{1,2}"'), "", "string", "`f` no longer has to match `a{1,2}`."),
    ("", option("pattern", '"a|b"'), "string", "! `f` must now match `a|b`. Other values are refused."),
    (option("pattern", '"a"'), option("pattern", '"b"'), "string",
     "! `f` must now match `b` (was `a`). Other values are refused."),
    (option("size", '"<=5"'), option("size", '"<=9"'), "repeated string", "`f` may now have up to 9 items (was 5)."),
    (option("size", '"<=5"'), "", "map<string, string>",
     "`f` may now have any number of entries (was at most 5 entries)."),
    ("", option("size", '">0"'), "repeated string",
     "! `f` must now have at least 1 item. Other values are refused."),
    ("", option("size", '"<9"'), "repeated string", "! `f` must now have fewer than 9 items. Other values are refused."),
    (option("length", '">3"'), option("length", '">2"'), "string",
     "`f` now only has to have more than 2 characters (was 3)."),
    (option("length", '"36,40"'), option("length", '"36,40,44"'), "string",
     "`f` may now have 36, 40 or 44 characters (was 36 or 40 characters)."),
    ("", option("length", '"<=5"'), "repeated string",
     "! Each value of `f` must now have at most 5 characters. Other values are refused."),
    ("", option("unique", "true"), "repeated string", "! `f` must now have unique items. Other values are refused."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kind", "expected"), LIMITS)
def test_limits(old: str, new: str, kind: str, expected: str, tmp_path: Path) -> None:
    """Constraints, in the words that pages have for them."""
    groups, _ = groups_of(tmp_path, *limited(old, new, kind))
    assert lines_of(groups) == [expected]


PROTO2 = 'syntax = "proto2"; package t; '
OTHERS = [
    ("message A { int32 a = 1; }", "message A { int64 a = 1; }", ["! `a` is now of type `int64` (was `int32`). Code"]),
    (
        "message A { map<string, int32> a = 1; }",
        "message A { map<string, string> a = 1; }",
        ["! `a` is now of type <code>map&#60;string, string&#62;</code> (was"],
    ),
    ("message A { int32 a = 1; }", "message A { repeated int32 a = 1; }", ["! `a` is now repeated (was a single value)"]),
    ("message A { int32 a = 1; }", "message A { optional int32 a = 1; }", ["! `a` now tells unset from empty."]),
    (f"{PROTO2}message A {{ required int32 a = 1; }}", f"{PROTO2}message A {{ optional int32 a = 1; }}",
     ["! `a` is no longer required."]),
    ("message A { oneof o { int32 a = 1; int32 b = 2; } }", "message A { oneof o { int32 b = 2; } int32 a = 1; }",
     ["! `a` is no longer in the oneof `o`."]),
    ("message A { oneof o { int32 a = 1; int32 b = 2; } }", "message A { oneof q { int32 a = 1; int32 b = 2; } }",
     ["! The oneof `o` is now called `q`.", "! `a` is now in the oneof `q` (was in `o`).", "! `b` is now in the oneof `q`"]),
    ("message A { int32 a = 1; }", 'message A { int32 a = 1 [json_name = "x"]; }',
     ["! `a` is now called `x` in JSON (was `a`). Use the new name in JSON."]),
    ("message A { int32 a = 1; }", "message A { int32 a = 1 [deprecated = true]; }", ["`a` is now deprecated."]),
    ("message A { int32 a = 1 [deprecated = true]; }", "message A { int32 a = 1; }", ["`a` is no longer deprecated."]),
    ("message A { int32 a = 1; }", 'message A { int32 a = 1 [(own.unit) = "m"]; }',
     ["`a` now has the option `(own.unit)` set to `m`."]),
    ('message A { int32 a = 1 [(own.unit) = "m"]; }', "message A { int32 a = 1; }",
     ["`a` no longer has the option `(own.unit)` (was `m`)."]),
    ("message A {}", 'message A { reserved 4 to 6; reserved "a"; }',
     ["`A` now reserves the name `a` and the numbers 4 to 6."]),
    ("message A { reserved 4; }", "message A {}", ["! `A` no longer reserves the number 4."]),
    (f"{PROTO2}message A {{}}", f"{PROTO2}message A {{ extensions 100 to 199; }}",
     ["This message can now be extended with the numbers 100 to 199."]),
    (f"{PROTO2}message A {{ optional int32 a = 1 [default = 1]; }}",
     f"{PROTO2}message A {{ optional int32 a = 1 [default = 2]; }}", ["! `a` now has the default `2` (was `1`)."]),
    ("message A { repeated int32 a = 1; }", "message A { repeated int32 a = 1 [packed = false]; }",
     ["`a` is no longer packed."]),
    ("message A { int64 a = 1; }", "message A { int64 a = 1 [jstype = JS_STRING]; }",
     ["! `a` now has `JS_STRING` for the JavaScript type (was `JS_NORMAL`)."]),
    (f"{PROTO2}message A {{}}", 'syntax = "proto3"; package t; message A {}', ["! The file `a.proto` now uses `proto3`", "This message now has `ALLOW` for its JSON format"]),
    ("message A {}", 'option go_package = "x"; message A {}',
     ["! The file `a.proto` now has the option `go_package` set to `x`."]),
    ("enum E { E_A = 0; E_B = 1; }", "enum E { E_A = 0; E_B = 1; E_C = 2; E_D = 3; }", ["New values `E_C` and `E_D`."]),
    ("enum E { E_A = 0; E_B = 1; }", "enum E { E_A = 0; }", ["! The value `E_B` was removed."]),
    ("enum E { E_A = 0; E_B = 1; }", "enum E { E_A = 0; E_B = 2; }", ["! `E_B` now has the number `2` (was `1`). Clients"]),
    ("enum E { E_A = 0; E_B = 1; }", "enum E { E_A = 0; E_C = 1; }", ["! The value `E_B` is now called `E_C`."]),
    (method(), method("stream A) returns (B"), ["! This method now takes a stream of requests."]),
    (method("A) returns (stream B"), method(), ["! This method now returns a single response (was a stream)."]),
    (method(), method("B) returns (B"), ["! This method now takes `B` (was `t.A`)."]),
    (method(), method("A) returns (A"), ["! This method now returns `A` (was `t.B`)."]),
    (method(), method("", 'option (google.api.http) = { get: "/v1/a" };'),
     ["This method can now be called over HTTP: `GET /v1/a`."]),
    (method("", 'option (google.api.http) = { get: "/v1/a" };'), method("", 'option (google.api.http) = { get: "/b" };'),
     ["! This method is now called over HTTP as `GET /b` (was `GET /v1/a`). HTTP calls of the old form fail."]),
    ("message A {} service S { rpc Do(A) returns (A); rpc Undo(A) returns (A); }",
     "message A {} service S { rpc Do(A) returns (A); rpc Redo(A) returns (A); }",
     ["! The method `Undo` was removed. Calls fail with `UNIMPLEMENTED`.", "New method `Redo`."]),
    ("message A {}", "message A {} service S { rpc Do(A) returns (A); rpc Undo(A) returns (A); }",
     ["New service `S` with the methods `Do` and `Undo`."]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), OTHERS)
def test_others(old: str, new: str, expected: list[str], tmp_path: Path) -> None:
    """All else that changes, in elements that a service uses or not."""
    whole = any(
        side.startswith("syntax") or "service" in side or "enum" in side or "go_package" in side for side in (old, new)
    )
    more = "" if whole else SERVICE
    groups, _ = groups_of(tmp_path, f"{old} {more}", f"{new} {more}")
    assert_said(lines_of(groups), expected)


def test_every_kind() -> None:
    """There are words for each kind of change but those of comments, which the changelog does not tell."""
    assert set(_WORDINGS) == set(Kind) - {Kind.COMMENT}


def test_sections(tmp_path: Path) -> None:
    """In a service: the service itself, fields that change alike, methods as they are declared, then types."""
    verbs = ("Get", "Stop", "Drop")
    requests = "".join(f"message {v}Request {{ string thing_id = 1 [%s]; }} " for v in verbs)
    methods = "".join(f"rpc {v}({v}Request) returns (Thing); " for v in verbs)
    old = f"{requests % ((REQUIRED,) * 3)} message Thing {{ State state = 1; }} enum State {{ NONE = 0; }}"
    new = f"{requests % ((MOST_50,) * 3)} message Thing {{ State state = 1; string note = 2; }}"
    new += " enum State { NONE = 0; GONE = 1; }"
    new = new.replace("message StopRequest {", "message StopRequest { bool force = 2;")
    groups, _ = groups_of(
        tmp_path, f"{old} service S {{ {methods} }}", f"{new} service S {{ {methods} rpc Add(Thing) returns (Thing); }}"
    )
    (group,) = groups
    assert group.service == "t.S"
    assert [(section.title, [entry.text for entry in section.entries]) for section in group.sections] == [
        ("", ["New method `Add`."]),
        (
            "Several methods",
            [
                "`thing_id` of `Get`, `Stop` and `Drop` must now have at most 50 characters.",
                "`thing_id` of `Get`, `Stop` and `Drop` is no longer required.",
            ],
        ),
        ("`Stop`", ["New optional field `force` of type `bool`."]),
        ("`State`", ["New value `GONE`."]),
        ("`Thing`", ["New field `note` of type `string`."]),
    ]
    assert [entry.breaking for entry in group.sections[1].entries] == [True, False]


def test_links(tmp_path: Path) -> None:
    """What is there links to its page, and what was removed does not."""
    before, after = schemas(
        tmp_path, f"message A {{ string a = 1; }} {SERVICE}", f"message A {{ string b = 2; }} {SERVICE}"
    )
    rules = built_in()
    groups, _, _ = Groups(Facts(before, rules), Facts(after, rules), Pages()).of(compare(before, after, comments=False))
    assert groups[0].sections[0].title == "[`Do`](#t.S.Do)"
    assert lines_of(groups) == ["! The field `a` was removed.", "New optional field [`b`](#t.A.b) of type `string`."]


class Pages:
    """A page for every element."""

    def address(self, element: str) -> str:
        """An anchor."""
        return f"#{element}"
