"""Generated files written to the disk, whole or not at all; the only module that does."""

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
from toolkit.errors import OutputError

__all__ = ["Compared", "Comparing", "Difference", "Files", "Staged", "Staging", "Written", "digest", "write"]

_LOCATION = re.compile(r"\.toolkit-[0-9a-f]{16}\Z")
_LOCK = "lock"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Written:
    """What a run of the writer did."""

    written: int
    unchanged: int
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Staged:
    """Files that wait to be put in place."""

    paths: Mapping[str, str]
    """All of them, also those that are there already, each with a digest of its content."""
    moves: Mapping[str, tuple[str, str]]
    """Of those that are not: where each is now, and where it belongs."""


class Staging:
    """Files on their way to a folder: all are written inside it, under other names, before the first is put in place.

    A context: what was not put in place when it ends is removed. Where a run is
    killed, the system unlocks its files, so that the next run knows them for
    abandoned.
    """

    def __init__(self, folder: Path) -> None:
        self._top = os.path.realpath(folder)
        self._existing = next(filter(os.path.isdir, (self._top, *map(str, Path(self._top).parents))), self._top)
        self._location = os.path.join(self._top, f".toolkit-{secrets.token_hex(8)}")
        self._lock = FileLock(os.path.join(self._location, _LOCK))

    def __enter__(self) -> Staging:
        with _failures(self._top):
            # Not when the first file is added: that may be in a child, which cannot leave its lock to this process.
            os.makedirs(self._location, 0o700)
            with suppress(OSError):  # a network file system may have no locks
                self._lock.acquire()
                _remove_abandoned(self._top)
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.release()
        shutil.rmtree(self._location, ignore_errors=True)
        with suppress(OSError):
            _remove_empty(self._top, self._existing)

    def add(self, files: Files) -> Staged:
        """Write the files that are new or differ; any process may, and gives the result to the one that commits.

        Every path is checked before the first write: one that would leave the
        folder, also through a link, is an :class:`OutputError`.
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
        """Put the files in place, each in one step; then remove the orphans, and folders that they leave empty."""
        moves = [move for part in parts for move in part.moves.values()]
        lost = targets_of(orphans, self._top)
        with _failures(self._top, "the files put in place before it are whole; mend the cause and run again"):
            for directory in sorted({os.path.dirname(target) for _, target in moves}):
                os.makedirs(directory, exist_ok=True)
            for temporary, target in moves:
                os.replace(temporary, target)
            removed = [target for target in lost.values() if _remove(target, self._top)]
        return Written(len(moves), sum(len(part.paths) for part in parts) - len(moves), len(removed))


def write(files: Files, folder: Path) -> Written:
    """Write the files that are new or differ; each is replaced in one step, and none before all are written."""
    if not Comparing(folder).add(files).differences:
        return Written(0, len(files))
    with Staging(folder) as staging:
        return staging.commit([staging.add(files)])


@contextmanager
def _failures(folder: str, hint: str = "nothing was changed; mend the cause and run again") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = str(error.filename2 or error.filename or folder)
        if where.startswith(os.path.join(folder, ".toolkit-")):
            where = folder  # nobody knows the other name
        raise OutputError(f"cannot write {where!r}: {error.strerror}", hint=hint) from None


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)


def _remove(target: str, top: str) -> bool:
    """Remove a file, and the folders that hold nothing then; False where it is gone already, or is a folder."""
    if not os.path.lexists(target) or (os.path.isdir(target) and not os.path.islink(target)):
        return False
    os.unlink(target)
    _remove_empty(os.path.dirname(target), top)
    return True


def _remove_empty(folder: str, top: str) -> None:
    """Remove a folder and those that it is in, up to the top, as long as they hold nothing."""
    while folder != top and not os.listdir(folder):
        os.rmdir(folder)
        folder = os.path.dirname(folder)


def _remove_abandoned(top: str) -> None:
    """Remove the staging folders in a folder that nobody holds the lock of."""
    for entry in list(os.scandir(top)):
        lock = os.path.join(entry.path, _LOCK)
        if _LOCATION.match(entry.name) and entry.is_dir(follow_symlinks=False) and not os.path.islink(lock):
            with suppress(OSError):  # the run lives
                with FileLock(lock, timeout=0):
                    pass
                shutil.rmtree(entry.path, ignore_errors=True)
