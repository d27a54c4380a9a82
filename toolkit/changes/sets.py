"""Two descriptor sets → their changes, at the cost of what differs: files that are the same are not loaded.

What is left is compared in parts, one a processor at a time. A part holds all
files of its packages; where packages came or went, or where files hold
extensions, they are in one part, so that what moved between them is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import Any

from toolkit import options
from toolkit.changes.compare import compare_pair, order
from toolkit.changes.model import Change
from toolkit.changes.pair import Pair, Side
from toolkit.compile import Compilation, is_bundled
from toolkit.loader import load_files
from toolkit.parallel import fork_map
from toolkit.rules import Rules
from toolkit.schema import Enum

_PARTS = 8


class ParsedSet:
    """A descriptor set, parsed; the files that nobody asked for are left out of comparing."""

    def __init__(self, compilation: Compilation, *, whole: bool = False) -> None:
        self.protos: dict[str, Any] = {}
        for proto in options.SetParser().parse(compilation.descriptor_set).file:
            self.protos.setdefault(proto.name, proto)
        asked = compilation.requested
        self.requested: Set[str] = {
            name for name in self.protos if whole or (name in asked if asked is not None else not is_bundled(name))
        }

    @cached_property
    def packages(self) -> Mapping[str, list[str]]:
        """The files of each package that were asked for."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.requested):
            found.setdefault(self.protos[name].package, []).append(name)
        return found

    @cached_property
    def _enums(self) -> Mapping[str, str]:
        """The file of each enum."""
        found: dict[str, str] = {}

        def within(scope: str, holder: Any, file: str) -> None:
            for enum in holder.enum_type:
                found[f"{scope}{enum.name}"] = file
            for message in holder.message_type if hasattr(holder, "message_type") else holder.nested_type:
                within(f"{scope}{message.name}.", message, file)

        for name, proto in self.protos.items():
            within(f"{proto.package}." if proto.package else "", proto, name)
        return found

    def enum(self, name: str) -> Enum | None:
        """An enum by its full name."""
        file = self._enums.get(name)
        return load_files(self.protos, [file], frozenset()).enums.get(name) if file is not None else None

    def side(self, names: Iterable[str]) -> Side:
        """Some of the files to compare."""
        return Side(load_files(self.protos, [name for name in names if name in self.requested], self.requested), self)


def compare_sets(old: ParsedSet, new: ParsedSet, rules: Rules, *, comments: bool = True) -> list[Change]:
    """All that changed, as of :func:`toolkit.changes.compare.compare`."""
    parts = _parts(old, new, _differing(old, new))

    def part(names: Sequence[str]) -> list[Change]:
        return compare_pair(Pair(old.side(names), new.side(names), rules, comments=comments))

    weights = [sum(_weight(each, name) for each in (old, new) for name in names) for names in parts]
    return sorted((change for changes in fork_map(part, parts, weights) for change in changes), key=order)


def _weight(side: ParsedSet, name: str) -> int:
    return int(side.protos[name].ByteSize()) if name in side.protos else 0


def _differing(old: ParsedSet, new: ParsedSet) -> list[str]:
    """The files that are not the same but for where things stand; those of one set only are among them."""
    return [
        name
        for name in sorted(old.requested | new.requested)
        if not (name in old.requested and name in new.requested and _same(old.protos[name], new.protos[name]))
    ]


def _same(old: Any, new: Any) -> bool:
    return _comments(old) == _comments(new) and _bare(old) == _bare(new)


def _comments(proto: Any) -> list[tuple[Sequence[int], str, str]]:
    return [
        (location.path[:], location.leading_comments, location.trailing_comments)
        for location in proto.source_code_info.location
        if location.leading_comments or location.trailing_comments
    ]


def _bare(proto: Any) -> bytes:
    """A file without its source info, which is the last of its large members."""
    kept = type(proto)()
    kept.CopyFrom(proto)
    kept.ClearField("source_code_info")
    return bytes(kept.SerializeToString(deterministic=True))


def _parts(old: ParsedSet, new: ParsedSet, names: Sequence[str]) -> list[list[str]]:
    """The files in parts that need not know of each other, about equally heavy."""
    by_package: dict[str, list[str]] = {}
    together = old.packages.keys() ^ new.packages.keys()
    for name in names:
        protos = [side.protos[name] for side in (old, new) if name in side.requested]
        packages = {proto.package for proto in protos}
        if len(packages) > 1 or any(_extends(proto) for proto in protos):
            together |= packages
    for name in names:
        package = (new if name in new.requested else old).protos[name].package
        by_package.setdefault("" if package in together else package, []).append(name)
    parts: list[tuple[int, list[str]]] = [(0, []) for _ in range(_PARTS)]
    for files in sorted(by_package.values(), key=lambda files: (-sum(map(len, files)), files)):
        weight, part = min(parts, key=lambda part: part[0])
        size = sum(_weight(side, name) for side in (old, new) for name in files)
        parts[parts.index((weight, part))] = weight + size, part + files
    return [part for _, part in parts if part]


def _extends(proto: Any) -> bool:
    return len(proto.extension) > 0 or any(map(_extends_within, proto.message_type))


def _extends_within(message: Any) -> bool:
    return len(message.extension) > 0 or any(map(_extends_within, message.nested_type))
