"""Reads settings: what ``toolkit.toml`` and the flags say. A flag wins; paths in the file are relative to the file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError, Location
from toolkit.targets import registry
from toolkit.targets.settings import Common, Settings, setting

NAME = "toolkit.toml"


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


_OWN: dict[str, type] = {"": Common, "diff": Diff}
"""Tables that belong to no target; the nameless one is the top of the file."""


def section(name: str) -> type | None:
    """The settings class of a table, or None."""
    target = None if name in _OWN else registry.find(name)
    return target.settings if target is not None else _OWN.get(name)


def declared(name: str) -> dict[str, Field[Any]]:
    """The settings of a table by the names of their fields."""
    found = section(name)
    if found is None:
        raise ConfigError(f"there is no table [{name}]")
    return {field.name: field for field in sorted(fields(found), key=lambda field: field.name == "committed")}


def tables() -> list[str]:
    """The names of all tables."""
    return ["", *registry.names(), "diff"]


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
    named = [name for name in content if name not in declared("") and section(name) is not None]
    flagged = {key.rpartition(".")[0] for key in flags} - {""}
    content_of: dict[str, Any] = {name: content.pop(name) for name in named}
    made: dict[type, Any] = {}
    for name in dict.fromkeys(["", "diff", *registry.BUILT_IN, *named, *flagged]):
        table = content_of.get(name, {}) if name else content
        if not isinstance(table, dict):
            raise ConfigError(f"{name} is a table: [{name}]", location=Location(str(path)))
        kind = section(name)
        assert kind is not None
        made[kind] = kind(**_values(name, table, path, flags))
    return Settings(
        common=made.pop(Common),
        sections=made,
        file=path,
        configured=tuple(
            name for name in dict.fromkeys((*registry.BUILT_IN, *named)) if name in named and name not in _OWN
        ),
        elsewhere=frozenset(name for name in flagged if flags.get(f"{name}.out") is not None),
    )


def _values(name: str, table: Mapping[str, Any], path: Path | None, flags: Mapping[str, Any]) -> dict[str, Any]:
    known = {field_name.rstrip("_"): field for field_name, field in declared(name).items()}
    for key in table:
        if key not in known:
            where = f"in [{name}]" if name else "at the top of the file"
            names = [*known, *(() if name else (f"[{other}]" for other in tables() if other))]
            raise ConfigError(
                f"{key!r} is not a setting {where}", location=Location(str(path)), hint=f"known: {', '.join(names)}"
            )
    values = {}
    base = path.parent if path is not None else Path()
    for key, field in known.items():
        flag = flags.get(f"{name}.{field.name}" if name else key)
        if flag is not None and flag != ():
            values[field.name] = _of_kind(field, list(flag) if isinstance(flag, tuple) else flag, Path(), None)
        elif key in table:
            values[field.name] = _of_kind(field, table[key], base, path)
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
    for name in tables():
        if name:
            lines += [f"# {getattr(section(name), '__doc__', '')}", f"# [{name}]"]
        for key, field in declared(name).items():
            lines.append(f"# {field.metadata['help']}")
            if key == "proto_path":
                quoted = ", ".join(_quoted(p) for p in proto_path)
                lines.append(f"proto_path = [{quoted}]")
            else:
                lines.append(f"# {key.rstrip('_')} = {field.metadata['example'] or _toml(field.default)}")
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
