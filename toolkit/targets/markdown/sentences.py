"""The first sentence of a comment."""

from __future__ import annotations

import re

from toolkit.targets.markdown.code import code_spans
from toolkit.targets.markdown.lines import (
    FENCE,
    HEADING,
    ITEM,
    QUOTE,
    RULE,
    UNDERLINE,
    begins_block,
    clean,
    end_of_fence,
    without_hashes,
)

_END = re.compile(r"""(?<![.!?])[.!?]++["'”’)\]*_]*+(?=\s|\Z)|[。！？()\[\]]""")
_NEXT = re.compile(r"\s*(\S?)")
_BEHAVIOR = re.compile(r"(?:Required|Optional|Output only|Input only|Immutable|Identifier|Unordered list|Deprecated)\.")
"""Sentences after AIP-203, which say less than the next one."""
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|a\.k\.a|vs|cf|approx|incl|resp)\Z", re.I)


def first_sentence(text: str) -> str:
    """The first sentence of a comment as its author wrote it, or its first paragraph if no sentence ends."""
    paragraph = _first_paragraph(clean(text).split("\n"))
    behavior = _BEHAVIOR.match(paragraph)
    codes = [*code_spans(paragraph)][::-1] if "`" in paragraph else []
    depth = 0
    for match in _END.finditer(paragraph):
        start, mark = match.start(), match[0]
        while codes and codes[-1].end <= start:
            codes.pop()
        if codes and codes[-1].start <= start:
            continue
        if mark in "([":
            depth += 1
            continue
        depth = max(depth - mark.count(")") - mark.count("]"), 0)
        is_behavior = behavior is not None and match.end() == behavior.end()
        if mark not in ")]" and not depth and not is_behavior and _ends_sentence(paragraph, match):
            sentence = paragraph[: match.end()]
            if sentence == paragraph or _first_paragraph(sentence.split("\n")) == sentence:
                return sentence
    return paragraph


def _first_paragraph(lines: list[str]) -> str:
    """The text of the first paragraph, heading, item or quote, without the marks of the blocks around it."""
    found: list[str] = []
    is_item = False
    lines = [part.strip(" ") for part in lines]
    number = 0
    while number < len(lines):
        part = lines[number]
        fence = FENCE.match(part)
        if found:
            if not part or UNDERLINE.match(part) or begins_block(part, is_item):
                break
            found.append(part)
        elif fence:
            number = end_of_fence(lines, number, fence)
            continue
        elif heading := HEADING.match(part):
            lines = [without_hashes(heading[1]).strip(" ")]
            number = 0
            continue
        elif part and not RULE.match(part):
            is_item = is_item or ITEM.match(part) is not None
            if mark := ITEM.match(part) or QUOTE.match(part):
                lines[number] = part[mark.end() :].strip(" ")
                continue
            found.append(part)
        number += 1
    return "\n".join(found)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a mark ends a sentence: not in an abbreviation, and not before lowercase text."""
    if match[0][0] != "." or match.end() == len(text):
        return True
    following = _NEXT.match(text, match.end())
    if following is not None and following[1].islower():
        return False
    return not _ABBREVIATION.search(text, max(match.start() - 10, 0), match.start())
