"""The content of a Markdown block: emphasis, code and links; everything else is text, and escaped.

Source: the CommonMark specification 0.31.2 for the input, Python-Markdown 3.11 for the output.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from toolkit.descriptors.comments import CONTROL
from toolkit.descriptors.references import REFERENCE
from toolkit.targets.markdown.code import CodeSpan, code_spans

Resolve = Callable[[str], str | None]
"""A name in square brackets → its address, empty for a reference that leads nowhere, None if it is not a reference."""

DEFINITION = re.compile(
    r"^ {0,3}\[([^\[\]\n]{1,200})\]:[ \t]*(?:<([^<>\n]*)>|((?:https?://|mailto:|/|#|\.\.?/)\S*))"
    r"""(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$""",
    re.M,
)
"""A link reference definition; brackets without an address are text."""

_TOKEN = re.compile(
    r"\\[\\`*_{}\[\]()#+.!|<>~-]"
    r"|`+|\*+|_+"
    r"|<(?:https?://[^\s<>]*|mailto:[^\s<>]*|[\w.+-]{1,64}@[\w.-]{1,200})>"
    r"|(?<![A-Za-z0-9])https?://[^\s<>\"`\\^{}|*\[\]]+"
    r"|!?\[|!(?=[!h<])|[\\<{}|\]]"
    r"|&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
_ENTITY = re.compile(r"&#?\w{1,32};")
_BRACKET = re.compile(r"\\.|[\[\]]", re.S)
_DESTINATION = re.compile(
    r"\(\s{0,9}(?:<([^<>\n]{0,2000})>|([^\s()<>]{0,2000}(?:\([^\s()<>]{0,2000}\)[^\s()<>]{0,2000}){0,9}))"
    r"""(?:\s{1,9}(?:"[^"]{0,2000}"|'[^']{0,2000}'|\([^()]{0,2000}\)))?\s{0,9}\)"""
)
_LABEL = re.compile(r"\[([^\[\]]{0,200})\]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*\Z")
"""A name or a date in which nothing is markup, as nearly all are."""
_BREAK = re.compile(
    r"[ \t]{0,9}\n[ \t]{0,9}(?=\(<?(?:https?://|mailto:|/\w)|\[[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\](?![(\[]))"
)
"""A line break between the text of a link and its target."""
_INDEXED = re.compile(r"[A-Za-z0-9_\])]")
"""What is in front of the brackets of an index."""
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")
_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])?")
_DUNDER = re.compile(r"[a-z0-9_]+")
_SCHEME = re.compile(r"(?:https?://|mailto:)", re.I)
_BLANKS = re.compile(r"[\s\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_LONGEST = 2_000
"""Length of the text of a link at most."""

# What Python-Markdown would interpret as markup.
_LINE_START = re.compile(r"^(?:([#>]|[-+](?=[-+ ]|$)|=(?==* *$)|~(?=~~)|/(?=//))|(\d+)\.(?= |$))", re.M)
_PUNCTUATION = re.compile(r"\]:|[\\`*{}\[\]#!|<&]|(?<![^\W_])_+|_+(?![^\W_])")
_NOT_IN_BACKTICKS = re.compile(r"[<&|`]|\]:|\A(?:#!|:::)")
"""HTML, entities, the end of a cell or of code, link reference definitions, the name of a language."""
_NOT_IN_HTML = re.compile(r"[!-'*+<>\[-`{-~]")
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f\"'()<>\[\]\\^`{|}]|:(?=:)")
_ENTITIES = {"<": "&lt;", "&": "&amp;", "~": "&#126;", "=": "&#61;", "/": "&#47;", ":": "&#58;"}
"""Characters that a backslash does not escape; a colon after a bracket is part of a definition even with one."""


def code(text: str, *, in_cell: bool = True) -> str:
    """Any text as code in one line, in a table cell or outside of tables; empty for an empty text."""
    text = CONTROL.sub("", text.replace("\t", " ").replace("\n", " ")).strip()
    if not text:
        return ""
    if not _NOT_IN_BACKTICKS.search(text if in_cell else text.replace("|", "")):
        return f"`{text}`"
    # Nothing can be escaped between backticks, but everything between tags.
    return f"<code>{in_html(text)}</code>"


def in_html(text: str) -> str:
    """Text between tags, with everything escaped that Markdown or HTML could interpret."""
    return _NOT_IN_HTML.sub(lambda mark: f"&#{ord(mark[0])};", text)


