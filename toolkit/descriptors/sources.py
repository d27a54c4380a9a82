"""What OLD and NEW may be: a folder, a descriptor set, a git revision of the configured tree, or standard input."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.descriptors.compile import Compilation, compile_tree, find_files, read_descriptor_set
from toolkit.descriptors.revisions import NoRevision, Revision
from toolkit.errors import Diagnostic, InputError, Location

_HINT = (
    "name a folder of .proto files, a descriptor set, - for standard input, or a revision and a folder, as main:protos"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One version of the protos."""

    compilation: Compilation
    folders: tuple[Path, ...] = ()
    """Where the files lie, if they do."""

    @property
    def left_out(self) -> Mapping[str, Diagnostic]:
        """Its files that do not compile, and why."""
        reasons = {diagnostic.location.file: diagnostic for diagnostic in self.compilation.diagnostics}
        return {name: reasons[name] for name in sorted(self.compilation.left_out)}

    def on_disk(self, location: Location | None) -> Location | None:
        """A place as a path from the current folder, where the file is there."""
        for folder in self.folders if location is not None else ():
            assert location is not None
            path = folder / location.file
            if path.is_file():
                return replace(location, file=Path(os.path.relpath(path)).as_posix())
        return location


def read_source(name: str, roots: Sequence[Path], settings: Path | None = None, home: Path = Path()) -> Source:
    """Read one version; ``roots`` are the import roots of the configured tree, by the ``settings`` file or by flags.

    A folder that is one of them stands for its own files; the others are there
    for its imports. A revision is read in the repository of ``home``; without a
    path after the colon it means the roots that its own settings file names, or
    those of now. Roots outside the repository are there for its imports, as
    they are. Raises :class:`InputError` for what is not one of these.
    """
    if not name:
        raise InputError("the name of a version is empty: perhaps a variable is not set", hint=_HINT)
    if name == "-":
        return Source(read_descriptor_set(None))
    path = Path(name)
    if path.is_dir():
        others = _others(path, roots)
        return Source(compile_tree([path], others), (path, *others))
    if path.exists():
        return Source(read_descriptor_set(path))
    revision, colon, below = name.partition(":")
    if not revision or revision.startswith("-") or (not colon and re.search(r"\.(binpb|pb|bin|proto)\Z", name)):
        raise InputError(f"there is no file or folder {name!r}", hint=_HINT)
    try:
        found = Revision.of(revision, home)
    except NoRevision as error:
        said = f": {error.message}" if error.message else ""
        raise InputError(f"{name!r} is not a file, folder or revision{said}", hint=_HINT) from None
    roots = _roots_then(found, roots, settings)
    if below:
        here = Path(os.path.normpath(found.top / below))  # a .. would lead out of where the revision is laid out
        outside = [root for root in roots if found.below(root.resolve()) is None]
        return _unpacked(found, [here], _others(here, roots) or outside)
    return _unpacked(found, roots, [])


def _others(path: Path, roots: Sequence[Path]) -> list[Path]:
    """For one of the configured roots the others, which it may import from."""
    found = {root.resolve(): root for root in roots}
    return [root for here, root in found.items() if here != path.resolve()] if path.resolve() in found else []


def _roots_then(revision: Revision, roots: Sequence[Path], settings: Path | None) -> Sequence[Path]:
    """The import roots that a revision's own settings file names; those of now where it has none or flags gave them."""
    if settings is None or (_named_roots(settings.read_bytes(), settings.parent) or [Path()]) != list(roots):
        return roots
    below = revision.below(settings.resolve())
    content = revision.file(below) if below is not None else None
    return (_named_roots(content, settings.parent) if content is not None else []) or roots


def _named_roots(content: bytes, folder: Path) -> list[Path]:
    """The ``proto_path`` of a settings file; nothing where it has none that could be used."""
    try:
        named = tomllib.loads(content.decode("utf-8")).get("proto_path", [])
    except ValueError:
        return []
    named = named if isinstance(named, list) else [named]
    return [folder / each for each in named] if all(isinstance(each, str) and each for each in named) else []


def _unpacked(revision: Revision, roots: Sequence[Path], others: Sequence[Path]) -> Source:
    """Compile folders of a commit, laid out as they are in the repository; other roots may be missing from it."""
    with tempfile.TemporaryDirectory(prefix="toolkit-") as folder:
        own: list[Path] = []
        more: list[Path] = []
        for root in [*roots, *others]:
            below = revision.below(root.resolve())
            if below is None:  # as it is, for the imports of both sides
                more.append(root)
                continue
            place = Path(folder, below)
            try:
                revision.unpack(below, place)
            except NoRevision as error:
                if root in others:
                    continue
                said = f"there is no folder {below!r} in the revision {revision.name!r}"
                said += f": {error.message.replace(f'{revision.commit}:', '')}"
                raise InputError(said, hint=f"name the one that there is, as {revision.name}:protos") from None
            (more if root in others else own).append(place)
        if not own:
            raise InputError(f"{roots[0]} is not in the repository {revision.top}", hint=_HINT)
        if not find_files(own):
            raise InputError(f"there is no .proto file in {revision.name!r}", hint=_HINT)
        return Source(compile_tree(own, more))
