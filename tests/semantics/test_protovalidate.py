"""Protovalidate: its options as declared rules, examples that satisfy them, and the official package beside them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run
from tests.support.protos_of import write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.errors import SchemaError
from toolkit.runtime.constraints import Unchecked
from toolkit.semantics.facts import Facts
from toolkit.semantics.sentences import sentences
from toolkit.semantics.validator import Validator
from toolkit.targets.examples.examples import Examples

_IMPORTS = ("any", "duration", "field_mask", "timestamp", "wrappers")
_BOUNDED = "const={0}{1} lt={0}{2} lte={0}{3} gt={0}{4} gte={0}{5} in=*{0}{6} not_in=*{0}{7}"
_RULES = {
    "Rule": "id=string1 message=string2 expression=string3",
    "MessageRules": "cel_expression=*string.5 cel=*Rule3 oneof=*MessageOneofRule.4",
    "MessageOneofRule": "fields=*string1 required=bool2",
    "PredefinedRules": "cel=*Rule1",
    "OneofRules": "required=bool1",
    "BoolRules": "const=bool1",
    "StringRules": "const=string1 min_len=uint64.2 max_len=uint64.3 min_bytes=uint64.4 max_bytes=uint64.5 pattern=string6 "
    "prefix=string7 suffix=string8 contains=string9 in=*string10 not_in=*string11 email=bool12 hostname=bool13 ip=bool14 "
    "ipv4=bool15 ipv6=bool16 uri=bool17 uri_ref=bool18 len=uint64.19 len_bytes=uint64.20 address=bool21 uuid=bool22 "
    "not_contains=string23 well_known_regex=KnownRegex.24 strict=bool25 ip_with_prefixlen=bool26 ipv4_with_prefixlen=bool27 ipv6_with_prefixlen=bool28 ip_prefix=bool29 "
    "ipv4_prefix=bool30 ipv6_prefix=bool31 host_and_port=bool32 tuuid=bool33 ulid=bool35 protobuf_fqn=bool37 "
    "protobuf_dot_fqn=bool38",
    "BytesRules": "const=bytes1 min_len=uint64.2 max_len=uint64.3 pattern=string4 prefix=bytes5 suffix=bytes6 contains=bytes7 in=*bytes8 not_in=*bytes9 ip=bool10 "
    "ipv4=bool11 ipv6=bool12 len=uint64.13 uuid=bool15",
    "EnumRules": "const=int32.1 defined_only=bool2 in=*int32.3 not_in=*int32.4",
    "RepeatedRules": "min_items=uint64.1 max_items=uint64.2 unique=bool3 items=FieldRules4",
    "MapRules": "min_pairs=uint64.1 max_pairs=uint64.2 keys=FieldRules4 values=FieldRules5",
    "DurationRules": _BOUNDED.format(".google.protobuf.Duration", 2, 3, 4, 5, 6, 7, 8),
    "TimestampRules": "const=.google.protobuf.Timestamp2 lt=.google.protobuf.Timestamp3 lte=.google.protobuf.Timestamp4 "
    "gt=.google.protobuf.Timestamp5 gte=.google.protobuf.Timestamp6 lt_now=bool7 gt_now=bool8 within=.google.protobuf.Duration9",
    "AnyRules": "in=*string2 not_in=*string3",
    "FieldMaskRules": "const=.google.protobuf.FieldMask1 in=*string2 not_in=*string3",
    "FieldRules": "any=AnyRules20 field_mask=FieldMaskRules28 cel_expression=*string.29 bool=BoolRules13 string=StringRules14 bytes=BytesRules15 enum=EnumRules16 repeated=RepeatedRules18 "
    "map=MapRules19 duration=DurationRules21 timestamp=TimestampRules22 cel=*Rule23 required=bool25 ignore=Ignore27",
}
"""Message → name, type (``*``: repeated) and number of its fields: the interface of protovalidate's options."""
_NUMBERS = "float double int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64"


