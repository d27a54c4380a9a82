"""Options as constraints, constraints as sentences, by rule files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.support.protos_of import schema_of, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Message, Schema
from toolkit.errors import ConfigError
from toolkit.semantics.constraints import Interval, constraints_of, parse_interval
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import Mappings, built_in, read_mappings
from toolkit.semantics.sentences import sentences

NUMBERS = (
    "float=1 double=2 int32=3 int64=4 uint32=5 uint64=6 sint32=7 sint64=8 fixed32=9 fixed64=10 sfixed32=11 sfixed64=12"
)
VALIDATE = """syntax = "proto2";
package buf.validate;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional FieldRules field = 1159; }
extend google.protobuf.OneofOptions { optional OneofRules oneof = 1159; }
message OneofRules { optional bool required = 1; }
message FieldRules { optional bool required = 25; FIELDS }
message StringRules { optional uint64 min_len = 2; optional uint64 max_len = 3; optional string pattern = 6; optional uint64 len = 19; }
message BytesRules { optional uint64 min_len = 2; optional uint64 max_len = 3; optional uint64 len = 13; }
message RepeatedRules { optional uint64 min_items = 1; optional uint64 max_items = 2; optional bool unique = 3; optional FieldRules items = 4; }
message MapRules { optional uint64 min_pairs = 1; optional uint64 max_pairs = 2; optional FieldRules keys = 4; optional FieldRules values = 5; }
"""
"""The options that protovalidate has under these names and numbers, as far as the rules know them."""


def _validate() -> str:
    fields, messages = [], []
    for name, _, number in (entry.partition("=") for entry in NUMBERS.split()):
        rules = f"{name.capitalize()}Rules"
        fields.append(f"optional {rules} {name} = {number};")
        members = [
            f"optional {name} {member} = {n};" for n, member in enumerate(("const", "lt", "lte", "gt", "gte"), 1)
        ]
        messages.append(f"message {rules} {{ {' '.join(members)} }}\n")
    for name, number in (("String", 14), ("Bytes", 15), ("Repeated", 18), ("Map", 19)):
        fields.append(f"optional {name}Rules {name.lower()} = {number};")
    return VALIDATE.replace("FIELDS", " ".join(fields)) + "".join(messages)


def _schema(folder: Path, body: str) -> Schema:
    """A message acme.M with the own options of this repository, protovalidate's and Google's at hand."""
    imports = ("yandex/cloud/validation.proto", "buf/validate/validate.proto", "google/api/field_behavior.proto")
    text = "".join(
        ['syntax = "proto3"; package acme;', *(f'import "{name}";' for name in imports), f"message M {{ {body} }}"]
    )
    write(folder, {"acme/m.proto": text, "buf/validate/validate.proto": _validate()})
    return load(compile_tree([folder, REPOSITORY / "protos"]))


def _message(folder: Path, body: str) -> Message:
    return _schema(folder, body).message("acme.M")


def _sentences(folder: Path, field: str, rules: Mappings | None = None) -> list[str]:
    """What the constraints of a field read."""
    facts = Facts(_schema(folder, field), rules or built_in())
    return sentences(facts.schema.message("acme.M").fields[0], facts, lambda text: f"`{text}`", str)


@pytest.mark.parametrize(
    ("text", "interval", "operator"),
    [
        ("<=50", Interval(high="50"), "<="),
        (">=1", Interval(low="1"), ">="),
        ("<9", Interval(high="9", high_open=True), "<"),
        (">0", Interval(low="0", low_open=True), ">"),
        ("1-63", Interval("1", "63"), "range"),
        ("36", Interval("36", "36"), "exact"),
        (" <= 50 ", Interval(high="50"), "<="),
        ("1 - 63", Interval("1", "63"), "range"),
        ("-10--1", Interval("-10", "-1"), "range"),
        ("-10-10", Interval("-10", "10"), "range"),
        (">=-5", Interval(low="-5"), ">="),
        ("-5", Interval("-5", "-5"), "exact"),
        ("0.5-1.25", Interval("0.5", "1.25"), "range"),
        ("<=1.5e+300", Interval(high="1.5e+300"), "<="),
        (">1e-07", Interval(low="1e-07", low_open=True), ">"),
        ("1s-5m", Interval("1s", "5m"), "range"),
        ("1h30m", Interval("1h30m", "1h30m"), "exact"),
        ("3-3", Interval("3", "3"), "exact"),
    ],
)
def test_intervals(text: str, interval: Interval, operator: str) -> None:
    """An interval is one bound with an operator, two bounds, or one value, each kept as written."""
    assert parse_interval(text) == interval
    assert interval.operator == operator


@pytest.mark.parametrize("text", ["", "x", "<=", "<=x", "==3", "1-", "-", "1-2-3", "<1-2", "1,2", "=>3", "10 20"])
def test_no_intervals(text: str) -> None:
    """Anything but an interval demands nothing."""
    assert parse_interval(text) is None


LENGTH = "The string length in characters"
OWN = [
    ('string s = 1 [(yandex.cloud.length) = "<=50"];', "The maximum string length in characters is 50."),
    ('string s = 1 [(yandex.cloud.length) = ">=3"];', "The minimum string length in characters is 3."),
    ('string s = 1 [(yandex.cloud.length) = "<50"];', f"{LENGTH} must be less than 50."),
    ('string s = 1 [(yandex.cloud.length) = ">3"];', f"{LENGTH} must be greater than 3."),
    ('string s = 1 [(yandex.cloud.length) = "3-63"];', f"{LENGTH} must be 3-63."),
    (
        'repeated string s = 1 [(yandex.cloud.length) = "<=50"];',
        "The maximum string length in characters for each value is 50.",
    ),
    ('map<string, string> s = 1 [(yandex.cloud.length) = "1-5"];', f"{LENGTH} for each value must be 1-5."),
    ('map<string, string> s = 1 [(yandex.cloud.map_key).length = "1-5"];', f"{LENGTH} for each key must be 1-5."),
    ('int64 s = 1 [(yandex.cloud.value) = "<=5"];', "The maximum value is 5."),
    ('int64 s = 1 [(yandex.cloud.value) = ">=-5"];', "The minimum value is -5."),
    ('int64 s = 1 [(yandex.cloud.value) = "<5"];', "Value must be less than 5."),
    ('int64 s = 1 [(yandex.cloud.value) = ">0"];', "Value must be greater than 0."),
    ('int64 s = 1 [(yandex.cloud.value) = "-5--1"];', "Acceptable values are -5 to -1, inclusive."),
    ('double s = 1 [(yandex.cloud.value) = "0.5-1.5"];', "Acceptable values are 0.5 to 1.5, inclusive."),
    ('int64 s = 1 [(yandex.cloud.value) = "7"];', "Value must be equal to 7."),
    ('M s = 1 [(yandex.cloud.value) = "<=5"];', ""),
    ('repeated string s = 1 [(yandex.cloud.size) = "<=5"];', "The maximum number of elements is 5."),
    ('repeated string s = 1 [(yandex.cloud.size) = ">=5"];', "The minimum number of elements is 5."),
    ('repeated string s = 1 [(yandex.cloud.size) = "<5"];', "The number of elements must be less than 5."),
    ('repeated string s = 1 [(yandex.cloud.size) = ">0"];', "The number of elements must be greater than 0."),
    ('repeated string s = 1 [(yandex.cloud.size) = "1-5"];', "The number of elements must be in the range 1-5."),
    ('repeated string s = 1 [(yandex.cloud.size) = "2"];', "The number of elements must be equal to 2."),
    ('map<string, string> s = 1 [(yandex.cloud.size) = "<=64"];', "No more than 64 per resource."),
    ('map<string, string> s = 1 [(yandex.cloud.size) = ">=1"];', "No less than 1 per resource."),
    ('map<string, string> s = 1 [(yandex.cloud.size) = "<64"];', "Less than 64 per resource."),
    ('map<string, string> s = 1 [(yandex.cloud.size) = ">1"];', "More than 1 per resource."),
    ('map<string, string> s = 1 [(yandex.cloud.size) = "1-64"];', "1-64 per resource."),
    ('map<string, string> s = 1 [(yandex.cloud.size) = "3"];', "3 per resource."),
    ('string s = 1 [(yandex.cloud.pattern) = "a|b"];', "Value must match the regular expression `a|b`."),
    ('string s = 1 [(yandex.cloud.pattern) = "{low}{0}"];', "Value must match the regular expression `{low}{0}`."),
    ('repeated string s = 1 [(yandex.cloud.pattern) = "a*"];', "Each value must match the regular expression `a*`."),
    (
        'map<string, string> s = 1 [(yandex.cloud.pattern) = "a*"];',
        "Each value must match the regular expression `a*`.",
    ),
    (
        'map<string, string> s = 1 [(yandex.cloud.map_key).pattern = "a*"];',
        "Each key must match the regular expression `a*`.",
    ),
]


@pytest.mark.parametrize(("field", "text"), OWN)
def test_sentences(tmp_path: Path, field: str, text: str) -> None:
    """A constraint reads as its rule says: of a field, of each value, of each key, of a map."""
    assert _sentences(tmp_path, field) == [text] * bool(text)


def test_kinds(tmp_path: Path) -> None:
    """Options come out as constraints in the order of the source, with a kind and with what they are about."""
    body = """map<string, string> tags = 1 [(yandex.cloud.required) = true, (yandex.cloud.size) = "<=3",
      (yandex.cloud.map_key) = { length: "1-9" pattern: "[a-z]+" }, (yandex.cloud.unique) = true, (yandex.cloud.bytes) = "<=9"];
    string none = 2 [(yandex.cloud.required) = false, (yandex.cloud.length) = "many", (yandex.cloud.pattern) = "", deprecated = true];
    oneof one { option (yandex.cloud.exactly_one) = true; string left = 3; }"""
    message = _message(tmp_path, body)
    tags, none, _ = message.fields
    assert [(c.kind, c.of) for c in constraints_of(tags, built_in())] == [
        ("required", "field"),
        ("size", "field"),
        ("length", "key"),
        ("pattern", "key"),
        ("unique", "field"),
        ("bytes", "field"),
    ]
    assert constraints_of(none, built_in()) == []
    assert [c.kind for c in constraints_of(message.oneofs[0], built_in())] == ["exactly_one"]


def test_lists_of_values(tmp_path: Path) -> None:
    """Values joined by commas are the ones that may be chosen."""
    one = _message(tmp_path, 'int64 s = 1 [(yandex.cloud.value) = "1, 2,4"];').fields[0]
    (constraint,) = constraints_of(one, built_in())
    assert (constraint.choices, constraint.interval) == (("1", "2", "4"), None)


PROTOVALIDATE = [
    ("string s = 1 [(buf.validate.field).string.max_len = 9];", ["At most 9 characters."]),
    (
        "string s = 1 [(buf.validate.field).string = {min_len: 1 max_len: 9}];",
        ["1–9 characters."],
    ),
    ("string s = 1 [(buf.validate.field).string.len = 9];", ["Exactly 9 characters."]),
    (
        'string s = 1 [(buf.validate.field).string.pattern = "^a|b$"];',
        ["Value must match the regular expression `^a|b$`."],
    ),
    ("bytes s = 1 [(buf.validate.field).bytes.max_len = 9];", ["At most 9 bytes."]),
    ("bytes s = 1 [(buf.validate.field).bytes.min_len = 9];", ["At least 9 bytes."]),
    ("bytes s = 1 [(buf.validate.field).bytes.len = 9];", ["Exactly 9 bytes."]),
    ("int32 s = 1 [(buf.validate.field).int32.lte = 9];", ["Value must be at most 9."]),
    ("uint64 s = 1 [(buf.validate.field).uint64.gte = 0];", ["Value must be at least 0."]),
    ("sint64 s = 1 [(buf.validate.field).sint64.lt = -9];", ["Value must be less than -9."]),
    ("double s = 1 [(buf.validate.field).double.gt = 0.1];", ["Value must be greater than 0.1."]),
    ("double s = 1 [(buf.validate.field).double.lte = 12345678];", ["Value must be at most 12345678."]),
    ("double s = 1 [(buf.validate.field).double.lte = 1e300];", ["Value must be at most 1e+300."]),
    ("double s = 1 [(buf.validate.field).double.gte = 1e-7];", ["Value must be at least 1e-07."]),
    ("double s = 1 [(buf.validate.field).double.lt = inf];", []),
    ("float s = 1 [(buf.validate.field).float.lte = 0.1];", ["Value must be at most 0.1."]),
    ("fixed32 s = 1 [(buf.validate.field).fixed32.const = 7];", ["Value must be 7."]),
    ("repeated string s = 1 [(buf.validate.field).repeated.max_items = 9];", ["At most 9 items."]),
    ("repeated string s = 1 [(buf.validate.field).repeated.min_items = 9];", ["At least 9 items."]),
    (
        "repeated string s = 1 [(buf.validate.field).repeated.items.string.max_len = 9];",
        ["At most 9 characters for each value."],
    ),
    ("map<string, string> s = 1 [(buf.validate.field).map.max_pairs = 9];", ["At most 9 entries."]),
    ("map<string, string> s = 1 [(buf.validate.field).map.min_pairs = 9];", ["At least 9 entries."]),
    (
        "map<string, string> s = 1 [(buf.validate.field).map.keys.string.len = 2];",
        ["Exactly 2 characters for each key."],
    ),
    (
        'map<string, string> s = 1 [(buf.validate.field).map.values.string.pattern = "a"];',
        ["Each value must match the regular expression `a`."],
    ),
    ("string s = 1 [(buf.validate.field).required = true];", []),
    ("string s = 1 [(buf.validate.field).required = false];", []),
]


@pytest.mark.parametrize(("field", "texts"), PROTOVALIDATE)
def test_protovalidate(tmp_path: Path, field: str, texts: list[str]) -> None:
    """Protovalidate's options read as sentences too, with their numbers in full."""
    assert sorted(_sentences(tmp_path, field)) == texts


