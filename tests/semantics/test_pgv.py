"""The rules of protoc-gen-validate: sentences, checks and examples. The package for Python judged the values below alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.bindings_of import bindings_of
from tests.support.command import run
from tests.support.protos_of import proto3, schema_of, write
from toolkit.changes.compare import compare
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import built_in
from toolkit.semantics.sentences import sentences
from toolkit.semantics.validator import Validator
from toolkit.targets.examples.examples import Examples

RULES = "validate/validate.proto"
IMPORTS = (RULES, *(f"google/protobuf/{name}.proto" for name in ("any", "duration", "timestamp", "wrappers")))
MORE = """enum Mood { MOOD_UNSPECIFIED = 0; GLAD = 1; CROSS = 2; }
message Part { string name = 1 [(validate.rules).string.min_len = 3]; }
service Things { rpc Put(Thing) returns (Thing); }
"""
# fmt: off
CASES: list[tuple[str, str, str, list[Any], list[Any]]] = [
    # Type, rules, sentences, values that satisfy them, values that don't; None is a field that is not set
    ('float', '{float: {const: 1.5}}', 'Value must be 1.5.', [1.5], [2, 0]),
    ('double', '{double: {lt: 5, gte: 1}}', 'Value must be at least 1 and less than 5.', [1, 4.9], [0, 5]),
    ('double', '{double: {lt: 1, gt: 5}}', 'Value must be less than 1 or greater than 5.', [0, 6], [1, 3, 5]),
    ('int32', '{int32: {lte: 1, gte: 5}}', 'Value must be at most 1 or at least 5.', [0, 1, 5, 6], [3]),
    ('int64', '{int64: {in: [1,3]}}', 'Value must be 1 or 3.', [1, 3], [0, 2]),
    ('uint32', '{uint32: {not_in: [1,3]}}', '1 and 3 are not accepted.', [0, 2], [1]),
    ('int32', '{int32: {gt: 5, ignore_empty: true}}', 'Value must be greater than 5.', [0, 6], [1]),
    ('sint32', '{sint32: {gte: -5, lte: -1}}', 'Value must be at least -5 and at most -1.', [-5, -1], [-6, 0]),
    ('bool', '{bool: {const: true}}', 'Value must be `true`.', [True], [False]),
    ('string', '{string: {const: "ab"}}', 'Value must be `ab`.', ['ab'], ['', 'abc']),
    ('string', '{string: {len: 2}}', 'Exactly 2 characters.', ['äö'], ['', 'abc']),
    ('string', '{string: {min_len: 1, max_len: 2}}', '1–2 characters.', ['äö'], ['', 'abc']),
    ('string', '{string: {len_bytes: 4}}', 'Exactly 4 bytes.', ['äö', 'abcd'], ['abc']),
    ('string', '{string: {min_bytes: 3, max_bytes: 4}}', '3–4 bytes.', ['äö'], ['ab', 'abcde']),
    ('string', '{string: {pattern: "^[a-z]+$"}}', 'Value must match the regular expression `^[a-z]+$`.', ['ab'], ['', 'aB']),
    ('string', '{string: {pattern: "b"}}', 'Value must match the regular expression `b`.', ['ab'], ['', 'a']),
    ('string', '{string: {prefix: "a", suffix: "z", contains: "m", not_contains: "q"}}', 'Value must begin with `a`. Value must end with `z`. Value must contain `m`. Value must not contain `q`.', ['amz'], ['az', 'amqz', 'mz']),
    ('string', '{string: {in: ["a","b"]}}', 'Value must be `a` or `b`.', ['a'], ['', 'c']),
    ('string', '{string: {not_in: ["a","b"]}}', '`a` and `b` are not accepted.', ['', 'c'], ['a']),
    ('string', '{string: {email: true}}', 'Value must be an email address.', ['a@b.c'], ['', 'a']),
    ('string', '{string: {email: true, ignore_empty: true}}', 'Value must be an email address.', ['', 'a@b.c'], ['a']),
    ('string', '{string: {hostname: true}}', 'Value must be a host name.', ['a.b', 'a.'], ['a_b', '-a']),
    ('string', '{string: {ip: true}}', 'Value must be an IP address.', ['1.2.3.4', '::1'], ['x']),
    ('string', '{string: {ipv4: true}}', 'Value must be an IPv4 address.', ['1.2.3.4'], ['::1', 'x']),
    ('string', '{string: {ipv6: true}}', 'Value must be an IPv6 address.', ['::1'], ['1.2.3.4', 'x']),
    ('string', '{string: {uri: true}}', 'Value must be a URI.', ['http://a.b/c'], ['/c', '']),
    ('string', '{string: {uri_ref: true}}', 'Value must be a URI, or a reference relative to one.', ['http://a.b/c', '/c'], []),
    ('string', '{string: {address: true}}', 'Value must be a host name or an IP address.', ['1.2.3.4', 'a.b'], ['a_b']),
    ('string', '{string: {uuid: true}}', 'Value must be a UUID.', ['3f2504e0-4f89-41d3-9a0c-0305e82c3301'], ['x', '']),
    ('string', '{string: {well_known_regex: HTTP_HEADER_NAME}}', 'Value must be the name of an HTTP header.', ['X-A'], ['x y', '']),
    ('string', '{string: {well_known_regex: HTTP_HEADER_NAME, strict: false}}', 'Value must be the name of an HTTP header.', ['X-A', 'x y'], ['a\nb']),
    ('string', '{string: {well_known_regex: HTTP_HEADER_VALUE}}', 'Value must be the value of an HTTP header.', ['X-A', 'x y'], ['a\nb']),
    ('bytes', '{bytes: {len: 2}}', 'Exactly 2 bytes.', ['YWI='], ['YQ==', '']),
    ('bytes', '{bytes: {min_len: 1, max_len: 2}}', '1–2 bytes.', ['YWI='], ['YWJj', '']),
    ('bytes', '{bytes: {prefix: "a"}}', 'Value must begin with `YQ==`.', ['YWI='], ['YmE=']),
    ('bytes', '{bytes: {const: "ab"}}', 'Value must be `YWI=`.', ['YWI='], ['YmE=']),
    ('bytes', '{bytes: {in: ["ab"]}}', 'Value must be `YWI=`.', ['YWI='], ['YmE=']),
    ('bytes', '{bytes: {contains: "b"}}', 'Value must contain `Yg==`.', ['YWI='], ['YQ==']),
    ('bytes', '{bytes: {ipv4: true}}', 'Value must be an IPv4 address of 4 bytes.', ['AQIDBA=='], ['YQ==']),
    ('bytes', '{bytes: {pattern: "^[a-z]+$"}}', 'Value must match the regular expression `^[a-z]+$`.', ['YWI='], ['QQ==']),
    ('Mood', '{enum: {defined_only: true}}', 'Value must be declared by the enum.', [0, 1], [7]),
    ('Mood', '{enum: {in: [1]}}', 'Value must be `GLAD`.', [1], [0]),
    ('Mood', '{enum: {not_in: [0]}}', '`MOOD_UNSPECIFIED` is not accepted.', [1], [0]),
    ('Mood', '{enum: {const: 2}}', 'Value must be `CROSS`.', [2], [0]),
    ('repeated string', '{repeated: {min_items: 1, max_items: 2}}', '1–2 items.', [['a']], [[], ['a', 'b', 'c']]),
    ('repeated string', '{repeated: {min_items: 2, ignore_empty: true}}', 'At least 2 items.', [[], ['a', 'b', 'c']], [['a']]),
    ('repeated string', '{repeated: {unique: true}}', 'Items must be unique.', [['a', 'b']], [['a', 'a']]),
    ('repeated string', '{repeated: {items: {string: {min_len: 2}}}}', 'At least 2 characters for each value.', [[], ['ab']], [['a'], ['', 'ab']]),
    ('repeated string', '{repeated: {items: {string: {min_len: 2, ignore_empty: true}}}}', 'At least 2 characters for each value.', [['', 'ab']], [['a']]),
    ('repeated Part', '{repeated: {items: {message: {skip: true}}}}', '', [[{'name': ''}], [{'name': 'abc'}]], []),
    ('repeated Part', '{repeated: {min_items: 1}}', 'At least 1 item.', [[{'name': 'abc'}]], [[{'name': ''}], []]),
    ('map<string, int32>', '{map: {min_pairs: 1, max_pairs: 2}}', '1–2 entries.', [{'a': 1}], [{}, {'a': 1, 'b': 2, 'c': 3}]),
    ('map<string, int32>', '{map: {keys: {string: {min_len: 2}}, values: {int32: {gt: 0}}}}', 'Each value must be greater than 0. At least 2 characters for each key.', [{}, {'ab': 1}], [{'a': 1}, {'ab': 0}]),
    ('map<string, Part>', '{map: {values: {message: {skip: true}}}}', '', [{'a': {'name': ''}}], []),
    ('map<string, Part>', '{map: {min_pairs: 1}}', 'At least 1 entry.', [{'a': {'name': 'abc'}}], [{'a': {'name': ''}}, {}]),
    ('Part', '{message: {required: true}}', '', [{'name': 'abc'}], [None, {'name': ''}]),
    ('Part', '{message: {skip: true}}', '', [None, {'name': 'abc'}, {'name': ''}], []),
    ('google.protobuf.Any', '{any: {required: true}}', '', [{'@type': 'type.googleapis.com/google.protobuf.Duration', 'value': '1s'}], [None]),
    ('google.protobuf.Any', '{any: {in: ["type.googleapis.com/google.protobuf.Duration"]}}', 'Value must be of type `type.googleapis.com/google.protobuf.Duration`.', [None, {'@type': 'type.googleapis.com/google.protobuf.Duration', 'value': '1s'}], [{'@type': 'type.googleapis.com/google.protobuf.Timestamp', 'value': '2020-01-01T00:00:00Z'}]),
    ('google.protobuf.Any', '{any: {not_in: ["type.googleapis.com/google.protobuf.Duration"]}}', '`type.googleapis.com/google.protobuf.Duration` is not accepted.', [{'@type': 'type.googleapis.com/google.protobuf.Timestamp', 'value': '2020-01-01T00:00:00Z'}], [{'@type': 'type.googleapis.com/google.protobuf.Duration', 'value': '1s'}]),
    ('google.protobuf.Duration', '{duration: {required: true}}', '', ['1s'], [None]),
    ('google.protobuf.Duration', '{duration: {const: {seconds: 3}}}', 'Value must be 3s.', [None, '3s'], ['1s']),
    ('google.protobuf.Duration', '{duration: {gt: {seconds: 3}, lte: {seconds: 9}}}', 'Value must be greater than 3s and at most 9s.', [None, '9s'], ['3s', '10s']),
    ('google.protobuf.Duration', '{duration: {gt: {seconds: 9}, lt: {seconds: 3}}}', 'Value must be less than 3s or greater than 9s.', ['10s', '1s'], ['3s', '9s']),
    ('google.protobuf.Duration', '{duration: {in: {seconds: 3}}}', 'Value must be 3s.', ['3s'], ['9s']),
    ('google.protobuf.Duration', '{duration: {not_in: {seconds: 3}}}', '3s is not accepted.', ['9s'], ['3s']),
    ('google.protobuf.Timestamp', '{timestamp: {required: true}}', '', ['2020-01-01T00:00:00Z'], [None]),
    ('google.protobuf.Timestamp', '{timestamp: {lt: {seconds: 1577836800}}}', 'Value must be before 2020-01-01T00:00:00Z.', ['2019-01-01T00:00:00Z'], ['2020-01-01T00:00:00Z']),
    ('google.protobuf.Timestamp', '{timestamp: {gte: {seconds: 1577836800}}}', 'Value must be at or after 2020-01-01T00:00:00Z.', ['2020-01-01T00:00:00Z'], ['2019-01-01T00:00:00Z']),
    ('google.protobuf.Timestamp', '{timestamp: {const: {seconds: 1577836800}}}', 'Value must be 2020-01-01T00:00:00Z.', ['2020-01-01T00:00:00Z'], ['2019-01-01T00:00:00Z']),
    ('google.protobuf.Timestamp', '{timestamp: {lt_now: true}}', 'Value must be in the past.', ['2020-01-01T00:00:00Z'], ['2099-01-01T00:00:00Z']),
    ('google.protobuf.Timestamp', '{timestamp: {gt_now: true}}', 'Value must be in the future.', ['2099-01-01T00:00:00Z'], ['2020-01-01T00:00:00Z']),
    ('google.protobuf.Timestamp', '{timestamp: {within: {seconds: 3600}}}', 'Value must be within 3600s of now.', [], ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z']),
    ('google.protobuf.StringValue', '{string: {min_len: 2}}', 'At least 2 characters.', [None, 'ab'], ['a']),
    ('google.protobuf.Int32Value', '{int32: {gt: 2}}', 'Value must be greater than 2.', [None, 3], [1]),
    ('google.protobuf.StringValue', '{message: {required: true}}', '', ['a'], [None]),
    ('optional string', '{string: {min_len: 2}}', 'At least 2 characters.', [None, 'ab'], ['']),
    ('optional int32', '{int32: {gt: 2}}', 'Value must be greater than 2.', [None, 3], [0]),
    ("string", '{string: {min_len: 1, ignore_empty: true}}', "At least 1 character.", ["", "a"], []),
    ("string", "{string: {max_len: 1}}", "At most 1 character.", ["", "a"], ["ab"]),
    ("Mood", "{enum: {in: [0, 1, 2]}}", "Value must be `MOOD_UNSPECIFIED`, `GLAD` or `CROSS`.", [0, 1], [7]),
    ("repeated Mood", "{repeated: {items: {enum: {not_in: [0]}}}}", "`MOOD_UNSPECIFIED` is not accepted.", [[1]], [[1, 0]]),
    ("map<string, Mood>", '{map: {keys: {string: {not_in: ["x"]}}}}', "`x` is not accepted as a key.", [{"y": 0}], [{"x": 0}]),
]
# fmt: on


def thing(*bodies: str) -> str:
    """A file with a message of these fields."""
    return proto3("acme", f"{MORE} message Thing {{ {' '.join(bodies)} }}", *IMPORTS)


def compiled(folder: Path, *bodies: str) -> Compilation:
    """A tree that has such a file, and takes the rules from the toolkit."""
    compilation = compile_tree([write(folder, {"acme.proto": thing(*bodies)})])
    assert not compilation.diagnostics, compilation.diagnostics
    return compilation


def violations(compilation: Compilation, value: Any) -> list[str]:
    """What a thing violates: paths and rules."""
    message = DynamicClasses(compilation).parse("acme.Thing", json.dumps(value))
    return [f"{v.path} {v.rule}" for v in Validator(Facts(load(compilation))).check(message)]


@pytest.mark.parametrize(("type_", "rules", "text", "good", "bad"), CASES)
@pytest.mark.slow(reason="compiles a tree for each rule")
def test_rules(tmp_path: Path, type_: str, rules: str, text: str, good: list[Any], bad: list[Any]) -> None:
    """Each rule has a sentence, accepts and refuses what it should, and examples satisfy it."""
    compilation = compiled(tmp_path, f"{type_} v = 1 [(validate.rules) = {rules}];")
    facts = Facts(load(compilation))
    field = facts.schema.message("acme.Thing").fields[0]
    assert " ".join(sentences(field, facts, lambda code: f"`{code}`", str)) == text
    for value in good:
        assert violations(compilation, {} if value is None else {"v": value}) == []
    for value in bad:
        assert violations(compilation, {} if value is None else {"v": value}) != []
    if good:
        examples = Examples(facts, classes=lambda: DynamicClasses(compilation))
        assert violations(compilation, examples.request(facts.schema.methods["acme.Things.Put"])) == []
        assert examples.diagnostics() == []


def test_names_of_rules(tmp_path: Path) -> None:
    """A violation names the option and the member that is violated, also of two bounds that are shown as one sentence."""
    compilation = compiled(tmp_path, "int32 a = 1 [(validate.rules).int32 = {gt: 0, lt: 9}];")
    assert violations(compilation, {"a": 9}) == ["a validate.rules int32.lt"]
    assert violations(compilation, {}) == ["a validate.rules int32.gt"]


def test_oneof(tmp_path: Path) -> None:
    """A required oneof must have a member, and only the rules of that one apply."""
    oneof = "oneof o { option (validate.required) = true; string a = 1 [(validate.rules).string.min_len = 3]; string b = 2; }"
    compilation = compiled(tmp_path, oneof)
    assert violations(compilation, {}) == ["o validate.required"]
    assert violations(compilation, {"b": ""}) == []
    assert violations(compilation, {"a": "x"}) == ["a validate.rules string.min_len"]


@pytest.mark.parametrize("option", ["validate.disabled", "validate.ignored"])
def test_disabled(tmp_path: Path, option: str) -> None:
    """A message can disable the rules of its fields and oneofs, and of the messages in them; others keep theirs."""
    off = f"""message Off {{ option ({option}) = true;
    string a = 1 [(validate.rules).string.min_len = 3]; Part part = 2;
    oneof o {{ option (validate.required) = true; string b = 3; }} }}"""
    compilation = compiled(tmp_path, off, "Off off = 1; Part part = 2;")
    assert violations(compilation, {"off": {"a": "x", "part": {"name": ""}}, "part": {"name": "x"}}) == [
        "part.name validate.rules string.min_len"
    ]
    facts = Facts(load(compilation))
    message = facts.schema.message("acme.Thing.Off")
    assert sentences(message.fields[0], facts, str, str) == []
    assert not facts.oneof_required(message.oneofs[0])
    assert violations(compiled(tmp_path, off.replace("= true", "= false"), "Off off = 1;"), {"off": {"b": "x"}})


def test_deprecated_fields_that_must_be_set(tmp_path: Path) -> None:
    """Examples leave out deprecated fields, but not those whose zero value breaks a rule."""
    body = """Mood old = 1 [deprecated = true, (validate.rules).enum.not_in = 0];
    string gone = 2 [deprecated = true, (validate.rules).string.max_len = 9];
    repeated string parts = 3 [deprecated = true, (validate.rules).repeated.min_items = 1]; string now = 4;"""
    compilation = compiled(tmp_path, body)
    facts = Facts(load(compilation))
    examples = Examples(facts, classes=lambda: DynamicClasses(compilation))
    assert examples.request(facts.schema.methods["acme.Things.Put"]).keys() == {"old", "parts", "now"}


def test_bindings(tmp_path: Path) -> None:
    """Bindings check the rules with ``validate()``, and their docstrings have the sentences."""
    body = "string name = 1 [(validate.rules).string = {min_len: 1, max_len: 40}]; Part part = 2 [(validate.rules).message.required = true];"
    with bindings_of(tmp_path, {"acme.proto": thing(body)}) as made:
        module = made.module("acme")
        found = module.Thing(name="").validate()
        assert [(v.path, v.message) for v in found] == [("name", "At least 1 character."), ("part", "Required field.")]
        assert module.Thing(name="x", part=module.Part(name="abc")).validate() == []
        source = Path(module.__file__).read_text(encoding="utf-8")
    assert '"""1–40 characters."""' in source


@pytest.mark.slow(reason="runs the command several times")
def test_commands(tmp_path: Path) -> None:
    """Pages have the sentences, and ``toolkit validate`` the violations."""
    body = """int32 age = 1 [(validate.rules).int32 = {gt: 0, lt: 120}];
    oneof home { option (validate.required) = true; string cage = 2; string pond = 3; }"""
    write(tmp_path, {"acme.proto": thing(body)})
    page = run("page", "acme.Things.Put", cwd=tmp_path).text
    assert "Value must be greater than 0 and less than 120." in page
    assert "Exactly one of the fields `cage`, `pond` must be set." in page
    ran = run("validate", "-", "--message", "acme.Thing", cwd=tmp_path, stdin=b'{"age": 120, "cage": "x"}')
    assert (ran.code, ran.text) == (1, "<stdin>: age: Value must be less than 120. [validate.rules.int32.lt]\n")
    run("generate", "site", "--out", "out", cwd=tmp_path)
    (message,) = (tmp_path / "out").rglob("Thing.md")
    assert " · greater than 0 and less than 120 · " in message.read_text(encoding="utf-8")


def test_diff(tmp_path: Path) -> None:
    """A rule that is tightened is a breaking change; one in a disabled message, or that skips checks, is none."""
    off = "message Off { option (validate.disabled) = true; string a = 1 [(validate.rules).string.max_len = 9]; }"
    body = "string a = 1 [(validate.rules).string.max_len = 9]; Part part = 2;"
    old = schema_of(tmp_path / "old", {"acme.proto": thing(off, body)})
    skips = body.replace("part = 2", "part = 2 [(validate.rules).message.skip = true]")
    new = schema_of(tmp_path / "new", {"acme.proto": thing(off, skips).replace("max_len = 9", "max_len = 8")})
    changes = [c for c in compare(old, new, built_in()) if "constraint" in c.message]
    assert [(c.element, c.message) for c in changes] == [
        ("acme.Thing.a", "constraint length tightened from <=9 to <=8")
    ]
