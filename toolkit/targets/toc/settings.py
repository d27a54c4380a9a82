"""The settings of the tables of contents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Toc(TargetSettings):
    """The tables of contents of the published reference."""

    out: Path = setting(Path("build/toc"), "Output directory, which contains the docs_path of each API.", kind="path")
    authentication: str = setting(
        "", "Name of the item for api-ref/authentication.md; without it, there is none.", kind="text"
    )
