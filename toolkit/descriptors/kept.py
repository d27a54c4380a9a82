"""The descriptors of an earlier run: of the files that did not change since, most need not be compiled again.

A descriptor without its source info, its shape, depends on what a file declares
and on the shapes of what it imports, never on a comment of another file. So a
file has to be compiled if it changed, or if what it imports, directly or not,
has another shape.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb

from toolkit.descriptors.roots import Root, resolve
from toolkit.errors import InputError

_MOST_CHANGED = 40
"""Up to how many changed files, or half of a tree, are compiled alone: each is compiled with all that it imports."""


def read_regular(path: str | Path) -> bytes:
    """The content of a regular file; anything else might never end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InputError(f"{str(path)!r} is not a regular file")
        return file.read()


def source_digest(path: str | Path) -> str:
    """The digest of a .proto file."""
    return _digest(read_regular(path))


@dataclass(frozen=True, slots=True)
class Source:
    """A file that protoc read."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A file as protoc compiled it."""

    content: bytes
    """The serialized ``google.protobuf.FileDescriptorProto``."""
    imports: Sequence[str]
    """The names of the files that it imports."""
    shape: str
    """The digest of the descriptor without its source info."""


@dataclass(frozen=True, slots=True)
class KeptTree:
    """A tree that compiled without an error."""

    requested: frozenset[str]
    roots: Sequence[str]
    """The roots that protoc searched, in order."""
    sources: Mapping[str, Source]
    """What protoc read, by name; nothing for a file from a descriptor set that comes with the toolkit."""
    files: Mapping[str, Compiled]
    """Those that are requested and what they import, by name, in the order in which protoc writes them."""

    @property
    def structure(self) -> str:
        """Identifies the descriptors without their source info."""
        shapes = [[name, file.shape] for name, file in self.files.items()]
        return _digest(json.dumps([sorted(self.requested), shapes]).encode("utf-8", "surrogatepass"))

    @property
    def descriptor_set(self) -> bytes:
        """The serialized ``google.protobuf.FileDescriptorSet``."""
        contents = [file.content for file in self.files.values()]
        return b"".join(b"\x0a" + _varint(len(content)) + content for content in contents)

    def changed(self, own: Set[str], searched: Sequence[Root]) -> Changed | None:
        """What changed since; None if it is most of the tree, or can't be known."""
        if self.roots != list(map(str, searched)):
            return None
        try:
            sources = dict(_sources([*self.files, *sorted(own - self.files.keys())], searched))
        except (OSError, InputError):
            return None
        files = [name for name in {**self.sources, **sources} if self.sources.get(name) != sources.get(name)]
        if len(files) > max(_MOST_CHANGED, len(own) // 2):
            return None
        return Changed(self, frozenset(own), sources, files)


@dataclass(frozen=True, slots=True)
class Changed:
    """A tree after changes."""

    before: KeptTree
    requested: frozenset[str]
    sources: Mapping[str, Source]
    """Those of the known names, as they are now."""
    files: Sequence[str]
    """What has another source now, or none."""

    @property
    def to_compile(self) -> Sequence[str]:
        """The changed files that are there."""
        return [name for name in self.files if name in self.sources]

    def importers(self, fresh: Mapping[str, Compiled]) -> Sequence[str]:
        """What imports a changed file that has another shape now, or is not there; ``fresh`` are the changed files."""
        known = self.before.files
        same = {name for name in self.to_compile if name in known and known[name].shape == fresh[name].shape}
        reached = _with_importers(set(self.files) - same, known)
        return sorted((reached & self.requested) - {*self.to_compile})

    def tree(self, fresh: Mapping[str, Compiled], roots: Sequence[Root]) -> KeptTree:
        """The tree as it is now; ``fresh`` is all that was compiled."""
        files = _imports_first(self.requested, {**self.before.files, **fresh})
        sources = {name: source for name, source in self.sources.items() if name in files}
        sources |= dict(_sources(files.keys() - self.sources.keys(), roots))
        return KeptTree(self.requested, self.before.roots, sources, files)


def _with_importers(names: Set[str], files: Mapping[str, Compiled]) -> Set[str]:
    """Files, and those that import them, directly or not."""
    importers: dict[str, list[str]] = {}
    for name, file in files.items():
        for imported in file.imports:
            importers.setdefault(imported, []).append(name)
    found, stack = set(names), [*names]
    while stack:
        new = [name for name in importers.get(stack.pop(), ()) if name not in found]
        found.update(new)
        stack += new
    return found


def _imports_first(names: Iterable[str], files: Mapping[str, Compiled]) -> dict[str, Compiled]:
    """Files and what they import, each after what it imports itself, as protoc writes them."""
    found: dict[str, Compiled] = {}
    started: set[str] = set()
    stack = [(name, False) for name in sorted(names, reverse=True)]
    while stack:
        name, is_done = stack.pop()
        if is_done:
            found[name] = files[name]
        elif name not in started:
            started.add(name)
            stack.append((name, True))
            stack += [(other, False) for other in reversed(files[name].imports) if other not in started]
    return found


def _sources(names: Iterable[str], roots: Sequence[Root]) -> Iterator[tuple[str, Source]]:
    """The sources that protoc finds by name now."""
    for name in names:
        path = resolve(name, roots)
        if path is not None:
            yield name, Source(path, source_digest(path))


def kept_tree(descriptor_set: bytes, requested: frozenset[str], roots: Sequence[Root]) -> KeptTree:
    """A tree that was compiled whole, as it is now."""
    files = compiled(descriptor_set)
    return KeptTree(requested, list(map(str, roots)), dict(_sources(files, roots)), files)


def compiled(descriptor_set: bytes) -> dict[str, Compiled]:
    """The files of a set by name; the first, if one is in it more than once."""
    found: dict[str, Compiled] = {}
    for file in pb.FileDescriptorSet.FromString(descriptor_set).file:
        if file.name not in found:
            content, imports = file.SerializeToString(), [*file.dependency, *getattr(file, "option_dependency", ())]
            file.ClearField("source_code_info")
            found[file.name] = Compiled(content, imports, _digest(file.SerializeToString(deterministic=True)))
    return found


def read_kept(path: Path) -> KeptTree | None:
    """A tree that was written; None if there is none, or it is damaged."""
    with suppress(OSError, InputError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        head, _, blob = read_regular(path).partition(b"\n")
        content = json.loads(head)
        if content["blob"] != _digest(blob):
            return None
        files, at = {}, 0
        for name, (size, imports, shape) in content["files"].items():
            files[str(name)] = Compiled(blob[at : at + size], list(map(str, imports)), str(shape))
            at += size
        sources = {str(name): Source(str(path), str(digest)) for name, (path, digest) in content["sources"].items()}
        roots, requested = list(map(str, content["roots"])), frozenset(map(str, content["requested"]))
        return KeptTree(requested, roots, sources, files)
    return None


def write_kept(path: Path, tree: KeptTree) -> None:
    """Write a tree atomically."""
    blob = b"".join(file.content for file in tree.files.values())
    content = {
        "blob": _digest(blob),
        "roots": tree.roots,
        "requested": sorted(tree.requested),
        "sources": {name: [source.path, source.digest] for name, source in tree.sources.items()},
        "files": {name: [len(file.content), file.imports, file.shape] for name, file in tree.files.items()},
    }
    path.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with open(handle, "wb") as file:
        file.write(json.dumps(content).encode("utf-8", "surrogatepass") + b"\n" + blob)
    os.replace(temporary, path)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])