def test_protovalidate_kinds(tmp_path: Path) -> None:
    """Protovalidate's required, unique and required oneof are constraints without sentences."""
    body = """repeated string s = 1 [(buf.validate.field) = { required: true repeated { unique: true } }];
    oneof one { option (buf.validate.oneof).required = true; string left = 2; }"""
    message = _message(tmp_path, body)
    assert [c.kind for c in constraints_of(message.fields[0], built_in())] == ["required", "unique"]
    assert [c.kind for c in constraints_of(message.oneofs[0], built_in())] == ["exactly_one"]


@pytest.mark.parametrize(("written", "kinds"), [("REQUIRED", ["required"]), ("OUTPUT_ONLY", [])])
def test_field_behavior(tmp_path: Path, written: str, kinds: list[str]) -> None:
    """Of Google's field behaviours REQUIRED is a constraint, alone or among others."""
    one = f"string s = 1 [(google.api.field_behavior) = {written}];"
    two = f"string s = 1 [(google.api.field_behavior) = IMMUTABLE, (google.api.field_behavior) = {written}];"
    for field in (one, two):
        assert [c.kind for c in constraints_of(_message(tmp_path, field).fields[0], built_in())] == kinds


def _rules(folder: Path, text: str) -> Mappings:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return read_mappings([path])


