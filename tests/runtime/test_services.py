"""What clients and servers have beside calls: defaults, retries, rich errors, health, reflection, and known operations."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.support.client_trees import QUICK, Desk, modules, served
from toolkit.descriptors.compile import read_descriptor_set
from toolkit.descriptors.loader import load
from toolkit.runtime import (
    AnyMessage,
    OperationFailed,
    Retry,
    Status,
    abort_with,
    add_servicers,
    async_abort_with,
    status_of,
)

FAST = Retry(attempts=3, first_wait=0.01)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The modules of the tree."""
    with modules(tmp_path_factory.mktemp("services")) as found:
        yield found


@pytest.fixture
def seen() -> Any:
    """What the server saw."""
    return SimpleNamespace(calls=[], left=[], failing=0, code=grpc.StatusCode.UNAVAILABLE)


@pytest.fixture
def address(made: Any, seen: Any) -> Iterator[str]:
    """A server that fails as often as it is told to."""
    word = made.talk.Word

    class Talk(made.talk.TalkServicer):
        def say(self, request: Any, context: Any) -> Any:
            seen.calls.append([value for key, value in context.invocation_metadata() if key == "who"])
            seen.left.append(context.time_remaining())
            if request.text == "rich":
                abort_with(context, grpc.StatusCode.NOT_FOUND, "nothing", [made.notes.Progress(percent=3)])
            if seen.failing:
                seen.failing -= 1
                context.abort(seen.code, "later")
            return word(text="said")

        def spell(self, request: Any, context: Any) -> Iterator[Any]:
            self.say(request, context)
            yield word(text="a")

    with served(Talk()) as where:
        yield where


def test_defaults_of_a_client(made: Any, address: str, seen: Any) -> None:
    """All calls of a client have its timeout and metadata; those of a call come on top."""
    word = made.talk.Word(text="x")
    with grpc.insecure_channel(address) as channel:
        client = made.talk.TalkClient(channel, timeout=7, metadata=[("who", "me")])
        client.say(word)
        client.say(word, timeout=100, metadata=[("who", "you")])
        list(client.spell(word))
        client.future(client.say, word).result()
    assert seen.calls == [["me"], ["me", "you"], ["me"], ["me"]]
    assert [left > 50 for left in seen.left] == [False, True, False, False]
    assert all(left < 200 for left in seen.left)


def test_retries(made: Any, address: str, seen: Any) -> None:
    """A call that fails is made again, as often as the policy says and for its codes only."""
    word = made.talk.Word(text="x")
    with grpc.insecure_channel(address) as channel:
        client = made.talk.TalkClient(channel, retry=FAST)
        seen.failing = 2
        assert client.say(word, timeout=10).text == "said"
        seen.failing = 3
        with pytest.raises(grpc.RpcError, match="later"):
            client.say(word)
        assert len(seen.calls) == 6
        seen.failing, seen.code = 1, grpc.StatusCode.ABORTED
        with pytest.raises(grpc.RpcError, match="later"):
            client.say(word)
        assert len(seen.calls) == 7
        with pytest.raises(TypeError):
            client.say("x")


def test_codes() -> None:
    """A policy names codes as grpcio or as text has them, and a code that is none is refused."""
    both = Retry(codes=[grpc.StatusCode.ABORTED, "UNAVAILABLE"])
    assert both.codes == {"ABORTED", "UNAVAILABLE"}
    assert Retry(codes="ABORTED").codes == {"ABORTED"}
    for wrong in ("UNAVAILIBLE", "unavailable", grpc.StatusCode.OK):
        with pytest.raises(ValueError, match="a call can fail with; they are CANCELLED, UNKNOWN"):
            Retry(codes=[wrong])
    assert all(Retry(codes=[code]).codes == {code.name} for code in grpc.StatusCode if code.name != "OK")


def test_retries_end_with_the_timeout(made: Any, address: str, seen: Any) -> None:
    """All attempts together have the time of the call."""
    seen.failing = 100
    with grpc.insecure_channel(address) as channel:
        client = made.talk.TalkClient(channel, retry=Retry(attempts=100, first_wait=0.2, growth=1), timeout=1)
        begun = time.monotonic()
        with pytest.raises(grpc.RpcError):
            client.say(made.talk.Word(text="x"))
    assert time.monotonic() - begun < 5
    assert 1 < len(seen.calls) < 10


def test_async_client(made: Any, address: str, seen: Any) -> None:
    """Asynchronous clients have the same."""

    async def run() -> None:
        async with grpc.aio.insecure_channel(address) as channel:
            client = made.talk.TalkAsyncClient(channel, retry=FAST, timeout=9, metadata=[("who", "me")])
            seen.failing = 2
            assert (await client.say(made.talk.Word(text="x"))).text == "said"
            seen.failing = 3
            with pytest.raises(grpc.aio.AioRpcError, match="later"):
                await client.say(made.talk.Word(text="x"))
            assert [word.text async for word in client.spell(made.talk.Word())] == ["a"]

    asyncio.run(run())
    assert seen.calls == [["me"]] * 7


def test_rich_errors(made: Any, address: str) -> None:
    """Details of an error reach the caller, as messages; an error without any has no status."""
    with grpc.insecure_channel(address) as channel:
        client = made.talk.TalkClient(channel)
        with pytest.raises(grpc.RpcError) as caught:
            client.say(made.talk.Word(text="rich"))
        status = status_of(caught.value)
        assert status is not None
        assert (status.code, status.message) == (5, "nothing")
        assert status.details[0].unpack(made.notes.Progress).percent == 3
        with pytest.raises(grpc.RpcError) as caught:
            client.later(made.talk.Word())
        assert status_of(caught.value) is None


