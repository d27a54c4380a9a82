"""What counts as a message for `toolkit validate`: ProtoJSON as the bindings read it, whatever fields are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.errors import InputError, LookupFailed
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator

TREE = proto3(
    "acme",
    """
import "google/protobuf/struct.proto"; import "google/protobuf/field_mask.proto"; import "google/protobuf/any.proto";
import "google/protobuf/timestamp.proto";
enum Color { NONE = 0; RED = 1; }
message Box {
  Color color = 1; repeated Color colors = 2; int32 count = 3; double size = 4; bytes raw = 5;
  google.protobuf.FieldMask mask = 6; google.protobuf.NullValue none = 7; repeated google.protobuf.NullValue nones = 8;
  repeated google.protobuf.Value values = 9; map<string, google.protobuf.NullValue> table = 10; google.protobuf.Any any = 11;
}
message Odd {
  repeated string HasField = 1; Odd inner = 2; string DESCRIPTOR = 3; string validate = 4; string f1 = 5; bytes to_bytes = 6;
  oneof __codec__ { string FromString = 7; string self = 8; }
  string None = 9; string __class__ = 10; string o0 = 11;
}
""",
)
MESSAGES = [
    "{}",
    '{"nones": [null, null], "none": null, "table": {"a": null}}',
    '{"values": [null], "colors": null}',
    '{"color": "RED", "colors": [1, 17], "size": "-Infinity", "count": "1e2", "raw": "_-8"}',
    '{"any": {"@type": "type.googleapis.com/acme.Box", "count": 1}}',
    '{"any": {"@type": "type.googleapis.com/google.protobuf.Timestamp", "value": "1970-01-01T00:00:00Z"}}',
]
OTHERS = [
    "[]", '""', "null", "3", "true", '{"color": true}', '{"color": 1.5}', '{"colors": ["1"]}', '{"colors": [null]}',
    '{"size": "inf"}', '{"size": " 1"}', '{"size": NaN}', '{"count": "01"}', '{"count": 01}', '{"count": " 1"}',
    '{"count": true}', '{"raw": "A QI="}', '{"raw": "A"}', '{"mask": "foo_bar"}', '{"count": 1, "count": 2}',
    '{"any": {"@type": "type.googleapis.com/acme.Nope"}}', '{"any": {"@type": "acme.Box"}}', '{"nope": 1}', "{", "",
]  # fmt: skip
ODD = [
    '{"HasField": ["a"], "inner": {"DESCRIPTOR": "x", "inner": {}}, "validate": "a", "to_bytes": "QQ=="}',
    '{"FromString": "x", "None": "a", "__class__": "b", "f1": "c", "o0": "d"}',
    '{"self": "x"}',
]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Reads a text as a message of the tree, and validates it."""
    compilation = compile_tree([write(tmp_path_factory.mktemp("strict"), {"acme.proto": TREE})])
    assert not compilation.diagnostics
    validator, pool = Validator(Facts(load(compilation))), DynamicClasses(compilation).pool
    return lambda name, text: validator.check(validator.parse(pool, name, text, "x.json"))


@pytest.mark.parametrize(("name", "text"), [*(("acme.Box", t) for t in MESSAGES), *(("acme.Odd", t) for t in ODD)])
def test_messages(name: str, text: str, read: object) -> None:
    """What ProtoJSON allows is read, also where fields are called as methods and attributes are."""
    assert read(name, text) == []  # type: ignore[operator]


@pytest.mark.parametrize("text", OTHERS)
def test_others(text: str, read: object) -> None:
    """Anything but ProtoJSON of the message is refused, with the file."""
    with pytest.raises(InputError) as error:
        read("acme.Box", text)  # type: ignore[operator]
    assert error.value.location is not None
    assert error.value.location.file == "x.json"


def test_well_known(read: object) -> None:
    """A well-known type has its own form, and a message that is not there is an error."""
    assert read("google.protobuf.Timestamp", '"1970-01-01T00:00:00Z"') == []  # type: ignore[operator]
    with pytest.raises(InputError, match="not a google"):
        read("google.protobuf.Timestamp", "{}")  # type: ignore[operator]
    with pytest.raises(LookupFailed, match="there is no message"):
        read("acme.Nope", "{}")  # type: ignore[operator]


def test_command(tmp_path: Path) -> None:
    """The command says so with exit code 2, and accepts what is a message."""
    write(tmp_path, {"protos/acme.proto": TREE})
    for content, code in ((b"[]", 2), (b'{"nones": [null]}', 0)):
        ran = run("validate", "-", "--message", "acme.Box", "--proto-path", "protos", cwd=tmp_path, stdin=content)
        assert (ran.code, ran.output) == (code, b"")
