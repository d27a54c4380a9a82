"""A run of a target: generates its files, then writes them or compares them with the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from toolkit.delivery import cache, inputs, manifest
from toolkit.delivery.compare import Compared, Comparing, Difference, Files
from toolkit.delivery.staging import Staging, Written, write
from toolkit.errors import Diagnostic, OutputError, ToolkitError
from toolkit.targets.registry import Choose, Part, Target, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.workspace import Workspace

_PATIENCE = 600.0
"""Seconds to wait for another run in the same project."""

Result = TypeVar("Result")
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given the total amount of work: a context whose function takes the amount done since its last call."""


class Mode(StrEnum):
    """What to do with the files."""

    WRITE = "write"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the files of a target go."""

    out: Path
    home: Path | None
    """The directory of the settings that ``out`` comes from, which contains the manifest; None if a flag sets the
    output directory, since such runs are not recorded."""

    @classmethod
    def of(cls, settings: Settings, target: TargetType) -> Destination:
        """The destination in the settings."""
        here = settings.file is not None and target.name not in settings.elsewhere
        home = settings.file.parent if settings.file is not None and here else None
        return cls(settings.of(target.settings).out, home)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run."""

    written: Written
    diagnostics: Sequence[Diagnostic]
    left_out: int
    """Number of files that did not compile; their diagnostics come first."""
    differences: Sequence[Difference] = ()
    """Missing, changed and orphaned files by path; only for a check."""
    target: Target | None = None
    """The target that generated the files; None if they were in the cache."""


def run(
    workspace: Workspace,
    kind: TargetType,
    mode: Mode,
    choose: Choose | None = None,
    *,
    progress: Progress = lambda total: nullcontext(lambda done: None),
    cached: bool = True,
) -> Outcome:
    """Generate the files of a target, for all or for chosen services, and write them or compare them with the disk.

    Orphans are files in the manifest that are no longer generated; a run for
    chosen services finds none. With ``cached``, nothing is generated if the
    outputs are in the cache and unchanged on disk.
    """
    place = Destination.of(workspace.settings, kind)
    begun = inputs.now()
    key = inputs.key_of(workspace.settings, kind) if cached and choose is None else None
    with _alone(place) if mode is Mode.WRITE else nullcontext():
        known = manifest.read_manifest(place.home / manifest.NAME) if place.home is not None else {}
        before = known.get(kind.name, frozenset())
        entry = cache.find(key)
        if entry and (place.home is None or before == entry.digests.keys()) and cache.holds(entry, place.out):
            return Outcome(Written(0, len(entry.digests)), entry.diagnostics, entry.left_out)
        workspace.start()
        target = kind.make(workspace, choose)
        deliver = _write if mode is Mode.WRITE else _compare
        made, outcome = deliver(_Run(workspace, kind.name, target, place, known, choose is None, progress))
    if key is not None and not outcome.differences:
        with suppress(OSError, ToolkitError):  # an input is gone
            _keep(workspace, kind, key, begun, made, outcome)
    return outcome


def _keep(
    workspace: Workspace, kind: TargetType, key: str, begun: int, made: Mapping[str, str], outcome: Outcome
) -> None:
    """Write a cache entry, unless an input changed during the run: the output may be that of either version."""
    roots, imported = inputs.imported(workspace)
    if not inputs.is_untouched(workspace.settings, kind, roots, imported, begun):
        return
    if inputs.key_of(workspace.settings, kind) == key:
        stamps = cache.stamps(made, workspace.settings.of(kind.settings).out)
        cache.keep(key, cache.Entry(made, stamps, outcome.diagnostics, outcome.left_out, roots, imported))


def made_by(kind: TargetType, workspace: Workspace, choose: Choose | None = None) -> tuple[Files, list[Diagnostic]]:
    """All files of a target, in memory, and its diagnostics."""
    parts, diagnostics = _make(kind.make(workspace, choose), workspace, lambda files: files)
    return {path: content for part in parts for path, content in part.items()}, diagnostics


