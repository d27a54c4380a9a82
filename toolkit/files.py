"""The only module that writes: generated files to the disk, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import OutputError

Files = Mapping[str, bytes]
"""Contents by path, ``/``-separated and relative to the output folder."""

_NOWHERE = {"", ".", ".."}
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Written:
    """What a write came to, in files."""

    written: int
    unchanged: int


def write(files: Files, folder: Path) -> Written:
    """Write the files that are new or differ; each is replaced in one step.

    Every path is checked before the first write: one that would leave the
    folder, also through a link, is an :class:`OutputError`.
    """
    top = os.path.realpath(folder)
    targets = _targets(files, top)
    written = 0
    try:
        for directory in sorted({os.path.dirname(target) for target in targets.values()}):
            os.makedirs(directory, exist_ok=True)
        for path, content in files.items():
            written += _write(targets[path], content)
    except OSError as error:
        raise OutputError(
            f"cannot write {error.filename2 or error.filename or str(folder)!r}: {error.strerror}",
            hint="the files written before it are whole; mend the cause and run again",
        ) from None
    return Written(written, len(files) - written)


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


def _write(target: str, content: bytes) -> bool:
    """Replace one file; False where it holds the content already."""
    if _holds(target, content):
        return False
    directory, name = os.path.split(target)
    temporary = os.path.join(directory, f".{name[:50]}.{os.getpid()}.tmp")  # 50 letters are 200 bytes at most
    handle = os.open(temporary, _CREATE, 0o666)
    try:
        with open(handle, "wb", buffering=0) as file:
            written = file.write(content)
            while written < len(content):
                written += file.write(content[written:])
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
    return True


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
