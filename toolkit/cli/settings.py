"""Settings: what ``toolkit.toml`` and the flags say, declared once.

Every setting is a field below with its type, default and help; the reader of
``toolkit.toml``, the flags and ``toolkit init`` are all made from these fields.
A flag wins over the file. Paths in the file are relative to the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any

from toolkit.errors import Location
from toolkit.semantics.declared import check_keys, convert, matching, read_toml

NAME = "toolkit.toml"
# An empty string is a variable that was not set, not the current folder.
_Path = Annotated[str, matching(r"[^\0]+", "a path ('.' is the current folder)")]
_TYPES: dict[str, Any] = {
    "text": str,
    "path": _Path,
    "paths": tuple[_Path, ...],
    "source": _Path,
    "switch": bool,
    "words": tuple[str, ...],
    "table": dict[str, Any],
}


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
    content = read_toml(path, "the settings") if path is not None else {}
    configured = tuple(name for name, section in SECTIONS.items() if name in content and hasattr(section, "out"))
    tables = {name: content.pop(name, {}) for name in SECTIONS if name}
    tables[""] = content
    made = {}
    for name, section in SECTIONS.items():
        table = convert(tables[name], dict[str, Any], path, f"[{name}]")
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
    where = f"[{name}]" if name else ""
    tables = () if name else tuple(f"[{other}]" for other in SECTIONS if other)
    check_keys(table, (*known, *tables), Location(str(path)), where)
    values = {}
    for key, declared in known.items():
        flag = flags.get(f"{name}.{declared.name}" if name else key)
        if flag is not None and flag != ():
            value = list(flag) if isinstance(flag, tuple) else flag
            values[declared.name] = _converted(value, declared.metadata["kind"], None, f"--{key.replace('_', '-')}")
        elif key in table:
            values[declared.name] = _converted(table[key], declared.metadata["kind"], path, f"{where} {key}".strip())
    return values


def _converted(value: Any, kind: str, path: Path | None, where: str) -> Any:
    """The value of a setting; paths in a file are relative to its folder."""
    base = path.parent if path else Path()
    if kind == "paths":
        items = [value] if isinstance(value, str) else value
        return tuple(base / item for item in convert(items, _TYPES[kind], path, where))
    converted = convert(value, _TYPES[kind], path, where)
    if kind == "path" or (kind == "source" and value != "-"):
        return base / converted
    return Path(value) if kind == "source" else converted


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
