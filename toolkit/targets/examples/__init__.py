"""Examples: a realistic request and response for every method, which parse and satisfy the constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import TargetSettings, setting

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleSettings(TargetSettings):
    """Example requests and responses."""

    out: Path = setting(Path("build/examples"), "Output directory.", kind="path")
    variants: bool = setting(False, "Write an additional file for each member of a oneof.", kind="switch")
    grpc_server: str = setting("api.example.com:443", "Host and port in snippets.", kind="text")
    http_server: str = setting("https://api.example.com", "Base URL in snippets.", kind="text")
    values: Mapping[str, Any] | None = setting(
        None,
        "Values for fields, by full name, by message and name, or by name.",
        kind="table",
        example='{ "zone_id" = "eu-central1-a" }',
    )


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
    no_flags=("examples.grpc_server", "examples.http_server"),
)
