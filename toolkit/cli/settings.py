"""Settings: what ``toolkit.toml`` and the flags say, declared once.

Every setting is a field below with its type, default and help; the reader of
``toolkit.toml``, the flags and ``toolkit init`` are all made from these fields.
A flag wins over the file. Paths in the file are relative to the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError, Location

NAME = "toolkit.toml"


def setting(default: Any, text: str, *, kind: str, example: str = "") -> Any:
    """A field of a settings class.

    ``kind`` is ``text``, ``path``, ``paths``, ``source`` (a path, or ``-``),
    ``switch``, ``words``, or ``table``, which has no flag. A trailing ``_`` of a
    field's name is not part of the setting's.
    """
    metadata = {"help": text, "kind": kind, "example": example}
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


@dataclass(frozen=True, slots=True)
class Reference:
    """The published gRPC reference."""

    out: Path = setting(Path("build/reference"), "Folder for the pages.", kind="path")
    style: str = setting(
        "current", "Style of the pages: NAME[,switch=value…], such as current,source_path=true.", kind="text"
    )


@dataclass(frozen=True, slots=True)
class Examples:
    """Example requests and responses."""

    out: Path = setting(Path("build/examples"), "Folder for the examples.", kind="path")
    variants: bool = setting(False, "Write one more file for each member of a oneof.", kind="switch")
    grpc_server: str = setting("api.example.com:443", "Host and port that snippets call.", kind="text")
    http_server: str = setting("https://api.example.com", "Start of the URLs that snippets call.", kind="text")
    values: Mapping[str, Any] | None = setting(
        None,
        "Values for fields, by full name, by message and name, or by name.",
        kind="table",
        example='{ "zone_id" = "eu-central1-a" }',
    )


@dataclass(frozen=True, slots=True)
class Python:
    """Typed Python."""

    out: Path = setting(Path("build/python"), "Folder that the root package lies in.", kind="path")
    package: str = setting("bindings", "The root package, below which each protobuf package has one.", kind="text")


@dataclass(frozen=True, slots=True)
class Changelog:
    """What changed from revision to revision of the protos."""

    out: Path = setting(Path("build/changelog"), "Folder for the pages.", kind="path")
    tags: str = setting("", "Revisions: the git tags that match, by date; such as v*.", kind="text")
    revisions: Mapping[str, Any] | None = setting(
        None,
        "Revisions by name, the oldest first: folders of protos, descriptor sets or git revisions.",
        kind="table",
        example='{ "2025-03-25" = "history/2025-03-25", "2026-06-29" = "protos" }',
    )


@dataclass(frozen=True, slots=True)
class Site:
    """The docs site."""

    out: Path = setting(Path(), "Folder that mkdocs.yml lies in; it says where the pages go (docs_dir).", kind="path")
    search: str = setting("auto", "Search: builtin, pagefind, or auto, which goes by the number of pages.", kind="text")
    link_host: str = setting(
        "",
        "What stands before links in comments that begin with a slash, such as https://acme.example.",
        kind="text",
    )
    internal: bool = setting(False, "Show what is marked as internal, too.", kind="switch")
    hide: tuple[str, ...] = setting(
        (),
        "Pattern of full names to leave out, such as acme.*.Debug*; may be given more than once.",
        kind="words",
        example='["acme.internal.*"]',
    )
    hide_options: tuple[str, ...] = setting(
        (),
        "Option that marks what is internal: NAME, or NAME=VALUE; may be given more than once.",
        kind="words",
        example='["google.api.field_visibility.restriction=INTERNAL"]',
    )


@dataclass(frozen=True, slots=True)
class Diff:
    """Changes between two versions of the protos."""

    except_: tuple[str, ...] = setting(
        (), "Rule that is not applied; may be given more than once.", kind="words", example='["FIELD_SAME_JSON_NAME"]'
    )
    ignore: tuple[str, ...] = setting(
        (),
        "File, folder or package whose changes break nothing; may be given more than once.",
        kind="words",
        example='["acme/storage/v1alpha", "acme.internal.v1"]',
    )


SECTIONS: dict[str, type] = {
    "": Common,
    "reference": Reference,
    "examples": Examples,
    "python": Python,
    "changelog": Changelog,
    "site": Site,
    "diff": Diff,
}
"""Tables of the file and the settings in them; the nameless one is the top."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run."""

    common: Common
    reference: Reference
    examples: Examples
    python: Python
    changelog: Changelog
    site: Site
    diff: Diff
    file: Path | None
    """The toolkit.toml that was read."""
    configured: tuple[str, ...] = ()
    """The targets that have a table in it."""
    elsewhere: frozenset[str] = frozenset()
    """The targets whose folder a flag gave."""