def _options() -> str:
    """A stand-in for protovalidate's file of options."""
    rules = dict(_RULES)
    for number, name in enumerate(_NUMBERS.split(), 1):
        rules[f"{name.capitalize()}Rules"] = _BOUNDED.format(f"{name}.", 1, 2, 3, 4, 5, 6, 7)
        if number < 3:
            rules[f"{name.capitalize()}Rules"] += " finite=bool8"
        rules["FieldRules"] += f" {name}={name.capitalize()}Rules.{number}"
    lines = ['syntax = "proto2"; package buf.validate;']
    lines += [f'import "google/protobuf/{name}.proto";' for name in ("descriptor", *_IMPORTS)]
    for message, members in rules.items():
        fields = []
        for member in members.split():
            name, _, rest = member.partition("=")
            number = rest[len(rest.rstrip("0123456789")) :]
            label = "repeated" if rest.startswith("*") else "optional"
            kind = rest.removeprefix("*").removesuffix(number).removesuffix(".")
            fields.append(f"{label} {kind} {name} = {number};")
        lines.append(f"message {message} {{ {' '.join(fields)} extensions 1000 to max; }}")
    for extended, name in (("Message", "message"), ("Oneof", "oneof"), ("Field", "field")):
        lines.append(f"extend google.protobuf.{extended}Options {{ optional {extended}Rules {name} = 1159; }}")
    lines.append("extend google.protobuf.FieldOptions { optional PredefinedRules predefined = 1160; }")
    lines.append(
        "enum KnownRegex { KNOWN_REGEX_UNSPECIFIED = 0; KNOWN_REGEX_HTTP_HEADER_NAME = 1; KNOWN_REGEX_HTTP_HEADER_VALUE = 2; }"
    )
    lines.append("enum Ignore { IGNORE_UNSPECIFIED = 0; IGNORE_IF_ZERO_VALUE = 1; IGNORE_ALWAYS = 3; }")
    return "\n".join(lines)


def sources(body: str, more: str = "") -> dict[str, str | bytes]:
    """A tree with one method that takes and returns a message of these fields."""
    imports = " ".join(f'import "google/protobuf/{name}.proto";' for name in _IMPORTS)
    text = f"""syntax = "proto3"; package acme; import "buf/validate/validate.proto"; {imports}
    service Things {{ rpc Put(Thing) returns (Thing); }}
    enum Mode {{ MODE_UNSPECIFIED = 0; SLOW = 1; FAST = 2; }}
    {more}
    message Thing {{ {body} }}"""
    return {"acme.proto": text, "buf/validate/validate.proto": _options()}


def of(folder: Path, body: str, more: str = "") -> tuple[Schema, DynamicClasses]:
    """That tree as a schema and as classes."""
    compilation = compile_tree([write(folder, sources(body, more))])
    assert not compilation.diagnostics, compilation.diagnostics
    return load(compilation), DynamicClasses(compilation)


