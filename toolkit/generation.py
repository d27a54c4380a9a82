"""Generating and checking: one way through, with a mode that says whether files are written or compared."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from toolkit import manifest
from toolkit.errors import OutputError, Problem
from toolkit.files import Compared, Comparing, Difference, Staged, Staging, Written, write

_PATIENCE = 600.0
"""Seconds to wait for another run that writes the same project."""

Make = Callable[[Sequence[str], Callable[[Any], Any], Callable[[int], None]], tuple[list[Any], list[Problem]]]
"""Makes the files of what is named, hands them on in parts, and says how many were made since it last said."""


class Mode(StrEnum):
    """What becomes of the files."""

    WRITE = "write"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is generated."""

    name: str
    noun: str
    """What its files are called, in the plural."""
    out: Path
    make: Make
    home: Path | None
    """The folder of the settings that the target's place comes from, where its manifest lies; None where a flag said
    where to write: then nothing is kept of the run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    written: Written
    differences: Sequence[Difference]
    """Only of a check: what is missing, changed or orphaned, by path."""
    problems: Sequence[Problem]


def run(
    target: Target, mode: Mode, names: Sequence[str] = (), progress: Callable[[int], None] = lambda files: None
) -> Outcome:
    """Make the files of a target, of all or of what is named, and write them or compare them with the disk.

    Orphans are files that the manifest names and nothing makes any more; a run
    for some names finds none.
    """
    home = target.home
    kept = home / manifest.NAME if home is not None else None
    with _alone(home or target.out) if mode is Mode.WRITE else nullcontext():
        known = manifest.read_manifest(kept) if kept else {}
        before = known.get(target.name, frozenset())
        with Staging(target.out) as staging:
            comparing = Comparing(target.out)
            handle = staging.add if mode is Mode.WRITE else comparing.add
            parts, problems = target.make(names, handle, progress)
            made = {path for part in parts for path in part.paths}
            orphans = [] if names else sorted(before - made)
            files = {manifest.NAME: manifest.with_target(known, target.name, before | made if names else made)}
            if mode is Mode.CHECK:
                return Outcome(Written(0, 0), _differences(parts, comparing, orphans, home, files), problems)
            staged: list[Staged] = parts
            written = staging.commit(staged, orphans)
        if home is not None:  # last: what it names is there
            write(files, home)
    return Outcome(written, (), problems)


def _differences(
    parts: Sequence[Compared], comparing: Comparing, orphans: Sequence[str], home: Path | None, files: dict[str, bytes]
) -> list[Difference]:
    found = [difference for part in parts for difference in part.differences]
    found += [Difference(path, b"", None) for path in comparing.present(orphans)]
    found.sort(key=lambda difference: difference.path)
    if home is not None and not found:  # with a difference, the command that repairs it writes the manifest too
        found += Comparing(home).add(files).differences
    return found


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep other runs of the same project waiting."""
    name = hashlib.sha256(str(place.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    lock = FileLock(_lock_folder() / f"{name}.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        hint = f"wait for it, or remove {lock.lock_file}"
        raise OutputError(f"another run has been writing {place} for {_PATIENCE:.0f} s", hint=hint) from None
    try:
        yield
    finally:
        lock.release()


def _lock_folder() -> Path:
    for folder in (user_cache_path("proto-toolkit", appauthor=False), Path(tempfile.gettempdir()) / "proto-toolkit"):
        try:
            (folder / "locks").mkdir(parents=True, exist_ok=True)
            return folder / "locks"
        except OSError:
            continue
    raise OutputError("no folder for locks can be made", hint="set XDG_CACHE_HOME to a folder that can be written")
