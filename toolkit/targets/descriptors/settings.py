"""The settings of descriptor sets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting

ENDING = ".binpb"
_NO_PACKAGE = "descriptors"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptorSets(TargetSettings):
    """Descriptor sets of packages."""

    out: Path = setting(Path("build/descriptors"), "Output directory.", kind="path")

    def file_of(self, package: str) -> str:
        """The name of the file of a package."""
        return f"{package or _NO_PACKAGE}{ENDING}"
