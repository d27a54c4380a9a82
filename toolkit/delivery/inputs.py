"""The inputs of a run, and its key in the run cache.

The key is a hash of everything that is known before protoc runs: the .proto
files under the roots, and the frame, which is the rest: the catalog, option
mappings, templates, settings, the toolkit, and the packages that it uses.
Imports can lead to other files, through links and into hidden directories. An
entry lists those by name and digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from toolkit.delivery.compare import digest
from toolkit.descriptors.compile import bundled_roots, names_read
from toolkit.descriptors.kept import read_regular
from toolkit.descriptors.paths import is_below
from toolkit.descriptors.protoc import absolute
from toolkit.descriptors.roots import Root, find_files, resolve
from toolkit.errors import ToolkitError
from toolkit.targets.registry import TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.templates import built_in_templates
from toolkit.targets.workspace import Workspace

_PACKAGES = ("google.protobuf", "grpc_tools", "jinja2", "markupsafe", "msgspec", "protovalidate", "re2", "rstr")
"""What decides the output besides the toolkit."""
_CODE = (".py", ".toml", ".j2", ".proto", ".html", ".css", ".js", ".so", ".pyd", ".binpb")
_TOOLKIT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_TICK = 20_000_000
"""Nanoseconds by which the clock of a file system can be behind."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Hashes of the inputs of a run."""

    run: str
    """Of all of them."""
    frame: str
    """Of all but the .proto files."""
    tree: str
    """Of what decides how protoc compiles a tree, except for the files."""


def keys_of(
    settings: Settings,
    target: TargetType,
    fetched: bytes | None = None,
    names: Sequence[str] = (),
    answers: Sequence[bytes] = (),
) -> Keys | None:
    """The keys of a run with these settings; None if its inputs can't be known in advance.

    ``fetched`` is the descriptor set, if it comes from a server or from the web. ``names`` say what to generate; there
    are none if that is everything. ``answers`` are what the other addresses sent that the target reads.
    """
    common = settings.common
    if str(common.descriptor_set) == "-" or not target.is_cacheable:
        return None
    # All settings, even if they don't affect the target: one too many costs a run, a missing one gives a wrong answer.
    said = [target.name, os.path.realpath(settings.of(target.settings).out), repr(common)]
    said += sorted(map(repr, settings.sections.values()))
    try:
        place = [sys.version, os.getcwd(), *_distributions(), *_stamps(_program())]
        said += map(digest, answers)
        named = [(name, os.path.exists(name)) for name in names]  # those of files can be paths on disk
        frame = _hash([*place, *said, named, *_stamps(_code_of(target))], _others(settings, target))
        run = _hash([frame], _descriptions(settings), fetched or b"")
    except (OSError, ToolkitError):
        return None  # the run itself will report it
    return Keys(run, frame, _hash([*place, repr(settings.tree)]))


def answers_of(workspace: Workspace, target: TargetType) -> list[bytes]:
    """What the addresses sent that a target reads besides the tree; :class:`InputError` if one cannot be read."""
    return [workspace.answer(address) for address in target.addresses(workspace.settings)]


def _hash(said: Sequence[object], files: Iterable[tuple[str, Path]] = (), content: bytes = b"") -> str:
    hashed = hashlib.blake2b(json.dumps(said).encode("utf-8", "surrogatepass"), digest_size=20)
    hashed.update(content)
    for name, path in files:
        found = read_regular(path)
        hashed.update(f"{name}\0{len(found)}\0".encode("utf-8", "surrogatepass"))
        hashed.update(found)
    return hashed.hexdigest()


def imported(workspace: Workspace) -> tuple[list[Root], dict[str, str | None]]:
    """The roots that protoc searched, and the digests of what it found there that :func:`key_of` does not hash."""
    compilation = workspace.compilation
    roots = absolute(compilation.roots)
    if not roots:
        return [], {}
    names = names_read(compilation, workspace.schema.files) - find_files(workspace.settings.common.proto_path).keys()
    return roots, digests(sorted(names), roots)


def digests(names: Iterable[str], roots: Sequence[Root]) -> dict[str, str | None]:
    """The digest of each file that is imported by name, or None if there is none."""
    paths = {name: resolve(name, roots) for name in names}
    return {name: digest(read_regular(path)) if path else None for name, path in paths.items()}


