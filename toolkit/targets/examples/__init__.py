"""Examples: a realistic request and response for every method, which parse and satisfy the constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.examples.settings import ExampleSettings
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.examples.target import ExampleTarget

    return ExampleTarget.of(workspace, choose)


TARGET = TargetType(
    name="examples",
    noun="examples",
    summary="""Write an example request and response for every method as ProtoJSON.

    They parse, satisfy the constraints, and are the same in every run.""",
    settings=ExampleSettings,
    make=_make,
    reads=("rules",),
    no_flags=("examples.grpc_server", "examples.http_server", "examples.tls"),
)
