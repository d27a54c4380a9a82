"""Values → YAML in the form in which js-yaml writes it, which decides every byte of published front matter.

PyYAML and ruamel.yaml choose other styles for strings: they quote other ones, and fold those with a break that js-yaml
keeps as a block. They also take longer for a tree of pages than all the rest.

Source: js-yaml 4.1, lib/dumper.js, chooseScalarStyle and what it calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

Value = Mapping[str, "Value"] | Sequence["Value"] | str | bool | int | None

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
_BREAK = re.compile(r"\n(?=[^\n])")
"""A break before a line that is not empty."""


def dump(value: Value, column: int = 0, width: int = 0) -> str:
    """A mapping or list as lines, indented by ``column`` spaces, each with its break.

    Strings longer than ``width`` less their column are folded; with 0, none are.
    """
    lines: list[str] = []
    _write(value, column, width, lines)
    return "".join(lines)


def _write(value: Value, column: int, width: int, lines: list[str]) -> None:
    """Append the lines of a mapping or list."""
    indent = " " * column
    if isinstance(value, Mapping):
        for key, item in value.items():
            lines.append(f"{indent}{_key(key)}:")
            _complete(item, column, width, lines)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            if isinstance(item, Mapping | list) and item:
                number = len(lines)
                _write(item, column + 2, width, lines)
                lines[number] = f"{indent}- {lines[number][column + 2 :]}"
            else:
                lines.append(f"{indent}-")
                _complete(item, column, width, lines)


def _complete(value: Value, column: int, width: int, lines: list[str]) -> None:
    """Append a value to a line that ends in a colon or dash, and the lines below it."""
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        text = _scalar(value, column, width)
        lines[-1] += f" {text}\n" if "\n" not in text else f" {_indented(text, column + 2)}\n"
    elif not value:
        lines[-1] += " {}\n" if isinstance(value, Mapping) else " []\n"
    else:
        lines[-1] += "\n"
        _write(value, column + 2, width, lines)


def _indented(text: str, column: int) -> str:
    """A block whose lines after the first are indented, except for empty ones."""
    return _BREAK.sub("\n" + " " * column, text)


@lru_cache(4096)
def _key(name: str) -> str:
    return _scalar(name, 0, 0)


def _scalar(value: str | bool | int | None, column: int, width: int) -> str:
    """A scalar; the lines of a block after its header are not indented."""
    if value is None:
        return "null"
    if not isinstance(value, str):
        return str(value).lower()
    if _UNPRINTABLE.search(value):
        return f'"{_TO_ESCAPE.sub(_escape, value)}"'
    room = max(min(width, _NARROWEST), width - column - 2) if width else 0
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
