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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import IO

from toolkit.descriptors import bundled, protoc
from toolkit.descriptors.declarations import Declarations, declarations
from toolkit.descriptors.partial import compile_what_compiles, irregular, known_copies, vendored_roots
from toolkit.descriptors.protoc import DoesNotCompile
from toolkit.errors import Diagnostic, InputError, grouped

_UNSPEAKABLE = re.compile(r"\A-|[\x00-\x1f\x7f\\\ud800-\udfff]")
"""Names that protoc cannot be told: they would read as flags, or as several arguments."""
MAX_INPUT_BYTES = 1_000_000_000
"""The default limit of what is read."""
_MOST_CAUSES = 20
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
    """Why files were left out: one for each, and for each file outside the sources that is a cause."""
    left_out: frozenset[str] = frozenset()
    """The files of the sources that were left out."""
    roots: tuple[Path, ...] = ()
    """The import roots, in the order in which protoc searches them; none if nothing was compiled."""


def compile_tree(roots: Sequence[Path], others: Sequence[Path] = ()) -> Compilation:
    """Compile every .proto file under the import roots; what does not compile is left out.

    A file's name is its path below the innermost root that holds it. Of other
    roots only what is imported is compiled. Raises :class:`InputError` where a
    root is missing or holds no .proto file.
    """
    compiling = _start(roots, others, None, MAX_INPUT_BYTES)
    try:
        content = b"".join(compiling.parts)
    except DoesNotCompile:
        return compile_partly(roots, others)
    return compiling.compilation(content)


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
    diagnostics: tuple[Diagnostic, ...] = ()
    """Files that were left out from the beginning: copies of others, and what imports them."""

    def compilation(self, content: bytes) -> Compilation:
        """What the parts are together."""
        left_out = frozenset(diagnostic.location.file for diagnostic in self.diagnostics)
        return Compilation(content, self.requested, self.diagnostics, left_out, self.searched)


def start_compiling(roots: Sequence[Path], most: int = MAX_INPUT_BYTES) -> Compiling:
    """Set protoc to work on a tree, in parts where it is large; errors as of :func:`compile_tree`."""
    return _start(roots, (), _SHARD_FROM, most)


def _start(roots: Sequence[Path], others: Sequence[Path], shards_from: int | None, most: int) -> Compiling:
    files, own = _files_of(roots, others, most)
    if _has_vendored(own, files):
        roots = [*roots, *vendored_roots(files, own, _declared(files, own))]
        files, own = _files_of(roots, others, most)
    searched = (*roots, *others, *bundled_roots())
    if irregular(files):  # protoc would wait for a pipe, and never end with a device
        return Compiling(roots, searched, own, _none(), lambda: None)
    copies = known_copies(files, own, searched)
    names = sorted(own - copies.keys())
    stack, parts = protoc.start(searched, names, shards_from)
    return Compiling(roots, searched, frozenset(names), parts, stack.close, tuple(sorted(copies.values())))


def _none() -> Iterator[bytes]:
    raise DoesNotCompile("some files are not regular")
    yield


def compile_partly(roots: Sequence[Path], others: Sequence[Path] = ()) -> Compilation:
    """Compile a tree of which a part does not compile.

    Folders inside the roots that others import from, such as
    ``third_party/googleapis``, become import roots too.
    """
    files, own = _files_of(roots, others)
    known = _declared(files, own)
    roots = [*roots, *vendored_roots(files, own, known)]
    files, own = _files_of(roots, others)
    searched = (*roots, *others, *bundled_roots())
    content, names, reasons = compile_what_compiles(files, own, searched, known)
    return Compilation(content, frozenset(names), tuple(sorted(reasons.values())), own & reasons.keys(), searched)


def _has_vendored(own: Set[str], files: Mapping[str, Path]) -> bool:
    """Whether some folder of the tree has a copy of a file that comes with the toolkit, which wins over that one."""
    for name in own:
        rest = name
        while "/" in rest:
            rest = rest.partition("/")[2]
            if is_bundled(rest) and rest not in files:
                return True
    return False


def _declared(files: Mapping[str, Path], own: Set[str]) -> dict[Path, Declarations]:
    return {files[name]: declarations(files[name]) for name in own}


def names_read(compilation: Compilation, files: Iterable[str]) -> set[str]:
    """The names that protoc searched the roots for: its ``files``, and what those that were left out import."""
    found = set(files)
    untold = [diagnostic.location.file for diagnostic in compilation.diagnostics]
    while untold:
        path = resolve(untold.pop(), compilation.roots)
        new = {name for name, _ in declarations(Path(path)).imports} - found if path else set()
        found |= new
        untold += new
    return found


def resolve(name: str, roots: Iterable[str | Path]) -> str | None:
    """The path of the file that protoc reads for a name, also through links and in hidden folders; or None."""
    return next((path for path in (os.path.join(root, name) for root in roots) if os.path.exists(path)), None)


def refusal(diagnostics: Sequence[Diagnostic]) -> InputError:
    """The error for files that were left out, where all or nothing is asked for."""
    causes = list(map(str, grouped(diagnostics)))
    lines = [
        *causes[:_MOST_CAUSES],
        *([f"… and {more} more causes"] if (more := len(causes) - _MOST_CAUSES) > 0 else []),
    ]
    count = "1 file does" if len(diagnostics) == 1 else f"{len(diagnostics)} files do"
    return InputError(f"{count} not compile and --strict is set:" + "".join(f"\n  {line}" for line in lines))


def _files_of(
    roots: Sequence[Path], others: Sequence[Path], most: int = MAX_INPUT_BYTES
) -> tuple[dict[str, Path], frozenset[str]]:
    """All files by name, and the names of those that are not there for imports only."""
    for root in [*roots, *others]:
        if not root.is_dir():
            raise InputError(f"import root {str(root)!r} is not a folder", hint="name it with --proto-path DIR")
    files = find_files([*roots, *others])
    inside = tuple(os.path.abspath(root) + os.sep for root in roots)
    apart = [os.path.abspath(other) + os.sep for other in others]
    apart = [other for other in apart if not any(root.startswith(other) for root in inside)]
    own = frozenset(n for n, p in files.items() if str(p).startswith(inside) and not str(p).startswith(tuple(apart)))
    if not own:
        where = ", ".join(str(root) for root in roots)
        raise InputError(f"no .proto file in {where}", hint="name the folder of your protos with --proto-path DIR")
    if sum(path.stat().st_size for path in files.values() if path.is_file()) > most:
        raise _too_large("the .proto files", most)
    return files, own


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
    """Import roots that come with the toolkit: google/protobuf, and google/api, google/rpc, google/type.

    More files come with it as :mod:`descriptor sets <toolkit.descriptors.bundled>`.
    """
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
    if name in bundled.names():
        return True
    return name.startswith("google/") and any((root / name).is_file() for root in bundled_roots())
