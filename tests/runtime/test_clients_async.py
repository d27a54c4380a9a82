"""Clients and servicers of ``grpc.aio`` over a real server on loopback."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

import grpc
import grpc.aio
import pytest

from tests.support.client_trees import QUICK, Desk, aio_served, modules
from toolkit.bindings.yandex.cloud.compute import v1 as compute
from toolkit.bindings.yandex.cloud.operation import Operation as OwnOperation
from toolkit.runtime import CallInfo, DecodeError, Empty, EncodeError, OperationFailed, RepeatedPage
from toolkit.runtime.anys import Any as AnyMessage


def asynchronous(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a test in a loop of its own."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(asyncio.wait_for(test(**fixtures), 30))

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The modules of the tree."""
    with modules(tmp_path_factory.mktemp("clients")) as found:
        yield found


class Talking:
    """A server that talks, and a client of it."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.metadata: dict[str, Any] = {}
        self.ended = asyncio.Event()

    async def __aenter__(self) -> Any:
        word, around = self.made.talk.Word, self

        class Talk(self.made.talk.TalkAsyncServicer):
            async def say(self, request: Any, context: Any) -> Any:
                around.metadata = dict(context.invocation_metadata())
                if request.text == "no":
                    await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not now")
                if request.text == "slow":
                    await asyncio.sleep(2)
                if request.text == "other":
                    return around.made.work.Thing(name="x")
                await context.send_initial_metadata((("first", "1"),))
                context.set_trailing_metadata((("last", "2"), ("raw-bin", b"\x00\xff")))
                return word(text=f"{request.text}!", number=request.number + 1)

            async def spell(self, request: Any, context: Any) -> AsyncIterator[Any]:
                await context.send_initial_metadata((("first", "1"),))
                context.set_trailing_metadata((("last", "2"),))
                number = 0
                try:
                    while request.text == "forever" or number < len(request.text):
                        if request.text == "broken" and number == 2:
                            await context.abort(grpc.StatusCode.DATA_LOSS, "torn")
                        yield word(text=request.text[number % len(request.text)], number=number)
                        number += 1
                        await asyncio.sleep(0.005 if request.text == "forever" else 0)
                finally:
                    around.ended.set()

            async def join(self, requests: AsyncIterator[Any], context: Any) -> Any:
                return word(text="".join([request.text async for request in requests]))

            async def chat(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
                async for request in requests:
                    yield word(text=request.text.upper())

            async def import_(self, request: Any, context: Any) -> Any:
                return word(text=f"imported {request.text}")

            async def length(self, request: str, context: Any) -> timedelta:
                return timedelta(seconds=len(request))

            async def later(self, request: Any, context: Any) -> Any:
                return await super().later(request, context)

        self._server = aio_served(Talk())
        address = await self._server.__aenter__()
        self.channel = grpc.aio.insecure_channel(address)
        self.client = self.made.talk.TalkAsyncClient(self.channel)
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.channel.close()
        await self._server.__aexit__(*error)


async def words(made: Any, *texts: str) -> AsyncIterator[Any]:
    """Requests, one after another."""
    for text in texts:
        yield made.talk.Word(text=text)
        await asyncio.sleep(0)


# The four kinds of call


@asynchronous
async def test_unary(made: Any) -> None:
    """A request goes there, and a response comes back, as dataclasses; `import` is `import_`."""
    async with Talking(made) as talk:
        answer = await talk.client.say(made.talk.Word(text="hi", number=1), timeout=10)
        imported = await talk.client.import_(made.talk.Word(text="x"), timeout=10)
        assert await talk.client.length("four", timeout=10) == timedelta(seconds=4)
    assert answer == made.talk.Word(text="hi!", number=2)
    assert imported.text == "imported x"


@asynchronous
async def test_streams(made: Any) -> None:
    """Responses come one after another; requests come from asynchronous iterables, and from plain ones."""
    async with Talking(made) as talk:
        client = talk.client
        spelt = [word.text async for word in client.spell(made.talk.Word(text="abc"), timeout=10)]
        joined = await client.join(words(made, "x", "y", "z"), timeout=10)
        plain = await client.join([made.talk.Word(text=text) for text in "xyz"], timeout=10)
        said = [word.text async for word in client.chat(words(made, "a", "b"), timeout=10)]
    assert spelt == ["a", "b", "c"]
    assert joined.text == plain.text == "xyz"
    assert said == ["A", "B"]


@asynchronous
async def test_dialogue(made: Any) -> None:
    """A request can depend on the response before it."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def requests() -> AsyncIterator[Any]:
        yield made.talk.Word(text="a")
        yield made.talk.Word(text="b" + await heard.get())
        yield made.talk.Word(text="c" + await heard.get())

    async with Talking(made) as talk:
        said = []
        async for word in talk.client.chat(requests(), timeout=10):
            said.append(word.text)
            heard.put_nowait(word.text)
    assert said == ["A", "BA", "CBA"]