def escaped(text: str) -> str:
    """Any text as plain text in one line, for a heading, a cell or a link."""
    if _PLAIN_NAME.match(text):
        return text
    text = " ".join(CONTROL.sub("", " ".join(text.split())).split())  # without spaces around what was taken out
    return _LINE_START.sub(_as_text, _PUNCTUATION.sub(_as_text, text))


def as_words(text: str) -> str:
    """Markdown for the beginning of a line, which can't begin another block."""
    return _LINE_START.sub(_as_text, text)


def _as_text(match: re.Match[str]) -> str:
    """Marks as text; for a number, its full stop."""
    if match[0][0].isdigit():
        return f"{match[0][:-1]}\\."
    return _literal(match[0])


def _literal(marks: str) -> str:
    return "".join(_ENTITIES.get(mark, f"\\{mark}") for mark in marks)


def definitions(text: str) -> dict[str, str]:
    """Addresses by label; the first definition of a label counts."""
    if "]:" not in text:
        return {}
    return {_label(m[1]): m[2] or m[3] or "" for m in reversed([*DEFINITION.finditer(text)])}


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _address(text: str) -> str | None:
    """An address, encoded for Markdown; None if it is neither a web or mail address nor relative."""
    text = _BLANKS.sub(" ", _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)).strip()
    seen, decoded = "", text
    for _ in range(5):
        seen, decoded = decoded, _BLANKS.sub("", unquote(html.unescape(decoded)))
    if seen != decoded or (not _SCHEME.match(text) and ":" in re.split("[/?#]", decoded, maxsplit=1)[0]):
        return None
    return _quoted(text)


def _quoted(address: str) -> str:
    return _NOT_IN_ADDRESS.sub(lambda mark: quote(mark[0], safe=""), address).replace("&", "&amp;")


@dataclass(frozen=True, slots=True)
class Inline:
    """Renders the content of a block."""

    resolve: Resolve
    relative: Resolve
    definitions: Mapping[str, str]

    def set(self, text: str, *, linked: bool = True, emphatic: bool = True) -> str:
        """A text as Markdown; without ``linked`` or ``emphatic``, links or emphasis become their text."""
        codes = {span.start: span for span in code_spans(text)} if "`" in text else {}
        closing = _brackets(text, codes.values()) if linked and "]" in text else {}
        pieces: list[str] = []
        emphasis = _Emphasis(text, pieces, emphatic)
        cursor = 0
        while (match := _TOKEN.search(text, cursor)) is not None:
            begin, mark = match.start(), match[0]
            pieces.append(text[cursor:begin])
            cursor = match.end()
            if mark[0] == "`" and begin in codes:
                cursor = codes[begin].end
                pieces.append(code(codes[begin].inner(text)) or escaped(text[begin:cursor]))
            elif mark[0] in "*_":
                emphasis.add(mark, begin)
            elif mark[0] == "\\" and len(mark) == 2:
                pieces.append("&#93;" if mark[1] == "]" else _literal(mark[1]))
            elif linked and mark[-1] == "[":
                made, cursor = self._bracket(text, begin, closing, emphatic)
                pieces.append(made)
            elif linked and mark[0] == "h":
                mark = _without_ending(mark)
                cursor = begin + len(mark)
                pieces.append(mark if mark.endswith("//") else f"[{escaped(mark)}]({_quoted(mark)})")
            elif linked and mark[0] == "<" and len(mark) > 1:
                mark = mark[1:-1]
                address = mark if _SCHEME.match(mark) else f"mailto:{mark}"
                pieces.append(f"[{escaped(mark)}]({_quoted(address)})")
            else:
                pieces.append(_PUNCTUATION.sub(_as_text, mark))
        pieces.append(text[cursor:])
        return "".join(pieces)

    def _bracket(self, text: str, begin: int, closing: Mapping[int, int], emphatic: bool) -> tuple[str, int]:
        """A link or image that begins with a bracket, and its end; or the bracket as text."""
        opening = begin + (text[begin] == "!")
        close = closing.get(opening, 0)
        if opening < close <= opening + _LONGEST:
            words = text[opening + 1 : close]
            address, end = self._target(text, opening, close, is_image=opening > begin)
            words = _IMAGE.sub(r"\1", words) if "![" in words else words
            if end and "](" not in words:
                made = self.set(words, linked=False, emphatic=emphatic)
                if address is None:
                    return made or "\\[\\]", end
                shown = made if made.strip() else escaped(unquote(address.replace("&amp;", "&")))
                return f"[{shown}]({address})", end
        return _literal(text[begin : opening + 1]), opening + 1

    def _target(self, text: str, opening: int, close: int, *, is_image: bool) -> tuple[str | None, int]:
        """The target of a pair of brackets, None if it is not allowed, and the end of the link, 0 if there is none."""
        address: str | None
        end = close + 1
        label = text[opening + 1 : close]
        broken = _BREAK.match(text, end)
        inline = _DESTINATION.match(text, end) or (broken and _DESTINATION.match(text, broken.end()))
        if inline:
            address = inline[1] or inline[2]
            return (self._address(address), inline.end()) if address else (None, 0)
        apart = _LABEL.match(text, end) or (broken and self._apart(label, text, broken.end()))
        if apart:
            end = apart.end()
            label = apart[1] or label.strip("`")
        if self.definitions and _label(label) in self.definitions:
            return self._address(self.definitions[_label(label)]), end
        is_name = _NAME.match(label) if apart else REFERENCE.match(text, opening)
        if is_image or not is_name or _INDEXED.match(text[opening - 1 : opening]):
            return None, 0
        address = self.resolve(label)
        if address is None and not (apart and not apart[1]):
            return None, 0
        return (_quoted(address) if address else None), end

    def _apart(self, words: str, text: str, begin: int) -> re.Match[str] | None:
        """The target on the line below some words in brackets, unless they are a reference themselves."""
        found = _LABEL.match(text, begin)
        if found is None or not _NAME.match(words) or found[1].endswith(f".{words}"):
            return found
        return None if "." in words or self.resolve(words) else found

    def _address(self, text: str) -> str | None:
        """An address as it appears on the site."""
        address = _address(text)
        return address if address is None or _SCHEME.match(address) else self.relative(address)


