"""Which methods start a long-running operation."""

from __future__ import annotations

from pathlib import Path

from tests.support.protos_of import proto3, schema_of
from toolkit.semantics.facts import Facts

WORK = proto3(
    "acme.work.v1",
    """
message Operation {
  string id = 1;
  bool done = 2;
  oneof result { google.rpc.Status error = 3; google.protobuf.Any response = 4; }
}
message Job { string name = 1; int32 size = 2; }
message OperationId { string id = 1; }
message Listed { repeated Job jobs = 1; string next_page_token = 2; }
message Page { string page_token = 1; }
message Whole { repeated Job jobs = 1; }
service OperationService { rpc Get(OperationId) returns (Operation); }
service Jobs {
  rpc Start(Job) returns (Operation);
  rpc Watch(Job) returns (stream Operation);
  rpc Gather(stream Job) returns (Operation);
  rpc Find(Job) returns (Job);
  rpc List(Page) returns (Listed);
  rpc ListWhole(Page) returns (Whole);
  rpc ListAll(Job) returns (Listed);
  rpc Stream(Page) returns (stream Listed);
}
""",
    "google/protobuf/any.proto",
    "google/rpc/status.proto",
)


def test_which_methods(tmp_path: Path) -> None:
    """A method starts an operation if it returns one, doesn't stream, and isn't the one that polls it."""
    facts = Facts(schema_of(tmp_path, {"work.proto": WORK}))
    started = {method.name for method in facts.schema.methods.values() if facts.operation(method) is not None}
    assert started == {"Start"}


def test_which_have_pages(tmp_path: Path) -> None:
    """A method has pages if it takes a token and returns one, and doesn't stream."""
    facts = Facts(schema_of(tmp_path, {"work.proto": WORK}))
    paged = {method.name for method in facts.schema.methods.values() if facts.pagination(method) is not None}
    assert paged == {"List"}