@asynchronous
async def test_two_clients(made: Any) -> None:
    """Clients share a channel, and calls go on side by side."""
    async with Talking(made) as talk:
        clients = [talk.client, made.talk.TalkAsyncClient(talk.channel)]
        calls = [client.say(made.talk.Word(number=n), timeout=10) for client in clients for n in range(5)]
        assert [word.number for word in await asyncio.gather(*calls)] == [*range(1, 6), *range(1, 6)]


def test_kinds(made: Any) -> None:
    """What returns one thing is awaited, and streams and pagers are iterated, without an await before."""
    client = made.talk.TalkAsyncClient
    assert [inspect.iscoroutinefunction(f) for f in (client.say, client.join, client.spell, client.chat)] == [
        *(True, True),
        *(False, False),
    ]
    assert not inspect.iscoroutinefunction(made.work.ShelfAsyncClient.list_all)


# What goes wrong


@asynchronous
async def test_errors(made: Any) -> None:
    """An error of the server is `grpc.RpcError` with code and details; what came before it is there."""
    async with Talking(made) as talk:
        with pytest.raises(grpc.RpcError) as caught:
            await talk.client.say(made.talk.Word(text="no"), timeout=10)
        stream = talk.client.spell(made.talk.Word(text="broken"), timeout=10)
        heard = [(await anext(stream)).text, (await anext(stream)).text]
        with pytest.raises(grpc.RpcError) as torn:
            await anext(stream)
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.FAILED_PRECONDITION, "not now")
    assert heard == ["b", "r"]
    assert torn.value.code() is grpc.StatusCode.DATA_LOSS


@asynchronous
async def test_deadline(made: Any) -> None:
    """A call that takes longer than its timeout fails with DEADLINE_EXCEEDED, a stream too."""
    async with Talking(made) as talk:
        with pytest.raises(grpc.RpcError) as caught:
            await talk.client.say(made.talk.Word(text="slow"), timeout=0.05)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        with pytest.raises(grpc.RpcError) as caught:
            [word async for word in talk.client.spell(made.talk.Word(text="forever"), timeout=0.05)]
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


@asynchronous
async def test_unimplemented(made: Any) -> None:
    """A method that is not overridden answers UNIMPLEMENTED with its name, whatever its kind, and so does `super()`."""
    word = made.talk.Word()

    async def everything(stream: Any) -> list[Any]:
        return [answer async for answer in stream]

    async with Talking(made) as talk:
        calls = {
            "Later": talk.client.later(word, timeout=10),
            "LaterSpell": everything(talk.client.later_spell(word, timeout=10)),
            "LaterJoin": talk.client.later_join([word], timeout=10),
            "LaterChat": everything(talk.client.later_chat([word], timeout=10)),
            "AddTo": talk.client.add_to_(word, timeout=10),
        }
        for name, call in calls.items():
            with pytest.raises(grpc.RpcError) as caught:
                await call
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
            assert caught.value.details() == f"acme.talk.v1.Talk/{name} is not implemented"


@asynchronous
async def test_wrong_requests(made: Any) -> None:
    """Anything but a request of the method is a TypeError or an EncodeError that names it, in streams too."""

    async def failing() -> AsyncIterator[Any]:
        yield made.talk.Word(text="a")
        raise ZeroDivisionError("mine")

    bad, mixed = made.talk.Word(number=2**40), [made.talk.Word(), made.work.Thing()]
    async with Talking(made) as talk:
        client = talk.client
        with pytest.raises(TypeError, match=r"acme\.talk\.v1\.Talk/Say is a Word, not Thing"):
            await client.say(made.work.Thing(), timeout=10)
        with pytest.raises(TypeError, match="Talk/Join is a Word, not Thing"):
            await client.join(mixed, timeout=10)
        with pytest.raises(TypeError, match="Talk/Chat is a Word, not Thing"):
            [word async for word in client.chat(mixed, timeout=10)]
        with pytest.raises(ZeroDivisionError, match="mine"):
            await client.join(failing(), timeout=10)
        with pytest.raises(EncodeError, match="number"):
            await client.say(bad, timeout=10)
        with pytest.raises(EncodeError, match="number"):
            await client.join([bad], timeout=10)
        with pytest.raises(EncodeError, match="number"):
            [word async for word in client.spell(bad, timeout=10)]


