"""What documents say of bindings, fields and constraints, on trees made for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.support.protos_of import proto3, schema_of
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

LIBRARY = """
// Books on shelves. (-- Ask Ann. --)
service Library {
  option (google.api.default_host) = "library.acme.example";
  option (google.api.oauth_scopes) = "https://acme.example/read,https://acme.example/write";
  // Gets a book. See [Book.name] and [nothing here].
  //
  // It has to exist.
  rpc GetBook(GetBookRequest) returns (Book) {
    option (google.api.http) = { get: "/v1/{name=shelves/*/books/*}" additional_bindings { get: "/v1/{name=drafts/*}" } };
  }
  rpc CreateBook(CreateBookRequest) returns (Book) {
    option (google.api.http) = { post: "/v1/{parent=shelves/*}/books" body: "book" };
  }
  rpc UpdateBook(UpdateBookRequest) returns (Book) {
    option (google.api.http) = { patch: "/v1/{book.name=shelves/*/books/*}" body: "book" };
  }
  rpc SortBooks(SortBooksRequest) returns (google.protobuf.Empty) {
    option (google.api.http) = { post: "/v1/{name=files/**}:sort" body: "*" };
  }
  rpc Find(FindRequest) returns (stream Book) { option (google.api.http) = { get: "/v1:find" }; }
  rpc Read(GetBookRequest) returns (google.api.HttpBody) { option (google.api.http) = { get: "/v1/raw/{name}" }; }
  rpc Hidden(GetBookRequest) returns (Book);
}
message Book {
  option (google.api.resource) = { type: "acme.example/Book" pattern: "shelves/{shelf}/books/{book}" };
  string name = 1 [(google.api.field_behavior) = IDENTIFIER];
  string title = 2 [(google.api.field_behavior) = REQUIRED];
  string key = 3 [(google.api.field_behavior) = INPUT_ONLY, (google.api.field_behavior) = REQUIRED];
  google.protobuf.Timestamp made_at = 4 [(google.api.field_behavior) = OUTPUT_ONLY];
  oneof source { string url = 5; bytes data = 6; int64 copy_of = 7; }
  Kind kind = 8;
  map<string, int32> ranks = 9;
  google.protobuf.Int32Value pages = 10;
  optional bool lent = 11;
  Book sequel = 12;
  uint32 size = 13 [deprecated = true];
}
// What a book is made of.
enum Kind {
  KIND_UNSPECIFIED = 0;
  // On paper.
  PAPER = 1;
}
message GetBookRequest { string name = 1 [(google.api.resource_reference).type = "acme.example/Book"]; }
message CreateBookRequest { string parent = 1; Book book = 2 [(google.api.field_behavior) = REQUIRED]; string book_id = 3; }
message UpdateBookRequest {
  Book book = 1 [(google.api.field_behavior) = REQUIRED];
  google.protobuf.FieldMask update_mask = 2;
}
message SortBooksRequest { string name = 1; repeated string by = 2; Book first = 3; }
message FindRequest {
  repeated Kind kinds = 1;
  Nested nested = 2;
  map<string, string> labels = 3;
  google.protobuf.Struct more = 4;
  FindRequest again = 5;
  int64 limit = 6 [(google.api.field_behavior) = REQUIRED];
  message Nested { string some_text = 1 [(google.api.field_behavior) = REQUIRED]; google.protobuf.Duration within = 2; }
}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The document of the library."""
    return document_of(tmp_path_factory.mktemp("library"), LIBRARY)


def parameters(of: Any) -> dict[str, Any]:
    return {one["name"]: one for one in of.get("parameters", ())}


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
@pytest.mark.parametrize("streams", ["array", "result-lines", "lines", "sse", "omit"])
def test_is_valid(tmp_path: Path, version: str, streams: str) -> None:
    """A document in either version is valid, however gateways stream."""
    found = document_of(tmp_path, LIBRARY, version=version, streams=streams, unbound=True, nullable="presence")
    assert found["openapi"] == version
    validate(found)


def test_paths(library: Document) -> None:
    """Every single segment is a parameter, named after the resource, or else after its collection."""
    assert [(path, verb, one["operationId"]) for path, verb, one in operations(library)] == [
        ("/v1/shelves/{shelf}/books/{book}", "get", "Library_GetBook"),
        ("/v1/shelves/{shelf}/books/{book}", "patch", "Library_UpdateBook"),
        ("/v1/drafts/{draftsId}", "get", "Library_GetBook_1"),
        ("/v1/shelves/{shelvesId}/books", "post", "Library_CreateBook"),
        ("/v1/files/{filesId}:sort", "post", "Library_SortBooks"),
        ("/v1:find", "get", "Library_Find"),
        ("/v1/raw/{name}", "get", "Library_Read"),
    ]
    found = parameters(operation(library, "Library_UpdateBook"))
    assert found["shelf"]["x-proto-field"] == "book.name"
    assert found["shelf"]["schema"] == {"type": "string", "pattern": "^[^/]+$"}
    assert parameters(operation(library, "Library_SortBooks"))["filesId"]["x-proto-multi-segment"] is True


def test_bodies_have_no_fields_of_the_path(library: Document) -> None:
    """What the path has is not in the body, nor required there."""
    sort = operation(library, "Library_SortBooks")["requestBody"]["content"]["application/json"]["schema"]
    assert [*sort["properties"]] == ["by", "first"]
    update = operation(library, "Library_UpdateBook")["requestBody"]["content"]["application/json"]["schema"]
    assert "name" not in update["properties"]
    assert "title" in update["required"]
    create = operation(library, "Library_CreateBook")["requestBody"]
    assert create["required"] is True
    assert create["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/acme.v1.Book"


def test_queries(library: Document) -> None:
    """Leaves are parameters with dotted JSON names; what can't be one is named in the description."""
    find = operation(library, "Library_Find")
    found = parameters(find)
    assert [*found] == ["kinds", "nested.someText", "nested.within", "limit"]
    assert (found["kinds"]["style"], found["kinds"]["explode"]) == ("form", True)
    assert found["limit"]["required"] is True
    assert "required" not in found["nested.someText"]
    assert "`labels` (is a map)" in find["description"]
    assert [*parameters(operation(library, "Library_CreateBook"))] == ["shelvesId", "bookId"]


