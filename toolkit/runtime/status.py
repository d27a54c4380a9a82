"""Rich errors: the ``google.rpc.Status`` that a server sends with an error, and its details."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from toolkit.runtime.anys import Any as AnyMessage
from toolkit.runtime.message import Message

if TYPE_CHECKING:
    import grpc

KEY = "grpc-status-details-bin"
"""The trailing metadata with the status."""


class Status:
    """An error with details, which are messages: of ``google.rpc`` (``BadRequest``, ``ErrorInfo``, …) or others."""

    __slots__ = ("code", "details", "message")

    def __init__(self, code: int, message: str, details: Iterable[AnyMessage | Message] = ()) -> None:
        self.code = code
        """A number of ``google.rpc.Code``, which are gRPC's."""
        self.message = message
        self.details = [each if isinstance(each, AnyMessage) else AnyMessage.pack(each) for each in details]

    def to_bytes(self) -> bytes:
        """As a ``google.rpc.Status``."""
        details = [{"type_url": each.type_url, "value": each.value} for each in self.details]
        content: bytes = _official()(code=self.code, message=self.message, details=details).SerializeToString()
        return content

    @classmethod
    def from_bytes(cls, content: bytes) -> Status:
        """From a ``google.rpc.Status``."""
        official = _official().FromString(content)
        details = [AnyMessage(type_url=each.type_url, value=each.value) for each in official.details]
        return cls(official.code, official.message, details)

    def __repr__(self) -> str:
        return f"Status({self.code}, {self.message!r}, {self.details!r})"


def status_of(error: BaseException) -> Status | None:
    """The status that came with a ``grpc.RpcError``; None if the server sent none."""
    trailing: Any = getattr(error, "trailing_metadata", lambda: ())() or ()
    content = next((value for key, value in trailing if key == KEY), None)
    return None if content is None else Status.from_bytes(content)


def abort_with(
    context: grpc.ServicerContext, code: grpc.StatusCode, message: str, details: Iterable[Message]
) -> NoReturn:
    """End a call with an error that has details; for a servicer."""
    _add(context, code, message, details)
    context.abort(code, message)
    raise AssertionError  # abort does not return


async def async_abort_with(
    context: grpc.aio.ServicerContext[Any, Any], code: grpc.StatusCode, message: str, details: Iterable[Message]
) -> NoReturn:
    """The same for an asynchronous servicer."""
    _add(context, code, message, details)
    await context.abort(code, message)
    raise AssertionError  # abort does not return


def _add(context: Any, code: Any, message: str, details: Iterable[Message]) -> None:
    status = Status(code.value[0], message, details)
    others = [(key, value) for key, value in context.trailing_metadata() or () if key != KEY]
    context.set_trailing_metadata((*others, (KEY, status.to_bytes())))


@cache
def _official() -> Any:
    """The official class, of a pool of its own: the .proto file is in a package that may not be installed."""
    from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="google/rpc/status.proto", package="google.rpc", syntax="proto3")
    file.dependency.append(any_pb2.DESCRIPTOR.name)
    message = file.message_type.add(name="Status")
    message.field.add(name="code", number=1, type=5, label=1)
    message.field.add(name="message", number=2, type=9, label=1)
    message.field.add(name="details", number=3, type=11, label=3, type_name=".google.protobuf.Any")
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("google.rpc.Status"))
