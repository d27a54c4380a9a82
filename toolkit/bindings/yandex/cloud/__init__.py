"""Bindings of yandex.cloud.

Generated from .proto files; changes are lost when it is generated again.
"""

from __future__ import annotations

from ..._root import ROOT

from toolkit import runtime as _rt

__all__ = [
    "MapKeySpec",
]


class MapKeySpec(_rt.Message):
    """Limits that each key of a map must satisfy."""

    __slots__ = (
        "value",
        "pattern",
        "length",
    )
    __proto__ = (ROOT, "yandex.cloud.MapKeySpec")

    value: str
    """Allowed keys. The format is the same as in the `value` option of a field."""
    pattern: str
    """Regular expression that the whole key must match. For example, `[a-z][-_0-9a-z]*`."""
    length: str
    """How many characters a key may have. For example, `1-63`."""

    def __init__(
        self,
        *,
        value: str = "",
        pattern: str = "",
        length: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Limits that each key of a map must satisfy.

        Args:
            value: Allowed keys. The format is the same as in the `value` option of a field.
            pattern: Regular expression that the whole key must match. For example, `[a-z][-_0-9a-z]*`.
            length: How many characters a key may have. For example, `1-63`.
        """
        self.value = value
        self.pattern = pattern
        self.length = length
        self._unknown = _unknown