def find(start: Path) -> Path | None:
    """The toolkit.toml of a folder, or of the nearest one above it."""
    for folder in (start, *start.parents):
        if os.path.isfile(folder / NAME):  # Path.is_file raises where a folder may not be looked into
            return folder / NAME
    return None


def read(path: Path | None, flags: Mapping[str, Any]) -> Settings:
    """The settings of a file (None: no file) under the flags that were given.

    ``flags`` maps ``proto_path`` or ``reference.out`` to values as the command
    line has them; None and empty tuples are flags that were not given.
    """
    content: dict[str, Any] = {}
    if path is not None:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"cannot read {str(path)!r}: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"not valid TOML: {error}", location=Location(str(path))) from None
    configured = tuple(name for name, section in SECTIONS.items() if name in content and hasattr(section, "out"))
    tables = {name: content.pop(name, {}) for name in SECTIONS if name}
    tables[""] = content
    made = {}
    for name, section in SECTIONS.items():
        table = tables[name]
        if not isinstance(table, dict):
            raise ConfigError(f"{name} is a table: [{name}]", location=Location(str(path)))
        made[name] = section(**_values(name, section, table, path, flags))
    common = made.pop("")
    return Settings(
        common=common,
        **made,
        file=path,
        configured=configured,
        elsewhere=frozenset(name for name in made if flags.get(f"{name}.out") is not None),
    )


def _values(
    name: str, section: type, table: Mapping[str, Any], path: Path | None, flags: Mapping[str, Any]
) -> dict[str, Any]:
    known = {f.name.rstrip("_"): f for f in fields(section)}
    for key in table:
        if key not in known:
            where = f"in [{name}]" if name else "at the top of the file"
            names = [*known, *(() if name else (f"[{other}]" for other in SECTIONS if other))]
            raise ConfigError(
                f"{key!r} is not a setting {where}", location=Location(str(path)), hint=f"known: {', '.join(names)}"
            )
    values = {}
    base = path.parent if path is not None else Path()
    for key, declared in known.items():
        flag = flags.get(f"{name}.{declared.name}" if name else key)
        if flag is not None and flag != ():
            values[declared.name] = _of_kind(declared, list(flag) if isinstance(flag, tuple) else flag, Path(), None)
        elif key in table:
            values[declared.name] = _of_kind(declared, table[key], base, path)
    return values


def _of_kind(declared: Field[Any], value: Any, base: Path, path: Path | None) -> Any:
    kind = declared.metadata["kind"]
    location = Location(str(path)) if path else None
    if kind == "switch":
        if not isinstance(value, bool):
            raise ConfigError(f"{declared.name} is true or false, not {value!r}", location=location)
        return value
    if kind == "table":
        if not isinstance(value, dict):
            raise ConfigError(f"{declared.name} is a table", location=location)
        return value
    if kind == "words":
        if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise ConfigError(f"{declared.name.rstrip('_')} is a list of strings, not {value!r}", location=location)
        return tuple(value)
    if kind == "paths":
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) and _is_path(item) for item in items):
            raise ConfigError(f"{declared.name} is a list of paths, not {value!r}", location=location)
        return tuple(base / item for item in items)
    if not isinstance(value, str):
        raise ConfigError(f"{declared.name} is a string, not {value!r}", location=location)
    if kind == "text":
        return value
    if not _is_path(value):
        raise ConfigError(
            f"{declared.name} is a path, not {value!r}", location=location, hint="the current folder is '.'"
        )
    return Path(value) if kind == "source" and value == "-" else base / value


def _is_path(text: str) -> bool:
    """Whether a string can be a path; an empty one is a variable that was not set, not the current folder."""
    return bool(text) and "\0" not in text


def template(proto_path: list[str]) -> str:
    """A commented toolkit.toml with every setting, for ``toolkit init``."""
    lines = ["# Settings of the toolkit; all but tables are flags too. Paths are relative to this file.", ""]
    # A target that has a table is checked by `toolkit check`, so none has one unasked.
    for name, section in SECTIONS.items():
        if name:
            lines += [f"# {section.__doc__}", f"# [{name}]"]
        for declared in fields(section):
            lines.append(f"# {declared.metadata['help']}")
            if declared.name == "proto_path":
                quoted = ", ".join(_quoted(p) for p in proto_path)
                lines.append(f"proto_path = [{quoted}]")
            else:
                lines.append(
                    f"# {declared.name.rstrip('_')} = {declared.metadata['example'] or _toml(declared.default)}"
                )
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
