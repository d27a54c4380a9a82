"""Sources → a descriptor set with source info, through the real protoc.

A tree that does not compile whole still compiles in part: a file that fails,
and every file that imports it, is left out and reported as a
:class:`~toolkit.errors.Diagnostic`. Large trees are compiled in shards, one a
processor; concatenated descriptor sets are a descriptor set again.
"""

from __future__ import annotations

import functools
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from importlib import util
from pathlib import Path
from typing import IO, Any

from toolkit.descriptors import bundled, protoc, recompile
from toolkit.descriptors.addresses import Access, Address, is_address
from toolkit.descriptors.declarations import Declared, declarations
from toolkit.descriptors.kept import Changed, KeptTree
from toolkit.descriptors.needed import Wanted, needed
from toolkit.descriptors.outside import outside
from toolkit.descriptors.partial import NoneCompiles, compile_what_compiles, known_copies, vendored_roots
from toolkit.descriptors.protoc import DoesNotCompile, NoneFound
from toolkit.descriptors.remote import fetch
from toolkit.descriptors.roots import MAX_INPUT_BYTES, Root, Tree, is_vendored, resolve
from toolkit.errors import Diagnostic, InputError, grouped

_MOST_CAUSES = 20
_BUF_EXTENSION = 8042
_BUF_EXTENSION_TAG = b"\xd2\xf6\x03"
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
    roots: tuple[Root, ...] = ()
    """The import roots, in the order in which protoc searches them; none if nothing was compiled."""
    kept: KeptTree | None = None
    """The tree, if not all of it was compiled again since it was kept."""
    is_served: bool = False
    """Whether a server sent it: only the services that the server has, and what their files import."""


