"""Calls that are made again when they fail."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import grpc

_CODES = (
    *("CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"),
    *("INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)


class Retry:
    """When a call with one request and one response is made again.

    It is made at most ``attempts`` times, if it fails with one of ``codes``, each a
    ``grpc.StatusCode`` or its name. The first wait is about ``first_wait`` seconds, and
    each further one is ``growth`` times as long, but no longer than ``longest_wait``.
    The timeout of a call is that of all its attempts together.
    """

    __slots__ = ("attempts", "codes", "first_wait", "growth", "longest_wait")

    def __init__(
        self,
        *,
        attempts: int = 4,
        codes: Iterable[str | grpc.StatusCode] = ("UNAVAILABLE",),
        first_wait: float = 0.1,
        growth: float = 2.0,
        longest_wait: float = 5.0,
    ) -> None:
        self.attempts = attempts
        self.codes = frozenset(map(_name, [codes] if isinstance(codes, str) else codes))
        self.first_wait = first_wait
        self.growth = growth
        self.longest_wait = longest_wait


def _name(code: Any) -> str:
    name: str = getattr(code, "name", code)
    if name not in _CODES:
        raise ValueError(f"{code!r} is not a grpc.StatusCode that a call can fail with; they are {', '.join(_CODES)}")
    return name


class Attempts:
    """The attempts of a call."""

    def __init__(self, retry: Retry | None, options: Mapping[str, Any]) -> None:
        self._retry = retry
        self._options = options
        self._made = 0
        timeout = options.get("timeout")
        self._end = None if timeout is None else time.monotonic() + timeout
        self._wait = retry.first_wait if retry is not None else 0.0

    def options(self) -> Mapping[str, Any]:
        """The options of the next attempt: the time that is left."""
        self._made += 1
        if self._end is None or self._made == 1:
            return self._options
        return {**self._options, "timeout": max(self._end - time.monotonic(), 0.0)}

    def wait_after(self, error: Exception) -> float:
        """Seconds until the next attempt; raises the error if there is none."""
        retry, code = self._retry, getattr(error, "code", None)
        if retry is None or self._made >= retry.attempts or not callable(code) or code().name not in retry.codes:
            raise error
        import random  # here: it takes longer to import than a package of bindings

        wait = self._wait * random.uniform(0.8, 1.2)  # noqa: S311  # so that not all clients come back at once
        if self._end is not None and time.monotonic() + wait >= self._end:
            raise error
        self._wait = min(self._wait * retry.growth, retry.longest_wait)
        return wait
