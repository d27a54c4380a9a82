"""Values → YAML in the form in which js-yaml writes it, which decides every byte of published front matter.

PyYAML and ruamel.yaml choose other styles for strings: they quote other ones, and fold those with a break that js-yaml
keeps as a block. They also take longer for a tree of pages than all the rest.

Source: js-yaml 4.1, lib/dumper.js, chooseScalarStyle and what it calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Union

Value = Union[Mapping[str, "Value"], Sequence["Value"], str, bool, int, None, "Late", "Draft"]

_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PLAIN = re.compile(r"""(?![-?:,\[\]{}#&*!|=>'"%@`\s])(?!.*:(?:\s|$))(?!.*\s\#).*\S""", re.X)
_RESOLVED = re.compile(
    r"""~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<
    |y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF
    |[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+)
    |[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?
    |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |[-+]?[0-9_]+(?::[0-9_]+)+(?:\.[0-9_]*)?
    |[0-9]{4}-[0-9]{2}-[0-9]{2}
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
        (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?""",
    re.X,
)
"""What YAML 1.1 and 1.2 read as something else than a string."""
_ESCAPES = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip
_TO_ESCAPE = re.compile(f'["\\\\\n]|{_UNPRINTABLE.pattern}')
_NARROWEST = 40
_SHORT = 60
"""The length up to which strings are kept once they are written."""
_BREAK = re.compile(r"\n(?=[^\n])")
"""A break before a line that is not empty."""


@dataclass(frozen=True, slots=True)
class Late:
    """A string that is not known before the document is finished."""

    source: Any
    column: int = 0
    """The column of the key or dash in front of it; set in a :class:`Draft`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The lines of a mapping or list, in which some strings are not known yet."""

    pieces: tuple[str | Late, ...]

    def finish(self, string: Callable[[Any], str]) -> str:
        """The lines, given a function from the source of a string to the string."""
        return "".join(
            piece if isinstance(piece, str) else _string(string(piece.source), piece.column, 0) for piece in self.pieces
        )


def dump(value: Value, column: int = 0, width: int = 0) -> str:
    """A mapping or list as lines, indented by ``column`` spaces, each with its break.

    Strings longer than ``width`` less their column are folded; with 0, none are.
    """
    pieces: list[Any] = []
    _write(value, column, " " * column, width, pieces)
    return "".join(pieces)


def draft(value: Value, column: int = 0) -> Draft:
    """The same as a draft. Drafts in it must have been made for the column in which they are, two to the right."""
    pieces: list[str | Late] = []
    made: list[str | Late] = []
    _write(value, column, " " * column, 0, pieces)
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
        else:
            made += ("".join(texts), piece)
            texts.clear()
    return Draft((*made, "".join(texts)))


def _write(value: Value, column: int, begin: str, width: int, pieces: list[str | Late]) -> None:
    """Append the lines of a mapping or list, the first of which begins as given."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            _complete(f"{begin}{_key(key)}:", item, column, width, pieces)
            begin = " " * column
    elif isinstance(value, Sequence):
        for item in value:
            if item and isinstance(item, Mapping | list):
                _write(item, column + 2, f"{begin}- ", width, pieces)
            else:
                _complete(f"{begin}-", item, column, width, pieces)
            begin = " " * column


def _complete(head: str, value: Value, column: int, width: int, pieces: list[str | Late]) -> None:
    """Append a line that begins with a key or dash, and the lines of its value below it."""
    if isinstance(value, str):
        pieces.append(f"{head} {_string(value, column, width)}\n")
    elif isinstance(value, Late):
        pieces += (f"{head} ", Late(value.source, column), "\n")
    elif isinstance(value, Draft):
        pieces += (f"{head}\n", *value.pieces)
    elif value is None or isinstance(value, int):
        pieces.append(f"{head} {'null' if value is None else str(value).lower()}\n")
    elif value:
        pieces.append(f"{head}\n")
        _write(value, column + 2, " " * (column + 2), width, pieces)
    else:
        pieces.append(f"{head} {'{}' if isinstance(value, Mapping) else '[]'}\n")


@lru_cache(4096)
def _key(name: str) -> str:
    return _scalar(name, 0)


def _string(value: str, column: int, width: int) -> str:
    """A string after a key or dash; the lines of a block after its header are indented."""
    room = max(min(width, _NARROWEST), width - column - 2) if width else 0
    text = _scalar(value, room) if room or len(value) > _SHORT else _key(value)
    if "\n" not in text:
        return text
    indent = "\n" + " " * (column + 2)
    return _BREAK.sub(indent, text) if "\n\n" in text or text[-1] == "\n" else text.replace("\n", indent)


def _scalar(value: str, room: int) -> str:
    """A string; the lines of a block after its header are not indented."""
    if _UNPRINTABLE.search(value):
        return f'"{_TO_ESCAPE.sub(_escape, value)}"'
    is_long = bool(room) and any(len(line) > room and line[:1] != " " for line in value.split("\n"))
    if "\n" not in value and not is_long:
        is_plain = _PLAIN.fullmatch(value) and not _RESOLVED.fullmatch(value)
        return value if is_plain else "'" + value.replace("'", "''") + "'"
    text = value.removesuffix("\n")
    header = ("2" if value.lstrip("\n")[:1] == " " else "") + _chomping(value)
    if is_long:
        return f">{header}\n" + "\n".join(_folded(text, room))
    return f"|{header}\n{text}"


def _chomping(value: str) -> str:
    if not value.endswith("\n"):
        return "-"
    return "+" if value.endswith("\n\n") or value == "\n" else ""


def _folded(text: str, room: int) -> Iterator[str]:
    """The lines of a folded block; a break between two lines that aren't indented is written twice."""
    before = ""
    for line in text.split("\n"):
        if before[:1] not in ("", " ") and line[:1] not in ("", " "):
            yield ""
        yield from _wrapped(line, room) if line[:1] != " " else (line,)
        before = line


def _wrapped(line: str, room: int) -> Iterator[str]:
    """A line broken at single spaces, so that pieces are at most ``room`` long where possible."""
    start = current = 0
    for found in re.finditer(r" [^ ]", line):
        following = found.start()
        if following - start > room:
            end = current if current > start else following
            yield line[start:end]
            start = end + 1
        current = following
    if len(line) - start > room and current > start:
        yield line[start:current]
        start = current + 1
    yield line[start:]


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
