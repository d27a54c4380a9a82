"""A type is hidden with what alone uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.semantics.test_visibility import names
from tests.support.client_trees import GOOGLE
from tests.support.protos_of import proto3, schema_of
from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, visible

SERVICE = "service S { rpc Shown(In) returns (Out); rpc Secret(Hush) returns (Told); } message In {} message Out {}"
LONG_RUNNING = """
service S {
  rpc Shown(In) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = { response_type: "Out" metadata_type: "Progress" };
  }
  rpc Secret(In) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = { response_type: "Told" metadata_type: "Steps" };
  }
}
message In {} message Out {} message Progress {}
message Told { Steps steps = 1; } message Steps { Step step = 1; enum Step { STEP_UNSPECIFIED = 0; } }
"""
CASES = {
    "request and response": (f"{SERVICE} message Hush {{}} message Told {{}}", {"Hush", "Told"}),
    "what they reach": (
        f"{SERVICE} message Hush {{ Deep deep = 1; map<string, Kind> kinds = 2; }} message Told {{}}"
        " message Deep { Deeper deeper = 1; } message Deeper {} enum Kind { KIND_UNSPECIFIED = 0; }",
        {"Hush", "Hush.deep", "Hush.kinds", "Told", "Deep", "Deep.deeper", "Deeper", "Kind", "KIND_UNSPECIFIED"},
    ),
    "what is declared in them": (
        f"{SERVICE} message Hush {{ message Inner {{ enum Kind {{ KIND_UNSPECIFIED = 0; }} }} }} message Told {{}}",
        {"Hush", "Hush.Inner", "Hush.Inner.Kind", "Hush.Inner.KIND_UNSPECIFIED", "Told"},
    ),
    "shared with a method that is shown": (
        "service S { rpc Shown(In) returns (Hush); rpc Secret(Hush) returns (Told); }"
        " message In {} message Hush { Deep deep = 1; } message Told { Deep deep = 1; } message Deep {}",
        {"Told", "Told.deep"},
    ),
    "shared with a type that nothing uses": (
        f"{SERVICE} message Hush {{ Deep deep = 1; }} message Told {{}} message Deep {{}} message Alone {{ Deep deep = 1; }}",
        {"Hush", "Hush.deep", "Told"},
    ),
    "holding one that is shown": (
        "service S { rpc Shown(Hush.Inner) returns (Out); rpc Secret(Hush) returns (Told); }"
        " message Out {} message Hush { string topsecret = 1; oneof o { string other = 2; } message Inner {} } message Told {}",
        {"Hush.topsecret", "Hush.other", "Hush.o", "Told"},
    ),
    "operations": (
        LONG_RUNNING,
        {"Told", "Told.steps", "Steps", "Steps.step", "Steps.Step", "Steps.STEP_UNSPECIFIED"},
    ),
    "a service": (
        "service Secret { rpc Get(Hush) returns (Out); } service S { rpc Shown(In) returns (Out); }"
        " message Hush {} message In {} message Out {}",
        {"Secret.Get", "Hush"},
    ),
    "a field": (
        "message M { Hush Secret = 1; string shown = 2; } message Hush { Deep deep = 1; } message Deep {}",
        {"M.Secret", "Hush", "Hush.deep", "Deep"},
    ),
    "a message": (
        "message M { string shown = 1; } message Secret { Hush hush = 1; } message Hush {}",
        {"Secret.hush", "Hush"},
    ),
    "a field that leads back": (
        "message M { M parent = 1; repeated Edge Secret = 2; } message Edge { M from = 1; Kind kind = 2; }"
        " enum Kind { KIND_UNSPECIFIED = 0; }",
        {"M.Secret", "Edge", "Edge.from", "Edge.kind", "Kind", "KIND_UNSPECIFIED"},
    ),
    "a field of its own type": ("message M { M Secret = 1; string shown = 2; }", {"M.Secret"}),
    "nothing": (
        f"{SERVICE.replace('rpc Secret(Hush) returns (Told);', '')} message Alone {{ Other other = 1; }} message Other {{}}",
        set(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_types(case: str, tmp_path: Path) -> None:
    """What hidden methods, services, messages and fields reach is hidden but for what is shown elsewhere."""
    body, gone = CASES[case]
    operations = "google/longrunning/operations.proto"
    schema = schema_of(tmp_path, {"one.proto": proto3("acme.one", body, operations), operations: GOOGLE})
    for visibility in (Visibility(hide=("*.Secret",)), Visibility(hide=("*.Secret",), internal=True)):
        left = visible(Facts(schema), visibility)
        found = {name.removeprefix("acme.one.") for name in names(schema) - names(left)}
        assert found - {"S.Secret", "Secret"} == gone


def test_extensions(tmp_path: Path) -> None:
    """An extension is a field of what it extends, and what it brings is hidden with it."""
    source = """syntax = "proto2";
package acme.one;
message M { extensions 10 to 20; }
message Hush { extensions 10 to 20; }
message Told {} message Deep {} message Shown {}
service S { rpc Secret(Hush) returns (M); rpc Open(.acme.one.Shown) returns (M); }
extend M { optional Told Secret = 10; optional Shown shown = 11; }
extend Hush { optional Deep deep = 10; }
"""
    schema = schema_of(tmp_path, {"one.proto": source})
    left = visible(Facts(schema), Visibility(hide=("*.Secret",)))
    assert names(left) == {f"acme.one.{name}" for name in ("M", "Shown", "S", "S.Open", "shown")}
