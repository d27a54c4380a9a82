"""What the comments of an API say to its readers: without what is meant for tools, and as Markdown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from toolkit.descriptors.model import Comment
from toolkit.errors import ConfigError
from toolkit.semantics.rst import to_markdown

MARKUPS = ("markdown", "rst")
TOOLS = (
    *("<!--*-->", "[#comment:*]", "[#not-implemented-hide:*]", "[#next-free-field:*]", "[#next-major-version:*]"),
    *("[#alpha:*]", "[#extension:*]", "[#extension-category:*]", "[#protodoc-title:*]"),
    *("+k8s:*", "+kubebuilder*", "+cue-gen:*", "+genclient*", "+protobuf*", "+optional", "+required", "+nullable"),
    *("+enum", "+default=*", "+union*", "+featureGate=*", "+listType=*", "+listMapKey=*", "+mapType=*"),
    *("+structType=*", "+patchStrategy=*", "+patchMergeKey=*", "$hide_from_docs"),
    *("buf:lint:*", "buf:breaking:*", "clang-format on", "clang-format off", "protolint:*"),
    *("LINT.IfChange*", "LINT.ThenChange*"),
    *("@internal", "@internal *"),  # of ours: hides from the site
)
"""Patterns of comments for well-known tools."""

_CODE = re.compile(
    r"^ *(?P<fence>`{3,}|~{3,})[^\n]*(?:\n(?! *(?P=fence))[^\n]*)*(?:\n[^\n]*)?|(?P<ticks>`+)[^`\n]+(?P=ticks)(?!`)",
    re.M,
)
_REQUIRED = re.compile(
    r"(?:\s*[*_]{0,2}(?:[\[(]required[\])][.:]?|required(?: field)?(?:[.:]| [-–—](?= )))[*_]{0,2}(?=\s|\Z))+\s*",
    re.I,
)
"""What says at the beginning of a comment that a field is required."""
_WORD = re.compile(r"[a-z]+(?![\w.])")


@dataclass(frozen=True)
class CommentReader:
    """Reads comments for pages, docstrings and examples. Published styles pass comments on as they are written.

    A pattern without text after its ``*`` matches an entire line, others match a block that begins anywhere. Raises
    :class:`ConfigError` for a pattern or markup that is not known.
    """

    drop: tuple[str, ...] = ()
    """Patterns of what to leave out."""
    drop_tools: bool = True
    """Whether to leave out comments for well-known tools, too."""
    markup: str = MARKUPS[0]

    def __post_init__(self) -> None:
        if self.markup not in MARKUPS:
            raise ConfigError(f"comments cannot have the markup {self.markup!r}", hint=f"one of: {', '.join(MARKUPS)}")
        for pattern in self.drop:
            if pattern[:1] in ("", "*") or pattern.count("*") > 1:
                raise ConfigError(
                    f"{pattern!r} is not a pattern of comments to leave out",
                    hint='write text with at most one *, such as "+acme:*", or "<acme>*</acme>" for a block',
                )

    @cached_property
    def _patterns(self) -> Sequence[tuple[str, str, str]]:
        """Each pattern as the text before its ``*``, the ``*`` or nothing, and the text after it."""
        return [pattern.partition("*") for pattern in dict.fromkeys((*(TOOLS if self.drop_tools else ()), *self.drop))]

    @cached_property
    def _openings(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(opening) for opening, _, _ in self._patterns) or "(?!)")

    @cached_property
    def _blocks(self) -> Sequence[tuple[str, str]]:
        return [(opening, closing) for opening, _, closing in self._patterns if closing]

    @cached_property
    def _lines(self) -> re.Pattern[str]:
        lines = [
            re.escape(opening) + (".*" if star else "") for opening, star, closing in self._patterns if not closing
        ]
        return re.compile(rf"^[ \t]*(?:{'|'.join(lines) or '(?!)'})[ \t]*$", re.M)

    def read(self, comment: Comment, *, required: bool = False) -> Comment:
        """The comment as Markdown for readers; its line is the one it has in the file.

        With ``required``, without the words that say so at its beginning, since whoever asks shows the fact.
        """
        leading, trailing = self._read(comment.leading, required), self._read(comment.trailing, required)
        if leading == comment.leading and trailing == comment.trailing:
            return comment
        return replace(comment, leading=leading, trailing=trailing)

    def _read(self, text: str, required: bool) -> str:
        if not text:
            return text
        if self._openings.search(text):
            text = self._without_dropped(text)
        if self.markup == "rst":
            text = to_markdown(text)
        return without_required(text) if required else text

    def _without_dropped(self, text: str) -> str:
        codes = [match.span() for match in _CODE.finditer(text)] if "`" in text or "~~~" in text else []
        spans = [match.span() for match in self._lines.finditer(text) if not _inside(codes, match.start())]
        for opening, closing in self._blocks:
            spans += _blocks(text, opening, closing, codes)
        return _without(text, sorted(spans)) if spans else text


def without_required(text: str) -> str:
    """A comment without words at its beginning that only say that a field is required."""
    found = _REQUIRED.match(text)
    if found is None:
        return text
    text = text[found.end() :]
    return text[:1].upper() + text[1:] if _WORD.match(text) else text


def _inside(codes: Sequence[tuple[int, int]], position: int) -> int:
    """The end of the code that a position is in, or 0."""
    index = bisect_right(codes, (position, len(codes) and codes[-1][1])) - 1
    return codes[index][1] if index >= 0 and codes[index][1] > position else 0


def _blocks(text: str, opening: str, closing: str, codes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of blocks outside of code; one that nothing closes is text."""
    cursor = text.find(opening)
    while cursor >= 0:
        end = _inside(codes, cursor)
        if not end:
            end = _end_of_block(text, cursor, opening, closing)
            if not end:
                return
            yield cursor, end
        cursor = text.find(opening, end)


def _end_of_block(text: str, begin: int, opening: str, closing: str) -> int:
    """The end of a block, or 0. Brackets in a block in brackets are part of it."""
    if (opening[0], closing) != ("[", "]"):
        found = text.find(closing, begin + len(opening))
        return found + len(closing) if found >= 0 else 0
    depth = 0
    for mark in re.compile(r"[\[\]]").finditer(text, begin):
        depth += 1 if mark[0] == "[" else -1
        if depth == 0:
            return mark.end()
    return 0


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text without some spans; lines that contained nothing else go with them."""
    pieces, cursor = [], 0
    for begin, end in spans:
        if begin >= cursor:
            pieces.append(text[cursor:begin])
        cursor = max(cursor, end)
    made: list[str] = []
    # No comment contains a control character.
    for line in "\0".join([*pieces, text[cursor:]]).split("\n"):
        kept = _joined(line.split("\0")) if "\0" in line else line
        if kept or "\0" not in line:
            made.append(kept)
        elif made and not made[-1]:
            made.pop()
    return "\n".join(made).strip("\n")


def _joined(parts: Iterable[str]) -> str:
    """The parts of a line between which something was left out."""
    first, *others = parts
    made = first
    for part in others:
        gap = " " if made[-1:] in (" ", "\t") or part[:1] in (" ", "\t") else ""
        rest = part.lstrip(" \t")
        if not made.strip(" \t"):
            made += rest
        elif rest:
            made = made.rstrip(" \t") + ("" if rest[0] in ".,;:!?)" else gap) + rest
    return made.rstrip(" \t")
