"""The result of a check: files that are out of date, each with the line that caused it."""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.delivery.compare import Difference
from toolkit.descriptors.paths import is_below
from toolkit.descriptors.roots import Root, resolve
from toolkit.errors import Diagnostic, Location

CHANGED, MISSING, ORPHANED, EDITED, LEFT_OUT = "changed", "missing", "orphaned", "edited by hand", "left out"
"""Kinds of drift."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A file that is out of date."""

    target: str
    file: str
    """Its path, relative to the current directory if it is below it."""
    kind: str
    """One of the kinds above."""
    location: Location | None
    """The line of a .proto file that caused it, if known."""
    old: str = ""
    new: str = ""
    cause: str = ""
    """Why a .proto file was left out."""

    @classmethod
    def of(cls, target: str, out: Path, difference: Difference, location: Location | None) -> Drift:
        """A difference in the output directory of a target."""
        kind = ORPHANED if difference.new is None else MISSING if difference.old is None else CHANGED
        kind = EDITED if difference.edited else kind
        old, new = ((content or b"").decode("utf-8", "replace") for content in (difference.old, difference.new))
        return cls(target, (out / difference.path).as_posix(), kind, location, old, new)

    @classmethod
    def of_left_out(cls, diagnostic: Diagnostic, roots: Sequence[Root]) -> Drift:
        """A .proto file that does not compile."""
        location = on_disk(diagnostic.location, roots)
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        return cls("protos", location.file, LEFT_OUT, location, cause=f"{diagnostic.message}{hint}")

    @property
    def command(self) -> str:
        """The command that updates the file, or discards the edits in it; empty if there is none."""
        if self.kind == LEFT_OUT:
            return ""
        force = f" --force {shlex.quote(self.file)}" if self.kind == EDITED else ""
        return f"toolkit generate {self.target}{force}"

    def diff(self) -> list[str]:
        """The lines of a unified diff; only for files that would be overwritten."""
        if self.kind not in (CHANGED, EDITED) or not self.new:
            return []
        lines = difflib.unified_diff(
            self.old.splitlines(), self.new.splitlines(), self.file, f"{self.file} (generated)", n=2, lineterm=""
        )
        return list(lines)


def on_disk(location: Location, roots: Sequence[Root]) -> Location:
    """A location in a file of the tree, relative to the current directory."""
    path = resolve(location.file, roots)
    return replace(location, file=from_here(Path(path)).as_posix()) if path is not None else location


def from_here(path: Path) -> Path:
    """A path, relative to the current directory if it is below it."""
    return Path(os.path.relpath(path)) if is_below(path, Path()) else path
