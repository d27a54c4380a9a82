"""Handles of long-running operations."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from toolkit.runtime.errors import DecodeError
from toolkit.runtime.message import attribute_of

if TYPE_CHECKING:
    from typing import Unpack

    from toolkit.runtime.anys import Any as AnyMessage
    from toolkit.runtime.calloptions import StreamOptions
    from toolkit.runtime.root import Root

Metadata = TypeVar("Metadata", covariant=True)
Response = TypeVar("Response", covariant=True)

_EMPTY = "google.protobuf.Empty"
_KEPT = ("metadata", "credentials", "wait_for_ready", "compression")
_PASSING = ("UNAVAILABLE", "DEADLINE_EXCEEDED")
_LAST_ANSWER = 0.5
"""Seconds that the last answer within a timeout may take at least."""


class Polling:
    """How often a server is asked for an operation that is not done.

    It is asked after ``first_wait`` seconds, and each further wait is
    ``growth`` times as long, but no longer than ``longest_wait``. An answer may
    take ``answer_within`` seconds, and the server may be unavailable
    ``tolerated`` times in a row.
    """

    __slots__ = ("answer_within", "first_wait", "growth", "longest_wait", "tolerated")

    def __init__(
        self,
        *,
        first_wait: float = 0.5,
        growth: float = 1.5,
        longest_wait: float = 30.0,
        answer_within: float = 30.0,
        tolerated: int = 4,
    ) -> None:
        self.first_wait = first_wait
        self.growth = growth
        self.longest_wait = longest_wait
        self.answer_within = answer_within
        self.tolerated = tolerated


class OperationTypes:
    """What an operation holds, and how it is asked for and cancelled; names of messages and methods are full."""

    __slots__ = (
        "cancel",
        "cancel_field",
        "cancel_request",
        "cancel_response",
        "get",
        "get_field",
        "get_request",
        "id_field",
        "metadata",
        "response",
    )

    def __init__(
        self,
        *,
        metadata: str = "",
        response: str = "",
        id_field: str = "",
        get: str = "",
        get_request: str = "",
        get_field: str = "",
        cancel: str = "",
        cancel_request: str = "",
        cancel_response: str = "",
        cancel_field: str = "",
    ) -> None:
        self.metadata = metadata
        self.response = response
        self.id_field = id_field
        self.get = get
        self.get_request = get_request
        self.get_field = get_field
        self.cancel = cancel
        self.cancel_request = cancel_request
        self.cancel_response = cancel_response
        self.cancel_field = cancel_field


class OperationFailed(Exception):
    """A long-running operation ended with an error."""

    def __init__(
        self,
        code: int,
        message: str,
        operation: Operation[Any, Any] | AsyncOperation[Any, Any],
        details: Sequence[AnyMessage] = (),
    ) -> None:
        super().__init__(f"operation failed with code {code}: {message}")
        self.code = code
        """A number of ``google.rpc.Code``, which are gRPC's."""
        self.message = message
        self.operation = operation
        """The handle of the operation."""
        self.details = list(details)
        """More about the error."""


class _Handle(Generic[Metadata, Response]):
    """What is known of an operation as it was when it was last asked for."""

    def __init__(
        self,
        channel: Any,
        root: Root,
        types: OperationTypes,
        message: Any,
        options: Mapping[str, Any],
        polling: Polling,
    ) -> None:
        self._channel = channel
        self._root = root
        self._types = types
        self.message = message
        """The operation as the server last described it."""
        self.polling = polling
        """How often the server is asked."""
        self.options: dict[str, Any] = {name: options[name] for name in _KEPT if name in options}
        """The metadata and credentials of the call that started it, with which it is asked for too."""

    @property
    def id(self) -> str:
        """The operation's id."""
        return str(self._value(self._types.id_field))

    @property
    def done(self) -> bool:
        """Whether it has ended, as far as is known."""
        return bool(self._value("done"))

    @property
    def metadata(self) -> Metadata | None:
        """What the server says about the work; None where it says nothing."""
        packed = self._value("metadata")
        return None if packed is None else self._unpack(packed, self._types.metadata)

    def _value(self, name: str) -> Any:
        return getattr(self.message, attribute_of(type(self.message), name), None)

    def _unpack(self, packed: Any, promised: str) -> Any:
        """What an Any holds; DecodeError where it is not what the .proto file promises."""
        if promised == _EMPTY:
            return self._root.message(_EMPTY)()
        if promised and packed.type_name != promised:
            raise DecodeError(
                f"the operation {self.id!r} holds a {packed.type_name or 'message without a type'} "
                f"where a {promised} was promised"
            )
        from toolkit.runtime.wellknown import WELL_KNOWN

        known = WELL_KNOWN.get(packed.type_name)
        if known is not None:
            return known.decode(self._root.official(packed.type_name).FromString(packed.value))
        try:
            return packed.unpack(self._root.message(packed.type_name))
        except LookupError:
            return packed

    def _outcome(self) -> Response:
        made: Response
        handle: Any = self  # an Operation or an AsyncOperation
        for value in (getattr(self.message, name) for name, _ in type(self.message).__oneofs__.values()):
            if value is None:
                continue
            if value.__field__ == "response":
                made = self._unpack(value.value, self._types.response)
                return made
            error = value.value
            raise OperationFailed(error.code, error.message, handle, getattr(error, "details", ()))
        if self._types.response == _EMPTY:
            made = self._root.message(_EMPTY)()  # type: ignore[assignment]
            return made
        raise OperationFailed(2, "the operation is done, but has neither a response nor an error", handle)

    def _call(self, path: str, request: str, field: str, response: str, options: Mapping[str, Any]) -> Any:
        """The answer of the service that has the operation."""
        if not path:
            raise LookupError(
                f"the operation {self.id!r} cannot be asked for: "
                f"the package of {type(self.message).__proto__[1]} has no service for that"
            )
        call = self._channel.unary_unary(
            path,
            request_serializer=lambda message: message.to_bytes(),
            response_deserializer=self._root.message(response).from_bytes,
        )
        cls = self._root.message(request)
        return call(cls(**{attribute_of(cls, field): self.id}), **{**self.options, **options})

    def _get(self, options: Mapping[str, Any]) -> Any:
        types = self._types
        response = type(self.message).__proto__[1]
        return self._call(types.get, types.get_request, types.get_field, response, options)

    def _cancel(self, options: Mapping[str, Any]) -> Any:
        types = self._types
        return self._call(types.cancel, types.cancel_request, types.cancel_field, types.cancel_response, options)

    def _take(self, answer: Any) -> None:
        if type(answer) is type(self.message):
            self.message = answer

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r}, done={self.done})"


