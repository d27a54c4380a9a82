"""Runs that write the same folder wait for each other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from toolkit.delivery import cache
from toolkit.errors import OutputError

_PATIENCE = 600.0
"""Seconds to wait for another run in the same project."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make other runs that write the same folder wait, if there is a place for locks."""
    name = hashlib.sha256(os.path.realpath(folder).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    try:
        locks = cache.folder() / "locks"
    except OutputError:
        yield
        return
    lock = FileLock(locks / f"{name}.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        hint = f"wait for it, or remove {lock.lock_file}"
        raise OutputError(f"another run has been writing {folder} for {_PATIENCE:.0f} s", hint=hint) from None
    try:
        yield
    finally:
        lock.release()
