"""Trees and servers for the tests of clients; real servers on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from concurrent import futures
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import grpc.aio

from tests.conftest import REPOSITORY
from tests.support.bindings_of import bindings_of
from tests.support.protos_of import proto3
from toolkit.runtime import Polling
from toolkit.runtime.anys import Any as AnyMessage

QUICK = Polling(first_wait=0.01, growth=1.5, longest_wait=0.05)
"""Polling for tests."""

_WRAPPERS, _DURATION, _EMPTY = (f"google/protobuf/{name}.proto" for name in ("wrappers", "duration", "empty"))
_OPTION = "yandex/cloud/api/operation.proto"

TALK = proto3(
    "acme.talk.v1",
    """
    message Word { string text = 1; int32 number = 2; }
    service Talk {
      // Says it back.
      rpc Say(Word) returns (Word);
      rpc Spell(Word) returns (stream Word);
      rpc Join(stream Word) returns (Word);
      rpc Chat(stream Word) returns (stream Word);
      rpc import(Word) returns (Word);
      rpc AddTo(Word) returns (Word);
      rpc Length(google.protobuf.StringValue) returns (google.protobuf.Duration);
      rpc Nothing(google.protobuf.Empty) returns (google.protobuf.Empty);
      rpc Later(Word) returns (Word);
      rpc LaterSpell(Word) returns (stream Word);
      rpc LaterJoin(stream Word) returns (Word);
      rpc LaterChat(stream Word) returns (stream Word);
    }
    """,
    _WRAPPERS,
    _DURATION,
    _EMPTY,
)

OPERATION = proto3(
    "acme.operation",
    """
    message Operation {
      string id = 1;
      bool done = 2;
      google.protobuf.Any metadata = 3;
      oneof result { google.rpc.Status error = 4; google.protobuf.Any response = 5; }
    }
    message GetOperationRequest { string operation_id = 1; }
    message CancelOperationRequest { string operation_id = 1; }
    service OperationService {
      rpc Get(GetOperationRequest) returns (Operation);
      rpc Cancel(CancelOperationRequest) returns (Operation);
    }
    """,
    "google/protobuf/any.proto",
    "google/rpc/status.proto",
)

NOTES = proto3(
    "acme.notes",
    "message Progress { int32 percent = 1; }",
)

WORK = proto3(
    "acme.work.v1",
    """
    message Thing { string name = 1; }
    message Order { string name = 1; }
    service Works {
      rpc Make(Order) returns (acme.operation.Operation) {
        option (yandex.cloud.api.operation) = { metadata: "acme.notes.Progress" response: "Thing" };
      }
      rpc Drop(Order) returns (acme.operation.Operation) {
        option (yandex.cloud.api.operation) = { metadata: "acme.notes.Progress" response: "google.protobuf.Empty" };
      }
      rpc Time(Order) returns (acme.operation.Operation) {
        option (yandex.cloud.api.operation) = { response: "google.protobuf.Duration" };
      }
    }
    message ListRequest { string folder = 1; int64 page_size = 2; string page_token = 3; }
    message ListResponse { repeated Thing things = 1; string next_page_token = 2; }
    message NamesResponse { repeated string names = 1; string next_page_token = 2; }
    service Shelf {
      rpc List(ListRequest) returns (ListResponse);
      rpc Str(ListRequest) returns (NamesResponse);
      rpc Whole(Thing) returns (ListResponse);
    }
    """,
    _DURATION,
    _EMPTY,
    _OPTION,
    "acme/notes.proto",
    "acme/operation.proto",
)

LONGRUNNING = proto3(
    "acme.robots.v1",
    """
    message Robot { string name = 1; }
    message Progress { int32 percent = 1; }
    service Robots {
      rpc Build(Robot) returns (google.longrunning.Operation) {
        option (google.longrunning.operation_info) = { response_type: "Robot" metadata_type: "Progress" };
      }
    }
    """,
    "google/longrunning/operations.proto",
)

GOOGLE = proto3(
    "google.longrunning",
    """
    message OperationInfo { string response_type = 1; string metadata_type = 2; }
    extend google.protobuf.MethodOptions { OperationInfo operation_info = 1049; }
    message Operation {
      string name = 1;
      google.protobuf.Any metadata = 2;
      bool done = 3;
      oneof result { google.rpc.Status error = 4; google.protobuf.Any response = 5; }
    }
    message ListOperationsRequest { string name = 4; string filter = 1; int32 page_size = 2; string page_token = 3; }
    message ListOperationsResponse { repeated Operation operations = 1; string next_page_token = 2; }
    message GetOperationRequest { string name = 1; }
    message CancelOperationRequest { string name = 1; }
    service Operations {
      rpc ListOperations(ListOperationsRequest) returns (ListOperationsResponse);
      rpc GetOperation(GetOperationRequest) returns (Operation);
      rpc CancelOperation(CancelOperationRequest) returns (google.protobuf.Empty);
    }
    """,
    "google/protobuf/any.proto",
    "google/protobuf/descriptor.proto",
    _EMPTY,
    "google/rpc/status.proto",
)
"""The shape of Google's operations."""

