"""A run of a target: generates its files, then writes them or compares them with the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from toolkit.delivery import cache, inputs, manifest
from toolkit.delivery.compare import Compared, Comparing, Difference, Files
from toolkit.delivery.left_out import LeftOut
from toolkit.delivery.manifest import Manifests, Record, Records, is_current
from toolkit.delivery.ownership import Ownership, either, is_among, refuse_outside
from toolkit.delivery.parts import Generated, Known, Progress, generate
from toolkit.delivery.staging import Staged, Staging, Written, write
from toolkit.errors import Diagnostic, OutputError, ToolkitError
from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.workspace import Workspace

_PATIENCE = 600.0
"""Seconds to wait for another run in the same project."""

Result = TypeVar("Result")


class Mode(StrEnum):
    """What to do with the files."""

    WRITE = "write"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the files of a target go."""

    out: Path
    home: Path | None
    """The folder of the settings that ``out`` comes from, where the manifest is kept; None where a flag said where to
    write: then the run is not recorded."""
    manifest: str = manifest.NAME
    """The name of the manifest."""

    @classmethod
    def of(cls, settings: Settings, target: TargetType) -> Destination:
        """The destination that the settings name."""
        own = settings.of(target.settings)
        here = settings.file is not None and target.name not in settings.elsewhere
        home = settings.file.parent if settings.file is not None and here else None
        return cls(own.out, home, manifest.NAME if own.committed else manifest.LOCAL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run."""

    written: Written
    diagnostics: Sequence[Diagnostic]
    left_out: int
    """Number of files that did not compile; their diagnostics come first."""
    kept: Sequence[str] = ()
    """Paths of earlier outputs of such files."""
    differences: Sequence[Difference] = ()
    """Missing, changed and orphaned files by path; only for a check."""
    stale: Sequence[Difference] = ()
    """The manifest, if only that is out of date, relative to its own directory; only for a check."""
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
    force: Sequence[Path] = (),
) -> Outcome:
    """Generate the files of a target, for all or for chosen services, and write them or compare them with the disk.

    Orphans are files in the manifest that are no longer generated; a run for
    chosen services finds none. With ``cached``, nothing is generated if the
    outputs are in the cache and unchanged on disk. Raises
    :class:`FilesOfOthers`, before anything is written, if a file would be lost
    that was edited or written by others, unless its path is in or below one of
    ``force``.
    """
    place = Destination.of(workspace.settings, kind)
    workspace.begun  # noqa: B018
    keys = inputs.keys_of(workspace.settings, kind, workspace.fetched) if cached and choose is None else None
    with _alone(place) if mode is Mode.WRITE else nullcontext():
        manifests = Manifests.read(place.home)
        before = manifests.records(place.manifest, kind.name)
        entry = cache.find(keys.run) if keys else None
        if entry and (place.home is None or before == entry.records) and cache.holds(entry, place.out):
            return Outcome(Written(0, entry.unchanged), entry.diagnostics, entry.left_out, entry.kept)
        workspace.start(cache.tree(keys.tree) if keys else None)
        target = kind.make(workspace, choose)
        last = cache.last(keys.frame) if keys else None
        known = Known.of(last, workspace, target, place.out)
        deliver = _write if mode is Mode.WRITE else _compare
        made, outcome = deliver(_Run(workspace, kind, target, place, manifests, choose is None, progress, force, known))
    if keys is not None and not outcome.differences and not outcome.stale:
        with suppress(OSError, ToolkitError):  # an input is gone
            _keep(workspace, kind, keys, made, outcome)
    return outcome


def _keep(workspace: Workspace, kind: TargetType, keys: inputs.Keys, made: _Made, outcome: Outcome) -> None:
    """Write a cache entry, unless an input changed during the run: the output may be that of either version."""
    roots, imported = inputs.imported(workspace)
    tree = workspace.kept
    if not inputs.is_untouched(workspace.settings, kind, roots, imported, workspace.begun):
        return
    if inputs.keys_of(workspace.settings, kind, workspace.fetched) == keys:
        stamps = cache.stamps((*made.records, *made.others), workspace.settings.of(kind.settings).out)
        diagnostics, left_out = outcome.diagnostics, outcome.left_out
        entry = cache.Entry(made.records, made.others, stamps, diagnostics, left_out, made.kept, roots, imported)
        if tree is not None and outcome.target is not None:
            sources = {name: source.digest for name, source in tree.sources.items()}
            surface = outcome.target.surface()
            entry = replace(entry, structure=tree.structure, surface=surface, sources=sources, parts=made.parts)
            cache.keep_tree(keys.tree, tree)
        cache.keep(keys.run, keys.frame, entry)


def made_by(kind: TargetType, workspace: Workspace, choose: Choose | None = None) -> tuple[Files, list[Diagnostic]]:
    """All files of a target, in memory, and its diagnostics."""
    target, out = kind.make(workspace, choose), workspace.settings.of(kind.settings).out
    made = generate(target, workspace, lambda files: files)
    files = {path: content for part in (*made.results, _starters(target, out)) for path, content in part.items()}
    return files, [*made.diagnostics]


def _starters(target: Target, out: Path) -> Files:
    """The starter files that don't exist yet."""
    starters = target.starters()
    return {path: text.encode("utf-8") for path, text in starters if not os.path.lexists(out / path)}


@dataclass(frozen=True, slots=True)
class _Made:
    """The outputs of a run, and those of earlier ones beside them."""

    digests: Mapping[str, str]
    """The digests of all generated files, by path."""
    records: Records
    """The records in the manifest after the run."""
    others: Mapping[str, str]
    """Files that are not in the manifest: the digests of shared files, and an empty one for each starter file."""
    parts: Mapping[str, Sequence[str]]
    """The paths of the files of each named part."""
    orphans: Sequence[str] = ()
    kept: Sequence[str] = ()


@dataclass(frozen=True)
class _Run:
    """What writing and comparing share."""

    workspace: Workspace
    kind: TargetType
    target: Target
    place: Destination
    manifests: Manifests
    is_whole: bool
    progress: Progress
    force: Sequence[Path]
    known: Known | None

    @cached_property
    def before(self) -> Records:
        """The records of earlier runs."""
        return self.manifests.records(self.place.manifest, self.kind.name)

    @cached_property
    def left_out(self) -> LeftOut:
        """The files that did not compile."""
        return LeftOut.of(self.workspace.diagnostics, self.workspace.schema.files)

    @cached_property
    def is_held(self) -> bool:
        """Whether nothing is generated, because some files are kept and would not work with new ones."""
        return self.kind.is_linked and any(map(self.left_out.behind, self.before.values()))

    def make(
        self, handle: Callable[[Files], Result], reuse: Callable[[Mapping[str, str]], Result]
    ) -> Generated[Result]:
        """Generate the parts of the target."""
        if self.is_held:
            return Generated([], [*self.workspace.diagnostics], {})
        return generate(self.target, self.workspace, handle, known=self.known, reuse=reuse, progress=self.progress)

    def made(self, generated: Generated[Compared] | Generated[Staged]) -> _Made:
        """The outputs, given those of the parts."""
        target, place = self.target, self.place
        digests = {path: digest for part in generated.results for path, digest in part.paths.items()}
        others = {path: digests[path] for path in target.shared if path in digests}
        others |= {path: "" for path, _ in target.starters()}
        records = {p: Record(d, self._sources(p)) for p, d in digests.items() if p not in others}
        unmade = sorted(self.before.keys() - digests.keys() - others.keys())
        if not self.is_whole:
            others_too = {path: self.before[path] for path in unmade}
            return _Made(digests, {**others_too, **records}, others, generated.parts)
        if place.home is not None:
            refuse_outside(unmade, place.out, place.home / place.manifest)
        unmade = Comparing(place.out).present(unmade)
        is_kept = self.left_out.may_be_behind
        kept = {path: self.before[path] for path in unmade if self.is_held or is_kept(self.before[path])}
        orphans = [path for path in unmade if path not in kept]
        return _Made(digests, {**records, **kept}, others, generated.parts, orphans, [*kept])

    def _sources(self, path: str) -> tuple[str, ...]:
        """What an output came from; those left out are behind an index though its rows are missing meanwhile."""
        left_out = self.left_out.behind(self.before[path]) if path in self.before else ()
        return tuple(sorted({*self.target.sources(path), *left_out}))

    def foreign(self, made: _Made, paths: Iterable[str]) -> list[str]:
        """Those of the paths that hold something of the user's; none where runs are not recorded."""
        if self.place.home is None:
            return []
        return [path for path in paths if self._owned.is_foreign(path, made.digests.get(path))]

    def refuse_foreign(self, made: _Made, paths: Iterable[str]) -> None:
        """Raise :class:`FilesOfOthers` if the file at one of the paths belongs to the user and is not forced."""
        found = [path for path in self.foreign(made, paths) if not is_among(self.force, self.place.out, path)]
        self._owned.refuse(found, self.kind.name)

    @cached_property
    def _owned(self) -> Ownership:
        return Ownership(self.place.out, self.before, self.target.shared)

    def manifest(self, records: Records) -> dict[str, bytes]:
        """The manifest with these records; empty if runs are not recorded."""
        if self.place.home is None:
            return {}
        return self.manifests.contents(self.place.manifest, self.kind.name, records)

    def outcome(self, written: Written, diagnostics: Sequence[Diagnostic], made: _Made) -> Outcome:
        """The result."""
        return Outcome(written, diagnostics, len(self.workspace.diagnostics), made.kept, target=self.target)


def _write(run: _Run) -> tuple[_Made, Outcome]:
    home = run.place.home or run.place.out
    with Staging(run.place.out) as staging:
        generated = run.make(staging.add, lambda digests: Staged(digests, {}))
        made, parts = run.made(generated), [*generated.results]
        moved = [path for part in parts for path in part.moves]
        run.refuse_foreign(made, [*moved, *made.orphans])
        parts.append(staging.add(_starters(run.target, run.place.out)))
        if moved:  # if the run is killed from here on, some files are old and some are new
            write(run.manifest(either(run.before, made.records)), home)
        written = staging.commit(parts, made.orphans)
    write(run.manifest(made.records), home)
    return made, run.outcome(written, generated.diagnostics, made)


def _compare(run: _Run) -> tuple[_Made, Outcome]:
    generated = run.make(Comparing(run.place.out).add, lambda digests: Compared(digests, []))
    made = run.made(generated)
    found = [difference for part in generated.results for difference in part.differences]
    found += [Difference(path, b"", None) for path in made.orphans]
    edited = set(run.foreign(made, [difference.path for difference in found]))
    found = sorted((replace(d, edited=d.path in edited) for d in found), key=lambda d: d.path)
    before = {path: run.before[path] for path in run.before if path not in made.others}
    stale: Sequence[Difference] = ()
    if run.place.home is not None and not found and not is_current(before, made.records):
        stale = Comparing(run.place.home).add(run.manifest(made.records)).differences
    outcome = run.outcome(Written(0, len(made.digests)), generated.diagnostics, made)
    return made, replace(outcome, differences=found, stale=stale)


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
