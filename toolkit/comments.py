"""Comments as the model keeps them, and where in the file their lines stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from toolkit.schema import Comment

_INTERNAL = re.compile(r"[ \t]*\(--(.*?)--\)[ \t]*", re.S)


class Location(Protocol):
    """The members of ``SourceCodeInfo.Location`` that are read here."""

    leading_comments: str
    trailing_comments: str

    @property
    def span(self) -> Sequence[int]: ...

    @property
    def leading_detached_comments(self) -> Sequence[str]: ...


NONE = Comment()


def of_location(location: Location) -> Comment:
    """The comments at a location of the source info."""
    leading = location.leading_comments
    trailing = location.trailing_comments
    detached = location.leading_detached_comments
    if not (leading or trailing or detached):
        return NONE
    internal: list[str] = []
    kept = _take_internal(_lines(leading), internal)
    # A leading comment ends on the line above its element.
    first = location.span[0] + 1 - leading.count("\n")
    numbers = [first + offset for offset, _ in kept]
    texts = [line for _, line in kept]
    while texts and not texts[0]:
        del texts[0], numbers[0]
    while texts and not texts[-1]:
        del texts[-1], numbers[-1]
    return Comment(
        leading="\n".join(texts),
        trailing=_plain(trailing, internal) if trailing else "",
        detached=tuple([_plain(block, internal) for block in detached]),
        internal=tuple(internal),
        lines=tuple(numbers),
    )


def _lines(text: str) -> list[str]:
    """The lines of a comment, less one leading space and what white space ends them."""
    return [line[line.startswith(" ") :].rstrip() for line in text.split("\n")]


def _plain(text: str, internal: list[str]) -> str:
    return "\n".join(line for _, line in _take_internal(_lines(text), internal)).strip("\n")


def _take_internal(lines: list[str], internal: list[str]) -> list[tuple[int, str]]:
    """Move ``(-- … --)`` blocks to ``internal``; what is left, each line with its offset.

    A line that held nothing else goes, and with it the empty line that set the block apart.
    """
    if not any("(--" in line for line in lines):
        return list(enumerate(lines))
    text = "\n".join(lines)
    kept: list[tuple[int, str]] = []
    cursor = 0
    pieces: list[tuple[int, str]] = []
    for match in _INTERNAL.finditer(text):
        pieces.append((cursor, text[cursor : match.start()]))
        internal.append(match[1].strip())
        cursor = match.end()
    pieces.append((cursor, text[cursor:]))
    for number, (start, piece) in enumerate(pieces):
        offset = text.count("\n", 0, start)
        parts = list(enumerate(piece.split("\n"), offset))
        if number and kept and parts and kept[-1][1] == "" and parts[0][1] == "":
            parts = parts[1:]
            if parts and parts[0][1] == "":
                parts = parts[1:]
        elif number and kept and parts:
            last_offset, last = kept.pop()
            first_offset, first = parts[0]
            glue = " " if last and first and not first.startswith((" ", ".", ",", ";")) else ""
            parts[0] = (last_offset if last else first_offset, last + glue + first)
        kept.extend(parts)
    return kept
