"""Typed Python: dataclasses, clients and servicers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import TargetSettings, setting

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonSettings(TargetSettings):
    """Typed Python."""

    out: Path = setting(Path("build/python"), "Output directory, which will contain the root package.", kind="path")
    package: str = setting("bindings", "Root package of the generated packages; may contain dots.", kind="text")


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.python.target import PythonTarget

    return PythonTarget.of(workspace)


TARGET = TargetType(
    name="python",
    noun="modules",
    summary="""Write typed Python: dataclasses, enums, clients and servicers for every package.

    They need proto-toolkit at run time, and grpcio to make calls.""",
    settings=PythonSettings,
    make=_make,
    reads=("rules", "templates"),
    is_selective=False,
    is_linked=True,
)
