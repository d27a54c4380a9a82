"""The descriptors of an earlier run: if only comments changed since, only the files with those are compiled.

A descriptor without its source info depends on what a file declares and on what
it imports, never on a comment of another file. So if the changed files compile
to the same descriptors as before, except for source info, all others do too.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb

from toolkit.descriptors.roots import Root, resolve
from toolkit.errors import InputError

_MOST_CHANGED = 40
"""Up to how many changed files are compiled alone: each is compiled with all that it imports."""


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
class KeptTree:
    """A tree that compiled without an error."""

    files: Mapping[str, str]
    """Name → path of the .proto files below the roots."""
    requested: frozenset[str]
    roots: Sequence[str]
    """The roots that protoc searched, in order."""
    structure: str
    """Identifies the descriptors without their source info."""
    sources: Mapping[str, Source]
    """What protoc read, by name; nothing for a file from a descriptor set that comes with the toolkit."""
    descriptors: Mapping[str, bytes]
    """The serialized ``google.protobuf.FileDescriptorProto`` of each file, by name."""

    @property
    def descriptor_set(self) -> bytes:
        """The serialized ``google.protobuf.FileDescriptorSet``."""
        return b"".join(b"\x0a" + _varint(len(content)) + content for content in self.descriptors.values())

    def now(self, files: Mapping[str, Path], own: Set[str], searched: Sequence[Root]) -> KeptTree | None:
        """The tree with its sources as they are now; None if it has other files now, or many of them changed."""
        if self.requested != own or self.roots != list(map(str, searched)):
            return None
        if self.files != {name: str(path) for name, path in files.items()}:
            return None
        try:
            now = replace(self, sources=dict(_sources(self.descriptors, searched)))
        except (OSError, InputError):
            return None
        if _paths(now.sources) != _paths(self.sources) or len(changed(self.sources, now.sources)) > _MOST_CHANGED:
            return None
        return now

    def with_comments(self, compiled: bytes, names: Iterable[str]) -> KeptTree | None:
        """The tree with the source info of files that were compiled anew; None if anything else of them changed."""
        fresh = _by_name(compiled)
        descriptors = dict(self.descriptors)
        for name in names:
            if _without_source_info(descriptors[name]) != _without_source_info(fresh[name]):
                return None
            descriptors[name] = fresh[name]
        return replace(self, descriptors=descriptors)


def changed(before: Mapping[str, Source], after: Mapping[str, Source]) -> list[str]:
    """The names of the sources that have another digest in another state of a tree."""
    return [name for name, source in before.items() if after[name].digest != source.digest]


def _sources(names: Iterable[str], roots: Sequence[Root]) -> Iterator[tuple[str, Source]]:
    """The sources that protoc finds by name now."""
    for name in names:
        path = resolve(name, roots)
        if path is not None:
            yield name, Source(path, source_digest(path))


def kept_tree(
    descriptor_set: bytes, files: Mapping[str, Path], requested: frozenset[str], roots: Sequence[Root]
) -> KeptTree:
    """A tree that was compiled whole, as it is now."""
    found = {name: str(path) for name, path in files.items()}
    descriptors = _by_name(descriptor_set)
    sources = dict(_sources(descriptors, roots))
    return KeptTree(found, requested, list(map(str, roots)), _digest(descriptor_set), sources, descriptors)


def read_kept(path: Path) -> KeptTree | None:
    """A tree that was written; None if there is none, or it is damaged."""
    with suppress(OSError, InputError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        head, _, blob = read_regular(path).partition(b"\n")
        content = json.loads(head)
        if content["blob"] != _digest(blob):
            return None
        descriptors, at = {}, 0
        for name, size in content["sizes"].items():
            descriptors[str(name)] = blob[at : at + size]
            at += size
        sources = {str(name): Source(str(path), str(digest)) for name, (path, digest) in content["sources"].items()}
        files = {str(name): str(path) for name, path in content["files"].items()}
        roots, requested = list(map(str, content["roots"])), frozenset(map(str, content["requested"]))
        return KeptTree(files, requested, roots, str(content["structure"]), sources, descriptors)
    return None


def write_kept(path: Path, tree: KeptTree) -> None:
    """Write a tree atomically."""
    blob = b"".join(tree.descriptors.values())
    content = {
        "blob": _digest(blob),
        "structure": tree.structure,
        "roots": tree.roots,
        "requested": sorted(tree.requested),
        "files": dict(tree.files),
        "sources": {name: [source.path, source.digest] for name, source in tree.sources.items()},
        "sizes": {name: len(descriptor) for name, descriptor in tree.descriptors.items()},
    }
    path.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with open(handle, "wb") as file:
        file.write(json.dumps(content).encode("utf-8", "surrogatepass") + b"\n" + blob)
    os.replace(temporary, path)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _paths(sources: Mapping[str, Source]) -> dict[str, str]:
    return {name: source.path for name, source in sources.items()}


def _by_name(descriptor_set: bytes) -> dict[str, bytes]:
    """The serialized descriptor of each file of a set; the first, if a file is in it more than once."""
    found: dict[str, bytes] = {}
    for file in pb.FileDescriptorSet.FromString(descriptor_set).file:
        if file.name not in found:
            found[file.name] = file.SerializeToString()
    return found


def _without_source_info(content: bytes) -> bytes:
    file = pb.FileDescriptorProto.FromString(content)
    file.ClearField("source_code_info")
    return file.SerializeToString(deterministic=True)


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])
