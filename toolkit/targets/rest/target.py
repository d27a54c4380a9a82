"""The target of the REST reference, with a part for each API."""

from __future__ import annotations

from toolkit.targets.reference.style import style_of
from toolkit.targets.reference.target import ReferenceTarget
from toolkit.targets.registry import Choose
from toolkit.targets.rest.pages import RestReference
from toolkit.targets.rest.settings import Rest
from toolkit.targets.rest.style import PRESETS
from toolkit.targets.workspace import Workspace


def rest_of(workspace: Workspace) -> RestReference:
    """The REST reference of a workspace."""
    return RestReference(
        facts=workspace.facts,
        catalog=workspace.catalog,
        style=style_of(workspace.settings.of(Rest).style, PRESETS),
        renderer=workspace.renderer,
        link_prefix=workspace.settings.common.link_prefix,
    )


def target_of(workspace: Workspace, choose: Choose | None) -> ReferenceTarget:
    """The target for a workspace."""
    reference = rest_of(workspace)
    return ReferenceTarget(reference, choose(reference.schema) if choose else lambda service: True)
