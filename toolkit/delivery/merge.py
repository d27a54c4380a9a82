"""Puts together what shards made, as one run would have written it.

Nothing in the folders of the shards is trusted: every path must be below its
directory, and every content must have the digest that the shard's file says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from toolkit.delivery import manifest, shards
from toolkit.delivery.compare import Comparing, Files, digest, targets_of
from toolkit.delivery.drift import from_here
from toolkit.delivery.manifest import Manifests, Records, records_of
from toolkit.delivery.ownership import Ownership, either, is_among, refuse_outside
from toolkit.delivery.shards import Made, Shard, ShardFile
from toolkit.delivery.staging import Staged, Staging, Written, write
from toolkit.errors import ConfigError, InputError, Location, OutputError

AGAIN = "run every shard again, from the same commit and with the same flags"


@dataclass(frozen=True, slots=True)
class Source:
    """What a shard handed over."""

    folder: Path
    shard: Shard
    file: ShardFile

    @property
    def path(self) -> Path:
        """The file of the shard."""
        return self.folder / self.shard.file

    def read(self, out: str, digests: Mapping[str, str]) -> Files:
        """The contents of files in a directory of the shard; :class:`InputError` unless they are what it made."""
        top = os.path.realpath(self.directory(out))
        try:
            targets = targets_of(digests, top)
        except OutputError:
            raise ConfigError(
                "a path leads out of the folder of the shard", location=Location(str(self.path))
            ) from None
        return {path: self._content(target, digests[path]) for path, target in targets.items()}

    def directory(self, out: str) -> Path:
        """A directory of the shard; :class:`ConfigError` if it is not in its folder."""
        return directory(self.folder, out, self.path)

    def _content(self, target: str, expected: str) -> bytes:
        try:
            if stat.S_ISREG(os.lstat(target).st_mode):
                content = Path(target).read_bytes()
                if digest(content) == expected:
                    return content
            reason = "is not what the shard made"
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
        hint = f"hand over all files of shard {self.shard} unchanged, or run it again"
        raise InputError(f"{from_here(Path(target)).as_posix()} {reason}", hint=hint)


def directory(folder: Path, out: str, said_in: Path) -> Path:
    """A directory that the file of a shard names; :class:`ConfigError` if it is not below a folder."""
    path = folder / out
    if os.path.isabs(out) or "\0" in out or not _is_below(os.path.realpath(path), os.path.realpath(folder)):
        raise ConfigError(f"{out!r} leads out of the folder of the shard", location=Location(str(said_in)))
    return path


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def sources(folders: Iterable[Path]) -> list[Source]:
    """All shards of a run in some folders, by number; :class:`InputError` if one is missing or does not fit."""
    found: dict[Shard, Source] = {}
    for folder in dict.fromkeys(map(Path, map(os.path.normpath, folders))):
        here = shards.found_in(folder)
        if not here:
            hint = "name the folders that have what `toolkit generate --shard` or `toolkit build --shard` made"
            raise InputError(f"there is no {manifest.NAME}.1-of-2 or the like in {str(folder)!r}", hint=hint)
        for shard in here:
            source = Source(folder, shard, shards.read(folder, shard))
            if shard in found:
                raise InputError(
                    f"shard {shard} is there twice: {found[shard].path} and {source.path}", hint="name each shard once"
                )
            found[shard] = source
    counts = sorted({shard.count for shard in found})
    if len(counts) > 1:
        one, other = (next(s for s in found.values() if s.shard.count == count) for count in counts[:2])
        said = f"{one.path} is one of {counts[0]} shards, but {other.path} one of {counts[1]}"
        raise InputError(said, hint="remove the files of the shards that do not belong to this run")
    missing = [str(shard) for number in range(1, counts[0] + 1) if (shard := Shard(number, counts[0])) not in found]
    if missing:
        hint = f"run it with --shard {missing[0]}, or name the folder that it is in"
        raise InputError(f"missing: shard {', '.join(missing)}", hint=hint)
    return [found[shard] for shard in sorted(found)]


@dataclass(frozen=True)
class _Merge:
    """A target of all shards."""

    name: str
    sources: Sequence[Source]
    home: Path
    force: Sequence[Path]

    @cached_property
    def shares(self) -> Sequence[Made]:
        """What each shard made; :class:`InputError` if they are not shares of the same."""
        found = []
        for source in self.sources:
            if self.name not in source.file.targets:
                hint = f"run: toolkit generate {self.name} --shard {source.shard}"
                raise InputError(f"shard {source.shard} did not make {self.name}", hint=hint)
            found.append(source.file.targets[self.name])
        for source, share in zip(self.sources, found, strict=True):
            both = f"shards {self.sources[0].shard} and {source.shard}"
            if share.input != found[0].input:
                raise InputError(f"{both} did not make {self.name} from the same input", hint=AGAIN)
            if (share.out, share.manifest, share.is_whole) != (found[0].out, found[0].manifest, found[0].is_whole):
                raise InputError(f"{both} did not make {self.name} with the same settings", hint=AGAIN)
        return found

    @property
    def first(self) -> Made:
        """What the first shard made; its settings are those of all."""
        return self.shares[0]

    @cached_property
    def out(self) -> Path:
        """Where the files belong."""
        return directory(self.home, self.first.out, self.sources[0].path)

    @cached_property
    def records(self) -> Records:
        """The records of all shards; :class:`InputError` if two made the same file differently."""
        owners: dict[str, tuple[Source, str]] = {}
        found: dict[str, list[str]] = {}
        for source, share in zip(self.sources, self.shares, strict=True):
            for path, made in {**share.digests, **share.starters}.items():
                owner, other = owners.setdefault(path, (source, made))
                if other != made:
                    said = f"shards {owner.shard} and {source.shard} made different files {path!r} of {self.name}"
                    raise InputError(said, hint=AGAIN)
            found |= share.records
        return records_of(found)

    @cached_property
    def shared(self) -> Mapping[str, str]:
        """The user's files of which a part is generated."""
        return {path: made for share in self.shares for path, made in share.shared.items()}

    def read(self) -> list[Files]:
        """The contents of each share."""
        self.records  # noqa: B018
        out = self.first.out
        read = [source.read(out, share.digests) for source, share in zip(self.sources, self.shares, strict=True)]
        for source, share in zip(self.sources, self.shares, strict=True):
            new = {path: made for path, made in share.starters.items() if not os.path.lexists(self.out / path)}
            read.append(source.read(out, new))
        return read

    @cached_property
    def before(self) -> Records:
        """The records of earlier runs."""
        if self.first.manifest is None:
            return {}
        if self.first.manifest not in (manifest.NAME, manifest.LOCAL):
            location = Location(str(self.sources[0].path))
            raise ConfigError(f"{self.first.manifest!r} is not a manifest", location=location)
        return Manifests.read(self.home).records(self.first.manifest, self.name)

    @cached_property
    def unmade(self) -> Sequence[str]:
        """The files of earlier runs that no shard made."""
        unmade = sorted(self.before.keys() - self.records.keys() - self.shared.keys())
        if unmade and self.first.is_whole:
            refuse_outside(unmade, self.out, self.home / str(self.first.manifest))
            return Comparing(self.out).present(unmade)
        return unmade

    @cached_property
    def kept(self) -> Records:
        """The records of earlier runs that remain."""
        held = {path for share in self.shares for path in share.held}
        return {path: self.before[path] for path in self.unmade if path in held or not self.first.is_whole}

    def stage(self, read: Sequence[Files], staging: Staging) -> tuple[list[Staged], list[str]]:
        """Stage the new files; with the orphans to remove. Raises if a file would be lost that is not the toolkit's."""
        staged = [staging.add(files) for files in read]
        orphans = [path for path in self.unmade if path not in self.kept]
        if self.first.manifest is not None:
            moved = [path for part in staged for path in part.moves]
            digests = {path: made for part in staged for path, made in part.paths.items()}
            owned = Ownership(self.out, self._owned, self.shared)
            lost = [path for path in (*moved, *orphans) if owned.is_foreign(path, digests.get(path))]
            owned.refuse(
                [path for path in lost if not is_among(self.force, self.out, path)], self.name, "toolkit merge"
            )
        return staged, orphans

    @property
    def _owned(self) -> Records:
        """What the toolkit wrote here: also what a shard did."""
        here = [s for s in self.sources if os.path.realpath(s.folder) == os.path.realpath(self.home)]
        return shards.joined(self.before, *(source.file.targets[self.name].written for source in here))

    def manifest(self, *, is_done: bool) -> dict[str, bytes]:
        """The manifest after the merge, or while files are moved into place."""
        if self.first.manifest is None:
            return {}
        records = {**self.records, **self.kept}
        records = records if is_done else {**either(self.before, records)}
        return Manifests.read(self.home).contents(self.first.manifest, self.name, records)


