"""Constraints as sentences: protovalidate's, in the words that all built-in mappings share but those of the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import schema_of, write
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import read_mappings
from toolkit.semantics.sentences import message_sentences, sentences

TREE = """syntax = "proto2";
package acme;
import "buf/validate/validate.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Species { option allow_alias = true; SPECIES_UNSPECIFIED = 0; CARP = 1; KOI = 1; PIKE = 2; }
extend buf.validate.StringRules {
  optional bool slug = 80001 [(buf.validate.predefined).cel = {id: "slug" message: "must be a slug" expression: "this != ''"}];
}
extend buf.validate.Int32Rules {
  optional int32 step = 80002 [(buf.validate.predefined).cel = {id: "step" expression: "this % rule == 0"}];
}
service Ponds { rpc Dig(Pond) returns (Pond); }
message Pond { BODY }
"""
T, D = "google.protobuf.Timestamp", "google.protobuf.Duration"
FIELDS = [
    ("string", "{string: {min_len: 1, max_len: 40}}", "1–40 characters."),
    ("string", "{string: {max_len: 40, min_len: 1, prefix: 'a'}}", "1–40 characters. Value must begin with `a`."),
    ("string", "{string: {min_len: 3, max_len: 3}}", "Exactly 3 characters."),
    ("int32", "{int32: {gt: 0, lt: 120}}", "Value must be greater than 0 and less than 120."),
    ("int32", "{int32: {lte: 9, gt: -9}}", "Value must be greater than -9 and at most 9."),
    ("int32", "{int32: {lt: 0, gte: 9}}", "Value must be less than 0 or at least 9."),
    ("int32", "{int32: {gte: 4, lte: 4}}", "Value must be 4."),
    ("double", "{double: {gte: 1.5, lt: inf}}", "Value must be at least 1.5."),
    ("Species", "{enum: {defined_only: true, not_in: [0]}}", "`SPECIES_UNSPECIFIED` is not accepted. Value must be declared by the enum."),
    ("Species", "{enum: {in: [1, 2, 7]}}", "Value must be `CARP`, `PIKE` or 7."),
    ("repeated Species", "{repeated: {unique: true, items: {enum: {in: [1]}}}}", "Items must be unique. Each value must be `CARP`."),
    ("repeated string", "{repeated: {min_items: 1, items: {string: {max_len: 1}}}}", "At least 1 item. At most 1 character for each value."),
    ("string", "{string: {not_in: ['x', 'y', 'z']}}", "`x`, `y` and `z` are not accepted."),
    (T, "{timestamp: {lt_now: true}}", "Value must be in the past."),
    (T, "{timestamp: {gt_now: true, within: {seconds: 60}}}", "Value must be in the future. Value must be within 60s of now."),
    (T, "{timestamp: {gt: {seconds: 0}, lte: {seconds: 60}}}", "Value must be after 1970-01-01T00:00:00Z and at or before 1970-01-01T00:01:00Z."),
    (D, "{duration: {gte: {seconds: 1}, lt: {seconds: 60}}}", "Value must be at least 1s and less than 60s."),
    (D, "{duration: {in: [{seconds: 1}, {nanos: 500000000}]}}", "Value must be 1s or 0.5s."),
    ("google.protobuf.FieldMask", "{field_mask: {in: ['a', 'b']}}", "Accepted paths are `a` and `b`, and paths below them."),
    ("google.protobuf.BytesValue", "{bytes: {max_len: 1}}", "At most 1 byte."),
    ("string", "{cel: {id: 'x', message: 'Pick one', expression: 'true'}}", "Pick one."),
    ("string", "{cel: {id: 'x', message: 'name should be short!', expression: 'true'}}", "name should be short!"),
    ("string", "{cel: {id: 'x', expression: \"this != 'a'\"}}", "Value must satisfy `this != 'a'`."),
    ("string", "{cel_expression: [\"this != 'a'\"], string: {len: 1}}", "Exactly 1 character. Value must satisfy `this != 'a'`."),
    ("repeated string", "{repeated: {items: {cel: {id: 'x', expression: 'true'}}}}", "Each value must satisfy `true`."),
    ("map<string, string>", "{map: {keys: {cel: {id: 'x', message: 'must be short', expression: 'true'}}}}", "Each key must be short."),
    ("string", "{string: {[acme.slug]: true}}", "Value must be a slug."),
    ("int32", "{int32: {[acme.step]: 5, gt: 3}}", "Value must be greater than 3. Value must satisfy `this % rule == 0`, where `rule` is `5`."),
    ("string", "{ignore: IGNORE_ALWAYS, string: {len: 1}, cel: {id: 'x', expression: 'true'}}", ""),
    ("string", "{required: true}", ""),
]  # fmt: skip


def facts_of(folder: Path, body: str) -> Facts:
    """Facts of a tree with a message of these fields."""
    return Facts(schema_of(folder, {"acme.proto": TREE.replace("BODY", body)}))


def code(text: str) -> str:
    """Code, as in Markdown."""
    return f"`{text}`"


@pytest.mark.parametrize(("type_", "rules", "text"), FIELDS)
def test_fields(tmp_path: Path, type_: str, rules: str, text: str) -> None:
    """The rules of a field read as short sentences, two bounds as one, the lower one first."""
    label = "" if type_.startswith(("map", "repeated")) else "optional "
    facts = facts_of(tmp_path, f"{label}{type_} v = 1 [(buf.validate.field) = {rules}];")
    field = facts.schema.message("acme.Pond").fields[0]
    assert " ".join(sentences(field, facts, code, str)) == text


MESSAGE = """option (buf.validate.message).cel = {id: "deep" message: "*depth* must be less than <b> |# {{ x }}" expression: "true"};
option (buf.validate.message).cel_expression = "this.depth != 1 || this.width == 2";
option (buf.validate.message).oneof = {fields: ["depth", "width"]};
optional int32 depth = 1; optional int32 width = 2;"""


def test_messages(tmp_path: Path) -> None:
    """What an entire message must satisfy is a sentence for each rule: fields that exclude each other, then expressions."""
    facts = facts_of(tmp_path, MESSAGE)
    assert message_sentences(facts.schema.message("acme.Pond"), facts, code, str.upper) == [
        "At most one of the fields `depth`, `width` can be set.",
        "*DEPTH* MUST BE LESS THAN <B> |# {{ X }}.",
        "The message must satisfy `this.depth != 1 || this.width == 2`.",
    ]


@pytest.mark.slow(reason="runs the command several times")
def test_pages(tmp_path: Path) -> None:
    """The reference, the site and the bindings say what a message must satisfy; nothing in it is markup."""
    write(tmp_path, {"acme.proto": TREE.replace("BODY", MESSAGE)})
    page = run("page", "acme.Ponds.Dig", cwd=tmp_path).text
    run("generate", "site", "--out", "site", cwd=tmp_path)
    run("generate", "python", "--out", "python", cwd=tmp_path)
    (message,) = (tmp_path / "site").rglob("Pond.md")
    shown = message.read_text(encoding="utf-8")
    for text in (page, shown):
        assert "At most one of the fields `depth`, `width` can be set. \\*depth\\* must be less than &lt;b> " in text
        assert "<b>" not in text
    assert "{{" not in page
    assert "The message must satisfy `this.depth != 1 || this.width == 2`." in shown
    module = (tmp_path / "python/bindings/acme/__init__.py").read_text(encoding="utf-8")
    assert "At most one of the fields `depth`, `width` can be set." in module


OPTIONS = """syntax = "proto3"; package acme.check; import "google/protobuf/descriptor.proto";
message Width { optional int32 least = 1; optional int32 most = 2; }
extend google.protobuf.FieldOptions { Width width = 50001; }
extend google.protobuf.MessageOptions { bool off = 50002; }
"""
USE = """syntax = "proto3"; package acme; import "options.proto";
message M { string s = 1 [(acme.check.width) = {least: 2, most: 9}]; }
message N { option (acme.check.off) = true; string s = 1 [(acme.check.width) = {least: 2}]; }
"""
RULES = """[[constraint]]
option = "acme.check.width"
member = "least"
kind = "length"
operand = ">="
words = "WORDS"

[[constraint]]
option = "acme.check.width"
member = "most"
kind = "length"
operand = "<="
words = "WORDS"

[words.cells]
"<=" = "Up to {high} cell{s}."
">=" = "From {low} cell{s}."

[disabled]
"acme.check.off" = ["acme.check.width"]
"""


@pytest.mark.parametrize(
    ("words", "said"), [("characters", ["2–9 characters."]), ("cells", ["From 2 cells.", "Up to 9 cells."])]
)
def test_own_mappings(tmp_path: Path, words: str, said: list[str]) -> None:
    """Anyone's options can share sentences, the built-in ones or declared ones, and be disabled by a message."""
    schema = schema_of(tmp_path, {"options.proto": OPTIONS, "m.proto": USE})
    write(tmp_path, {"rules.toml": RULES.replace("WORDS", words)})
    facts = Facts(schema, read_mappings([tmp_path / "rules.toml"]))
    assert sorted(sentences(schema.message("acme.M").fields[0], facts, code, str)) == said
    assert sentences(schema.message("acme.N").fields[0], facts, code, str) == []
