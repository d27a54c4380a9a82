"""Strips a page's Markdown of everything that only matters for HTML, for readers of the Markdown itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Parts = Sequence[tuple[bool, str]]
"""Markdown in pieces: whether a piece is a code fence, and its text."""

_MARK = r"[#.][\w:-][^\s{}]*"
_ATTRIBUTE = rf"""(?:{_MARK}|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{{}}]*))"""
_MORE = rf"(?:[ ]+(?:{_ATTRIBUTE}|[\w:-]+))*[ ]*"  # a word alone is an attribute, but not the first one: {name} is text
_ATTRIBUTES = rf"\{{(?:[ ]*{_ATTRIBUTE}{_MORE}|:[^}}\n]*)\}}"
_MARKS = rf"\{{(?:[ ]*{_MARK}{_MORE}|:[^}}\n]*)\}}"
"""Attributes where there may also be text in braces, such as ``{name=shelves/*}``: they begin with an id or a class."""
_ATTRIBUTE_LINE = re.compile(rf"[ \t>]*{_ATTRIBUTES}[ \t]*\Z")
_HEADING = re.compile(rf"[ \t>]*#{{1,6}}[ \t]+(?P<text>.*?)(?:[ ]+{_ATTRIBUTES})?[ \t]*\Z")
_UNDERLINE = re.compile(r"=+[ \t]*\Z")
_LINE_END = re.compile(rf"[ ]+{_MARKS}(?=[ \t]*(?:\||\Z))")
_FENCE = re.compile(r"[ \t>]*(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})")
DIAGRAM = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:\{[ \t]*\.?)?mermaid\b")
_OPENS = re.compile(
    r"(?P<indent>[ \t]*)(?P<slashes>/{3,})[ \t]*"
    r"(?P<name>html|details|tab|admonition|note|attention|caution|danger|error|tip|hint|warning)\b"
    r"[ \t]*(?:\|[ \t]*(?P<title>.*?)[ \t]*)?\Z"
)
_CLOSES = re.compile(r"[ \t]*(?P<slashes>/{3,})[ \t]*\Z")
_INLINE = re.compile(
    r"(?P<code>(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`))"
    rf"(?:{_ATTRIBUTES})?"
    rf"|(?<=[])]){_ATTRIBUTES}|(?<=[*_]){_MARKS}"
    r"|(?P<before>\]\([ \t]*<?|^[ ]{0,3}\[[^]\n]+\]:[ \t]*<?)"
    r"(?P<target>(?<=<)[^<>\n]*|(?:[^\s()<>]|\([^\s()<>]*\))+)",
    re.S | re.M,
)


def plain(markdown: str) -> tuple[Parts, str]:
    """A page's Markdown in pieces, without what only matters for HTML, and the text of its first top-level heading.

    Removes attribute lists, and the fences of blocks (``/// html``) with their
    options. The title of a block, such as a tab, becomes a bold line. Code
    fences stay as they are.
    """
    reader = _Reader()
    for line in markdown.split("\n"):
        reader.read(line)
    return reader.end(), reader.heading


class _Reader:
    """Reads a page line by line."""

    def __init__(self) -> None:
        self.heading = ""
        self._parts: list[tuple[bool, str]] = []
        self._lines: list[str] = []
        self._code: list[str] = []
        self._blocks: list[int] = []
        self._fence = self._options = ""

    def read(self, line: str) -> None:
        """Read the next line."""
        if self._fence:
            self._read_code(line)
        elif self._options and line.startswith(self._options) and line.strip():
            return
        elif opened := _OPENS.match(line):
            self._blocks.append(len(opened["slashes"]))
            self._options = opened["indent"] + "    "
            if opened["name"] != "html" and opened["title"]:
                self._lines += ["", f"{opened['indent']}**{opened['title']}**", ""]
        else:
            self._options = ""
            self._read_text(line)

    def end(self) -> Parts:
        """The page in pieces, once all lines have been read."""
        if self._fence:
            self._parts.append((True, "\n".join(self._code)))
        self._end_text()
        return [part for part in self._parts if part[1]]

    def _read_code(self, line: str) -> None:
        self._code.append(line)
        bare = line.strip(" \t>")
        if bare.startswith(self._fence) and not bare.strip(self._fence[0]):
            self._parts.append((True, "\n".join([*self._code, ""])))
            self._fence = ""

    def _read_text(self, line: str) -> None:
        if (closed := _CLOSES.match(line)) and len(closed["slashes"]) in self._blocks:
            while self._blocks.pop() != len(closed["slashes"]):
                pass
        elif begun := _FENCE.match(line):
            self._end_text()
            self._fence, self._code = begun["fence"], [line]
        elif headed := _HEADING.match(line):
            self._lines.append(line[: headed.end("text")])
            if not self.heading and line.startswith(("# ", "#\t")):
                self.heading = headed["text"].strip(" #")
        elif not _ATTRIBUTE_LINE.match(line):
            if not self.heading and _UNDERLINE.match(line) and self._lines:
                self.heading = self._lines[-1].strip()
            self._lines.append(_LINE_END.sub("", line))

    def _end_text(self) -> None:
        text = re.sub(r"(\A|\n)\n{2,}", r"\1\n", "\n".join([*self._lines, ""]))
        self._parts.append((False, text if self._parts else text.lstrip("\n")))
        self._lines.clear()


def whole(parts: Parts, link: Callable[[str], str]) -> str:
    """Joins the pieces, with the targets of links replaced; ends in one newline."""

    def inline(found: re.Match[str]) -> str:
        return found["code"] or (found["before"] + link(found["target"]) if found["before"] else "")

    return "".join(part if code else _INLINE.sub(inline, part) for code, part in parts).strip("\n") + "\n"
