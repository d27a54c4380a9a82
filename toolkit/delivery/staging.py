"""Generated files written to the disk, whole or not at all; the only module that does."""

from __future__ import annotations

import itertools
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from toolkit.delivery.compare import Compared, Comparing, Difference, Files, digest, digests_of, holds, targets_of
from toolkit.errors import OutputError

__all__ = ["Compared", "Comparing", "Difference", "Files", "Staged", "Staging", "Written", "digest", "write"]

_PLACE = re.compile(r"\.toolkit-(\d+)-(\d+)-[0-9a-f]{16}\Z")
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Written:
    """What a run of the writer did."""

    written: int
    unchanged: int
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Staged:
    """Files that wait to be put in place: pairs of where each is now and where it belongs."""

    paths: Mapping[str, str]
    """All of them, also those that are there already, each with a digest of its content."""
    moves: Sequence[tuple[str, str]]


class Staging:
    """Files on their way to a folder: all are written inside it, under other names, before the first is put in place.

    A context: what was not put in place when it ends is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._top = os.path.realpath(folder)
        self._location = os.path.join(self._top, staging_name(os.getpid()))

    def __enter__(self) -> Staging:
        for name in os.listdir(self._top) if os.path.isdir(self._top) else ():
            match = _PLACE.match(name)
            if match and not _is_alive(int(match[1]), match[2]):  # of a run that was killed
                shutil.rmtree(os.path.join(self._top, name), ignore_errors=True)
        return self

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self._location, ignore_errors=True)

    def add(self, files: Files) -> Staged:
        """Write the files that are new or differ; any process may, and gives the result to the one that commits.

        Every path is checked before the first write: one that would leave the
        folder, also through a link, is an :class:`OutputError`.
        """
        targets = targets_of(files, self._top)
        changed = [(path, targets[path]) for path in files if not holds(targets[path], files[path])]
        moves = []
        with _failures(self._top):
            if changed:
                os.makedirs(self._location, 0o700, exist_ok=True)
            for path, target in changed:
                temporary = os.path.join(self._location, f"{os.getpid()}-{next(_numbers)}")
                _write(temporary, files[path])
                moves.append((temporary, target))
        return Staged(digests_of(files), moves)

    def commit(self, parts: Iterable[Staged], orphans: Iterable[str] = ()) -> Written:
        """Put the files in place, each in one step; then remove the orphans, and folders that they leave empty."""
        parts = list(parts)
        moves = [move for part in parts for move in part.moves]
        lost = targets_of(orphans, self._top)
        with _failures(self._top, "the files put in place before it are whole; mend the cause and run again"):
            for directory in sorted({os.path.dirname(target) for _, target in moves}):
                os.makedirs(directory, exist_ok=True)
            for temporary, target in moves:
                os.replace(temporary, target)
            removed = [target for target in lost.values() if _remove(target, self._top)]
        return Written(len(moves), sum(len(part.paths) for part in parts) - len(moves), len(removed))


def staging_name(process: int) -> str:
    """The name of a folder where a process keeps files that are on their way."""
    return f".toolkit-{process}-{_start(process)}-{secrets.token_hex(8)}"


def _is_alive(process: int, start: str) -> bool:
    """Whether a process runs, and is the one that began then: numbers are used again."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return _start(process) == start


def _start(process: int) -> str:
    """When a process began, in the system's own count; ``0`` where the system has no /proc to tell."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[19].decode("ascii")
    except (OSError, IndexError):
        return "0"


def write(files: Files, folder: Path) -> Written:
    """Write the files that are new or differ; each is replaced in one step, and none before all are written."""
    with Staging(folder) as staging:
        return staging.commit([staging.add(files)])


@contextmanager
def _failures(folder: str, hint: str = "nothing was changed; mend the cause and run again") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or folder
        raise OutputError(f"cannot write {where!r}: {error.strerror}", hint=hint) from None


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)


def _remove(target: str, top: str) -> bool:
    """Remove a file, and the folders that hold nothing then; False where it is gone already, or is a folder."""
    if not os.path.lexists(target) or (os.path.isdir(target) and not os.path.islink(target)):
        return False
    os.unlink(target)
    folder = os.path.dirname(target)
    while folder != top and not os.listdir(folder):
        os.rmdir(folder)
        folder = os.path.dirname(folder)
    return True