@asynchronous
async def test_wrong_answer(made: Any) -> None:
    """A servicer that returns another type is an error for its caller, never an empty message."""
    async with Talking(made) as talk:
        with pytest.raises(grpc.RpcError) as caught:
            await talk.client.say(made.talk.Word(text="other"), timeout=10)
    assert caught.value.code() is grpc.StatusCode.UNKNOWN
    assert "the answer of acme.talk.v1.Talk/Say is a Word, not Thing" in caught.value.details()


# Beside the request and the response


@asynchronous
async def test_metadata(made: Any) -> None:
    """Metadata goes there with the request, and comes back in a CallInfo, or on the stream."""
    info = CallInfo()
    async with Talking(made) as talk:
        sent = [("token", "abc"), ("raw-bin", b"\x01\x00")]
        await talk.client.say(made.talk.Word(text="a"), metadata=sent, info=info, timeout=10)
        assert {("token", "abc"), ("raw-bin", b"\x01\x00")} <= set(talk.metadata.items())
        stream = talk.client.spell(made.talk.Word(text="a"), timeout=10)
        assert dict(await stream.initial_metadata())["first"] == "1"
        assert len([word async for word in stream]) == 1
        assert dict(await stream.trailing_metadata())["last"] == "2"
    assert dict(info.initial_metadata)["first"] == "1"
    assert {"last": "2", "raw-bin": b"\x00\xff"}.items() <= dict(info.trailing_metadata).items()


@asynchronous
async def test_cancel(made: Any) -> None:
    """A stream that is cancelled ends, there too; leaving its `async with` block cancels it."""
    async with Talking(made) as talk:
        stream = talk.client.spell(made.talk.Word(text="forever"), timeout=20)
        assert [(await anext(stream)).number for _ in range(3)] == [0, 1, 2]
        assert stream.cancel()
        with pytest.raises(asyncio.CancelledError):
            [word async for word in stream]
        await asyncio.wait_for(talk.ended.wait(), 10)
        talk.ended.clear()
        async with talk.client.spell(made.talk.Word(text="forever"), timeout=20) as stream:
            await anext(stream)
        await asyncio.wait_for(talk.ended.wait(), 10)


@asynchronous
async def test_cancelled_task(made: Any) -> None:
    """Cancelling the task that waits for a call cancels the call, and is not taken for an error."""
    async with Talking(made) as talk:
        task = asyncio.create_task(talk.client.say(made.talk.Word(text="slow"), timeout=20))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@asynchronous
async def test_plain_servicer(made: Any) -> None:
    """A servicer of plain functions works in a server of `grpc.aio` too; what it lacks is UNIMPLEMENTED."""

    class Talk(made.talk.TalkServicer):
        def say(self, request: Any, context: Any) -> Any:
            return made.talk.Word(text=request.text * 2)

        def spell(self, request: Any, context: Any) -> Iterator[Any]:
            yield made.talk.Word(text=request.text)

    async with aio_served(Talk()) as address, grpc.aio.insecure_channel(address) as channel:
        client = made.talk.TalkAsyncClient(channel)
        assert (await client.say(made.talk.Word(text="a"), timeout=10)).text == "aa"
        assert [word.text async for word in client.spell(made.talk.Word(text="a"), timeout=10)] == ["a"]
        with pytest.raises(grpc.RpcError) as caught:
            await client.later(made.talk.Word(), timeout=10)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


# Operations


class Working:
    """A server of operations, and a client that starts them."""

    def __init__(self, made: Any) -> None:
        self.made = made

    async def __aenter__(self) -> Any:
        self.desk = desk = Desk(self.made)

        class Works(self.made.work.WorksAsyncServicer):
            async def make(self, request: Any, context: Any) -> Any:
                return desk.operation()

            drop = time = make

        class Operations(self.made.operation.OperationServiceAsyncServicer):
            async def get(self, request: Any, context: Any) -> Any:
                answer = desk.get(request, context.invocation_metadata())
                return answer or await context.abort(grpc.StatusCode.UNAVAILABLE, "come back later")

            async def cancel(self, request: Any, context: Any) -> Any:
                desk.cancelled = request.operation_id == "op-1"
                return desk.operation()

        self._servers = [aio_served(Works()), aio_served(Operations())]
        here, there = [await server.__aenter__() for server in self._servers]
        self.channels = [grpc.aio.insecure_channel(where) for where in (here, there)]
        self.works = self.made.work.WorksAsyncClient(self.channels[0], operations=self.channels[1], polling=QUICK)
        return self

    async def __aexit__(self, *error: Any) -> None:
        for channel in self.channels:
            await channel.close()
        for server in self._servers:
            await server.__aexit__(*error)


