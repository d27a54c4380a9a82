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

from toolkit.descriptors.comments import CONTROL
from toolkit.targets.markdown.code import code_spans
from toolkit.targets.markdown.inline import DEFINITION, Inline, Resolve, as_words, code, definitions, escaped

__all__ = ["Resolve", "body", "code", "escaped", "first_sentence", "line"]

_ODD = re.compile(
    r"[\\`*\[\]{}<|\t\x00-\x08\x0b-\x1f\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
    r"|_(?:(?<![^\W_]_)|(?![^\W_]))|:(?=//)|&(?=#)| (?=\n|\Z)"
    r"|\n(?:[ \-+>#=~]|!!!|///|\d+[.)](?!\S))"
)
"""Matches everything that is not in a comment of plain paragraphs, preceded by a line feed; snake_case is plain."""
_FENCE = re.compile(r"( *)(`{3,}(?=[^`]*\Z)|~{3,})[ \t]*(.*)\Z")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+-]*(?![^\s{,;:])")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?!#*\Z)(.*)")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}\Z")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{3,})\Z")
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"( *)(?:[-+*]|(\d{1,9})[.)])( +)(?=\S)")
_DASHES = re.compile(r":?-+:?\Z")
_BAR = re.compile(r"\\.|\|")
_DEEPEST = 6
"""Levels of nested lists and quotes; deeper ones are text."""
_COLUMNS = 64

_END = re.compile(r"""(?<![.!?])[.!?]++["'”’)\]*_]*+(?=\s|\Z)|[。！？()\[\]]""")
_NEXT = re.compile(r"\s*(\S?)")
_BEHAVIOR = re.compile(r"(?:Required|Optional|Output only|Input only|Immutable|Identifier|Unordered list|Deprecated)\.")
"""Sentences after AIP-203, which say less than the next one."""
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|a\.k\.a|vs|cf|approx|incl|resp)\Z", re.I)


def as_written(address: str) -> str | None:
    """The default target of a relative address: unchanged."""
    return address


def body(text: str, resolve: Resolve, relative: Resolve = as_written) -> str:
    """A comment as blocks, without leading or trailing empty lines.

    ``resolve`` returns the target of a name in square brackets, ``relative``
    that of an address without a scheme. If they return None, the text is kept
    without a link.
    """
    if not _ODD.search(f"\n{text}"):
        return text.strip("\n")
    text = _clean(text)
    blocks = _Blocks(Inline(resolve, relative, definitions(text)))
    return "\n\n".join(block.text for block in blocks.read(text.split("\n"), 0))


def line(text: str, resolve: Resolve, relative: Resolve = as_written) -> str:
    """A comment in one line, for a table cell or a list item; links, code and emphasis are kept."""
    if not _ODD.search(f"\n{text}"):
        return " ".join(text.split())
    text = _clean(text)
    lines = text.split("\n")
    inline = Inline(resolve, relative, definitions(text))
    made: list[str] = []
    words: list[str] = []
    number = 0
    while number < len(lines):
        part = lines[number]
        number += 1
        if fence := _FENCE.match(part):
            begin, number = number, _end_of_fence(lines, number - 1, fence)
            made += [inline.set("\n".join(words)), code("\n".join(_inside(lines[begin - 1 : number], fence)))]
            words.clear()
        elif heading := _HEADING.match(part):
            words.append(_without_hashes(heading[1]))
        elif not (_RULE.match(part) or _UNDERLINE.match(part) or (inline.definitions and DEFINITION.match(part))):
            words.append(part.strip())
    made.append(inline.set("\n".join(words)))
    return as_words(" ".join(" ".join(made).split()))


def first_sentence(text: str) -> str:
    """The first sentence of a comment as its author wrote it, or its first paragraph if no sentence ends."""
    paragraph = _first_paragraph(_clean(text).split("\n"))
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
            if _first_paragraph(sentence.split("\n")) == sentence:
                return sentence
    return paragraph


