"""Copies of a schema do not refer to what is hidden."""

from __future__ import annotations

from pathlib import Path

from tests.support.protos_of import schema_of
from toolkit.descriptors.model import HttpRule
from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, visible


def test_bindings(tmp_path: Path) -> None:
    """A binding loses a body that is hidden, and goes if what it returns is hidden."""
    schema = schema_of(
        tmp_path,
        {
            "a.proto": """
            syntax = "proto3";
            package acme;
            import "google/api/annotations.proto";
            service S {
              rpc Set(M) returns (M) {
                option (google.api.http) = {
                  post: "/v1/a" body: "secret"
                  additional_bindings { post: "/v1/b" body: "open" response_body: "open" }
                  additional_bindings { post: "/v1/c" body: "*" response_body: "secret" }
                };
              }
            }
            message M {
              // @internal
              Inner secret = 1;
              Inner open = 2;
            }
            message Inner { string name = 1; }
            """
        },
    )
    assert visible(Facts(schema), Visibility()).methods["acme.S.Set"].http == (
        HttpRule("POST", "/v1/a"),
        HttpRule("POST", "/v1/b", "open", "open"),
    )
    assert (
        visible(Facts(schema), Visibility(internal=True)).methods["acme.S.Set"].http
        == schema.methods["acme.S.Set"].http
    )