def compile_tree(roots: Tree | Iterable[Path]) -> Compilation:
    """Compile every .proto file of a tree, or below folders that are import roots; what does not compile is left out.

    A file's name is its path below the innermost root that holds it. Raises
    :class:`InputError` where a root is missing or holds no .proto file.
    """
    compiling = _start(Tree.of(roots), None)
    try:
        content = b"".join(compiling.parts)
    except DoesNotCompile:
        return compile_partly(compiling)
    return compiling.compilation(content)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a tree."""

    tree: Tree
    files: Mapping[str, Path]
    """All of them by name."""
    own: frozenset[str]
    """The names of those that are asked for."""
    declared: Declared

    @classmethod
    def of(cls, tree: Tree, declared: Declared | None = None) -> Listing:
        """List a tree, of which some files may have been read; :class:`InputError`."""
        return cls(tree, *_files_of(tree), Declared() if declared is None else declared)

    @property
    def searched(self) -> tuple[Root, ...]:
        """The roots, and those that come with the toolkit."""
        return (*self.tree.searched, *map(Root, bundled_roots()))

    def with_vendored(self) -> Listing:
        """With the folders as roots that files of the tree import from, or only searched if other people wrote them."""
        found = vendored_roots(self.files, self.own, self.declared)
        if not found:
            return self
        foreign = [folder for folder in found if is_vendored(_below(folder, self.tree.roots))]
        roots = (*self.tree.roots, *(Root(folder) for folder in found if folder not in foreign))
        imports = (*self.tree.imports, *map(Root, foreign))
        return Listing.of(replace(self.tree, roots=roots, imports=imports), self.declared)


@dataclass(frozen=True, slots=True)
class Compiling:
    """A tree that protoc is at work on."""

    listing: Listing
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
    wanted: Wanted | None = None
    """What is asked of the tree, if not everything."""
    before: KeptTree | None = None
    """The kept tree of which only what changed is compiled."""
    reused: list[KeptTree] = field(default_factory=list)
    """Once all parts are there: that tree as it is now."""

    @property
    def has_new_comments_only(self) -> bool:
        """Whether nothing but comments changed since the tree was kept; false until all parts are there."""
        return self.before is not None and [each.structure for each in self.reused] == [self.before.structure]

    def compilation(self, content: bytes) -> Compilation:
        """What the parts are together."""
        left_out = frozenset(diagnostic.location.file for diagnostic in self.diagnostics)
        kept = self.reused[0] if self.reused else None
        return Compilation(content, self.requested, self.diagnostics, left_out, self.listing.searched, kept)


def start_compiling(
    roots: Tree | Iterable[Path], wanted: Wanted | None = None, kept: KeptTree | None = None
) -> Compiling:
    """Set protoc to work on a tree, in parts where it is large; errors as of :func:`compile_tree`.

    Only on the files that are needed for what is wanted, if that is known; and
    only on what changed since a tree was ``kept``, and what that can affect.
    """
    return _start(Tree.of(roots), _SHARD_FROM, wanted, kept)


def _start(
    tree: Tree, shards_from: int | None, wanted: Wanted | None = None, kept: KeptTree | None = None
) -> Compiling:
    listing = Listing.of(tree)
    if _has_vendored(listing.own, listing.files):
        listing = listing.with_vendored()
    files, own, searched, declared = listing.files, listing.own, listing.searched, listing.declared
    copies = known_copies(files, own, searched, declared)
    changed = kept.changed(own, searched) if kept is not None and wanted is None and not copies else None
    if changed is not None and recompile.is_regular(changed, files, searched):
        return _start_changed(listing, changed)
    around = outside(files, searched if wanted is None else (), declared)
    if around.irregular or around.is_missing(files, own, declared):  # a pipe or device would keep protoc forever
        return Compiling(listing, own, _none(), lambda: None)
    names = sorted(own - copies.keys())
    left_out = tuple(sorted(copies.values()))
    if wanted is not None:
        find = functools.partial(needed, files, own, wanted, searched, is_bundled, frozenset(copies))
        stack, found = protoc.start_found(searched, find)
        parts = _found_or_all(found, listing, names)
        return Compiling(listing, frozenset(names), parts, stack.close, left_out, wanted)
    stack, all_parts = protoc.start(searched, names, shards_from)
    return Compiling(listing, frozenset(names), all_parts, stack.close, left_out)


def _start_changed(listing: Listing, changed: Changed) -> Compiling:
    reused: list[KeptTree] = []
    stack, parts = recompile.start(changed, listing.searched, reused, _SHARD_FROM)
    return Compiling(listing, changed.requested, parts, stack.close, before=changed.before, reused=reused)


def _found_or_all(found: Iterator[bytes], listing: Listing, names: Sequence[str]) -> Iterator[bytes]:
    """The descriptor sets of the files that were found; of all files if none were."""
    try:
        yield from found
    except NoneFound:
        if outside(listing.files, listing.searched, listing.declared).irregular:
            yield from _none()
        stack, parts = protoc.start(listing.searched, names, _SHARD_FROM)
        with stack:
            yield from parts


def _none() -> Iterator[bytes]:
    raise DoesNotCompile("some files cannot be compiled")
    yield


def compile_partly(compiling: Compiling) -> Compilation:
    """Compile a tree, or what is needed for what is wanted of it, of which a part does not compile.

    Folders inside the roots that files import from become roots too, or are
    only searched if they are other people's, such as ``third_party/googleapis``.
    """
    listing, wanted = compiling.listing.with_vendored(), compiling.wanted
    files, own, searched, declared = listing.files, listing.own, listing.searched, listing.declared
    if wanted is not None:
        some = own.intersection(needed(files, own, wanted, searched, is_bundled, frozenset()))
        with suppress(NoneCompiles):
            return _partial(*compile_what_compiles(files, some, searched, declared), some, searched)
    return _partial(*compile_what_compiles(files, own, searched, declared), own, searched)


def _partial(
    content: bytes, names: Iterable[str], reasons: Mapping[str, Diagnostic], own: Set[str], searched: tuple[Root, ...]
) -> Compilation:
    return Compilation(
        content, frozenset(names), tuple(sorted(reasons.values())), frozenset(own & reasons.keys()), searched
    )


def _below(folder: Path, roots: Iterable[Root]) -> str:
    """The path that leads to a folder from the root it is in."""
    tops = (Path(os.path.abspath(root.folder)) for root in roots)
    return next((folder.relative_to(top).as_posix() for top in tops if top in folder.parents), "")


def _has_vendored(own: Set[str], files: Mapping[str, Path]) -> bool:
    """Whether some folder of the tree has a copy of a file that comes with the toolkit, which wins over that one."""
    for name in own:
        rest = name
        while "/" in rest:
            rest = rest.partition("/")[2]
            if is_bundled(rest) and rest not in files:
                return True
    return False


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


def refusal(diagnostics: Sequence[Diagnostic]) -> InputError:
    """The error for files that were left out, where all or nothing is asked for."""
    causes = list(map(str, grouped(diagnostics)))
    lines = [
        *causes[:_MOST_CAUSES],
        *([f"… and {more} more causes"] if (more := len(causes) - _MOST_CAUSES) > 0 else []),
    ]
    count = "1 file does" if len(diagnostics) == 1 else f"{len(diagnostics)} files do"
    return InputError(f"{count} not compile and --strict is set:" + "".join(f"\n  {line}" for line in lines))


def _files_of(tree: Tree) -> tuple[dict[str, Path], frozenset[str]]:
    """All files by name, and the names of those that are asked for."""
    for root in tree.searched:
        if not root.folder.is_dir():
            flag = "--proto-path" if root in tree.roots else "--import-path"
            raise InputError(f"import root {str(root)!r} is not a directory", hint=f"name it with {flag} DIR")
    files = tree.files()
    own = tree.asked_for(files)
    own -= _vendored(own)
    if not own:
        where = ", ".join(map(str, tree.roots))
        what = f"no .proto file in {where}" if not tree.exclude else f"every .proto file in {where} is excluded"
        raise InputError(what, hint="name the directory of your protos with --proto-path DIR")
    if sum(map(_size, files.values())) > tree.max_bytes:
        raise _too_large("the .proto files", tree.max_bytes)
    return files, own


def _size(path: Path) -> int:
    """The bytes of a file; none of what is not one."""
    try:
        found = os.stat(path)
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def _too_large(what: str, most: int) -> InputError:
    return InputError(
        f"{what} have more than {most} bytes", hint="raise max_input_bytes under [limits] in toolkit.toml"
    )


def read_descriptor_set(
    source: str | Path | None, most: int = MAX_INPUT_BYTES, access: Access | None = None
) -> Compilation:
    """A ready descriptor set from a file, from an address, or from standard input for None.

    An address is ``grpc://HOST:PORT`` or ``grpcs://HOST:PORT`` of a server with reflection, or that of a descriptor
    set on the web; ``access`` says how it is read.
    """
    if isinstance(source, str) and is_address(source):
        return fetched(source, fetch(source, access or Access(max_bytes=most)))
    source = Path(source) if source is not None else None
    try:
        with nullcontext(sys.stdin.buffer) if source is None else source.open("rb") as file:
            content = _read(file, most)
    except OSError as error:
        name = "standard input" if source is None else repr(str(source))
        raise InputError(f"cannot read {name}: {error.strerror}") from None
    return Compilation(content, _asked_for(content))


def fetched(address: str, content: bytes) -> Compilation:
    """What was read from an address."""
    is_served = Address.parse(address).is_server
    return Compilation(content, None if is_served else _asked_for(content), is_served=is_served)


def _asked_for(content: bytes) -> frozenset[str] | None:
    """The files that an image of buf does not mark as imports; None for other descriptor sets.

    Source: ImageFile.buf_extension and ImageFileExtension.is_import in buf/alpha/image/v1/image.proto.
    """
    if _BUF_EXTENSION_TAG not in content:
        return None
    from google.protobuf.descriptor_pb2 import FileDescriptorSet
    from google.protobuf.empty_pb2 import Empty
    from google.protobuf.message import DecodeError
    from google.protobuf.unknown_fields import UnknownFieldSet

    def unknown(message: Any) -> Any:
        return UnknownFieldSet(message)  # which its types don't say can be iterated

    def is_import(extension: bytes) -> bool:
        return any(field.field_number == 1 and field.data for field in unknown(Empty.FromString(extension)))

    try:
        files = FileDescriptorSet.FromString(content).file
        extensions = {f.name: [e.data for e in unknown(f) if e.field_number == _BUF_EXTENSION] for f in files}
        return frozenset(name for name, found in extensions.items() if not any(map(is_import, found))) or None
    except DecodeError:
        return None  # who loads the set reports it


def _read(file: IO[bytes], most: int) -> bytes:
    """The whole content, which may come from a pipe that never ends."""
    parts, size = [], 0
    while part := file.read(1 << 20):
        parts.append(part)
        size += len(part)
        if size > most:
            raise _too_large("the descriptors", most)
    return b"".join(parts)


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
        if all((Path(location) / f"status{ending}").is_file() for ending in (".proto", "_pb2.py")):  # no tree of protos
            roots.append(Path(location).parent.parent)
            break
    return tuple(roots)


def _vendored(own: Set[str]) -> Set[str]:
    """Copies of files that come with the toolkit, in directories of nothing else, unless the whole tree is."""
    bundled = {name for name in own if is_bundled(name)}
    tops = {name.partition("/")[0] for name in own - bundled}
    return {name for name in bundled if name.partition("/")[0] not in tops} if tops else frozenset()


def is_bundled(name: str) -> bool:
    """Whether a file comes with the toolkit, so that nobody asked for it."""
    if name in bundled.names():
        return True
    return name.startswith("google/") and any((root / name).is_file() for root in bundled_roots())
