"""What compiles of a tree that does not compile whole: which files are left out, and why.

Left out are files that fail, of two that declare the same the copy, and what
imports either. Each has a :class:`~toolkit.errors.Diagnostic`, which names the
file that is the cause where it is another one.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from toolkit.descriptors import protoc
from toolkit.descriptors.declarations import Declarations, Declared
from toolkit.descriptors.outside import is_found, left_out_for, outside
from toolkit.descriptors.roots import Root
from toolkit.errors import Diagnostic, InputError, Location, grouped

_IMPORT_ERROR = re.compile(r'Import "(.+)" was not found or had errors')
_CONFLICT = re.compile(r'"(.+)" is already defined in file "(.+)"')
_MISSING = 'Import "{}" was not found'
_ADD_FOLDER = "add the folder that holds it with --import-path DIR"
_BUF = "if buf.yaml lists its module, run: buf export . -o DIR; then add --import-path DIR"
_DEPS = re.compile(rb"^deps:", re.M)

Reasons = Mapping[str, Diagnostic]
"""Why files are left out, by name."""


class NoneCompiles(InputError):
    """No file of a tree compiles."""


class SourceTree:
    """The files of a tree by name and what they import of others, what they declare, and who imports them."""

    def __init__(
        self,
        files: Mapping[str, Path],
        own: Set[str],
        includes: Sequence[Root],
        declared: Declared,
    ) -> None:
        self._includes = includes
        self._declared: dict[str, Declarations] = {}
        queue = list(own)
        while queue:
            name = queue.pop()
            if name not in self._declared and name in files:
                self._declared[name] = declared[files[name]]
                queue.extend(imported for imported, _ in self._declared[name].imports)
        self.files = self._declared.keys()
        self._importers: dict[str, list[tuple[str, int]]] = {}
        for name, read in sorted(self._declared.items()):
            for imported, line in read.imports:
                self._importers.setdefault(imported, []).append((name, line))

    def with_importers(self, causes: Reasons) -> dict[str, Diagnostic]:
        """Files that are left out, and all that import them, directly or not."""
        found = dict(causes)
        queue = deque(sorted(causes))
        while queue:
            name = queue.popleft()
            for importer, line in self._importers.get(name, ()):
                if importer not in found:
                    found[importer] = left_out_for(importer, line, name, found[name].cause or name)
                    queue.append(importer)
        return found

    def missing(self) -> dict[str, Diagnostic]:
        """The files that import what no root holds; the first of each such import is the cause of the others."""
        found: dict[str, Diagnostic] = {}
        for imported, importers in sorted(self._importers.items()):
            if imported in self.files or is_found(imported, self._includes):
                continue
            hint = self._where(imported)
            head = next((name for name, _ in importers if name not in found), "")
            for name, line in importers:
                cause = "" if name == head else head
                reason = _MISSING.format(imported)
                found.setdefault(name, Diagnostic(Location(name, line, 1), reason, hint, cause))
        return found

    def _where(self, imported: str) -> str:
        """What to do about an import that no root has."""
        last = imported.rpartition("/")[2]
        alike = [n for n in self._by_last[last] if n.endswith(f"/{imported}") or imported.endswith(f"/{n}")]
        if alike:
            name = max(alike, key=lambda name: (len(name), name))
            prefix = imported.removesuffix(f"/{name}")
            folder = next((root.folder for root in self._includes if not root.prefix and root.path(name)), None)
            fix = f"add --proto-path {prefix}={folder}" if folder and prefix != imported else _ADD_FOLDER
            return f'did you mean "{name}"? otherwise, {fix}'
        return _BUF if self._has_buf_dependencies else _ADD_FOLDER

    @functools.cached_property
    def _by_last(self) -> Mapping[str, Sequence[str]]:
        """The names of the files by their last parts."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.files:
            found[name.rpartition("/")[2]].append(name)
        return found

    @functools.cached_property
    def _has_buf_dependencies(self) -> bool:
        """Whether buf knows where to get imports from: a ``buf.yaml`` in a root, or next to it, has dependencies."""
        folders = {folder for root in self._includes for folder in (root.folder, root.folder.absolute().parent)}
        files = (folder / "buf.yaml" for folder in folders)
        return any(_DEPS.search(file.read_bytes()) for file in files if file.is_file())

    def copies(self, without: Iterable[str]) -> dict[str, Diagnostic]:
        """Of files that declare the same all but the one to keep; those of one folder or file have one cause."""
        owners: dict[str, str] = {}
        heads: dict[str, str] = {}
        found: dict[str, Diagnostic] = {}
        for name in sorted(self.files - set(without), key=self._rank):
            names = self._declared[name].names
            symbol = next((symbol for symbol in names if symbol in owners), None)
            if symbol is None:
                owners.update(dict.fromkeys(names, name))
                continue
            original = owners[symbol]
            folder = name.removesuffix(original)
            head = heads.setdefault(folder if folder != name else original, name)
            found[name] = _copy(name, symbol, original, "" if head == name else head)
        return found

    def without(self, causes: Reasons) -> dict[str, Diagnostic]:
        """All that is left out where some files fail; a copy takes the place of one that does."""
        found = self.with_importers(causes)
        return self.with_importers({**found, **self.copies(found)})

    def _rank(self, name: str) -> tuple[bool, int, str]:
        """Which of two files that declare the same is kept: one that others import by its name, or the shorter name."""
        return name not in self._importers, len(name), name

    def compiled(self, names: Sequence[str]) -> bytes:
        """The descriptor set of files; :class:`~toolkit.descriptors.protoc.DoesNotCompile`."""
        return b"".join(protoc.start(self._includes, names)[1])

    def failing(self, names: Sequence[str], said: Sequence[Diagnostic] = ()) -> dict[str, Diagnostic]:
        """Those of the files, and of what they import, that fail for themselves; ``said`` is known of them already."""
        return self._blamed([*protoc.check(self._includes, names), *said])

    def _blamed(self, said: Sequence[Diagnostic]) -> dict[str, Diagnostic]:
        """Of what protoc said of files and their imports the causes, by the file to leave out."""
        first: dict[str, Diagnostic] = {}
        for diagnostic in said:
            first.setdefault(diagnostic.location.file, diagnostic)
        importing = {name: match[1] for name, d in first.items() if (match := _IMPORT_ERROR.match(d.message))}
        losers = {name: self._loser(diagnostic) for name, diagnostic in first.items() if name not in importing}
        found = {loser.location.file: loser for loser in losers.values() if loser is not None}
        spared = {name: first[name] for name, loser in losers.items() if loser is not None and name not in found}
        covered, untried = self.with_importers(found), self.with_importers(spared)
        not_found = {d.location.file for d in said if d.message.startswith("File not found")}
        for name, imported in importing.items():
            location = first[name].location
            if name in covered or name in untried or imported in untried or name not in self.files:
                continue
            if imported in covered:
                found[name] = left_out_for(name, location.line, imported, covered[imported].cause or imported)
            else:
                found[name] = replace(first[name], hint=_ADD_FOLDER if imported in not_found else "")
            covered[name] = found[name]
        return found

    def _loser(self, diagnostic: Diagnostic) -> Diagnostic | None:
        """What protoc said of a file, or the same of the other one where two declare the same and that is the copy."""
        name = diagnostic.location.file
        conflict = _CONFLICT.match(diagnostic.message)
        if conflict is not None and conflict[2] in self.files:
            symbol, other = conflict.groups()
            copy = _copy(other, symbol, name, "")
            if name not in self.files or (
                self._rank(other) > self._rank(name) and name not in self.with_importers({other: copy})
            ):
                return copy
        return diagnostic if name in self.files else None


