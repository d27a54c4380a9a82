"""The public API: everything that ``toolkit.__all__`` names is defined or gathered here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from toolkit.changes.model import Change
from toolkit.changes.sets import ParsedSet
from toolkit.changes.versions import compare_versions
from toolkit.delivery.compare import Comparing, Difference, Files
from toolkit.delivery.memory import made_by
from toolkit.delivery.staging import Written
from toolkit.delivery.staging import write as write_files
from toolkit.descriptors.compile import Compilation, compile_tree, read_descriptor_set
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.errors import (
    ConfigError,
    Diagnostic,
    InputError,
    Location,
    LookupFailed,
    OutputError,
    SchemaError,
    TemplateError,
    ToolkitError,
)
from toolkit.runtime.constraints import Unchecked, Violation
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import built_in
from toolkit.semantics.validator import Validator
from toolkit.targets import registry
from toolkit.targets.registry import Part, Target, TargetType
from toolkit.targets.settings import Common, Settings, TargetSettings, setting
from toolkit.targets.workspace import Workspace


def compile(*roots: str | Path) -> Compilation:  # noqa: A001
    """Compile every .proto file below the import roots; files that do not compile are left out.

    ``diagnostics`` of the result says which, and why. Raises :class:`InputError`
    where a root is missing or holds no .proto file.
    """
    return compile_tree([Path(root) for root in roots])


def generate(
    source: Compilation, target: str, *, common: Mapping[str, Any] | None = None, **settings: Any
) -> dict[str, bytes]:
    """What a target makes of compiled protos: contents by path below its output folder; nothing is written.

    ``settings`` are those of the target's table in ``toolkit.toml``, ``common``
    those at the top of the file. Raises :class:`LookupFailed` for a target that
    does not exist.
    """
    kind = registry.get(target)
    sections = {kind.settings: kind.settings(**settings)}
    return dict(made_by(kind, Workspace(Settings(Common(**(common or {})), sections), source)).files)


def write(files: Files, folder: str | Path) -> Written:
    """Write the files that are new or differ, each in one step, and none before all are prepared.

    Raises :class:`OutputError` for a path that would leave the folder.
    """
    return write_files(files, Path(folder))


def compare(files: Files, folder: str | Path) -> Sequence[Difference]:
    """The files that are missing from a folder, or have another content there."""
    return Comparing(Path(folder)).add(files).differences


def diff(old: Compilation, new: Compilation, *, comments: bool = True) -> list[Change]:
    """What changed between two versions of the protos, each change with the rules of `buf breaking` that it breaks."""
    return [*compare_versions(ParsedSet(old), ParsedSet(new), built_in(), comments=comments).changes]


def validate(source: Compilation, message: str, text: str | bytes) -> list[Violation]:
    """The constraints that a ProtoJSON text, parsed as a message of that full name, violates.

    Those that cannot be checked are :class:`Unchecked`. Raises :class:`InputError` where the text does not parse.
    """
    validator = Validator(Facts(load(source)))
    return validator.check(validator.parse(DynamicClasses(source).pool, message, text))
