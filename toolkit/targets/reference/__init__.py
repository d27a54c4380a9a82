"""The published gRPC reference: pages in a published Markdown format, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import TargetSettings, setting

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(TargetSettings):
    """The published gRPC reference."""

    out: Path = setting(Path("build/reference"), "Folder for the pages.", kind="path")
    style: str = setting(
        "plain", "Style of the pages: NAME[,switch=value…], such as current,source_path=true.", kind="text"
    )


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.reference.target import ReferenceTarget

    return ReferenceTarget.of(workspace, choose)


TARGET = TargetType(
    name="reference",
    noun="pages",
    summary="""Write the pages of the gRPC reference; of every package by default.

    Only pages that changed are written, each in one step.""",
    settings=Reference,
    make=_make,
    reads=("catalog", "rules", "templates", "link_prefix"),
)
