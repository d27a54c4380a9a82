"""Which files of a target's folder the toolkit may replace or remove: those that are as it left them."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.delivery.compare import digest, targets_of
from toolkit.delivery.drift import from_here
from toolkit.delivery.manifest import Record, Records
from toolkit.errors import ConfigError, Location, OutputError


class FilesOfOthers(OutputError):
    """Files that a run would replace or remove are not as the toolkit left them, so it wrote nothing."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """What of a target's folder is the toolkit's."""

    out: Path
    records: Records
    """What it wrote last."""
    shared: Collection[str]
    """Paths of files that are the user's, of which a target makes a part."""

    def is_foreign(self, path: str, new: str | None) -> bool:
        """Whether what is at a path is not the toolkit's; ``new`` is the digest of what it would write, None: nothing.

        An orphan is only its own where the content is known: a list of paths,
        which others can merge and edit, is not enough to remove a file.
        """
        target = os.path.join(self.out, *path.split("/"))
        try:
            mode = os.lstat(target).st_mode
        except OSError:
            return False
        if new is None and stat.S_ISDIR(mode):
            return False  # what was written is gone already
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

    def refuse(self, paths: Sequence[str], target: str) -> None:
        """Raise :class:`FilesOfOthers` where there are any."""
        if not paths:
            return
        lines = [f"\n  {from_here(self.out / path).as_posix()}: {self._reason(path)}" for path in sorted(paths)]
        raise FilesOfOthers(
            f"{len(lines)} file(s) would be lost, so nothing of {target} was written:{''.join(lines)}",
            hint=f"keep a copy, then: toolkit generate {target} --force PATH (a file, or a folder with all below it)",
        )

    def _reason(self, path: str) -> str:
        if not stat.S_ISREG(os.lstat(self.out / path).st_mode):
            return "not a regular file"
        return "edited by hand" if path in self.records else "not written by the toolkit"


def is_below(paths: Sequence[Path], out: Path, path: str) -> bool:
    """Whether a path below a folder is one of these, or is below one."""
    tops = {f"{top(folder).rstrip(os.sep)}{os.sep}" for folder in paths for top in (os.path.abspath, os.path.realpath)}
    here = {f"{os.path.join(top(out), *path.split('/'))}{os.sep}" for top in (os.path.abspath, os.path.realpath)}
    return any(file.startswith(top) for file in here for top in tops)


def refuse_outside(paths: Sequence[str], out: Path, manifest: Path) -> None:
    """Raise :class:`ConfigError` where a path of a manifest leads out of the output folder, also through a link."""
    top = os.path.realpath(out)
    for path in paths:
        try:
            targets_of([path], top)
        except OutputError:
            hint = "remove its line; then run toolkit generate"
            message = f"{path!r} leads out of the output folder"
            raise ConfigError(message, location=Location(str(manifest)), hint=hint) from None


def either(before: Records, after: Records) -> Records:
    """Records that are right at any moment while files are put in place: of what was there, and of what will be."""
    found = {**after, **before}
    for path in after.keys() & before.keys():
        if before[path].digest:
            digests = dict.fromkeys((*before[path].digest.split(), after[path].digest))
            found[path] = Record(" ".join(digests), after[path].sources)
    return found
