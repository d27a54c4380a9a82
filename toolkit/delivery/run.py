"""Generating and checking: one way through, with a mode that says whether files are written or compared."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from toolkit.cli.settings import Settings
from toolkit.delivery import cache, manifest
from toolkit.delivery.staging import Compared, Comparing, Difference, Files, Staging, Written, write
from toolkit.descriptors.compile import Compiling, start_compiling
from toolkit.errors import Diagnostic, LookupFailed, OutputError

if TYPE_CHECKING:
    from toolkit.cli.workspace import Workspace

_PATIENCE = 600.0
"""Seconds to wait for another run that writes the same project."""

NOUNS = {"reference": "pages", "examples": "examples", "python": "modules", "changelog": "pages", "site": "files"}
"""The targets, and what their files are called."""

Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given how many files there will be: a context that takes how many were made since it was last told."""


class Mode(StrEnum):
    """What becomes of the files."""

    WRITE = "write"
    CHECK = "check"


@dataclass
class Opened:
    """A project that is read when it is first needed: what the cache knows needs no reading."""

    settings: Settings
    read: Callable[[], Settings] | None = None
    """Reads the settings once more."""

    def again(self) -> Opened:
        """The same with the settings as they are now, and nothing read of the project."""
        return Opened(self.read() if self.read is not None else self.settings, self.read)

    @cached_property
    def workspace(self) -> Workspace:
        """The project; protoc is at work on it while the rest of the toolkit is imported."""
        common = self.settings.common
        self.compiling = start_compiling(common.proto_path) if common.descriptor_set is None else None
        from toolkit.cli.workspace import Workspace

        return Workspace(self.settings, self.compiling)

    compiling: Compiling | None = None

    def close(self) -> None:
        """End what is still at work."""
        if self.compiling is not None:
            self.compiling.close()


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is generated, and where."""

    name: str
    out: Path
    home: Path | None
    """The folder of the settings that the target's place comes from, where its manifest lies; None where a flag said
    where to write: then nothing is kept of the run."""

    @classmethod
    def of(cls, settings: Settings, name: str) -> Target:
        """A target by its name; :class:`LookupFailed` where there is none."""
        if name not in NOUNS:
            close = difflib.get_close_matches(name, NOUNS)
            hint = f"did you mean {', '.join(close)}?" if close else f"one of: {', '.join(NOUNS)}"
            raise LookupFailed(f"there is no target {name!r}", hint=hint)
        here = settings.file is not None and name not in settings.elsewhere
        home = settings.file.parent if settings.file is not None and here else None
        return cls(name, getattr(settings, name).out, home)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    written: Written
    differences: Sequence[Difference]
    """Only of a check: what is missing, changed or orphaned, by path."""
    diagnostics: Sequence[Diagnostic]
    left_out: int
    """Files that did not compile."""


def run(
    opened: Opened,
    target: Target,
    mode: Mode,
    names: Sequence[str] = (),
    *,
    progress: Progress = lambda total: nullcontext(lambda files: None),
    cached: bool = True,
) -> Outcome:
    """Make the files of a target, of all or of what is named, and write them or compare them with the disk.

    Orphans are files that the manifest names and nothing makes any more; a run
    for some names finds none. With ``cached``, nothing is made where the cache
    knows the outputs and they are on disk.
    """
    home = target.home
    kept = home / manifest.NAME if home is not None else None
    key = cache.key_of(opened.settings, target.name) if cached and not names else None
    with _alone(home or target.out) if mode is Mode.WRITE else nullcontext():
        known = manifest.read_manifest(kept) if kept else {}
        before = known.get(target.name, frozenset())
        entry = cache.find(key)
        if entry and (kept is None or before == entry.digests.keys()) and cache.holds(entry, target.out):
            return Outcome(Written(0, len(entry.digests)), (), entry.diagnostics, entry.left_out)
        workspace = opened.workspace
        staging, comparing = Staging(target.out), Comparing(target.out)
        staged = staging if mode is Mode.WRITE else nullcontext()  # entering it touches the disk
        with staged, progress(workspace.size(target.name, names)) as update:
            handle: Callable[[Files], Any] = staging.add if mode is Mode.WRITE else comparing.add
            parts, found = workspace.make(target.name, names, handle, update)
            diagnostics = [*workspace.diagnostics, *found]
            made = {path: content for part in parts for path, content in part.paths.items()}
            orphans = [] if names else sorted(before - made.keys())
            listed = before | made.keys() if names else made.keys()
            files = {manifest.NAME: manifest.with_target(known, target.name, listed)}
            if mode is Mode.CHECK:
                differences = _differences(parts, comparing, orphans, home, files)
                written = Written(0, len(made))
            else:
                differences, written = [], staging.commit(parts, orphans)
        if mode is Mode.WRITE and home is not None:  # last: what it names is there
            write(files, home)
    left_out = len(workspace.diagnostics)
    if not differences:
        cache.keep(key, cache.Entry(made, cache.stamps(made, target.out), diagnostics, left_out))
    return Outcome(written, differences, diagnostics, left_out)


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
def _alone(location: Path) -> Iterator[None]:
    """Keep other runs of the same project waiting."""
    name = hashlib.sha256(str(location.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    lock = FileLock(cache.folder() / "locks" / f"{name}.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        hint = f"wait for it, or remove {lock.lock_file}"
        raise OutputError(f"another run has been writing {location} for {_PATIENCE:.0f} s", hint=hint) from None
    try:
        yield
    finally:
        lock.release()
