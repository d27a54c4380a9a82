"""Calls that run in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from toolkit.runtime.calloptions import Metadata

M = TypeVar("M")


class Future(Generic[M]):
    """The response of a call that runs in the background."""

    def __init__(self, call: Any, explain: Callable[[BaseException], None], made: Callable[[Any], M]) -> None:
        self.call = call
        """The call as grpcio has it."""
        self._explain = explain
        self._made = made

    def result(self, timeout: float | None = None) -> M:
        """The response; waits for it, but no longer than ``timeout`` seconds. Errors as of the call."""
        try:
            response = self.call.result(timeout)
        except Exception as error:
            self._explain(error)
            raise
        return self._made(response)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """The error that :meth:`result` raises, or None; waits as that does."""
        try:
            self.result(timeout)
        except Exception as error:
            return error
        return None

    def done(self) -> bool:
        """Whether the call has ended."""
        return bool(self.call.done())

    def cancel(self) -> bool:
        """End the call; False if it has ended already."""
        return bool(self.call.cancel())

    def cancelled(self) -> bool:
        """Whether it was cancelled before it ended."""
        return bool(self.call.cancelled())

    def add_done_callback(self, callback: Callable[[Future[M]], Any]) -> None:
        """Call a function with the future when the call has ended, in a thread of grpcio's."""
        self.call.add_done_callback(lambda _: callback(self))

    def initial_metadata(self) -> Metadata:
        """What the server said first; waits for it."""
        return tuple(self.call.initial_metadata() or ())

    def trailing_metadata(self) -> Metadata:
        """What the server said last; waits for the end of the call."""
        return tuple(self.call.trailing_metadata() or ())
