"""Typed Python: dataclasses, clients and servicers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.python.settings import PythonSettings
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.python.target import PythonTarget

    return PythonTarget.of(workspace, choose)


TARGET = TargetType(
    name="python",
    noun="modules",
    summary="""Write typed Python: dataclasses, enums, clients and servicers for every package.

    They need proto-toolkit-runtime at run time, and grpcio to make calls.""",
    settings=PythonSettings,
    make=_make,
    reads=("rules", "templates"),
    is_linked=True,
)
