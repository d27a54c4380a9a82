"""A run of a target: generates its files, then writes them or compares them with the disk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from toolkit.delivery import cache, inputs
from toolkit.delivery.compare import Compared, Comparing, Difference
from toolkit.delivery.locking import alone
from toolkit.delivery.manifest import Manifests, Records, is_current
from toolkit.delivery.parts import Known, Progress
from toolkit.delivery.running import Destination, Outputs, Running
from toolkit.delivery.shards import Shard
from toolkit.delivery.share import Share
from toolkit.delivery.staging import Staged, Staging, Written, write
from toolkit.errors import Diagnostic, ToolkitError
from toolkit.targets.registry import Names, Target, TargetType
from toolkit.targets.workspace import Workspace


class Mode(StrEnum):
    """What to do with the files."""

    WRITE = "write"
    CHECK = "check"


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
    choose: Names | None = None,
    *,
    progress: Progress = lambda total: nullcontext(lambda done: None),
    cached: bool = True,
    force: Sequence[Path] = (),
    shard: Shard | None = None,
    needs_all: bool = False,
) -> Outcome:
    """Generate the files of a target, for all or for chosen services, and write them or compare them with the disk.

    Orphans are files in the manifest that are no longer generated; a run for
    chosen services or a shard finds none. With ``cached``, nothing is generated
    if the outputs are in the cache and unchanged on disk; those of shards never are. A shard that ``needs_all``
    files writes them, but hands over its share. Raises :class:`FilesOfOthers`
    if a file would be lost that was edited or written by others, and is not ``force``d.
    """
    place = Destination.of(workspace.settings, kind)
    workspace.begun  # noqa: B018
    names = choose.names if choose is not None else ()
    keys = _keys(workspace, kind, names) if cached and not shard else None
    with alone(place.home or place.out) if mode is Mode.WRITE else nullcontext():
        manifests = Manifests.read(place.home)
        before = manifests.records(place.manifest, kind.name)
        if (known := _cached(keys, place, before, choose is None)) is not None:
            return known
        workspace.start(cache.tree(keys.tree) if keys else None)
        target = kind.make(workspace, choose)
        parts = Known.of(cache.last(keys.frame) if keys else None, workspace, target, place.out)
        common = (workspace, kind, target, place, manifests, choose is None, progress, force, parts)
        one = Running(*common) if shard is None else Share(*common, shard, needs_all)
        made, outcome = (_write if mode is Mode.WRITE else _compare)(one)
    if keys is not None and not outcome.differences and not outcome.stale:
        with suppress(OSError, ToolkitError):  # an input is gone
            _keep(workspace, kind, keys, made, outcome, names)
    return outcome


def _keys(workspace: Workspace, kind: TargetType, names: Sequence[str]) -> inputs.Keys | None:
    answers = () if names else inputs.answers_of(workspace, kind)  # what is named is made without other versions
    return inputs.keys_of(workspace.settings, kind, workspace.fetched, names, answers)


def _cached(keys: inputs.Keys | None, place: Destination, before: Records, is_whole: bool) -> Outcome | None:
    """The outcome of a run in the cache; None if there is none, or its outputs are not as it left them."""
    entry = cache.find(keys.run) if keys else None
    if entry is None or not (place.home is None or entry.is_in(before, is_whole=is_whole)):
        return None
    if not cache.holds(entry, place.out):
        return None
    return Outcome(Written(0, entry.unchanged), entry.diagnostics, entry.left_out, entry.kept)


def _keep(
    workspace: Workspace, kind: TargetType, keys: inputs.Keys, made: Outputs, outcome: Outcome, names: Sequence[str]
) -> None:
    """Write a cache entry, unless an input changed during the run: the output may be that of either version."""
    roots, imported = inputs.imported(workspace)
    tree = workspace.kept
    if not inputs.is_untouched(workspace.settings, kind, roots, imported, workspace.begun):
        return
    if _keys(workspace, kind, names) == keys:
        records = {path: made.records[path] for path in made.records if path in made.digests} if names else made.records
        stamps = cache.stamps((*records, *made.others), workspace.settings.of(kind.settings).out)
        diagnostics, left_out = outcome.diagnostics, outcome.left_out
        entry = cache.Entry(records, made.others, stamps, diagnostics, left_out, made.kept, roots, imported)
        if tree is not None and outcome.target is not None:
            sources = {name: source.digest for name, source in tree.sources.items()}
            surface = outcome.target.surface()
            entry = replace(entry, structure=tree.structure, surface=surface, sources=sources, parts=made.parts)
            cache.keep_tree(keys.tree, tree)
        cache.keep(keys.run, keys.frame, entry)


def _write(run: Running) -> tuple[Outputs, Outcome]:
    with Staging(run.place.out) as staging:
        generated = run.make(staging.add, lambda digests: Staged(digests, {}))
        made, parts = run.made(generated), [*generated.results]
        moved = [path for part in parts for path in part.moves]
        run.refuse_foreign(made, [*moved, *made.orphans])
        parts.append(staging.add(run.starters))
        if moved:  # if the run is killed from here on, some files are old and some are new
            write(run.begun(made), run.home)
        written = staging.commit(parts, made.orphans)
    write(run.ended(made), run.home)
    return made, _outcome(run, written, generated.diagnostics, made)


def _compare(run: Running) -> tuple[Outputs, Outcome]:
    generated = run.make(Comparing(run.place.out).add, lambda digests: Compared(digests, []))
    made = run.made(generated)
    found = [difference for part in generated.results for difference in part.differences]
    found += [Difference(path, b"", None) for path in made.orphans]
    edited = set(run.foreign(made, [difference.path for difference in found]))
    found = sorted((replace(d, edited=d.path in edited) for d in found), key=lambda d: d.path)
    stale: Sequence[Difference] = ()
    if run.place.home is not None and not found and not is_current(run.recorded(made), made.records):
        stale = Comparing(run.place.home).add(run.manifest(made.records)).differences
    outcome = _outcome(run, Written(0, len(made.digests)), generated.diagnostics, made)
    return made, replace(outcome, differences=found, stale=stale)


def _outcome(run: Running, written: Written, diagnostics: Sequence[Diagnostic], made: Outputs) -> Outcome:
    return Outcome(written, diagnostics, len(run.workspace.diagnostics), made.kept, target=run.target)
