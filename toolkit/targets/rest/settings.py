"""The settings of the REST reference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(TargetSettings):
    """The published REST reference."""

    out: Path = setting(Path("build/rest"), "Output directory.", kind="path")
    style: str = setting(
        "plain", "Style of the pages: NAME[,switch=value…], such as current,playground=none.", kind="text"
    )
