"""What operations say of unusual methods: well-known types as messages, operations, hidden fields and own errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.support.command import run
from tests.support.protos_of import proto3, schema_of, write
from tests.targets.openapi.documents import (
    IMPORTS,
    Document,
    document_of,
    documents_of,
    examples,
    operation,
    validator_of,
)
from tests.targets.openapi.documents import operations as operations_of
from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, visible

KNOWN = """
service S {
  rpc Time(google.protobuf.Timestamp) returns (google.protobuf.Duration) { option (google.api.http) = { post: "/time" body: "*" }; }
  rpc Value(google.protobuf.Value) returns (google.protobuf.Any) { option (google.api.http) = { post: "/value" body: "*" }; }
  rpc Text(google.protobuf.StringValue) returns (google.protobuf.ListValue) { option (google.api.http) = { post: "/text" body: "*" }; }
  rpc Mask(google.protobuf.FieldMask) returns (google.protobuf.Struct) { option (google.api.http) = { post: "/mask" body: "*" }; }
  rpc Part(M) returns (M) { option (google.api.http) = { get: "/part" response_body: "nothing" }; }
  rpc All(M) returns (M) { option (google.api.http) = { post: "/all" body: "*" }; }
}
message M {
  google.protobuf.NullValue nothing = 1; google.protobuf.StringValue text = 2; repeated google.protobuf.Int32Value numbers = 3;
  google.protobuf.Duration within = 4; google.protobuf.Empty empty = 5;
}
"""


def test_well_known_messages(tmp_path: Path) -> None:
    """A well-known type has its own form as a request, a response or a part of one, and no example is anything else."""
    document = document_of(tmp_path, KNOWN)
    validate(document)
    bodies = {
        one["operationId"]: (
            one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema"),
            one["responses"]["200"]["content"]["application/json"]["schema"],
        )
        for _, _, one in operations_of(document)
    }
    assert bodies["S_Time"][0] == {"type": "string", "format": "date-time"}
    assert bodies["S_Value"] == (
        {},
        {"type": "object", "properties": {"@type": {"type": "string"}}, "required": ["@type"]},
    )
    assert bodies["S_Text"] == ({"type": ["string", "null"]}, {"type": "array", "items": {}})
    assert bodies["S_Mask"] == ({"type": "string"}, {"type": "object"})
    assert bodies["S_Part"][1] == {"type": "null"}
    for where, schema, value in examples(document):
        assert validator_of(schema, document).is_valid(value), where


def test_nothing_is_null_in_a_query(tmp_path: Path) -> None:
    """A query has no null: wrappers are their value, and what is always null is not there."""
    found = {one["name"]: one["schema"] for one in operation(document_of(tmp_path, KNOWN), "S_Part")["parameters"]}
    assert found["text"] == {"type": "string"}
    assert found["numbers"] == {"type": "array", "items": {"type": "integer", "format": "int32"}}
    assert "nothing" not in found


def test_operation(tmp_path: Path) -> None:
    """The response of a method that starts an operation says what becomes of it."""
    body = """
    import "google/longrunning/operations.proto";
    service S { rpc Do(M) returns (google.longrunning.Operation) {
      option (google.api.http) = { post: "/do" body: "*" };
      option (google.longrunning.operation_info) = { response_type: "M" metadata_type: "Metadata" };
    } }
    message M { string name = 1; } message Metadata { int32 done = 1; }
    """
    document = document_of(tmp_path, body)
    found = operation(document, "S_Do")
    assert found["responses"]["200"]["description"] == (
        "An operation, before the work is done. Its `metadata` is of the type `acme.v1.Metadata`. "
        "When it is done, its `response` is of the type `acme.v1.M`."
    )
    assert found["x-operation-info"] == {
        "response": {"$ref": "#/components/schemas/acme.v1.M"},
        "metadata": {"$ref": "#/components/schemas/acme.v1.Metadata"},
    }
    assert "acme.v1.Metadata" in document["components"]["schemas"]


def _with_labels(folder: Path) -> Document:
    label = '(google.api.{}_visibility).restriction = "INTERNAL"'
    body = f"""
    import "google/api/visibility.proto";
    service S {{
      rpc Get(M) returns (M) {{ option (google.api.http) = {{ get: "/v1/{{inner.id}}" }}; }}
      rpc Hide(M) returns (Hidden) {{ option {label.format("method")}; option (google.api.http) = {{ get: "/v1/h" }}; }}
    }}
    message M {{
      Inner inner = 1 [{label.format("field")}];
      string secret = 2 [{label.format("field")}];
      oneof one {{ string a = 3; Hidden b = 4 [{label.format("field")}]; string c = 5; }}
      Kind kind = 6;
    }}
    message Inner {{ string id = 1 [{label.format("field")}]; string other = 2; }}
    message Hidden {{ string id = 1; }}
    enum Kind {{ ZERO = 0; ONE = 1 [{label.format("value")}]; }}
    """
    schema = schema_of(folder, {"a.proto": proto3("acme.v1", body, *IMPORTS)})
    shown = visible(Facts(schema), Visibility(hide_restricted=("INTERNAL",)))
    return documents_of(shown).document([*shown.requested_services()])


def test_hidden(tmp_path: Path) -> None:
    """Hidden methods, fields, values and what only they use are nowhere, except for the fields of a path."""
    document = _with_labels(tmp_path)
    assert [(path, one["operationId"]) for path, _, one in operations_of(document)] == [("/v1/{inner.id}", "S_Get")]
    assert [one["name"] for one in operation(document, "S_Get")["parameters"]] == [
        "inner.id",
        "inner.other",
        "a",
        "c",
        "kind",
    ]
    schemas = document["components"]["schemas"]
    assert "acme.v1.Hidden" not in schemas
    assert schemas["acme.v1.Kind"]["enum"] == ["ZERO"]
    assert schemas["acme.v1.M"]["x-oneof"] == {"one": ["a", "c"]}
    assert "secret" not in schemas["acme.v1.M"]["properties"]


def test_own_errors(tmp_path: Path) -> None:
    """The body of errors may be a message of the tree."""
    body = """
    service S { rpc Do(M) returns (M) { option (google.api.http) = { post: "/do" body: "*" }; } }
    message M { string name = 1; } message Problem { string title = 1; }
    """
    found = document_of(tmp_path, body, errors="acme.v1.Problem")
    error = operation(found, "S_Do")["responses"]["default"]["content"]["application/json"]
    assert error["schema"] == {"$ref": "#/components/schemas/acme.v1.Problem"}
    assert "google.rpc.Status" not in found["components"]["schemas"]


@pytest.mark.parametrize("name", ["acme.v1.Nothing", "a message"])
def test_no_such_error(tmp_path: Path, name: str) -> None:
    """What is neither a kind of errors nor a message is an error that says what there is."""
    write(
        tmp_path,
        {
            "protos/a.proto": proto3("acme.v1", "service S {}"),
            "toolkit.toml": f'proto_path = ["protos"]\n[openapi]\nerrors = "{name}"',
        },
    )
    ran = run("generate", "openapi", cwd=tmp_path)
    assert ran.code == 2
    assert (
        f"[openapi] errors cannot be '{name}'\n  one of: status, google, none, or the full name of a message"
        in ran.errors
    )
