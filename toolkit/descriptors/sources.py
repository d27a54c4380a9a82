"""What OLD and NEW may be: a folder, a descriptor set, a git revision of the configured tree, or standard input."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from toolkit.descriptors.compile import Compilation, compile_tree, find_files, read_descriptor_set
from toolkit.errors import InputError, Location

_HINT = (
    "name a folder of .proto files, a descriptor set, - for standard input, or a revision and a folder, as main:protos"
)

_FILE = re.compile(rb"(?:\A|\0)100\d+ blob (\w+)\t([^\0]*\.proto)(?=\0)")
"""A .proto file in what ``git ls-tree -z`` prints: its blob and its path."""


@dataclass(frozen=True, slots=True)
class Source:
    """One version of the protos."""

    compilation: Compilation
    folders: tuple[Path, ...] = ()
    """Where the files lie, if they do."""

    def on_disk(self, location: Location | None) -> Location | None:
        """A place as a path from the current folder, where the file is there."""
        for folder in self.folders if location is not None else ():
            assert location is not None
            path = folder / location.file
            if path.is_file():
                return replace(location, file=Path(os.path.relpath(path)).as_posix())
        return location


def read_source(name: str, roots: Sequence[Path]) -> Source:
    """Read one version; ``roots`` are the import roots of the configured tree.

    A folder that is one of them stands for its own files; the others are there
    for its imports. A revision is read in the repository of the current folder;
    without a path after the colon it means the configured roots in it. Raises
    :class:`InputError` for what is none of these.
    """
    if name == "-":
        return Source(read_descriptor_set(None))
    path = Path(name)
    if path.is_dir():
        others = _others(path, roots)
        return Source(_compiled([path], others), (path, *others))
    if path.exists():
        return Source(read_descriptor_set(path))
    revision, colon, below = name.partition(":")
    if not revision or revision.startswith("-") or (not colon and re.search(r"\.(binpb|pb|bin|proto)\Z", name)):
        raise InputError(f"there is no file or folder {name!r}", hint=_HINT)
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", name=name)
    top = Path(os.fsdecode(_git("rev-parse", "--show-toplevel", name=name).rstrip(b"\n"))).resolve()
    if below:
        here = top / below
        return Source(_revision(name, top, commit.decode().strip(), [here], _others(here, roots)))
    return Source(_revision(name, top, commit.decode().strip(), [root.resolve() for root in roots], []))


def _others(path: Path, roots: Sequence[Path]) -> list[Path]:
    """For one of the configured roots the others, which it may import from."""
    found = {root.resolve(): root for root in roots}
    return [root for here, root in found.items() if here != path.resolve()] if path.resolve() in found else []


def _compiled(roots: Sequence[Path], others: Sequence[Path]) -> Compilation:
    """Compile the roots; what is below others is there for their imports only."""
    compilation = compile_tree([*roots, *others])
    if not others or compilation.requested is None:
        return compilation
    apart = [os.path.abspath(other) + os.sep for other in others]
    inside = [os.path.abspath(root) + os.sep for root in roots]
    apart = [other for other in apart if not any(root.startswith(other) for root in inside)]
    files = find_files([*roots, *others])
    wanted = {
        name
        for name in compilation.requested & files.keys()
        if str(files[name]).startswith(tuple(inside)) and not str(files[name]).startswith(tuple(apart))
    }
    return replace(compilation, requested=frozenset(wanted))


def _revision(name: str, top: Path, commit: str, roots: Sequence[Path], others: Sequence[Path]) -> Compilation:
    """Compile folders of a commit, laid out in a folder as they are in the repository; other roots may be missing."""
    with tempfile.TemporaryDirectory(prefix="toolkit-") as folder:
        made: dict[bool, list[Path]] = {True: [], False: []}
        for root, needed in [*((root, True) for root in roots), *((other.resolve(), False) for other in others)]:
            if root != top and top not in root.parents:
                raise InputError(f"{root} is not in the repository {top}", hint=f"name a folder of it: {name}:protos")
            below = root.relative_to(top).as_posix()
            location = Path(folder, below)
            location.mkdir(parents=True, exist_ok=True)
            try:
                _unpack(top, commit if below == "." else f"{commit}:{below}", location, name, hidden=f"{commit}:")
            except InputError:
                if needed:
                    raise
                continue
            made[needed].append(location)
        if not find_files(made[True]):
            raise InputError(f"there is no .proto file in {name!r}", hint=_HINT)
        return _compiled(made[True], made[False])


def _unpack(top: Path, tree: str, folder: Path, name: str, *, hidden: str) -> None:
    """Write the .proto files of a tree into a folder; links and submodules are passed over.

    Not with ``git archive``: that leaves out, and changes, what .gitattributes say.
    """
    listed = _git("-C", str(top), "ls-tree", "-r", "-z", "--full-tree", tree, name=name, hidden=hidden)
    files = _FILE.findall(listed)
    blobs = b"".join(blob + b"\n" for blob, _ in files)
    contents = BytesIO(_git("-C", str(top), "cat-file", "--batch", name=name, stdin=blobs))
    for _, path in files:
        size = int(contents.readline().rpartition(b" ")[2])  # after the id and the type
        content = contents.read(size + 1)[:-1]  # a line feed follows
        file = Path(os.path.abspath(folder / os.fsdecode(path)))
        if folder in file.parents:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _git(*arguments: str, name: str, hidden: str = "", stdin: bytes = b"") -> bytes:
    """What git prints; of what it says where it fails, ``hidden`` is left out."""
    try:
        ran = subprocess.run(["git", *arguments], input=stdin, capture_output=True, check=False)  # noqa: S607 — the user's own git
    except FileNotFoundError:
        raise InputError(f"{name!r} is no file or folder, and git is not there to look for a revision") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").replace(hidden, "")
        raise InputError(f"{name!r} is no file, folder or revision" + (f": {said}" if said else ""), hint=_HINT)
    return ran.stdout
