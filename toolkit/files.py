"""The only module that writes: generated files to the disk, whole or not at all."""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import OutputError

Files = Mapping[str, bytes]
"""Contents by path, ``/``-separated and relative to the output folder."""

_NOWHERE = {"", ".", ".."}
_numbers = itertools.count()
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Written:
    """What a run of the writer did."""

    written: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Files that wait to be put in place: pairs of where each is now and where it belongs."""

    moves: Sequence[tuple[str, str]]
    unchanged: int


class Staging:
    """Files on their way to a folder: all are written inside it, under other names, before the first is put in place.

    A context: what was not put in place when it ends is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._top = os.path.realpath(folder)
        self._place = os.path.join(self._top, f".toolkit-{secrets.token_hex(8)}")

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self._place, ignore_errors=True)

    def add(self, files: Files) -> Staged:
        """Write the files that are new or differ; any process may, and gives the result to the one that commits.

        Every path is checked before the first write: one that would leave the
        folder, also through a link, is an :class:`OutputError`.
        """
        targets = _targets(files, self._top)
        changed = [(path, targets[path]) for path in files if not _holds(targets[path], files[path])]
        moves = []
        with _failures(self._top):
            if changed:
                os.makedirs(self._place, 0o700, exist_ok=True)
            for path, target in changed:
                temporary = os.path.join(self._place, f"{os.getpid()}-{next(_numbers)}")
                _write(temporary, files[path])
                moves.append((temporary, target))
        return Staged(moves, len(files) - len(moves))

    def commit(self, parts: Iterable[Staged]) -> Written:
        """Put the files in place, each in one step."""
        parts = list(parts)
        moves = [move for part in parts for move in part.moves]
        with _failures(self._top, "the files put in place before it are whole; mend the cause and run again"):
            for directory in sorted({os.path.dirname(target) for _, target in moves}):
                os.makedirs(directory, exist_ok=True)
            for temporary, target in moves:
                os.replace(temporary, target)
        return Written(len(moves), sum(part.unchanged for part in parts))


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


def _targets(files: Files, top: str) -> dict[str, str]:
    """The path on disk of every file, refused where it would lie outside the folder."""
    inside: dict[str, bool] = {}
    targets = {}
    for path in files:
        parts = path.split("/")
        if not _NOWHERE.isdisjoint(parts) or "\\" in path or "\0" in path:
            raise OutputError(f"refusing to write {path!r}: it is no plain path below the output folder")
        target = os.path.join(top, *parts)
        directory = os.path.dirname(target)
        if directory not in inside:
            inside[directory] = os.path.commonpath((top, os.path.realpath(directory))) == top
        if not inside[directory]:
            raise OutputError(f"refusing to write {path!r}: a link leads out of the output folder")
        targets[path] = target
    return targets


def _write(path: str, content: bytes) -> None:
    with open(os.open(path, _CREATE, 0o666), "wb", buffering=0) as file:
        written = file.write(content)
        while written < len(content):
            written += file.write(content[written:])


def _holds(target: str, content: bytes) -> bool:
    """Whether a file is there, of its own, with that content."""
    try:
        handle = os.open(target, _READ)
    except OSError:
        return False
    try:
        if os.fstat(handle).st_size != len(content):
            return False
        with open(handle, "rb", buffering=0, closefd=False) as file:
            return file.read() == content
    except OSError:
        return False  # a folder or the like; replacing it says so
    finally:
        os.close(handle)
