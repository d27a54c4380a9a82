"""Packages that the runtime uses where they are installed, and does without where they are not."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import Any


def optional(name: str) -> Any:
    """A package, or None if it is not installed."""
    return sys.modules[name] if name in sys.modules else _imported(name)


@cache
def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None