def is_untouched(
    settings: Settings, target: TargetType, roots: Sequence[Root], names: Iterable[str], since: int
) -> bool:
    """Whether no input was touched since a time, in nanoseconds.

    A file that was edited while it was being read, and edited back, has the
    same content as before, but the output has the other one.
    """
    paths = [path for _, path in (*_descriptions(settings), *_others(settings, target))]
    paths += [Path(path) for name in names if (path := resolve(name, roots))]
    return all(os.stat(path).st_ctime_ns < since - _TICK for path in paths)


def now() -> int:
    """The time for :func:`is_untouched`."""
    return time.time_ns()


def files_of(settings: Settings, target: TargetType, protos: bool) -> Iterator[tuple[str, Path]]:
    """The files that are known in advance, with the .proto files or without, each with a name."""
    yield from _descriptions(settings) if protos else ()
    yield from _others(settings, target)


def _descriptions(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files that describe the API and are known in advance, each with a distinct name."""
    common = settings.common
    if isinstance(common.descriptor_set, Path):
        yield "descriptors", common.descriptor_set
    elif common.descriptor_set is None:
        yield from _protos(common.proto_path)


def _others(settings: Settings, target: TargetType) -> Iterator[tuple[str, Path]]:
    """All other files that are known in advance, each with a distinct name."""
    common = settings.common
    if common.catalog is not None:
        yield "catalog", common.catalog
    for rules in common.rules:
        yield "rules", rules
    for templates in common.templates:
        yield from ((f"template {os.path.relpath(path, templates)}", Path(path)) for path in _below(str(templates)))
    yield from target.inputs(settings)


def _protos(roots: tuple[Root, ...]) -> Iterator[tuple[str, Path]]:
    """The files under the roots, as protoc finds them: a link in one root can hide a file in the next."""
    for name, path in sorted(find_files(roots).items()):
        read = resolve(name, roots) if len(roots) > 1 else None
        yield name, Path(read) if read else path


def _below(folder: str, above: frozenset[str] = frozenset()) -> Iterator[str]:
    """The regular files below a directory, also through links, except those that lead back."""
    real = os.path.realpath(folder)
    if real in above:
        return
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            yield from _below(entry.path, above | {real})
        elif entry.is_file():
            yield entry.path


def _distributions() -> list[str]:
    """The installed distributions with their versions: reading them properly takes longer than a cached run."""
    found = []
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # an archive, or not there
            continue
        found += [name for name in sorted(names) if name.endswith((".dist-info", ".egg-info"))]
    return found


def _stamps(files: Iterable[tuple[str, os.stat_result]]) -> list[tuple[str, int, int]]:
    """Of code, size and modification time are enough."""
    return [(name, found.st_size, found.st_mtime_ns) for name, found in files]


def _program() -> Iterator[tuple[str, os.stat_result]]:
    """The code of the toolkit and its packages, and the protos of protoc."""
    tops = [_TOOLKIT, str(built_in_templates())]
    for name in _PACKAGES:
        spec = util.find_spec(name)
        tops += (spec.submodule_search_locations or [str(spec.origin)]) if spec else []
    yield from _code([*tops, *(os.path.join(root, "google") for root in bundled_roots())])


def _code_of(target: TargetType) -> Iterator[tuple[str, os.stat_result]]:
    """The code of a target that another package brings."""
    made_by = sys.modules[target.make.__module__]
    if made_by.__file__ is not None and made_by.__package__:
        folder = os.path.dirname(os.path.abspath(made_by.__file__))
        yield from () if is_below(folder, _TOOLKIT) else _code([folder])
    elif made_by.__file__ is not None:  # a module of its own, next to all the other packages
        yield made_by.__file__, os.stat(made_by.__file__)


def _code(tops: Iterable[str]) -> Iterator[tuple[str, os.stat_result]]:
    """The files with code in directories."""
    stack = list(dict.fromkeys(tops))
    while stack:
        top = stack.pop()
        if os.path.isfile(top):  # a package that is one module
            yield top, os.stat(top)
            continue
        for entry in sorted(os.scandir(top), key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name not in ("bindings", "__pycache__"):
                    stack.append(entry.path)
            elif entry.name.endswith(_CODE):
                yield entry.path, entry.stat()
