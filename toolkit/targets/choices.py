"""Settings that allow a few values."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.errors import ConfigError


def one_of(name: str, value: str, allowed: Sequence[str]) -> None:
    """Raise :class:`ConfigError` for a value that is not one of those allowed."""
    if value not in allowed:
        raise ConfigError(f"{name} cannot be {value!r}", hint=f"one of: {', '.join(allowed)}")
