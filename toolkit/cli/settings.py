"""Reads settings from ``toolkit.toml`` and flags. Flags win; paths in the file are relative to the file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from toolkit.descriptors.addresses import is_address
from toolkit.descriptors.roots import Root
from toolkit.errors import ConfigError, Location
from toolkit.semantics.declared import check_keys, convert, matching, read_toml
from toolkit.targets import registry
from toolkit.targets.settings import Comments, Common, Limits, Settings, setting

NAME = "toolkit.toml"
# An empty string is an unset variable, not the current directory.
_Path = Annotated[str, matching(r"[^\0]+", "a path ('.' is the current directory)")]
_TYPES: dict[str, Any] = {
    "text": str,
    "path": _Path,
    "paths": tuple[_Path, ...],
    "roots": tuple[_Path, ...],
    "source": _Path,
    "switch": bool,
    "number": Annotated[int, Meta(gt=0, lt=(1 << 63) - 1, description="a positive number")],
    "words": tuple[str, ...],
    "table": dict[str, Any],
    "texts": Mapping[str, str],
    "grouped texts": Mapping[str, str],  # of a value that is not a table
}


@dataclass(frozen=True, slots=True)
class Diff:
    """Changes between two versions of the protos."""

    except_: tuple[str, ...] = setting(
        (), "Rule to ignore; can be repeated.", kind="words", example='["FIELD_SAME_JSON_NAME"]'
    )
    ignore: tuple[str, ...] = setting(
        (),
        "File, directory or package in which no change is breaking; can be repeated.",
        kind="words",
        example='["acme/storage/v1alpha", "acme.internal.v1"]',
    )


_OWN: dict[str, type] = {"": Common, "comments": Comments, "diff": Diff, "limits": Limits}
"""Tables that don't belong to a target; the one without a name is the top of the file."""


def section(name: str) -> type | None:
    """The settings class of a table, or None."""
    target = None if name in _OWN else registry.find(name)
    return target.settings if target is not None else _OWN.get(name)


def declared(name: str) -> dict[str, Field[Any]]:
    """The settings of a table by the name of their field."""
    found = section(name)
    if found is None:
        raise ConfigError(f"there is no table [{name}]")
    return {field.name: field for field in sorted(fields(found), key=lambda field: field.name == "committed")}


def tables() -> list[str]:
    """The names of all tables."""
    return ["", *registry.names(), *filter(None, _OWN)]


def find(start: Path) -> Path | None:
    """The nearest toolkit.toml in a directory or above it."""
    for folder in (start, *start.parents):
        if os.path.isfile(folder / NAME):  # Path.is_file raises if a directory may not be read
            return folder / NAME
    return None


def read(path: Path | None, flags: Mapping[str, Any]) -> Settings:
    """The settings in a file (None: no file), overridden by flags.

    ``flags`` maps names such as ``proto_path`` or ``reference.out`` to values
    from the command line; None and empty tuples are flags that were not given.
    """
    content = read_toml(path, "the settings") if path is not None else {}
    named = [name for name in content if name not in declared("") and section(name) is not None]
    flagged = {key.rpartition(".")[0] for key in flags} - {""}
    content_of = {name: content.pop(name) for name in named} | {"": content}
    made: dict[type, Any] = {}
    for name in dict.fromkeys([*_OWN, *registry.BUILT_IN, *named, *flagged]):
        kind = section(name)
        assert kind is not None
        table = convert(content_of.get(name, {}), dict[str, Any], path, f"[{name}]")
        made[kind] = kind(**_values(name, table, path, flags))
    targets = [name for name in dict.fromkeys((*registry.BUILT_IN, *named)) if name in named and name not in _OWN]
    return Settings(
        common=made.pop(Common),
        sections=made,
        file=path,
        configured=tuple(targets),
        elsewhere=frozenset(name for name in flagged if flags.get(f"{name}.out") is not None),
    )


