"""A run that makes only the share of a shard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from toolkit.delivery import manifest, shards
from toolkit.delivery.compare import Compared, Files, digests_of, holds
from toolkit.delivery.manifest import Records, records_of
from toolkit.delivery.ownership import either
from toolkit.delivery.parts import Generated
from toolkit.delivery.running import Outputs, Running
from toolkit.delivery.shards import Made, Shard, ShardFile
from toolkit.delivery.staging import Staged
from toolkit.targets.registry import Part


@dataclass(frozen=True)
class Share(Running):
    """A run that makes only a share of the files, and says so in a file of its own instead of the manifest."""

    shard: Shard
    needs_all: bool

    @cached_property
    def all_parts(self) -> Sequence[Part]:
        """All parts, of all shards."""
        return self.target.parts()

    @cached_property
    def mine(self) -> Sequence[int]:
        """Which of them are in the share."""
        return self.shard.share([part.weight for part in self.all_parts])

    @cached_property
    def file(self) -> ShardFile:
        """What the shard made earlier."""
        return shards.read(self.home, self.shard)

    @property
    def earlier(self) -> Made | None:
        """What it made earlier of this target."""
        return self.file.targets.get(self.kind.name)

    @cached_property
    def before(self) -> Records:
        """The records of earlier runs, the shard's own among them."""
        return shards.joined(self.in_manifest, self.earlier.written if self.earlier is not None else {})

    @property
    def parts(self) -> Sequence[Part]:
        """The parts to generate."""
        return self.all_parts if self.needs_all else [self.all_parts[at] for at in self.mine]

    @property
    def home(self) -> Path:
        """The folder of the file of the shard."""
        return shards.folder_of(self.workspace.settings, self.kind)

    @property
    def starters(self) -> Files:
        """The starter files to write."""
        return super().starters if self.shard.is_first or self.needs_all else {}

    def made(self, generated: Generated[Compared] | Generated[Staged]) -> Outputs:
        """The share; the digests are those of all files that are written. Only a merge finds orphans."""
        results = generated.results
        share = [results[at] for at in self.mine] if self.needs_all and results else results
        return replace(self.outputs(share, generated.parts), digests=self.outputs(results, {}).digests)

    def recorded(self, made: Outputs) -> Records:
        """What the manifest or the shard's own file says of the share."""
        found = {path: self.in_manifest[path] for path in made.records if path in self.in_manifest}
        own = records_of(self.earlier.records) if self.earlier is not None else {}
        return {**found, **{path: own[path] for path in own if own[path] == made.records.get(path)}}

    def manifest(self, records: Records) -> dict[str, bytes]:
        """The manifest if these records were merged."""
        return super().manifest({**self.in_manifest, **records})

    def begun(self, made: Outputs) -> Mapping[str, bytes]:
        """The file of the shard while files are moved into place."""
        return self._file(made, either({p: self.before[p] for p in made.records if p in self.before}, made.records))

    def ended(self, made: Outputs) -> Mapping[str, bytes]:
        """The file of the shard after the run."""
        return self._file(made, made.records)

    def _file(self, made: Outputs, records: Records) -> Mapping[str, bytes]:
        out, is_kept = self.place.out, self.left_out.may_be_behind
        shared = {path: found for path, found in made.others.items() if found}
        starters = self.target.starters() if self.shard.is_first else {}
        contents = {path: make().encode("utf-8") for path, make in starters.items()}
        entry = Made(
            out=shards.below(self.home, out, "the output directory"),
            manifest=self.place.manifest if self.place.home is not None else None,
            input=shards.input_of(self.workspace, self.kind, self.all_parts),
            is_whole=self.is_whole,
            records={path: manifest.listed(record) for path, record in records.items()},
            shared=shared,
            starters=digests_of({path: text for path, text in contents.items() if holds(str(out / path), text)}),
            beside={path: found for path, found in made.digests.items() if path not in records and path not in shared},
            held=[path for path, record in sorted(self.in_manifest.items()) if self.is_held or is_kept(record)],
        )
        targets = {**self.file.targets, self.kind.name: entry}
        return {self.shard.file: shards.dumped(ShardFile(targets, self.file.html))}
