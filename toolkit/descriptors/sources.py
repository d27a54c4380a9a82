"""What OLD and NEW may be: a folder, a descriptor set, a revision, a server, or standard input."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.descriptors.addresses import Access, is_address
from toolkit.descriptors.compile import Compilation, compile_tree, read_descriptor_set
from toolkit.descriptors.revisions import NoRevision, Revision
from toolkit.descriptors.roots import Root, Tree, find_files, resolve
from toolkit.descriptors.signals import temporary_folder
from toolkit.errors import Diagnostic, InputError, Location

_HINT = (
    "name a folder of .proto files, a descriptor set, - for standard input, a revision and a folder, as main:protos, "
    "or a server, as grpc://HOST:PORT"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One version of the protos."""

    compilation: Compilation
    roots: tuple[Root, ...] = ()
    """Where the files are, if they are on disk."""
    date: str = ""
    """The time of its commit, as in RFC 3339; empty if it is not one."""

    @property
    def left_out(self) -> Mapping[str, Diagnostic]:
        """Its files that do not compile, and why."""
        reasons = {diagnostic.location.file: diagnostic for diagnostic in self.compilation.diagnostics}
        return {name: reasons[name] for name in sorted(self.compilation.left_out)}

    def on_disk(self, location: Location | None) -> Location | None:
        """A place as a path from the current folder, where the file is there."""
        path = resolve(location.file, self.roots) if location is not None else None
        if location is None or path is None:
            return location
        return replace(location, file=Path(os.path.relpath(path)).as_posix())


def read_source(
    name: str, tree: Tree, settings: Path | None = None, home: Path = Path(), access: Access | None = None
) -> Source:
    """Read one version of the configured ``tree``, which is that of the ``settings`` file or of flags.

    A folder that is one of its import roots stands for its own files; the
    others are searched for its imports. ``access`` is for addresses. A revision is read in the repository of
    ``home``; without a path after the colon it means the tree that its own
    settings file describes, or that of now. Roots outside the repository are
    searched for its imports, as they are. Raises :class:`InputError` for what is
    not one of these.
    """
    if not name:
        raise InputError("the name of a version is empty: perhaps a variable is not set", hint=_HINT)
    if name == "-" or is_address(name):
        return Source(read_descriptor_set(None if name == "-" else name, tree.max_bytes, access))
    path = Path(name)
    if path.is_dir():
        one = _one_of(tree, path)
        return Source(compile_tree(one), one.searched)
    if path.exists():
        return Source(read_descriptor_set(path, tree.max_bytes))
    revision, colon, below = name.partition(":")
    if not revision or revision.startswith("-") or (not colon and re.search(r"\.(binpb|pb|bin|proto)\Z", name)):
        raise InputError(f"there is no file or folder {name!r}", hint=_HINT)
    try:
        found = Revision.of(revision, home)
    except NoRevision as error:
        said = f": {error.message}" if error.message else ""
        raise InputError(f"{name!r} is not a file, folder or revision{said}", hint=_HINT) from None
    tree = _tree_then(found, tree, settings)
    if not below:
        return _unpacked(found, tree)
    here = Path(os.path.normpath(found.top / below))  # a .. would lead out of where the revision is laid out
    one = _one_of(tree, here)
    if len(one.roots) == 1 and one.imports == tree.imports:
        outside = tuple(root for root in tree.roots if found.below(root.folder.resolve()) is None)
        one = replace(one, imports=(*tree.imports, *outside))
    return _unpacked(found, one)


def _one_of(tree: Tree, folder: Path) -> Tree:
    """The tree of one folder; where that is an import root of ours, the other ones are searched for its imports."""
    found = [root for root in tree.roots if root.folder.resolve() == folder.resolve()]
    others = tuple(root for root in tree.roots if root not in found) if found else ()
    return replace(tree, roots=tuple(found) or (Root(folder),), imports=(*tree.imports, *others))


def _tree_then(revision: Revision, tree: Tree, settings: Path | None) -> Tree:
    """The tree that a revision's own settings file describes; that of now where it has none or flags gave it."""
    now = replace(tree, roots=(Root(settings.parent if settings is not None else Path()),))
    if settings is None or _described(now, settings.read_bytes(), settings.parent) != tree:
        return tree
    below = revision.below(settings.resolve())
    content = revision.file(below) if below is not None else None
    return _described(tree, content, settings.parent) if content is not None else tree


def _described(tree: Tree, content: bytes, folder: Path) -> Tree:
    """The tree of a settings file; the given one, or its roots, where the file does not say."""
    try:
        named = tomllib.loads(content.decode("utf-8"))
    except ValueError:
        return tree
    roots, imports, exclude = (texts_of(named.get(key, [])) for key in ("proto_path", "import_path", "exclude"))
    if roots is None or imports is None or exclude is None:
        return tree
    return replace(
        tree,
        roots=tuple(Root.parse(text, folder) for text in roots) or tree.roots,
        imports=tuple(Root.parse(text, folder) for text in imports),
        exclude=exclude,
    )


def texts_of(value: Any) -> tuple[str, ...] | None:
    """The texts of a setting that is one or a list of them; None if it has something else."""
    found = value if isinstance(value, list) else [value]
    return tuple(found) if all(isinstance(each, str) and each for each in found) else None


def _unpacked(revision: Revision, tree: Tree) -> Source:
    """Compile folders of a commit, laid out as they are in the repository; those of imports may be missing from it."""
    with temporary_folder() as folder:

        def laid_out(root: Root) -> Root | None:
            """The root in the commit; None where only the imports of now are outside of the repository."""
            below = revision.below(root.folder.resolve())
            if below is None:
                return None
            place = Path(folder, below)
            revision.unpack(below, place)
            return replace(root, folder=place)

        own: list[Root] = []
        more: list[Root] = []
        for root in tree.roots:
            try:
                place = laid_out(root)
            except NoRevision as error:
                raise _no_folder(revision, root, error) from None
            (own if place is not None else more).append(place or root)  # as it is, for the imports of both sides
        for root in tree.imports:
            with suppress(NoRevision):
                more.append(laid_out(root) or root)
        if not own:
            raise InputError(f"{tree.roots[0]} is not in the repository {revision.top}", hint=_HINT)
        if not find_files(own):
            raise InputError(f"there is no .proto file in {revision.name!r}", hint=_HINT)
        home = revision.below(tree.home.resolve())
        then = replace(tree, roots=tuple(own), imports=tuple(more), home=Path(folder, home) if home else tree.home)
        return Source(compile_tree(then), date=revision.date)


def _no_folder(revision: Revision, root: Root, error: NoRevision) -> InputError:
    below = revision.below(root.folder.resolve())
    said = f"there is no folder {below!r} in the revision {revision.name!r}"
    said += f": {error.message.replace(f'{revision.commit}:', '')}"
    return InputError(said, hint=f"name the one that there is, as {revision.name}:protos")