SOURCES = {
    "acme/talk.proto": TALK,
    "acme/operation.proto": OPERATION,
    "acme/notes.proto": NOTES,
    "acme/work.proto": WORK,
    "acme/robots.proto": LONGRUNNING,
    "google/longrunning/operations.proto": GOOGLE,
    _OPTION: (REPOSITORY / "protos" / _OPTION).read_bytes(),
}


@contextmanager
def modules(folder: Path) -> Iterator[SimpleNamespace]:
    """The modules of the tree."""
    with bindings_of(folder, SOURCES) as bindings:
        yield SimpleNamespace(
            talk=bindings.module("acme.talk.v1"),
            work=bindings.module("acme.work.v1"),
            operation=bindings.module("acme.operation"),
            notes=bindings.module("acme.notes"),
            robots=bindings.module("acme.robots.v1"),
            longrunning=bindings.module("google.longrunning"),
            rpc=bindings.module("google.rpc"),
            any=AnyMessage,
        )


class Desk:
    """What a server of operations knows: one that is done when it has been asked often enough."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.asked: list[str] = []
        self.metadata: list[dict[str, Any]] = []
        self.polls = 3
        self.unavailable = 0
        self.outcome: Callable[[], Any] = lambda: self.packed(made.work.Thing(name="lamp"))
        self.cancelled = False

    def packed(self, message: Any) -> Any:
        """A response."""
        return self.made.operation.Operation.Result.Response(self.made.any.pack(message))

    def failure(self, code: int, message: str) -> Any:
        """An error."""
        return self.made.operation.Operation.Result.Error(self.made.rpc.Status(code=code, message=message))

    def operation(self) -> Any:
        """The state of the operation."""
        asked = len(self.asked)
        done = asked >= self.polls or self.cancelled
        outcome = self.failure(1, "cancelled") if self.cancelled else self.outcome() if done else None
        progress = self.made.notes.Progress(percent=min(100, 100 * asked // max(1, self.polls)))
        return self.made.operation.Operation(
            id="op-1", done=done, metadata=self.made.any.pack(progress), result=outcome
        )

    def get(self, request: Any, metadata: Any) -> Any:
        """The operation of a request; None where the server is to be unavailable."""
        if self.unavailable:
            self.unavailable -= 1
            return None
        self.asked.append(request.operation_id)
        self.metadata.append(dict(metadata))
        return self.operation()


@contextmanager
def served(*servicers: Any) -> Iterator[str]:
    """A server of servicers; its address."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    for servicer in servicers:
        servicer.add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()


@asynccontextmanager
async def aio_served(*servicers: Any) -> AsyncIterator[str]:
    """A server of ``grpc.aio``; its address."""
    server = grpc.aio.server()
    for servicer in servicers:
        servicer.add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)
