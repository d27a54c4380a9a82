"""Configuration files, read and checked against declared types.

A file is declared as a :class:`Table` (TOML), or as a ``TypedDict`` (JSON) whose unknown
keys are ignored, of strings, literals, ``tuple[X, ...]`` and ``Mapping[K, V]``. A value
of another type raises a :class:`ConfigError` that says where it is and what is expected.
"""

from __future__ import annotations

import difflib
import json
import reprlib
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints, is_typeddict

import msgspec

from toolkit.errors import ConfigError, Location

T = TypeVar("T")
_short = reprlib.Repr()
_short.maxstring = 80


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table without unknown keys."""


def matching(pattern: str, description: str) -> msgspec.Meta:
    """For ``Annotated[str, …]``: a pattern that must match the entire string, and its description in errors."""
    return msgspec.Meta(pattern=rf"\A(?:{pattern})\Z", description=description)


Text = Annotated[str, matching(r"(?s:.+)", "a non-empty string")]


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """The content of a TOML file; errors call the file ``name``."""
    return _read(path, name, "TOML", tomllib.loads)


def read_json(path: Path, name: str) -> Any:
    """The content of a JSON file; errors call the file ``name``."""
    return _read(path, name, "JSON", json.loads)


def _read(path: Path, name: str, syntax: str, loads: Callable[[str], T]) -> T:
    try:
        return loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {name} {str(path)!r}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not valid {syntax}: {error}", location=Location(str(path))) from None


def convert(content: Any, kind: type[T], path: Path | None, where: str = "") -> T:
    """Content as a declared type; ``where`` is its location in the file, empty for the entire file."""
    try:
        return msgspec.convert(content, kind)
    except (msgspec.ValidationError, UnicodeError) as error:  # in JSON, a key may contain half a surrogate pair
        reason = str(error)
    for part, part_kind, place in _parts(content, kind, where):
        convert(part, part_kind, path, place)  # raises for the part that does not fit
    location = Location(str(path)) if path else None
    if not (isinstance(content, dict) and _keys(kind)):
        raise ConfigError(f"{where} must be {_expected(kind)}, not {_shown(content)}", location=location)
    if not is_typeddict(kind):
        check_keys(content, _keys(kind), location, where)
    missing = [key for key in _required(kind) if key not in content]
    raise ConfigError(_below(where, f"{missing[0]} is missing" if missing else reason), location=location)


def check_keys(table: Iterable[str], known: Collection[str], location: Location | None, where: str) -> None:
    """Raise for the first unknown key."""
    for key in table:
        if key not in known:
            close = "".join(f"did you mean {name!r}? " for name in difflib.get_close_matches(key, known, 1))
            place = f"in {where}" if where else "at the top of the file"
            hint = f"{close}known: {', '.join(known)}"
            raise ConfigError(f"unknown key {key!r} {place}", location=location, hint=hint)


def _parts(value: Any, kind: Any, where: str) -> Iterator[tuple[Any, Any, str]]:
    """The parts of a value, each with its declared type and its location."""
    kinds, keys = get_args(kind), _keys(kind)
    if isinstance(value, list) and get_origin(kind) is tuple:
        for number, part in enumerate(value, 1):
            yield part, kinds[0], f"{where} number {number}{_name(part, kinds[0])}"
    elif isinstance(value, dict) and get_origin(kind) is Mapping:
        for key, part in value.items():
            yield key, kinds[0], _below(where, "key")
            yield part, kinds[1], _below(where, key if key.isidentifier() else repr(key))
    elif isinstance(value, dict):
        for key in filter(keys.__contains__, value):
            yield value[key], keys[key], _below(where, key, keys[key])


def _below(where: str, key: str, kind: Any = str) -> str:
    """The location of a key; at the top of a file, tables are written in brackets."""
    if where:
        return f"{where}{' ' if where.endswith(']') else ': '}{key}"
    return {"a list of tables": f"[[{key}]]", "a table": f"[{key}]"}.get(_expected(kind), key)


def _name(entry: Any, kind: Any) -> str:
    """The name of an entry in a list: the value of its first declared key."""
    name = entry.get(next(iter(_keys(kind)), "")) if isinstance(entry, dict) else ""
    return f" ({name})" if name and isinstance(name, str) else ""


def _keys(kind: Any) -> dict[str, Any]:
    """The types of the declared keys of a table or an object; empty for other types."""
    return get_type_hints(kind, include_extras=True) if hasattr(kind, "__annotations__") else {}


def _required(kind: Any) -> Iterable[str]:
    if is_typeddict(kind):
        return sorted(kind.__required_keys__)
    return [field.name for field in msgspec.structs.fields(kind) if field.required]


def _expected(kind: Any) -> str:
    """A type in words."""
    if hasattr(kind, "__metadata__"):
        return str(kind.__metadata__[0].description)
    if get_origin(kind) is Literal:
        return f"one of {', '.join(filter(None, get_args(kind)))}"
    if get_origin(kind) is tuple:
        each = _expected(get_args(kind)[0])
        return "a list of tables" if each == "a table" else f"a list where each item is {each}"
    return {str: "a string", bool: "true or false", list[Any]: "a list"}.get(
        kind, "an object" if is_typeddict(kind) else "a table"
    )


def _shown(value: Any) -> str:
    try:
        return _short.repr(value)
    except ValueError:  # a number of more digits than Python writes
        return "a huge number"