def test_responses(library: Document) -> None:
    """Empty is an object, a stream an array, and a body of any type anything; errors are a status."""
    empty = operation(library, "Library_SortBooks")["responses"]
    assert empty["200"]["content"]["application/json"]["schema"] == {"type": "object"}
    assert empty["default"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/google.rpc.Status"
    }
    stream = operation(library, "Library_Find")["responses"]["200"]["content"]["application/json"]["schema"]
    assert stream["type"] == "array"
    assert [*operation(library, "Library_Read")["responses"]["200"]["content"]] == ["*/*"]


def test_schemas(library: Document) -> None:
    """Schemas are what printers write; constraints and behavior are keywords."""
    book = library["components"]["schemas"]["acme.v1.Book"]
    properties = book["properties"]
    assert book["required"] == ["title"]
    assert properties["madeAt"] == {"type": "string", "format": "date-time", "readOnly": True}
    assert properties["key"]["writeOnly"] is True
    assert properties["name"] == {"type": "string", "description": "Identifier.", "x-field-behavior": ["IDENTIFIER"]}
    assert properties["pages"]["type"] == ["integer", "null"]
    assert properties["lent"]["type"] == "boolean"
    assert properties["sequel"] == {"$ref": "#/components/schemas/acme.v1.Book"}
    assert properties["size"] == {
        "type": "integer", "format": "int64", "minimum": 0, "maximum": 2**32 - 1, "deprecated": True
    }  # fmt: skip
    assert properties["copyOf"] == {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"}
    assert library["components"]["schemas"]["acme.v1.Kind"] == {
        "title": "Kind",
        "description": "What a book is made of.\n\n- `KIND_UNSPECIFIED`\n- `PAPER`: On paper.",
        "type": "string",
        "enum": ["KIND_UNSPECIFIED", "PAPER"],
        "x-enum-descriptions": ["", "On paper."],
    }


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ({"title": "A"}, True),
        ({"title": "A", "url": "u"}, True),
        ({"title": "A", "url": "u", "copyOf": "7"}, False),
        ({"title": "A", "data": "", "copyOf": "7"}, False),
        ({"url": "u"}, False),
        ({"title": "A", "copyOf": "seven"}, False),
        ({"title": "A", "kind": "CLAY"}, False),
        ({"title": "A", "more": 1}, True),
    ],
)
def test_values(library: Document, value: Any, is_valid: bool) -> None:
    """A value is valid if a parser accepts it: at most one member of a oneof, and what is required."""
    schema = {"$ref": "#/components/schemas/acme.v1.Book"}
    assert validator_of(schema, library).is_valid(value) is is_valid


