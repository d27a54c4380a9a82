"""How a reader of the published Markdown sees a text: what is code in it, and whether it stays inside a table's cell.

Source: the CommonMark specification 0.31.2, and the table plugin of @diplodoc/transform 4.78.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_RUN = re.compile(r"`+|~{3,}")
_BARE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*$", re.M)
_CONTAINER = re.compile(r"[ \t]*(?:(?:[-+*>]|\d+[.)])[ \t]+)*\Z")
_BLOCK = re.compile(r"\n[ \t]*(?:\n|[-#>+*<|~`={!:$%]|\d+[.)])")
"""Inside a paragraph: what ends it, or may."""
_BLANK = re.compile(r"\n[ \t]*\n")
_IN_ANGLES = re.compile(r"<[A-Za-z][^\s<>`]*`")
"""What may be a link in angle brackets, which a backtick is part of."""
_MARK = re.compile(r"```|\{\{|\}\}|\|#|#\||\|")
_MOST = 10
"""Fences that nothing closes in one text; after that no fence is looked for, so that hostile texts take no longer."""


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """A code span or a fenced block."""

    start: int
    end: int
    ticks: int

    def inner(self, text: str) -> str:
        """What stands between the backticks."""
        return text[self.start + self.ticks : self.end - self.ticks]


def code_spans(text: str) -> Iterator[CodeSpan]:
    """The code in a text that is code to every reader.

    A fence that nothing closes is none. Where a code span may have been parted
    by the end of a block, which backticks belong together is open to doubt, and
    nothing is code up to the next blank line or fence.
    """
    runs = [match.span() for match in _RUN.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for start, end in runs:
        if text[start] == "`":
            by_length.setdefault(end - start, []).append(start)
    cursor = doubtful = failed = 0
    last = _last_bare(text)
    for start, end in runs:
        if start < cursor:
            continue
        if _is_escaped(text, start):
            start += 1
        close = 0
        if end - start >= 3 and _begins_block(text, start, end):
            close = _end_of_fence(text, start, end) if failed < _MOST and end < last else 0
            failed += not close
        elif text[start:end].startswith("`") and start >= doubtful:
            closing = by_length.get(end - start, [])
            following = bisect_right(closing, start)
            if following == len(closing):
                continue
            if _BLOCK.search(text, end, closing[following]) or _IN_ANGLES.match(text, text.rfind("<", cursor, start)):
                blank = _BLANK.search(text, end)
                doubtful = blank.end() if blank else len(text)
                continue
            close = closing[following] + end - start
        if close:
            yield CodeSpan(start, close, end - start)
            cursor = close


def _is_escaped(text: str, position: int) -> bool:
    begin = position
    while begin and text[begin - 1] == "\\":
        begin -= 1
    return (position - begin) % 2 == 1


def _last_bare(text: str) -> int:
    """Where the last line begins that could close a fence."""
    return max((match.start() for match in _BARE.finditer(text)), default=0)


def _begins_block(text: str, start: int, end: int) -> bool:
    """Whether a run opens a fence: it begins a line, and no backtick follows on it.

    Far to the right it may go on with a paragraph instead, unless a blank line is above it.
    """
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    if stop < 0 or "`" in text[end:stop] or not _CONTAINER.match(text, line, start):
        return False
    return start - line < 4 or not text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : line].strip()


def _end_of_fence(text: str, start: int, end: int) -> int:
    """Where a fence ends; 0 where nothing closes it, or what it stands in ends before it."""
    prefix = text[text.rfind("\n", 0, start) + 1 : start]
    position = text.find("\n", end) + 1
    while 0 < position <= len(text):
        stop = text.find("\n", position)
        line = text[position : stop if stop >= 0 else len(text)]
        if ">" in prefix:
            if not line.startswith(prefix):
                return 0
            line = line[len(prefix) :]
        bare = line.strip(" \t")
        if bare:
            if ">" not in prefix and len(line) - len(line.lstrip(" \t")) < len(prefix):
                return 0
            if len(bare) >= end - start and not bare.strip(text[start]):
                return text.find(bare, position) + len(bare)
        position = stop + 1
    return 0


def stays_in_cell(text: str) -> bool:
    """Whether a cell that holds the text ends where the text does: no bar parts it, and no code or variable goes on."""
    if "|" not in text and "`" not in text and "{" not in text:
        return True
    code = variable = False
    position = 0
    while (match := _MARK.search(text, position)) is not None:
        mark, position = match[0], match.end()
        if mark == "```":
            code = not code
            position += code  # as it is read there
        elif code:
            position = match.start() + 1
        elif mark == "{{":
            variable = True
        elif variable:
            if mark == "}}":
                variable = False
            else:
                position = match.start() + 1
        elif mark == "}}":
            position = match.start() + 1
        elif mark != "|" or not _is_escaped(text, match.start()):
            return False
    return not (code or variable)
