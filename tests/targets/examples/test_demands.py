"""Options that demand what no example can have: the field is left out with a warning, and nothing hangs or ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.semantics.test_protovalidate import of, sources
from tests.support.protos_of import write
from tests.support.repository import REPOSITORY
from tests.targets.examples.test_examples import of as plain_of
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator
from toolkit.targets.examples.examples import Examples

F = "(buf.validate.field)"
Y = '(yandex.cloud.%s) = "%s"'
IMPOSSIBLE = [
    ("string", Y % ("length", ">=1e999999999")),
    ("string", Y % ("length", ">=1000000000")),
    ("string", Y % ("length", ">=100001")),
    ("bytes", Y % ("length", ">=1e999999999")),
    ("int64", Y % ("value", ">=1e999999999")),
    ("double", Y % ("value", ">=1e999999999")),
    ("float", Y % ("value", ">=1e39")),
    ("google.protobuf.Duration", Y % ("value", ">=1e999999999")),
    ("google.protobuf.Duration", Y % ("value", ">=99999999999999999999h")),
    ("google.protobuf.Timestamp", Y % ("value", ">=1e999999999")),
    ("repeated string", Y % ("size", ">=1e999999999")),
    ("map<string, string>", "(yandex.cloud.map_key).length = \">=1000000000\""),
    ("map<int32, string>", "(yandex.cloud.map_key).value = \">=1e999999999\""),
    ("string", f"{F}.string.min_len = 10000000000"),
    ("bytes", f"{F}.bytes.min_len = 10000000000"),
    ("double", f"{F}.double = {{in: [inf]}}"),
    ("double", f"{F}.double = {{gt: 1, in: [nan]}}"),
    ("double", f"{F}.double.const = nan"),
    ("double", f"{F}.double.gt = inf"),
    ("google.protobuf.Duration", f"{F}.duration.gte = {{seconds: 9000000000000}}"),
    ("google.protobuf.Timestamp", f"{F}.timestamp.gt = {{seconds: 9000000000000}}"),
]  # fmt: skip


def test_impossible(tmp_path: Path) -> None:
    """A bound that nothing reaches leaves the field out, with a warning at the field; the rest is there."""
    body = "\n".join(f"{kind} f{number} = {number} [{option}];" for number, (kind, option) in enumerate(IMPOSSIBLE, 1))
    tree = sources(f"string name = 99;\n{body}")
    tree["acme.proto"] = str(tree["acme.proto"]).replace(
        "package acme;", 'package acme; import "yandex/cloud/validation.proto";'
    )
    tree["yandex/cloud/validation.proto"] = (REPOSITORY / "protos/yandex/cloud/validation.proto").read_text()
    compilation = compile_tree([write(tmp_path, tree)])
    assert not compilation.diagnostics
    schema = load(compilation)
    examples = Examples(Facts(schema), classes=lambda: DynamicClasses(compilation))
    assert examples.request(schema.methods["acme.Things.Put"]) == {"name": "my-thing"}
    said = {d.message: d.location for d in examples.diagnostics()}
    for field in schema.message("acme.Thing").fields[1:]:
        assert (
            said[f"could not generate an example for {field.full_name} that satisfies its constraints"]
            == field.location
        )


REACHED = [
    ("string a = 1 [(buf.validate.field).string.min_len = 3000];", 3000),
    ("string a = 1 [(buf.validate.field).string.max_len = 10000000000];", 8),
    ('bytes a = 1 [(buf.validate.field).bytes = {prefix: "\\231\\001" len: 7}];', 12),
    ("repeated string a = 1 [(buf.validate.field).repeated.min_items = 300];", 300),
]  # fmt: skip


@pytest.mark.parametrize(("body", "length"), REACHED)
def test_reached(tmp_path: Path, body: str, length: int) -> None:
    """What can be reached is."""
    schema, _ = of(tmp_path, body)
    examples = Examples(Facts(schema))
    assert len(examples.request(schema.methods["acme.Things.Put"])["a"]) >= length
    assert examples.diagnostics() == []


HOLDING = [
    'option (buf.validate.message).oneof = {fields: ["a", "b"] required: true}; string a = 1; string b = 2;',
    "int32 a = 1 [(buf.validate.field).int32 = {gt: 10 lt: 5}];",
    'google.protobuf.FieldMask a = 1 [(buf.validate.field).field_mask.in = "b_c"]; string b_c = 2; string d = 3;',
    'google.protobuf.FieldMask a = 1 [(buf.validate.field).field_mask.const.paths = "d"]; string b = 2; string d = 3;',
    'string a = 1 [(buf.validate.field).string = {suffix: ".tar.gz", len: 20}];',
    'bytes a = 1 [(buf.validate.field).bytes = {suffix: "\\231", len: 20}];',
    "google.protobuf.Timestamp a = 1 [(buf.validate.field).timestamp.gt_now = true];",
]  # fmt: skip


@pytest.mark.parametrize("body", HOLDING)
def test_holding(tmp_path: Path, body: str) -> None:
    """Rules about more than one value can be met, too: alternatives, what is outside of a range, paths."""
    schema, classes = of(tmp_path, body)
    examples = Examples(Facts(schema))
    example = examples.request(schema.methods["acme.Things.Put"])
    assert "a" in example
    assert examples.diagnostics() == []
    validator = Validator(Facts(schema))
    assert validator.check(validator.parse(classes.pool, "acme.Thing", json.dumps(example))) == []


def test_rule_that_does_not_compile(tmp_path: Path) -> None:
    """A CEL expression that makes no sense is a warning with a location, and the example is there."""
    schema, classes = of(tmp_path, 'string a = 1 [(buf.validate.field).cel = {id: "x" expression: "nope("}];')
    examples = Examples(Facts(schema), classes=lambda: classes)
    assert "a" in examples.request(schema.methods["acme.Things.Put"])
    (diagnostic,) = examples.diagnostics()
    assert diagnostic.message.startswith("the example of acme.Thing cannot be checked: ")
    assert (diagnostic.location.file, "\n" in diagnostic.message) == ("acme.proto", False)


def test_hinted_infinity(tmp_path: Path) -> None:
    """A number that a comment names is not an example where JSON has no such number."""
    source = "message M {\n// For example, `inf`.\ndouble a = 1;\n}\nservice S { rpc Do(M) returns (M); }"
    schema, classes = plain_of(tmp_path, source)
    example = Examples(Facts(schema)).request(schema.methods["acme.S.Do"])
    classes.parse("acme.M", json.dumps(example, allow_nan=False))
