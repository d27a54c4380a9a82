"""The bases of generated clients and servicers, over grpcio."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Generic, Self, TypeVar

from toolkit.runtime.futures import Future
from toolkit.runtime.message import attribute_of
from toolkit.runtime.operations import AsyncOperation, Operation, OperationTypes, Polling
from toolkit.runtime.retries import Attempts, Retry
from toolkit.runtime.transfer import AsyncRequests, Requests, Transfer, explain

if TYPE_CHECKING:
    from typing import Unpack

    import grpc
    import grpc.aio

    from toolkit.runtime.calloptions import CallInfo, Metadata, StreamOptions
    from toolkit.runtime.root import Root


M = TypeVar("M")
Request = TypeVar("Request")
Meta = TypeVar("Meta")
Result = TypeVar("Result")


class Stream(Generic[M]):
    """The responses of a call, as they come; at the end of a ``with`` block the call is cancelled.

    After :meth:`cancel` it raises ``grpc.RpcError`` with the code CANCELLED.
    """

    def __init__(self, call: Any, explain: Callable[[BaseException], None]) -> None:
        self.call: grpc.Call = call
        """The call as grpcio has it."""
        self._call = call
        self._explain = explain

    def __iter__(self) -> Iterator[M]:
        return self

    def __next__(self) -> M:
        try:
            response: M = next(self._call)
        except StopIteration:
            raise
        except Exception as error:
            self._explain(error)
            raise
        return response

    def cancel(self) -> bool:
        """End the call; False where it has ended already."""
        return bool(self._call.cancel())

    def initial_metadata(self) -> Metadata:
        """What the server said first; waits for it."""
        return tuple(self._call.initial_metadata() or ())

    def trailing_metadata(self) -> Metadata:
        """What the server said last; waits for the end of the call."""
        return tuple(self._call.trailing_metadata() or ())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.cancel()


class AsyncStream(Generic[M]):
    """The same for asynchronous code. After :meth:`cancel` it raises ``asyncio.CancelledError``, as grpcio does."""

    def __init__(self, call: Any, explain: Callable[[BaseException], None]) -> None:
        self.call: grpc.aio.Call = call
        """The call as grpcio has it."""
        self._call = call
        self._explain = explain
        self._responses: Any = None

    def __aiter__(self) -> AsyncIterator[M]:
        return self

    async def __anext__(self) -> M:
        if self._responses is None:
            self._responses = aiter(self._call)
        try:
            response: M = await anext(self._responses)
        except StopAsyncIteration:
            raise
        except BaseException as error:
            self._explain(error)
            raise
        return response

    def cancel(self) -> bool:
        """End the call; False where it has ended already."""
        return bool(self._call.cancel())

    async def initial_metadata(self) -> Metadata:
        """What the server said first; waits for it."""
        return tuple(await self._call.initial_metadata() or ())

    async def trailing_metadata(self) -> Metadata:
        """What the server said last; waits for the end of the call."""
        return tuple(await self._call.trailing_metadata() or ())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.cancel()


class Method:
    """What a client and a server have to know of an rpc."""

    __slots__ = ("attribute", "kind", "operation", "request", "response")

    def __init__(
        self, kind: str, request: str, response: str, attribute: str, operation: OperationTypes | None = None
    ) -> None:
        self.kind = kind
        self.request = request
        """The full name of the message."""
        self.response = response
        self.attribute = attribute
        """The name in Python."""
        self.operation = operation


class _Caller:
    """What both kinds of client share."""

    __service__: ClassVar[str]
    __root__: ClassVar[Root]
    __methods__: ClassVar[Mapping[str, Method]]
    _is_async: ClassVar[bool] = False

    def __init__(
        self,
        channel: Any,
        operations: Any,
        polling: Polling | None,
        defaults: Mapping[str, Any],
        retry: Retry | None,
    ) -> None:
        self._channel = channel
        self._defaults = {name: value for name, value in defaults.items() if value is not None}
        self._retry = retry
        self._operations = operations if operations is not None else channel
        self._polling = polling or Polling()
        self._calls: dict[str, tuple[Any, Transfer]] = {}

    def _prepared(self, name: str) -> tuple[Any, Transfer]:
        """What grpcio calls, and how its requests are written."""
        known = self._calls.get(name)
        if known is None:
            method = self.__methods__[name]
            sent = Transfer(self.__root__, method.request, f"{self.__service__}/{name}")
            call = getattr(self._channel, method.kind)(
                f"/{self.__service__}/{name}",
                request_serializer=sent.serialize_or_stop if self._is_async else sent.serialize,
                response_deserializer=Transfer(self.__root__, method.response).deserialize,
            )
            known = self._calls[name] = call, sent
        return known

    def _with_defaults(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options of a call, with what the client has for all calls."""
        if not self._defaults:
            return options
        made = {**self._defaults, **options}
        if "metadata" in self._defaults and options.get("metadata"):
            made["metadata"] = (*self._defaults["metadata"], *options["metadata"])
        return made

    def _attempts(self, name: str, options: Mapping[str, Any]) -> Attempts:
        return Attempts(self._retry if self.__methods__[name].kind == "unary_unary" else None, options)

    def _begun(self, name: str, operation_id: str) -> Any:
        """An operation of which only the id is known."""
        cls = self.__root__.message(self.__methods__[name].response)
        return cls(**{attribute_of(cls, self._types(name).id_field): operation_id})

    def _name_of(self, call: Any) -> str:
        """The rpc with one response that a method of this client calls; TypeError for anything else."""
        if getattr(call, "__self__", None) is self:
            for name, method in self.__methods__.items():
                if method.attribute == call.__name__ and method.kind.endswith("unary"):
                    found: str = name
                    return found
        raise TypeError(f"expected a method of this {type(self).__name__} that has one response, got {call!r}")

    def _types(self, name: str) -> OperationTypes:
        types = self.__methods__[name].operation
        if types is None:
            raise TypeError(f"{self.__service__}/{name} starts no long-running operation")
        return types