class _Emphasis:
    """Matches runs of asterisks and underscores; unmatched ones are text.

    Stricter than CommonMark, so that ``*.example.com``, ``a*b*c`` and ``projects/*/zones/*`` keep their asterisks.
    """

    def __init__(self, text: str, pieces: list[str], emphatic: bool) -> None:
        self._text = text
        self._pieces = pieces
        self._emphatic = emphatic
        self._open: list[tuple[str, int, int]] = []
        """Unmatched runs: the run, the index of its piece, and its end in the text."""
        self._waiting: Counter[str] = Counter()

    def add(self, run: str, begin: int) -> None:
        """Add a run to the pieces."""
        end = begin + len(run)
        before, after = self._text[begin - 1 : begin] if begin else "", self._text[end : end + 1]
        if run[0] == "_" and before.isalnum() and after.isalnum():
            self._pieces.append(run)
            return
        mark = run if self._emphatic else ""
        if self._waiting[run] and _may_close(before, after):
            other, piece, inside = "", 0, 0
            while other != run:
                other, piece, inside = self._open.pop()
                self._waiting[other] -= 1
            if run != "__" or not _DUNDER.fullmatch(self._text, inside, begin):
                self._pieces[piece] = mark
                self._pieces.append(mark)
                return
        elif len(run) <= 3 and _may_open(before, after):
            self._open.append((run, len(self._pieces), end))
            self._waiting[run] += 1
        self._pieces.append(_literal(run))


def _may_open(before: str, after: str) -> bool:
    if before and not before.isspace() and before not in "([{\"'“‘«—–-*_":
        return False
    return after.isalnum() or (after != "" and (after in "`[(<$@#*_" or (after in "\"'“‘" and before not in "\"'“‘")))


def _may_close(before: str, after: str) -> bool:
    if after.isalnum():
        return False
    return before.isalnum() or (
        before != "" and (before in "`])>}.,;:!?%…*_" or (before in "\"'”’" and after not in "\"'”’"))
    )


def _brackets(text: str, codes: Iterable[CodeSpan]) -> dict[int, int]:
    """The closing bracket of each opening one; brackets in code don't count."""
    inside = [(span.start, span.end) for span in codes][::-1]
    found: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKET.finditer(text):
        begin = match.start()
        while inside and inside[-1][1] <= begin:
            inside.pop()
        if inside and inside[-1][0] <= begin:
            continue
        if match[0] == "[":
            opened.append(begin)
        elif match[0] == "]" and opened:
            found[opened.pop()] = begin
    return found


def _without_ending(address: str) -> str:
    """An address in a sentence without the punctuation of the sentence."""
    while True:
        shorter = address.rstrip(".,;:!?'_")
        if shorter.endswith(")") and shorter.count("(") < shorter.count(")"):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
