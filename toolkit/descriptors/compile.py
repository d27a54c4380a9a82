"""Sources → a descriptor set with source info, through the real protoc.

A tree that does not compile whole still compiles in part: a file that fails,
and every file that imports it, is left out and reported as a
:class:`~toolkit.errors.Diagnostic`. Large trees are compiled in shards, one a
processor; concatenated descriptor sets are a descriptor set again.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import IO

from toolkit.descriptors.protoc import DoesNotCompile, run, start
from toolkit.errors import Diagnostic, InputError, Location

_IMPORT = re.compile(
    r"""(?:^|;)[ \t]*import\s+(?:public\s+|weak\s+|option\s+)?(?:"([^"\n]+)"|'([^'\n]+)')\s*(?=;)""", re.M
)
_UNSPEAKABLE = re.compile(r"\A-|[\x00-\x1f\x7f\\\ud800-\udfff]")
"""Names that protoc cannot be told: they would read as flags, or as several arguments."""
MAX_INPUT_BYTES = 1_000_000_000
"""The default limit of what is read."""
_SHARD_FROM = 200
"""From how many files on shards pay: each parses again what its files import."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """A serialized ``google.protobuf.FileDescriptorSet`` and how it came about."""

    descriptor_set: bytes
    """Imports included; a file may be in it more than once, with the same content."""
    requested: frozenset[str] | None
    """The files that the caller's sources name; None: all but the bundled ones."""
    diagnostics: tuple[Diagnostic, ...] = ()
    roots: tuple[Path, ...] = ()
    """The import roots, in the order in which protoc searches them; none if nothing was compiled."""


def compile_tree(roots: Sequence[Path]) -> Compilation:
    """Compile every .proto file under the import roots; what does not compile is left out.

    A file's name is its path below the innermost root that holds it. Raises
    :class:`InputError` where a root is missing or holds no .proto file.
    """
    files = _files_of(roots)
    names = sorted(files)
    try:
        searched = (*roots, *bundled_roots())
        if _irregular(files):
            return compile_partly(roots)
        return Compilation(b"".join(run(searched, names)), frozenset(names), roots=searched)
    except DoesNotCompile:
        return compile_partly(roots)


@dataclass(frozen=True, slots=True)
class Compiling:
    """A tree that protoc is at work on."""

    roots: Sequence[Path]
    searched: tuple[Path, ...]
    """The roots, and those that come with the toolkit."""
    requested: frozenset[str]
    parts: Iterator[bytes]
    """Descriptor sets that make up the tree together, each as soon as it is there.

    :class:`DoesNotCompile` where any file fails. That two files declare the
    same is the reader's to find: they may be in different parts.
    """
    close: Callable[[], None]
    """Ends the work; for who does not want the rest of the parts."""


def start_compiling(roots: Sequence[Path], most: int = MAX_INPUT_BYTES) -> Compiling:
    """Set protoc to work on a tree, in parts where it is large; errors as of :func:`compile_tree`."""
    files = _files_of(roots, most)
    names = sorted(files)
    searched = (*roots, *bundled_roots())
    if _irregular(files):  # protoc would wait for a pipe, and never end with a device
        return Compiling(roots, searched, frozenset(names), _none(), lambda: None)
    stack, parts = start(searched, names, _SHARD_FROM)
    return Compiling(roots, searched, frozenset(names), parts, stack.close)


def compile_partly(roots: Sequence[Path]) -> Compilation:
    """Compile a tree of which a part does not compile.

    Folders inside the roots that others import from, such as
    ``third_party/googleapis``, become import roots too. There are no shards
    here: only one protoc sees that two files declare the same.
    """
    roots = [*roots, *_vendored_roots(_files_of(roots))]
    searched = (*roots, *bundled_roots())
    content, names, diagnostics = _compile_what_compiles(find_files(roots), searched)
    return Compilation(content, frozenset(names), tuple(sorted(diagnostics)), searched)


