"""Comments as the model keeps them, and where in the file their lines stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from toolkit.descriptors.comment_marks import is_marked, without_marks
from toolkit.descriptors.model import Comment

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters but tab and line feed: no comment of the model holds one."""
_TRAILING = re.compile(r"[ \t]+$", re.M)
_BLOCK = re.compile(r"\(--(.*?)(?:--\)|\Z)", re.S)
_INTERNAL = re.compile(r"(?<![ \t])(?P<before>[ \t]*)(?:\(--.*?(?:--\)|\Z)(?P<after>[ \t]*))+(?P<lines>\n*)", re.S)
"""Blocks on one line, and the white space around them."""


class SourceLocation(Protocol):
    """The members of ``SourceCodeInfo.Location`` that are read here."""

    leading_comments: str
    trailing_comments: str

    @property
    def span(self) -> Sequence[int]: ...

    @property
    def leading_detached_comments(self) -> Sequence[str]: ...


NONE = Comment()


def of_location(location: SourceLocation) -> Comment:
    """The comments at a location of the source info."""
    leading = location.leading_comments
    trailing = location.trailing_comments
    detached = location.leading_detached_comments
    if isinstance(leading, bytes):
        leading = decoded(leading)
    if not (trailing or detached):
        if not leading:
            return NONE
        if _is_plain(leading) and not is_marked(leading):
            text = (leading[1:] if leading[0] == " " else leading).replace("\n ", "\n").rstrip("\n")
            return Comment(text, line=location.span[0] + 1 - leading.count("\n"))
    internal: list[str] = []
    # A leading comment ends on the line above its element; one in /* */ ends without a line feed.
    line = location.span[0] + leading.endswith("\n") - leading.count("\n")
    whole = _tidy(leading).rstrip("\n")
    text = _take_internal(whole, internal).strip("\n")
    begin = len(whole) - len(text) if whole.endswith(text) else len(whole) - len(whole.lstrip("\n"))
    line += whole.count("\n", 0, begin)
    return Comment(
        leading=text,
        trailing=_take_internal(_tidy(decoded(trailing)), internal).strip("\n") if trailing else "",
        detached=tuple(filter(None, [_take_internal(_tidy(decoded(b)), internal).strip("\n") for b in detached])),
        internal=tuple(internal),
        line=line if text else 0,
        marked=_take_internal(CONTROL.sub("", leading), []) if _has_marks(leading) else "",
    )


def of_text(text: str) -> Comment:
    """A text from elsewhere as a comment."""
    internal: list[str] = []
    text = _TRAILING.sub("", CONTROL.sub("", text))
    return Comment(_take_internal(text, internal).strip("\n"), internal=tuple(internal))


def _is_plain(text: str) -> bool:
    """Whether a comment needs no more than its leading spaces taken; nearly all are like that."""
    return (
        " \n" not in text
        and text[-1] == "\n"
        and text[0] != "\n"
        and "(--" not in text
        and text.replace("\n", "").isprintable()
    )


def _has_marks(text: str) -> bool:
    """Whether a comment has marks, begins with an empty line, or directly follows the ``/*`` of a block."""
    is_block = not text.endswith("\n")
    return is_marked(text) or text.lstrip(" \t").startswith("\n") or (is_block and text[:1] not in (" ", "\t", ""))


def _tidy(text: str) -> str:
    """A comment without marks, control characters, and the white space around its lines, except further indentation."""
    text = without_marks(CONTROL.sub("", text))
    gap = "\t" if text.startswith("\t") else " "
    text = text.removeprefix(gap).replace(f"\n{gap}", "\n")
    if " \n" in text or "\t\n" in text or text.endswith((" ", "\t")):
        text = _TRAILING.sub("", text)
    return text


def _take_internal(text: str, internal: list[str]) -> str:
    """Move ``(-- … --)`` blocks to ``internal``; lines that held nothing else go with them.

    A block that nothing closes goes on to the end of the comment.
    """
    if "(--" not in text:
        return text

    def take(match: re.Match[str]) -> str:
        internal.extend(block.strip() for block in _BLOCK.findall(match[0]))
        start, end = match.span()
        before, after, lines = match.group("before", "after", "lines")
        if not start or text[start - 1] == "\n":
            if not (lines or end == len(text)):
                return before
            return lines[1:] if text[max(start - 2, 0) : start].strip("\n") else ""
        if lines or end == len(text):
            return lines
        return after[:1] or ("" if text[end] in ".,;:!?)" else before[:1])

    return _INTERNAL.sub(take, text)


def decoded(text: str | bytes) -> str:
    """A string of a descriptor; one that is not UTF-8 comes as bytes, and its faults are shown as such."""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
