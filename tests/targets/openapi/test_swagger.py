"""What options of protoc-gen-openapiv2 say is in documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.targets.openapi.documents import Document, document_of, operation

_PREFIX = "grpc.gateway.protoc_gen_openapiv2.options.openapiv2_"
BODY = """
import "protoc-gen-openapiv2/options/annotations.proto";
option (OPTION_swagger) = {
  info: {
    title: "Books" version: "1.2" description: "All <b>books</b>." terms_of_service: "https://acme.example/terms"
    contact: { name: "Ann" url: "javascript:alert(1)" email: "ann@acme.example" }
    license: { name: "MIT" url: "https://acme.example/mit" }
    extensions: { key: "x-audience" value: { string_value: "all" } }
    extensions: { key: "audience" value: { string_value: "nobody" } }
  }
  host: "acme.example" base_path: "/api" schemes: HTTPS schemes: HTTP
  security_definitions: {
    security: { key: "oauth" value: {
      type: TYPE_OAUTH2 flow: FLOW_ACCESS_CODE authorization_url: "https://acme.example/a" token_url: "https://acme.example/t"
      scopes: { scope: { key: "read" value: "Reads" } }
    } }
    security: { key: "key" value: { type: TYPE_API_KEY in: IN_HEADER name: "X-Key" description: "Ask for one."
      extensions: { key: "x-for" value: { string_value: "all" } }
    } }
    security: { key: "basic" value: { type: TYPE_BASIC } }
    security: { key: "without-urls" value: { type: TYPE_OAUTH2 flow: FLOW_IMPLICIT } }
  }
  security: { security_requirement: { key: "oauth" value: { scope: "read" } } security_requirement: { key: "key" value: {} } }
  security: { security_requirement: { key: "basic" value: {} } }
  tags: {
    name: "extra" description: "More." external_docs: { url: "https://acme.example/extra" }
    extensions: { key: "x-order" value: { number_value: 1 } }
  }
  tags: { name: "unused" }
  external_docs: { url: "https://acme.example/docs" description: "Docs" }
  responses: { key: "403" value: { description: "Not allowed." schema: { json_schema: { ref: ".acme.v1.Problem" } } } }
};
service S {
  // Of the comment.
  option (OPTION_tag) = { name: "Things" description: "Of the option." };
  // Of the comment.
  rpc Get(M) returns (M) {
    option (google.api.http) = { get: "/m" additional_bindings { get: "/n" } };
    option (OPTION_operation) = {
      operation_id: "getThing" summary: "Gets" description: "Gets a <i>thing</i>." tags: "extra" tags: "Things"
      deprecated: true security: {} external_docs: { url: "https://acme.example/get" }
      responses: { key: "200" value: { description: "Here it is." headers: { key: "X-Rate" value: { type: "integer" description: "Left." } } } }
      responses: { key: "404" value: {
        description: "Gone." schema: { json_schema: { type: STRING } } examples: { key: "application/json" value: '"none"' }
      } }
      responses: { key: "odd" value: { description: "No status." } }
      parameters: { headers: { name: "X-Trace" type: STRING format: "uuid" required: true } }
      extensions: { key: "x-cost" value: { list_value: { values: { number_value: 2 } values: { bool_value: true } } } }
    };
  }
  rpc Plain(M) returns (M) { option (google.api.http) = { post: "/m" body: "*" }; }
}
// Of the comment.
message M {
  option (OPTION_schema) = { json_schema: { title: "Thing" description: "Of the option." required: "a" min_properties: 1 } };
  // Of the comment.
  string a = 1 [(OPTION_field) = { title: "The a" description: "Of the option." type: STRING format: "date" max_length: 5 }];
  int32 b = 2 [(OPTION_field) = { multiple_of: 5 required: "b" extensions: { key: "x-b" value: { struct_value: {} } } }];
}
message Problem { string said = 1; }
""".replace("OPTION_", _PREFIX)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The document of a file with every option."""
    return document_of(tmp_path_factory.mktemp("swagger"), BODY)


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
def test_is_valid(tmp_path: Path, version: str) -> None:
    """A document with all that options say is valid."""
    validate(document_of(tmp_path, BODY, version=version))