def test_rich_errors_of_an_async_server(made: Any) -> None:
    """Asynchronous servicers send details, too, beside metadata of their own."""

    class Talk(made.talk.TalkAsyncServicer):
        async def say(self, request: Any, context: Any) -> Any:
            context.set_trailing_metadata((("own", "1"),))
            await async_abort_with(context, grpc.StatusCode.NOT_FOUND, "no", [made.notes.Progress(percent=4)])

    async def run() -> None:
        server = grpc.aio.server()
        checker = add_servicers(server, Talk(), health=True, reflection=True)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await made.talk.TalkAsyncClient(channel).say(made.talk.Word())
            status = status_of(caught.value)
            assert status is not None
            assert status.details[0].unpack().percent == 4
            assert dict(caught.value.trailing_metadata())["own"] == "1"
            check = health_pb2_grpc.HealthStub(channel).Check
            answer = await check(health_pb2.HealthCheckRequest(service="acme.talk.v1.Talk"))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
            await checker.enter_graceful_shutdown()
            answer = await check(health_pb2.HealthCheckRequest())
            assert answer.status == health_pb2.HealthCheckResponse.NOT_SERVING
        await server.stop(None)

    asyncio.run(run())


def test_status() -> None:
    """A status is the bytes of google.rpc.Status."""
    status = Status.from_bytes(Status(3, "bad", [AnyMessage(type_url="a/b", value=b"c")]).to_bytes())
    assert (status.code, status.message, status.details) == (3, "bad", [AnyMessage(type_url="a/b", value=b"c")])
    assert Status(3, "bad").to_bytes() == b"\x08\x03\x12\x03bad"
    assert status_of(ValueError("x")) is None


def test_health_and_reflection(made: Any) -> None:
    """One call adds servicers, their health, and their descriptors, which this toolkit reads from the server."""
    server = grpc.server(ThreadPoolExecutor(4))
    checker = add_servicers(server, made.talk.TalkServicer(), made.work.WorksServicer(), health=True, reflection=True)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            services = ProtoReflectionDescriptorDatabase(channel).get_services()
            assert {"acme.talk.v1.Talk", "acme.work.v1.Works", "grpc.health.v1.Health"} <= set(services)
            check = health_pb2_grpc.HealthStub(channel).Check
            request = health_pb2.HealthCheckRequest(service="acme.work.v1.Works")
            assert check(request).status == health_pb2.HealthCheckResponse.SERVING
            checker.set("acme.work.v1.Works", health_pb2.HealthCheckResponse.NOT_SERVING)
            assert check(request).status == health_pb2.HealthCheckResponse.NOT_SERVING
        schema = load(read_descriptor_set(f"grpc://127.0.0.1:{port}"))
        assert {"acme.talk.v1.Talk", "acme.work.v1.Works"} <= set(schema.services)
        assert schema.methods["acme.work.v1.Works.Make"].output == "acme.operation.Operation"
    finally:
        server.stop(None).wait()


class Works:
    """Operations that a client did not start itself."""

    def servicers(self, made: Any, desk: Desk) -> list[Any]:
        """The servicers."""

        class Making(made.work.WorksServicer):
            def make(self, request: Any, context: Any) -> Any:
                return desk.operation()

        class Operations(made.operation.OperationServiceServicer):
            def get(self, request: Any, context: Any) -> Any:
                return desk.get(request, context.invocation_metadata())

        return [Making(), Operations()]


def test_known_operations(made: Any) -> None:
    """A handle is made from the id of an operation that was started earlier, with its types."""
    desk = Desk(made)
    with served(*Works().servicers(made, desk)) as where, grpc.insecure_channel(where) as channel:
        client = made.work.WorksClient(channel, polling=QUICK, metadata=[("who", "me")])
        operation = client.operation(client.make, "op-1")
        assert (operation.id, operation.done, desk.asked) == ("op-1", False, [])
        assert operation.result(timeout=10) == made.work.Thing(name="lamp")
        assert operation.metadata == made.notes.Progress(percent=100)
        assert all(metadata["who"] == "me" for metadata in desk.metadata)
        with pytest.raises(TypeError, match="expected a method of this WorksClient"):
            client.operation(made.work.ShelfClient(channel).list, "op-1")
        shelf = made.work.ShelfClient(channel)
        with pytest.raises(TypeError, match="Shelf/List starts no long-running operation"):
            shelf.operation(shelf.list, "op-1")

    async def run(where: str) -> None:
        async with grpc.aio.insecure_channel(where) as channel:
            client = made.work.WorksAsyncClient(channel, polling=QUICK)
            assert await client.operation(client.make, "op-1").result(timeout=10) == made.work.Thing(name="lamp")

    with served(*Works().servicers(made, Desk(made))) as where:
        asyncio.run(run(where))


def test_details_of_failed_operations(made: Any) -> None:
    """An operation that failed has the details of its error."""
    desk = Desk(made)
    desk.polls = 0
    detail = AnyMessage.pack(made.notes.Progress(percent=5))
    error = made.rpc.Status(code=9, message="full", details=[detail])
    desk.outcome = lambda: made.operation.Operation.Result.Error(error)
    with served(*Works().servicers(made, desk)) as where, grpc.insecure_channel(where) as channel:
        with pytest.raises(OperationFailed, match="full") as caught:
            made.work.WorksClient(channel).make(made.work.Order()).result()
        assert caught.value.details[0].unpack(made.notes.Progress) == made.notes.Progress(percent=5)
        assert caught.value.operation.id == "op-1"