def _make(
    target: Target,
    workspace: Workspace,
    handle: Callable[[Files], Result],
    progress: Progress = lambda total: nullcontext(lambda done: None),
) -> tuple[list[Result], list[Diagnostic]]:
    """Generate the parts; ``handle`` gets the files of each in the process that made them, since they are large."""
    from toolkit.descriptors.parallel import fork_map

    parts = target.parts()
    target.prepare()
    sent: set[Diagnostic] = set()

    def one(part: Part) -> tuple[Result, list[Diagnostic]]:
        files = {path: text.encode("utf-8") for path, text in target.files(part)}
        fresh = [diagnostic for diagnostic in target.diagnostics() if diagnostic not in sent]
        sent.update(fresh)
        return handle(files), fresh

    results: list[Result] = []
    found: set[Diagnostic] = set()
    weights = [part.weight for part in parts]
    with progress(sum(weights)) as update:
        for part, (result, fresh) in zip(parts, fork_map(one, parts, weights), strict=True):
            results.append(result)
            found.update(fresh)
            update(part.weight)
    return results, [*workspace.diagnostics, *sorted(found)]


@dataclass(frozen=True, slots=True)
class _Run:
    """What writing and comparing share."""

    workspace: Workspace
    name: str
    target: Target
    place: Destination
    known: manifest.Manifest
    is_whole: bool
    progress: Progress

    def make(self, handle: Callable[[Files], Result]) -> tuple[list[Result], list[Diagnostic]]:
        """Generate the parts of the target."""
        return _make(self.target, self.workspace, handle, self.progress)

    def orphans(self, made: dict[str, str]) -> list[str]:
        """Files that a previous run wrote and this one does not generate."""
        return sorted(self.known.get(self.name, frozenset()) - made.keys()) if self.is_whole else []

    def manifest(self, made: dict[str, str]) -> dict[str, bytes]:
        """The manifest after the run."""
        before = frozenset() if self.is_whole else self.known.get(self.name, frozenset())
        return {manifest.NAME: manifest.with_target(self.known, self.name, before | made.keys())}


def _write(run: _Run) -> tuple[dict[str, str], Outcome]:
    with Staging(run.place.out) as staging:
        parts, diagnostics = run.make(staging.add)
        made = {path: digest for part in parts for path, digest in part.paths.items()}
        written = staging.commit(parts, run.orphans(made))
    if run.place.home is not None:  # last, so that the files it names exist
        write(run.manifest(made), run.place.home)
    return made, Outcome(written, diagnostics, len(run.workspace.diagnostics), target=run.target)


def _compare(run: _Run) -> tuple[dict[str, str], Outcome]:
    comparing = Comparing(run.place.out)
    parts, diagnostics = run.make(comparing.add)
    made = {path: digest for part in parts for path, digest in part.paths.items()}
    differences = _differences(run, made, parts, comparing.present(run.orphans(made)))
    outcome = Outcome(Written(0, len(made)), diagnostics, len(run.workspace.diagnostics), differences, run.target)
    return made, outcome


def _differences(
    run: _Run, made: dict[str, str], parts: Sequence[Compared], orphans: Sequence[str]
) -> list[Difference]:
    found = [difference for part in parts for difference in part.differences]
    found += [Difference(path, b"", None) for path in orphans]
    found.sort(key=lambda difference: difference.path)
    if run.place.home is not None and not found:  # otherwise, the command that updates them writes the manifest, too
        found += Comparing(run.place.home).add(run.manifest(made)).differences
    return found


@contextmanager
def _alone(place: Destination) -> Iterator[None]:
    """Make other runs in the same project wait, if there is a place for locks."""
    folder = place.home or place.out
    name = hashlib.sha256(os.path.realpath(folder).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    try:
        locks = cache.folder() / "locks"
    except OutputError:
        yield
        return
    lock = FileLock(locks / f"{name}.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        hint = f"wait for it, or remove {lock.lock_file}"
        raise OutputError(f"another run has been writing {folder} for {_PATIENCE:.0f} s", hint=hint) from None
    try:
        yield
    finally:
        lock.release()
