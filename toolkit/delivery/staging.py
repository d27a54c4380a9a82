"""Writes generated files to the disk, atomically; no other module does."""

from __future__ import annotations

import itertools
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from toolkit.delivery.compare import Compared, Comparing, Difference, Files, digest, digests_of, holds, targets_of
from toolkit.descriptors.signals import undisturbed
from toolkit.errors import OutputError

__all__ = ["Compared", "Comparing", "Difference", "Files", "Staged", "Staging", "Written", "digest", "write"]

_LOCATION = re.compile(r"\.toolkit-[0-9a-f]{16}\Z")
_LOCK = "lock"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Written:
    """How many files were written, unchanged and removed."""

    written: int
    unchanged: int
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Staged:
    """Files that are written, but not yet in place."""

    paths: Mapping[str, str]
    """All files, including unchanged ones, with digests of their contents."""
    moves: Mapping[str, tuple[str, str]]
    """For new and changed files: where each is now, and where it belongs."""


class Staging:
    """Writes all files in a temporary directory inside their target before it moves the first one into place.

    A context, which removes the files that were not moved when it ends. If a
    run is killed, the system releases its lock, so that the next run knows that
    its files are abandoned.
    """

    def __init__(self, folder: Path) -> None:
        self._top = os.path.realpath(folder)
        self._existing = next(filter(os.path.isdir, (self._top, *map(str, Path(self._top).parents))), self._top)
        self._location = os.path.join(self._top, f".toolkit-{secrets.token_hex(8)}")
        self._lock = FileLock(os.path.join(self._location, _LOCK))

    def __enter__(self) -> Staging:
        with _failures(self._top):
            # Not when the first file is added: that may be in a child, which can't hand its lock over to this process.
            while not os.path.isdir(self._location):  # another run may remove it until it is locked
                self._lock.release(force=True)
                os.makedirs(self._location, 0o700)
                with suppress(OSError):  # network file systems may not support locks
                    self._lock.acquire()
            if self._lock.is_locked:
                with suppress(OSError):
                    _remove_abandoned(self._top)
        return self

    def __exit__(self, *exception: object) -> None:
        with undisturbed():
            self._lock.release()
            shutil.rmtree(self._location, ignore_errors=True)
        with suppress(OSError):
            _remove_empty(self._top, self._existing)

    def add(self, files: Files) -> Staged:
        """Write the new and changed files; any process may call this, and passes the result to the one that commits.

        Every path is checked before the first write. Raises
        :class:`OutputError` if one is outside the directory, directly or
        through a symbolic link.
        """
        targets = targets_of(files, self._top)
        moves = {}
        with _failures(self._top):
            for path, content in files.items():
                if not holds(targets[path], content):
                    temporary = os.path.join(self._location, f"{os.getpid()}-{next(_numbers)}")
                    _write(temporary, content)
                    moves[path] = (temporary, targets[path])
        return Staged(digests_of(files), moves)

    def commit(self, parts: Sequence[Staged], orphans: Iterable[str] = ()) -> Written:
        """Move the files into place atomically, then remove orphans and the directories that they leave empty."""
        moves = [move for part in parts for move in part.moves.values()]
        lost = targets_of(orphans, self._top)
        with _failures(self._top, "files written before it are complete; fix the cause and run again"):
            for directory in sorted({os.path.dirname(target) for _, target in moves}):
                os.makedirs(directory, exist_ok=True)
            for temporary, target in moves:
                os.replace(temporary, target)
            removed = [target for target in lost.values() if _remove(target, self._top)]
        return Written(len(moves), sum(len(part.paths) for part in parts) - len(moves), len(removed))


def write(files: Files, folder: Path) -> Written:
    """Write the new and changed files; they are replaced atomically once all are ready."""
    if not Comparing(folder).add(files).differences:
        return Written(0, len(files))
    with Staging(folder) as staging:
        return staging.commit([staging.add(files)])


@contextmanager
def _failures(folder: str, hint: str = "nothing was changed; fix the cause and run again") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = str(error.filename2 or error.filename or folder)
        if where.startswith(os.path.join(folder, ".toolkit-")):
            where = folder  # users don't know the temporary name
        raise OutputError(f"cannot write {where!r}: {error.strerror}", hint=hint) from None


def _write(path: str, content: bytes) -> None:
    with open(path, "xb", buffering=0) as file:
        left = memoryview(content)
        while left:
            left = left[file.write(left) :]


def _remove(target: str, top: str) -> bool:
    """Remove a file and the directories that this leaves empty; False if it is a directory or doesn't exist."""
    if not os.path.lexists(target) or (os.path.isdir(target) and not os.path.islink(target)):
        return False
    os.unlink(target)
    _remove_empty(os.path.dirname(target), top)
    return True


def _remove_empty(folder: str, top: str) -> None:
    """Remove a directory and its parents, up to the top, as long as they are empty."""
    while folder != top and not os.listdir(folder):
        os.rmdir(folder)
        folder = os.path.dirname(folder)


def _remove_abandoned(top: str) -> None:
    """Remove the staging directories that no running process has locked."""
    for entry in list(os.scandir(top)):
        lock = os.path.join(entry.path, _LOCK)
        if _LOCATION.match(entry.name) and entry.is_dir(follow_symlinks=False) and not os.path.islink(lock):
            with suppress(OSError):  # locked by a running process
                with FileLock(lock, timeout=0):  # kept, since a new run may be about to lock it
                    shutil.rmtree(entry.path, ignore_errors=True)
                if os.name == "nt":  # which removes no open files
                    shutil.rmtree(entry.path, ignore_errors=True)
