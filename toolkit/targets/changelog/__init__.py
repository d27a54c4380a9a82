"""The changelog of an API, from revision to revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import TargetSettings, setting

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogSettings(TargetSettings):
    """What changed in the protos from revision to revision."""

    out: Path = setting(Path("build/changelog"), "Output directory.", kind="path")
    tags: str = setting("", "Use the git tags that match this pattern as revisions, such as v*.", kind="text")
    revisions: Mapping[str, Any] | None = setting(
        None,
        "Revisions by name, oldest first: directories of protos, descriptor sets or git revisions.",
        kind="table",
        example='{ "2025-03-25" = "history/2025-03-25", "2026-06-29" = "protos" }',
    )


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.changelog.target import ChangelogTarget

    return ChangelogTarget.of(workspace)


TARGET = TargetType(
    name="changelog",
    noun="pages",
    summary="""Write pages of what changed in the API from revision to revision.

    Revisions are git tags (--tags), or listed in [changelog.revisions] in toolkit.toml.""",
    settings=ChangelogSettings,
    make=_make,
    reads=("catalog", "rules", "templates", "link_prefix"),
    is_selective=False,
    is_cacheable=False,  # revisions may be anywhere
)
