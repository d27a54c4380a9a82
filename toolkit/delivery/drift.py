"""The result of a check: files that are out of date, each with the line that caused it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from toolkit.delivery.compare import Difference
from toolkit.errors import Location


@dataclass(frozen=True, slots=True)
class Drift:
    """A file that is out of date."""

    target: str
    file: str
    """Its path, relative to the current directory if it is below it."""
    kind: str
    """``changed``, ``missing`` or ``orphaned``."""
    location: Location | None
    """The line of a .proto file that caused it, if known."""
    old: str
    new: str

    @classmethod
    def of(cls, target: str, out: Path, difference: Difference, location: Location | None) -> Drift:
        """A difference in the output directory of a target."""
        kind = "orphaned" if difference.new is None else "missing" if difference.old is None else "changed"
        old, new = ((content or b"").decode("utf-8", "replace") for content in (difference.old, difference.new))
        return cls(target, (out / difference.path).as_posix(), kind, location, old, new)

    @property
    def command(self) -> str:
        """The command that updates the file."""
        return f"toolkit generate {self.target}"

    def diff(self) -> list[str]:
        """The lines of a unified diff; only for changed files."""
        if self.kind != "changed":
            return []
        lines = difflib.unified_diff(
            self.old.splitlines(), self.new.splitlines(), self.file, f"{self.file} (generated)", n=2, lineterm=""
        )
        return list(lines)
