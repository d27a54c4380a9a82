"""The bases of generated clients and servicers, over grpcio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypedDict, TypeVar

from toolkit.runtime.operations import AsyncOperation, Operation, OperationTypes

if TYPE_CHECKING:
    import grpc
    import grpc.aio

    from toolkit.runtime.message import Message
    from toolkit.runtime.root import Root

M_co = TypeVar("M_co", covariant=True)


class CallOptions(TypedDict, total=False):
    """What a call can be given beside its request."""

    timeout: float | None
    """Seconds until the call fails with DEADLINE_EXCEEDED."""
    metadata: Sequence[tuple[str, str | bytes]] | None
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None


class Stream(Protocol[M_co]):
    """The responses of a call, as they come."""

    def __iter__(self) -> Iterator[M_co]: ...
    def __next__(self) -> M_co: ...
    def cancel(self) -> bool:
        """End the call."""
        ...


class AsyncStream(Protocol[M_co]):
    """The responses of a call, as they come."""

    def __aiter__(self) -> AsyncIterator[M_co]: ...
    def cancel(self) -> bool:
        """End the call."""
        ...


if TYPE_CHECKING:
    Context = grpc.ServicerContext
else:
    Context = Any


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

    def __init__(self, channel: Any, operations: Any = None) -> None:
        self._channel = channel
        self._operations = operations if operations is not None else channel
        self._calls: dict[str, Any] = {}

    def _call(self, name: str, request: Any, options: Mapping[str, Any]) -> Any:
        call = self._calls.get(name)
        if call is None:
            method = self.__methods__[name]
            call = self._calls[name] = getattr(self._channel, method.kind)(
                f"/{self.__service__}/{name}",
                request_serializer=_serializer(self.__root__, method.request),
                response_deserializer=self.__root__.message(method.response).from_bytes,
            )
        return call(request, **options)

    def _types(self, name: str) -> OperationTypes:
        types = self.__methods__[name].operation
        assert types is not None  # generated clients ask only for methods that have them
        return types


def _serializer(root: Root, full_name: str) -> Any:
    cls = root.message(full_name)

    def serialize(message: Message) -> bytes:
        if not isinstance(message, cls):
            raise TypeError(f"a {cls.__qualname__} is wanted, not {type(message).__qualname__}")
        return message.to_bytes()

    return serialize


class Client(_Caller):
    """The base of generated clients.

    Calls raise ``grpc.RpcError``. Operations are asked for through
    ``operations``, a channel, where they live on another server.
    """

    def __init__(self, channel: grpc.Channel, *, operations: grpc.Channel | None = None) -> None:
        super().__init__(channel, operations)

    def _operation(self, name: str, request: Any, options: Mapping[str, Any]) -> Operation[Any, Any]:
        return Operation(self._operations, self.__root__, self._types(name), self._call(name, request, options))


class AsyncClient(_Caller):
    """The same over a channel of ``grpc.aio``."""

    def __init__(self, channel: grpc.aio.Channel, *, operations: grpc.aio.Channel | None = None) -> None:
        super().__init__(channel, operations)

    async def _operation(self, name: str, request: Any, options: Mapping[str, Any]) -> AsyncOperation[Any, Any]:
        message = await self._call(name, request, options)
        return AsyncOperation(self._operations, self.__root__, self._types(name), message)


class Servicer:
    """The base of generated servicers: override the methods that the server has, others answer UNIMPLEMENTED.

    For a server of ``grpc.aio`` the methods may be coroutines and asynchronous generators.
    """

    __service__: ClassVar[str]
    __root__: ClassVar[Root]
    __methods__: ClassVar[Mapping[str, Method]]

    def add_to(self, server: grpc.Server | grpc.aio.Server) -> None:
        """Make the server answer the calls of this service."""
        import grpc

        handlers = {}
        for name, method in self.__methods__.items():
            function = getattr(self, method.attribute)
            if getattr(type(self), method.attribute, None) is getattr(_base_of(type(self)), method.attribute):
                function = _unimplemented(f"{self.__service__}/{name}")
            handlers[name] = getattr(grpc, f"{method.kind}_rpc_method_handler")(
                function,
                request_deserializer=self.__root__.message(method.request).from_bytes,
                response_serializer=_serializer(self.__root__, method.response),
            )
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(self.__service__, handlers),))


def _base_of(cls: type[Servicer]) -> type[Servicer]:
    """The generated class."""
    return next(base for base in cls.__mro__ if "__service__" in vars(base))


def _unimplemented(name: str) -> Any:
    def answer(request: Any, context: Any) -> Any:
        import grpc

        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{name} is not implemented")

    return answer
