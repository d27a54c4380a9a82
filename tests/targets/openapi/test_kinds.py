"""What documents say of every kind of binding, field, enum and setting."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

import toolkit
from tests.support.protos_of import proto3, schema_of
from tests.support.repository import REPOSITORY
from tests.targets.openapi.documents import (
    IMPORTS,
    Document,
    document_of,
    documents_of,
    examples,
    operation,
    operations,
    validator_of,
)

KINDS = """
import "google/api/field_info.proto";
service S {
  rpc A(M) returns (M) { option (google.api.http) = {
    get: "/v1/{name=workspace/settings/*}"
    additional_bindings { get: "/v1/payment-rails/{name}" }
    additional_bindings { get: "/.well-known/x" }
    additional_bindings { get: "/{name=**}" }
    additional_bindings { post: "/v1:watch" body: "*" }
    additional_bindings { get: "/v1/n/{num}/{e}/{raw}" }
    additional_bindings { custom { kind: "HEAD" path: "/v1/head" } }
    additional_bindings { custom { kind: "OPTIONS" path: "/v1/head" } }
    additional_bindings { custom { kind: "LOCK" path: "/v1/head" } }
    additional_bindings { delete: "/v1/head" body: "*" }
  }; }
  rpc Up(stream M) returns (stream M) { option (google.api.http) = { post: "/up" body: "*" }; }
  rpc Raw(google.api.HttpBody) returns (google.api.HttpBody) { option (google.api.http) = { post: "/raw" body: "*" }; }
  rpc Pathed(P) returns (google.protobuf.Empty) { option (google.api.http) = { post: "/p/{id}" body: "*" }; }
  rpc Part(Q) returns (Q) { option (google.api.http) = { post: "/q" body: "m" response_body: "m" }; }
  rpc Old(P) returns (P) { option deprecated = true; option (google.api.http) = { get: "/old" }; }
}
service Past { option deprecated = true; rpc Old(P) returns (P) { option (google.api.http) = { get: "/past" }; } }
message P { string id = 1 [(google.api.field_behavior) = REQUIRED]; }
message Q { google.api.HttpBody raw = 1; M m = 2; }
message M {
  string name = 1; int64 num = 2; E e = 3; bytes raw = 4;
  string ip = 5 [(google.api.field_info).format = IPV4]; string u = 6 [(google.api.field_info).format = UUID4];
  repeated string l = 7 [(google.api.field_behavior) = UNORDERED_LIST];
  One one = 8 [(google.api.field_behavior) = NON_EMPTY_DEFAULT, (google.api.field_behavior) = IMMUTABLE];
  google.protobuf.StringValue w = 9; optional M self = 10; optional string o = 11; map<int64, One> map = 13;
  oneof k { string ka = 14; string kb = 15; string kc = 16; } oneof j { int32 ja = 17; int32 jb = 18; } double d = 20;
}
enum E {
  option allow_alias = true;
  Z = 0;  // Nothing.
  // (-- Ask Ann. --)
  A1 = 1;
  A2 = 1;
}
enum One { ONLY = 0; }
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The document of all kinds."""
    return document_of(tmp_path_factory.mktemp("kinds"), KINDS)


def _body(of: Any) -> Any:
    (content,) = of["content"].items()
    return content[0], content[1]["schema"]


def _of_m(document: Document) -> Any:
    return document["components"]["schemas"]["acme.v1.M"]


def test_templates(document: Document) -> None:
    """Literals stay, whatever they look like; parameters are declared, with the type of their field."""
    validate(document)
    found = {one["operationId"]: (path, verb) for path, verb, one in operations(document)}
    assert found == {
        "S_A": ("/v1/workspace/settings/{settingsId}", "get"),
        "S_A_1": ("/v1/payment-rails/{name}", "get"),
        "S_A_2": ("/.well-known/x", "get"),
        "S_A_3": ("/{name}", "get"),
        "S_A_4": ("/v1:watch", "post"),
        "S_A_5": ("/v1/n/{num}/{e}/{raw}", "get"),
        "S_A_6": ("/v1/head", "head"),
        "S_A_7": ("/v1/head", "options"),
        "S_A_9": ("/v1/head", "delete"),
        "S_Up": ("/up", "post"),
        "S_Raw": ("/raw", "post"),
        "S_Pathed": ("/p/{id}", "post"),
        "S_Part": ("/q", "post"),
        "S_Old": ("/old", "get"),
        "Past_Old": ("/past", "get"),
    }
    in_path = [one for one in operation(document, "S_A_5")["parameters"] if one["in"] == "path"]
    assert [one["schema"] for one in in_path] == [
        {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"},
        {"$ref": "#/components/schemas/acme.v1.E"},
        {"type": "string", "format": "byte", "contentEncoding": "base64"},
    ]
    many = operation(document, "S_A_3")["parameters"][0]
    assert many["description"] == "It may contain slashes, and may be empty."
    assert many["schema"] == {"type": "string"}


def test_head(document: Document) -> None:
    """What answers a HEAD request has no content."""
    assert operation(document, "S_A_6")["responses"] == {
        "200": {"description": "OK"},
        "default": {"description": "An error."},
    }
    assert "content" in operation(document, "S_A_7")["responses"]["200"]


def test_problems(tmp_path: Path) -> None:
    """A verb that OpenAPI lacks is left out, and a body that clients do not send is kept; both are said."""
    schema = schema_of(tmp_path, {"a.proto": proto3("acme.v1", KINDS, *IMPORTS)})
    maker = documents_of(schema)
    maker.document([*schema.requested_services()])
    assert [problem.message for problem in maker.problems] == [
        "acme.v1.S.A is left out: OpenAPI has no verb LOCK",
        "acme.v1.S.A has a body, which many clients do not send with DELETE",
    ]


def test_bodies(document: Document) -> None:
    """A body is required unless it is a field that is not; any type and streams have their form."""
    message = {"$ref": "#/components/schemas/acme.v1.M"}
    assert _body(operation(document, "S_Up")["requestBody"]) == (
        "application/json",
        {"type": "array", "items": message},
    )
    assert _body(operation(document, "S_Raw")["requestBody"]) == ("*/*", {})
    assert _body(operation(document, "S_Raw")["responses"]["200"]) == ("*/*", {})
    assert "requestBody" not in operation(document, "S_Pathed")
    part = operation(document, "S_Part")
    assert _body(part["requestBody"]) == _body(part["responses"]["200"]) == ("application/json", message)
    assert part["requestBody"]["required"] is False
    assert operation(document, "S_A_4")["requestBody"]["required"] is True
    assert operation(document, "S_A_9")["requestBody"]["required"] is True


def test_examples(document: Document) -> None:
    """Every example is what its schema describes, also where the field of a path has several forms."""
    found = [*examples(document)]
    assert [where for where, _, _ in found if where == "S_Part response"]
    for where, schema, value in found:
        assert validator_of(schema, document).is_valid(value), where


def test_deprecated(document: Document) -> None:
    """Operations are deprecated with their method or their service."""
    assert {one["operationId"] for _, _, one in operations(document) if one.get("deprecated")} == {"S_Old", "Past_Old"}


def test_fields(document: Document) -> None:
    """How fields behave is in words unless a keyword says it; map keys, formats and oneofs are keywords."""
    properties = _of_m(document)["properties"]
    assert properties["l"]["description"] == "Unordered list."
    assert properties["one"]["description"] == "Non-empty default.\n\nImmutable."
    assert (properties["ip"]["format"], properties["u"]["format"]) == ("ipv4", "uuid")
    assert properties["map"]["propertyNames"] == {"pattern": "^-?[0-9]+$"}
    assert properties["d"] == {"type": "number", "format": "double"}
    assert _of_m(document)["x-oneof"] == {"k": ["ka", "kb", "kc"], "j": ["ja", "jb"]}
    assert "additionalProperties" not in _of_m(document)
    valid = validator_of(_of_m(document), document).is_valid
    assert [valid(dict.fromkeys(names, "")) for names in ((), ("ka",), ("ka", "kc"))] == [True, True, False]
    assert [valid({"ka": "", "ja": 1}), valid({"ja": 1, "jb": 1})] == [True, False]


def test_enums(document: Document) -> None:
    """All names are there, aliases included; what is internal is not."""
    found = document["components"]["schemas"]
    assert found["acme.v1.E"]["enum"] == ["Z", "A1", "A2"]
    assert found["acme.v1.E"]["description"] == "- `Z`: Nothing.\n- `A1`\n- `A2`"
    assert found["acme.v1.One"] == {"title": "One", "type": "string", "enum": ["ONLY"]}


@pytest.mark.parametrize(
    ("nullable", "wanted"),
    [("none", (False, False, False)), ("wrappers", (True, False, False)), ("presence", (True, True, True))],
)
def test_nullable(tmp_path: Path, nullable: str, wanted: tuple[bool, ...]) -> None:
    """A setting says whether wrappers, and other fields with presence, can be null."""
    found = document_of(tmp_path, KINDS, nullable=nullable)
    valid = validator_of(_of_m(found), found).is_valid
    assert tuple(valid({name: None}) for name in ("w", "o", "self")) == wanted


def test_strict(tmp_path: Path) -> None:
    """Unknown members can be refused, and numbers of enum values allowed."""
    found = document_of(tmp_path, KINDS, strict_=True, enum_numbers=True)
    valid = validator_of(_of_m(found), found).is_valid
    assert [valid({"unknown": 1}), valid({"e": 1}), valid({"e": "A2"})] == [False, True, True]


def test_unbound(tmp_path: Path) -> None:
    """A method without a binding is an operation only if a setting says so; without one, there is no document."""
    body = "service S { rpc Do(M) returns (M); } message M { string a = 1; }"
    assert not document_of(tmp_path / "a", body)["paths"]
    found = document_of(tmp_path / "b", body, unbound=True)
    assert [(path, verb) for path, verb, _ in operations(found)] == [("/acme.v1.S/Do", "post")]


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
def test_without_extensions(tmp_path: Path, version: str) -> None:
    """With the setting, no keyword begins with x-."""
    assert "'x-" not in str(document_of(tmp_path, KINDS, extensions=False, version=version))


def test_extensions_are_documented() -> None:
    """The guide lists the keywords that begin with x-."""
    guide = (REPOSITORY / "site/guide/openapi.md").read_text()
    targets = Path(toolkit.__file__).parent / "targets"
    code = "".join(path.read_text() for name in ("openapi", "jsonschema") for path in (targets / name).glob("*.py"))
    assert set(re.findall(r"^\| `(x-[a-z-]+)`", guide, re.M)) == set(re.findall(r'"(x-[a-z-]+)"', code))
