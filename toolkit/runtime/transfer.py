"""Messages on their way through grpcio: checked, written and read.

What goes wrong while grpcio writes a request is logged there and reported as
INTERNAL or as a cancellation, or not at all; here the caller is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.runtime.errors import other_root

if TYPE_CHECKING:
    from toolkit.runtime.root import Root


class _Unsendable(BaseException):
    """Not an Exception: ``grpc.aio`` logs those, and sends an empty message in place of what was not written."""


class Transfer:
    """How the messages of one type, or the Python values of a well-known one, go over the wire."""

    def __init__(self, root: Root, full_name: str, where: str = "") -> None:
        from toolkit.runtime.wellknown import WELL_KNOWN

        self._where = where
        self._full_name = full_name
        self._known = known = WELL_KNOWN.get(full_name)
        if known is None:
            self._cls = root.message(full_name)
            self.serialize: Any = self._cls.to_bytes
            self.deserialize: Any = self._cls.from_bytes
        else:
            official = root.official(full_name)
            self.serialize = known.encode
            self.deserialize = lambda content: known.decode(official.FromString(content))

    def check(self, message: Any) -> None:
        """TypeError for what is not of the type."""
        if self._known is None:
            if not isinstance(message, self._cls):
                wrong = other_root(self._cls, message) or f"not {_named(message)}"
                raise TypeError(f"{self._where} is a {self._cls.__qualname__}, {wrong}")
            return
        try:
            self._known.encode(message)
        except Exception as error:
            raise TypeError(f"{self._where} is a {self._full_name}, not {_named(message)}: {error}") from error

    def serialize_or_stop(self, message: Any) -> bytes:
        """A message as bytes; what goes wrong also ends a call of ``grpc.aio``."""
        try:
            content: bytes = self.serialize(message)
        except Exception as error:
            raise _Unsendable from error
        return content

    def checked(self, message: Any) -> bytes:
        """A message as bytes; TypeError for what is not of the type."""
        self.check(message)
        content: bytes = self.serialize(message)
        return content


def _named(thing: Any) -> str:
    return "None" if thing is None else f"{type(thing).__qualname__}"


class _Sent:
    """Requests on their way."""

    def __init__(self, requests: Any, transfer: Transfer) -> None:
        self._requests = requests
        self._transfer = transfer
        self.last: Any = None
        """The one that was handed over last."""
        self.problem: Exception | None = None
        """Why there are no more."""

    def _checked(self, request: Any) -> Any:
        self._transfer.check(request)
        self.last = request
        return request


class Requests(_Sent):
    """Requests of an iterable."""

    def __init__(self, requests: Any, transfer: Transfer) -> None:
        super().__init__(iter(requests), transfer)

    def __iter__(self) -> Requests:
        return self

    def __next__(self) -> Any:
        try:
            return self._checked(next(self._requests))
        except StopIteration:
            raise
        except Exception as error:
            self.problem = error
            raise


class AsyncRequests(_Sent):
    """Requests of an asynchronous iterable."""

    def __init__(self, requests: Any, transfer: Transfer) -> None:
        super().__init__(aiter(requests), transfer)

    def __aiter__(self) -> AsyncRequests:
        return self

    async def __anext__(self) -> Any:
        try:
            return self._checked(await anext(self._requests))
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.problem = error
            raise


def explain(transfer: Transfer, sent: Any, error: BaseException) -> None:
    """Raise what kept a request from being sent, where that is why the call failed."""
    code = getattr(error, "code", None)
    if callable(code) and code().name not in ("INTERNAL", "UNKNOWN", "CANCELLED"):
        return
    request = sent
    if isinstance(sent, _Sent):
        if sent.problem is not None:
            raise sent.problem from None
        request = sent.last
    if request is not None:
        transfer.serialize(request)
