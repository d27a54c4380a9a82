"""Revisions of a git repository, read without a checkout; git neither fetches anything nor runs what is configured."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from toolkit.errors import InputError

_ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "GIT_TERMINAL_PROMPT": "0"}
"""What is not in the repository is not fetched: that runs programs that its configuration names."""
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_FILE = re.compile(rb"(?:\A|\0)100\d+ blob (\w+)\t([^\0]*\.proto)(?=\0)")
"""A .proto file in what ``git ls-tree -z`` prints: its blob and its path."""


class NoRevision(InputError):
    """A name is not that of a revision, or the folder is not in it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of a repository."""

    name: str
    """As it was asked for."""
    commit: str
    top: Path
    """The folder of the repository."""

    @classmethod
    def of(cls, name: str, folder: Path) -> Revision:
        """The commit of that name in the repository of a folder; :class:`NoRevision` where there is none."""
        commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        top = _git(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")
        return cls(name, commit.decode().strip(), Path(os.fsdecode(top)).resolve())

    @property
    def date(self) -> str:
        """The time of the commit in UTC, as in RFC 3339."""
        seconds = int(_git(self.top, "show", "--no-patch", "--format=%ct", self.commit))
        return f"{datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()}Z"

    def below(self, path: Path) -> str | None:
        """A path as the repository names it; None where it is not inside."""
        return path.relative_to(self.top).as_posix() if path == self.top or self.top in path.parents else None

    def file(self, path: str) -> bytes | None:
        """What a file holds; None where there is none."""
        try:
            return _git(self.top, "cat-file", "blob", f"{self.commit}:{path}")
        except NoRevision:
            return None

    def unpack(self, path: str, folder: Path) -> None:
        """Write the .proto files of a folder; :class:`NoRevision` where it is not there.

        Links and submodules are passed over. Not with ``git archive``: that
        leaves out, and changes, what .gitattributes say.
        """
        tree = self.commit if path == "." else f"{self.commit}:{path}"
        listed = _git(self.top, "ls-tree", "-r", "-z", "--full-tree", tree)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._contents(_FILE.findall(listed)):
            file = Path(os.path.abspath(folder / os.fsdecode(name)))
            if folder in file.parents:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)

    def _contents(self, files: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        blobs = b"".join(blob + b"\n" for blob, _ in files)
        contents = BytesIO(_git(self.top, "cat-file", "--batch", stdin=blobs))
        for _, name in files:
            _, kind, size = [*contents.readline().split(), b"", b""][:3]
            if kind != b"blob":
                raise InputError(
                    f"git does not have {os.fsdecode(name)!r} of {self.name!r}",
                    hint="the clone is partial, or damaged: fetch the whole of it first",
                )
            yield name, contents.read(int(size) + 1)[:-1]  # a line feed follows


def tags(pattern: str, folder: Path) -> list[str]:
    """The names of the tags that match, by date."""
    command = ("for-each-ref", "--sort=creatordate", "--format=%(refname:short)", f"refs/tags/{pattern}")
    try:
        return os.fsdecode(_git(folder, *command)).split()
    except NoRevision as error:
        raise InputError(f"git finds no tags in {folder}: {error.message}") from None


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints; :class:`NoRevision` with what it says where it fails."""
    command = ["git", "-C", str(folder), *_SETTINGS, *arguments]
    environment = {**os.environ, **_ENVIRONMENT}
    try:
        ran = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        raise NoRevision("git is not installed") from None
    if ran.returncode:
        raise NoRevision(ran.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: "))
    return ran.stdout
