"""The bounds of examples."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large an example may be."""

    levels: int = 5
    """Levels of nested messages, including the outermost one."""
    bytes: int = 16_384
    """Bytes of the indented JSON."""