def test_document(document: Document) -> None:
    """The document has the information, servers, security and tags; URLs that a reader could not follow are left out."""
    assert document["info"] == {
        "title": "Books",
        "version": "1.2",
        "description": "All &lt;b>books&lt;/b>.",
        "termsOfService": "https://acme.example/terms",
        "contact": {"name": "Ann", "email": "ann@acme.example"},
        "license": {"name": "MIT", "url": "https://acme.example/mit"},
        "x-audience": "all",
    }
    assert document["servers"] == [{"url": "https://acme.example/api"}, {"url": "http://acme.example/api"}]
    flow = {
        "authorizationUrl": "https://acme.example/a",
        "tokenUrl": "https://acme.example/t",
        "scopes": {"read": "Reads"},
    }
    assert document["components"]["securitySchemes"] == {
        "oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "key": {"type": "apiKey", "name": "X-Key", "in": "header", "description": "Ask for one.", "x-for": "all"},
        "basic": {"type": "http", "scheme": "basic"},
    }
    assert document["security"] == [{"oauth": ["read"], "key": []}, {"basic": []}]
    assert document["tags"] == [
        {"name": "extra", "description": "More.", "externalDocs": {"url": "https://acme.example/extra"}, "x-order": 1},
        {"name": "Things", "description": "Of the option."},
    ]
    assert document["externalDocs"] == {"url": "https://acme.example/docs", "description": "Docs"}


def test_operation(document: Document) -> None:
    """An operation has its ID, texts, tags, security, responses, header parameters and extensions."""
    found = operation(document, "getThing")
    assert (found["summary"], found["description"]) == ("Gets", "Gets a &lt;i>thing&lt;/i>.")
    assert (found["tags"], found["deprecated"], found["security"]) == (["extra", "Things"], True, [])
    assert found["externalDocs"] == {"url": "https://acme.example/get"}
    assert found["x-cost"] == [2, True]
    responses = found["responses"]
    assert [*responses] == ["200", "default", "403", "404"]
    assert responses["200"]["description"] == "Here it is."
    assert responses["200"]["headers"] == {"X-Rate": {"description": "Left.", "schema": {"type": "integer"}}}
    assert responses["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/acme.v1.M"}
    assert responses["403"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/acme.v1.Problem"}
    assert responses["404"]["content"] == {"application/json": {"schema": {"type": "string"}, "example": "none"}}
    assert found["parameters"][-1] == {
        "name": "X-Trace",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    assert operation(document, "getThing_1")["tags"] == ["extra", "Things"]
    assert "security" not in operation(document, "S_Plain")


def test_schema(document: Document) -> None:
    """A schema has its title, description and keywords, and what is required."""
    found = document["components"]["schemas"]["acme.v1.M"]
    assert (found["title"], found["description"], found["minProperties"]) == ("Thing", "Of the option.", 1)
    assert found["required"] == ["a", "b"]
    assert found["properties"]["a"] == {
        "type": "string",
        "maxLength": 5,
        "description": "Of the option.",
        "title": "The a",
        "format": "date",
    }
    assert found["properties"]["b"] == {"type": "integer", "format": "int32", "multipleOf": 5, "x-b": {}}


def test_settings_win(tmp_path: Path) -> None:
    """Settings replace what options say, and extensions can be left out."""
    chosen = {"title": "Mine", "api_version": "3", "servers": ("https://mine.example",), "extensions": False}
    found = document_of(tmp_path, BODY, **chosen, security={"token": {"type": "http", "scheme": "bearer"}})
    assert (found["info"]["title"], found["info"]["version"]) == ("Mine", "3")
    assert found["servers"] == [{"url": "https://mine.example"}]
    assert [*found["components"]["securitySchemes"]] == ["token"]
    assert found["security"] == [{"token": []}]
    assert operation(found, "getThing")["security"] == []
    assert "security" not in operation(found, "S_Plain")
    assert '"x-' not in str(found).replace("'", '"')