class Client(_Caller):
    """The base of generated clients.

    Calls raise ``grpc.RpcError``; what cannot be sent raises TypeError or
    EncodeError. Operations are asked for through ``operations``, a channel,
    where they live on another server; ``polling`` says how often. Calls have
    ``timeout`` unless they are given another one, and ``metadata`` before their
    own; ``retry`` says when those with one request and one response are made again.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        *,
        operations: grpc.Channel | None = None,
        polling: Polling | None = None,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        retry: Retry | None = None,
    ) -> None:
        super().__init__(channel, operations, polling, {"timeout": timeout, "metadata": metadata}, retry)

    def operation(
        self, call: Callable[..., Operation[Meta, Result]], operation_id: str, **options: Unpack[StreamOptions]
    ) -> Operation[Meta, Result]:
        """The handle of an operation that a method of this client, such as ``client.create``, started earlier.

        The server is asked for it when the handle is.
        """
        name = self._name_of(call)
        return self._handle(name, self._begun(name, operation_id), self._with_defaults(options))

    def with_call(
        self, call: Callable[Concatenate[Request, ...], M], request: Request, **options: Unpack[StreamOptions]
    ) -> tuple[M, grpc.Call]:
        """The response of a method of this client, such as ``client.get``, and the call as grpcio has it."""
        future = self.future(call, request, **options)
        return future.result(), future.call

    def future(
        self, call: Callable[Concatenate[Request, ...], M], request: Request, **options: Unpack[StreamOptions]
    ) -> Future[M]:
        """Call a method of this client, such as ``client.get``, in the background; it is made once."""
        name, merged = self._name_of(call), self._with_defaults(options)
        prepared, transfer = self._prepared(name)
        sent = self._requests(name, request, transfer)
        try:
            started = prepared.future(sent, **merged)
        except Exception as error:
            explain(transfer, sent, error)
            raise

        def made(response: Any) -> Any:
            return response if self.__methods__[name].operation is None else self._handle(name, response, merged)

        return Future(started, lambda error: explain(transfer, sent, error), made)

    def _requests(self, name: str, request: Any, transfer: Transfer) -> Any:
        if self.__methods__[name].kind.startswith("stream"):
            return Requests(request, transfer)
        transfer.check(request)
        return request

    def _call(self, name: str, request: Any, options: Mapping[str, Any]) -> Any:
        if not self._defaults and self._retry is None:
            return self._once(name, request, options)
        attempts = self._attempts(name, self._with_defaults(options))
        while True:
            try:
                return self._once(name, request, attempts.options())
            except Exception as error:
                time.sleep(attempts.wait_after(error))

    def _once(self, name: str, request: Any, options: Mapping[str, Any]) -> Any:
        call, transfer = self._prepared(name)
        request = self._requests(name, request, transfer)
        try:
            if "info" not in options:
                return call(request, **options)
            info, options = _split(options)
            response, ended = call.with_call(request, **options)
        except Exception as error:
            explain(transfer, request, error)
            raise
        if info is not None:
            info.initial_metadata = tuple(ended.initial_metadata() or ())
            info.trailing_metadata = tuple(ended.trailing_metadata() or ())
        return response

    def _stream(self, name: str, request: Any, options: Mapping[str, Any]) -> Stream[Any]:
        call, transfer = self._prepared(name)
        request = self._requests(name, request, transfer)
        try:
            started = call(request, **self._with_defaults(options))
        except Exception as error:
            explain(transfer, request, error)
            raise
        return Stream(started, lambda error: explain(transfer, request, error))

    def _operation(self, name: str, request: Any, options: Mapping[str, Any]) -> Operation[Any, Any]:
        return self._handle(name, self._call(name, request, options), self._with_defaults(options))

    def _handle(self, name: str, message: Any, options: Mapping[str, Any]) -> Operation[Any, Any]:
        return Operation(self._operations, self.__root__, self._types(name), message, options, self._polling)


class AsyncClient(_Caller):
    """The same over a channel of ``grpc.aio``."""

    _is_async = True

    def __init__(
        self,
        channel: grpc.aio.Channel,
        *,
        operations: grpc.aio.Channel | None = None,
        polling: Polling | None = None,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        retry: Retry | None = None,
    ) -> None:
        super().__init__(channel, operations, polling, {"timeout": timeout, "metadata": metadata}, retry)

    def operation(
        self,
        call: Callable[..., Awaitable[AsyncOperation[Meta, Result]]],
        operation_id: str,
        **options: Unpack[StreamOptions],
    ) -> AsyncOperation[Meta, Result]:
        """The same as :meth:`Client.operation`."""
        name = self._name_of(call)
        return self._handle(name, self._begun(name, operation_id), self._with_defaults(options))

    def _requests(self, name: str, request: Any, transfer: Transfer) -> Any:
        if not self.__methods__[name].kind.startswith("stream"):
            transfer.check(request)
            return request
        return AsyncRequests(request, transfer) if hasattr(request, "__aiter__") else Requests(request, transfer)

    async def _call(self, name: str, request: Any, options: Mapping[str, Any]) -> Any:
        import asyncio  # here: it takes longer to import than a package of bindings

        attempts = self._attempts(name, self._with_defaults(options))
        while True:
            try:
                return await self._once(name, request, attempts.options())
            except Exception as error:
                await asyncio.sleep(attempts.wait_after(error))

    async def _once(self, name: str, request: Any, options: Mapping[str, Any]) -> Any:
        call, transfer = self._prepared(name)
        request = self._requests(name, request, transfer)
        info, options = _split(options)
        try:
            started = call(request, **options)
            response = await started
        except BaseException as error:
            explain(transfer, request, error)
            raise
        if info is not None:
            info.initial_metadata = tuple(await started.initial_metadata() or ())
            info.trailing_metadata = tuple(await started.trailing_metadata() or ())
        return response

    def _stream(self, name: str, request: Any, options: Mapping[str, Any]) -> AsyncStream[Any]:
        call, transfer = self._prepared(name)
        request = self._requests(name, request, transfer)
        return AsyncStream(
            call(request, **self._with_defaults(options)), lambda error: explain(transfer, request, error)
        )

    async def _operation(self, name: str, request: Any, options: Mapping[str, Any]) -> AsyncOperation[Any, Any]:
        return self._handle(name, await self._call(name, request, options), self._with_defaults(options))

    def _handle(self, name: str, message: Any, options: Mapping[str, Any]) -> AsyncOperation[Any, Any]:
        return AsyncOperation(self._operations, self.__root__, self._types(name), message, options, self._polling)


def _split(options: Mapping[str, Any]) -> tuple[CallInfo | None, dict[str, Any]]:
    rest = dict(options)
    return rest.pop("info", None), rest
