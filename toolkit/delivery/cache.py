"""The run cache: if the inputs of a run are known and its outputs are on disk, nothing has to be generated.

The key of an entry is a hash of all inputs that are known in advance (see
:mod:`toolkit.delivery.inputs`). The entry contains a digest of every output and
of every other file that was imported, and the diagnostics. It is in the user's
cache directory, is written atomically, and is a miss if it is damaged. If only
comments changed since the last run with the same frame, its entry says which
parts those can't reach (see :mod:`toolkit.delivery.parts`), and the tree that
it compiled has the descriptors of all other files.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from toolkit.delivery.compare import digest
from toolkit.delivery.inputs import digests as input_digests
from toolkit.delivery.manifest import Records, listed, records_of
from toolkit.descriptors.kept import KeptTree, read_kept, read_regular, write_kept
from toolkit.descriptors.roots import Root
from toolkit.errors import Diagnostic, InputError, Location, OutputError, ToolkitError

_MOST = 200
"""Entries to keep; the oldest are removed first."""
_MOST_TREES = 10
"""Trees to keep."""

Stamp = tuple[int, int, int, int]
"""Size, inode, mtime and ctime in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The outputs of a run."""

    records: Records
    """The records in the manifest; if something was chosen, only those of its files."""
    others: Mapping[str, str]
    """Path → digest of files that are not in the manifest; empty if any content is fine."""
    stamps: Mapping[str, Stamp]
    """The stamps of the files when they last had this content."""
    diagnostics: Sequence[Diagnostic]
    left_out: int
    """Files that did not compile."""
    kept: Sequence[str]
    """Earlier outputs of such files; they are among the records."""

    roots: Sequence[Root] = ()
    """The directories in which imports were searched."""
    imported: Mapping[str, str | None] = field(default_factory=dict)
    """What else was imported: name → digest, or None if it was not found."""
    structure: str = ""
    """The structure of the tree; empty if not all of it compiled."""
    surface: str = ""
    """What all parts of the target depend on besides the structure."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The .proto files that protoc read: name → digest."""
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The paths of the files of each named part."""

    def is_in(self, manifest: Records, *, is_whole: bool) -> bool:
        """Whether a run would leave the records in a manifest as they are; a whole run also removes others."""
        return manifest == self.records if is_whole else self.records.items() <= manifest.items()

    @property
    def digests(self) -> Mapping[str, str]:
        """Path → digest of the content, for all files."""
        return {path: record.digest for path, record in self.records.items()} | dict(self.others)

    @property
    def unchanged(self) -> int:
        """The number of files that a run generates."""
        return len(self.records) + sum(map(bool, self.others.values())) - len(self.kept)


def folder() -> Path:
    """The directory of caches and locks: the user's, or if that can't be used, a temporary one.

    Nobody else may be able to write in it: a planted entry would pass a check,
    and a planted lock would make runs wait. Raises :class:`OutputError` if
    there is no such directory.
    """
    user = os.getuid() if hasattr(os, "getuid") else ""
    ours = user_cache_path("proto-toolkit", appauthor=False)
    for candidate in (ours, Path(tempfile.gettempdir()) / f"proto-toolkit-{user}"):
        with suppress(OSError):
            candidate.parent.mkdir(parents=True, exist_ok=True)
            candidate.mkdir(mode=0o700, exist_ok=True)
            found = candidate.lstat()
            if stat.S_ISDIR(found.st_mode) and user in ("", found.st_uid):
                if stat.S_IMODE(found.st_mode) != 0o700:
                    candidate.chmod(0o700)
                for name in ("runs", "locks", "last", "trees"):
                    (candidate / name).mkdir(exist_ok=True)
                return candidate
    raise OutputError("cannot create a cache directory", hint="set XDG_CACHE_HOME to a writable directory of your own")


def clear() -> int:
    """Remove every entry, and return their number."""
    top = folder()
    count = len(os.listdir(top / "runs"))
    for name in ("runs", "last", "trees"):
        shutil.rmtree(top / name, ignore_errors=True)
    return count


def last(frame: str) -> Entry | None:
    """The entry of the last run with the same inputs except for .proto files, or None."""
    with suppress(OSError, ToolkitError, UnicodeDecodeError):
        return find(read_regular(folder() / "last" / frame).decode())
    return None


def tree(key: str) -> KeptTree | None:
    """The tree of an earlier run, or None."""
    try:
        return read_kept(folder() / "trees" / key)
    except OutputError:
        return None


def keep_tree(key: str, kept: KeptTree) -> None:
    """Write a tree, if possible."""
    with suppress(OSError, OutputError, UnicodeEncodeError):
        trees = folder() / "trees"
        write_kept(trees / key, kept)
        _prune(trees, _MOST_TREES)


def find(key: str | None) -> Entry | None:
    """The entry with this key, or None."""
    if key is None:
        return None
    try:
        content = json.loads(read_regular(folder() / "runs" / key))
        diagnostics = [Diagnostic(Location(*location), *texts) for location, *texts in content["problems"]]
        others = {str(path): str(digest) for path, digest in content["others"].items()}
        stamps = {str(path): (int(a), int(b), int(c), int(d)) for path, (a, b, c, d) in content["stamps"].items()}
        roots, kept = [Root.parse(str(root)) for root in content["roots"]], [str(path) for path in content["kept"]]
        records, left_out = records_of(content["records"]), int(content["left_out"])
        sources = {str(name): str(digest) for name, digest in content["sources"].items()}
        parts = {str(name): list(map(str, paths)) for name, paths in content["parts"].items()}
        known = (dict(content["imported"]), str(content["structure"]), str(content["surface"]), sources, parts)
        return Entry(records, others, stamps, diagnostics, left_out, kept, roots, *known)
    except (OSError, ToolkitError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def keep(key: str, frame: str, entry: Entry) -> None:
    """Write an entry, if possible."""
    content = {
        "records": {path: listed(record) for path, record in entry.records.items()},
        "others": dict(entry.others),
        "stamps": dict(entry.stamps),
        "problems": [[astuple(p.location), p.message, p.hint, p.cause] for p in entry.diagnostics],
        "left_out": entry.left_out,
        "kept": list(entry.kept),
        "roots": list(map(str, entry.roots)),
        "imported": dict(entry.imported),
        "structure": entry.structure,
        "surface": entry.surface,
        "sources": dict(entry.sources),
        "parts": {name: list(paths) for name, paths in entry.parts.items()},
    }
    with suppress(OSError, OutputError, UnicodeEncodeError):
        top = folder()
        _replace(top / "runs" / key, json.dumps(content).encode("utf-8"))
        _replace(top / "last" / frame, key.encode("utf-8"))
        _prune(top / "runs", _MOST)
        _prune(top / "last", _MOST)


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with open(handle, "wb") as file:
        file.write(content)
    os.replace(temporary, path)


def _prune(runs: Path, most: int) -> None:
    """Remove the oldest files of a directory, and those that were never finished."""
    entries = []
    for name in os.listdir(runs):
        with suppress(OSError):  # another run may be pruning, too
            entries.append((os.stat(runs / name).st_mtime, name))
    finished = sorted(entry for entry in entries if not entry[1].startswith("."))
    abandoned = [entry for entry in entries if entry[1].startswith(".") and entry[0] < time.time() - 3600]
    for _, name in [*finished[:-most], *abandoned]:
        with suppress(OSError):
            os.unlink(runs / name)


def stamp_of(path: str) -> Stamp | None:
    """The stamp of a file, which changes whenever the file is touched; None if it does not exist."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return (found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def holds(entry: Entry, top: Path) -> bool:
    """Whether every output and import is unchanged on disk; only outputs that were touched since are read."""
    try:
        if input_digests(entry.imported, entry.roots) != entry.imported:
            return False
    except (OSError, InputError):
        return False
    return holds_files(entry.digests, entry.stamps, top)


def holds_files(digests: Mapping[str, str], stamps: Mapping[str, Stamp], top: Path) -> bool:
    """Whether files on disk have these digests; only those that were touched since are read."""
    root = os.path.realpath(top)
    for path, expected in digests.items():
        target = os.path.join(root, path)
        stamp = stamp_of(target)
        if stamp is None or (expected and os.path.islink(target)):
            return False
        if expected and stamps.get(path) != stamp:
            try:
                with open(target, "rb") as file:
                    content = file.read()
                if digest(content) != expected or b"\r\n" in content:  # the digest ignores line endings
                    return False
            except OSError:
                return False
    return True


def stamps(paths: Iterable[str], top: Path) -> dict[str, Stamp]:
    """The stamps of files in a directory."""
    root = os.path.realpath(top)
    found = {path: stamp_of(os.path.join(root, path)) for path in paths}
    return {path: stamp for path, stamp in found.items() if stamp is not None}
