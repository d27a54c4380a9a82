"""Hand-written examples and pinned values: used where they are of their message, named where they are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator
from toolkit.targets.examples.examples import Examples


def block(text: str, indent: str = "") -> str:
    """A comment with a fenced JSON block, which begins on the comment's third line."""
    lines = ["Words.", "", "```json", *text.splitlines(), "```"]
    return "".join(f"{indent}// {line}".rstrip() + "\n" for line in lines)


def examples(folder: Path, body: str, pins: dict[str, Any] | None = None) -> Examples:
    """The examples of a tree of one file."""
    compilation = compile_tree([write(folder, {"acme.proto": proto3("acme", body)})])
    assert not compilation.diagnostics, compilation.diagnostics
    classes = DynamicClasses(compilation)
    return Examples(Facts(load(compilation)), pins=pins or {}, classes=lambda: classes)


def request(made: Examples) -> dict[str, Any]:
    """The example request of the only method."""
    (method,) = made.schema.methods.values()
    return made.request(method)


BUCKET = "message Bucket { string name = 1; int32 size = 2; Bucket parent = 3; repeated string tags = 4; }\n"
SERVICE = "service Buckets { rpc Put(Bucket) returns (Done); }\nmessage Done { bool ok = 1; }\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON: Expecting property name"),
        ("[1]", "not a JSON object"),
        ('"name"', "not a JSON object"),
        ('{"nmae": "x"}', 'has no field named "nmae"'),
        ('{"size": "many"}', "Failed to parse size field"),
        ('{"size": NaN}', "NaN is not a JSON number"),
        ('{"name": "\\ud800"}', "Unpaired surrogate"),
        ('{"parent": ' * 60 + "{}" + "}" * 60, "nested more than 40 levels deep"),
        ("[" * 100_000, "not JSON: "),
        ("9" * 5000, "not JSON: "),
    ],
)
def test_message(tmp_path: Path, text: str, said: str) -> None:
    """A block that is not of its message is a problem with file and line, and the generated example is used."""
    made = examples(tmp_path, f"{block(text)}{BUCKET}{SERVICE}")
    assert request(made)["name"] == "my-bucket"
    (diagnostic,) = made.diagnostics()
    assert said in diagnostic.message
    assert diagnostic.message.startswith("the JSON example of acme.Bucket is ")
    assert str(diagnostic.location) == "acme.proto:5"
    assert ("`jsonc` or `text`" in diagnostic.hint) == (" is not JSON: " in diagnostic.message or "NaN" in said)


@pytest.mark.parametrize("language", ["jsonc", "text"])
def test_not_an_example(language: str, tmp_path: Path) -> None:
    """A block with comments can be marked as what it is, as the warning says, and is no longer read as an example."""
    comment = block('{"name": "x"} // The name.').replace("```json", f"```{language}")
    made = examples(tmp_path, f"{comment}{BUCKET}{SERVICE}")
    assert request(made)["name"] == "my-bucket"
    assert made.diagnostics() == []


def test_field(tmp_path: Path) -> None:
    """A field's block is held against the field's type; the line is that of the block."""
    parts = [
        '{"a": 1}',
        "string text = 1",
        '[1, "2"]',
        "repeated int64 ids = 2",
        '{"name": "by hand"}',
        "Bucket bucket = 3",
    ]
    fields = "".join(f"{block(text, '  ')}  {field};\n" for text, field in zip(parts[::2], parts[1::2], strict=True))
    made = examples(
        tmp_path, f"message Thing {{\n{fields}}}\n{BUCKET}service Things {{ rpc Put(Thing) returns (Bucket); }}"
    )
    assert request(made) == {"text": "An example thing", "ids": [1, "2"], "bucket": {"name": "by hand"}}
    (diagnostic,) = made.diagnostics()
    assert "acme.Thing.text" in diagnostic.message
    assert str(diagnostic.location) == "acme.proto:6"


@pytest.mark.parametrize(
    ("text", "by_hand"), [('{"name": "asked"}', "request"), ('{"ok": false}', "response"), ('{"x": 1}', "")]
)
def test_method(tmp_path: Path, text: str, by_hand: str) -> None:
    """A method's block is its request or its response, whichever it parses as; neither is a problem."""
    service = f"service Buckets {{\n{block(text)}rpc Put(Bucket) returns (Done);\n}}\nmessage Done {{ bool ok = 1; }}\n"
    made = examples(tmp_path, BUCKET + service)
    (method,) = made.schema.methods.values()
    shown = {"request": made.request(method), "response": made.response(method)}
    assert [form for form, value in shown.items() if value == json.loads(text)] == [by_hand] * bool(by_hand)
    assert [str(p.location) for p in made.diagnostics()] == ([] if by_hand else ["acme.proto:7"])


def test_second_block(tmp_path: Path) -> None:
    """Of several blocks the first that parses is used; the one before it is named."""
    good = block('{"name": "good"}')
    made = examples(tmp_path, f"{block('{')}{good}{BUCKET}{SERVICE}")
    assert request(made) == {"name": "good"}
    assert len(made.diagnostics()) == 1


@pytest.mark.parametrize("key", ["acme.Bucket.size", "Bucket.size", "size"])
def test_pin_of_wrong_type(tmp_path: Path, key: str) -> None:
    """A pinned value that its field cannot hold is a problem that names the field, and is not used."""
    made = examples(tmp_path, BUCKET + SERVICE, {key: "large"})
    example = request(made)
    assert isinstance(example["size"], int)
    (diagnostic,) = made.diagnostics()
    assert "the value pinned for acme.Bucket.size is not a acme.Bucket" in diagnostic.message
    assert "toolkit.toml" in diagnostic.hint


def test_command(tmp_path: Path) -> None:
    """On the command line a bad block is a warning, exit code 0, and what is written parses and holds."""
    text = proto3("acme", f"{block('{')}{BUCKET}{SERVICE}")
    ran = run("generate", "examples", cwd=write(tmp_path, {"acme.proto": text}))
    assert ran.code == 0
    assert "warning: acme.proto:5: the JSON example of acme.Bucket is not JSON" in ran.errors
    compilation = compile_tree([tmp_path])
    content = (tmp_path / "build/examples/acme/Buckets/put.request.json").read_text()
    assert Validator(Facts(load(compilation))).check(DynamicClasses(compilation).parse("acme.Bucket", content)) == []
    printed = run("example", "acme.Buckets.Put", cwd=tmp_path)
    assert (printed.code, printed.text) == (0, content)
    assert "warning: acme.proto:5: " in printed.errors
