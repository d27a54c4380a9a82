"""Comments → the Markdown of the published format.

The target of a link depends on the page that contains the text, so prose is
rendered once with *slots*: a slot is a number between two control characters,
which the model keeps out of comments, and is filled when a page is assembled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from toolkit.descriptors.comments import CONTROL
from toolkit.descriptors.references import REFERENCE, Target
from toolkit.targets.markdown.code import code_spans, stays_in_cell

_ANGLES = re.compile(r"<([^<>\n]*)>")
_ACTIVE_HTML = re.compile(
    r"<(?=[!?]|[a-z][^<>]*=|/?(?:script|style|iframe|frame|frameset|object|embed|applet|template|noscript|noembed|noframes"
    r"|xmp|plaintext|listing|svg|math|textarea|title|meta|base)\b)",
    re.I,
)
"""Elements that run, load something, or break the rest of a page; placeholders such as ``<long pause>`` don't."""
_TABLE = re.compile(r"(?<!\\)(?:#\||\|#|\|\|)")
_BAR = re.compile(r"(?<!\\)(\\*)\|(#?)")
_OPENING = re.compile(r"(?<!\\)(\\*)(?:`|(?<=\{)\{)")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_MERGED = re.compile(r"^([ \t]*)([>^])(?=[ \t]*\Z)", re.M)
"""At the end of a cell: what would merge it with the next one."""
_TILDES = re.compile(r"^([ \t>*+-]*(?:\d+[.)][ \t]*)?)~~~", re.M)


Refer = Callable[[str, str], str | None]
"""A name in a comment, and words for it or none → its Markdown, or None to leave it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A slot for a reference in a comment, which becomes a link or stays text."""

    text: str
    target: Target


@dataclass(frozen=True, slots=True)
class Anchor:
    """A slot for the anchor of a section on this side of the page."""

    message: str


@dataclass(frozen=True, slots=True)
class Given:
    """A slot that each page fills with its own text, such as the sample of a request."""

    name: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A slot for a message as the type of a field."""

    message: str


Slot = Reference | Anchor | Given | Linked


@dataclass(slots=True)
class Slots:
    """The slots of a rendered text."""

    found: dict[Slot, int] = field(default_factory=dict)
    by_number: list[Slot] = field(default_factory=list)

    def add(self, slot: Slot) -> str:
        """The token for a slot."""
        number = self.found.setdefault(slot, len(self.found))
        if number == len(self.by_number):
            self.by_number.append(slot)
        return f"\x02{number}\x03"


@dataclass(frozen=True, slots=True)
class Slotted:
    """A rendered text split at its slots: literal, slot, literal, slot, …, literal."""

    literals: tuple[str, ...]
    slots: tuple[Slot, ...]

    def fill(self, resolve: Callable[[Slot], str]) -> str:
        """The text with every slot filled."""
        if not self.slots:
            return self.literals[0]
        pieces = [self.literals[0]]
        for slot, literal in zip(self.slots, self.literals[1:], strict=True):
            pieces.append(resolve(slot))
            pieces.append(literal)
        return "".join(pieces)


def cut(text: str, slots: Slots) -> Slotted:
    """Split a rendered text at its slots."""
    first, *others = text.split("\x02")
    parts = [part.partition("\x03") for part in others]
    return Slotted((first, *(part[2] for part in parts)), tuple(slots.by_number[int(part[0])] for part in parts))


@dataclass(frozen=True, slots=True)
class Writer:
    """How to render prose, depending on the style."""

    raw_html: bool
    code_with_bars: bool
    """Whether a code span with a bar in a table gets triple backticks."""

    def body(self, text: str, reference: Refer) -> str:
        """A comment outside of tables."""
        return self._set(text, reference, in_table=False)

    def cell(self, text: str, reference: Refer) -> str:
        """A comment in a table cell."""
        return self._set(text, reference, in_table=True)

    def code(self, text: str) -> str:
        """A pattern as code in a cell, with spaces if it contains backticks."""
        # protobuf.js loses escaped quotes. Descriptors don't say which are escaped, but in double quotes all are.
        text = " ".join(CONTROL.sub("", text).replace('"', "").split("\n"))
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        if longest:
            fence = "`" * max(longest + 1, 3)
            code = f"{fence} {text} {fence}"
        else:
            code = self._code_span(f"` {text} `", 1, f" {text} ", True)
        return code if stays_in_cell(code) else _PUNCTUATION.sub(r"\\\g<0>", text)

    def required(self, comment: str) -> str:
        """The comment of a field that must be set."""
        made = f"Required field. {comment}"
        return made.rstrip(" ") if self.code_with_bars else made

    def value(self, name: str, comment: str) -> str:
        """An item for a value of an enum."""
        first, *more = comment.split("\n\n")
        return "\n\n  ".join([f"- `{name}`" + (f": {first}" if first else ""), *more])

    def _set(self, text: str, reference: Refer, *, in_table: bool) -> str:
        pieces = []
        cursor = 0
        for span in code_spans(text) if "`" in text or "~~~" in text else ():
            pieces.append(self._plain(text[cursor : span.start], reference, in_table))
            pieces.append(self._code_span(text[span.start : span.end], span.ticks, span.inner(text), in_table))
            cursor = span.end
        pieces.append(self._plain(text[cursor:], reference, in_table))
        made = "".join(pieces)
        if in_table and not stays_in_cell(made.replace("\\\\|", "\\|")):
            made = self._plain(_OPENING.sub(_escaped, text), reference, in_table)
        return _MERGED.sub(r"\1\\\2", made) if in_table and made.rstrip(" \t").endswith((">", "^")) else made

    def _plain(self, text: str, reference: Refer, in_table: bool) -> str:
        text = text.replace("```", "\\`\\`\\`")
        if "~~~" in text:
            text = _TILDES.sub(r"\1\~~~", text)
        if "<" in text:
            text = without_active_html(text) if self.raw_html else self.angles(text)
        if "|" in text:
            text = self.bars(text, in_table)
        if "[" in text:
            text = REFERENCE.sub(lambda m: reference(m[1], "") or m[0], text)
        return text

    def angles(self, text: str) -> str:
        """Text in which ``<`` is escaped."""
        return angles(text).replace("<", "&lt;")

    def bars(self, text: str, in_table: bool) -> str:
        """Text in which bars don't make a table."""
        return (_BAR if in_table else _TABLE).sub(_escaped if in_table else _without_table, text)

    def _code_span(self, whole: str, ticks: int, inner: str, in_table: bool) -> str:
        if not in_table or "|" not in inner or ticks >= 3:
            return whole
        if "|#" in inner or (ticks == 1 and self.code_with_bars):
            return f"```{inner}```"
        return whole.replace("|", "\\|")  # after a backslash this splits the cell, but that is how it was published


def angles(text: str) -> str:
    """Text in which ``<…>`` on one line is escaped."""
    return _ANGLES.sub(r"&lt;\1&gt;", text)


def without_active_html(text: str) -> str:
    """Text without tags that run, load something, or break the rest of a page."""
    return _ACTIVE_HTML.sub("&lt;", text)


def _without_table(match: re.Match[str]) -> str:
    """Characters that look like table markup."""
    return match[0].replace("|", "\\|")


def _escaped(match: re.Match[str]) -> str:
    """The text after the backslashes of a match, escaped unless they escape it; also a hash after a bar."""
    slashes, mark = match[1], match[0][len(match[1]) :]
    if len(slashes) % 2 == 0:
        slashes += "\\"
    return slashes + mark.replace("|#", "|\\#")