class _Waiting:
    """Until when, how long and how often :meth:`Operation.result` waits."""

    def __init__(self, handle: _Handle[Any, Any], timeout: float | None) -> None:
        self._handle = handle
        self._timeout = timeout
        self._end = None if timeout is None else time.monotonic() + timeout
        self._wait = handle.polling.first_wait
        self._problem: Exception | None = None
        self._problems = 0

    def _left(self) -> float | None:
        return None if self._end is None else self._end - time.monotonic()

    def wait(self) -> float:
        """Seconds until the server is asked again; TimeoutError when the time is up."""
        left, wait, polling = self._left(), self._wait, self._handle.polling
        if left is not None and left <= 0:
            text = f"the operation {self._handle.id!r} was not done within {self._timeout} s"
            raise TimeoutError(text) from self._problem
        self._wait = min(wait * polling.growth, polling.longest_wait)
        return wait if left is None else min(wait, left)

    def answer_within(self) -> float:
        """Seconds that an answer may take."""
        left, longest = self._left(), self._handle.polling.answer_within
        return longest if left is None else min(longest, max(left, _LAST_ANSWER))

    def answered(self) -> None:
        """The server is there."""
        self._problem, self._problems = None, 0

    def failed(self, error: Exception) -> None:
        """Raise an error that will not pass by itself."""
        code = getattr(error, "code", None)
        self._problem, self._problems = error, self._problems + 1
        if not callable(code) or code().name not in _PASSING or self._problems > self._handle.polling.tolerated:
            raise error


class Operation(_Handle[Metadata, Response]):
    """A long-running operation: ask it for its :meth:`result`."""

    def refresh(self, **options: Unpack[StreamOptions]) -> None:
        """Ask the server for its state."""
        self._take(self._get(options))

    def result(self, timeout: float | None = None) -> Response:
        """Wait until it is done, and return its response.

        Raises :class:`OperationFailed` where it ended with an error,
        TimeoutError when it was not done within ``timeout`` seconds, and
        ``grpc.RpcError`` when the server does not let itself be asked.
        """
        waiting = _Waiting(self, timeout)
        while not self.done:
            time.sleep(waiting.wait())
            try:
                self.refresh(timeout=waiting.answer_within())
                waiting.answered()
            except Exception as error:
                waiting.failed(error)
        return self._outcome()

    def cancel(self, **options: Unpack[StreamOptions]) -> None:
        """Ask the server to end it; it may end otherwise."""
        self._take(self._cancel(options))


class AsyncOperation(_Handle[Metadata, Response]):
    """The same for asynchronous code."""

    async def refresh(self, **options: Unpack[StreamOptions]) -> None:
        """Ask the server for its state."""
        self._take(await self._get(options))

    async def result(self, timeout: float | None = None) -> Response:
        """Wait until it is done, and return its response; errors as of :meth:`Operation.result`."""
        import asyncio  # here: it takes longer to import than a package of bindings

        waiting = _Waiting(self, timeout)
        while not self.done:
            await asyncio.sleep(waiting.wait())
            try:
                await self.refresh(timeout=waiting.answer_within())
                waiting.answered()
            except Exception as error:
                waiting.failed(error)
        return self._outcome()

    async def cancel(self, **options: Unpack[StreamOptions]) -> None:
        """Ask the server to end it; it may end otherwise."""
        self._take(await self._cancel(options))
