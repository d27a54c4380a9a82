"""The schemas of the playground are JSON Schema, and the requests of examples are what they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.conftest import REPOSITORY
from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Kind, Message, Method, Schema
from toolkit.semantics.catalog import read_catalog
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import Binding, HttpRequest
from toolkit.targets.examples.examples import Examples
from toolkit.targets.rest.layout import RestLayout
from toolkit.targets.rest.pages import RestReference
from toolkit.targets.rest.style import PRESETS

PARTS = ("path", "query", "body")
WRONG_MAPS = ("site",)
"""Styles that were published with the schema of a value for a map."""
PLAYGROUNDS = [name for name, style in PRESETS.items() if style.playground != "none"]
TREE = """
import "google/api/annotations.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
import "google/api/field_behavior.proto";
service Shelves {
  rpc Put(Book) returns (Book) {
    option (google.api.http) = { put: "/v1/{name=shelves/*}/{place.row}" body: "inner" };
  }
  rpc Look(Book) returns (Book) { option (google.api.http) = { get: "/v1/{name=shelves/**}:look" }; }
  rpc Sort(Book) returns (Book) {
    option (google.api.http) = { post: "/v1/books:sort" body: "*" additional_bindings { put: "/v1/tags" body: "tags" } };
  }
}
message Book {
  string name = 1;
  uint64 size_of = 2;
  float weight = 3;
  Place place = 4;
  message Inner { int32 page = 1; Inner next = 2; map<string, Place> places = 3; google.protobuf.Value value = 4; }
  Inner inner = 5;
  oneof choice { string a = 6; int32 b = 7 [(google.api.field_behavior) = REQUIRED]; }
  repeated string tags = 8;
  repeated int32 marks = 9;
  google.protobuf.DoubleValue price = 10;
  Kind kind = 11;
  optional bool lent = 12;
}
message Place { uint32 row = 1 [(google.api.field_behavior) = REQUIRED]; string column = 2; }
enum Kind { KIND_UNSPECIFIED = 0; PAPER = 1; }
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    """The model of protos/."""
    return load(compile_tree([REPOSITORY / "protos"]))


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """The model of a tree with bindings of other kinds."""
    return schema_of(tmp_path_factory.mktemp("shelves"), {"acme.proto": proto3("acme", TREE)})


def entries(schema: Schema, style: str) -> Iterator[tuple[Method, Binding, dict[str, Any]]]:
    """The methods of a tree with their bindings, and the playground's entry for each."""
    facts = Facts(schema)
    reference = RestReference(facts, read_catalog(REPOSITORY / "catalog.toml"), style=PRESETS[style])
    assert isinstance(reference.layout, RestLayout)
    for service in schema.requested_services():
        for method in reference.layout.methods(service):
            matter = yaml.safe_load(reference.method_page(method).split("\n---\n")[0])
            bindings = facts.http(method).bindings
            for binding, entry in zip(bindings, matter["apiPlayground"], strict=True):
                yield method, binding, entry


def value(text: str, kind: str) -> Any:
    """A parameter as the playground has it."""
    if kind in ("bool", "google.protobuf.BoolValue"):
        return text == "true"
    if re.search(r"32$|32Value$", kind):
        return int(text)
    return float(text) if re.search(r"float|double|FloatValue|DoubleValue", kind) else text


def nested(parameters: list[tuple[str, str]], message: Message, schema: Schema) -> dict[str, Any]:
    """Parameters by name as an object, with an object for each message."""
    made: dict[str, Any] = {}
    for name, text in parameters:
        holder, inside = message, made
        *outer, last = name.split(".")
        for key in outer:
            found = next(field for field in holder.fields if field.json_name == key)
            holder, inside = schema.message(found.type.name), inside.setdefault(key, {})
        found = next(field for field in holder.fields if field.json_name == last)
        one = text if found.type.kind is Kind.ENUM else value(text, found.type.name)
        if found.repeated:
            inside.setdefault(last, []).append(one)
        else:
            inside[last] = one
    return made


def in_path(binding: Binding, request: HttpRequest, example: dict[str, Any]) -> list[tuple[str, str]]:
    """The parameters of the path, by name; those in nested messages have no entry in the schema."""
    names = [name for name in binding.path_fields if "." not in name]
    fields = [field for field in binding.message.fields if field.name in names]
    found = [(field.json_name, str(example[field.json_name])) for field in fields]
    assert all(text in unquote(request.path) for _, text in found)
    return found


def invalid(schema: Schema, style: str) -> Iterator[str]:
    """The parts of example requests that are not what the playground's schema says."""
    examples = Examples(Facts(schema))
    for method, binding, entry in entries(schema, style):
        example = examples.request(method)
        request = binding.request(example)
        if not isinstance(request, HttpRequest):
            continue  # another binding is for other values
        values = {
            "path": nested(in_path(binding, request, example), binding.message, schema),
            "query": nested(list(request.query), binding.message, schema),
            "body": request.body,
        }
        for part in PARTS:
            if entry[part] is None:
                if values[part] and values[part] != request.body:
                    yield f"{method.full_name} has no {part}, and {values[part]}"
                continue
            whole = {**entry[part], "definitions": entry["definitions"] or {}}
            for error in Draft7Validator(whole).iter_errors(values[part]):
                yield f"{method.full_name} {part} {error.json_path}: {error.message}"


@pytest.mark.parametrize("style", [name for name in PLAYGROUNDS if name not in WRONG_MAPS])
def test_own_examples(schema: Schema, style: str) -> None:
    """Every part of the example request of an own method is valid against its schema."""
    assert list(invalid(schema, style)) == []


def test_other_bindings(shelves: Schema) -> None:
    """So is every part of requests with patterns, with one field as their body, and with other types of fields."""
    assert list(invalid(shelves, "plain")) == []


@pytest.mark.parametrize("style", PLAYGROUNDS)
def test_entries(schema: Schema, style: str) -> None:
    """Own pages have valid JSON Schema for all three parts, and each definition is one that something refers to."""
    seen = set()
    for method, _, entry in entries(schema, style):
        seen |= {part for part in PARTS if entry[part] is not None}
        for part in filter(None, map(entry.get, PARTS)):
            Draft7Validator.check_schema({**part, "definitions": entry["definitions"] or {}})
        used = set(re.findall(r"#/definitions/([\w.]+)", str(entry)))
        assert used == set(entry["definitions"] or ()), method.full_name
    assert seen == set(PARTS)


@pytest.mark.parametrize(
    "wrong", [{"name": 7}, {"name": "shelves/1", "shelf": "1"}, {}], ids=["type", "unknown", "absent"]
)
def test_refused(shelves: Schema, wrong: dict[str, Any]) -> None:
    """A value of another type, a parameter that does not exist, and one that is missing are refused."""
    path = next(entry["path"] for method, _, entry in entries(shelves, "plain") if method.name == "Look")
    assert not Draft7Validator(path).is_valid(wrong)
    assert Draft7Validator(path).is_valid({"name": "shelves/1"})
