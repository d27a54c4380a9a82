"""`validate()` and `toolkit validate` give the right answer, the same one, with the official package and without."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

from tests.semantics.test_protovalidate import sources, without
from tests.support.bindings_of import Bindings, bindings_of
from tests.support.command import run
from tests.support.protos_of import write
from tests.support.repository import REPOSITORY
from toolkit.descriptors.loader import load
from toolkit.descriptors.runtime_types import RuntimeTypes
from toolkit.errors import SchemaError
from toolkit.runtime import EncodeError, RuleError, Unchecked, Violation
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator

F = "(buf.validate.field)"
PART = "message Part { string id = 1 [(buf.validate.field).string.min_len = 2]; Part part = 2; }"
OUTSIDE = f"int32 a = 1 [{F}.int32 = {{gt: 10 lt: 5}}];"
INSIDE = f"int32 a = 1 [{F}.int32 = {{gte: 5 lte: 10}}];"
ONEOF = 'option (buf.validate.message).oneof = {fields: ["a", "b"] required: true}; string a = 1; string b = 2 [(buf.validate.field).string.len = 2];'
HEADER = f"string a = 1 [{F}.string = {{well_known_regex: KNOWN_REGEX_HTTP_HEADER_NAME strict: STRICT}}];"
CASES: list[tuple[str, Any, list[tuple[str, str]]]] = [
    # Zero values without presence, and with
    (f"string a = 1 [{F}.string.min_len = 3];", {}, [("a", "string.min_len")]),
    (f"int32 a = 1 [{F}.int32.gt = 0];", {}, [("a", "int32.gt")]),
    (f"bool a = 1 [{F}.bool.const = true];", {}, [("a", "bool.const")]),
    (f"Mode a = 1 [{F}.enum = {{in: [1]}}];", {}, [("a", "enum.in")]),
    (f"bytes a = 1 [{F}.bytes.min_len = 1];", {}, [("a", "bytes.min_len")]),
    (f"repeated string a = 1 [{F}.repeated.min_items = 1];", {}, [("a", "repeated.min_items")]),
    (f"map<string, string> a = 1 [{F}.map.min_pairs = 1];", {}, [("a", "map.min_pairs")]),
    (f"optional string a = 1 [{F}.string.min_len = 3];", {}, []),
    (f"optional string a = 1 [{F}.string.min_len = 3];", {"a": ""}, [("a", "string.min_len")]),
    (f"google.protobuf.Int32Value a = 1 [{F}.int32.gt = 0];", {}, []),
    (f"google.protobuf.Int32Value a = 1 [{F}.int32.gt = 0];", {"a": 0}, [("a", "int32.gt")]),
    (f"oneof o {{ string a = 1 [{F}.string.min_len = 3]; string b = 2; }}", {"b": ""}, []),
    # Ignored, at every level
    (f"string a = 1 [{F} = {{ignore: IGNORE_IF_ZERO_VALUE string: {{min_len: 3}}}}];", {}, []),
    (f"string a = 1 [{F} = {{ignore: IGNORE_IF_ZERO_VALUE string: {{min_len: 3}}}}];", {"a": "b"}, [("a", "string.min_len")]),
    (f"string a = 1 [{F} = {{ignore: IGNORE_ALWAYS required: true string: {{min_len: 3}}}}];", {}, []),
    (f"repeated int32 a = 1 [{F}.repeated.items = {{ignore: IGNORE_ALWAYS int32: {{gt: 9}}}}];", {"a": [1]}, []),
    (f"repeated int32 a = 1 [{F}.repeated.items = {{ignore: IGNORE_IF_ZERO_VALUE int32: {{gt: 9}}}}];", {"a": [0, 1, 10]}, [("a[1]", "int32.gt")]),
    (f"map<string, int32> a = 1 [{F}.map = {{keys: {{ignore: IGNORE_ALWAYS string: {{len: 9}}}} values: {{int32: {{gt: 9}}}}}}];", {"a": {"k": 1}}, [('a["k"]', "int32.gt")]),
    (f"Part a = 1 [{F}.ignore = IGNORE_ALWAYS];", {"a": {}}, []),
    (f"repeated Part a = 1 [{F}.repeated.items.ignore = IGNORE_ALWAYS]; Part b = 2;", {"a": [{}], "b": {}}, [("b.id", "string.min_len")]),
    # Ranges
    (OUTSIDE, {"a": 3}, []),
    (OUTSIDE, {"a": 12}, []),
    (OUTSIDE, {"a": 5}, [("a", "int32.gt_lt_exclusive")]),
    (INSIDE, {"a": 5}, []),
    (INSIDE, {"a": 11}, [("a", "int32.gte_lte")]),
    (INSIDE, {"a": 4}, [("a", "int32.gte_lte")]),
    (f"google.protobuf.Duration a = 1 [{F}.duration = {{gte: {{seconds: 9}} lt: {{seconds: 5}}}}];", {"a": "7s"}, [("a", "duration.gte_lt_exclusive")]),
    (f"int32 a = 1 [{F}.int32 = {{const: 12 gt: 10 lt: 5}}];", {"a": 13}, [("a", "int32.const")]),
    (f"int32 a = 1 [{F}.int32 = {{const: 5 lt: 10}}];", {"a": 11}, [("a", "int32.const"), ("a", "int32.lt")]),
    (f"google.protobuf.Timestamp a = 1 [{F}.timestamp = {{lt: {{seconds: 9}} gt_now: true}}];", {"a": "1970-01-01T00:00:01Z"}, [("a", "timestamp.gt_now")]),
    # Numbers that are none, or have no end
    (f"double a = 1 [{F}.double.lt = 5];", {"a": "NaN"}, [("a", "double.lt")]),
    (f"double a = 1 [{F}.double = {{gt: 10 lt: 5}}];", {"a": "NaN"}, [("a", "double.gt_lt_exclusive")]),
    (f"double a = 1 [{F}.double = {{in: [nan, 1]}}];", {"a": "NaN"}, [("a", "double.in")]),
    (f"double a = 1 [{F}.double = {{not_in: [nan]}}];", {"a": "NaN"}, []),
    (f"double a = 1 [{F}.double = {{in: [inf]}}];", {"a": "Infinity"}, []),
    (f"double a = 1 [{F}.double.lt = inf];", {"a": "Infinity"}, [("a", "double.lt")]),
    (f"double a = 1 [{F}.double.const = nan];", {"a": "NaN"}, [("a", "double.const")]),
    (f"float a = 1 [{F}.float.finite = true];", {"a": "-Infinity"}, [("a", "float.finite")]),
    (f"float a = 1 [{F}.float = {{in: [0.1]}}];", {"a": 0.1}, []),
    (f"repeated double a = 1 [{F}.repeated.unique = true];", {"a": ["NaN", "NaN"]}, []),
    # Required
    (f"string a = 1 [{F} = {{required: true string: {{min_len: 3}}}}];", {}, [("a", "required")]),
    (f"oneof o {{ string a = 1 [{F}.required = true]; string b = 2; }}", {"b": "x"}, [("a", "required")]),
    ("oneof o { option (buf.validate.oneof).required = true; string a = 1; string b = 2; }", {}, [("o", "required")]),
    (ONEOF, {}, [("", "message.oneof")]),
    (ONEOF, {"a": "x"}, []),
    (ONEOF, {"a": "x", "b": "xy"}, [("", "message.oneof")]),
    (ONEOF, {"b": "x"}, [("b", "string.len")]),
    # Text and bytes
    (f'string a = 1 [{F}.string.not_contains = "x"];', {"a": "axa"}, [("a", "string.not_contains")]),
    (f'string a = 1 [{F}.string.pattern = "b$"];', {"a": "b\n"}, [("a", "string.pattern")]),
    (f'string a = 1 [{F}.string.pattern = "(?i)^[a-z0-9]+$"];', {"a": "!!"}, [("a", "string.pattern")]),
    (f'bytes a = 1 [{F}.bytes.prefix = "\\231"];', {"a": "mQE="}, []),
    (f'bytes a = 1 [{F}.bytes.suffix = "\\231"];', {"a": "mQE="}, [("a", "bytes.suffix")]),
    (f"string a = 1 [{F}.string.email = true];", {}, [("a", "string.email_empty")]),
    (f"bytes a = 1 [{F}.bytes.ipv4 = true];", {"a": "AAE="}, [("a", "bytes.ipv4")]),
    (HEADER.replace("STRICT", "true"), {"a": "x y"}, [("a", "string.well_known_regex.header_name")]),
    (HEADER.replace("STRICT", "false"), {"a": "x y"}, []),
    # Other types
    (f'google.protobuf.Any a = 1 [{F}.any.in = "x/y"];', {"a": {}}, [("a", "any.in")]),
    (f'google.protobuf.FieldMask a = 1 [{F}.field_mask.in = "b"];', {"a": "b.c,b"}, []),
    (f'google.protobuf.FieldMask a = 1 [{F}.field_mask.not_in = "b"];', {"a": "a,b.c"}, [("a", "field_mask.not_in")]),
    (f'google.protobuf.FieldMask a = 1 [{F}.field_mask.const.paths = "b"];', {"a": "a,b"}, [("a", "field_mask.const")]),
    (f"google.protobuf.Timestamp a = 1 [{F}.timestamp.lt_now = true];", {"a": "2222-02-02T00:00:00Z"}, [("a", "timestamp.lt_now")]),
    (f"google.protobuf.Timestamp a = 1 [{F}.timestamp.within = {{seconds: 60}}];", {"a": "1970-01-01T00:00:00Z"}, [("a", "timestamp.within")]),
    ("Part a = 1; map<string, Part> b = 2;", {"a": {"id": "ab", "part": {}}, "b": {"k": {}}}, [("a.part.id", "string.min_len"), ('b["k"].id', "string.min_len")]),
]  # fmt: skip
NUMBERS = range(len(CASES))
Ways = dict[str, Callable[[int], list[Violation]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of a message for each case."""
    messages = "\n".join(f"message M{number} {{ {body} }}" for number, (body, _, _) in enumerate(CASES))
    with bindings_of(tmp_path_factory.mktemp("validation"), sources("", PART + messages)) as bindings:
        yield bindings


