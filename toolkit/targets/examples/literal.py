"""JSON values as Python literals, formatted like code formatters do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

WIDTH = 88
"""Columns in a line; longer strings are not split."""


def literal(value: Any, indent: int = 0, before: int = 0) -> str:
    """A value as a literal: on one line if it fits, otherwise one key or element per line.

    ``indent`` is the indentation of the line that contains the value, and
    ``before`` the number of other characters in it: a key, and a comma.
    """
    flat = _flat(value)
    if not (isinstance(value, (dict, list)) and value) or indent + before + len(flat) <= WIDTH:
        return flat
    inner = indent + 4
    lines = "".join(f"{' ' * inner}{line},\n" for line in _lines(value, inner))
    opening, closing = flat[0], flat[-1]
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def _lines(value: dict[str, Any] | list[Any], indent: int) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield literal(item, indent, 1)
        return
    for key, item in value.items():
        name = _quoted(key)
        yield f"{name}: {literal(item, indent, len(name) + 3)}"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)}: {_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """A string in double quotes, unless single ones avoid escapes; unprintable characters are escaped."""
    found = repr(text)
    if found[0] == '"' or text.count('"') > text.count("'"):
        return found
    bare = found[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{bare}"'
