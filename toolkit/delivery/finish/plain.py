"""The Markdown of a page without what only HTML is made of, for people and programs that read it as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Parts = Sequence[tuple[bool, str]]
"""Markdown in pieces, in order: whether a piece is a code fence, and its text."""

_MARK = r"[#.][\w:-][^\s{}]*"
_ATTRIBUTE = rf"""(?:{_MARK}|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{{}}]*))"""
_MORE = rf"(?:[ ]+(?:{_ATTRIBUTE}|[\w:-]+))*[ ]*"  # a word alone is one too, but not the first: {name} is text
_ATTRIBUTES = rf"\{{(?:[ ]*{_ATTRIBUTE}{_MORE}|:[^}}\n]*)\}}"
_MARKS = rf"\{{(?:[ ]*{_MARK}{_MORE}|:[^}}\n]*)\}}"
"""Attributes where text in braces may stand too, such as ``{name=shelves/*}``: they begin with an id or a class."""
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
    """A page's Markdown without what only HTML is made of, in pieces, and the text of its first top heading.

    Attribute lists go, and the fences of blocks (``/// html``) with their
    options; the title of a block, as of a tab, becomes a bold line. Code fences
    stay as they are.
    """
    parts: list[tuple[bool, str]] = []
    lines: list[str] = []
    code: list[str] = []
    blocks: list[int] = []
    fence, options, heading = "", "", ""

    def text_ends() -> None:
        text = re.sub(r"(\A|\n)\n{2,}", r"\1\n", "\n".join([*lines, ""]))
        parts.append((False, text if parts else text.lstrip("\n")))
        lines.clear()

    for line in markdown.split("\n"):
        if fence:
            code.append(line)
            bare = line.strip(" \t>")
            if bare.startswith(fence) and not bare.strip(fence[0]):
                parts.append((True, "\n".join([*code, ""])))
                fence = ""
        elif options and line.startswith(options) and line.strip():
            continue
        elif opened := _OPENS.match(line):
            blocks.append(len(opened["slashes"]))
            options = opened["indent"] + "    "
            if opened["name"] != "html" and opened["title"]:
                lines += ["", f"{opened['indent']}**{opened['title']}**", ""]
            continue
        elif (closed := _CLOSES.match(line)) and len(closed["slashes"]) in blocks:
            while blocks.pop() != len(closed["slashes"]):
                pass
        elif begun := _FENCE.match(line):
            text_ends()
            fence, code = begun["fence"], [line]
        elif headed := _HEADING.match(line):
            lines.append(line[: headed.end("text")])
            heading = heading or (headed["text"].strip(" #") if line.startswith(("# ", "#\t")) else "")
        elif not _ATTRIBUTE_LINE.match(line):
            if not heading and _UNDERLINE.match(line) and lines:
                heading = lines[-1].strip()
            lines.append(_LINE_END.sub("", line))
        options = ""
    if fence:
        parts.append((True, "\n".join(code)))
    text_ends()
    return [part for part in parts if part[1]], heading


def whole(parts: Parts, link: Callable[[str], str]) -> str:
    """Plain Markdown whole again, with other targets of links; ends in one newline."""

    def inline(found: re.Match[str]) -> str:
        return found["code"] or (found["before"] + link(found["target"]) if found["before"] else "")

    return "".join(part if code else _INLINE.sub(inline, part) for code, part in parts).strip("\n") + "\n"
