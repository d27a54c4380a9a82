"""The published REST reference: pages in a published Markdown format, with the schemas of a playground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.rest.settings import Rest

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.rest.target import target_of

    return target_of(workspace, choose)


TARGET = TargetType(
    name="rest",
    noun="pages",
    summary="""Write the pages of the REST reference, for every method with an HTTP binding.

    Pages that did not change are not written.""",
    settings=Rest,
    make=_make,
    reads=("catalog", "rules", "templates", "link_prefix"),
)
