"""The settings of JSON Schemas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting

NAMES = ("json", "proto")
ACCEPTS = ("printed", "parsed")
ENDING = ".schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonSchemas(TargetSettings):
    """JSON Schemas of messages."""

    out: Path = setting(Path("build/jsonschema"), "Output directory.", kind="path")
    field_names: str = setting(NAMES[0], f"Names of properties: {' or '.join(NAMES)}.", kind="text")
    accepts: str = setting(
        ACCEPTS[0],
        "What is valid: printed (what printers write) or parsed (all that parsers read).",
        kind="text",
    )
    bundle: bool = setting(True, "Whether each schema contains those that it refers to.", kind="switch", flag=False)
    strict_: bool = setting(False, "Refuse unknown members of objects.", kind="switch", flag=False)
    base: str = setting("", "Where the schemas are published: a URL that ends with a slash.", kind="text", flag=False)
