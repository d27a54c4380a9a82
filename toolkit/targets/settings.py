"""How settings are declared, the settings that all targets share, and the settings of a run.

Every setting is a field with a type, a default and a help text. ``toolkit.toml``,
the flags and ``toolkit init`` are all based on these fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from toolkit.descriptors.roots import MAX_INPUT_BYTES, Root, Tree

Section = TypeVar("Section")


def setting(default: Any, text: str, *, kind: str, example: str = "", flag: bool = True) -> Any:
    """A field of a settings class.

    ``kind`` is ``text``, ``path``, ``paths``, ``roots``, ``source`` (a path, or ``-``),
    ``switch``, ``number``, ``words``, or ``table``. ``flag`` says whether there is a flag
    for it; tables never have one. A trailing ``_`` in the name of the field is
    not part of the name of the setting.
    """
    metadata = {"help": text, "kind": kind, "example": example, "flag": flag and kind != "table"}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Common:
    """Settings that apply to every command."""

    proto_path: tuple[Root, ...] = setting(
        (Root(Path()),),
        "Directory of .proto files, used as an import root; PREFIX=DIR prefixes their names; can be repeated.",
        kind="roots",
        example='["protos"]',
    )
    import_path: tuple[Root, ...] = setting(
        (),
        "Directory that is only searched for imports: its files are not documented; can be repeated.",
        kind="roots",
        example='["third_party"]',
    )
    exclude: tuple[str, ...] = setting(
        (),
        "Pattern, as in .gitignore, of .proto files not to document; they can still be imported; can be repeated.",
        kind="words",
        example='["preview/**", "*_test.proto"]',
    )
    descriptor_set: Path | None = setting(
        None,
        "Descriptor set to read instead of compiling; '-' is standard input.",
        kind="source",
        example='"api.binpb"',
    )
    catalog: Path | None = setting(
        None, "File with the titles of packages and where they are published.", kind="path", example='"catalog.toml"'
    )
    rules: tuple[Path, ...] = setting(
        (),
        "File of option mappings, which say what your own options mean; can be repeated.",
        kind="paths",
        example='["rules.toml"]',
    )
    templates: tuple[Path, ...] = setting(
        (),
        "Directory of templates that override the built-in ones of the same name; can be repeated.",
        kind="paths",
        example='["templates"]',
    )
    strict: bool = setting(False, "If a file does not compile, write nothing and exit with 2.", kind="switch")
    link_prefix: str = setting("/docs/", "Prefix of links, before the docs_path of the package.", kind="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """Settings that the tables of all targets share; each declares its own default for ``out``."""

    out: Path = setting(Path(), "Output directory.", kind="path")
    committed: bool = setting(
        True,
        "Whether the files are in version control; if not, they are checked only when the target is named.",
        kind="switch",
        flag=False,
    )


@dataclass(frozen=True, slots=True)
class Comments:
    """How comments are read, except on pages in a published style."""

    markup: str = setting(
        "markdown", "Markup of comments: markdown or rst (reStructuredText).", kind="text", flag=False
    )
    drop: tuple[str, ...] = setting(
        (),
        "Pattern of lines or blocks to leave out, with at most one *.",
        kind="words",
        example='["+acme:*", "<acme>*</acme>"]',
        flag=False,
    )
    drop_tools: bool = setting(
        True,
        "Leave out lines and blocks for well-known tools, such as +k8s:….",
        kind="switch",
        flag=False,
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper limits for the input and output of a run; exceeding one is an error."""

    max_input_bytes: int = setting(
        MAX_INPUT_BYTES, "Bytes in the descriptor set, or in all .proto files together.", kind="number", flag=False
    )
    max_depth: int = setting(64, "Levels of nested messages.", kind="number", flag=False)
    max_pages: int = setting(500_000, "Files that a target generates.", kind="number", flag=False)
    max_page_bytes: int = setting(100_000_000, "Bytes in a generated file.", kind="number", flag=False)
    max_example_bytes: int = setting(10_000_000, "Bytes in an example, as JSON.", kind="number", flag=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run."""

    common: Common
    sections: Mapping[type, Any]
    """By class; a missing class has its defaults."""
    file: Path | None = None
    """The toolkit.toml that was read, if any."""
    configured: tuple[str, ...] = ()
    """The targets with a table in it."""
    elsewhere: frozenset[str] = frozenset()
    """The targets whose output directory was set by a flag."""

    @property
    def tree(self) -> Tree:
        """The .proto files to compile."""
        common = self.common
        home = self.file.parent if self.file is not None else Path()
        most = self.of(Limits).max_input_bytes
        return Tree(common.proto_path, common.import_path, common.exclude, home, most)

    def of(self, section: type[Section]) -> Section:
        """The settings of this class."""
        found = self.sections.get(section)
        return cast(Section, found) if found is not None else section()
