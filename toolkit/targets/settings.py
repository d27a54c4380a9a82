"""How a setting is declared, what all targets have in common, and the settings of a run.

Every setting is a field with its type, default and help; the reader of
``toolkit.toml``, the flags and ``toolkit init`` are all made from these fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

Section = TypeVar("Section")


def setting(default: Any, text: str, *, kind: str, example: str = "", flag: bool = True) -> Any:
    """A field of a settings class.

    ``kind`` is ``text``, ``path``, ``paths``, ``source`` (a path, or ``-``),
    ``switch``, ``words``, or ``table``. ``flag`` says whether it is a flag, too;
    a table never is. A trailing ``_`` of a field's name is not part of the
    setting's.
    """
    metadata = {"help": text, "kind": kind, "example": example, "flag": flag and kind != "table"}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Common:
    """What every command reads."""

    proto_path: tuple[Path, ...] = setting(
        (Path(),),
        "Folder of .proto files, also an import root; may be given more than once.",
        kind="paths",
        example='["protos"]',
    )
    descriptor_set: Path | None = setting(
        None,
        "Ready descriptor set to read instead of compiling; '-' is standard input.",
        kind="source",
        example='"api.binpb"',
    )
    catalog: Path | None = setting(
        None, "Where packages are published: titles and link targets.", kind="path", example='"catalog.toml"'
    )
    rules: tuple[Path, ...] = setting(
        (),
        "Rule files: what your organisation's options mean; may be given more than once.",
        kind="paths",
        example='["rules.toml"]',
    )
    templates: tuple[Path, ...] = setting(
        (),
        "Folder whose templates replace the built-in ones of the same name.",
        kind="paths",
        example='["templates"]',
    )
    strict: bool = setting(False, "Write nothing and exit with 2 where a file does not compile.", kind="switch")
    link_prefix: str = setting("/docs/", "What stands before a package's docs_path in links.", kind="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """What every target's table holds; each has an ``out`` of its own."""

    out: Path = setting(Path(), "Folder for the files.", kind="path")
    committed: bool = setting(
        True,
        "Whether the files are kept in version control; others are checked only where the target is named.",
        kind="switch",
        flag=False,
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run."""

    common: Common
    sections: Mapping[type, Any]
    """By class; a class that is missing has its defaults."""
    file: Path | None = None
    """The toolkit.toml that was read."""
    configured: tuple[str, ...] = ()
    """The targets that have a table in it."""
    elsewhere: frozenset[str] = frozenset()
    """The targets whose folder a flag gave."""

    def of(self, section: type[Section]) -> Section:
        """The settings of a class."""
        found = self.sections.get(section)
        return cast(Section, found) if found is not None else section()
