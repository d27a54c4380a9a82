"""Long-running operations and pages over a real gRPC server on loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from tests.support.bindings_of import compiled
from tests.support.client_trees import OPERATION, QUICK, SOURCES, Desk, modules, served
from tests.support.protos_of import proto3
from toolkit.bindings.yandex.cloud.compute import v1 as compute
from toolkit.bindings.yandex.cloud.operation import Operation as OwnOperation
from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.loader import load
from toolkit.runtime import (
    DecodeError,
    Empty,
    OperationFailed,
    Polling,
    RepeatedPage,
)
from toolkit.runtime.anys import Any as AnyMessage
from toolkit.semantics.facts import Facts
from toolkit.targets.python.descriptors import needed_files


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The modules of the tree."""
    with modules(tmp_path_factory.mktemp("clients")) as found:
        yield found


@pytest.fixture
def desk(made: Any) -> Desk:
    """What the server of operations knows."""
    return Desk(made)


@pytest.fixture
def works(made: Any, desk: Desk) -> Iterator[Any]:
    """A client that starts operations on a server."""

    class Works(made.work.WorksServicer):
        def make(self, request: Any, context: Any) -> Any:
            return desk.operation()

        drop = time = make

    class Operations(made.operation.OperationServiceServicer):
        def get(self, request: Any, context: Any) -> Any:
            answer = desk.get(request, context.invocation_metadata())
            return answer or context.abort(grpc.StatusCode.UNAVAILABLE, "come back later")

        def cancel(self, request: Any, context: Any) -> Any:
            desk.cancelled = request.operation_id == "op-1"
            return desk.operation()

    with served(Works(), Operations()) as address, grpc.insecure_channel(address) as channel:
        yield made.work.WorksClient(channel, polling=QUICK)


def test_operation(made: Any, works: Any, desk: Desk) -> None:
    """An operation that takes three polls: its handle, its metadata from another package, its response."""
    operation = works.make(made.work.Order(name="lamp"), timeout=10)
    assert (operation.id, operation.done, repr(operation)) == ("op-1", False, "Operation('op-1', done=False)")
    assert operation.metadata == made.notes.Progress(percent=0)
    assert operation.result(timeout=10) == made.work.Thing(name="lamp")
    assert desk.asked == ["op-1"] * 3
    assert (operation.done, operation.metadata) == (True, made.notes.Progress(percent=100))
    assert operation.result() == made.work.Thing(name="lamp")
    assert len(desk.asked) == 3


def test_refresh(made: Any, works: Any, desk: Desk) -> None:
    """One can ask for oneself, and look at the message itself."""
    operation = works.make(made.work.Order(), timeout=10)
    operation.refresh(timeout=10)
    assert not operation.done
    assert operation.metadata == made.notes.Progress(percent=33)
    assert isinstance(operation.message, made.operation.Operation)


def test_done_at_once(made: Any, works: Any, desk: Desk) -> None:
    """An operation that is done when it comes is not asked for."""
    desk.polls = 0
    assert works.make(made.work.Order(), timeout=10).result() == made.work.Thing(name="lamp")
    assert desk.asked == []


def test_same_credentials(made: Any, works: Any, desk: Desk) -> None:
    """It is asked for with the metadata of the call that started it; its timeout was for the start only."""
    operation = works.make(made.work.Order(), metadata=[("authorization", "Bearer x")], timeout=10)
    operation.result(timeout=10)
    assert [metadata["authorization"] for metadata in desk.metadata] == ["Bearer x"] * 3
    assert "timeout" not in operation.options


def test_operation_fails(made: Any, works: Any, desk: Desk) -> None:
    """An operation that ends with an error raises it, with code, message and handle."""
    desk.outcome = lambda: desk.failure(9, "the disk is busy")
    operation = works.make(made.work.Order(), timeout=10)
    with pytest.raises(OperationFailed, match="code 9: the disk is busy") as caught:
        operation.result(timeout=10)
    assert (caught.value.code, caught.value.message) == (9, "the disk is busy")
    assert caught.value.operation is operation


def test_operation_timeout(made: Any, works: Any, desk: Desk) -> None:
    """One that is not done in time raises TimeoutError; one can wait on."""
    desk.polls = 8
    operation = works.make(made.work.Order(), timeout=10)
    with pytest.raises(TimeoutError, match=r"'op-1' was not done within 0\.03 s"):
        operation.result(timeout=0.03)
    assert operation.result(timeout=10) == made.work.Thing(name="lamp")


