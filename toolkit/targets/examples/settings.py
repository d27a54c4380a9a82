"""The settings of examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.targets.examples.bounds import Bounds
from toolkit.targets.settings import TargetSettings, setting

FORMS = {
    "grpcurl": ("grpcurl", "sh"),
    "curl": ("curl", "sh"),
    "buf": ("buf curl", "sh"),
    "python": ("Python", "python"),
    "go": ("Go", "go"),
    "typescript": ("TypeScript", "ts"),
    "java": ("Java", "java"),
    "csharp": ("C#", "csharp"),
}
"""The forms of snippets: what they are called, and their language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleSettings(TargetSettings):
    """Example requests and responses."""

    out: Path = setting(Path("build/examples"), "Output directory.", kind="path")
    variants: bool = setting(False, "Write an additional file for each member of a oneof.", kind="switch")
    grpc_server: str = setting(
        "", "Host and port in snippets. By default the host of the service, or localhost:50051.", kind="text"
    )
    http_server: str = setting(
        "", "Base URL in snippets. By default the host of the service, or https://api.example.com.", kind="text"
    )
    levels: int = setting(
        Bounds().levels, "Levels of nested messages in full requests and in responses.", kind="number", flag=False
    )
    max_bytes: int = setting(Bounds().bytes, "Bytes of full requests and of responses.", kind="number", flag=False)
    protocols: tuple[str, ...] = setting(
        ("grpc", "rest"),
        "What the servers in snippets speak: grpc, rest, connect; can be repeated.",
        kind="words",
        example='["grpc", "rest", "connect"]',
        flag=False,
    )
    tls: str = setting("auto", "TLS in snippets: on, off, or auto (unless the server is localhost).", kind="text")
    headers: Mapping[str, str | Mapping[str, str]] | None = setting(
        None,
        "Headers in snippets, by name; $NAME is an environment variable. Tables are those of a service or package.",
        kind="grouped texts",
        example='{ "Authorization" = "Bearer $TOKEN" }',
    )
    snippets: tuple[str, ...] = setting(
        ("grpcurl", "curl", "python"),
        f"Snippets on the site, in order: {', '.join(FORMS)}; can be repeated.",
        kind="words",
        example='["curl", "python", "go"]',
        flag=False,
    )
    values: Mapping[str, Any] | None = setting(
        None,
        "Values for fields, by full name, by message and name, or by name.",
        kind="table",
        example='{ "zone_id" = "north-1a" }',
    )
