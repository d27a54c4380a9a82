"""Descriptor sets of packages, for tools that call a server without its .proto files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.descriptors.settings import DescriptorSets
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.descriptors.target import DescriptorTarget

    return DescriptorTarget.of(workspace, choose)


TARGET = TargetType(
    name="descriptors",
    noun="descriptor sets",
    summary="""Write a descriptor set for each package.

    It has what the package imports, and neither comments nor what the site hides.""",
    settings=DescriptorSets,
    make=_make,
    reads=("rules",),
)