def found(folder: Path, body: str, value: Any, more: str = "") -> list[tuple[str, str]]:
    """Path and rule of what a thing violates; the option's own name is left out."""
    schema, classes = of(folder, body, more)
    violations = Validator(Facts(schema)).check(classes.parse("acme.Thing", json.dumps(value)))
    return [(v.path, v.rule.removeprefix("buf.validate.field ")) for v in violations]


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the official package were not installed."""
    monkeypatch.setitem(sys.modules, "protovalidate", None)


FORMATS = """email hostname ip ipv4 ipv6 uri uri_ref address uuid tuuid ulid ip_with_prefixlen ipv4_with_prefixlen
ipv6_with_prefixlen ip_prefix ipv4_prefix ipv6_prefix host_and_port protobuf_fqn protobuf_dot_fqn"""
STRINGS = FORMATS.split()
HOLDING = [f"string name = 1 [(buf.validate.field).string.{name} = true];" for name in STRINGS] + [
    'string name = 1 [(buf.validate.field).string.const = "only \\"this\\""];',
    'string name = 1 [(buf.validate.field).string = {in: ["blue", "green"]}];',
    'string name = 1 [(buf.validate.field).string = {not_in: ["my-thing", "my_thing"]}];',
    'string name = 1 [(buf.validate.field).string = {prefix: "a.b*", max_len: 12}];',
    'string name = 1 [(buf.validate.field).string = {suffix: ".tar.gz", min_len: 20}];',
    'string name = 1 [(buf.validate.field).string.contains = "(x)"];',
    'string name = 1 [(buf.validate.field).string.pattern = "^[A-Z]{2}-[0-9]+$"];',
    'string name = 1 [(buf.validate.field).string.pattern = "hing"];',
    "string name = 1 [(buf.validate.field).string = {min_bytes: 30 max_bytes: 40}];",
    'bytes data = 1 [(buf.validate.field).bytes = {in: ["\\000\\377", "\\001"]}];',
    'bytes data = 1 [(buf.validate.field).bytes.const = "\\377"];',
    'bytes data = 1 [(buf.validate.field).bytes.pattern = "^[a-f]{3}$"];',
    "bytes data = 1 [(buf.validate.field).bytes.ip = true];",
    "bytes data = 1 [(buf.validate.field).bytes.ipv4 = true];",
    "bytes data = 1 [(buf.validate.field).bytes.ipv6 = true];",
    "bytes data = 1 [(buf.validate.field).bytes.uuid = true];",
    "bytes data = 1 [(buf.validate.field).bytes.len = 7];",
    "bool on = 1 [(buf.validate.field).bool.const = true];",
    "optional bool on = 1 [(buf.validate.field).bool.const = false];",
    "int32 n = 1 [(buf.validate.field).int32 = {in: [-700, 900]}];",
    "uint64 n = 1 [(buf.validate.field).uint64 = {not_in: [3, 1, 2]}];",
    "float n = 1 [(buf.validate.field).float = {in: [0.1, 0.7]}];",
    "double n = 1 [(buf.validate.field).double = {gt: 0.1 lt: 0.2}];",
    "sint64 n = 1 [(buf.validate.field).sint64 = {gte: -5 lt: -3}];",
    "google.protobuf.Int32Value n = 1 [(buf.validate.field).int32.const = 77];",
    "Mode mode = 1 [(buf.validate.field).enum = {in: [2]}];",
    "Mode mode = 1 [(buf.validate.field).enum = {not_in: [0, 1] defined_only: true}];",
    "Mode mode = 1 [(buf.validate.field).enum.const = 2];",
    "google.protobuf.Duration d = 1 [(buf.validate.field).duration = {in: [{seconds: 77 nanos: 500000000}]}];",
    "google.protobuf.Duration d = 1 [(buf.validate.field).duration = {gt: {seconds: 7} lt: {seconds: 9}}];",
    "google.protobuf.Duration d = 1 [(buf.validate.field).duration.const = {seconds: -3}];",
    "google.protobuf.Timestamp t = 1 [(buf.validate.field).timestamp.lt = {seconds: 1000000000}];",
    "google.protobuf.Timestamp t = 1 [(buf.validate.field).timestamp.gte = {seconds: 4000000000}];",
    "google.protobuf.Timestamp t = 1 [(buf.validate.field).timestamp.const = {seconds: 5 nanos: 7000}];",
    "google.protobuf.Timestamp expires_at = 1 [(buf.validate.field).timestamp.lt_now = true];",
    "google.protobuf.Timestamp created_at = 1 [(buf.validate.field).timestamp.gt_now = true];",
    "repeated string hosts = 1 [(buf.validate.field).repeated = {min_items: 3 unique: true items: {string: {ipv6: true}}}];",
    "repeated Mode modes = 1 [(buf.validate.field).repeated.items.enum = {in: [2]}];",
    "map<string, string> m = 1 [(buf.validate.field).map = {min_pairs: 2 keys: {string: {len: 3}} values: {string: {uuid: true}}}];",
    "map<int32, string> m = 1 [(buf.validate.field).map.keys.int32 = {in: [4000]}];",
    "oneof one { option (buf.validate.oneof).required = true; string a = 1; string b = 2; }",
    "oneof one { string a = 1; string b = 2 [(buf.validate.field).required = true]; }",
    "string name = 1 [(buf.validate.field) = {ignore: IGNORE_ALWAYS string: {max_len: 1}}];",
]


@pytest.mark.parametrize("body", HOLDING)
@pytest.mark.slow(reason="many messages")
def test_examples_hold(tmp_path: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of each rule satisfies it: by the official package, and by the declared table alone."""
    schema, classes = of(tmp_path, body)
    examples = Examples(Facts(schema))
    example = examples.request(schema.methods["acme.Things.Put"])
    assert len(example) == 1
    assert examples.diagnostics() == []
    message = classes.parse("acme.Thing", json.dumps(example))
    assert Validator(Facts(schema)).check(message) == []
    without(monkeypatch)
    assert Validator(Facts(schema)).check(message) == []