def _clean(text: str) -> str:
    """A text without control characters, tabs, and common indentation."""
    lines = [part.rstrip() for part in CONTROL.sub("", text).expandtabs(4).split("\n")]
    margin = min((len(part) - len(part.lstrip(" ")) for part in lines if part), default=0)
    return "\n".join(part[margin:] for part in lines).strip("\n")


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
            if words and _UNDERLINE.match(part) and (len(words) == 1 or "=" in part):
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
        if fence := _FENCE.match(part):
            end = _end_of_fence(lines, number, fence)
            return _fence(lines[number:end], fence), end
        if depth < _DEEPEST and _is_item(part, goes_on):
            block, end = self._list(lines, number, depth)
            return [block], end
        if part.startswith("    "):
            if goes_on:
                return None
            while end < len(lines) and (not lines[end] or lines[end].startswith("    ")):
                end += 1
            return _fenced(textwrap.dedent("\n".join(lines[number:end])), ""), end
        if _RULE.match(part):
            return [_Block("***")], end
        if heading := _HEADING.match(part):
            return self._words(_without_hashes(heading[1]), strong=True), end
        if self.inline.definitions and DEFINITION.match(part):
            return [], end
        if _QUOTE.match(part) and depth < _DEEPEST and not goes_on:
            while end < len(lines) and _QUOTE.match(lines[end]):
                end += 1
            return self._quote([_QUOTE.sub("", quoted, count=1) for quoted in lines[number:end]], depth), end
        if "|" in part and (dashes := _dashes(lines, number)):
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
        first = mark = _ITEM.match(lines[number])
        assert first is not None
        while mark is not None and abs(len(mark[1]) - len(first[1])) <= 1 and bool(mark[2]) == bool(first[2]):
            is_loose = is_loose or (bool(items) and (not lines[number - 1] or "\n\n" in items[-1]))
            inner, number = _item(lines, number, mark, bool(mark[2]))
            blocks = self.read(inner, depth + 1)
            if blocks and first[2] and int(first[2]) != 1:
                # Python-Markdown counts from 1, so a list that starts elsewhere keeps its numbers as text.
                items.append(_set_item("-", f"{mark[2]}\\. ", blocks))
            elif blocks:
                items.append(_set_item(f"{mark[2]}." if mark[2] else "-", "", blocks))
            mark = None if number == len(lines) or _RULE.match(lines[number]) else _ITEM.match(lines[number])
        return _Block(("\n\n" if is_loose else "\n").join(items), "list"), number

    def _table(self, dashes: list[str], lines: list[str]) -> _Block:
        rows = [[self.inline.set(cell) for cell in _cells(part)] for part in lines]
        # Surplus cells are merged into the last one.
        rows = [[*row[: len(dashes) - 1], " \\| ".join(row[len(dashes) - 1 :])] for row in rows]
        rows.insert(1, dashes)
        return _Block("\n".join(f"| {' | '.join(row)} |" for row in rows))


def _without_hashes(heading: str) -> str:
    """The text of a heading without closing hashes."""
    words = heading.rstrip("#")
    return words if words.endswith(" ") else heading


def _is_item(part: str, goes_on: bool) -> bool:
    """Whether a line begins an item; after a paragraph it may be indented further, but its number must be 1."""
    mark = _ITEM.match(part)
    if mark is None or _RULE.match(part):
        return False
    return (mark[2] is None or int(mark[2]) == 1) if goes_on else len(mark[1]) < 4


