"""A tree with every kind of binding, behind Envoy, with its document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gateway.envoy import Servicers, envoy
from tests.support.bindings_of import bindings_from
from tests.support.protos_of import proto3, write
from tests.targets.openapi.documents import Document, documents_of, operations
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Method
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples

TREE = """
service Shelves {
  rpc Get(Named) returns (Book) { option (google.api.http) = { get: "/v1/{name=shelves/*/books/*}" }; }
  rpc Make(MakeRequest) returns (Book) {
    option (google.api.http) = { post: "/v1/{parent=shelves/*}/books" body: "book" };
  }
  rpc Change(MakeRequest) returns (Book) {
    option (google.api.http) = { patch: "/v1/{book.name=shelves/*/books/*}" body: "book" };
  }
  rpc Mark(MakeRequest) returns (Book) { option (google.api.http) = { put: "/v1/marked/{book.name}" body: "book" }; }
  rpc Look(Named) returns (Book) { option (google.api.http) = { post: "/v1/{name=files/**}:look" body: "*" }; }
  rpc Find(FindRequest) returns (Book) { option (google.api.http) = { get: "/v1/{kind}/{large}:find" }; }
}
message Named { string name = 1; bool all = 2; }
message Book {
  string name = 1; int64 size = 2; Kind kind = 3; repeated string tags = 4; map<string, int32> marks = 5;
  oneof from { string url = 6; bytes data = 7; } google.protobuf.Timestamp at = 8; google.protobuf.Int32Value pages = 9;
}
enum Kind { KIND_UNSPECIFIED = 0; PAPER = 1; }
message MakeRequest { string parent = 1; Book book = 2; string id = 3; google.protobuf.FieldMask mask = 4; }
message FindRequest {
  Kind kind = 1; uint64 large = 2; repeated Kind kinds = 3; Inner inner = 4; google.protobuf.Duration within = 5;
  message Inner { double ratio = 1; optional bool lent = 2; google.protobuf.StringValue word = 3; }
}
"""
IMPORTS = (
    "google/api/annotations.proto",
    *(f"google/protobuf/{name}.proto" for name in ("timestamp", "duration", "wrappers", "field_mask")),
)


@dataclass(frozen=True)
class Gateway:
    """Envoy in front of servicers, and the document of what it transcodes."""

    servicers: Servicers
    url: str
    document: Document
    classes: DynamicClasses

    def method(self, operation_id: str) -> Method:
        """The method of an operation."""
        name = operation_id.rpartition("_")[2]
        return next(one for one in self.servicers.facts.schema.methods.values() if one.name == name)

    def check(self) -> None:
        """Assert that each operation was called once, in their order, with its example."""
        ids = [one["operationId"] for _, _, one in operations(self.document)]
        assert [name for name, _ in self.servicers.asked] == [self.method(one).full_name for one in ids]
        for operation_id, (_, sent) in zip(ids, self.servicers.asked, strict=True):
            method = self.method(operation_id)
            example = json.dumps(self.servicers.examples.request(method))
            got = self.classes.get(method.input).FromString(sent)
            assert got == self.classes.parse(method.input, example), operation_id


@dataclass(frozen=True)
class Call:
    """A call of an operation with its full example, or the minimal one if that is all it has."""

    id: str
    verb: str
    path: str
    in_path: dict[str, Any]
    in_query: dict[str, Any]
    body: Any


def calls(document: Document) -> list[Call]:
    """A call for each operation of a document."""
    found = []
    for path, verb, operation in operations(document):
        values: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
        for parameter in operation.get("parameters", ()):
            if "example" in parameter:
                values[parameter["in"]][parameter["name"]] = parameter["example"]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        examples = content["examples"] if content else {}
        body = examples.get("full", examples.get("minimal", {})).get("value")
        found.append(Call(operation["operationId"], verb, path, values["path"], values["query"], body))
    return found


def document_of_called(servicers: Servicers, methods: list[Method]) -> Document:
    """The document of the services of some methods."""
    services = dict.fromkeys(servicers.facts.schema.service_of(method) for method in methods)
    loaded: Document = json.loads(json.dumps(documents_of(servicers.facts.schema).document([*services])))
    return loaded


@contextmanager
def shelves(folder: Path) -> Iterator[Gateway]:
    """Envoy with the services of the tree."""
    compilation = compile_tree([write(folder / "protos", {"a.proto": proto3("acme.v1", TREE, *IMPORTS)})])
    schema, classes = load(compilation), DynamicClasses(compilation)
    servicers = Servicers(Examples(Facts(schema)), "shelves_bindings")
    methods = [*schema.methods.values()]
    services = dict.fromkeys(map(schema.service_of, methods))
    bindings = bindings_from(folder, compilation, "shelves_bindings")
    with bindings, envoy(folder, compilation, services, servicers) as url:
        yield Gateway(servicers, url, document_of_called(servicers, methods), classes)
