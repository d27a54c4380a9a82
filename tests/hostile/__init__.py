"""Texts in protos that try to make a page, a report or a program do something; a folder a case.

``expected.md`` of a case says what is right. ``texts.toml`` has the texts of the case by name: a string; or parts, each
so many times; or a table of a string and of what a test expects, by names that are that test's own. A case may be a
tree instead: folders of .proto files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NOT_COMMENTS = ("logs", "values")
"""Cases of texts for other places than comments."""
LONGEST = 5_000
"""Characters of a text that has to be built into a page that is looked at whole."""


@cache
def cases() -> Mapping[str, Mapping[str, Any]]:
    """The texts of each case by their names, as its file has them."""
    found = sorted(FOLDER.glob("*/texts.toml"))
    return {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in found}


def texts(case: str) -> dict[str, str]:
    """The texts of a case by name."""
    return {name: _text(value) for name, value in cases()[case].items()}


def comments() -> dict[str, str]:
    """The texts of all cases that are for comments; each by the name of its case and its own."""
    return dict(_comments())


def _comments() -> Iterator[tuple[str, str]]:
    for case in cases():
        if case not in NOT_COMMENTS:
            yield from ((f"{case}: {name}", text) for name, text in texts(case).items())


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return _text(value["text"]) * int(value.get("times", 1))
    return "".join(map(_text, value)) if isinstance(value, list) else str(value)
