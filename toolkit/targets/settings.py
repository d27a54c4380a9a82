"""How settings are declared, the settings that all targets share, and the settings of a run.

Every setting is a field with a type, a default and a help text. ``toolkit.toml``,
the flags and ``toolkit init`` are all based on these fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from toolkit.descriptors.addresses import Access
from toolkit.descriptors.roots import MAX_INPUT_BYTES, Root, Tree

Section = TypeVar("Section")
_TABLES = ("table", "texts", "grouped texts")
"""Kinds of settings that have no flags."""


def setting(default: Any, text: str, *, kind: str, example: str = "", flag: bool = True) -> Any:
    """A field of a settings class.

    ``kind`` is ``text``, ``path``, ``paths``, ``roots``, ``source`` (a path, an address,
    or ``-``), ``switch``, ``number``, ``words``, ``headers``, ``table``, ``texts`` (a
    table of strings), or ``grouped texts`` (one that also contains tables of
    strings). ``flag`` says whether there is a flag for it; tables never have one.
    A trailing ``_`` in the name of the field is not part of the name of the setting.
    """
    metadata = {"help": text, "kind": kind, "example": example, "flag": flag and kind not in _TABLES}
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
    descriptor_set: Path | str | None = setting(
        None,
        "Descriptor set to read instead of compiling: a file, an https:// address, '-' for standard input, "
        "or a server with reflection, as grpc://HOST:PORT or grpcs://HOST:PORT.",
        kind="source",
        example='"api.binpb"',
    )
    header: tuple[str, ...] = setting(
        (),
        "Header to send to servers and web addresses; $NAME is an environment variable; can be repeated.",
        kind="headers",
        example='["Authorization: Bearer $TOKEN"]',
    )
    ca: Path | None = setting(
        None, "PEM file of certificates to trust instead of the system's.", kind="path", example='"ca.pem"'
    )
    allow_http: bool = setting(False, "Allow http:// addresses of other machines.", kind="switch")
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
    max_fetch_seconds: int = setting(
        60, "Seconds in which a server or web address must have sent everything.", kind="number", flag=False
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

    @property
    def access(self) -> Access:
        """How servers and web addresses are read."""
        common, limits = self.common, self.of(Limits)
        return Access(common.header, common.ca, common.allow_http, limits.max_input_bytes, limits.max_fetch_seconds)

    def of(self, section: type[Section]) -> Section:
        """The settings of this class."""
        found = self.sections.get(section)
        return cast(Section, found) if found is not None else section()
