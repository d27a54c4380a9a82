"""Whatever a comment holds, nothing of it runs, loads or has an id, and the page around it stays as it is."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pymdownx.superfences import fence_code_format

from tests.hostile import LONGEST, comments
from toolkit.descriptors.model import Comment
from toolkit.semantics.comments import CommentReader
from toolkit.targets.markdown.blocks import body, line

EXTENSIONS = {
    "toc": {"permalink": True},
    "tables": {},
    "fenced_code": {},  # MkDocs puts it on with the two above
    "admonition": {},
    "attr_list": {},
    "pymdownx.highlight": {},
    "pymdownx.inlinehilite": {},
    "pymdownx.superfences": {"custom_fences": [{"name": "mermaid", "class": "mermaid", "format": fence_code_format}]},
    "pymdownx.blocks.html": {},
    "pymdownx.blocks.details": {},
    "pymdownx.blocks.tab": {"alternate_style": True},
    "pymdownx.blocks.admonition": {},
}
MARKDOWN = markdown.Markdown(extensions=[*EXTENSIONS], extension_configs=EXTENSIONS)
TAGS = frozenset(
    [
        "p",
        "ul",
        "ol",
        "li",
        "code",
        "pre",
        "div",
        "span",
        "em",
        "strong",
        "a",
        "blockquote",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES = {("a", "href"), ("div", "class"), ("span", "class"), ("th", "style"), ("td", "style")}
BEFORE = "## Before { #before }"
AFTER = "After words.\n\n## After { #after }\n\nThe end."

FRAGMENTS = [
    *(text for text in comments().values() if len(text) < LONGEST),
    *[
        "`",
        "``",
        "```",
        "~~~",
        "*",
        "**",
        "***",
        "_",
        "__",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "<",
        "</",
        ">",
        "|",
        "||",
        "---",
        "===",
        "#",
        "-",
        "+",
        "1.",
        "7)",
        "{",
        "}",
        "!",
        "\\",
        "\\\\",
        "&",
        "=",
        ":",
        "~",
        ".",
        '"',
        "'",
    ],
    *(
        "]: ",
        "> ",
        "- ",
        "* ",
        "1. ",
        "## ",
        "    ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "\n    ",
        "\n  ",
        "\x02",
        "\x03",
        "\u2028",
    ),
    *("word", "Foo", "[Cat]", "min_disk_size", "*.example.com", "e.g. ", "a. B", "é", "https://x.y/(z)", "<a@b.c>"),
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join),
    st.lists(st.sampled_from([f for f in FRAGMENTS if len(f) < 12]), max_size=30).map("".join),
    st.lists(st.sampled_from([*"`*_[]()<>|-=#+:.!/\\{}&~ \n\n  ab1"]), max_size=40).map("".join),
    st.text(max_size=60),
)
WIDELY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def resolve(name: str) -> str | None:
    """The address of a name that begins with a capital letter."""
    return f"../page.md#{name}" if name[0].isupper() else None


class Page(HTMLParser):
    """A page, as a browser reads it: what is at its top, its text, the numbers of cells in its rows."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.top: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.rows: list[int] = []
        self.links: list[str] = []
        self._stack: list[str] = []
        MARKDOWN.reset()
        self.html = MARKDOWN.convert(source)
        self.feed(self.html)
        self.close()
        assert not self._stack

    @property
    def text(self) -> str:
        """What is seen."""
        return "".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        if not self._stack:
            self.top.append((tag, given_.get("id")))
            self.texts.append("")
        if tag == "h2":
            assert given_.keys() == {"id"}
            assert given_["id"] in ("before", "after")
        elif given_.get("class") != "headerlink":
            assert tag in TAGS
            assert {(tag, name) for name in given_} <= ATTRIBUTES
            assert re.fullmatch("text-align: (?:left|center|right);", given_.get("style") or "text-align: left;")
            if tag == "a":
                self.links.append(given_["href"] or "")
        if tag == "tr":
            self.rows.append(0)
        elif tag in ("td", "th"):
            self.rows[-1] += 1
        if tag != "hr":
            self._stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "hr":
            assert self._stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._stack:
            self.texts[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def is_harmless(address: str) -> bool:
    """Whether an address leads to the web, to mail or to another place of the site, for whoever reads it generously."""
    for _ in range(8):
        address = re.sub(r"[\s\x00-\x20\xad\u200b-\u200f\ufeff]", "", html.unescape(address)).casefold()
        address = re.sub("%([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), address)
    return address.startswith(("http://", "https://", "mailto:")) or ":" not in re.split("[/?#]", address)[0]


def body_page(text: str) -> Page:
    """A page with the comment between two headings, which it has left as they were."""
    page = Page(f"{BEFORE}\n\n{body(text, resolve)}\n\n{AFTER}")
    assert page.top[0] == ("h2", "before")
    assert page.top[-3:] == [("p", None), ("h2", "after"), ("p", None)]
    assert [tag for tag, _ in page.top].count("h2") == 2
    assert (page.texts[-3], page.texts[-1]) == ("After words.", "The end.")
    assert all(map(is_harmless, page.links))
    return page


def line_page(text: str) -> Page:
    """A page with the comment in cells and items, which it has left as they were."""
    made = line(text, resolve)
    assert "\n" not in made
    page = Page(
        f"{BEFORE}\n\n| a | b |\n| --- | --- |\n| {made} | c |\n| d {made} e | {made} |\n\nbetween\n\n- {made}\n- z\n\n{AFTER}"
    )
    assert page.rows == [2, 2, 2]
    assert [tag for tag, _ in page.top] == ["h2", "table", "p", "ul", "p", "h2", "p"]
    assert all(map(is_harmless, page.links))
    return page


@pytest.mark.parametrize("name", comments())
def test_hostile_comments_do_no_harm(name: str) -> None:
    """Nothing runs, loads or gets an id, and what is around a comment stays what it is."""
    text = comments()[name][:LONGEST]
    body_page(text)
    line_page(text)
    body_page(f"Words.\n{text}")
    line_page(f"Words {text} words.")


@pytest.mark.parametrize("name", comments())
def test_hostile_comments_in_other_markup(name: str) -> None:
    """Nor does a comment do any harm that is read as reStructuredText, or of which parts are left out."""
    reader = CommentReader(drop=("*".join("ab"), "<b*>"), markup="rst")
    text = reader.read(Comment(comments()[name][:LONGEST]), required=True).leading
    body_page(text)
    line_page(text)


@given(text=TEXTS)
@example(text="!![a](http://x/y.png)")
@example(text="&#&#x3c&!`#!html <b>`&#x3c")
@example(text="\u2028#!py x")
@WIDELY
def test_generated_comments_do_no_harm(text: str) -> None:
    """The same for any text."""
    body_page(text)
    line_page(text)
