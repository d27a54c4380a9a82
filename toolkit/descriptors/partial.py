"""What compiles of a tree that does not compile whole: which files are left out, and why.

Left out are files that fail, of two that declare the same the copy, and what
imports either. Each has a :class:`~toolkit.errors.Diagnostic`, which names the
file that is the cause where it is another one.
"""

from __future__ import annotations

import functools
import os
import re
import tempfile
from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

from toolkit.descriptors import bundled, protoc
from toolkit.descriptors.declarations import Declarations, declarations
from toolkit.descriptors.parallel import WorkerKilled, fork_map, is_child
from toolkit.descriptors.roots import Root, resolve
from toolkit.errors import Diagnostic, InputError, Location, grouped

_CHUNK = 100
"""Files of which failing ones are looked for in one process."""
_IMPORT_ERROR = re.compile(r'Import "(.+)" was not found or had errors')
_CONFLICT = re.compile(r'"(.+)" is already defined in file "(.+)"')
_IMPORT = re.compile(rb"""import\s+(?:\w+\s+)?["']([^"'\n]+)["']""")
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
        known: Mapping[Path, Declarations] | None = None,
    ) -> None:
        self._includes = includes
        self._declared: dict[str, Declarations] = {}
        queue = list(own)
        while queue:
            name = queue.pop()
            if name not in self._declared and name in files:
                self._declared[name] = (known or {}).get(files[name]) or declarations(files[name])
                queue.extend(imported for imported, _ in self._declared[name].imports)
        self.files = self._declared.keys()
        self._importers: dict[str, list[tuple[str, int]]] = {}
        for name, declared in sorted(self._declared.items()):
            for imported, line in declared.imports:
                self._importers.setdefault(imported, []).append((name, line))

    def with_importers(self, causes: Reasons) -> dict[str, Diagnostic]:
        """Files that are left out, and all that import them, directly or not."""
        found = dict(causes)
        queue = deque(sorted(causes))
        while queue:
            name = queue.popleft()
            for importer, line in self._importers.get(name, ()):
                if importer not in found:
                    found[importer] = _left_out_for(importer, line, name, found[name].cause or name)
                    queue.append(importer)
        return found

    def missing(self) -> dict[str, Diagnostic]:
        """The files that import what no root holds; the first of each such import is the cause of the others."""
        found: dict[str, Diagnostic] = {}
        for imported, importers in sorted(self._importers.items()):
            if imported in self.files or imported in bundled.names() or resolve(imported, self._includes) is not None:
                continue
            head = next((name for name, _ in importers if name not in found), "")
            for name, line in importers:
                cause = "" if name == head else head
                reason = _MISSING.format(imported)
                found.setdefault(name, Diagnostic(Location(name, line, 1), reason, self._where(imported), cause))
        return found

    def _where(self, imported: str) -> str:
        """What to do about an import that no root has."""
        alike = [n for n in self.files if n.endswith(f"/{imported}") or imported.endswith(f"/{n}")]
        if alike:
            name = max(alike, key=lambda name: (len(name), name))
            prefix = imported.removesuffix(f"/{name}")
            folder = next((root.folder for root in self._includes if not root.prefix and root.path(name)), None)
            fix = f"add --proto-path {prefix}={folder}" if folder and prefix != imported else _ADD_FOLDER
            return f'did you mean "{name}"? otherwise, {fix}'
        return _BUF if self._has_buf_dependencies else _ADD_FOLDER

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

    def failing(self, names: Sequence[str]) -> tuple[bytes, dict[str, Diagnostic]]:
        """Those of the files that fail for themselves; the descriptor set of all of them where none does.

        protoc stops at the first file that fails, in the order given, so the
        files before it are known to be good.
        """
        found: dict[str, Diagnostic] = {}
        rest = list(names)
        while rest:
            try:
                content = self._compiled(rest)
            except protoc.DoesNotCompile as error:
                fresh = self._blamed(error.diagnostics)
                bad = self.with_importers(fresh).keys()
                first = min((at for at, name in enumerate(rest) if name in bad), default=None)
                if first is None:
                    raise InputError(error.message, hint=error.hint) from None
                found |= fresh
                rest = [name for name in rest[first:] if name not in bad]
            else:
                return content, found
        return b"", found

    def failing_in_parts(self, names: Sequence[str]) -> dict[str, Diagnostic]:
        """The same, several parts at a time."""
        size = max(_CHUNK, -(-len(names) // 32))
        parts = [names[at : at + size] for at in range(0, len(names), size)]
        found: dict[str, Diagnostic] = {}
        try:
            for failing in fork_map(lambda part: self.failing(part)[1], parts, list(map(len, parts))):
                found |= failing
        except WorkerKilled:
            raise InputError("protoc crashed", hint="a .proto file is nested too deeply, or damaged") from None
        return found

    def _compiled(self, names: Sequence[str]) -> bytes:
        if not is_child():
            return b"".join(protoc.start(self._includes, names)[1])
        roots = protoc.absolute(self._includes)
        with tempfile.TemporaryDirectory(prefix="toolkit-") as folder:
            code, said = protoc.in_this_process(roots, names, os.path.join(folder, "set"))
        if code:
            raise protoc.failure(code, said, roots)
        return b""

    def _blamed(self, said: Sequence[Diagnostic]) -> dict[str, Diagnostic]:
        """Of what protoc said of one file and its imports the causes, by the file to leave out."""
        first: dict[str, Diagnostic] = {}
        importing: dict[str, tuple[str, Diagnostic]] = {}
        for diagnostic in said:
            name, match = diagnostic.location.file, _IMPORT_ERROR.match(diagnostic.message)
            first.setdefault(name, diagnostic)
            if match is not None:
                importing.setdefault(name, (match[1], diagnostic))
        losers = [self._loser(diagnostic) for name, diagnostic in first.items() if name not in importing]
        found = {loser.location.file: loser for loser in losers if loser is not None}
        covered = self.with_importers(found)
        not_found = {d.location.file for d in said if d.message.startswith("File not found")}
        for name, (imported, diagnostic) in importing.items():
            if name in covered or name not in self.files:
                continue
            if imported in covered:
                found[name] = _left_out_for(
                    name, diagnostic.location.line, imported, covered[imported].cause or imported
                )
            else:
                hint = _ADD_FOLDER if imported in not_found else ""
                found[name] = Diagnostic(diagnostic.location, diagnostic.message, hint)
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


def _left_out_for(name: str, line: int, imported: str, cause: str) -> Diagnostic:
    return Diagnostic(Location(name, line, 1), f'imports "{imported}", which was left out', cause=cause)


def _copy(name: str, symbol: str, original: str, cause: str) -> Diagnostic:
    return Diagnostic(Location(name), f'declares "{symbol}" again, which is declared in {original}', cause=cause)


def irregular(files: Mapping[str, Path], includes: Sequence[Root]) -> dict[str, Diagnostic]:
    """What is called .proto but is not a file, such as a pipe, with what else is imported where ``includes`` are given.

    And the imported files that lead to it and are not among the files.
    """
    found = {name: _irregular(name) for name, path in files.items() if not os.path.isfile(path)}
    others: dict[str, set[str]] = {}
    queue = [(name, path) for name, path in files.items() if name not in found and includes]
    while queue:
        importer, path = queue.pop()
        for name in _imported(path):
            if name in files:
                continue
            if name not in others:
                others[name] = set()
                other = resolve(name, includes)
                if other is not None and os.path.isfile(other):
                    queue.append((name, Path(other)))
                elif other is not None:
                    found[name] = _irregular(name)
            others[name].add(importer)
    behind = [name for name in found if name in others]
    while behind:
        name = behind.pop()
        fresh = {importer for importer in others.get(name, ()) if importer not in files and importer not in found}
        found |= {importer: _left_out_for(importer, 1, name, name) for importer in fresh}
        behind += fresh
    return found


def _irregular(name: str) -> Diagnostic:
    return Diagnostic(Location(name), "is not a regular file")


def _imported(path: Path) -> set[str]:
    """What a file imports, and perhaps what only looks so: read faster than it is understood."""
    try:
        return {name.decode("utf-8", "replace") for name in _IMPORT.findall(path.read_bytes())}
    except OSError:
        return set()


def known_copies(files: Mapping[str, Path], own: Set[str], includes: Sequence[Root]) -> dict[str, Diagnostic]:
    """Copies in a folder of copies, which their names show, and what imports them: protoc finds one at a time."""
    read = functools.cache(declarations)
    for name in own:
        rest = name
        while "/" in rest:
            rest = rest.partition("/")[2]
            if rest in own and {*read(files[name]).names} & {*read(files[rest]).names}:
                tree = SourceTree(files, own, includes)
                return tree.with_importers(tree.copies(()))
    return {}


def compile_what_compiles(
    files: Mapping[str, Path], own: Set[str], includes: Sequence[Root], known: Mapping[Path, Declarations]
) -> tuple[bytes, list[str], Reasons]:
    """The descriptor set of those of the own files that compile together, their names, and why others were left out."""
    tree = SourceTree(files, own, includes, known)
    causes = tree.missing() | irregular({name: files[name] for name in tree.files}, includes)
    tried: set[str] = set()
    while True:
        left_out = tree.without(causes)
        good = sorted(own - left_out.keys())
        if not good:
            reasons = list(map(str, grouped(sorted(left_out.values()))))
            raise NoneCompiles("no file compiles: " + "; ".join(reasons[:5]))
        fresh = [name for name in good if name not in tried]
        if len(fresh) > _CHUNK:
            tried.update(fresh)
            causes |= tree.failing_in_parts(fresh)
            continue
        content, failing = tree.failing(good)
        if not failing:
            return content, good, left_out
        causes |= failing


def vendored_roots(files: Mapping[str, Path], own: Set[str], known: Mapping[Path, Declarations]) -> list[Path]:
    """Folders inside the roots whose files others import by a shorter name, such as third_party/googleapis."""
    imported = {name for declared in known.values() for name, _ in declared.imports}
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
