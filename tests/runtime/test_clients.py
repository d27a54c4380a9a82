"""Synchronous clients and servicers over a real gRPC server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from tests.support.client_trees import modules, served
from toolkit.runtime import (
    AsyncClient,
    AsyncServicer,
    CallInfo,
    Client,
    Empty,
    EncodeError,
    Servicer,
)
from toolkit.targets.python.names import OF_CLIENTS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The modules of the tree."""
    with modules(tmp_path_factory.mktemp("clients")) as found:
        yield found


@pytest.fixture(scope="module")
def state() -> Any:
    """What the server of :func:`talk` saw."""
    return SimpleNamespace(ended=threading.Event(), metadata={})


@pytest.fixture(scope="module")
def address(made: Any, state: Any) -> Iterator[str]:
    """A server that talks."""
    word = made.talk.Word

    class Talk(made.talk.TalkServicer):
        def say(self, request: Any, context: Any) -> Any:
            state.metadata = dict(context.invocation_metadata())
            if request.text == "no":
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not now")
            if request.text == "slow":
                time.sleep(0.5)
            if request.text == "other":
                return made.work.Thing(name="x")
            context.send_initial_metadata((("first", "1"),))
            context.set_trailing_metadata((("last", "2"), ("raw-bin", b"\x00\xff")))
            return word(text=f"{request.text}!", number=request.number + 1)

        def spell(self, request: Any, context: Any) -> Iterator[Any]:
            context.add_callback(state.ended.set)
            context.send_initial_metadata((("first", "1"),))
            context.set_trailing_metadata((("last", "2"),))
            number = 0
            while request.text == "forever" or number < len(request.text):
                if request.text == "broken" and number == 2:
                    context.abort(grpc.StatusCode.DATA_LOSS, "torn")
                yield word(text=request.text[number % len(request.text)], number=number)
                number += 1
                time.sleep(0.005 if request.text == "forever" else 0)

        def join(self, requests: Iterator[Any], context: Any) -> Any:
            return word(text="".join(request.text for request in requests))

        def chat(self, requests: Iterator[Any], context: Any) -> Iterator[Any]:
            for request in requests:
                yield word(text=request.text.upper())

        def import_(self, request: Any, context: Any) -> Any:
            return word(text=f"imported {request.text}")

        def add_to_(self, request: Any, context: Any) -> Any:
            return word(text=f"added {request.text}")

        def length(self, request: str, context: Any) -> timedelta:
            return timedelta(seconds=len(request))

        def nothing(self, request: Empty, context: Any) -> Empty:
            return request

        def later(self, request: Any, context: Any) -> Any:
            return super().later(request, context)

    with served(Talk()) as where:
        yield where


@pytest.fixture
def channel(address: str) -> Iterator[grpc.Channel]:
    """A channel to it."""
    with grpc.insecure_channel(address) as opened:
        yield opened


@pytest.fixture
def talk(made: Any, channel: grpc.Channel) -> Any:
    """A client of it."""
    return made.talk.TalkClient(channel)


# The four kinds of call


def test_unary(made: Any, talk: Any) -> None:
    """A request goes there, and a response comes back, as dataclasses."""
    assert talk.say(made.talk.Word(text="hi", number=1), timeout=10) == made.talk.Word(text="hi!", number=2)


def test_server_stream(made: Any, talk: Any) -> None:
    """Responses come one after another."""
    assert [word.text for word in talk.spell(made.talk.Word(text="abc"), timeout=10)] == ["a", "b", "c"]


def test_client_stream(made: Any, talk: Any) -> None:
    """Requests come from any iterable, a list or a generator."""
    words = [made.talk.Word(text=text) for text in "xyz"]
    assert talk.join(words, timeout=10).text == talk.join((word for word in words), timeout=10).text == "xyz"
    assert talk.join([], timeout=10) == made.talk.Word()


def test_both_streams(made: Any, talk: Any) -> None:
    """A request can depend on the response before it."""
    heard: list[str] = []
    proceed = threading.Semaphore(1)

    def requests() -> Iterator[Any]:
        for text in ("a", "b", "c"):
            assert proceed.acquire(timeout=10)
            yield made.talk.Word(text=text + "".join(heard))

    for answer in talk.chat(requests(), timeout=10):
        heard.append(answer.text)
        proceed.release()
    assert heard == ["A", "BA", "CABA"]


def test_names(made: Any, talk: Any) -> None:
    """An rpc called `import` is `import_`, and one that a servicer's own method would hide has an underscore too."""
    assert talk.import_(made.talk.Word(text="x"), timeout=10).text == "imported x"
    assert talk.add_to_(made.talk.Word(text="x"), timeout=10).text == "added x"


