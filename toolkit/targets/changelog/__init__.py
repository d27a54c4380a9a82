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
    """What changed from revision to revision of the protos."""

    out: Path = setting(Path("build/changelog"), "Folder for the pages.", kind="path")
    tags: str = setting("", "Revisions: the git tags that match, by date; such as v*.", kind="text")
    revisions: Mapping[str, Any] | None = setting(
        None,
        "Revisions by name, the oldest first: folders of protos, descriptor sets, git revisions, or tables of a git "
        "revision and its proto_path.",
        kind="table",
        example='{ "2025-03-25" = "history/2025-03-25", "2026-06-29" = "protos" }',
    )


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.changelog.target import ChangelogTarget

    return ChangelogTarget.of(workspace)


TARGET = TargetType(
    name="changelog",
    noun="pages",
    summary="""Write what changed in the API from revision to revision, by service, what breaks first.

    Revisions are git tags (--tags), or named under [changelog.revisions] in toolkit.toml.""",
    settings=ChangelogSettings,
    make=_make,
    reads=("catalog", "rules", "templates", "link_prefix"),
    is_selective=False,
    is_cacheable=False,  # its revisions may be anywhere
)
