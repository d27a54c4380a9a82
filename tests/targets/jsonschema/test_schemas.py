"""JSON Schemas accept what parsers and printers of the official runtime do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses

TREE = """
message M {
  int32 small = 1; int64 large_one = 2; uint32 count = 3; double ratio = 4; bool is_on = 5; bytes data = 6;
  Kind kind = 7; repeated Kind kinds = 8; map<int32, M> by_number = 9; map<bool, string> by_flag = 10;
  oneof choice { string a = 11; M b = 12; }
  google.protobuf.Timestamp at = 13; google.protobuf.Duration within = 14; google.protobuf.FieldMask mask = 15;
  google.protobuf.Struct free = 16; google.protobuf.Value any_value = 17; google.protobuf.ListValue list = 18;
  google.protobuf.Int64Value wrapped = 19; google.protobuf.Empty nothing = 20; google.protobuf.NullValue null = 21;
  optional string maybe = 22; float odd = 23 [json_name = "strange"];
}
enum Kind { NONE = 0; ONE = 1; }
"""
IMPORTS = [
    f"google/protobuf/{name}.proto" for name in ("timestamp", "duration", "field_mask", "struct", "wrappers", "empty")
]
PARSED: list[dict[str, Any]] = [
    {},
    {"small": 1, "largeOne": "7", "count": 2, "ratio": 0.5, "isOn": True, "data": "QQ==", "kind": "ONE"},
    {"small": "1", "large_one": 7, "count": "2", "ratio": "NaN", "kind": 1, "kinds": ["ONE", 0]},
    {"byNumber": {"1": {"small": 2}}, "byFlag": {"true": "x"}},
    {"at": "2026-01-02T03:04:05Z", "within": "1.5s", "mask": "aB,c", "free": {"x": [None]}, "anyValue": None},
    {"wrapped": "9", "nothing": {}, "null": None, "maybe": "", "strange": 1.5, "list": [1, "a"]},
    {"wrapped": None, "maybe": None, "small": None, "kinds": None},
    {"a": "x"},
    {"b": {"b": {"a": "y"}}},
]
REFUSED: list[dict[str, Any]] = [
    {"small": "x"},
    {"small": 1.5},
    {"count": -1},
    {"ratio": "much"},
    {"isOn": "true"},
    {"kind": "TWO"},
    {"kinds": "ONE"},
    {"byNumber": {"x": {}}},
    {"byFlag": {"yes": "x"}},
    {"a": "x", "b": {}},
    {"at": 5},
    {"free": []},
    {"nothing": 1},
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with protos."""
    return write(tmp_path_factory.mktemp("tree"), {"protos/a.proto": proto3("acme", TREE, *IMPORTS)})


@pytest.fixture(scope="module")
def classes(tree: Path) -> DynamicClasses:
    """The message classes of the official runtime."""
    return DynamicClasses(compile_tree([tree / "protos"]))


def validator(tree: Path, **settings: Any) -> Draft202012Validator:
    """What validates M by the schemas that these settings make."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (tree / "toolkit.toml").write_text("\n".join(['proto_path = ["protos"]', "[jsonschema]", 'out = "out"', *lines]))
    ran = run("generate", "jsonschema", cwd=tree)
    assert ran.code == 0, ran.errors
    found = {path.name: json.loads(path.read_text()) for path in (tree / "out").glob("*.json")}
    for schema in found.values():
        Draft202012Validator.check_schema(schema)
    registry = Registry().with_resources((schema["$id"], Resource(schema, DRAFT202012)) for schema in found.values())
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(found["acme.M.schema.json"], registry=registry, format_checker=checker)


@pytest.mark.parametrize("bundle", [True, False])
def test_parsed(tree: Path, classes: DynamicClasses, bundle: bool) -> None:
    """What a parser reads is valid, what it refuses is not; alone or in a bundle."""
    found = validator(tree, accepts="parsed", bundle=bundle, base="https://acme.example/")
    for value in PARSED:
        classes.parse("acme.M", json.dumps(value))
        assert not [*found.iter_errors(value)], value
    for value in REFUSED:
        with pytest.raises(json_format.ParseError):
            json_format.Parse(json.dumps(value), classes.get("acme.M")())
        assert not found.is_valid(value), value


@pytest.mark.parametrize("names", ["json", "proto"])
def test_printed(tree: Path, classes: DynamicClasses, names: str) -> None:
    """What a printer writes is valid, by either names of fields, with and without zero values."""
    found = validator(tree, field_names=names, strict=True)
    for value in PARSED:
        message = classes.parse("acme.M", json.dumps(value))
        for is_full in (True, False):
            printed = json_format.MessageToDict(
                message,
                preserving_proto_field_name=names == "proto",
                always_print_fields_with_no_presence=is_full,
            )
            assert not [*found.iter_errors(printed)] or "NaN" in str(printed), printed
    assert not found.is_valid({"small": "1"})
    assert not found.is_valid({"unknown": 1})


def test_chosen(tree: Path) -> None:
    """Of a service, the messages that it needs are written."""
    body = "service S { rpc Do(A) returns (B); } message A { C c = 1; } message B {} message C {} message D {}"
    write(tree, {"protos/b.proto": proto3("other", body)})
    ran = run("generate", "jsonschema", "other.S", "--out", "chosen", cwd=tree)
    assert ran.code == 0, ran.errors
    names = sorted(path.name for path in (tree / "chosen").iterdir())
    assert names == ["other.A.schema.json", "other.B.schema.json", "other.C.schema.json"]


def test_wrong_setting(tree: Path) -> None:
    """A value that a setting does not have is an error that says which there are."""
    ran = run("generate", "jsonschema", "--accepts", "all", cwd=tree)
    assert ran.code == 2
    assert "[jsonschema] accepts cannot be 'all'\n  one of: printed, parsed" in ran.errors