def test_reserved_names() -> None:
    """What the bases have is reserved: no rpc can replace it."""
    bases = {name for cls in (Client, AsyncClient, Servicer, AsyncServicer) for name in dir(cls)}
    bases |= set(vars(Client(grpc.insecure_channel("localhost:1"))))
    assert {name for name in bases if not name.startswith("__")} <= OF_CLIENTS


def test_well_known(talk: Any) -> None:
    """A well-known type as a request or a response is its Python value; Empty is a message."""
    assert talk.length("four", timeout=10) == timedelta(seconds=4)
    assert talk.nothing(Empty(), timeout=10) == Empty()


def test_two_clients(made: Any, talk: Any, channel: grpc.Channel) -> None:
    """Clients share a channel, also of two services."""
    other = made.talk.TalkClient(channel)
    assert other.say(made.talk.Word(text="a"), timeout=10) == talk.say(made.talk.Word(text="a"), timeout=10)
    with pytest.raises(grpc.RpcError) as caught:
        made.work.ShelfClient(channel).list(made.work.ListRequest(), timeout=10)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


# What goes wrong


def test_error(made: Any, talk: Any) -> None:
    """An error of the server is `grpc.RpcError` with its code and details."""
    with pytest.raises(grpc.RpcError) as caught:
        talk.say(made.talk.Word(text="no"), timeout=10)
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert caught.value.details() == "not now"


def test_error_in_stream(made: Any, talk: Any) -> None:
    """What came before the error is there."""
    heard = []
    with pytest.raises(grpc.RpcError) as caught:
        heard.extend(word.text for word in talk.spell(made.talk.Word(text="broken"), timeout=10))
    stream = talk.spell(made.talk.Word(text="broken"), timeout=10)
    assert [next(stream).text, next(stream).text] == ["b", "r"]
    assert caught.value.code() is grpc.StatusCode.DATA_LOSS


def test_deadline(made: Any, talk: Any) -> None:
    """A call that takes longer than its timeout fails with DEADLINE_EXCEEDED, a stream too."""
    calls = [
        lambda: talk.say(made.talk.Word(text="slow"), timeout=0.05),
        lambda: list(talk.spell(made.talk.Word(text="forever"), timeout=0.05)),
    ]
    for call in calls:
        with pytest.raises(grpc.RpcError) as caught:
            call()
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_unimplemented(made: Any, talk: Any) -> None:
    """A method that is not overridden answers UNIMPLEMENTED with its name, whatever its kind, and so does `super()`."""
    word = made.talk.Word()
    calls = [
        lambda: talk.later(word, timeout=10),
        lambda: list(talk.later_spell(word, timeout=10)),
        lambda: talk.later_join([word], timeout=10),
        lambda: list(talk.later_chat([word], timeout=10)),
    ]
    for call, name in zip(calls, ("Later", "LaterSpell", "LaterJoin", "LaterChat"), strict=True):
        with pytest.raises(grpc.RpcError) as caught:
            call()
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert caught.value.details() == f"acme.talk.v1.Talk/{name} is not implemented"


def test_wrong_type(made: Any, talk: Any) -> None:
    """A request of another type is a TypeError that names both, before anything is sent."""
    with pytest.raises(TypeError, match=r"acme\.talk\.v1\.Talk/Say is a Word, not Thing"):
        talk.say(made.work.Thing(), timeout=10)
    with pytest.raises(TypeError, match="Talk/Spell is a Word, not None"):
        talk.spell(None, timeout=10)
    with pytest.raises(TypeError, match=r"Talk/Length is a google\.protobuf\.StringValue, not int"):
        talk.length(1, timeout=10)
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        talk.say(made.talk.Word(), time_out=10)


def test_wrong_type_in_stream(made: Any, talk: Any) -> None:
    """In a stream of requests it is the same error, which ends the call; so is one of the iterable's own."""

    def failing() -> Iterator[Any]:
        yield made.talk.Word(text="a")
        raise ZeroDivisionError("mine")

    mixed = [made.talk.Word(text="a"), made.work.Thing()]
    with pytest.raises(TypeError, match="Talk/Join is a Word, not Thing"):
        talk.join(mixed, timeout=10)
    with pytest.raises(TypeError, match="Talk/Chat is a Word, not Thing"):
        list(talk.chat(mixed, timeout=10))
    with pytest.raises(ZeroDivisionError, match="mine"):
        talk.join(failing(), timeout=10)


def test_unencodable(made: Any, talk: Any) -> None:
    """A request that does not fit the wire is an EncodeError with the field, not grpcio's INTERNAL."""
    bad = made.talk.Word(number=2**40)
    with pytest.raises(EncodeError, match="number"):
        talk.say(bad, timeout=10)
    with pytest.raises(EncodeError, match="number"):
        talk.join([made.talk.Word(), bad], timeout=10)
    with pytest.raises(EncodeError, match="number"):
        list(talk.spell(bad, timeout=10))


