"""What runs came to, by what went into them: a run whose outputs are known and on disk need not be made again.

An entry is named by a hash of everything that a target is made of: the .proto
files, the catalog, rules, templates, settings, and the toolkit itself. It
holds a digest of every output and what was found on the way. It lies in the
user's cache folder, is written in one step, and is a miss where it is damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from platformdirs import user_cache_path

from toolkit.delivery.compare import digest
from toolkit.descriptors.compile import bundled_roots, find_files
from toolkit.errors import Diagnostic, Location, OutputError, ToolkitError
from toolkit.targets.registry import TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.templates import built_in_templates

_MOST = 200
"""Entries that are kept; the oldest go first."""

Stamp = tuple[int, int, int, int]
"""Size, inode, and the times of the last change of content and of anything, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The outputs of a run."""

    digests: Mapping[str, str]
    """Path → digest of the content."""
    stamps: Mapping[str, Stamp]
    """The files as they were when they last had this content."""
    diagnostics: Sequence[Diagnostic]
    left_out: int
    """Files that did not compile."""


def folder() -> Path:
    """Where caches and locks are; in the temporary folder where the user's own cannot be written to."""
    for candidate in (user_cache_path("proto-toolkit", appauthor=False), Path(tempfile.gettempdir()) / "proto-toolkit"):
        with suppress(OSError):
            for name in ("runs", "locks"):
                (candidate / name).mkdir(parents=True, exist_ok=True)
            return candidate
    raise OutputError("no cache folder can be made", hint="set XDG_CACHE_HOME to a folder that can be written to")


def clear() -> int:
    """Remove every entry; how many there were."""
    runs = folder() / "runs"
    count = len(os.listdir(runs))
    shutil.rmtree(runs, ignore_errors=True)
    return count


def key_of(settings: Settings, target: TargetType) -> str | None:
    """The name of the entry for a run with these settings; None where the inputs cannot be known beforehand."""
    common = settings.common
    if str(common.descriptor_set) == "-" or not target.is_cacheable:
        return None
    hashed = hashlib.blake2b(digest_size=20)
    # All settings: that one of them does not matter to a target costs a run, that one is forgotten a wrong answer.
    said = [target.name, os.path.realpath(settings.of(target.settings).out), sys.version, os.getcwd(), repr(common)]
    said += sorted(map(repr, settings.sections.values()))
    hashed.update(json.dumps(said).encode("utf-8", "surrogatepass"))
    try:
        for name, path in (*_inputs(settings), *target.inputs(settings)):
            content = path.read_bytes()
            hashed.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogatepass"))
            hashed.update(content)
        for name, stat in _program(target):
            hashed.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode("utf-8", "surrogatepass"))
    except (OSError, ToolkitError):
        return None  # the run itself says what is wrong
    return hashed.hexdigest()


def _inputs(settings: Settings) -> Iterator[tuple[str, Path]]:
    """What every target reads."""
    common = settings.common
    if common.descriptor_set is not None:
        yield "descriptors", common.descriptor_set
    else:
        yield from sorted(find_files(common.proto_path).items())
    if common.catalog is not None:
        yield "catalog", common.catalog
    for rules in common.rules:
        yield "rules", rules
    for templates in common.templates:
        for path in sorted(templates.rglob("*")):
            if path.is_file():
                yield f"template {path.relative_to(templates)}", path


def _program(target: TargetType) -> Iterator[tuple[str, os.stat_result]]:
    """The code that makes the files, and what protoc brings: of those it is enough when they were written."""
    tops = [os.path.dirname(os.path.dirname(os.path.abspath(__file__))), str(built_in_templates())]
    made_by = sys.modules[target.make.__module__].__file__
    if made_by is not None:
        tops.append(os.path.dirname(os.path.abspath(made_by)))
    stack = [*dict.fromkeys(tops), *(os.path.join(root, "google") for root in bundled_roots())]
    while stack:
        for entry in sorted(os.scandir(stack.pop()), key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name not in ("bindings", "__pycache__"):
                    stack.append(entry.path)
            elif entry.name.endswith((".py", ".toml", ".j2", ".proto", ".html", ".css", ".js")):
                yield entry.path, entry.stat()


def find(key: str | None) -> Entry | None:
    """The entry of that name, or None."""
    if key is None:
        return None
    try:
        content = json.loads((folder() / "runs" / key).read_bytes())
        diagnostics = [Diagnostic(Location(*location), *texts) for location, *texts in content["problems"]]
        digests = {str(path): str(digest) for path, digest in content["digests"].items()}
        stamps = {str(path): (int(a), int(b), int(c), int(d)) for path, (a, b, c, d) in content["stamps"].items()}
        return Entry(digests, stamps, diagnostics, int(content["left_out"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def keep(key: str | None, entry: Entry) -> None:
    """Write an entry; where that fails there is none."""
    if key is None:
        return
    content = {
        "digests": dict(entry.digests),
        "stamps": dict(entry.stamps),
        "problems": [[astuple(p.location), p.message, p.hint, p.cause] for p in entry.diagnostics],
        "left_out": entry.left_out,
    }
    with suppress(OSError, UnicodeEncodeError):
        runs = folder() / "runs"
        handle, temporary = tempfile.mkstemp(dir=runs, prefix=".")
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
        os.replace(temporary, runs / key)
        _prune(runs)


def _prune(runs: Path) -> None:
    entries = []
    for name in os.listdir(runs):
        with suppress(OSError):  # another run prunes too
            entries.append((os.stat(runs / name).st_mtime, name))
    finished = sorted(entry for entry in entries if not entry[1].startswith("."))
    abandoned = [entry for entry in entries if entry[1].startswith(".") and entry[0] < time.time() - 3600]
    for _, name in [*finished[:-_MOST], *abandoned]:
        with suppress(OSError):
            os.unlink(runs / name)


def stamp_of(path: str) -> Stamp | None:
    """What tells that a file was not touched; None for what is no file of its own."""
    try:
        stat = os.lstat(path)
    except OSError:
        return None
    return (stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns)


def holds(entry: Entry, top: Path) -> bool:
    """Whether every output is on disk with its content; contents are read only of files that were touched since."""
    root = os.path.realpath(top)
    for path, expected in entry.digests.items():
        target = os.path.join(root, path)
        stamp = stamp_of(target)
        if stamp is None or os.path.islink(target):
            return False
        if entry.stamps.get(path) != stamp:
            try:
                with open(target, "rb") as file:
                    if digest(file.read()) != expected:
                        return False
            except OSError:
                return False
    return True


def stamps(paths: Mapping[str, str], top: Path) -> dict[str, Stamp]:
    """The stamps of files below a folder."""
    root = os.path.realpath(top)
    found = {path: stamp_of(os.path.join(root, path)) for path in paths}
    return {path: stamp for path, stamp in found.items() if stamp is not None}