BROKEN = [
    *((f"string s = 1 [(buf.validate.field).string.{name} = true];", "not one") for name in STRINGS),
    ("string s = 1 [(buf.validate.field).string.ipv4 = true];", "192.0.2.256"),
    ("string s = 1 [(buf.validate.field).string.email = true];", "jane@example..com"),
    ('string s = 1 [(buf.validate.field).string.const = "x"];', "y"),
    ('string s = 1 [(buf.validate.field).string = {in: ["x", "y"]}];', "z"),
    ('string s = 1 [(buf.validate.field).string = {not_in: ["x", "y"]}];', "y"),
    ('string s = 1 [(buf.validate.field).string.prefix = "a.c"];', "abc"),
    ('string s = 1 [(buf.validate.field).string.suffix = "c"];', "cd"),
    ('string s = 1 [(buf.validate.field).string.contains = "c"];', "d"),
    ('string s = 1 [(buf.validate.field).string.pattern = "^x|y$"];', "ayx"),
    ('bytes s = 1 [(buf.validate.field).bytes = {in: ["x"]}];', "AA=="),
    ('bytes s = 1 [(buf.validate.field).bytes.pattern = "^x$"];', "eA0="),
    ("bytes s = 1 [(buf.validate.field).bytes.ipv4 = true];", "AA=="),
    ("bool s = 1 [(buf.validate.field).bool.const = false];", True),
    ("int64 s = 1 [(buf.validate.field).int64 = {in: [1, 2]}];", "3"),
    ("float s = 1 [(buf.validate.field).float = {not_in: [0.1]}];", 0.1),
    ("Mode s = 1 [(buf.validate.field).enum.defined_only = true];", 7),
    ("Mode s = 1 [(buf.validate.field).enum.const = 1];", "FAST"),
    ("google.protobuf.Duration s = 1 [(buf.validate.field).duration = {in: [{seconds: 1}]}];", "1.5s"),
    ("google.protobuf.Duration s = 1 [(buf.validate.field).duration.lte = {nanos: 5000000}];", "0.006s"),
    ("google.protobuf.Timestamp s = 1 [(buf.validate.field).timestamp.gt = {seconds: 5}];", "1970-01-01T00:00:05Z"),
]


