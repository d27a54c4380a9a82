"""Shards of a run: each makes a share of the files, on any machine, and says in a file of its own what it made.

The shares follow from the input alone: the parts of a target go, heaviest
first, to the shard that has the least to do. ``toolkit merge`` (see
:mod:`toolkit.delivery.merge`) puts the shares together.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from typing import Annotated, Any

import msgspec

from toolkit.delivery import inputs, manifest
from toolkit.delivery.compare import digest
from toolkit.delivery.manifest import Record, Records
from toolkit.descriptors.kept import read_regular
from toolkit.descriptors.paths import is_below
from toolkit.errors import ConfigError, InputError, Location
from toolkit.targets.registry import Part, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.workspace import Workspace

_SHARD = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", re.A)
_FILE = re.compile(rf"{re.escape(manifest.NAME)}\.([1-9][0-9]{{0,3}})-of-([1-9][0-9]{{0,3}})", re.A)


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """One of several runs that share the work."""

    number: int
    """From 1."""
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard that a flag such as ``2/4`` names; raises :class:`ConfigError`."""
        found = _SHARD.fullmatch(text)
        if found is None or int(found[1]) > int(found[2]):
            raise ConfigError(f"{text!r} is not a shard", hint="write NUMBER/COUNT, such as 1/4, 2/4, 3/4 and 4/4")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def is_first(self) -> bool:
        """Whether files that belong to no part are in this share."""
        return self.number == 1

    @property
    def file(self) -> str:
        """The name of the file that says what the shard made."""
        return f"{manifest.NAME}.{self.number}-of-{self.count}"

    def share(self, weights: Sequence[int]) -> list[int]:
        """Which of some items with these weights are in this share."""
        loads = [0] * self.count
        mine = []
        for at in sorted(range(len(weights)), key=lambda at: -weights[at]):
            least = loads.index(min(loads))
            loads[least] += max(1, weights[at])
            if least == self.number - 1:
                mine.append(at)
        return sorted(mine)


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a shard made of a target."""

    out: str
    """The output directory, relative to the folder of the shard's file."""
    manifest: str | None
    """The manifest that records the files; None if none does."""
    input: str
    """Hash of what the target is made from, the same for all shards."""
    is_whole: bool
    """Whether nothing was chosen, so that files that no shard made are orphans."""
    records: dict[str, Annotated[list[str], msgspec.Meta(min_length=1)]]
    """The records of the files for the manifest, as JSON."""
    shared: dict[str, str]
    """Digests of the user's files of which a part is generated."""
    starters: dict[str, str]
    """Digests of starter files, as far as they are what they started with."""
    beside: dict[str, str]
    """Digests of files that were written because this shard needs them, but which belong to others."""
    held: list[str]
    """Paths in the manifest that are kept, since the files that they come from don't compile."""

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file in the share except starter files, by path."""
        return {**{path: record[0] for path, record in self.records.items()}, **self.shared}

    @property
    def written(self) -> Records:
        """What the toolkit wrote, whichever shard it belongs to."""
        return {path: Record(found) for path, found in {**self.beside, **self.digests}.items()}


class Html(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The HTML that a shard made of a site."""

    config: str
    """The mkdocs.yml, relative to the folder of the shard's file."""
    site_dir: str
    """The directory of the HTML, likewise."""
    input: str
    """Hash of the configuration and of all pages, the same for all shards."""
    pages: dict[str, tuple[int, str, str]]
    """By source: the pages, each with its place among all pages, its address and the path of its HTML."""
    files: dict[str, str]
    """The digest of each file in the share, relative to ``site_dir``."""
    anchors: list[tuple[str, str, str]]
    """Links to anchors in pages of other shards: the source, the source of the other page, and the anchor."""
    search: str = ""
    """The digest of this share of the search index; empty if the site has none."""


class ShardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file of a shard."""

    targets: dict[str, Made] = {}
    html: Html | None = None


def read(folder: Path, shard: Shard) -> ShardFile:
    """The file of a shard in a folder; empty if there is none. :class:`ConfigError` if it is damaged or a link."""
    path = folder / shard.file
    try:
        content = b"" if path.is_symlink() else path.read_bytes()
        return msgspec.json.decode(content, type=ShardFile)
    except FileNotFoundError:
        return ShardFile()
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        reason = "it is a symbolic link" if path.is_symlink() else str(error)
        hint = f"remove it, and run the shard again: --shard {shard}"
        raise ConfigError(f"not the file of a shard: {reason}", location=Location(str(path)), hint=hint) from None


def found_in(folder: Path) -> list[Shard]:
    """The shards that have a file in a folder."""
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise InputError(f"cannot read {str(folder)!r}: {error.strerror}") from None
    return sorted(Shard(int(name[1]), int(name[2])) for name in map(_FILE.fullmatch, names) if name)


def dumped(file: ShardFile) -> bytes:
    """The content of the file of a shard."""
    return msgspec.json.format(msgspec.json.encode(file, order="sorted"), indent=1) + b"\n"


def folder_of(settings: Settings, target: TargetType) -> Path:
    """Where the file of a shard is: beside toolkit.toml, or in the directory that ``--out`` names."""
    if target.name in settings.elsewhere:
        return settings.of(target.settings).out
    return settings.file.parent if settings.file is not None else Path()


def below(folder: Path, path: Path, what: str) -> str:
    """A path relative to the folder of a shard's file; :class:`ConfigError` if it is not in it."""
    if not is_below(path, folder):
        hint = f"the shards are merged by folder: choose a directory below {os.path.abspath(folder)}"
        raise ConfigError(f"with --shard, {what} {str(path)!r} must be in the folder of toolkit.toml", hint=hint)
    return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(folder))).as_posix()


def input_of(workspace: Workspace, target: TargetType, parts: Sequence[Part]) -> str:
    """A hash of what decides the output of a target, except for the machine and where its directories are."""
    settings = workspace.settings
    sections = {**settings.sections}
    if target.name in settings.elsewhere:
        sections[target.settings] = dataclasses.replace(settings.of(target.settings), out=Path())
    chosen = [settings.common, *(sections[key] for key in sorted(sections, key=str))]
    said: list[Any] = [target.name, versions("proto-toolkit"), [_plain(section, settings) for section in chosen]]
    said.append([(part.name, part.weight) for part in parts])
    own = os.path.realpath(settings.of(target.settings).out)
    is_tree = workspace.compiled is None and settings.common.descriptor_set is None
    for name, path in inputs.files_of(settings, target, protos=is_tree):
        if not is_below(path, Path(own)):  # what is in there, other shards may have written
            said.append((name, digest(read_regular(path))))
    said += map(digest, inputs.answers_of(workspace, target))
    if is_tree:
        said.append(sorted(inputs.imported(workspace)[1].items()))
    else:
        said.append(hashlib.sha256(workspace.compilation.descriptor_set).hexdigest())
    return hashlib.blake2b(json.dumps(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def versions(*packages: str) -> list[tuple[str, str]]:
    """The versions of packages that are installed."""
    found = []
    for name in packages:
        with suppress(PackageNotFoundError):
            found.append((name, version(name)))
    return found


def _plain(value: Any, settings: Settings) -> Any:
    """A value of a setting as JSON; a path is what it is relative to the settings, or only its name."""
    if isinstance(value, PurePath):
        home = settings.file.parent if settings.file is not None else Path()
        path = Path(value)
        return Path(os.path.relpath(path, home)).as_posix() if is_below(path, home) else path.name
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name), settings) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return [[str(key), _plain(found, settings)] for key, found in value.items()]
    if isinstance(value, (tuple, list, frozenset, set)):
        found = [_plain(item, settings) for item in value]
        return found if isinstance(value, (tuple, list)) else sorted(found, key=str)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def joined(*found: Records) -> Records:
    """Records under which a file belongs to the toolkit if it has the content that any of them says."""
    paths: dict[str, Record] = {}
    for records in found:
        for path, record in records.items():
            known = paths.get(path)
            if known is None or not record.digest or not known.digest:
                paths.setdefault(path, record)
                continue
            digests = dict.fromkeys((*known.digest.split(), *record.digest.split()))
            paths[path] = Record(" ".join(digests), known.sources)
    return paths
