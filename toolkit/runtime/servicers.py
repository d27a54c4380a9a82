"""The bases of generated servicers, over grpcio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from toolkit.runtime.transfer import Transfer

if TYPE_CHECKING:
    import grpc
    import grpc.aio

    from toolkit.runtime.calls import Method
    from toolkit.runtime.root import Root

    Context = grpc.ServicerContext
    AsyncContext = grpc.aio.ServicerContext[Any, Any]
else:
    Context = AsyncContext = Any


class _Server:
    """What both kinds of servicer share."""

    __service__: ClassVar[str]
    __root__: ClassVar[Root]
    __methods__: ClassVar[Mapping[str, Method]]

    def _handlers(self) -> Any:
        import grpc

        handlers = {}
        for name, method in self.__methods__.items():
            response = Transfer(self.__root__, method.response, f"the answer of {self.__service__}/{name}")
            handlers[name] = getattr(grpc, f"{method.kind}_rpc_method_handler")(
                getattr(self, method.attribute),
                request_deserializer=Transfer(self.__root__, method.request).deserialize,
                response_serializer=response.checked,
            )
        return (grpc.method_handlers_generic_handler(self.__service__, handlers),)


class Servicer(_Server):
    """The base of generated servicers: override the methods that the server has, others answer UNIMPLEMENTED."""

    def add_to(self, server: grpc.Server | grpc.aio.Server) -> None:
        """Make the server answer the calls of this service."""
        server.add_generic_rpc_handlers(self._handlers())

    def _unimplemented(self, context: Any, name: str) -> NoReturn:
        import grpc

        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{self.__service__}/{name} is not implemented")
        raise NotImplementedError(name)  # abort does not return


class AsyncServicer(_Server):
    """The same for a server of ``grpc.aio``: the methods are coroutines and asynchronous generators."""

    def add_to(self, server: grpc.aio.Server) -> None:
        """Make the server answer the calls of this service."""
        server.add_generic_rpc_handlers(self._handlers())

    async def _unimplemented(self, context: Any, name: str) -> NoReturn:
        import grpc

        await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{self.__service__}/{name} is not implemented")
        raise NotImplementedError(name)  # abort does not return
