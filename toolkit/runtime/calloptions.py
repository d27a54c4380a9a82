"""What a call is given beside its request, and what the server says beside its response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    import grpc

Metadata = Sequence[tuple[str, str | bytes]]


class CallInfo:
    """What a server says beside its response: give one to a call, and read it afterwards.

    An error that a call ends with has the same on itself.
    """

    __slots__ = ("initial_metadata", "trailing_metadata")

    def __init__(self) -> None:
        self.initial_metadata: Metadata = ()
        self.trailing_metadata: Metadata = ()


class StreamOptions(TypedDict, total=False):
    """What a call can be given beside its request."""

    timeout: float | None
    """Seconds until the call fails with DEADLINE_EXCEEDED."""
    metadata: Metadata | None
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


class CallOptions(StreamOptions, total=False):
    """The same for a call with one response."""

    info: CallInfo | None
    """Takes what the server says beside its response."""
