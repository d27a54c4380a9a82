"""The generated part of the tables of contents of the published reference: its gRPC and its REST pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.toc.settings import Toc

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.toc.target import TocTarget

    return TocTarget.of(workspace, choose)


TARGET = TargetType(
    name="toc",
    noun="tables of contents",
    summary="""Write the gRPC and REST references into the toc.yaml of each API.

    Of a toc.yaml that exists, only the item named API reference is replaced.""",
    settings=Toc,
    make=_make,
    reads=("catalog",),
    is_cacheable=False,
)
