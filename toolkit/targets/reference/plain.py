"""Comments → the Markdown of the published format, so that nothing in a comment acts in it.

A comment is read as CommonMark and written anew in few forms, as for the docs site; then what Diplodoc takes for more
than Markdown is made text: variables and statements, attributes, blocks, terms, formulas, tables.

Source: @diplodoc/transform 4.78, which Diplodoc 5.3 builds pages with.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.descriptors.comments import CONTROL
from toolkit.targets.markdown import blocks
from toolkit.targets.markdown.inline import in_html
from toolkit.targets.reference.prose import Refer, Writer

_PART = re.compile(
    r"^(?P<before>[ >]*)(?P<ticks>`{3,})(?P<language>[^\n`]*)\n(?P<inside>.*?)\n(?P=before)(?P=ticks)$"
    r"|`(?P<code>[^`\n]+)`|<code>(?P<tagged>[^<]*)</code>|&#?\w+;"
    r"|\[(?P<words>(?:\\.|`[^`\n]*`|[^\[\]\\`])*)\]\((?P<address>[^()\s]*)\)"
    r"|\\(?P<escaped>[{}])|\\\|(?P<hash>#?)|\\."
    r"|(?P<bar>\|)|(?P<mark>[{}$^]|#(?=#)|(?<=#)#|~(?=~)|(?<=~)~|:(?=:)|(?<=:):|(?<!\S)[:~](?!\S)"
    r"|@(?=\[)|:(?=[\w-]+[\[({]))",
    re.M | re.S,
)
"""What our Markdown is made of: fences, code, entities, links, escaped marks, bars; and marks that Diplodoc knows."""
_MAY_BE_PART = re.compile(r"[`<&\[\\|{}$^#~@]|:(?:[:\w-]|\s|\Z)")
"""Found in every text with such a part, and in few others."""
_ACTS_IN_CODE = re.compile(r"\{[{%#]|[}%#]\}|\|#")
"""What Diplodoc finds in code, too: variables, statements, the end of a table."""
_LONGEST_CODE = 100
"""Characters of code in a line, of which Diplodoc allows no more."""
_LATE_ITEM = re.compile(r"^(?P<before>[ >]*)(?P<mark>[*]|\d{1,2}\.) \n[ >]*\n(?P=before)    (?!\*\*\*$)", re.M)
"""An item that begins below its mark, as Python-Markdown has it; in CommonMark that one is empty."""
_BLOCK = re.compile(r"[-*>] |\d+\. |`{3}|\*{3}$|<pre>|\|", re.M)
_QUOTED = re.compile(r"^ *>", re.M)
END = "&#8203;"
"""An empty paragraph: Diplodoc drops a cell in which the mark of a quote is the last or next to last thing it sees."""
_REFERENCE = "toolkit-reference:"
"""What the addresses of references begin with, until they are links; no address of an author may."""


@dataclass(frozen=True, slots=True)
class PlainWriter(Writer):
    """Sets prose so that it is text."""

    def code(self, text: str) -> str:
        """A pattern as code in a cell."""
        return _code(CONTROL.sub("", " ".join(text.split("\n"))), spaced=True)

    def required(self, comment: str) -> str:
        """The comment of a field that must be set."""
        return f"Required field.{_gap(comment)}{comment}"

    def value(self, name: str, comment: str) -> str:
        """An item for a value of an enum."""
        text = f"- `{name}`" + (f":{_gap(comment)}{comment}" if comment else "")
        return text.replace("\n", "\n  ").replace("\n  \n", "\n\n")

    def _set(self, text: str, reference: Refer, *, in_table: bool) -> str:
        if blocks.is_plain(text) and not _MAY_BE_PART.search(text):
            return text.strip("\n")
        names: list[str] = []

        def resolve(name: str) -> str | None:
            if reference(name, "") is None:
                return None
            names.append(name)
            return f"{_REFERENCE}{len(names) - 1}"

        made = blocks.body(text, resolve, lambda address: address if address.startswith("/") else None)
        made = _Marks(names, reference, in_table).set(made)
        return f"{made}\n\n{END}" if in_table and _QUOTED.search(made) else made


@dataclass(frozen=True, slots=True)
class _Marks:
    """Makes text of what means more than Markdown, and links of references."""

    names: Sequence[str]
    reference: Refer
    in_table: bool

    def set(self, text: str) -> str:
        """The text, for a page."""
        text = _PART.sub(self._part, text) if _MAY_BE_PART.search(text) else text
        return _LATE_ITEM.sub(_beside_mark, text) if " \n" in text else text

    def _part(self, part: re.Match[str]) -> str:
        if part["ticks"]:
            return part[0] if len(part["ticks"]) == 3 and not _ACTS_IN_CODE.search(part["inside"]) else _pre(part)
        if part["code"] or part["tagged"]:
            return _code(part["code"] or html.unescape(part["tagged"]))
        if part["address"] is not None:
            words = _PART.sub(self._part, part["words"])
            name = self.names[int(part["address"][len(_REFERENCE) :])] if part["address"].startswith(_REFERENCE) else ""
            return (name and self.reference(name, words)) or f"[{words}]({part['address']})"
        if part["hash"] is not None:
            return "\\|&#35;" if part["hash"] else part[0]
        if part["bar"]:
            return "\\|" if self.in_table else "|"
        mark = part["escaped"] or part["mark"]
        return f"&#{ord(mark)};" if mark else part[0]


def _code(text: str, *, spaced: bool = False) -> str:
    if len(text) > _LONGEST_CODE or _ACTS_IN_CODE.search(text) or "|" in text or "`" in text:
        return f"<code>{in_html(text)}</code>"
    return f"` {text} `" if spaced else f"`{text}`"


def _pre(fence: re.Match[str]) -> str:
    """A fence as HTML, in which anything can be escaped."""
    before = fence["before"]
    lines = [in_html(line.removeprefix(before)) for line in fence["inside"].split("\n")]
    return "\n".join(before + line for line in (f"<pre><code>{lines[0]}", *lines[1:], "</code></pre>"))


def _beside_mark(item: re.Match[str]) -> str:
    return f"{item['before']}{item['mark']:<4}"


def _gap(comment: str) -> str:
    """What parts a comment from the words before it: a block begins on a line of its own."""
    return "" if not comment else "\n\n" if _BLOCK.match(comment) else " "