def _values(name: str, table: Mapping[str, Any], path: Path | None, flags: Mapping[str, Any]) -> dict[str, Any]:
    known = {field_name.rstrip("_"): field for field_name, field in declared(name).items()}
    where = f"[{name}]" if name else ""
    if path is not None and not table.keys() <= known.keys():  # the names of all tables take their time
        others = [] if name else [f"[{other}]" for other in tables() if other]
        check_keys(table, (*known, *others), Location(str(path)), where)
    values = {}
    for key, field in known.items():
        flag, kind = flags.get(f"{name}.{field.name}" if name else key), field.metadata["kind"]
        if flag is not None and flag != ():
            value = list(flag) if isinstance(flag, tuple) else flag
            values[field.name] = _converted(value, kind, None, f"--{key.replace('_', '-')}")
        elif key in table:
            values[field.name] = _converted(table[key], kind, path, f"{where} {key}".strip())
        elif path is not None:
            values[field.name] = _beside(field.default, path.parent)
    return values


def _beside(default: Any, folder: Path) -> Any:
    """The default of a setting; paths are relative to the directory of the settings file, as those in it."""
    if isinstance(default, Root):
        return replace(default, folder=folder / default.folder)
    if isinstance(default, Path):
        return folder / default
    return tuple(_beside(each, folder) for each in default) if isinstance(default, tuple) else default


def _converted(value: Any, kind: str, path: Path | None, where: str) -> Any:
    """The value of a setting; paths in a file are relative to its directory."""
    base = path.parent if path else Path()
    if kind in ("paths", "roots"):
        items = convert([value] if isinstance(value, str) else value, _TYPES[kind], path, where)
        return tuple(Root.parse(item, base) if kind == "roots" else base / item for item in items)
    if kind == "headers":
        return _headers(value, path, where)
    if kind == "grouped texts" and isinstance(value, dict):
        return _grouped(value, path, where)
    if kind == "texts" and isinstance(value, dict):
        _check_quoted(value, path, where)
    converted = convert(value, _TYPES[kind], path, where)
    if kind == "source" and is_address(converted):
        return converted
    if kind == "path" or (kind == "source" and value != "-"):
        return base / converted
    return Path(value) if kind == "source" else converted


def _grouped(value: Mapping[str, Any], path: Path | None, where: str) -> dict[str, Any]:
    """A table of strings, and of tables of strings."""
    groups = {name: group for name, group in value.items() if isinstance(group, dict)}
    others = {name: each for name, each in value.items() if name not in groups}
    made = {name: _converted(group, "texts", path, f"{where} {name}") for name, group in groups.items()}
    return {**_converted(others, "texts", path, where), **made}


def _check_quoted(table: Mapping[str, Any], path: Path | None, where: str) -> None:
    """Raise if a name with dots is not in quotes: TOML makes a table of each part."""
    for name, value in table.items():
        parts = [name]
        while isinstance(value, dict) and value:
            part, value = next(iter(value.items()))
            parts.append(part)
        if len(parts) > 1:
            full_name = ".".join(parts)
            raise ConfigError(
                f"{where}: {full_name} is not in quotes, so it is not a name but a table in a table",
                location=Location(str(path)) if path is not None else None,
                hint=f"write {_quoted(full_name)} = {as_toml(value) if isinstance(value, str) else '…'}",
            )


def _headers(value: Any, path: Path | None, where: str) -> tuple[str, ...]:
    """Headers, which no error may show."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        location = Location(str(path)) if path is not None else None
        raise ConfigError(f"{where} must be a list of strings", location=location, hint="each is 'Name: value'")
    return tuple(items)


def template(found: Mapping[str, Any]) -> str:
    """A toolkit.toml that lists every setting, all commented out except those that are ``found``."""
    lines = ["# Settings of the toolkit. Most have a flag of the same name. Paths are relative to this file.", ""]
    # `generate` and `check` work on every target with a table, so all of them are commented out.
    for name in tables():
        if name:
            lines += [f"# {getattr(section(name), '__doc__', '')}", f"# [{name}]"]
        for key, field in declared(name).items():
            lines.append(f"# {field.metadata['help']}")
            if not name and key in found:
                lines.append(f"{key} = {as_toml(found[key])}")
            else:
                lines.append(f"# {key.rstrip('_')} = {field.metadata['example'] or as_toml(field.default)}")
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def as_toml(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
