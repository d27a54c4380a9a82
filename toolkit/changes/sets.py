"""Two descriptor sets → their changes, at the cost of what differs.

Files whose bytes are the same are not looked at. Of the others, messages,
enums and services at the top that are the same, comments included, are not
loaded. The work is done in parts, one a processor at a time. A part holds all
files of its packages; where packages came or went, or where files hold
extensions, they are in one part, so that what moved between them is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from functools import cached_property
from typing import Any

from google.protobuf import descriptor_pb2 as pb

from toolkit.changes.compare import compare_pair, order
from toolkit.changes.model import Change
from toolkit.changes.pair import Pair, Side
from toolkit.descriptors import options
from toolkit.descriptors.compile import Compilation, is_bundled
from toolkit.descriptors.extensions import extends
from toolkit.descriptors.loader import load_files
from toolkit.descriptors.model import Enum, Field
from toolkit.descriptors.parallel import fork_map
from toolkit.semantics.mappings import Mappings

_PARTS = 8
_TOP = {4: "message_type", 5: "enum_type", 6: "service"}
"""The elements of a file's top by their numbers in ``FileDescriptorProto``."""
_LOOSE = frozenset((3, 4, 5, 6, 9, 10, 11))
"""The members of a file that nothing at its top depends on: imports, elements, source info."""

Elements = Mapping[tuple[int, int], bytes]


class ParsedSet:
    """A descriptor set by files; those that nobody asked for are not compared."""

    def __init__(self, compilation: Compilation, *, whole: bool = False) -> None:
        parser = options.SetParser()
        self.compilation = compilation
        content = compilation.descriptor_set
        self.contents: dict[str, bytes] = {}
        self.packages: dict[str, list[str]] = {}
        """The files of each package that were asked for."""
        self.extending: set[str] = set()
        self.has_source_info = False
        """Whether a file to compare has it, and with it comments and lines."""
        asked = compilation.requested
        files = parser.know(content)
        parts = [content[start:end] for number, start, end in _members(content) if number == 1]
        if len(parts) != len(files):  # there is something among them that no compiler writes
            parts = [file.SerializeToString() for file in files]
        for file, part in zip(files, parts, strict=True):
            if file.name in self.contents:
                continue
            self.contents[file.name] = part
            if whole or (file.name in asked if asked is not None else not is_bundled(file.name)):
                self.packages.setdefault(file.package, []).append(file.name)
                self.has_source_info = self.has_source_info or len(file.source_code_info.location) > 0
            if extends(file):
                self.extending.add(file.name)
        self._found: dict[str, Enum | None] = {}
        self.package_of = {file: package for package, files in self.packages.items() for file in files}
        self._parser = parser
        self._skipped: Mapping[str, Set[tuple[int, int]]] = {}

    def parse(self, name: str) -> Any:
        """A file, by name."""
        return self._parser.file(name, self.contents[name])

    def limited(self, files: Set[str], skipped: Mapping[str, Set[tuple[int, int]]]) -> ParsedSet:
        """The same set with fewer files to compare, and without the elements of them at these source paths."""
        part = copy(self)
        part.package_of = {file: package for file, package in self.package_of.items() if file in files}
        part.packages = {}
        for file, package in part.package_of.items():
            part.packages.setdefault(package, []).append(file)
        part._skipped = skipped
        return part

    def tops(self, file: str) -> Iterator[tuple[str, tuple[str, tuple[int, int]]]]:
        """The messages, enums and services at the top of a file: full name, file and source path."""
        proto = self.parse(file)
        for number, member in _TOP.items():
            for at, element in enumerate(getattr(proto, member)):
                yield f"{proto.package}.{element.name}".lstrip("."), (file, (number, at))

    @cached_property
    def _enums(self) -> Mapping[str, str]:
        """The file of each enum."""
        return {name: file for file in self.contents for name in self.numbers(file)}

    def numbers(self, file: str) -> Mapping[str, list[tuple[str, int]]]:
        """The enums of a file by full name: the names and numbers of their values."""
        found: dict[str, list[tuple[str, int]]] = {}

        def within(scope: str, enums: Iterable[Any], messages: Iterable[Any]) -> None:
            for enum in enums:
                found[f"{scope}{enum.name}"] = [(value.name, value.number) for value in enum.value]
            for message in messages:
                within(f"{scope}{message.name}.", message.enum_type, message.nested_type)

        proto = pb.FileDescriptorProto.FromString(self.contents[file])
        within(f"{proto.package}." if proto.package else "", proto.enum_type, proto.message_type)
        return found

    def enum(self, name: str) -> Enum | None:
        """An enum by its full name."""
        if name not in self._found:
            file = self._enums.get(name)
            self._found |= self.side([self.parse(file)], {}).schema.enums if file is not None else {name: None}
        return self._found[name]

    @cached_property
    def _extensions(self) -> Mapping[str, Field]:
        return self.side([self.parse(file) for file in sorted(self.extending)], {}).schema.extensions

    def extension(self, name: str) -> Field | None:
        """An extension by its full name."""
        return self._extensions.get(name)

    def side(self, protos: Iterable[Any], skipped: Mapping[str, Set[tuple[int, ...]]]) -> Side:
        """Some of the files to compare."""
        skipped = {file: {*skipped.get(file, ()), *self._skipped.get(file, ())} for file in {*skipped, *self._skipped}}
        return Side(load_files(protos, self.contents, self.package_of.keys(), skipped), self)