def test_examples(library: Document) -> None:
    """Every example is what its schema describes."""
    found = [*examples(library)]
    assert len(found) > 15
    for where, schema, value in found:
        assert not [*validator_of(schema, library).iter_errors(value)], where


def test_texts(library: Document) -> None:
    """Comments are a summary and CommonMark, without what is internal, and references are code."""
    get = operation(library, "Library_GetBook")
    assert get["summary"] == "Gets a book"
    assert get["description"] == "Gets a book. See `Book.name` and \\[nothing here\\].\n\nIt has to exist."
    assert library["tags"] == [{"name": "Library", "description": "Books on shelves."}]


def test_document(library: Document) -> None:
    """A document says what the package and its services say."""
    assert library["info"] == {"title": "acme.v1", "version": "v1"}
    assert library["servers"] == [{"url": "https://library.acme.example"}]
    assert operation(library, "Library_Find")["x-oauth-scopes"] == [
        "https://acme.example/read",
        "https://acme.example/write",
    ]


def test_security(tmp_path: Path) -> None:
    """Each scheme suffices, and so does each scope."""
    flows = {"clientCredentials": {"tokenUrl": "https://acme.example/token", "scopes": {}}}
    schemes = {"token": {"type": "http", "scheme": "bearer"}, "oauth": {"type": "oauth2", "flows": flows}}
    found = document_of(tmp_path, LIBRARY, security=schemes)
    assert found["security"] == [{"token": []}]
    assert operation(found, "Library_Find")["security"] == [
        {"oauth": ["https://acme.example/read"]},
        {"oauth": ["https://acme.example/write"]},
    ]
    validate(found)


def test_merged(tmp_path: Path) -> None:
    """A merged document names services and operations with their package."""
    found = document_of(tmp_path, LIBRARY, merge="all")
    assert found["info"]["title"] == "all"
    assert next(operations(found))[2]["operationId"] == "acme_v1_Library_GetBook"
    assert found["tags"][0]["name"] == "acme.v1.Library"


def test_same_operation_twice(tmp_path: Path) -> None:
    """Of two methods with the same verb and path, the second is left out and named."""
    body = """
    service A {
      rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{id}" }; }
      rpc Look(M) returns (M) { option (google.api.http) = { get: "/v1/{name}" }; }
      rpc Put(M) returns (M) { option (google.api.http) = { put: "/v1/{name}" body: "*" }; }
      rpc Any(M) returns (M) { option (google.api.http) = { custom { kind: "*" path: "/v1/any" } }; }
    }
    message M { string id = 1; string name = 2; }
    """
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", body, *IMPORTS)})
    maker = documents_of(schema)
    found = maker.document([*schema.requested_services()])
    assert {path: [*item] for path, item in found["paths"].items()} == {"/v1/{id}": ["get", "put"]}
    assert found["paths"]["/v1/{id}"]["put"]["parameters"][0]["x-proto-field"] == "name"
    assert [problem.message for problem in maker.problems] == [
        "acme.A.Any is left out: OpenAPI has no verb *",
        "acme.A.Look is left out: its path and verb are those of acme.A.Get at a.proto:17:7",
    ]


def test_names_do_not_move(tmp_path: Path) -> None:
    """With more files in the tree, a document stays the same."""
    alone = document_of(tmp_path / "alone", LIBRARY)
    more = proto3(
        "acme.v2",
        "service Library { rpc GetBook(Book) returns (Book); } message Book { Kind k = 1; } enum Kind { K = 0; }",
    )
    sources = {"a.proto": proto3("acme.v1", LIBRARY, *IMPORTS), "b.proto": more}
    schema = schema_of(tmp_path / "both", sources)
    services = [service for service in schema.requested_services() if service.package == "acme.v1"]
    assert documents_of(schema).document(services) == alone
