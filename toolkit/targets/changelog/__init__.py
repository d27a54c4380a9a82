"""The changelog of an API, from revision to revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.changelog.target import ChangelogTarget

    return ChangelogTarget.of(workspace)


TARGET = TargetType(
    name="changelog",
    noun="pages",
    summary="""Write pages that list the API changes between revisions.

    Revisions are git tags (--tags), or listed in [changelog.revisions] in toolkit.toml.""",
    settings=ChangelogSettings,
    make=_make,
    reads=("catalog", "rules", "templates", "link_prefix"),
    is_selective=False,
    is_cacheable=False,  # revisions may be anywhere
)
