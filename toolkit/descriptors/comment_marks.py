"""Marks around the text of a comment: ``///``, ``/** */``, ``//!``, ``///<``, gutters, and boxes of marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKED = re.compile(r"^(?:[/*!<]|[ \t]*(?:[*/#=-]{3,}[ \t]*$|[=-]{3}))", re.M)
"""Matches every comment with marks, and few others."""
_RULE = re.compile(r"[ \t]*[*/#=-]{3,}[ \t]*\Z|[*/]+[ \t]*\Z")
"""A line of nothing but marks. Below text, ``===`` and ``---`` are Markdown, unless they are the last line."""
_SEPARATOR = re.compile(r"[*/]+[ \t]*\Z|[ \t]*#{7,}[ \t]*\Z")
_BANNER = re.compile(r"[ \t]*(?:={3,}|-{3,})[ \t](?=[ \t]*[^\s=-])")
_TAG = r"(?![A-Za-z/!][^<>\n]*>)"
_OPENINGS = {
    "/": re.compile(r"/+(?:<(?=[ \t]|\Z))?(?=[ \t]|\Z)"),
    "*": re.compile(rf"\*+(?:<{_TAG})?(?=[ \t]|\Z)|\*(?:<{_TAG})?(?=[^\s*]++[^*]*\Z)"),
    "!": re.compile(r"!<?(?=[ \t]|\Z|[A-Z])"),
    "<": re.compile(r"<(?=[ \t]|\Z)"),
}
"""What may be directly after ``//`` or ``/*``, by its first character."""
_SLASHES = re.compile(rf"/+(?:<{_TAG})?")
"""The same if every line begins with it."""
_FENCE = re.compile(r"[ \t]*(?:`{3}|~{3})")
_GUTTER = re.compile(r"\*+(?=[ \t]|\Z)")


def is_marked(text: str) -> bool:
    """Whether a comment may have marks."""
    return _MARKED.search(text) is not None


def without_marks(text: str) -> str:
    """A comment as protoc returns it, without marks; the number of its lines is unchanged."""
    if not is_marked(text):
        return text
    lines = text.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip(" \t")]
    top, end = 0, len(written)
    while top < end and _RULE.match(lines[written[top]]):
        top += 1
    while end > top and _RULE.match(lines[written[end - 1]]):
        end -= 1
    inside = written[top:end]
    if "```" not in text and "~~~" not in text:
        inside = [number for number in inside if not _SEPARATOR.match(lines[number])]
    elif _FENCE.match(lines[written[0]]):
        return text
    for number in {*written}.difference(inside):
        lines[number] = ""
    if inside:
        _take_opening(lines, inside)
        if top and end < len(written):
            _take_edges(lines, inside)
    return "\n".join(lines)


def _take_opening(lines: list[str], inside: Sequence[int]) -> None:
    """Remove what is directly after the opening of the comment, and gutters of asterisks."""
    first, *others = inside
    mark = lines[first][:1]
    if mark not in _OPENINGS:
        if _BANNER.match(lines[first]):
            lines[first] = _without_end(lines[first].lstrip(" \t").lstrip("=-"), "=-")
        return
    same = all(lines[number].startswith(mark) for number in others)
    numbers = inside if same or mark == "/" else [first]
    if mark == "*" and (not same if first else any(_GUTTER.match(lines[number]) for number in others)):
        return  # a list
    if mark in "!<" and first:
        return
    pattern = _SLASHES if mark == "/" and same else _GUTTER if mark == "*" and first else _OPENINGS[mark]
    for number in numbers:
        found = pattern.match(lines[number])
        if found:
            text = lines[number][found.end() :]
            lines[number] = _without_end(text, mark) if found.end() > 1 else text
    if mark == "*":  # such as **/
        lines[inside[-1]] = _without_end(lines[inside[-1]], mark)


def _take_edges(lines: list[str], inside: Sequence[int]) -> None:
    """Remove the right and left edge of a box."""
    mark = lines[inside[0]].rstrip(" \t")[-1:]
    if mark not in "*/#=-" or any(_without_end(lines[number], mark) == lines[number] for number in inside):
        return
    for number in inside:
        lines[number] = _without_end(lines[number], mark)
    if all(lines[number].lstrip(" \t")[:2] in (mark, f"{mark} ") for number in inside):
        for number in inside:
            lines[number] = lines[number].lstrip(" \t")[1:]


def _without_end(line: str, marks: str) -> str:
    """A line without marks at its end, if there is white space before them."""
    text = line.rstrip(" \t")
    shorter = text.rstrip(marks)
    return shorter.rstrip(" \t") if shorter != text and shorter[-1:] in (" ", "\t") else line
