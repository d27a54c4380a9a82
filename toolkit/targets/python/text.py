"""Comments and values as Python source; nothing in a comment can become code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_HARMLESS = {"\n", "\t"}
_SUSPECT = re.compile(r"[^\x20-\x7e\n]")
_QUOTES = re.compile(r'"{3,}|\A"+|"+\Z')
"""Quotes that could end a docstring or change how it begins."""
_PARAGRAPH = re.compile(r"\n{3,}")
WIDTH = 120


def docstring(text: str, indent: str) -> str:
    """A docstring with quotes, for this indentation; empty if there is no text."""
    text = text.strip()
    if not text:
        return ""
    text = _PARAGRAPH.sub("\n\n", text.replace("\\", "\\\\"))
    text = _SUSPECT.sub(_escaped, _QUOTES.sub(lambda match: '\\"' * len(match[0]), text))
    lines = [line.rstrip() for line in text.split("\n")]
    if len(lines) == 1 and len(indent) + len(lines[0]) + 6 <= WIDTH:
        return f'"""{lines[0]}"""'
    body = [f"{indent}{line}" if line else "" for line in lines[1:]]
    return "\n".join([f'"""{lines[0]}', *body, f'{indent}"""'])


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    if letter in _HARMLESS:
        return letter
    if unicodedata.category(letter)[0] in "CZ" and letter != "\u00a0":
        code = ord(letter)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    return letter


def indented(text: str, depth: int = 1) -> str:
    """Indent lines, except empty ones."""
    space = "    " * depth
    return "\n".join(space + line if line else "" for line in text.split("\n"))


def string(text: str) -> str:
    """A string literal in double quotes."""
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{_SUSPECT.sub(_escaped, body)}"'


def literal(value: object) -> str:
    """A literal for strings, numbers, None and tuples of them."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def data(content: bytes) -> list[str]:
    """Bytes as adjacent literals, one per line."""
    return [_literal(content[start : start + 40]) for start in range(0, len(content), 40)] or ['b""']


def _literal(content: bytes) -> str:
    text = "".join(chr(byte) if 32 <= byte < 127 and byte not in (34, 92) else f"\\x{byte:02x}" for byte in content)
    return f'b"{text}"'


def paragraphs(parts: Iterable[str]) -> str:
    """Texts separated by blank lines; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)


def summary(texts: Iterable[str]) -> str:
    """The first paragraph of each text, all in one line."""
    return " ".join(" ".join(text.strip().split("\n\n", 1)[0].split()) for text in texts if text.strip())


def constructor_doc(text: str, arguments: Iterable[tuple[str, str]]) -> str:
    """The docstring of a constructor; empty if no argument has a text.

    Editors show the line of an argument, so each has one, however long.
    """
    lines = [f"    {name}: {said}" for name, said in arguments if said]
    return docstring("\n".join([text, "", "Args:", *lines]), " " * 8) if lines else ""
