"""The settings of the published reference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(TargetSettings):
    """The published gRPC reference."""

    out: Path = setting(Path("build/reference"), "Output directory.", kind="path")
    style: str = setting(
        "plain", "Style of the pages: NAME[,switch=value…], such as current,source_path=true.", kind="text"
    )