MINE = """[[constraint]]
option = "yandex.cloud.length"
kind = "length"
operand = "interval"
sentences = { "<=" = "At most {high}{for_each}, {{so}}." }
"""


def test_own_rule_replaces(tmp_path: Path) -> None:
    """A user's rule for an option, member, kind and subject replaces the built-in one; the others stay."""
    rules = _rules(tmp_path, MINE)
    field = 'repeated string s = 1 [(yandex.cloud.length) = "<=50", (yandex.cloud.size) = "<=5"];'
    assert _sentences(tmp_path, field, rules) == [
        "At most 50 for each value, {so}.",
        "The maximum number of elements is 5.",
    ]
    assert _sentences(tmp_path, 'string s = 1 [(yandex.cloud.length) = ">=3"];', rules) == []
    assert len(rules.constraints) == len(built_in().constraints)
    assert len(_rules(tmp_path, MINE.replace('"length"', '"bytes"')).constraints) == len(built_in().constraints) + 1


@pytest.mark.parametrize("key", ["<=", "pattern"])
def test_every_placeholder(tmp_path: Path, key: str) -> None:
    """A sentence may hold any placeholder; what its constraint lacks is empty."""
    text = MINE.replace("At most {high}{for_each}, {{so}}.", "{low}/{high}/{list}/{pattern}/{Value}{for_each}").replace(
        "<=", key
    )
    option, operand = ("pattern", "pattern") if key == "pattern" else ("length", "interval")
    text = (
        text.replace("cloud.length", f"cloud.{option}")
        .replace('"interval"', f'"{operand}"')
        .replace('kind = "length"', f'kind = "{option}"')
    )
    field = f'string s = 1 [(yandex.cloud.{option}) = "<=5"];'
    assert _sentences(tmp_path, field, _rules(tmp_path, text)) == [
        {"<=": "/5///Value", "pattern": "///`<=5`/Value"}[key]
    ]