def compare_sets(
    old: ParsedSet,
    new: ParsedSet,
    rules: Mappings,
    *,
    comments: bool = True,
    not_compared: Set[str] = frozenset(),
) -> list[Change]:
    """All that changed, as of :func:`toolkit.changes.compare.compare`; what one side could not compile is not."""
    renumbered = _renumbered(old, new)
    types = [f".{name}".encode() for name in renumbered]
    names = sorted(
        name
        for name in old.package_of.keys() | new.package_of.keys()
        if name not in old.package_of
        or name not in new.package_of
        or old.contents[name] != new.contents[name]
        or _mentions(new.contents[name], types)
    )
    parts = _parts(old, new, names)

    def part(names: Sequence[str]) -> list[Change]:
        before = {name: old.parse(name) for name in names if name in old.package_of}
        after = {name: new.parse(name) for name in names if name in new.package_of}
        skipped: tuple[dict[str, Set[tuple[int, int]]], dict[str, Set[tuple[int, int]]]] = ({}, {})
        for name in before.keys() & after.keys():
            was, now = _File(old.contents[name], before[name]), _File(new.contents[name], after[name])
            same = [paths for paths in _same(was, now, comments) if not _mentions(now.elements[paths[1]], types)]
            for side, paths in zip(skipped, zip(*same, strict=True), strict=False):
                side[name] = frozenset(paths)
        sides = old.side(before.values(), skipped[0]), new.side(after.values(), skipped[1])
        return compare_pair(Pair(*sides, rules, comments, not_compared, renumbered))

    weights = [sum(_weight(old, new, name) for name in names) for names in parts]
    return sorted((change for changes in fork_map(part, parts, weights) for change in changes), key=order)


def _renumbered(old: ParsedSet, new: ParsedSet) -> Set[str]:
    """The enums of which a name has another number, or the first value is another: unset fields follow."""
    differing = [n for n in old.contents.keys() | new.contents.keys() if old.contents.get(n) != new.contents.get(n)]
    before, after = (
        {name: values for file in differing if file in side.contents for name, values in side.numbers(file).items()}
        for side in (old, new)
    )
    return frozenset(name for name in before.keys() & after.keys() if _differ(before[name], after[name]))


def _differ(old: Sequence[tuple[str, int]], new: Sequence[tuple[str, int]]) -> bool:
    numbers = dict(old)
    first = [values[0][1] for values in (old, new) if values]  # none where nobody compiled it
    return len(set(first)) > 1 or any(numbers.get(name, number) != number for name, number in new)


def _mentions(content: bytes, types: Sequence[bytes]) -> bool:
    """Whether any of the types may be that of a field."""
    return any(name in content for name in types)


class _File:
    """A file in the pieces that are compared."""

    def __init__(self, content: bytes, proto: Any) -> None:
        self.proto = proto
        self.rest: list[tuple[int, bytes]] = []
        self.elements: dict[tuple[int, int], bytes] = {}
        counts = dict.fromkeys(_TOP, 0)
        for number, start, end in _members(content):
            if number in _TOP:
                self.elements[number, counts[number]] = content[start:end]
                counts[number] += 1
            elif number not in _LOOSE:
                self.rest.append((number, content[start:end]))

    @cached_property
    def comments(self) -> Mapping[tuple[int, ...], list[tuple[Sequence[int], str, str, Sequence[str]]]]:
        """The comments in each element of the top."""
        found: dict[tuple[int, ...], list[tuple[Sequence[int], str, str, Sequence[str]]]] = {}
        for location in self.proto.source_code_info.location:
            leading, trailing = location.leading_comments, location.trailing_comments
            detached = location.leading_detached_comments
            if leading or trailing or detached:
                path = location.path[:]
                found.setdefault(tuple(path[:2]), []).append((path[2:], leading, trailing, detached[:]))
        return found

    def name(self, path: tuple[int, int]) -> str:
        """The name of an element of the top."""
        return str(getattr(self.proto, _TOP[path[0]])[path[1]].name)


def _same(old: _File, new: _File, comments: bool) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The paths of elements that are the same in both, comments included."""
    if old.rest != new.rest:
        return
    by_content = {(path[0], content): path for path, content in new.elements.items()}
    for path, content in old.elements.items():
        other = by_content.get((path[0], content))
        if other is not None and not (comments and old.comments.get(path) != new.comments.get(other)):
            yield path, other


def _members(content: bytes) -> Iterator[tuple[int, int, int]]:
    """The members of a serialized message: number, and from where to where the value stands."""
    at, end = 0, len(content)
    while at < end:
        tag, at = _varint(content, at)
        kind = tag & 7
        start = at
        if kind == 2:
            size, start = _varint(content, at)
            at = start + size
        elif kind == 0:
            _, at = _varint(content, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:  # a group: no descriptor has one
            return
        yield tag >> 3, start, at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _weight(old: ParsedSet, new: ParsedSet, name: str) -> int:
    return len(old.contents.get(name, b"")) + len(new.contents.get(name, b""))


def _parts(old: ParsedSet, new: ParsedSet, names: Sequence[str]) -> list[list[str]]:
    """The files in parts that need not know of each other, about equally heavy."""
    together = old.packages.keys() ^ new.packages.keys()
    for name in names:
        packages = {side.package_of[name] for side in (old, new) if name in side.package_of}
        if len(packages) > 1 or name in old.extending or name in new.extending:
            together |= packages
    by_package: dict[str | None, list[str]] = {}
    for name in names:
        package = (new if name in new.package_of else old).package_of[name]
        by_package.setdefault(None if package in together else package, []).append(name)
    sized = [(sum(_weight(old, new, name) for name in files), files) for files in by_package.values()]
    parts: list[list[str]] = [[] for _ in range(_PARTS)]
    weights = [0] * _PARTS
    for weight, files in sorted(sized, key=lambda pair: (-pair[0], pair[1])):
        lightest = weights.index(min(weights))
        parts[lightest] += files
        weights[lightest] += weight
    return [part for part in parts if part]
