"""The settings of typed Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.settings import TargetSettings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonSettings(TargetSettings):
    """Typed Python."""

    out: Path = setting(Path("build/python"), "Output directory, which will contain the root package.", kind="path")
    package: str = setting("bindings", "Root package of the generated packages; may contain dots.", kind="text")
    distribution: str = setting(
        "",
        "Name of a distribution: adds a pyproject.toml to the output directory, so that pip installs the packages.",
        kind="text",
        example='"acme-bindings"',
    )
    distribution_version: str = setting("0.1.0", "Version of the distribution.", kind="text")
    dependencies: tuple[str, ...] = setting(
        (),
        "Requirement of the distribution besides the runtime; can be repeated.",
        kind="words",
        example='["acme-common>=1.2"]',
        flag=False,
    )
    names: Mapping[str, str] | None = setting(
        None,
        "Names in Python, by full name in the .proto files.",
        kind="texts",
        example='{ "acme.storage.v1.Bucket.class" = "storage_class" }',
    )
    imports: Mapping[str, str] | None = setting(
        None,
        "Packages that other bindings have: their modules, which are imported and not generated.",
        kind="texts",
        example='{ "google.rpc" = "common_bindings.google.rpc" }',
    )
