"""The only module that writes: generated files to the disk, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from toolkit.errors import OutputError

Files = Mapping[str, bytes]
"""Contents by path, ``/``-separated and relative to the output folder."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write came to, in files."""

    written: int
    unchanged: int


def write(files: Files, folder: Path, progress: Callable[[], None] = lambda: None) -> Written:
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
            progress()
    except OSError as error:
        raise OutputError(
            f"cannot write {error.filename or str(folder)!r}: {error.strerror}",
            hint="the files written before it are whole; mend the cause and run again",
        ) from None
    return Written(written, len(files) - written)


def _targets(files: Files, top: str) -> dict[str, str]:
    """The path on disk of every file, refused where it would lie outside the folder."""
    inside: dict[str, bool] = {}
    targets = {}
    for path in files:
        pure = PurePosixPath(path)
        if pure.is_absolute() or not pure.parts or any(part in ("..", ".") for part in path.split("/")) or "\\" in path:
            raise OutputError(f"refusing to write {path!r}: it leads out of the output folder")
        target = os.path.join(top, *pure.parts)
        directory = os.path.dirname(target)
        if directory not in inside:
            real = os.path.realpath(directory)
            inside[directory] = real == top or real.startswith(top + os.sep)
        if not inside[directory]:
            raise OutputError(f"refusing to write {path!r}: a link leads out of the output folder")
        targets[path] = target
    return targets


def _write(target: str, content: bytes) -> bool:
    """Replace one file; False where it holds the content already."""
    try:
        if not os.path.islink(target) and os.stat(target).st_size == len(content):
            with open(target, "rb") as file:
                if file.read() == content:
                    return False
    except FileNotFoundError:
        pass
    directory, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", dir=directory)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, target)
    except BaseException:
        try:
            os.unlink(temporary)
        except FileNotFoundError:
            pass
        raise
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
