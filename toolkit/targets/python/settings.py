"""The settings of typed Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonSettings(TargetSettings):
    """Typed Python."""

    out: Path = setting(Path("build/python"), "Output directory, which will contain the root package.", kind="path")
    package: str = setting("bindings", "Root package of the generated packages; may contain dots.", kind="text")
