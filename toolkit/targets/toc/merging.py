"""Puts the generated item into a toc.yaml; all other lines belong to the user."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from toolkit.errors import ConfigError, Location
from toolkit.targets.toc.tree import REFERENCE

_HEAD = re.compile(
    rf"""^(?P<indent>[ ]*)-[ ]+name:[ ]+(?P<quote>['"]?){REFERENCE}(?P=quote)[ \t]*(?:\#.*)?\r?$""", re.M
)


def read_toc(path: Path) -> str | None:
    """The text of a toc.yaml, or None if there is none."""
    try:
        return path.read_bytes().decode() if path.is_file() else None  # keeps its line endings
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read it: {error}", location=Location(str(path))) from None


def merged(text: str, item: Callable[[int], str], file: str) -> str:
    """A toc.yaml with its item replaced; ``item`` gives the lines for a number of spaces before them."""
    found = list(_HEAD.finditer(text))
    if len(found) != 1:
        number = "several items" if found else "no item"
        raise ConfigError(
            f"there is {number} named {REFERENCE}" if not found else f"there are {number} named {REFERENCE}",
            location=Location(file),
            hint=f"write one line '- name: {REFERENCE}' where the reference should be",
        )
    head = found[0]
    indent = len(head["indent"])
    newline = "\r\n" if head[0].endswith("\r") else "\n"
    end = _end(text, head.end(), indent)
    lines = item(indent).removesuffix("\n").replace("\n", newline)
    return text[: head.start()] + lines + text[end:]


def _end(text: str, position: int, indent: int) -> int:
    """Where the lines of an item end: before the first that is not indented more, and without blank lines."""
    end = position
    deeper = re.compile(rf"\r?\n(?:[ \t]*\r?\n)*[ ]{{{indent + 1}}}[^\n]*")
    while found := deeper.match(text, end):
        end = found.end()
    return end - 1 if text[end - 1] == "\r" else end
