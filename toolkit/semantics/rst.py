"""reStructuredText in comments → Markdown: roles, links, code blocks, admonitions, headings.

What else it has, such as tables and substitutions, stays text.

Source: the reStructuredText Markup Specification of docutils 0.22, and the directives of Sphinx 8.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_DIRECTIVE = re.compile(r"( *)\.\. +([A-Za-z][\w.+-]{0,40})::(?: +(.*))?\Z")
_EXPLICIT = re.compile(r"( *)\.\.(?: +(.*))?\Z")
"""A comment, the target of a link, or a footnote."""
_TARGET = re.compile(r"^ *\.\. +_`?([^:`\n]{1,200})`?: +(\S+)$", re.M)
_OPTION = re.compile(r" *:[\w-]+:(?: |\Z)")
_UNDERLINE = re.compile(r"([~^\"'+#*.:_=-])\1{2,}\Z")
_INLINE = re.compile(
    r"``(?P<literal>[^`]+(?:`(?!`)[^`]+)*)``"
    r"|:(?P<role>[A-Za-z][\w.+:-]{0,40}):`(?P<content>[^`]+)`"
    r"|`(?P<words>[^`<]*)<(?P<address>[^<>`]+)>`__?(?!\w)"
    r"|`(?P<name>[^`<]+)`__?(?!\w)"
    r"|(?<![\w`.-])(?P<word>[A-Za-z0-9][\w-]{0,80})_(?![\w`])"
    r"|\\ "
)
_AUTOMATIC = re.compile(r"^( *)#\. +(?=\S)", re.M)
"""The number of an item that is numbered automatically."""
_TITLED = re.compile(r"([^<]*)<([^<>]*)>\s*\Z")
_CODE_ROLES = (
    *("attr", "class", "code", "command", "const", "data", "envvar", "file", "func", "kbd", "literal", "meth", "mod"),
    *("obj", "option", "program", "ref", "samp"),
)
"""Roles whose content is code if it has no words."""
_CODE_BLOCKS = ("code", "code-block", "sourcecode", "parsed-literal", "csv-table", "table")
_LEFT_OUT = ("image", "figure", "raw", "include", "literalinclude", "toctree", "contents", "highlight")
_ADMONITIONS = {
    **{name: name.capitalize() for name in ("note", "warning", "attention", "tip", "important", "caution", "danger")},
    **{name: name.capitalize() for name in ("hint", "error", "todo")},
    "seealso": "See also",
}
_VERSIONS = {"versionadded": "Added in", "versionchanged": "Changed in", "deprecated": "Deprecated since"}
_DEEPEST = 4
"""Levels of nested admonitions; what is deeper is text."""


def to_markdown(text: str) -> str:
    """A comment in reStructuredText as Markdown. Its addresses are as untrusted as those of Markdown."""
    targets = {_label(name): address for name, address in _TARGET.findall(text)} if ".. _" in text else {}
    return "\n".join(_Blocks(targets).set(text.split("\n"), 0)).strip("\n")


def _label(name: str) -> str:
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class _Blocks:
    targets: Mapping[str, str]
    """Addresses by label."""

    def set(self, lines: Sequence[str], depth: int) -> list[str]:
        """The Markdown of some lines."""
        made: list[str] = []
        words: list[str] = []
        number = 0
        while number < len(lines):
            found = self._block(lines, number, depth)
            if found is None:
                words.append(lines[number])
                number += 1
                continue
            block, number = found
            for part in (self._words(words), block):
                made += ["", *part] if part and made else part
            words.clear()
        rest = self._words(words)
        return [*made, "", *rest] if rest and made else [*made, *rest]

    def _words(self, lines: Sequence[str]) -> list[str]:
        text = "\n".join(lines).rstrip().strip("\n")
        return _AUTOMATIC.sub(r"\g<1>1. ", self._inline(text)).split("\n") if text else []

    def _block(self, lines: Sequence[str], number: int, depth: int) -> tuple[list[str], int] | None:
        """The Markdown of the block that begins with a line, and the number of the line after it; None for words."""
        line = lines[number]
        if line.lstrip(" ").startswith(".."):
            directive = _DIRECTIVE.match(line)
            if directive is not None and depth < _DEEPEST:
                body, end = _indented(lines, number + 1, len(directive[1]))
                made = self._directive(directive[2].lower(), (directive[3] or "").strip(), body, depth)
                return [directive[1] + part if part else "" for part in made], end
            explicit = _EXPLICIT.match(line)
            if explicit is not None and directive is None and not (explicit[2] or "").startswith("["):
                return [], _indented(lines, number + 1, len(explicit[1]))[1]
        elif line.endswith("::"):
            indent = len(line) - len(line.lstrip(" "))
            body, end = _indented(lines, number + 1, indent)
            if any(body):
                words = line[:-2].rstrip()
                before = [*self._words([words + ":"]), ""] if words else []
                return [*before, *(" " * indent + part for part in _fence(body, ""))], end
        elif line and number + 1 < len(lines):
            return _heading(lines, number)
        return None

    def _directive(self, name: str, argument: str, body: Sequence[str], depth: int) -> list[str]:
        if name in _LEFT_OUT:
            return []
        body = [*_without_options(body)]
        if name in _CODE_BLOCKS or name.endswith("code-block"):
            return _fence(body, argument if "table" not in name else "")
        if name in _ADMONITIONS or name == "admonition" or name in _VERSIONS:
            title = _ADMONITIONS.get(name, argument)
            if name in _VERSIONS:
                version, _, argument = argument.partition(" ")
                title = f"{_VERSIONS[name]} {version}"
            content = self.set(body if name == "admonition" else [argument, *body], depth + 1)
            return _quote(f"**{title.strip() or 'Note'}:**", content)
        return self.set([argument, "", *body], depth + 1)

    def _inline(self, text: str) -> str:
        return _INLINE.sub(self._set, text) if "`" in text or "_" in text or "\\" in text else text

    def _set(self, found: re.Match[str]) -> str:
        if found["role"] is not None:
            return _role(found["role"].rpartition(":")[2], found["content"])
        if found["address"] is not None:
            address = found["address"].strip()
            known = self.targets.get(_label(address[:-1])) if address.endswith("_") else None
            return _link(found["words"].strip() or address, known or address)
        name = found["name"] or found["word"]
        if name is not None:
            target = self.targets.get(_label(name))
            return _link(name, target) if target else found["name"] or found[0]
        return "" if found[0] == "\\ " else found[0]


def _role(role: str, content: str) -> str:
    titled = _TITLED.match(content)
    if titled is not None and titled[1].strip():
        return titled[1].strip()
    content = (titled[2] if titled is not None else content).strip().lstrip("!~")
    return f"`{content}`" if role in _CODE_ROLES and content else content


def _link(words: str, address: str) -> str:
    words = " ".join(words.split()).replace("[", "\\[").replace("]", "\\]")
    return f"[{words}](<{''.join(address.split())}>)"


def _indented(lines: Sequence[str], number: int, indent: int) -> tuple[list[str], int]:
    """The lines that are indented further, without their common indentation, and the number of the line after them."""
    end = number
    while end < len(lines) and (not lines[end] or len(lines[end]) - len(lines[end].lstrip(" ")) > indent):
        end += 1
    last = end
    while last > number and not lines[last - 1]:
        last -= 1
    return textwrap.dedent("\n".join(lines[number:last])).split("\n") if last > number else [], last


def _without_options(body: Sequence[str]) -> Iterator[str]:
    options = True
    for line in body:
        options = options and bool(_OPTION.match(line))
        if not options:
            yield line


def _fence(body: Sequence[str], language: str) -> list[str]:
    text = "\n".join(body).strip("\n")
    longest = max(map(len, re.findall("`+", text)), default=0)
    ticks = "`" * max(longest + 1, 3)
    return [ticks + " ".join(language.split()[:1]).strip("`"), *text.split("\n"), ticks] if text else []


def _quote(title: str, content: Sequence[str]) -> list[str]:
    text = "\n".join(content).strip("\n")
    is_words = re.match(r"(?:\S|\Z)(?<![>`|*+-])", text) is not None
    lines = [f"{title} {text}".rstrip()] if is_words else [title, "", text]
    return [f"> {line}".rstrip() for line in "\n".join(lines).split("\n")]


def _heading(lines: Sequence[str], number: int) -> tuple[list[str], int] | None:
    """A title with an underline, and maybe an overline."""
    above = _UNDERLINE.match(lines[number])
    if above is not None:
        if number + 2 >= len(lines) or lines[number] != lines[number + 2] or not lines[number + 1].strip():
            return None
        return [f"### {lines[number + 1].strip()}"], number + 3
    below = _UNDERLINE.match(lines[number + 1])
    is_title = below is not None and len(lines[number + 1]) >= len(lines[number]) and lines[number][0] != " "
    is_first = number == 0 or not lines[number - 1]
    return ([f"### {lines[number]}"], number + 2) if is_title and is_first else None