def names_read(compilation: Compilation, files: Iterable[str]) -> set[str]:
    """The names that protoc searched the roots for: its ``files``, and what those that were left out import."""
    found = set(files)
    untold = [diagnostic.location.file for diagnostic in compilation.diagnostics]
    while untold:
        path = resolve(untold.pop(), compilation.roots)
        new = {name for name, _ in _imports(Path(path))} - found if path else set()
        found |= new
        untold += new
    return found


def resolve(name: str, roots: Iterable[str | Path]) -> str | None:
    """The path of the file that protoc reads for a name, also through links and in hidden folders; or None."""
    return next((path for path in (os.path.join(root, name) for root in roots) if os.path.exists(path)), None)


def _files_of(roots: Sequence[Path], most: int = MAX_INPUT_BYTES) -> dict[str, Path]:
    for root in roots:
        if not root.is_dir():
            raise InputError(f"import root {str(root)!r} is not a folder", hint="name it with --proto-path DIR")
    files = find_files(roots)
    if not files:
        where = ", ".join(str(root) for root in roots)
        raise InputError(f"no .proto file in {where}", hint="name the folder of your protos with --proto-path DIR")
    if sum(path.stat().st_size for path in files.values() if path.is_file()) > most:
        raise _too_large("the .proto files", most)
    return files


def _too_large(what: str, most: int) -> InputError:
    return InputError(
        f"{what} have more than {most} bytes", hint="raise max_input_bytes under [limits] in toolkit.toml"
    )


def read_descriptor_set(source: Path | None, most: int = MAX_INPUT_BYTES) -> Compilation:
    """A ready descriptor set from a file, or from standard input for None."""
    try:
        with nullcontext(sys.stdin.buffer) if source is None else source.open("rb") as file:
            content = _read(file, most)
    except OSError as error:
        name = "standard input" if source is None else repr(str(source))
        raise InputError(f"cannot read {name}: {error.strerror}") from None
    return Compilation(content, None)


def _read(file: IO[bytes], most: int) -> bytes:
    """The whole content, which may come from a pipe that never ends."""
    parts, size = [], 0
    while part := file.read(1 << 20):
        parts.append(part)
        size += len(part)
        if size > most:
            raise _too_large("the descriptors", most)
    return b"".join(parts)


def _irregular(files: Mapping[str, Path]) -> dict[str, Diagnostic]:
    """What is called .proto but is not a file."""
    irregular = [name for name, path in files.items() if not os.path.isfile(path)]
    return {name: Diagnostic(Location(name), "is not a regular file") for name in irregular}


def _none() -> Iterator[bytes]:
    raise DoesNotCompile("some files are not regular")
    yield


def find_files(roots: Sequence[Path]) -> dict[str, Path]:
    """The .proto files under the roots by name; where two roots hold a name, the first root wins.

    Raises :class:`InputError` for a name that protoc cannot be told.
    """
    found: dict[str, Path] = {}
    resolved = [os.path.abspath(root) for root in roots]
    for root in resolved:
        inner = {other for other in resolved if other != root and other.startswith(root + os.sep)}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(f for f in folders if not f.startswith(".") and os.path.join(folder, f) not in inner)
            for name in sorted(names):
                if name.endswith(".proto"):
                    path = os.path.join(folder, name)
                    found.setdefault(os.path.relpath(path, root).replace(os.sep, "/"), Path(path))
    for name in found:
        if _UNSPEAKABLE.search(name):
            raise InputError(f"protoc cannot be told the file name {name!r}", hint="rename or remove the file")
    return found


def find_roots(folder: Path) -> list[str]:
    """The likely import root of a folder: the first of the usual names that holds .proto files, or none."""
    return [name for name in ("protos", "proto", "api", ".") if find_files([folder / name])][:1]


@functools.cache
def bundled_roots() -> tuple[Path, ...]:
    """Import roots that come with the toolkit: google/protobuf, and google/api, google/rpc, google/type."""
    roots = []
    tools = util.find_spec("grpc_tools")
    if tools is None or not tools.origin:
        raise InputError("grpcio-tools is not installed", hint="pip install grpcio-tools")
    roots.append(Path(tools.origin).parent / "_proto")
    common = util.find_spec("google.rpc")
    for location in (common.submodule_search_locations or []) if common else []:
        if (Path(location) / "status.proto").is_file():
            roots.append(Path(location).parent.parent)
            break
    return tuple(roots)