def merge(found: Sequence[Source], home: Path, force: Sequence[Path] = ()) -> dict[str, tuple[Path, Written]]:
    """Write what all shards made into a folder, and remove orphans; for each target its directory and what was done.

    Raises :class:`InputError` if the shards don't fit together, and
    :class:`FilesOfOthers` if a file would be lost, before anything is written.
    """
    names = dict.fromkeys(name for source in found for name in source.file.targets)
    merges = [_Merge(name, found, home, force) for name in names]
    reads = [one.read() for one in merges]  # everything is checked before the first directory is made
    done = {}
    with ExitStack() as stack:
        stagings = [stack.enter_context(Staging(one.out)) for one in merges]
        plans = [one.stage(read, staging) for one, read, staging in zip(merges, reads, stagings, strict=True)]
        for one, (staged, orphans), staging in zip(merges, plans, stagings, strict=True):
            if any(part.moves for part in staged):
                write(one.manifest(is_done=False), home)
            done[one.name] = one.out, staging.commit(staged, orphans)
            write(one.manifest(is_done=True), home)
    return done


def remove_files(found: Sequence[Source], home: Path) -> None:
    """Remove the files of shards from the folder that now has everything."""
    for source in found:
        if os.path.realpath(source.folder) == os.path.realpath(home):
            source.path.unlink(missing_ok=True)
