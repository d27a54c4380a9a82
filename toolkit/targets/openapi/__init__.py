"""OpenAPI documents of the methods with an HTTP binding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.openapi.settings import OpenApi
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.openapi.target import OpenApiTarget

    return OpenApiTarget.of(workspace, choose)


TARGET = TargetType(
    name="openapi",
    noun="OpenAPI documents",
    summary="""Write an OpenAPI document for each package.

    It has the methods with a google.api.http option, with examples that it describes.""",
    settings=OpenApi,
    make=_make,
    reads=("rules",),
)
