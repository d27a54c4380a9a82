"""Bindings of google.rpc.

Generated from .proto files; changes are lost when it is generated again.
"""

from __future__ import annotations

from ..._root import ROOT

from toolkit import runtime as _rt

__all__ = [
    "Status",
]


class Status(_rt.Message):
    """Status"""

    __slots__ = (
        "code",
        "message",
        "details",
    )
    __proto__ = (ROOT, "google.rpc.Status")

    code: int
    message: str
    details: list[_rt.AnyMessage]

    def __init__(
        self,
        *,
        code: int = 0,
        message: str = "",
        details: list[_rt.AnyMessage] | None = None,
        _unknown: bytes = b"",
    ) -> None:
        self.code = code
        self.message = message
        self.details = [] if details is None else details
        self._unknown = _unknown