def test_wrong_answer(made: Any, talk: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A servicer that returns another type is an INTERNAL error for its caller, and logs why."""
    with pytest.raises(grpc.RpcError) as caught:
        talk.say(made.talk.Word(text="other"), timeout=10)
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert "the answer of acme.talk.v1.Talk/Say is a Word, not Thing" in caplog.text


# Beside the request and the response


def test_metadata(made: Any, talk: Any, state: Any) -> None:
    """Metadata goes there with the request, and comes back in a CallInfo."""
    info = CallInfo()
    sent = [("token", "abc"), ("raw-bin", b"\x01\x00")]
    talk.say(made.talk.Word(text="a"), metadata=sent, info=info, timeout=10)
    assert {("token", "abc"), ("raw-bin", b"\x01\x00")} <= set(state.metadata.items())
    assert dict(info.initial_metadata)["first"] == "1"
    assert {"last": "2", "raw-bin": b"\x00\xff"}.items() <= dict(info.trailing_metadata).items()


def test_stream_metadata(made: Any, talk: Any) -> None:
    """A stream has the server's metadata itself."""
    stream = talk.spell(made.talk.Word(text="a"), timeout=10)
    assert dict(stream.initial_metadata())["first"] == "1"
    assert len(list(stream)) == 1
    assert dict(stream.trailing_metadata())["last"] == "2"
    with pytest.raises(TypeError, match="info"):
        talk.spell(made.talk.Word(text="a"), info=CallInfo())


def test_cancel(made: Any, talk: Any, state: Any) -> None:
    """A stream that is cancelled ends, there too; leaving its `with` block cancels it."""
    for leave in (lambda stream: stream.cancel(), lambda stream: stream.__exit__(None, None, None)):
        state.ended.clear()
        stream = talk.spell(made.talk.Word(text="forever"), timeout=20)
        assert [next(stream).number for _ in range(3)] == [0, 1, 2]
        leave(stream)
        with pytest.raises(grpc.RpcError) as caught:
            list(stream)
        assert caught.value.code() is grpc.StatusCode.CANCELLED
        assert state.ended.wait(10)


def test_interceptor(made: Any, channel: grpc.Channel) -> None:
    """An interceptor of the channel sees the dataclasses."""
    seen = []

    class Keep(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            seen.append(request)
            return continuation(details, request)

    client = made.talk.TalkClient(grpc.intercept_channel(channel, Keep()))
    client.say(made.talk.Word(text="a"), timeout=10)
    assert seen == [made.talk.Word(text="a")]


def test_with_call(made: Any, talk: Any) -> None:
    """A call can be made so that what grpcio knows of it comes with its response."""
    response, call = talk.with_call(talk.say, made.talk.Word(text="hi"), timeout=5)
    assert (response.text, call.code(), dict(call.initial_metadata())["first"]) == ("hi!", grpc.StatusCode.OK, "1")
    joined, _ = talk.with_call(talk.join, [made.talk.Word(text=letter) for letter in "abc"])
    assert joined == made.talk.Word(text="abc")


def test_future(made: Any, talk: Any) -> None:
    """Calls run in the background, several at once, and end with what they would end with otherwise."""
    word = made.talk.Word
    ended = threading.Event()
    slow = [talk.future(talk.say, word(text="slow", number=n), metadata=[("n", str(n))]) for n in range(3)]
    slow[0].add_done_callback(lambda future: ended.set() if future is slow[0] else None)
    assert [future.result(timeout=5).number for future in slow] == [1, 2, 3]
    assert ended.wait(5)
    assert all(future.done() and not future.cancelled() for future in slow)
    assert dict(slow[0].trailing_metadata())["last"] == "2"
    failed = talk.future(talk.say, word(text="no"))
    assert failed.exception(timeout=5).details() == "not now"
    cancelled = talk.future(talk.say, word(text="slow"))
    assert cancelled.cancel()
    assert cancelled.cancelled()
    assert talk.future(talk.length, "four").result() == timedelta(seconds=4)


def test_what_has_no_future(made: Any, talk: Any, channel: grpc.Channel) -> None:
    """Methods of other clients, streams, and requests that can't be sent are refused at once."""
    word = made.talk.Word
    for call in (talk.spell, made.talk.TalkClient(channel).say, talk.with_call, len):
        with pytest.raises(TypeError, match="expected a method of this TalkClient that has one response"):
            talk.future(call, word())
    with pytest.raises(TypeError, match="Talk/Say is a Word, not str"):
        talk.future(talk.say, "hi")
    with pytest.raises(EncodeError, match=r"Word\.number"):
        talk.future(talk.say, word(number="x"))
