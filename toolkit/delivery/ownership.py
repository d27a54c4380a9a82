"""Ownership of files in an output directory: the toolkit only overwrites or removes files it wrote, if unedited."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.delivery.compare import digest, targets_of
from toolkit.delivery.drift import from_here
from toolkit.delivery.manifest import Record, Records
from toolkit.descriptors.paths import is_below
from toolkit.errors import ConfigError, Location, OutputError

_MOST = 10
"""Files that are named."""


class FilesOfOthers(OutputError):
    """A run would overwrite or remove files that were edited or written by others, so it wrote nothing."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """The files in an output directory that belong to the toolkit."""

    out: Path
    records: Records
    """The files that it last wrote."""
    shared: Collection[str]
    """Paths of the user's files of which a target generates a part."""

    def is_foreign(self, path: str, new: str | None) -> bool:
        """Whether the file at a path is not the toolkit's; ``new`` is the digest to write, or None to remove the file.

        An orphan only belongs to the toolkit if its content is known: a list
        of paths, which people can merge and edit, is not enough to remove it.
        """
        target = os.path.join(self.out, *path.split("/"))
        try:
            mode = os.lstat(target).st_mode
        except OSError:
            return False
        if new is None and stat.S_ISDIR(mode):
            return False  # the file has already been removed
        if not stat.S_ISREG(mode):
            return True
        record = self.records.get(path)
        if path in self.shared or (record is not None and not record.digest and new is not None):
            return False
        try:
            found = digest(Path(target).read_bytes())
        except OSError:
            return True
        return found != new and (record is None or found not in record.digest.split())

    def refuse(self, paths: Sequence[str], target: str, command: str = "") -> None:
        """Raise :class:`FilesOfOthers` if there are any paths."""
        if not paths:
            return
        shown = sorted(paths)[:_MOST]
        lines = [f"\n  {from_here(self.out / path).as_posix()}: {self._reason(path)}" for path in shown]
        if len(paths) > len(shown):
            lines.append(f"\n  … and {len(paths) - len(shown):,} more")
        command = command or f"toolkit generate {target}"
        raise FilesOfOthers(
            f"{len(paths)} file(s) would be lost, so {target} was not written:{''.join(lines)}",
            hint=f"save a copy, then run: {command} --force PATH (a file or a directory)",
        )

    def _reason(self, path: str) -> str:
        if not stat.S_ISREG(os.lstat(self.out / path).st_mode):
            return "not a regular file"
        return "edited by hand" if path in self.records else "not written by the toolkit"


def is_among(paths: Sequence[Path], out: Path, path: str) -> bool:
    """Whether a path in a directory is one of these paths, or below one."""
    tops = {top(folder) for folder in paths for top in (os.path.abspath, os.path.realpath)}
    here = {os.path.join(top(out), *path.split("/")) for top in (os.path.abspath, os.path.realpath)}
    return any(is_below(file, top) for file in here for top in tops)


def refuse_outside(paths: Sequence[str], out: Path, manifest: Path) -> None:
    """Raise :class:`ConfigError` if a path in a manifest is outside the output directory, also through a link."""
    top = os.path.realpath(out)
    for path in paths:
        try:
            targets_of([path], top)
        except OutputError:
            hint = "remove its line, then run toolkit generate"
            message = f"{path!r} leads out of the output directory"
            raise ConfigError(message, location=Location(str(manifest)), hint=hint) from None


def either(before: Records, after: Records) -> Records:
    """Records that are valid at any moment while files are moved into place: of the old and the new contents."""
    found = {**after, **before}
    for path in after.keys() & before.keys():
        if before[path].digest:
            digests = dict.fromkeys((*before[path].digest.split(), after[path].digest))
            found[path] = Record(" ".join(digests), after[path].sources)
    return found
