"""Handles of long-running operations."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from toolkit.runtime.errors import OperationFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.runtime.root import Root

Metadata = TypeVar("Metadata", covariant=True)
Response = TypeVar("Response", covariant=True)

FIRST_WAIT = 0.5
"""Seconds before an operation is asked for the first time; each wait is half as long again."""
LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class OperationTypes:
    """What an operation holds, and how it is asked for and cancelled; names of messages and methods are full."""

    metadata: str = ""
    response: str = ""
    id_field: str = ""
    get: str = ""
    get_request: str = ""
    get_field: str = ""
    cancel: str = ""
    cancel_request: str = ""
    cancel_response: str = ""
    cancel_field: str = ""


class _Handle(Generic[Metadata, Response]):
    """What is known of an operation as it was when it was last asked for."""

    def __init__(self, channel: Any, root: Root, types: OperationTypes, message: Any) -> None:
        self._channel = channel
        self._root = root
        self._types = types
        self.message = message
        """The operation as the server last described it."""

    @property
    def id(self) -> str:
        """The operation's id."""
        return str(getattr(self.message, self._types.id_field or "id"))

    @property
    def done(self) -> bool:
        """Whether it has ended, as far as is known."""
        return bool(self.message.done)

    @property
    def metadata(self) -> Metadata | None:
        """What the server says about the work; None where it says nothing."""
        packed = getattr(self.message, "metadata", None)
        return None if packed is None else self._unpack(packed, self._types.metadata)

    def _unpack(self, packed: Any, full_name: str) -> Any:
        try:
            cls = self._root.message(full_name or packed.type_name)
        except LookupError:
            return packed
        return packed.unpack(cls) if packed.holds(cls) else packed.unpack()

    def _outcome(self) -> Response:
        for value in (getattr(self.message, name) for name, _ in type(self.message).__oneofs__.values()):
            if value is None:
                continue
            if value.__field__ == "response":
                made: Response = self._unpack(value.value, self._types.response)
                return made
            raise OperationFailed(value.value.code, value.value.message, self)
        raise OperationFailed(2, "the operation is done, but has neither a response nor an error", self)

    def _ask(self, path: str, request: str, field: str, response: str) -> tuple[Any, Any]:
        if not path:
            raise LookupError("the package of the operation has no service to ask")
        call = self._channel.unary_unary(
            path,
            request_serializer=lambda message: message.to_bytes(),
            response_deserializer=self._root.message(response).from_bytes,
        )
        cls = self._root.message(request)
        attribute = cls.__renamed__.get(field, field)
        return call, cls(**{attribute: self.id})

    def _get(self) -> tuple[Any, Any]:
        types = self._types
        return self._ask(types.get, types.get_request, types.get_field, type(self.message).__proto__[1])

    def _cancel(self) -> tuple[Any, Any]:
        types = self._types
        return self._ask(types.cancel, types.cancel_request, types.cancel_field, types.cancel_response)

    def _take(self, answer: Any) -> None:
        if type(answer) is type(self.message):
            self.message = answer

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r}, done={self.done})"


def _waits(timeout: float | None) -> Iterator[float]:
    """Seconds to wait before each time of asking; TimeoutError when the time is up."""
    wait = FIRST_WAIT
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        left = None if end is None else end - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError(f"the operation was not done within {timeout} s")
        yield wait if left is None else min(wait, left)
        wait = min(wait * 1.5, LONGEST_WAIT)


class Operation(_Handle[Metadata, Response]):
    """A long-running operation: ask it for its :meth:`result`."""

    def refresh(self) -> None:
        """Ask the server how it stands."""
        call, request = self._get()
        self._take(call(request))

    def result(self, timeout: float | None = None) -> Response:
        """Wait until it is done, and return its response.

        Raises :class:`OperationFailed` where it ended with an error, and
        TimeoutError when it was not done within ``timeout`` seconds.
        """
        if not self.done:
            for wait in _waits(timeout):
                time.sleep(wait)
                self.refresh()
                if self.done:
                    break
        return self._outcome()

    def cancel(self) -> None:
        """Ask the server to end it; it may end otherwise."""
        call, request = self._cancel()
        self._take(call(request))


class AsyncOperation(_Handle[Metadata, Response]):
    """The same for asynchronous code."""

    async def refresh(self) -> None:
        """Ask the server how it stands."""
        call, request = self._get()
        self._take(await call(request))

    async def result(self, timeout: float | None = None) -> Response:
        """Wait until it is done, and return its response; errors as of :meth:`Operation.result`."""
        if not self.done:
            for wait in _waits(timeout):
                await asyncio.sleep(wait)
                await self.refresh()
                if self.done:
                    break
        return self._outcome()

    async def cancel(self) -> None:
        """Ask the server to end it; it may end otherwise."""
        call, request = self._cancel()
        self._take(await call(request))
