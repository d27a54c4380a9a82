"""Requests made of nothing but the OpenAPI document go through Envoy: they arrive as the examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from tests.gateway.envoy import Servicers, envoy
from tests.support.bindings_of import bindings_from
from tests.support.protos_of import proto3, write
from tests.targets.examples.test_examples import own
from tests.targets.openapi.documents import Document, documents_of, operations, validator_of
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


def _called(servicers: Servicers, names: list[Method]) -> Document:
    services = dict.fromkeys(servicers.facts.schema.service_of(method) for method in names)
    loaded: Document = json.loads(json.dumps(documents_of(servicers.facts.schema).document([*services])))
    return loaded


@pytest.fixture(scope="module")
def own_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servicers, str, Document, DynamicClasses]]:
    """Envoy with the own services, and their document."""
    compilation, schema, classes = own()
    servicers = Servicers(Examples(Facts(schema)), "toolkit.bindings")
    methods = [method for method in schema.methods.values() if method.http and method.is_unary]
    services = dict.fromkeys(map(schema.service_of, methods))
    with envoy(tmp_path_factory.mktemp("envoy"), compilation, services, servicers) as url:
        yield servicers, url, _called(servicers, methods), classes


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servicers, str, Document, DynamicClasses]]:
    """Envoy with the services of a tree that has every kind of binding, and their document."""
    folder = tmp_path_factory.mktemp("shelves")
    compilation = compile_tree([write(folder / "protos", {"a.proto": proto3("acme.v1", TREE, *IMPORTS)})])
    schema, classes = load(compilation), DynamicClasses(compilation)
    servicers = Servicers(Examples(Facts(schema)), "shelves_bindings")
    methods = [*schema.methods.values()]
    services = dict.fromkeys(map(schema.service_of, methods))
    bindings = bindings_from(folder, compilation, "shelves_bindings")
    with bindings, envoy(folder, compilation, services, servicers) as url:
        yield servicers, url, _called(servicers, methods), classes


def _call(url: str, path: str, verb: str, operation: Any) -> Any:
    """The response to a request made of the examples of an operation."""
    query: list[tuple[str, str]] = []
    for parameter in operation.get("parameters", ()):
        if "example" not in parameter:
            continue
        value = parameter["example"]
        if parameter["in"] == "path":
            safe = "/" if parameter.get("x-proto-multi-segment") else ""
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=safe))
        else:
            query += [(parameter["name"], _text(item)) for item in (value if isinstance(value, list) else [value])]
    assert "{" not in path
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    examples = content["examples"] if content else {}
    body = examples.get("full", examples.get("minimal", {})).get("value")
    data = None if body is None else json.dumps(body).encode()
    address = url + path + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    request = Request(address, data, {"Content-Type": "application/json"}, method=verb.upper())
    with urlopen(request, timeout=30) as response:
        return json.load(response)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _check(gateway: tuple[Servicers, str, Document, DynamicClasses]) -> int:
    servicers, url, document, classes = gateway
    methods = {method.name: method for method in servicers.facts.schema.methods.values()}
    count = 0
    for path, verb, operation in operations(document):
        method = methods[operation["operationId"].rpartition("_")[2]]
        servicers.asked.clear()
        said = _call(url, path, verb, operation)
        ((name, sent),) = servicers.asked
        assert name == method.full_name
        example = json.dumps(servicers.examples.request(method))
        assert classes.get(method.input).FromString(sent) == classes.parse(method.input, example), name
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert not [*validator_of(schema, document).iter_errors(said)], name
        count += 1
    return count


@pytest.mark.slow(reason="starts Envoy")
def test_own(own_gateway: tuple[Servicers, str, Document, DynamicClasses]) -> None:
    """Own methods."""
    assert _check(own_gateway) > 5


@pytest.mark.slow(reason="starts Envoy")
def test_all_kinds(gateway: tuple[Servicers, str, Document, DynamicClasses]) -> None:
    """Templates of all kinds, bodies that are a field, and queries with nested messages and lists."""
    assert _check(gateway) == 5