def test_own_options(tmp_path: Path) -> None:
    """An option of anybody's becomes a sentence by a rule; a choice of members stands for one rule each."""
    options = """syntax = "proto2"; package acme.check; import "google/protobuf/descriptor.proto";
    message Size { optional int32 wide = 1; optional int32 high = 2; }
    extend google.protobuf.FieldOptions { optional Size size = 50001; }"""
    use = """syntax = "proto3"; package acme; import "options.proto";
    message M { int32 s = 1 [(acme.check.size) = {wide: 3 high: 4}]; }"""
    rules = _rules(
        tmp_path,
        '[[constraint]]\noption = "acme.check.size"\nmember = "{wide, high}"\nkind = "value"\noperand = "<="\nsentences = { "<=" = "Up to {high}." }',
    )
    schema = schema_of(tmp_path, {"options.proto": options, "m.proto": use})
    one = schema.message("acme.M").fields[0]
    found = constraints_of(one, rules)
    assert sentences(one, Facts(schema, rules), str, str) == ["Up to 3.", "Up to 4."]
    assert [c.rule.name for c in found] == ["acme.check.size wide", "acme.check.size high"]


def test_operations_and_pages(tmp_path: Path) -> None:
    """Rule files name the types of operations and the public pages of types; the longest prefix wins, later files win."""
    more = '[[operation]]\noption = "acme.op"\n[operation.fields]\nresponse = "result"\n[well_known]\n"acme.type." = "https://acme/{file}#{kebab-name}"\n"acme.type.Date" = "https://acme/date/{name}"'
    rules = _rules(tmp_path, more)
    assert {o.option: o.fields for o in rules.operations}["acme.op"] == {"response": "result"}
    assert len(rules.operations) == len(built_in().operations) + 1
    assert rules.page_of("acme.type.LatLng", "acme/latlng.proto") == "https://acme/acme/latlng.proto#lat-lng"
    assert rules.page_of("acme.type.Date", "acme/date.proto") == "https://acme/date/Date"
    assert rules.page_of("acme.typed.Date", "acme/date.proto") is None


