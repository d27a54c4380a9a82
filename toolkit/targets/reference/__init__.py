"""The published gRPC reference: pages in a published Markdown format, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.reference.settings import Reference
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.reference.target import ReferenceTarget

    return ReferenceTarget.of(workspace, choose)


TARGET = TargetType(
    name="reference",
    noun="pages",
    summary="""Write the pages of the gRPC reference, by default for every package.

    Pages that did not change are not written.""",
    settings=Reference,
    make=_make,
    reads=("catalog", "rules", "templates", "link_prefix"),
)
