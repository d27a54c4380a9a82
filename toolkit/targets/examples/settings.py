"""The settings of examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.targets.settings import TargetSettings, setting


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