def test_back_off(made: Any, works: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait is longer than the one before, up to the longest."""
    desk.polls = 4
    operation = works.make(made.work.Order(), timeout=10)
    operation.polling = Polling(first_wait=0.02, growth=3, longest_wait=0.1)
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    operation.result(timeout=10)
    assert waits == pytest.approx([0.02, 0.06, 0.1, 0.1])


def test_unavailable(made: Any, works: Any, desk: Desk) -> None:
    """A server that is away for a moment is asked again; one that stays away is an error."""
    desk.unavailable = 4
    assert works.make(made.work.Order(), timeout=10).result(timeout=10) == made.work.Thing(name="lamp")
    desk.unavailable, desk.asked = 5, []
    with pytest.raises(grpc.RpcError) as caught:
        works.make(made.work.Order(), timeout=10).result(timeout=10)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_cancel_operation(made: Any, works: Any, desk: Desk) -> None:
    """Cancelling asks the server, and takes what it answers."""
    operation = works.make(made.work.Order(), timeout=10)
    operation.cancel(timeout=10)
    assert operation.done
    with pytest.raises(OperationFailed, match="cancelled") as caught:
        operation.result(timeout=10)
    assert caught.value.code == 1


@pytest.mark.parametrize("response", ["empty", "other", "none"])
def test_empty_response(made: Any, works: Any, desk: Desk, response: str) -> None:
    """Where nothing is promised, Empty is what comes, whatever the server sends."""
    outcomes = {"empty": desk.packed(Empty()), "other": desk.packed(made.work.Thing()), "none": None}
    desk.outcome = lambda: outcomes[response]
    assert works.drop(made.work.Order(), timeout=10).result(timeout=10) == Empty()


def test_broken_promise(made: Any, works: Any, desk: Desk) -> None:
    """A response of a different type from the one the .proto file promises is an error, and so is a missing one."""
    desk.outcome = lambda: desk.packed(made.work.Order())
    operation = works.make(made.work.Order(), timeout=10)
    with pytest.raises(DecodeError, match=r"'op-1' holds a acme\.work\.v1\.Order where a acme\.work\.v1\.Thing"):
        operation.result(timeout=10)
    desk.outcome = lambda: None
    with pytest.raises(OperationFailed, match="neither a response nor an error"):
        works.make(made.work.Order(), timeout=10).result(timeout=10)


def test_well_known_response(made: Any, works: Any, desk: Desk) -> None:
    """A well-known type that an operation ends with is its Python value."""
    content = b"\x08\x05"
    desk.outcome = lambda: made.operation.Operation.Result.Response(
        AnyMessage(type_url="type.googleapis.com/google.protobuf.Duration", value=content)
    )
    operation = works.time(made.work.Order(), timeout=10)
    assert operation.result(timeout=10) == timedelta(seconds=5)


def test_other_channel(made: Any, desk: Desk) -> None:
    """Operations that live on another server are asked for there."""

    class Works(made.work.WorksServicer):
        def make(self, request: Any, context: Any) -> Any:
            return desk.operation()

    class Operations(made.operation.OperationServiceServicer):
        def get(self, request: Any, context: Any) -> Any:
            return desk.get(request, context.invocation_metadata())

    with (
        served(Works()) as here,
        served(Operations()) as there,
        grpc.insecure_channel(here) as channel,
        grpc.insecure_channel(there) as operations,
    ):
        client = made.work.WorksClient(channel, operations=operations, polling=QUICK)
        assert client.make(made.work.Order(), timeout=10).result(timeout=10).name == "lamp"
        desk.asked.clear()
        lost = made.work.WorksClient(channel, polling=QUICK).make(made.work.Order(), timeout=10)
        with pytest.raises(grpc.RpcError) as caught:
            lost.result(timeout=10)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_longrunning(made: Any) -> None:
    """Operations of google.longrunning have a name, and the service `Operations` is asked for it."""
    operation, robots, asked = made.longrunning.Operation, made.robots, []

    def answer(done: bool) -> Any:
        response = operation.Result.Response(AnyMessage.pack(robots.Robot(name="r2"))) if done else None
        packed = AnyMessage.pack(robots.Progress(percent=50))
        return operation(name="operations/7", done=done, metadata=packed, result=response)

    class Robots(robots.RobotsServicer):
        def build(self, request: Any, context: Any) -> Any:
            return answer(False)

    class Operations(made.longrunning.OperationsServicer):
        def get_operation(self, request: Any, context: Any) -> Any:
            asked.append(request.name)
            return answer(len(asked) == 3)

        def cancel_operation(self, request: Any, context: Any) -> Any:
            asked.append(f"cancel {request.name}")
            return Empty()

    with served(Robots(), Operations()) as address, grpc.insecure_channel(address) as channel:
        handle = robots.RobotsClient(channel, polling=QUICK).build(robots.Robot(), timeout=10)
        assert (handle.id, handle.metadata) == ("operations/7", robots.Progress(percent=50))
        assert handle.result(timeout=10) == robots.Robot(name="r2")
        assert asked == ["operations/7"] * 3
        handle.cancel(timeout=10)
        assert asked[-1] == "cancel operations/7"
        assert handle.done


def test_operation_service_elsewhere(tmp_path: Path) -> None:
    """Where only some files are asked for, what asks for their operations is generated too."""
    message, service = OPERATION.partition("message GetOperationRequest")[::2]
    sources = {
        **SOURCES,
        "acme/operation.proto": message,
        "acme/operation_service.proto": proto3(
            "acme.operation", f"message GetOperationRequest{service}", "acme/operation.proto"
        ),
    }
    compilation = compiled(tmp_path, sources)
    schema = load(Compilation(compilation.descriptor_set, frozenset({"acme/work.proto"})))
    needed = needed_files(Facts(schema))
    assert "acme/operation_service.proto" in needed
    assert "acme/talk.proto" not in needed


def test_own_operation() -> None:
    """The own protos name no service for operations: one that is done has its result, another says what is missing."""
    image = compute.Image(id="i1", name="debian")

    class Images(compute.ImageServiceServicer):
        def create(self, request: compute.CreateImageRequest, context: Any) -> OwnOperation:
            outcome = OwnOperation.Result.Response(AnyMessage.pack(image)) if request.name else None
            packed = AnyMessage.pack(compute.CreateImageMetadata(image_id="i1"))
            return OwnOperation(id="o1", done=outcome is not None, metadata=packed, result=outcome)

    with served(Images()) as address, grpc.insecure_channel(address) as channel:
        client = compute.ImageServiceClient(channel, polling=QUICK)
        operation = client.create(compute.CreateImageRequest(name="debian"), timeout=10)
        assert operation.result() == image
        assert operation.metadata == compute.CreateImageMetadata(image_id="i1")
        with pytest.raises(LookupError, match=r"the package of yandex\.cloud\.operation\.Operation has no service"):
            client.create(compute.CreateImageRequest(), timeout=10).result()


# Pages


@pytest.fixture
def shelf(made: Any) -> Iterator[Any]:
    """A client of a server with seven things, and what the server was asked."""
    asked: list[Any] = []

    class Shelf(made.work.ShelfServicer):
        def list(self, request: Any, context: Any) -> Any:
            asked.append(request)
            start, size = int(request.page_token or 0), request.page_size or 3
            things = [made.work.Thing(name=str(number)) for number in range(start, min(7, start + size))]
            token = str(start + size) if start + size < 7 else ""
            if request.folder == "loop":
                token = "3" if start < 6 else "0"
            if request.folder == "same":
                token = "same" if not request.page_token else request.page_token
            return made.work.ListResponse(things=things, next_page_token=token)

        def str(self, request: Any, context: Any) -> Any:
            return made.work.NamesResponse(names=["x", "y"])

    with served(Shelf()) as address, grpc.insecure_channel(address) as channel:
        yield SimpleNamespace(client=made.work.ShelfClient(channel), asked=asked)


def test_pager(made: Any, shelf: Any) -> None:
    """A pager gives what is on all pages; the request stays as it was, and a second iteration begins anew."""
    request = made.work.ListRequest(page_size=3)
    pager = shelf.client.list_all(request, timeout=10)
    assert [thing.name for thing in pager] == list("0123456")
    assert [asked.page_token for asked in shelf.asked] == ["", "3", "6"]
    assert {asked.page_size for asked in shelf.asked} == {3}
    assert request == made.work.ListRequest(page_size=3)
    assert len(list(pager)) == 7


def test_lazy_pages(made: Any, shelf: Any) -> None:
    """A page is asked for when the one before is used up, not sooner."""
    pager = iter(shelf.client.list_all(made.work.ListRequest(), timeout=10))
    assert shelf.asked == []
    assert [next(pager).name for _ in range(3)] == ["0", "1", "2"]
    assert len(shelf.asked) == 1
    assert next(pager).name == "3"
    assert len(shelf.asked) == 2


def test_pages(made: Any, shelf: Any) -> None:
    """The pages themselves; one can begin in the middle."""
    pages = list(shelf.client.list_all(made.work.ListRequest(page_token="3"), timeout=10).pages())
    assert [[thing.name for thing in page.things] for page in pages] == [["3", "4", "5"], ["6"]]
    assert [page.next_page_token for page in pages] == ["6", ""]


def test_no_end(made: Any, shelf: Any) -> None:
    """A server that gives a token a second time would be asked for ever: it is an error instead."""
    pager = iter(shelf.client.list_all(made.work.ListRequest(folder="loop", page_size=3, page_token="3"), timeout=10))
    assert [next(pager).name for _ in range(3)] == ["3", "4", "5"]
    with pytest.raises(RepeatedPage, match="'3' for the second time") as caught:
        list(pager)
    assert caught.value.token == "3"


def test_pagers(made: Any, shelf: Any) -> None:
    """Scalars come in pages too; a method without tokens has no pager."""
    assert list(shelf.client.str_all(made.work.ListRequest(), timeout=10)) == ["x", "y"]
    assert not hasattr(shelf.client, "whole_all")
