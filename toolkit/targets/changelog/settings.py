"""The settings of the changelog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.targets.settings import TargetSettings, setting

HISTORY = "history.json"
"""The file with what the pages of the changelog say, for programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogSettings(TargetSettings):
    """What changed in the protos from revision to revision."""

    out: Path = setting(Path("build/changelog"), "Output directory.", kind="path")
    tags: str = setting("", "Use the git tags that match this pattern as revisions, such as v*.", kind="text")
    revisions: Mapping[str, Any] | None = setting(
        None,
        "Revisions by name, oldest first: directories of protos, descriptor sets, git revisions, or tables of a git "
        "revision and its proto_path.",
        kind="table",
        example='{ "2025-03-25" = "history/2025-03-25", "2026-06-29" = "protos" }',
    )
