"""Where the .proto files of a tree are: import roots, what is only imported, what is excluded."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from toolkit.descriptors.declarations import declarations
from toolkit.descriptors.paths import is_below, with_slash
from toolkit.errors import InputError

_UNSPEAKABLE = re.compile(r"\A-|[\x00-\x1f\x7f\\\ud800-\udfff]")
"""Names that protoc would read as flags, or as several arguments."""
MAX_INPUT_BYTES = 1_000_000_000
"""The default limit of what is read."""
_VENDORED = frozenset(("third_party", "thirdparty", "third-party", "vendor", "node_modules"))
"""Names of directories for what other people wrote."""


@dataclass(frozen=True, slots=True)
class Root:
    """An import root: a folder, and what the names of the files in it begin with."""

    folder: Path
    prefix: str = ""
    """Without a slash at the end; protoc's ``-Iprefix=folder``."""

    @classmethod
    def parse(cls, text: str, base: Path = Path()) -> Root:
        """Read ``DIR`` or ``PREFIX=DIR``, relative to a folder; a folder with such a name is the folder."""
        prefix, equals, folder = text.partition("=")
        if not equals or not folder or (base / text).is_dir():
            return cls(base / text)
        return cls(base / folder, prefix.strip("/"))

    def __str__(self) -> str:
        return f"{self.prefix}={self.folder}" if self.prefix else str(self.folder)

    def path(self, name: str) -> str | None:
        """The path of the file that is imported by a name, if this root has it."""
        if self.prefix:
            if not name.startswith(f"{self.prefix}/"):
                return None
            name = name[len(self.prefix) + 1 :]
        path = os.path.join(self.folder, name)
        return path if os.path.exists(path) else None

    def name(self, path: str) -> str:
        """The name by which a file below the folder is imported."""
        below = os.path.relpath(path, self.folder).replace(os.sep, "/")
        return f"{self.prefix}/{below}" if self.prefix else below


@dataclass(frozen=True, slots=True)
class Tree:
    """The .proto files that are asked for, and what they are compiled with."""

    roots: tuple[Root, ...]
    """What is below these is asked for."""
    imports: tuple[Root, ...] = ()
    """What is below these is compiled only where a file imports it."""
    exclude: tuple[str, ...] = ()
    """Patterns, as in .gitignore, of files that are not asked for; they can still be imported."""
    home: Path = Path()
    """The folder that patterns are relative to; they also match the names by which files are imported."""
    max_bytes: int = MAX_INPUT_BYTES

    @classmethod
    def of(cls, roots: Tree | Iterable[Path]) -> Tree:
        """A tree, or that of folders that are import roots."""
        return roots if isinstance(roots, Tree) else cls(tuple(map(Root, roots)))

    @property
    def searched(self) -> tuple[Root, ...]:
        """All import roots, in the order in which protoc searches them."""
        return (*self.roots, *self.imports)

    def files(self) -> dict[str, Path]:
        """All .proto files by name; where two roots have a name, the first root wins."""
        return find_files(self.searched)

    def asked_for(self, files: Mapping[str, Path]) -> frozenset[str]:
        """The names of the :meth:`files` that are asked for; of the names of one file, those that are imported."""
        inside, imported = (tuple(with_slash(r.folder) for r in roots) for roots in (self.roots, self.imports))
        apart = tuple(other for other in imported if not any(own.startswith(other) for own in inside))
        names = [n for n, p in files.items() if (path := str(p)).startswith(inside) and not path.startswith(apart)]
        is_excluded = self._excluded()
        return _without_aliases({name: files[name] for name in names if not is_excluded(name, files[name])})

    def _excluded(self) -> Callable[[str, Path], bool]:
        if not self.exclude:
            return lambda name, path: False
        from pathspec import GitIgnoreSpec

        try:
            patterns = GitIgnoreSpec.from_lines(self.exclude)
        except ValueError as error:
            raise InputError(f"exclude has a pattern that is not valid: {error}") from None
        home = os.path.abspath(self.home)
        return lambda name, path: patterns.match_file(name) or patterns.match_file(os.path.relpath(path, home))


def _without_aliases(files: Mapping[str, Path]) -> frozenset[str]:
    """The names of files, of which some may be the same file by links or through roots with a prefix."""
    names_of: dict[tuple[int, int], list[str]] = {}
    for name, path in files.items():
        with suppress(OSError):
            found = os.stat(path)
            names_of.setdefault((found.st_dev, found.st_ino), []).append(name)
    groups = [names for names in names_of.values() if len(names) > 1]
    if not groups:
        return frozenset(files)
    imported = {name for path in files.values() for name, _ in declarations(path).imports}
    dropped: set[str] = set()
    for names in groups:
        kept = imported.intersection(names) or {min(names, key=lambda name: (_is_linked(files[name]), name))}
        dropped.update(set(names) - kept)
    return frozenset(files) - dropped


def _is_linked(path: Path) -> bool:
    return str(path) != os.path.realpath(path)


def is_vendored(path: str) -> bool:
    """Whether a path, with slashes, leads through a directory for what other people wrote."""
    return not _VENDORED.isdisjoint(path.split("/"))


def vendored_tops(paths: Iterable[str]) -> list[str]:
    """The directories for what other people wrote that are not in another one."""
    found: dict[str, None] = {}
    for path in paths:
        parts = path.split("/")[:-1]
        at = next((at for at, part in enumerate(parts) if part in _VENDORED), None)
        if at is not None:
            found["/".join(parts[: at + 1])] = None
    return list(found)


def resolve(name: str, roots: Iterable[Root]) -> str | None:
    """The path of the file that protoc reads for a name, also through links and in hidden folders; or None."""
    return next((path for root in roots if (path := root.path(name)) is not None), None)


def find_files(roots: Iterable[Root]) -> dict[str, Path]:
    """The .proto files under the roots by name; where two roots have a name, the first root wins.

    Links to folders are followed, except to a folder that the link is in, and
    to one that another link led to. Raises :class:`InputError` for a name that
    protoc cannot read.
    """
    found: dict[str, Path] = {}
    roots = tuple(roots)
    for root in roots:
        top = os.path.abspath(root.folder)
        others = {os.path.abspath(other.folder) for other in roots}
        inner = {other for other in others if other != top and is_below(other, top)}
        begin, prefix = len(with_slash(Path(top))), f"{root.prefix}/" if root.prefix else ""
        for path in _walk(top, inner):
            found.setdefault(prefix + path[begin:].replace(os.sep, "/"), Path(path))
    for name in found:
        if _UNSPEAKABLE.search(name):
            raise InputError(f"protoc cannot read a file named {name!r}", hint="rename or remove the file")
    return found


def _walk(top: str, inner: set[str]) -> Iterator[str]:
    """The paths of the .proto files below a folder, but not below the inner ones."""
    linked: set[str] = set()

    def is_wanted(folder: str, name: str) -> bool:
        path = os.path.join(folder, name)
        if name.startswith(".") or path in inner:
            return False
        if not os.path.islink(path):
            return True
        target = os.path.realpath(path)
        if target in linked or is_below(os.path.realpath(folder), target):
            return False
        linked.add(target)
        return True

    for folder, folders, names in os.walk(top, followlinks=True):
        folders[:] = sorted(name for name in folders if is_wanted(folder, name))
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".proto"))
