"""Compares generated files with those on disk, and writes nothing."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import OutputError

Files = Mapping[str, bytes]
"""Contents by path, separated by ``/`` and relative to the output directory."""

_NOWHERE = {"", ".", ".."}


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is missing (``old`` is None), orphaned (``new`` is None), or changed."""

    path: str
    old: bytes | None
    new: bytes | None
    """None for an orphan, which should not exist."""
    edited: bool = False
    """Whether its content is neither what the toolkit last wrote nor what it would write."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The result of comparing some files."""

    paths: Mapping[str, str]
    """All files that were compared, with digests of their contents."""
    differences: Sequence[Difference]


class Comparing:
    """Compares files with those on disk; the read-only counterpart of :class:`~toolkit.delivery.staging.Staging`."""

    def __init__(self, folder: Path) -> None:
        self._top = os.path.realpath(folder)

    def add(self, files: Files) -> Compared:
        """The files that are missing or differ; any process may call this."""
        targets = targets_of(files, self._top)
        differences = [
            Difference(path, _read(targets[path]), content)
            for path, content in files.items()
            if not holds(targets[path], content)
        ]
        return Compared(digests_of(files), differences)

    def present(self, paths: Iterable[str]) -> list[str]:
        """The paths that exist as files."""
        targets = targets_of(paths, self._top)
        return [path for path, target in targets.items() if os.path.isfile(target)]


def targets_of(paths: Iterable[str], top: str) -> dict[str, str]:
    """Each path on disk; :class:`OutputError` if it is outside the directory, directly or through a symbolic link."""
    inside: dict[str, bool] = {}
    targets = {}
    beginning = os.path.join(top, "")
    for path in paths:
        parts = path.split("/")
        target = os.path.join(top, *parts)
        # On Windows, a part such as C: discards everything before it.
        if (
            not _NOWHERE.isdisjoint(parts)
            or "/.git/" in f"/{path.lower()}/"
            or "\\" in path
            or "\0" in path
            or not target.startswith(beginning)
        ):
            raise OutputError(f"refusing to write {path!r}: not a plain path below the output directory")
        directory = os.path.dirname(target)
        if directory not in inside:
            inside[directory] = os.path.join(os.path.realpath(directory), "").startswith(beginning)
        if not inside[directory]:
            raise OutputError(f"refusing to write {path!r}: a symbolic link leads out of the output directory")
        targets[path] = target
    return targets


def digest(content: bytes) -> str:
    """The digest of a content; it ignores line endings, which git may change."""
    return hashlib.blake2b(_with_lf(content), digest_size=16).hexdigest()


def _with_lf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n") if b"\r" in content else content  # one byte is found faster than two


def digests_of(files: Files) -> dict[str, str]:
    """A digest of each content, by path."""
    return {path: digest(content) for path, content in files.items()}


def holds(target: str, content: bytes) -> bool:
    """Whether a file, not a link, exists and has this content, except for line endings, which git may change."""
    try:
        if not stat.S_ISREG(os.lstat(target).st_mode):
            return False
        with open(target, "rb", buffering=0) as file:
            found = file.read()
        return found == content or _with_lf(found) == _with_lf(content)
    except OSError:
        return False  # replacing it will report why


def _read(target: str) -> bytes | None:
    """The content of a file; empty for a directory, a link or the like, None if there is nothing."""
    if not os.path.lexists(target):
        return None
    try:
        return Path(target).read_bytes() if stat.S_ISREG(os.lstat(target).st_mode) else b""
    except OSError:
        return b""