@pytest.mark.parametrize(("body", "value"), BROKEN)
@pytest.mark.slow(reason="many messages")
def test_violations_agree(tmp_path: Path, body: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks a rule is found by the official package and by the declared table, under the same path and rule."""
    official = found(tmp_path, body, {"s": value})
    assert [path for path, _ in official] == ["s"]
    without(monkeypatch)
    assert found(tmp_path, body, {"s": value}) == official


TIMES = [
    (
        "google.protobuf.Duration s = 1 [(buf.validate.field).duration.lt = {seconds: 90}];",
        "Value must be less than 90s.",
    ),
    (
        "google.protobuf.Timestamp s = 1 [(buf.validate.field).timestamp.lt = {seconds: 1767323045}];",
        "Value must be before 2026-01-02T03:04:05Z.",
    ),
    ('string s = 1 [(buf.validate.field).string.in = "a"];', "Value must be `a`."),
    ('string s = 1 [(buf.validate.field).string.prefix = "a.b"];', "Value must begin with `a.b`."),
    ("repeated string s = 1 [(buf.validate.field).repeated.items.string.uuid = true];", "Each value must be a UUID."),
]


@pytest.mark.parametrize(("body", "text"), TIMES)
def test_sentences(tmp_path: Path, body: str, text: str) -> None:
    """Choices, formats and times read as sentences, times as ProtoJSON has them."""
    facts = Facts(of(tmp_path, body)[0])
    field = facts.schema.message("acme.Thing").fields[0]
    assert sentences(field, facts, lambda code: f"`{code}`", str) == [text]


SEVERAL = """option (buf.validate.message).cel = {id: "thing.low" message: "low comes first" expression: "this.low < this.high"};
int32 low = 1; int32 high = 2 [(buf.validate.field).int32 = {gte: 1 lte: 9}];
map<string, Part> parts = 3 [(buf.validate.field).map.keys.string.max_len = 2]; repeated Part more = 4;"""
PART = "message Part { string id = 1 [(buf.validate.field).string = {max_len: 3}]; }"
SEVERAL_VALUE = {"low": 20, "high": 11, "parts": {"zoo": {}, "b": {"id": "long"}, "a": {"id": "long"}}, "more": [{"id": "long"}]}  # fmt: skip


def test_shape(tmp_path: Path) -> None:
    """Official and own findings come once each, by field and path, with CEL expressions under their identifier."""
    schema, classes = of(tmp_path, SEVERAL, PART)
    violations = Validator(Facts(schema)).check(classes.parse("acme.Thing", json.dumps(SEVERAL_VALUE)))
    assert [str(violation) for violation in violations] == [
        "(message): low comes first [thing.low]",
        "high: Value must be at least 1 and at most 9. [int32.gte_lte]",
        'parts["a"].id: At most 3 characters. [buf.validate.field string.max_len]',
        'parts["b"].id: At most 3 characters. [buf.validate.field string.max_len]',
        'parts["zoo"]: At most 2 characters for each key. [buf.validate.field map.keys.string.max_len]',
        "more[0].id: At most 3 characters. [buf.validate.field string.max_len]",
    ]


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the declared rules are checked, the others named, and a problem says what to install."""
    without(monkeypatch)
    schema, classes = of(tmp_path, SEVERAL, PART)
    validator = Validator(Facts(schema))
    message = classes.parse("acme.Thing", json.dumps(SEVERAL_VALUE))
    found = validator.check(message)
    assert [(v.path, v.rule_id) for v in found if isinstance(v, Unchecked)] == [("", "thing.low")]
    assert {(v.path, v.rule.partition(" ")[2]) for v in found if not isinstance(v, Unchecked)} == {
        ("high", "int32.gte"),
        ('parts["a"].id', "string.max_len"),
        ('parts["b"].id', "string.max_len"),
        ('parts["zoo"]', "map.keys.string.max_len"),
        ("more[0].id", "string.max_len"),
    }
    (diagnostic,) = validator.diagnostics()
    assert diagnostic.location.file == "buf/validate/validate.proto"
    assert "pip install 'proto-toolkit[protovalidate]'" in diagnostic.hint


def test_no_problem_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree without these options needs no package, and says nothing of it."""
    without(monkeypatch)
    schema = load(compile_tree([write(tmp_path, {"a.proto": 'syntax = "proto3"; message A { string b = 1; }'})]))
    assert Validator(Facts(schema)).diagnostics() == []


def test_rule_that_does_not_compile(tmp_path: Path) -> None:
    """A CEL expression that makes no sense is an error with the message's place, not a traceback."""
    schema, classes = of(tmp_path, 'option (buf.validate.message).cel = {id: "x" expression: "this.nowhere +"};')
    with pytest.raises(SchemaError, match=r"cannot apply the rules of acme\.Thing") as error:
        Validator(Facts(schema)).check(classes.parse("acme.Thing", "{}"))
    assert error.value.location is not None
    assert error.value.location.file == "acme.proto"


def test_examples_that_break_an_expression(tmp_path: Path) -> None:
    """A generated example that breaks a CEL expression is named; a pinned value fixes it."""
    body = 'option (buf.validate.message).cel = {id: "odd" expression: "this.n == 4711"}; int32 n = 1;'
    schema, classes = of(tmp_path, body)
    method = schema.methods["acme.Things.Put"]
    examples = Examples(Facts(schema), classes=lambda: classes)
    examples.request(method)
    (diagnostic,) = examples.diagnostics()
    assert "the example of acme.Thing violates a constraint" in diagnostic.message
    assert "[odd]" in diagnostic.message
    pinned = Examples(Facts(schema), pins={"n": 4711}, classes=lambda: classes)
    assert (pinned.request(method), pinned.diagnostics()) == ({"n": 4711}, [])


def test_validate(tmp_path: Path) -> None:
    """`toolkit validate` runs the package too; where it is missing, a warning says so and the rest is checked."""
    write(tmp_path, sources(SEVERAL, PART))
    command = ("validate", "-", "--message", "acme.Thing")
    content = json.dumps(SEVERAL_VALUE).encode()
    ran = run(*command, cwd=tmp_path, stdin=content)
    assert (ran.code, ran.errors) == (1, "")
    assert "low comes first [thing.low]" in ran.text
    write(tmp_path, {"shadow/protovalidate.py": "raise ImportError"})
    ran = run(*command, cwd=tmp_path, stdin=content, env={"PYTHONPATH": str(tmp_path / "shadow")})
    assert ran.code == 1
    assert "string.max_len" in ran.text
    assert "thing.low" not in ran.text
    assert ran.errors.startswith("warning: buf/validate/validate.proto:")
    assert "(message): Not checked: that needs the protovalidate package" in ran.errors
    assert "pip install 'proto-toolkit[protovalidate]'" in ran.errors