@asynchronous
async def test_operation(made: Any) -> None:
    """An operation on another channel that takes three polls, asked for with the metadata it was started with."""
    async with Working(made) as location:
        sent = [("authorization", "Bearer x")]
        operation = await location.works.make(made.work.Order(name="lamp"), metadata=sent, timeout=10)
        assert repr(operation) == "AsyncOperation('op-1', done=False)"
        assert operation.metadata == made.notes.Progress(percent=0)
        assert await operation.result(timeout=10) == made.work.Thing(name="lamp")
        assert operation.metadata == made.notes.Progress(percent=100)
        assert location.desk.asked == ["op-1"] * 3
        assert {metadata["authorization"] for metadata in location.desk.metadata} == {"Bearer x"}


@asynchronous
async def test_operation_ends_otherwise(made: Any) -> None:
    """Errors, time-outs, cancellation, a broken promise, and a server that is away for a moment or for good."""
    async with Working(made) as location:
        works, desk, order = location.works, location.desk, made.work.Order()
        operation = await works.make(order, timeout=10)
        await operation.refresh(timeout=10)
        assert (operation.done, len(desk.asked)) == (False, 1)
        desk.polls = 10
        with pytest.raises(TimeoutError, match=r"'op-1' was not done within 0\.03 s"):
            await operation.result(timeout=0.03)
        await operation.cancel(timeout=10)
        with pytest.raises(OperationFailed, match="code 1: cancelled"):
            await operation.result(timeout=10)
        desk.cancelled, desk.polls, desk.outcome = False, 0, lambda: desk.failure(9, "busy")
        with pytest.raises(OperationFailed, match="code 9: busy"):
            await (await works.make(order, timeout=10)).result()
        desk.outcome = lambda: desk.packed(order)
        with pytest.raises(DecodeError, match="was promised"):
            await (await works.make(order, timeout=10)).result()
        assert await (await works.drop(order, timeout=10)).result() == Empty()
        desk.asked, desk.polls, desk.unavailable = [], 1, 4
        desk.outcome = lambda: desk.packed(made.work.Thing(name="lamp"))
        assert (await (await works.make(order, timeout=10)).result(timeout=10)).name == "lamp"
        desk.asked, desk.unavailable = [], 5
        with pytest.raises(grpc.RpcError) as caught:
            await (await works.make(order, timeout=10)).result(timeout=10)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


@asynchronous
async def test_own_operation() -> None:
    """The same with the own protos: an operation that is done at once."""
    image = compute.Image(id="i1", name="debian")

    class Images(compute.ImageServiceAsyncServicer):
        async def create(self, request: compute.CreateImageRequest, context: Any) -> OwnOperation:
            outcome = OwnOperation.Result.Response(AnyMessage.pack(image))
            return OwnOperation(id="o1", done=True, result=outcome)

        async def list(self, request: compute.ListImagesRequest, context: Any) -> compute.ListImagesResponse:
            return compute.ListImagesResponse(images=[image], next_page_token="" if request.page_token else "2")

    async with aio_served(Images()) as address, grpc.aio.insecure_channel(address) as channel:
        client = compute.ImageServiceAsyncClient(channel)
        operation = await client.create(compute.CreateImageRequest(name="debian"), timeout=10)
        assert (await operation.result(), operation.metadata) == (image, None)
        found = [item async for item in client.list_all(compute.ListImagesRequest(folder_id="f"), timeout=10)]
    assert found == [image, image]


# Pages


@asynchronous
async def test_pager(made: Any) -> None:
    """A pager asks for a page when it is needed, leaves the request alone, and ends where a token comes again."""
    asked = []

    class Shelf(made.work.ShelfAsyncServicer):
        async def list(self, request: Any, context: Any) -> Any:
            asked.append(request.page_token)
            start = int(request.page_token or 0)
            things = [made.work.Thing(name=str(number)) for number in range(start, min(7, start + 3))]
            token = str(start + 3) if start + 3 < 7 else ""
            return made.work.ListResponse(things=things, next_page_token="3" if request.folder == "loop" else token)

    async with aio_served(Shelf()) as address, grpc.aio.insecure_channel(address) as channel:
        client, request = made.work.ShelfAsyncClient(channel), made.work.ListRequest()
        pager = client.list_all(request, timeout=10)
        assert asked == []
        names = []
        async for thing in pager:
            names.append(thing.name)
            assert len(asked) == (len(names) + 2) // 3
        assert names == list("0123456")
        assert request == made.work.ListRequest()
        assert [len(page.things) async for page in pager.pages()] == [3, 3, 1]
        with pytest.raises(RepeatedPage, match="'3'"):
            [thing async for thing in client.list_all(made.work.ListRequest(folder="loop"), timeout=10)]
