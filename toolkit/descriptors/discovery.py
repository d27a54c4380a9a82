"""How a stranger's tree is laid out: what buf says of it, or the import roots by which most of its imports resolve."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from toolkit.descriptors.compile import is_bundled
from toolkit.descriptors.declarations import Declarations, declarations
from toolkit.descriptors.roots import Root, find_files, is_vendored, vendored_tops
from toolkit.errors import InputError, Location

_CONVENTIONAL = ("proto", "protos", "protobuf", "protobufs", "api", "src")
_SETS = (".binpb", ".pb", ".desc", ".protoset")
_WORKSPACE = "buf.work.yaml"
_MODULE = "buf.yaml"


@dataclass(frozen=True, slots=True)
class Layout:
    """The settings that fit a tree; paths are relative to its folder, with slashes."""

    proto_path: tuple[str, ...] = ()
    import_path: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    descriptor_set: str = ""
    """A descriptor set, where there is no .proto file."""
    found_in: tuple[str, ...] = ()
    """The files of buf that say so; none where the layout was inferred."""
    dependencies: tuple[str, ...] = ()
    """The modules that buf would fetch."""


def find_layout(folder: Path) -> Layout:
    """The layout of a tree; one without import roots or descriptor set where there is nothing to read.

    Raises :class:`InputError` for a file of buf that cannot be read.
    """
    paths = sorted(find_files([Root(folder)]))
    if not paths:
        sets = sorted(path.name for path in folder.iterdir() if path.suffix in _SETS and path.is_file())
        return Layout(descriptor_set=sets[0]) if len(sets) == 1 else Layout()
    said, inferred = _Buf(folder).layout(paths), _Inferred.of(folder, paths)
    own = said.proto_path or inferred.own()
    foreign = [root for root in inferred.vendored() if root not in own]
    return replace(said, proto_path=tuple(root or "." for root in dict.fromkeys(own)), import_path=tuple(foreign))


@dataclass(frozen=True, slots=True)
class _Buf:
    """The modules that buf.yaml and buf.work.yaml describe.

    Source: https://buf.build/docs/configuration, versions v1beta1, v1 and v2.
    """

    folder: Path

    def layout(self, paths: Iterable[str]) -> Layout:
        """What is said of a tree with these files; without import roots where nothing is."""
        paths = list(paths)
        tops = self._tops(paths)
        modules = [module for top in tops for module in self._modules(top)]
        holding = {path for module, _ in modules for path in paths if _is_in(path, module)}
        roots = tuple(dict.fromkeys(module for module, _ in modules if any(_is_in(p, module) for p in holding)))
        return Layout(
            proto_path=roots,
            exclude=tuple(dict.fromkeys(f"/{one}" for _, excluded in modules for one in excluded)),
            found_in=tuple(_join(top, name) for top in tops for name in (_WORKSPACE, _MODULE) if self._has(top, name)),
            dependencies=tuple(dict.fromkeys(self._dependencies(tops, roots))),
        )

    def _tops(self, paths: Iterable[str]) -> list[str]:
        """The directories of workspaces and modules: the folder itself, or else those below it."""
        if self._has("", _WORKSPACE) or self._has("", _MODULE):
            return [""]
        folders = {parent for path in paths if not is_vendored(path) for parent in _parents(path)}
        found = sorted(folder for folder in folders if self._has(folder, _WORKSPACE) or self._has(folder, _MODULE))
        return [folder for folder in found if not any(_is_in(folder, other) for other in found if other != folder)]

    def _modules(self, top: str) -> Iterator[tuple[str, list[str]]]:
        """The import roots of a workspace or module, each with the paths that are excluded."""
        content = self._read(top, _MODULE)
        if content.get("version") == "v2":
            for table in _tables(content.get("modules")) or [{}]:
                excluded = [_join(top, each) for each in _texts(table.get("excludes"))]
                yield _join(top, _text(table.get("path", "."))), excluded
            return
        for folder in _texts(self._read(top, _WORKSPACE).get("directories")) or [""]:
            module = _join(top, folder)
            build = self._read(module, _MODULE).get("build")
            build = build if isinstance(build, dict) else {}
            for root in _texts(build.get("roots")) or [""]:
                here = _join(module, root)
                yield here, [_join(module, each) for each in _texts(build.get("excludes"))]

    def _dependencies(self, tops: Iterable[str], roots: Iterable[str]) -> Iterator[str]:
        for folder in dict.fromkeys((*tops, *roots)):
            yield from _texts(self._read(folder, _MODULE).get("deps"))

    def _has(self, folder: str, name: str) -> bool:
        return (self.folder / folder / name).is_file()

    def _read(self, folder: str, name: str) -> dict[str, Any]:
        path = self.folder / folder / name
        if not path.is_file():
            return {}
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            mark = getattr(error, "problem_mark", None)
            place = Location(str(path), mark.line + 1 if mark else 0)
            raise InputError(f"not valid YAML: {getattr(error, 'problem', error)}", location=place) from None
        return content if isinstance(content, dict) else {}


@dataclass(frozen=True)
class _Inferred:
    """The layout of a tree of which buf says nothing."""

    declared: Mapping[str, Declarations]
    """By path."""

    @classmethod
    def of(cls, folder: Path, paths: Iterable[str]) -> _Inferred:
        return cls({path: declarations(folder / path) for path in paths})

    def own(self) -> tuple[str, ...]:
        """The roots of what the tree's authors wrote; a folder with nothing else is its own root."""
        found, prefixes = self._roots
        own = [root for root in found if not is_vendored(root)]
        for path in self.declared if not prefixes else ():
            if not is_vendored(path) and not any(_is_in(path, root) for root in own):
                own.append(self._alone(path))
        return (*own, *(f"{prefix}=." for prefix in prefixes)) or ("",)

    def vendored(self) -> tuple[str, ...]:
        """The roots of what other people wrote, where that is not the whole tree."""
        if all(map(is_vendored, self.declared)):
            return ()
        found = [root for root in self._roots[0] if is_vendored(root)]
        return tuple(dict.fromkeys([*found, *vendored_tops(self.declared)]))

    @cached_property
    def _roots(self) -> tuple[list[str], list[str]]:
        """The directories by which imports resolve, and the prefixes by which they do in the folder, best first."""
        importers = Counter(name for found in self.declared.values() for name in {name for name, _ in found.imports})
        resolving = self._resolving(importers)
        unresolved = set(importers)
        found: list[tuple[str, str]] = []
        claimed: dict[str, str] = {}

        def gained(root: tuple[str, str]) -> dict[str, str]:
            if not root[1] and any(_is_in(path, root[0]) and by != root[0] for path, by in claimed.items() if root[0]):
                return {}  # its files have names in an outer root already
            return {name: p for name, p in resolving[root].items() if name in unresolved and p not in claimed}

        while resolving:
            # Of the same weight, the shorter one: a copy of a tree is below it.
            weights = {root: -sum(importers[name] for name in gained(root)) for root in resolving}
            best = min(resolving, key=lambda root: (weights[root], *map(len, root), root))
            names = gained(best)
            del resolving[best]
            if not all(map(is_bundled, names)):
                found.append(best)
                claimed |= dict.fromkeys(names.values(), best[0])
            unresolved -= names.keys()
        return [root for root, prefix in found if not prefix], [prefix for _, prefix in found if prefix]

    def _resolving(self, imported: Iterable[str]) -> dict[tuple[str, str], dict[str, str]]:
        """Directories and prefixes, each with the imports that would resolve by it, and the files to which."""
        by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.declared:
            by_name[path.rpartition("/")[2]].append(path)
        found: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for name in imported:
            for path in by_name[name.rpartition("/")[2]]:
                if path == name or path.endswith(f"/{name}"):
                    found[path[: -len(name)].rstrip("/"), ""][name] = path
                elif name.endswith(f"/{path}") and not is_vendored(path):
                    found["", name[: -len(path) - 1]][name] = path
        return dict(found)

    def _alone(self, path: str) -> str:
        """The root of a file that no import leads to: above the directories of its package, or by its name."""
        folder = path.rpartition("/")[0]
        package = self.declared[path].package.replace(".", "/")
        if package and (folder == package or folder.endswith(f"/{package}")):
            return folder[: -len(package)].rstrip("/")
        first = path.partition("/")[0]
        return first if first in _CONVENTIONAL and folder else ""


def _parents(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _is_in(path: str, folder: str) -> bool:
    return folder in ("", ".") or path == folder or path.startswith(f"{folder}/")


def _join(folder: str, path: str) -> str:
    joined = os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")
    return "" if joined == "." else joined


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _tables(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
