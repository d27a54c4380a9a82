"""Paths on disk."""

from __future__ import annotations

import os
from pathlib import Path


def with_slash(folder: str | Path) -> str:
    """The absolute path of a folder, which the paths of all that is in it begin with."""
    return os.path.abspath(folder).rstrip(os.sep) + os.sep


def is_below(path: str | Path, folder: str | Path) -> bool:
    """Whether a path is that of a folder or of something in it; links are not followed."""
    return with_slash(path).startswith(with_slash(folder))