def is_bundled(name: str) -> bool:
    """Whether a file comes with the toolkit, so that nobody asked for it."""
    return name.startswith("google/") and any((root / name).is_file() for root in bundled_roots())


def _imports(path: Path) -> list[tuple[str, int]]:
    """What a file imports, and on which line."""
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []  # protoc says why
    return [(m[1] or m[2], text.count("\n", 0, m.end()) + 1) for m in _IMPORT.finditer(text)]


def _vendored_roots(files: dict[str, Path]) -> list[Path]:
    """Folders inside the roots whose files others import by a shorter name, such as third_party/googleapis."""
    imported = {name for path in files.values() for name, _ in _imports(path)}
    found: dict[Path, None] = {}

    def by_long_name(folder: str) -> bool:
        """Whether a file below the folder is imported by its name as it is: as a root it would give another."""
        return any(name.startswith(f"{folder}/") and name in files for name in imported)

    for name, path in sorted(files.items()):
        if name in imported:
            continue
        parts = name.split("/")
        for cut in range(1, len(parts)):
            short = "/".join(parts[cut:])
            if short in imported and short not in files and not by_long_name("/".join(parts[:cut])):
                found[path.parents[len(parts) - cut - 1]] = None
                break
    return list(found)


def _compile_what_compiles(
    files: dict[str, Path], includes: Sequence[Path]
) -> tuple[bytes, list[str], list[Diagnostic]]:
    """Leave out what fails and what imports it, until the rest compiles.

    protoc stops at the first file that fails, in the order given, so the files
    before it are known to be good and need not be tried again until the end.
    """
    left_out = _irregular(files)
    imports = {name: _imports(path) for name, path in files.items()}
    bad = _with_importers(set(left_out), imports, left_out)
    good = [name for name in sorted(files) if name not in bad]
    untried = good
    while untried:
        try:
            content = b"".join(run(includes, untried))
        except DoesNotCompile as error:
            said = error.diagnostics
        else:
            if len(untried) == len(good):
                return content, good, list(left_out.values())
            untried = good
            continue
        named = {p.location.file for p in said} & set(good)
        if not named:
            raise InputError("protoc failed: " + "; ".join(str(p) for p in said))
        for diagnostic in said:
            name = diagnostic.location.file
            if name in named and (name not in left_out or not left_out[name].location.line):
                left_out[name] = _with_cause(diagnostic, said)
        bad = _with_importers(named, imports, left_out)
        first = min((untried.index(name) for name in bad if name in untried), default=0)
        good = [name for name in good if name not in bad]
        untried = [name for name in untried[first:] if name not in bad]
        if not untried:
            untried = good
    raise InputError("no file compiles: " + "; ".join(str(p) for p in sorted(left_out.values())[:5]))


def _with_cause(diagnostic: Diagnostic, said: Iterable[Diagnostic]) -> Diagnostic:
    """The problem, and what to do about an import that was not found."""
    missing = next((p.location.file for p in said if p.message.startswith("File not found")), "")
    if missing and f'"{missing}"' in diagnostic.message:
        return Diagnostic(diagnostic.location, diagnostic.message, "add the folder that holds it with --proto-path DIR")
    return diagnostic


def _with_importers(
    named: set[str], imports: dict[str, list[tuple[str, int]]], left_out: dict[str, Diagnostic]
) -> set[str]:
    """The named files and all that import them, each with its reason in ``left_out``."""
    bad = set(named)
    grew = True
    while grew:
        grew = False
        for name in sorted(imports):
            if name in bad:
                continue
            for other, line in imports[name]:
                if other in bad:
                    reason = f'imports "{other}", which was left out'
                    left_out.setdefault(name, Diagnostic(Location(name, line, 1), reason))
                    bad.add(name)
                    grew = True
                    break
    return bad
