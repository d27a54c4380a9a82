"""The lines of a comment according to CommonMark: what begins a block, and where it ends.

Source: the CommonMark specification 0.31.2.
"""

from __future__ import annotations

import re

from toolkit.descriptors.comments import CONTROL
from toolkit.targets.markdown.code import code_spans

FENCE = re.compile(r"( *)(`{3,}(?=[^`]*\Z)|~{3,})[ \t]*(.*)\Z")
HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?!#*\Z)(.*)")
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}\Z")
UNDERLINE = re.compile(r" {0,3}(?:=+|-{3,})\Z")
QUOTE = re.compile(r" {0,3}> ?")
ITEM = re.compile(r"( *)(?:[-+*]|(\d{1,9})[.)])( +)(?=\S)")
_DASHES = re.compile(r":?-+:?\Z")
_BAR = re.compile(r"\\.|\|")
_COLUMNS = 64


def clean(text: str) -> str:
    """A text without control characters, tabs, and common indentation."""
    lines = [part.rstrip() for part in CONTROL.sub("", text).expandtabs(4).split("\n")]
    margin = min((len(part) - len(part.lstrip(" ")) for part in lines if part), default=0)
    return "\n".join(part[margin:] for part in lines).strip("\n")


def without_hashes(heading: str) -> str:
    """The text of a heading without closing hashes."""
    words = heading.rstrip("#")
    return words if words.endswith(" ") else heading


def is_item(part: str, goes_on: bool) -> bool:
    """Whether a line begins an item; after a paragraph it may be indented further, but its number must be 1."""
    mark = ITEM.match(part)
    if mark is None or RULE.match(part):
        return False
    return (mark[2] is None or int(mark[2]) == 1) if goes_on else len(mark[1]) < 4


def item_of(lines: list[str], number: int, mark: re.Match[str], ordered: bool) -> tuple[list[str], int]:
    """The lines of an item without their indentation, and the number of the line after it."""
    width = mark.end() if len(mark[3]) <= 4 else mark.end(3) - len(mark[3]) + 1
    inner = [lines[number][width:]]
    number += 1
    while number < len(lines):
        part = lines[number]
        indent = len(part) - len(part.lstrip(" "))
        if not part or indent >= len(mark[1]) + 2:
            inner.append(part[min(indent, width) :])
        elif not inner[-1] or any(block.match(inner[-1]) for block in (FENCE, HEADING)) or begins_block(part, ordered):
            break
        else:
            inner.append(part.strip())
        number += 1
    while not inner[-1]:
        inner.pop()
    return inner, number


def begins_block(part: str, ordered: bool) -> bool:
    """Whether a line begins a block instead of continuing the paragraph of an item."""
    return is_item(part, not ordered) or any(block.match(part) for block in (FENCE, HEADING, RULE))


def end_of_fence(lines: list[str], number: int, fence: re.Match[str]) -> int:
    """The number of the line after a fence; an unclosed one ends with the last line."""
    for last in range(number + 1, len(lines)):
        if _closes(lines[last], fence):
            return last + 1
    return len(lines)


def _closes(part: str, fence: re.Match[str]) -> bool:
    bare = part.strip()
    return len(bare) >= len(fence[2]) and not bare.strip(fence[2][0])


def code_inside(lines: list[str], fence: re.Match[str]) -> list[str]:
    """The lines of code in a fence, without the indentation of the fence itself."""
    inner = lines[1:-1] if len(lines) > 1 and _closes(lines[-1], fence) else lines[1:]
    return [part[min(len(fence[1]), len(part) - len(part.lstrip(" "))) :] for part in inner]


def table_dashes(lines: list[str], number: int) -> list[str]:
    """The cells in the second line of a table; empty if no table begins here."""
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if "|" not in below or "-" not in below or below.strip("|:- "):
        return []
    dashes = cells_of(below)
    is_table = (
        len(dashes) <= _COLUMNS and all(map(_DASHES.match, dashes)) and len(cells_of(lines[number])) == len(dashes)
    )
    return dashes if is_table else []


def cells_of(part: str) -> list[str]:
    """The cells of a row. A bar with a backslash is a bar, even in code."""
    part = part.strip()
    codes = [(span.start, span.end) for span in code_spans(part)][::-1] if "`" in part else []
    cells = [""]
    cursor = 0
    for match in _BAR.finditer(part):
        begin = match.start()
        while codes and codes[-1][1] <= begin:
            codes.pop()
        in_code = bool(codes) and codes[-1][0] <= begin
        if match[0] == "\\|" and in_code:
            cells[-1] += part[cursor:begin]
            cursor = begin + 1
        elif match[0] == "|" and not in_code:
            cells[-1] += part[cursor:begin]
            cells.append("")
            cursor = match.end()
    cells[-1] += part[cursor:]
    cells = [cell.strip() for cell in cells]
    if len(cells) > 1 and not cells[0]:
        del cells[0]
    if len(cells) > 1 and not cells[-1]:
        del cells[-1]
    return cells