def _with(line: str) -> str:
    return f'[[constraint]]\noption = "a.b"\nkind = "value"\n{line}\n'


FIRST = r"\[\[constraint\]\] number 1 \(a\.b\)"
MALFORMED = [
    ("[[constraint]\n", "not valid TOML"),
    ("[[constraints]]\n", "unknown key 'constraints'"),
    ("constraint = 3\n", r"\[\[constraint\]\] must be a list of tables"),
    ("[constraint]\noption = 'a'\n", r"\[\[constraint\]\] must be a list of tables"),
    ("nested = 3\n", r"\[\[nested\]\] must be a list of tables"),
    ("operation = 3\n", r"\[\[operation\]\] must be a list of tables"),
    ("constraint = [3]\n", r"\[\[constraint\]\] number 1 must be a table, not 3"),
    ("well_known = 3\n", r"\[well_known\] must be a table"),
    ("[well_known]\n'a.' = 3\n", r"\[well_known\] 'a\.' must be a string"),
    (_with("colour = 'red'"), f"unknown key 'colour' in {FIRST}"),
    (_with("").replace('option = "a.b"\n', ""), r"number 1: option is missing"),
    (_with("").replace('kind = "value"\n', ""), f"{FIRST}: kind is missing"),
    (_with("").replace('"a.b"', "3"), r"number 1: option must be a non-empty string"),
    (_with("").replace('"value"', '"volume"'), f"{FIRST}: kind must be one of required,"),
    (_with("").replace('"value"', "3"), f"{FIRST}: kind must be one of required,"),
    (_with("operand = '=='"), f"{FIRST}: operand must be one of"),
    (_with("of = 'all'"), f"{FIRST}: of must be one of"),
    (_with("member = 3"), f"{FIRST}: member must be a path with at most one choice, {{a,b}}, not 3"),
    (_with("contains = 3"), f"{FIRST}: contains must be a string"),
    (_with("types = 'scalar'"), f"{FIRST}: types must be a list where each item is one of scalar, enum, message"),
    (_with("types = ['strings']"), f"{FIRST}: types number 1 must be one of scalar, enum, message, not 'strings'"),
    (_with("types = 3"), f"{FIRST}: types must be a list where each item is one of scalar, enum, message"),
    (_with("member = '{a,b}.{c,d}'"), f"{FIRST}: member must be a path with at most one choice"),
    (_with("member = '{a,b'"), f"{FIRST}: member must be a path with at most one choice"),
    (_with("words = 'x'"), r"\[\[constraint\]\] \(a\.b\): there are no words 'x'"),
    (_with("words = 3"), f"{FIRST}: words must be a string"),
    (_with("").replace('"a.b"', "'{a,b}.{c,d}'"), "option must be a non-empty string with at most one choice"),
    ("[disabled]\n'a.b' = 'c'\n", r"\[disabled\] 'a\.b' must be a list"),
    ("[words.x]\n'==' = 'c'\n", r"\[words\] x: key must be one of <=, "),
    (
        "[[ignored]]\noption = 'a.b'\nmember = 'c'\nvalue = 'd'\napplies = 'x'\n",
        r"applies must be one of never, nonzero",
    ),
    (_with("sentences = 'x'"), f"{FIRST}: sentences must be a table, not 'x'"),
    (_with("sentences = { '<=' = 3 }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("map_sentences = { '<=' = 3 }"), f"{FIRST}: map_sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '=<' = 'x' }"), f"{FIRST}: sentences: key must be one of <=, .*, not '=<'"),
    (_with("sentences = { '<=' = '{hihg}' }"), f"{FIRST}: .* only {{low}}, .* are in braces, not '{{hihg}}'"),
    (_with("sentences = { '<=' = '{0}' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '<=' = '{}' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '<=' = '{high' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '<=' = '{high.upper}' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '<=' = '{high[0]}' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '<=' = '{high!r}' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("sentences = { '<=' = '{high:>99}' }"), f"{FIRST}: sentences: '<=' must be a sentence in which only"),
    (_with("") + _with("of = 'all'"), r"\[\[constraint\]\] number 2"),
    ("nested = [3]\n", r"\[\[nested\]\] number 1"),
    ("[[nested]]\noption = 'a.b'\nmember = 'c'\n", r"\[\[nested\]\] number 1 \(a\.b\): of is missing"),
    (
        "[[nested]]\noption = 'a.b'\nmember = 'c'\nof = 'field'\n",
        r"\[\[nested\]\] number 1 \(a\.b\): of must be one of key, value",
    ),
    ("operation = [3]\n", r"\[\[operation\]\] number 1"),
    ("[[operation]]\noption = 'a.b'\n", r"\[\[operation\]\] number 1 \(a\.b\): fields is missing"),
    ("[[operation]]\noption = 'a.b'\nfields = 'x'\n", r"\[\[operation\]\] number 1"),
    ("[[operation]]\noption = 3\nfields = { a = 'b' }\n", r"\[\[operation\]\] number 1"),
]


@pytest.mark.parametrize(("text", "reason"), MALFORMED)
def test_malformed(tmp_path: Path, text: str, reason: str) -> None:
    """Whatever is wrong with a rule file, the error says in which file and entry."""
    with pytest.raises(ConfigError, match=reason) as error:
        _rules(tmp_path, text)
    assert error.value.location.file == str(tmp_path / "rules.toml")


def test_unreadable(tmp_path: Path) -> None:
    """A rule file that is missing, or not text, is named."""
    with pytest.raises(ConfigError, match=r"cannot read the option mappings .*gone\.toml"):
        read_mappings([tmp_path / "gone.toml"])
    (tmp_path / "x.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"x\.toml: not valid TOML"):
        read_mappings([tmp_path / "x.toml"])
