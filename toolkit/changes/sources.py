"""What OLD and NEW may be: a folder, a descriptor set, a git revision of the configured tree, or standard input."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.compile import Compilation, compile_tree, read_descriptor_set
from toolkit.errors import InputError, Place

_HINT = (
    "name a folder of .proto files, a descriptor set, - for standard input, or a revision and a folder, as main:protos"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One version of the protos."""

    compilation: Compilation
    folders: tuple[Path, ...] = ()
    """Where the files lie, if they do."""

    def on_disk(self, place: Place | None) -> Place | None:
        """A place as a path from the current folder, where the file is there."""
        for folder in self.folders if place is not None else ():
            assert place is not None
            path = folder / place.file
            if path.is_file():
                return replace(place, file=Path(os.path.relpath(path)).as_posix())
        return place


def read_source(name: str, roots: Sequence[Path]) -> Source:
    """Read one version; ``roots`` are the import roots of the configured tree.

    A revision is read in the repository of the current folder; without a path
    after the colon it means the configured roots in that revision. Raises
    :class:`InputError` for what is none of these.
    """
    if name == "-":
        return Source(read_descriptor_set(None))
    path = Path(name)
    if path.is_dir():
        folders = _with_other_roots(path, roots)
        return Source(compile_tree(folders), tuple(folders))
    if path.exists():
        return Source(read_descriptor_set(path))
    revision, colon, below = name.partition(":")
    if not revision or revision.startswith("-") or (not colon and re.search(r"\.(binpb|pb|bin|proto)\Z", name)):
        raise InputError(f"there is no file or folder {name!r}", hint=_HINT)
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", name=name)
    top = Path(os.fsdecode(_git("rev-parse", "--show-toplevel", name=name).rstrip(b"\n"))).resolve()
    return Source(_revision(name, top, commit.decode().strip(), [below] if below else _below_top(top, roots, name)))


def _with_other_roots(path: Path, roots: Sequence[Path]) -> list[Path]:
    """The folder, and where it is one of the configured roots the others too, from which it imports."""
    here = path.resolve()
    return (
        [path, *(root for root in roots if root.resolve() != here)] if here in {r.resolve() for r in roots} else [path]
    )


def _below_top(top: Path, roots: Sequence[Path], name: str) -> list[str]:
    """The roots as paths below the top of the repository."""
    found = []
    for root in roots:
        path = root.resolve()
        if path != top and top not in path.parents:
            raise InputError(f"{root} is not in the repository {top}", hint=f"name a folder of it: {name}:protos")
        found.append(path.relative_to(top).as_posix())
    return found


def _revision(name: str, top: Path, commit: str, paths: Sequence[str]) -> Compilation:
    """Compile folders of a commit, in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="toolkit-") as folder:
        roots = []
        for number, path in enumerate(paths):
            tree = commit if path in ("", ".") else f"{commit}:{path.rstrip('/')}"
            root = Path(folder, str(number))
            root.mkdir()
            _unpack(_git("-C", str(top), "archive", "--format=tar", tree, name=name, hidden=f"{commit}:"), root)
            roots.append(root)
        return compile_tree(roots)


def _unpack(content: bytes, root: Path) -> None:
    """Write the .proto files of an archive; links and whatever leads out of the folder are passed over."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            parts = member.name.split("/")
            if not (member.isreg() and member.name.endswith(".proto")) or ".." in parts or not parts[0]:
                continue
            read = archive.extractfile(member)
            path = root.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(read.read() if read is not None else b"")


def _git(*arguments: str, name: str, hidden: str = "") -> bytes:
    """What git prints; of what it says where it fails, ``hidden`` is left out."""
    try:
        ran = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S607 — the user's own git
    except FileNotFoundError:
        raise InputError(f"{name!r} is no file or folder, and git is not there to look for a revision") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").replace(hidden, "")
        raise InputError(f"{name!r} is no file, folder or revision" + (f": {said}" if said else ""), hint=_HINT)
    return ran.stdout