def missing_import(diagnostic: Diagnostic) -> str | None:
    """The import because of which a file was left out, if no import root has it."""
    before, after = _MISSING.split("{}")
    said = diagnostic.message
    return said.removeprefix(before).removesuffix(after) if said.startswith(before) and said.endswith(after) else None


def _copy(name: str, symbol: str, original: str, cause: str) -> Diagnostic:
    return Diagnostic(Location(name), f'declares "{symbol}" again, which is declared in {original}', cause=cause)


def known_copies(
    files: Mapping[str, Path], own: Set[str], includes: Sequence[Root], declared: Declared
) -> dict[str, Diagnostic]:
    """Copies in a folder of copies, which their names show, and what imports them."""
    for name in own:
        rest = name
        while "/" in rest:
            rest = rest.partition("/")[2]
            if rest in own and {*declared[files[name]].names} & {*declared[files[rest]].names}:
                tree = SourceTree(files, own, includes, declared)
                return tree.with_importers(tree.copies(()))
    return {}


def compile_what_compiles(
    files: Mapping[str, Path], own: Set[str], includes: Sequence[Root], declared: Declared
) -> tuple[bytes, list[str], Reasons]:
    """The descriptor set of those of the own files that compile together, their names, and why others were left out."""
    tree = SourceTree(files, own, includes, declared)
    causes = tree.missing() | outside({name: files[name] for name in tree.files}, includes, declared).irregular
    if not tree.without(causes):
        causes = tree.failing(sorted(own))
    while True:
        left_out = tree.without(causes)
        good = sorted(own - left_out.keys())
        if not good:
            reasons = list(map(str, grouped(sorted(left_out.values()))))
            raise NoneCompiles("no file compiles: " + "; ".join(reasons[:5]))
        try:
            return tree.compiled(good), good, left_out
        except protoc.DoesNotCompile as error:
            fresh = tree.failing(good, error.diagnostics)
            if tree.with_importers(fresh).keys().isdisjoint(good):
                raise InputError(error.message, hint=error.hint) from None
            causes |= {name: reason for name, reason in fresh.items() if name not in left_out}


def vendored_roots(files: Mapping[str, Path], own: Set[str], declared: Declared) -> list[Path]:
    """Folders inside the roots whose files others import by a shorter name, such as third_party/googleapis."""
    imported = {imported for name in own for imported, _ in declared[files[name]].imports}
    found: dict[Path, None] = {}

    def by_long_name(folder: str) -> bool:
        """Whether a file below the folder is imported by its name as it is: as a root it would give another."""
        return any(name.startswith(f"{folder}/") and name in files for name in imported)

    for name in sorted(own - imported):
        path = files[name]
        parts = name.split("/")
        for cut in range(1, len(parts)):
            short = "/".join(parts[cut:])
            if short in imported and short not in files and not by_long_name("/".join(parts[:cut])):
                found[path.parents[len(parts) - cut - 1]] = None
                break
    return list(found)
