"""Comments in .proto files → safe Markdown that MkDocs renders as their authors intended.

A comment is parsed as the Markdown that its author wrote, and written again with few constructs: paragraphs, lists,
quotes, fences, tables, rules; emphasis, code, links. Everything else that Python-Markdown or an extension could
interpret as markup is escaped. Headings become strong paragraphs, images become links.

Source: the CommonMark specification 0.31.2 for the input, Python-Markdown 3.11 for the output.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from toolkit.targets.markdown.inline import DEFINITION, Inline, Resolve, as_words, code, definitions
from toolkit.targets.markdown.lines import (
    FENCE,
    HEADING,
    ITEM,
    QUOTE,
    RULE,
    UNDERLINE,
    cells_of,
    clean,
    code_inside,
    end_of_fence,
    is_item,
    item_of,
    table_dashes,
    without_hashes,
)

_ODD = re.compile(
    r"[\\`*\[\]{}<|\t\x00-\x08\x0b-\x1f\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
    r"|_(?:(?<![^\W_]_)|(?![^\W_]))|:(?=//)|&(?=#)| (?=\n|\Z)"
    r"|\n(?:[ \-+>#=~]|!!!|///|\d+[.)](?!\S))"
)
"""Matches everything that is not in a comment of plain paragraphs, preceded by a line feed; snake_case is plain."""
_LANGUAGE = re.compile(r"[A-Za-z0-9_+-]*(?![^\s{,;:])")
_DEEPEST = 6
"""Levels of nested lists and quotes; deeper ones are text."""


def as_written(address: str) -> str | None:
    """The default target of a relative address: unchanged."""
    return address


def is_plain(text: str) -> bool:
    """Whether a comment is plain paragraphs, in which nothing is markup."""
    return not _ODD.search(f"\n{text}")


def body(text: str, resolve: Resolve, relative: Resolve = as_written) -> str:
    """A comment as blocks, without leading or trailing empty lines.

    ``resolve`` returns the target of a name in square brackets, ``relative``
    that of an address without a scheme. If they return None, the text is kept
    without a link.
    """
    if is_plain(text):
        return text.strip("\n")
    text = clean(text)
    blocks = _Blocks(Inline(resolve, relative, definitions(text)))
    return "\n\n".join(block.text for block in blocks.read(text.split("\n"), 0))


def line(text: str, resolve: Resolve, relative: Resolve = as_written) -> str:
    """A comment in one line, for a table cell or a list item; links, code and emphasis are kept."""
    if not _ODD.search(f"\n{text}"):
        return " ".join(text.split())
    text = clean(text)
    lines = text.split("\n")
    inline = Inline(resolve, relative, definitions(text))
    made: list[str] = []
    words: list[str] = []
    number = 0
    while number < len(lines):
        part = lines[number]
        number += 1
        if fence := FENCE.match(part):
            begin, number = number, end_of_fence(lines, number - 1, fence)
            made += [inline.set("\n".join(words)), code("\n".join(code_inside(lines[begin - 1 : number], fence)))]
            words.clear()
        elif heading := HEADING.match(part):
            words.append(without_hashes(heading[1]))
        elif not (RULE.match(part) or UNDERLINE.match(part) or (inline.definitions and DEFINITION.match(part))):
            words.append(part.strip())
    made.append(inline.set("\n".join(words)))
    return as_words(" ".join(" ".join(made).split()))


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    kind: str = ""
    """``words``, ``list``, or something else."""


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Parses lines as blocks, and writes them for Python-Markdown: separated, and indented by four."""

    inline: Inline

    def read(self, lines: list[str], depth: int) -> list[_Block]:
        """The blocks in lines that are nested in ``depth`` lists and quotes."""
        made: list[_Block] = []
        words: list[str] = []
        blocks: list[_Block]
        number = 0
        while number < len(lines):
            part = lines[number]
            blocks, end = [], number + 1
            if words and UNDERLINE.match(part) and (len(words) == 1 or "=" in part):
                blocks = self._words(words.pop(), strong=True)
            elif part:
                found = self._block(lines, number, depth, bool(words))
                if found is None:
                    words.append(part.strip())
                    number += 1
                    continue
                blocks, end = found
            made += [*self._words("\n".join(words)), *blocks]
            words.clear()
            number = end
        return made + self._words("\n".join(words))

    def _block(self, lines: list[str], number: int, depth: int, goes_on: bool) -> tuple[list[_Block], int] | None:
        """The block that begins with a line, and the number of the line after it; None for words.

        ``goes_on`` is whether the line follows a paragraph.
        """
        part = lines[number]
        end = number + 1
        if fence := FENCE.match(part):
            end = end_of_fence(lines, number, fence)
            return _fence(lines[number:end], fence), end
        if depth < _DEEPEST and is_item(part, goes_on):
            block, end = self._list(lines, number, depth)
            return [block], end
        if part.startswith("    "):
            if goes_on:
                return None
            while end < len(lines) and (not lines[end] or lines[end].startswith("    ")):
                end += 1
            return _fenced(textwrap.dedent("\n".join(lines[number:end])), ""), end
        if RULE.match(part):
            return [_Block("***")], end
        if heading := HEADING.match(part):
            return self._words(without_hashes(heading[1]), strong=True), end
        if self.inline.definitions and DEFINITION.match(part):
            return [], end
        if QUOTE.match(part) and depth < _DEEPEST and not goes_on:
            while end < len(lines) and QUOTE.match(lines[end]):
                end += 1
            return self._quote([QUOTE.sub("", quoted, count=1) for quoted in lines[number:end]], depth), end
        if "|" in part and (dashes := table_dashes(lines, number)):
            end += 1
            while end < len(lines) and "|" in lines[end]:
                end += 1
            return [self._table(dashes, [part, *lines[number + 2 : end]])], end
        return None

    def _words(self, text: str, *, strong: bool = False) -> list[_Block]:
        made = self.inline.set(text.strip(), emphatic=not strong) if text else ""
        if not made.strip():
            return []
        return [_Block(f"**{made}**" if strong else as_words(made), "words")]

    def _quote(self, lines: list[str], depth: int) -> list[_Block]:
        made = "\n\n".join(block.text for block in self.read(lines, depth + 1))
        return [_Block("\n".join(f"> {part}" if part else ">" for part in made.split("\n")))] if made else []

    def _list(self, lines: list[str], number: int, depth: int) -> tuple[_Block, int]:
        """The list that begins with a line, and the number of the line after it."""
        items: list[str] = []
        is_loose = False
        first = mark = ITEM.match(lines[number])
        assert first is not None
        while mark is not None and abs(len(mark[1]) - len(first[1])) <= 1 and bool(mark[2]) == bool(first[2]):
            is_loose = is_loose or (bool(items) and (not lines[number - 1] or "\n\n" in items[-1]))
            inner, number = item_of(lines, number, mark, bool(mark[2]))
            blocks = self.read(inner, depth + 1)
            if blocks and first[2] and int(first[2]) != 1:
                # Python-Markdown counts from 1, so a list that starts elsewhere keeps its numbers as text.
                items.append(_set_item("-", f"{mark[2]}\\. ", blocks))
            elif blocks:
                items.append(_set_item(f"{mark[2]}." if mark[2] else "-", "", blocks))
            mark = None if number == len(lines) or RULE.match(lines[number]) else ITEM.match(lines[number])
        return _Block(("\n\n" if is_loose else "\n").join(items), "list"), number

    def _table(self, dashes: list[str], lines: list[str]) -> _Block:
        rows = [[self.inline.set(cell) for cell in cells_of(part)] for part in lines]
        # Surplus cells are merged into the last one.
        rows = [[*row[: len(dashes) - 1], " \\| ".join(row[len(dashes) - 1 :])] for row in rows]
        rows.insert(1, dashes)
        return _Block("\n".join(f"| {' | '.join(row)} |" for row in rows))


def _set_item(mark: str, prefix: str, blocks: list[_Block]) -> str:
    """An item. Only words are next to its mark, which is never a single dash: that would underline a heading."""
    first, rest = (blocks[0].text, blocks[1:]) if blocks[0].kind == "words" else ("", blocks)
    mark = mark if first or mark != "-" else "*"
    gap = "\n" if all(block.kind == "list" for block in rest) else "\n\n"
    text = gap.join([prefix + first, *(block.text for block in rest)])
    return f"{mark} {text}".replace("\n", "\n    ").replace("    \n", "\n")


def _fence(lines: list[str], fence: re.Match[str]) -> list[_Block]:
    found = _LANGUAGE.match(fence[3])
    language = found[0] if found else ""
    # Otherwise a diagram would be drawn.
    return _fenced("\n".join(code_inside(lines, fence)), "text" if language.lower() == "mermaid" else language)


def _fenced(text: str, language: str) -> list[_Block]:
    text = text.strip("\n")
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return [_Block(f"{fence}{language}\n{text}\n{fence}")] if text.strip() else []
