"""What the changelog says of every kind of rule for a field: rule before, rule after, sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import pytest

from tests.support.protos_of import proto3, schema_of, write
from tests.targets.changelog.test_sentences import SERVICE, NoPages, lines_of
from toolkit.changes.compare import compare
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import OfOneValue, Whole, built_in, read_mappings
from toolkit.targets.changelog.groups import Groups

VALIDATE = "buf/validate/validate.proto"
IMPORTS = [VALIDATE, *(f"google/protobuf/{name}.proto" for name in ("any", "duration", "field_mask", "timestamp"))]
E = "enum E { E_NONE = 0; E_A = 1; E_B = 2; }"
REFUSED, MISSING = " Other values are refused.", " Requests without it are refused."
T, D = "google.protobuf.Timestamp", "google.protobuf.Duration"
Row = tuple[str, str, str, str]
# fmt: off
CASES: list[Row] = [
    ("string", "", "string.email = true",
     "! `f` must now be an email address."),
    ("string", "string.email = true", "",
     "`f` no longer has to be an email address."),
    ("string", "string.email = true", "string.uuid = true",
     "! `f` must now be a UUID (was an email address)."),
    ("string", "", "string.uuid = true",
     "! `f` must now be a UUID."),
    ("string", "", "string.ip = true",
     "! `f` must now be an IP address."),
    ("string", "", "string.uri = true",
     "! `f` must now be a URI."),
    ("string", "", "string.hostname = true",
     "! `f` must now be a host name."),
    ("string", "", "string.prefix = 'a'",
     "! `f` must now begin with `a`."),
    ("string", "string.prefix = 'a'", "string.prefix = 'b'",
     "! `f` must now begin with `b` (was `a`)."),
    ("string", "string.prefix = 'a'", "",
     "`f` no longer has to begin with `a`."),
    ("string", "", "string.suffix = 'a'",
     "! `f` must now end with `a`."),
    ("string", "", "string.contains = 'a'",
     "! `f` must now contain `a`."),
    ("string", "string.contains = 'a'", "",
     "`f` no longer has to contain `a`."),
    ("string", "", "string.not_contains = 'a'",
     "! `f` may no longer contain `a`."),
    ("string", "string.not_contains = 'a'", "string.not_contains = 'b'",
     "! `f` may no longer contain `b` but may now contain `a`."),
    ("string", "string.not_contains = 'a'", "",
     "`f` may now contain `a`."),
    ("string", "", "string.const = 'a'",
     "! `f` must now be `a`."),
    ("string", "string.const = 'a'", "string.const = 'b'",
     "! `f` must now be `b` (was `a`)."),
    ("string", "", "string = {in: ['a', 'b', 'c']}",
     "! `f` must now be one of `a`, `b` and `c`."),
    ("string", "string = {in: ['a', 'b']}", "string = {in: ['a', 'b', 'c']}",
     "`f` now also accepts `c`."),
    ("string", "string = {in: ['a', 'b']}", "string = {in: ['a', 'c']}",
     "! `f` no longer accepts `b` but now also accepts `c`."),
    ("string", "string = {in: ['a', 'b']}", "",
     "`f` is no longer limited to `a` or `b`."),
    ("string", "", "string = {not_in: ['a', 'b']}",
     "! `f` no longer accepts `a` or `b`."),
    ("string", "string = {not_in: ['a', 'b']}", "string = {not_in: ['a']}",
     "`f` now accepts `b`."),
    ("string", "string = {not_in: ['a', 'b']}", "",
     "`f` now accepts `a` and `b`."),
    ("string", "", "string.pattern = '^a$'",
     "! `f` must now match `^a$`."),
    ("string", "string.pattern = '^a$'", "string.pattern = '^b$'",
     "! `f` must now match `^b$` (was `^a$`)."),
    ("string", "string.pattern = '^a$'", "",
     "`f` no longer has to match `^a$`."),
    ("string", "", "string = {min_len: 3, max_len: 5}",
     "! `f` must now have 3–5 characters."),
    ("string", "string.max_len = 5", "string.max_len = 10",
     "`f` may now have up to 10 characters (was 5)."),
    ("string", "string.max_len = 10", "string.max_len = 5",
     "! `f` must now have at most 5 characters (was 10)."),
    ("string", "string.min_len = 5", "string.min_len = 3",
     "`f` now only has to have at least 3 characters (was 5)."),
    ("string", "string.min_len = 3", "string.min_len = 5",
     "! `f` must now have at least 5 characters (was 3)."),
    ("string", "", "string.min_bytes = 3",
     "! `f` must now have at least 3 bytes."),
    ("string", "", "string.well_known_regex = KNOWN_REGEX_HTTP_HEADER_NAME",
     "! `f` must now be the name of an HTTP header."),
    ("bytes", "", "bytes.max_len = 3",
     "! `f` must now have at most 3 bytes."),
    ("bytes", "", "bytes.ip = true",
     "! `f` must now be an IP address of 4 or 16 bytes."),
    ("int32", "", "int32.gt = 3",
     "! `f` must now be greater than 3."),
    ("int32", "int32.gt = 3", "int32.gt = 5",
     "! `f` must now be greater than 5 (was 3)."),
    ("int32", "int32.gt = 5", "int32.gt = 3",
     "`f` now only has to be greater than 3 (was 5)."),
    ("int32", "int32.lt = 5", "int32.lt = 9",
     "`f` now only has to be less than 9 (was 5)."),
    ("int32", "int32.lt = 9", "int32.lte = 5",
     "! `f` must now be at most 5 (was less than 9)."),
    ("int32", "int32.lte = 5", "int32.lte = 10",
     "`f` may now be up to 10 (was 5)."),
    ("int32", "", "int32.gte = 3",
     "! `f` must now be at least 3."),
    ("int32", "int32 = {gte: 3, lte: 5}", "int32 = {gte: 1, lte: 9}",
     "`f` may now be from 1 to 9 (was from 3 to 5)."),
    ("int32", "", "int32 = {gt: 9, lt: 1}",
     "! `f` must now be less than 1 or greater than 9."),
    ("int32", "", "int32 = {gt: 1, lt: 9}",
     "! `f` must now be greater than 1 and less than 9."),
    ("int32", "", "int32.const = 3",
     "! `f` must now be exactly 3."),
    ("int32", "", "int32 = {in: [1, 2, 3]}",
     "! `f` must now be one of `1`, `2` and `3`."),
    ("int32", "", "int32 = {not_in: [1]}",
     "! `f` no longer accepts `1`."),
    ("bool", "", "bool.const = true",
     "! `f` must now be `true`."),
    ("double", "", "double.finite = true",
     "! `f` must now be a finite number."),
    ("double", "double.finite = true", "",
     "`f` no longer has to be a finite number."),
    ("E", "", "enum.defined_only = true",
     "! `f` must now be declared by the enum."),
    ("E", "enum.defined_only = true", "",
     "`f` may now be a value that the enum does not declare."),
    ("E", "", "enum = {in: [1, 2]}",
     "! `f` must now be `E_A` or `E_B`."),
    ("E", "enum = {in: [1, 2]}", "enum = {in: [1]}",
     "! `f` no longer accepts `E_B`."),
    ("E", "", "enum = {not_in: [0]}",
     "! `f` no longer accepts `E_NONE`."),
    (D, "", "duration.gte.seconds = 3",
     "! `f` must now be at least 3s."),
    (D, "duration.lte.seconds = 3", "duration.lte.seconds = 10",
     "`f` may now be up to 10s (was 3s)."),
    (D, "", "duration = {in: [{seconds: 3}, {seconds: 5}]}",
     "! `f` must now be `3s` or `5s`."),
    (T, "", "timestamp.lt_now = true",
     "! `f` must now be in the past."),
    (T, "timestamp.lt_now = true", "",
     "`f` no longer has to be in the past."),
    (T, "timestamp.lt_now = true", "timestamp.gt_now = true",
     "! `f` must now be in the future (was in the past)."),
    (T, "", "timestamp.gt_now = true",
     "! `f` must now be in the future."),
    (T, "", "timestamp.within.seconds = 60",
     "! `f` must now be within 60s of now."),
    (T, "timestamp.within.seconds = 60", "timestamp.within.seconds = 3600",
     "`f` may now be within 3600s of now (was within 60s of now)."),
    (T, "", "timestamp = {lt_now: true, within: {seconds: 60}}",
     "! `f` must now be in the past and within 60s of now."),
    (T, "", "timestamp.gte.seconds = 1767225600",
     "! `f` must now be at or after 2026-01-01T00:00:00Z."),
    (T, "timestamp.lt.seconds = 1767225600", "",
     "`f` may now have any value (was before 2026-01-01T00:00:00Z)."),
    ("map<string, E>", "", "map.keys.string.max_len = 5",
     "! Each key of `f` must now have at most 5 characters."),
    ("map<string, E>", "", "map.keys = {string: {in: ['1', 'b']}}",
     "! Each key of `f` must now be `1` or `b`."),
    ("map<string, E>", "map.keys = {string: {in: ['1', 'b']}}", "map.keys = {string: {in: ['1', 'c']}}",
     "! `f` no longer accepts `b` but now also accepts `c` as a key."),
    ("map<string, E>", "", "map.keys = {string: {not_in: ['a']}}",
     "! `f` no longer accepts `a` as a key."),
    ("map<string, E>", "", "map.values = {enum: {in: [1]}}",
     "! Each value of `f` must now be `E_A`."),
    ("map<string, E>", "", "map.min_pairs = 1",
     "! `f` must now have at least 1 entry."),
    ("map<string, E>", "map.keys.string.uuid = true", "",
     "Each key of `f` no longer has to be a UUID."),
    ("repeated string", "", "repeated.items.string.email = true",
     "! Each value of `f` must now be an email address."),
    ("repeated string", "", "repeated.items.string.min_len = 1",
     "! Each value of `f` must now have at least 1 character."),
    ("repeated string", "repeated.items = {string: {in: ['a', 'b']}}", "repeated.items = {string: {in: ['a']}}",
     "! `f` no longer accepts `b`."),
    ("repeated string", "", "repeated.unique = true",
     "! `f` must now have unique items."),
    ("repeated string", "repeated.unique = true", "",
     "`f` may now have duplicate items."),
    ("repeated string", "", "repeated.min_items = 1",
     "! `f` must now have at least 1 item."),
    ("repeated string", "repeated.max_items = 5", "",
     "`f` may now have any number of items (was at most 5 items)."),
    ("string", "", "required = true",
     "! `f` is now required."),
    ("google.protobuf.FieldMask", "", "field_mask.const = {paths: ['a', 'b']}",
     "! `f` must now contain exactly the paths `a` and `b`."),
    ("google.protobuf.FieldMask", "", "field_mask = {in: ['a', 'b']}",
     "! `f` now only accepts `a` and `b`, including paths below."),
    ("google.protobuf.FieldMask", "field_mask = {in: ['a', 'b']}", "field_mask = {in: ['a', 'c']}",
     "! `f` no longer accepts `b` but now also accepts `c`, including paths below."),
    ("google.protobuf.FieldMask", "field_mask = {in: ['a', 'b']}", "",
     "`f` now accepts all paths (was `a` and `b`, including paths below)."),
    ("google.protobuf.FieldMask", "", "field_mask = {not_in: ['a']}",
     "! `f` no longer accepts `a`, including paths below."),
    ("google.protobuf.Any", "", "any = {in: ['example.com/a.B']}",
     "! `f` must now be of type `example.com/a.B`."),
    ("google.protobuf.Any", "", "any = {not_in: ['example.com/a.B']}",
     "! `f` no longer accepts `example.com/a.B`."),
    ("string", "string.email = true, (buf.validate.field).string.max_len = 5", "string.max_len = 9",
     "`f` no longer has to be an email address, and may now have up to 9 characters (was 5)."),
]
# fmt: on


def _field(kind: str, number: int, rules: str) -> str:
    return f"{kind} f{number} = {number}{f' [(buf.validate.field).{rules}]' if rules else ''};"


def _body(side: int, cases: Sequence[Row]) -> str:
    fields = " ".join(_field(case[0], number, case[1 + side]) for number, case in enumerate(cases, 1))
    return f"message A {{ {fields} }} message B {{}} {E} service S {{ rpc Do(A) returns (B); }}"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """What is said of each field."""
    folder = tmp_path_factory.mktemp("rules")
    schemas: list[Schema] = [
        schema_of(folder / str(side), {"a.proto": proto3("t", _body(side, CASES), *IMPORTS)}) for side in (0, 1)
    ]
    old, new = (Facts(schema, built_in()) for schema in schemas)
    found: dict[str, list[str]] = {}
    for name in (f"t.A.f{number}" for number in range(1, len(CASES) + 1)):
        changes = [change for change in compare(*schemas, comments=False) if change.element == name]
        groups, _, _ = Groups(old, new, NoPages()).of(changes)
        found[name] = lines_of(groups)
    return found


@pytest.mark.parametrize(("number", "case"), [*enumerate(CASES, 1)])
def test_rule(said: Mapping[str, list[str]], number: int, case: Row) -> None:
    """A rule that came, went or changed is a sentence that people would write; a stricter one is breaking."""
    (line,) = said[f"t.A.f{number}"]
    assert line.replace(f"`f{number}`", "`f`").removesuffix(REFUSED).removesuffix(MISSING) == case[-1]


def test_every_kind_has_words(tmp_path: Path) -> None:
    """The table has a row for every kind of rule that a field may have."""
    schema = schema_of(tmp_path, {"a.proto": proto3("t", _body(1, CASES), *IMPORTS)})
    facts = Facts(schema, built_in())
    kinds = {one.kind for field in schema.messages["t.A"].fields for one in facts.constraints(field)}
    assert kinds | {"search"} == {*get_args(Whole), *get_args(OfOneValue)} - {"skip", "exactly_one", "pattern"}


OWN = """
[[constraint]]
option = "own.format"
kind = "format"
operand = "pattern"
[[constraint]]
option = "own.suffix"
kind = "suffix"
operand = "text"
[[constraint]]
option = "own.rack"
kind = "value"
operand = ">="
[constraint.sentences]
">=" = "Sold in racks of {low}."
[[constraint]]
option = "own.name"
kind = "contains"
operand = "text"
[constraint.sentences]
"pattern" = "The name contains {text}."
"""
EXTEND = """
extend google.protobuf.FieldOptions { string format = 5001; string suffix = 5002; int32 rack = 5003; string name = 5004; }
"""


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('format = "uuid"', "! `f` must now have the format `uuid`."),
        ('suffix = "x"', "! `f` must now end with `x`."),
        ("rack = 5", "! `f` must now be at least 5."),
        ('name = "<b>|"', "! `f` must now follow the rule “The name contains <code>&#60;b&#62;&#124;</code>”."),
    ],
)
def test_own_mappings(tmp_path: Path, rule: str, expected: str) -> None:
    """Without sentences, the usual ones of the kind apply; a sentence without a known subject is quoted."""
    name, _, value = rule.partition(" = ")
    sides = ["", f" [(own.{name}) = {value}]"]
    kind = "int32" if value.isdigit() else "string"
    own = proto3("own", EXTEND, "google/protobuf/descriptor.proto")
    schemas = [
        schema_of(
            tmp_path / str(number),
            {"own.proto": own, "a.proto": proto3("t", f"message A {{ {kind} f = 1{side}; }} {SERVICE}", "own.proto")},
        )
        for number, side in enumerate(sides)
    ]
    write(tmp_path, {"own.toml": OWN})
    mappings = read_mappings([tmp_path / "own.toml"])
    changes = compare(*schemas, mappings, comments=False)
    groups, _, _ = Groups(*(Facts(schema, mappings) for schema in schemas), NoPages()).of(changes)
    assert [line.removesuffix(REFUSED) for line in lines_of(groups)] == [expected]
