"""Comments as the model keeps them, and where in the file their lines stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from toolkit.schema import Comment

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters but tab and line feed: no comment of the model holds one."""
_TRAILING = re.compile(r"[ \t]+$", re.M)
_INTERNAL = re.compile(r"(?P<before>\n*)[ \t]*\(--(?P<block>.*?)--\)[ \t]*(?P<after>\n*)", re.S)


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
    if not (trailing or detached):
        if not leading:
            return NONE
        if _is_plain(leading):
            text = (leading[1:] if leading[0] == " " else leading).replace("\n ", "\n").rstrip("\n")
            return Comment(text, line=location.span[0] + 1 - leading.count("\n"))
    internal: list[str] = []
    # A leading comment ends on the line above its element.
    line = location.span[0] + 1 - leading.count("\n")
    text = _tidy(leading, internal)
    if text.startswith("\n"):
        stripped = text.lstrip("\n")
        line += len(text) - len(stripped)
        text = stripped
    return Comment(
        leading=text.rstrip("\n"),
        trailing=_tidy(trailing, internal).strip("\n") if trailing else "",
        detached=tuple([_tidy(block, internal).strip("\n") for block in detached]),
        internal=tuple(internal),
        line=line if leading else 0,
    )


def _is_plain(text: str) -> bool:
    """Whether a comment needs no more than its leading spaces taken; nearly all are like that."""
    return (
        " \n" not in text
        and text[-1] == "\n"
        and text[0] != "\n"
        and "(--" not in text
        and text.replace("\n", "").isprintable()
    )


def _tidy(text: str, internal: list[str]) -> str:
    """A comment less one leading space a line, what white space ends a line, and internal blocks."""
    text = (text[1:] if text.startswith(" ") else text).replace("\n ", "\n")
    text = CONTROL.sub("", text)
    if " \n" in text or "\t\n" in text or text.endswith((" ", "\t")):
        text = _TRAILING.sub("", text)
    return _take_internal(text, internal) if "(--" in text else text


def _take_internal(text: str, internal: list[str]) -> str:
    """Move ``(-- … --)`` blocks to ``internal``; lines that held nothing else go with them."""

    def take(match: re.Match[str]) -> str:
        internal.append(match["block"].strip())
        alone = (match["before"] or not match.start()) and (match["after"] or match.end() == len(text))
        return match["before"] if alone else match["before"] + match["after"]

    return _INTERNAL.sub(take, text)
