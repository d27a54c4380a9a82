"""How renderers of the published Markdown read a text: which parts are code, and whether it stays in its table cell.

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
"""Inside a paragraph: what ends it, or may end it."""
_BLANK = re.compile(r"\n[ \t]*\n")
_IN_ANGLES = re.compile(r"<[A-Za-z][^\s<>`]*`")
"""What may be a link in angle brackets that contains a backtick."""
_MARK = re.compile(r"```|\{\{|\}\}|\|#|#\||\|")
_MOST = 10
"""Unclosed fences in a text, after which no more fences are searched, to limit the time for hostile texts."""


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """A code span or a fenced block."""

    start: int
    end: int
    ticks: int

    def inner(self, text: str) -> str:
        """The text between the backticks."""
        return text[self.start + self.ticks : self.end - self.ticks]


def code_spans(text: str) -> Iterator[CodeSpan]:
    """The code in a text that every renderer reads as code.

    Unclosed fences don't count. If a code span may be interrupted by the end
    of a block, it is uncertain which backticks match, and nothing is code up to
    the next blank line or fence.
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
            if _ends_before(text, end, closing[following]) or _IN_ANGLES.match(text, text.rfind("<", cursor, start)):
                blank = _BLANK.search(text, end)
                doubtful = blank.end() if blank else len(text)
                continue
            close = closing[following] + end - start
        if close:
            yield CodeSpan(start, close, end - start)
            cursor = close


def _ends_before(text: str, position: int, closing: int) -> bool:
    """Whether a block ends, or may end, before the run that closes a code span; such a run may open a fence itself."""
    stop = closing + 3 if text.startswith("```", closing) else closing
    return _BLOCK.search(text, position, stop) is not None


def _is_escaped(text: str, position: int) -> bool:
    begin = position
    while begin and text[begin - 1] == "\\":
        begin -= 1
    return (position - begin) % 2 == 1


def _last_bare(text: str) -> int:
    """The beginning of the last line that could close a fence."""
    return max((match.start() for match in _BARE.finditer(text)), default=0)


def _begins_block(text: str, start: int, end: int) -> bool:
    """Whether a run opens a fence: it begins a line, and no other backtick is in the line.

    If it is indented further, it may continue a paragraph instead, unless it follows a blank line.
    """
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    if stop < 0 or "`" in text[end:stop] or not _CONTAINER.match(text, line, start):
        return False
    return start - line < 4 or not text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : line].strip()


def _end_of_fence(text: str, start: int, end: int) -> int:
    """The end of a fence; 0 if it is not closed, or if the block around it ends first."""
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
    """Whether a table cell with this text ends with the text: no bar splits it, and no code or variable is unclosed."""
    if "|" not in text and "`" not in text and "{" not in text:
        return True
    code = variable = False
    position = 0
    while (match := _MARK.search(text, position)) is not None:
        mark, position = match[0], match.end()
        if mark == "```":
            code = not code
            position += code  # as the table plugin reads it
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
