"""What a check found: files that are not what the protos make, each with the line that is behind it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from toolkit.delivery.compare import Difference
from toolkit.errors import Location


@dataclass(frozen=True, slots=True)
class Drift:
    """A file that is not what generating makes of the protos."""

    target: str
    file: str
    """Where it is, as a person would write it."""
    kind: str
    """``changed``, ``missing`` or ``orphaned``."""
    location: Location | None
    """The line of a .proto file that is behind it, where it is known."""
    old: str
    new: str

    @classmethod
    def of(cls, target: str, out: Path, difference: Difference, location: Location | None) -> Drift:
        """A difference in a target's folder."""
        kind = "orphaned" if difference.new is None else "missing" if difference.old is None else "changed"
        old, new = ((content or b"").decode("utf-8", "replace") for content in (difference.old, difference.new))
        return cls(target, (out / difference.path).as_posix(), kind, location, old, new)

    @property
    def command(self) -> str:
        """What repairs it."""
        return f"toolkit generate {self.target}"

    def diff(self) -> list[str]:
        """The difference as lines of a unified diff; of a changed file only."""
        if self.kind != "changed":
            return []
        lines = difflib.unified_diff(
            self.old.splitlines(), self.new.splitlines(), self.file, f"{self.file} (generated)", n=2, lineterm=""
        )
        return list(lines)