def _item(lines: list[str], number: int, mark: re.Match[str], ordered: bool) -> tuple[list[str], int]:
    """The lines of an item without their indentation, and the number of the line after it."""
    width = mark.end() if len(mark[3]) <= 4 else mark.end(3) - len(mark[3]) + 1
    inner = [lines[number][width:]]
    number += 1
    while number < len(lines):
        part = lines[number]
        indent = len(part) - len(part.lstrip(" "))
        if not part or indent >= len(mark[1]) + 2:
            inner.append(part[min(indent, width) :])
        elif not inner[-1] or any(block.match(inner[-1]) for block in (_FENCE, _HEADING)) or _begins(part, ordered):
            break
        else:
            inner.append(part.strip())
        number += 1
    while not inner[-1]:
        inner.pop()
    return inner, number


def _begins(part: str, ordered: bool) -> bool:
    """Whether a line begins a block instead of continuing the paragraph of an item."""
    return _is_item(part, not ordered) or any(block.match(part) for block in (_FENCE, _HEADING, _RULE))


def _set_item(mark: str, prefix: str, blocks: list[_Block]) -> str:
    """An item. Only words are next to its mark, which is never a single dash: that would underline a heading."""
    first, rest = (blocks[0].text, blocks[1:]) if blocks[0].kind == "words" else ("", blocks)
    mark = mark if first or mark != "-" else "*"
    gap = "\n" if all(block.kind == "list" for block in rest) else "\n\n"
    text = gap.join([prefix + first, *(block.text for block in rest)])
    return f"{mark} {text}".replace("\n", "\n    ").replace("    \n", "\n")


def _end_of_fence(lines: list[str], number: int, fence: re.Match[str]) -> int:
    """The number of the line after a fence; an unclosed one ends with the last line."""
    for last in range(number + 1, len(lines)):
        if _closes(lines[last], fence):
            return last + 1
    return len(lines)


def _closes(part: str, fence: re.Match[str]) -> bool:
    bare = part.strip()
    return len(bare) >= len(fence[2]) and not bare.strip(fence[2][0])


def _inside(lines: list[str], fence: re.Match[str]) -> list[str]:
    """The lines of code in a fence, without the indentation of the fence itself."""
    inner = lines[1:-1] if len(lines) > 1 and _closes(lines[-1], fence) else lines[1:]
    return [part[min(len(fence[1]), len(part) - len(part.lstrip(" "))) :] for part in inner]


def _fence(lines: list[str], fence: re.Match[str]) -> list[_Block]:
    found = _LANGUAGE.match(fence[3])
    language = found[0] if found else ""
    # Otherwise a diagram would be drawn.
    return _fenced("\n".join(_inside(lines, fence)), "text" if language.lower() == "mermaid" else language)


def _fenced(text: str, language: str) -> list[_Block]:
    text = text.strip("\n")
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return [_Block(f"{fence}{language}\n{text}\n{fence}")] if text.strip() else []


def _dashes(lines: list[str], number: int) -> list[str]:
    """The cells in the second line of a table; empty if no table begins here."""
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if "|" not in below or "-" not in below or below.strip("|:- "):
        return []
    dashes = _cells(below)
    is_table = len(dashes) <= _COLUMNS and all(map(_DASHES.match, dashes)) and len(_cells(lines[number])) == len(dashes)
    return dashes if is_table else []


def _cells(part: str) -> list[str]:
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


def _first_paragraph(lines: list[str]) -> str:
    """The text of the first paragraph, heading, item or quote, without the marks of the blocks around it."""
    found: list[str] = []
    is_item = False
    lines = [part.strip(" ") for part in lines]
    number = 0
    while number < len(lines):
        part = lines[number]
        fence = _FENCE.match(part)
        if found:
            if not part or _UNDERLINE.match(part) or _begins(part, is_item):
                break
            found.append(part)
        elif fence:
            number = _end_of_fence(lines, number, fence)
            continue
        elif heading := _HEADING.match(part):
            lines = [_without_hashes(heading[1]).strip(" ")]
            number = 0
            continue
        elif part and not _RULE.match(part):
            is_item = is_item or _ITEM.match(part) is not None
            if mark := _ITEM.match(part) or _QUOTE.match(part):
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
