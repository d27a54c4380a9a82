"""Requests of every kind of template through Envoy: what arrives is the value that was sent."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.envoy import Servicers, envoy
from tests.support.bindings_of import bindings_of
from tests.support.protos_of import proto3
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

RULES = {
    "Plain": 'get: "/v1/{name}"',
    "Star": 'get: "/v2/{name=docks/*/berths/*}:paint"',
    "Many": 'get: "/v3/{name=docks/**}"',
    "Field": 'patch: "/v4/{crate.name=crates/*}" body: "crate"',
    "All": 'post: "/v5/{crate.name}:load" body: "*"',
    "Delete": 'delete: "/v6/{number}/{flag}/{kind}"',
    "More": 'get: "/v7/{name=docks/*}" additional_bindings { get: "/v7/{name=piers/*}/as-pier" }',
    "Deep": 'put: "/v8/{name}" body: "crate.inner"',
}
METHODS = "\n".join(
    f"rpc {name}(Move) returns (Move) {{ option (google.api.http) = {{ {RULES[name]} }}; }}" for name in RULES
)
SOURCES = {
    "port.proto": proto3(
        "port.v1",
        """
        enum Kind { KIND_UNSPECIFIED = 0; HEAVY = 1; }
        message Inner { string note = 1; repeated int32 sizes = 2; }
        message Crate { string name = 1; Inner inner = 2; map<string, string> marks = 3; }
        message Move {
          string name = 1; Crate crate = 2; int64 number = 3; bool flag = 4; Kind kind = 5; repeated string tags = 6;
          google.protobuf.Timestamp at = 7; google.protobuf.FieldMask mask = 8; google.protobuf.Int32Value most = 9;
          optional bytes raw = 10;
        }
        """
        f"service Port {{ {METHODS} }}",
        "google/api/annotations.proto",
        "google/protobuf/field_mask.proto",
        "google/protobuf/timestamp.proto",
        "google/protobuf/wrappers.proto",
    )
}
NASTY = "a b%2F&=?#+é;:@"
PLAINER = "a b%2Fé~"
"""Of a value with several segments, Envoy by default decodes all but ``:/?#[]@!$&'()*+,;=``, which HttpRule has encoded."""
QUERY: dict[str, Any] = {
    "flag": False,
    "kind": "HEAVY",
    "tags": [NASTY, "it's", "$HOME `id`"],
    "at": "2024-01-02T03:04:05Z",
    "mask": "crate.name,tags",
    "most": 0,
    "raw": "+/8=",
    "number": "-9007199254740993",
}
VALUES: list[tuple[str, dict[str, Any]]] = [
    ("Plain", {"name": f"x/y {NASTY}", **QUERY, "crate": {"inner": {"note": NASTY, "sizes": [1, 2]}}}),
    ("Star", {"name": f"docks/{PLAINER}/berths/2", **QUERY}),
    ("Many", {"name": "docks/a/b c/d", "tags": ["x"]}),
    ("Field", {"crate": {"name": "crates/7", "inner": {"note": "n"}, "marks": {"k": "v"}}, **QUERY}),
    ("All", {"name": "n", "crate": {"name": "x/y", "marks": {"k": "v"}}, **QUERY}),
    ("Delete", {"number": "-5", "flag": True, "kind": "HEAVY", "name": "n"}),
    ("More", {"name": "docks/1"}),
    ("More", {"name": "piers/2", "tags": ["t"]}),
    ("Deep", {"name": "n", "crate": {"name": "c", "inner": {"note": "deep"}}}),
]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servicers, DynamicClasses, str]]:
    """Envoy with the service, and its base URL."""
    folder = tmp_path_factory.mktemp("port")
    with bindings_of(folder, SOURCES) as made:
        schema = load(made.compilation)
        servicers = Servicers(Examples(Facts(schema)), made.package)
        with envoy(folder, made.compilation, schema.requested_services(), servicers) as url:
            yield servicers, DynamicClasses(made.compilation), url


@pytest.mark.slow(reason="starts Envoy, and curl for each value")
@pytest.mark.parametrize(("name", "value"), VALUES)
def test_arrives(name: str, value: dict[str, Any], port: tuple[Servicers, DynamicClasses, str]) -> None:
    """The curl line of a value is a call with that value."""
    servicers, classes, url = port
    method = servicers.facts.schema.methods[f"port.v1.Port.{name}"]
    command = Snippets(servicers.facts, Renderer(), Servers(http=url)).curl(method, value)
    assert command is not None
    servicers.asked.clear()
    said = subprocess.run(["sh", "-c", command], check=True, timeout=30, capture_output=True, text=True).stdout
    assert [asked for asked, _ in servicers.asked] == [method.full_name], said
    got = classes.get(method.input).FromString(servicers.asked[0][1])
    assert got == classes.parse(method.input, json.dumps(value))
