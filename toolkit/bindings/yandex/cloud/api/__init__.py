"""Bindings of yandex.cloud.api.

Generated from .proto files; changes are lost when it is generated again.
"""

from __future__ import annotations

from ...._root import ROOT

from toolkit import runtime as _rt

__all__ = [
    "Operation",
]


class Operation(_rt.Message):
    """Types of the two [google.protobuf.Any] values that an operation carries.

    Names are given the way the proto file of the method would refer to them: `Image`,
    `access.SetAccessBindingsMetadata` or `google.protobuf.Empty`.
    """

    __slots__ = (
        "metadata",
        "response",
    )
    __proto__ = (ROOT, "yandex.cloud.api.Operation")

    metadata: str
    """Name of the message in the `metadata` field. For example, `CreateImageMetadata`.

    Optional: if the name is empty, the method promises no metadata.
    """
    response: str
    """Name of the message in the `response` field once the operation succeeds.
    For example, `Image`, or `google.protobuf.Empty` if there is nothing to return.

    Required for every method that has this option.
    """

    def __init__(
        self,
        *,
        metadata: str = "",
        response: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Types of the two [google.protobuf.Any] values that an operation carries.

        Args:
            metadata: Name of the message in the `metadata` field. For example, `CreateImageMetadata`.
            response: Name of the message in the `response` field once the operation succeeds. For example, `Image`, or `google.protobuf.Empty` if there is nothing to return.
        """
        self.metadata = metadata
        self.response = response
        self._unknown = _unknown

