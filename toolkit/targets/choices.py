"""Settings that allow a few values."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.errors import ConfigError


def one_of(value: str, allowed: Iterable[str], said: str) -> None:
    """Raise :class:`ConfigError`, which says ``said``, for a value that is not one of those allowed."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise ConfigError(said, hint=f"one of: {', '.join(allowed)}")