@pytest.fixture(scope="module")
def ways(made: Bindings) -> Ways:
    """The two ways to validate a case's message."""
    validator, module = Validator(Facts(load(made.compilation))), made.module("acme")

    def command(number: int) -> list[Violation]:
        return validator.check(validator.types(made.pool).message(f"acme.M{number}").from_dict(CASES[number][1]))

    return {"bindings": lambda n: getattr(module, f"M{n}").from_dict(CASES[n][1]).validate(), "command": command}


@pytest.mark.parametrize("way", ["bindings", "command"])
@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: f"{n} {CASES[n][0][:50]} {CASES[n][1]}")
def test_answers(ways: Ways, number: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Field and rule of what a message violates are those of protovalidate, whether or not its package is there."""
    official = ways[way](number)
    without(monkeypatch)
    assert [(v.path, v.rule_id) for v in official] == CASES[number][2]
    assert ways[way](number) == official


def test_for_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A violation says whether the key or the value of an entry is meant."""
    body = f"map<string, int32> a = 1 [{F}.map = {{keys: {{string: {{len: 2}}}} values: {{int32: {{gt: 0}}}}}}];"
    with bindings_of(tmp_path, sources(body)) as made:
        message = made.module("acme").Thing(a={"k": 0})
        wanted = [("string.len", True), ("int32.gt", False)]
        assert sorted((v.rule_id, v.for_key) for v in message.validate()) == sorted(wanted)
        without(monkeypatch)
        assert sorted((v.rule_id, v.for_key) for v in message.validate()) == sorted(wanted)


def test_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Violations are in the order of the fields and of the elements, in messages within messages too."""
    body = f"""
    repeated Inner inner = 1;
    map<int32, Inner> at = 2;
    int32 alone = 3 [{F}.int32.gt = 0];
    message Inner {{ int32 z = 1 [{F}.int32.gt = 0]; string a = 2 [{F}.string.min_len = 1]; }}
    """
    with bindings_of(tmp_path, sources(body)) as made:
        thing = made.module("acme").Thing
        inner = [thing.Inner(z=1, a="a") for _ in range(12)]
        inner[2] = inner[10] = thing.Inner()
        message = thing(inner=inner, at={10: thing.Inner(z=1), 9: thing.Inner()})
        wanted = [f"inner[{number}].{name}" for number in (2, 10) for name in "za"]
        wanted += ["at[9].z", "at[9].a", "at[10].a", "alone"]
        assert [v.path for v in message.validate()] == wanted
        without(monkeypatch)
        assert [v.path for v in message.validate()] == wanted


CEL = f'string a = 1 [{F} = {{cel: {{id: "odd" expression: "this == \'x\'"}} string: {{max_len: 2}}}}];'


def test_unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only the package can check is reported without it, or is an error by choice; the rest is checked."""
    with bindings_of(tmp_path, sources(CEL)) as made:
        message = made.module("acme").Thing(a="abc")
        assert [(type(v), v.rule_id) for v in message.validate(unchecked="raise")] == [(Violation, "odd"), (Violation, "string.max_len")]  # fmt: skip
        without(monkeypatch)
        found = {v.rule_id: v for v in message.validate()}
        assert {name: type(v) for name, v in found.items()} == {"string.max_len": Violation, "odd": Unchecked}
        assert (
            str(found["odd"]) == "a: Not checked: that needs the protovalidate package, which is not installed. [odd]"
        )
        with pytest.raises(RuleError, match="a: Not checked"):
            message.validate(unchecked="raise")


@pytest.mark.parametrize("option", ["length", "value", "size"])
def test_unreadable(tmp_path: Path, option: str) -> None:
    """An option whose value cannot be read is reported, not passed over."""
    text = f'syntax = "proto3"; package acme; import "yandex/cloud/validation.proto"; message Thing {{ int32 a = 1 [(yandex.cloud.{option}) = "<=many"]; }}'
    options = (REPOSITORY / "protos/yandex/cloud/validation.proto").read_text()
    with bindings_of(tmp_path, {"acme.proto": text, "yandex/cloud/validation.proto": options}) as made:
        (found,) = made.module("acme").Thing(a=1).validate()
        assert (type(found), found.path, found.rule) == (Unchecked, "a", f"yandex.cloud.{option}")


WRONG = [
    (f"int64 a = 1 [{F}.int32.gt = 1];", "Thing.a"),
    (f"repeated int32 a = 1 [{F}.int32.gt = 1];", "Thing.a"),
    (f"string a = 1 [{F}.timestamp.lt_now = true];", "Thing.a"),
    ('option (buf.validate.message).oneof = {fields: ["nope"]}; string a = 1;', "nope"),
    ('option (buf.validate.message).oneof = {fields: ["a", "a"]}; string a = 1;', "oneof"),
]


@pytest.mark.parametrize(("body", "said"), WRONG)
def test_rules_that_make_no_sense(tmp_path: Path, body: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules for another type, or for fields that are not there, are an error that says where."""
    without(monkeypatch)
    with bindings_of(tmp_path, sources(body)) as made:
        with pytest.raises(RuleError, match=said):
            made.module("acme").Thing().validate()
        validator = Validator(Facts(load(made.compilation)))
        with pytest.raises(SchemaError, match=r"cannot apply the rules of acme\.Thing"):
            validator.check(validator.parse(made.pool, "acme.Thing", "{}"))


PREDEFINED = """syntax = "proto2"; package acme.rules; import "buf/validate/validate.proto";
extend buf.validate.StringRules { optional bool shout = 1001 [(buf.validate.predefined).cel = {id: "shout" expression: "!rule || this == this.upperAscii()"}]; }"""


def test_descriptors_keep_rules(tmp_path: Path) -> None:
    """What bindings give the official package has the rules, those that another file predefines among them."""
    protovalidate = pytest.importorskip("protovalidate")
    tree = sources(f"string a = 1 [{F}.string = {{max_len: 3 [acme.rules.shout]: true}}];")
    tree["acme.proto"] = str(tree["acme.proto"]).replace("package acme;", 'package acme; import "rules.proto";')
    with bindings_of(tmp_path, {**tree, "rules.proto": PREDEFINED.replace("this.upperAscii()", "'X'")}) as made:
        message = made.module("acme").Thing(a="long")
        assert [v.rule_id for v in message.validate()] == ["shout", "string.max_len"]
        found = protovalidate.Validator().collect_violations(message.to_pb())
        assert sorted(v.proto.rule_id for v in found) == ["shout", "string.max_len"]


def test_older_bindings() -> None:
    """Constraints that were generated before work as they did: they say nothing of zero values."""
    file = descriptor_pb2.FileDescriptorProto(name="a.proto", package="acme", syntax="proto3")
    file.message_type.add(name="M").field.add(name="a", number=1, type=9, label=1, json_name="a")
    older = ("a", "length", "field", "buf.validate.field string.min_len", "Longer.", ("3", "", False, False), (), "")
    pool = pool_of_file(file)
    message = RuntimeTypes(pool, lambda name: (older,)).message("acme.M")
    assert message.from_dict({}).validate() == []
    assert [(v.path, v.message) for v in message.from_dict({"a": "x"}).validate()] == [("a", "Longer.")]


def pool_of_file(file: descriptor_pb2.FileDescriptorProto) -> Any:
    """A pool with one file."""
    from google.protobuf.descriptor_pool import DescriptorPool

    pool = DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return pool


def test_message_inside_itself(tmp_path: Path) -> None:
    """A message that contains itself is an error, not an endless loop; the same one twice is fine."""
    with bindings_of(tmp_path, sources("", PART)) as made:
        part = made.module("acme").Part(id="ab")
        assert made.module("acme").Part(id="ab", part=part).validate() == []
        part.part = part
        with pytest.raises(EncodeError, match="part: the message contains itself"):
            part.validate()


HOSTILE = 'syntax = "proto3"; package acme; import "yandex/cloud/validation.proto"; message Thing { string a = 1 [(yandex.cloud.pattern) = "(a+)+b"]; }'


def test_hostile_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No text makes a pattern backtrack: RE2 answers, and without it the pattern is unchecked, not run."""
    options = (REPOSITORY / "protos/yandex/cloud/validation.proto").read_text()
    with bindings_of(tmp_path, {"acme.proto": HOSTILE, "yandex/cloud/validation.proto": options}) as made:
        message = made.module("acme").Thing(a="a" * 100_000 + "!")
        assert [type(v) for v in message.validate()] == [Violation]
        monkeypatch.setitem(sys.modules, "re2", None)
        assert [type(v) for v in message.validate()] == [Unchecked]


def test_optional_packages(tmp_path: Path) -> None:
    """Validation imports RE2 and protovalidate only when there is a rule for them."""
    program = "import toolkit.runtime.validation, sys; print({'re2', 'protovalidate'} & sys.modules.keys())"
    (tmp_path / "ask.py").write_text(program)
    ran = run(cwd=tmp_path, program="ask", env={"PYTHONPATH": str(REPOSITORY)})
    assert ran.text == "set()\n"


def test_unchecked_command(tmp_path: Path) -> None:
    """On the command line, what is not checked is a warning; only what is violated is a finding."""
    write(tmp_path, {**sources(CEL), "shadow/protovalidate.py": "raise ImportError"})
    command = ("validate", "-", "--message", "acme.Thing")
    for content, code in ((b'{"a": "x"}', 0), (b'{"a": "abc"}', 1)):
        ran = run(*command, cwd=tmp_path, stdin=content, env={"PYTHONPATH": str(tmp_path / "shadow")})
        assert (ran.code, ran.text.count("\n")) == (code, code)
        assert "warning: <stdin>: a: Not checked: " in ran.errors
