"""What makes protoc fail, or wait forever, and lies outside the files of a tree: found before protoc is started."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from toolkit.descriptors import bundled
from toolkit.descriptors.declarations import Declared
from toolkit.descriptors.roots import Root, resolve
from toolkit.errors import Diagnostic, Location

_IMPORT = re.compile(rb"""import\s+(?:\w+\s+)?["']([^"'\n]+)["']""")


@dataclass(frozen=True, slots=True)
class Outside:
    """What the files of a tree lead to."""

    irregular: dict[str, Diagnostic]
    """What is called .proto but is not a file, such as a pipe; and what leads there without being in the tree."""
    missing: Mapping[str, Set[str]]
    """By file of the tree what it seems to import that no root has."""

    def is_missing(self, files: Mapping[str, Path], own: Set[str], declared: Declared) -> bool:
        """Whether one of the own files does import what no root has."""
        for name in self.missing.keys() & own:
            imported = {imported for imported, _ in declared[files[name]].imports}
            if imported & self.missing[name] - bundled.names():
                return True
        return False


def outside(files: Mapping[str, Path], includes: Sequence[Root], declared: Declared) -> Outside:
    """What files lead to; what they import is followed where ``includes`` are given.

    Of the files ``declared``, which have been read, none is read again.
    """
    found = {name: _irregular(name) for name, path in files.items() if not os.path.isfile(path)}
    importers: dict[str, set[str]] = {}
    missing: dict[str, set[str]] = {}
    paths: dict[str, str | None] = {}
    queue = [(name, path) for name, path in files.items() if name not in found and includes]
    while queue:
        importer, path = queue.pop()
        read = declared.get(path)  # does not read it
        for name in _imported(path) if read is None else {name for name, _ in read.imports}:
            if name in files:
                continue
            if name not in importers:
                importers[name] = set()
                paths[name] = other = resolve(name, includes)
                if other is not None and os.path.isfile(other):
                    queue.append((name, Path(other)))
                elif other is not None:
                    found[name] = _irregular(name)
            importers[name].add(importer)
            if paths[name] is None:
                missing.setdefault(importer, set()).add(name)
    return Outside(found | _leading_to(found, importers, files), missing)


def _leading_to(
    found: Mapping[str, Diagnostic], importers: Mapping[str, Set[str]], files: Mapping[str, Path]
) -> dict[str, Diagnostic]:
    """The imported files that are not in the tree and lead to others."""
    behind = [name for name in found if name in importers]
    leading: dict[str, Diagnostic] = {}
    while behind:
        name = behind.pop()
        fresh = importers.get(name, set()) - files.keys() - found.keys() - leading.keys()
        leading |= {importer: left_out_for(importer, 1, name, name) for importer in fresh}
        behind += fresh
    return leading


def is_found(imported: str, includes: Sequence[Root]) -> bool:
    """Whether a root has a file, or it comes with the toolkit."""
    return imported in bundled.names() or resolve(imported, includes) is not None


def left_out_for(name: str, line: int, imported: str, cause: str) -> Diagnostic:
    """Why a file is left out that imports one which is."""
    return Diagnostic(Location(name, line, 1), f'imports "{imported}", which was left out', cause=cause)


def _irregular(name: str) -> Diagnostic:
    return Diagnostic(Location(name), "is not a regular file")


def _imported(path: Path) -> set[str]:
    """What a file imports, and perhaps what only looks so: read faster than it is understood."""
    try:
        with open(path, "rb") as file:
            return {name.decode("utf-8", "replace") for name in _IMPORT.findall(file.read())}
    except OSError:
        return set()
