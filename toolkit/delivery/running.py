"""The outputs of a run, and what writing and comparing them share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from toolkit.delivery import manifest
from toolkit.delivery.compare import Compared, Comparing, Files
from toolkit.delivery.left_out import LeftOut
from toolkit.delivery.manifest import Manifests, Record, Records
from toolkit.delivery.ownership import Ownership, either, is_among, refuse_outside
from toolkit.delivery.parts import Generated, Known, Progress, generate
from toolkit.delivery.staging import Staged
from toolkit.targets.registry import Part, Target, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.workspace import Workspace

Result = TypeVar("Result")


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


def starters_of(target: Target, out: Path) -> Files:
    """The starter files that don't exist yet."""
    starters = target.starters().items()
    return {path: make().encode("utf-8") for path, make in starters if not os.path.lexists(out / path)}


@dataclass(frozen=True, slots=True)
class Outputs:
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
class Running:
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
    def in_manifest(self) -> Records:
        """The records in the manifest."""
        return self.manifests.records(self.place.manifest, self.kind.name)

    @property
    def before(self) -> Records:
        """The records of earlier runs."""
        return self.in_manifest

    @property
    def parts(self) -> Sequence[Part] | None:
        """The parts to generate; None for all of them."""
        return None

    @property
    def home(self) -> Path:
        """The folder of the manifest."""
        return self.place.home or self.place.out

    @property
    def starters(self) -> Files:
        """The starter files to write."""
        return starters_of(self.target, self.place.out)

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
        known, progress = self.known, self.progress
        return generate(
            self.target, self.workspace, handle, parts=self.parts, known=known, reuse=reuse, progress=progress
        )

    def outputs(self, results: Iterable[Compared | Staged], parts: Mapping[str, Sequence[str]]) -> Outputs:
        """The outputs in the results of parts, without those of earlier runs."""
        digests = {path: digest for part in results for path, digest in part.paths.items()}
        others = {path: digests[path] for path in self.target.shared if path in digests}
        others |= dict.fromkeys(self.target.starters(), "")
        records = {p: Record(d, self._sources(p)) for p, d in digests.items() if p not in others}
        return Outputs(digests, records, others, parts)

    def made(self, generated: Generated[Compared] | Generated[Staged]) -> Outputs:
        """The outputs, given those of the parts."""
        made, place = self.outputs(generated.results, generated.parts), self.place
        digests, records, others = made.digests, made.records, made.others
        unmade = sorted(self.before.keys() - digests.keys() - others.keys())
        if not self.is_whole:
            others_too = {path: self.before[path] for path in unmade}
            return replace(made, records={**others_too, **records})
        if place.home is not None:
            refuse_outside(unmade, place.out, place.home / place.manifest)
        unmade = Comparing(place.out).present(unmade)
        is_kept = self.left_out.may_be_behind
        kept = {path: self.before[path] for path in unmade if self.is_held or is_kept(self.before[path])}
        orphans = [path for path in unmade if path not in kept]
        return replace(made, records={**records, **kept}, orphans=orphans, kept=[*kept])

    def _sources(self, path: str) -> tuple[str, ...]:
        """What an output came from; those left out are behind an index though its rows are missing meanwhile."""
        left_out = self.left_out.behind(self.before[path]) if path in self.before else ()
        return tuple(sorted({*self.target.sources(path), *left_out}))

    def foreign(self, made: Outputs, paths: Iterable[str]) -> list[str]:
        """Those of the paths that hold something of the user's; none where runs are not recorded."""
        if self.place.home is None:
            return []
        return [path for path in paths if self._owned.is_foreign(path, made.digests.get(path))]

    def refuse_foreign(self, made: Outputs, paths: Iterable[str]) -> None:
        """Raise :class:`FilesOfOthers` if the file at one of the paths belongs to the user and is not forced."""
        found = [path for path in self.foreign(made, paths) if not is_among(self.force, self.place.out, path)]
        self._owned.refuse(found, self.kind.name)

    @cached_property
    def _owned(self) -> Ownership:
        return Ownership(self.place.out, self.before, self.target.shared)

    def recorded(self, made: Outputs) -> Records:
        """The records that a check compares."""
        return {path: self.before[path] for path in self.before if path not in made.others}

    def begun(self, made: Outputs) -> Mapping[str, bytes]:
        """The manifest while files are moved into place."""
        return self.manifest(either(self.before, made.records))

    def ended(self, made: Outputs) -> Mapping[str, bytes]:
        """The manifest after the run."""
        return self.manifest(made.records)

    def manifest(self, records: Records) -> dict[str, bytes]:
        """The manifest with these records; empty if runs are not recorded."""
        if self.place.home is None:
            return {}
        return self.manifests.contents(self.place.manifest, self.kind.name, records)
