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

from tests.targets.reference.test_hostile import HOSTILE as PUBLISHED_HOSTILE
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

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script below words": "a\n<script>\nalert(1)\n\n</script>\nb",
    "open script": "<script>",
    "tags": "<b>x</b> <i\nonclick=x>y</i> </p></div></td></table>",
    "image": "<img src=x onerror=alert(1)>",
    "comment": "<!-- a\n\nb -->",
    "open comment": "a <!-- b",
    "instruction": "<?php x ?> <? y",
    "declaration": "<!DOCTYPE html> <![CDATA[ x ]]> <![if x]>",
    "tag over a paragraph": "<div\n\nid=x>",
    "tag in code over lines": "`a\n<div id=x>\nb`",
    "entities": "&lt;b&gt; &#60;b&#62; &#x3c;b&#x3e; &amp;lt;b> &#60b &#x3c",
    "control entities": "&#2;1&#3; &#0; &#x2;klzzwxh:0000&#x3;",
    "javascript": "[a](javascript:alert(1))",
    "javascript in angles": "[a](<javascript:alert(1)>)",
    "javascript with a title": '[a](javascript:alert "t")',
    "upper case": "[a](JAVASCRIPT:x) [b](JaVaScRiPt:x)",
    "entities in a scheme": "[a](java&#115;cript:x) [b](javascript&#58;x) [c](javascript&colon;x) [d](&#x6a;avascript:x)",
    "entities of entities": "[a](javascript&amp;#58;x) [b](javascript&amp;amp;colon;x)",
    "percent": "[a](javascript%3Ax) [b](%6aavascript:x) [c](%256aavascript:x) [d](%25252525256aavascript:x)",
    "white space in a scheme": "[a](java\nscript:x) [b](java\tscript:x) [c]( javascript:x) [d](<java script:x>)",
    "control characters in a scheme": "[a](java\x00script:x) [b](\x01javascript:x) [c](java&#10;script:x)",
    "invisible characters in a scheme": "[a](java\u200bscript:x) [b](\ufeffjavascript:x) [c](java\u00adscript:x)",
    "escapes in a scheme": r"[a](javascript\:x) [b](java\script:x) [c](\javascript:x)",
    "other schemes": "[a](data:text/html,x) [b](vbscript:x) [c](file:///etc/passwd) [d](blob:x) [e](view-source:x)",
    "schemes without slashes": "[a](https:x) [b](http:javascript:x)",
    "definition": "[a][x] [x] [x][]\n\n[x]: javascript:alert(1)",
    "definition in angles": "[a][x]\n\n[x]: <javascript:alert(1)> 'title'",
    "definition over lines": "[a][x]\n\n[x]:\njavascript:alert(1)",
    "definition below words": "[x]\n[x]: data:text/html,x (title)\nb",
    "autolinks": '<javascript:alert(1)> <data:x> <file:///x> <http://a.b/"onclick=x> <a@b.c?subject=<x>>',
    "images": "![a](http://x/y.png) ![a][x] ![x] !![a](x) !<http://x/y> !http://x/y ![](y)\n\n[x]: http://x/z.png",
    "image in a link": "[![a](http://x/y.png)](javascript:x) [![a][x]](http://z)",
    "images made of pieces": "!\\[a](x) \\![a](x) !*[a](x)* ! [a](x)",
    "attributes": "a {: onclick=alert(1) }\n{: #id .c }",
    "attributes behind marks": "*a*{: onclick=x } `b`{ .c } [d](e){: target=f } **g**{#h}\n{ .i }",
    "attributes of a heading": "# a {: #before onclick=x }\n\nb {#after}\n---",
    "attributes of an item": "- a {: .x }\n- b\n{: onclick=x }\n\n    {: .y }",
    "attributes of a cell": "| a {: .x } | b |\n|---|---|\n| c { onclick=x } | d |\n{: .y }",
    "attributes of code": "```py {: onclick=x #y }\na\n```\n{: .z }",
    "block of HTML": "/// html | script\nalert(1)\n///",
    "block with attributes": "/// html | div\n    attrs: {onclick: x, id: y}\n\na\n///",
    "open blocks": "/// details | a\n/// tab | b\n//// admonition | c\n ///// note",
    "end of a block": "a\n///\n////\n   ///",
    "admonition": '!!! note "a"\n    b\n\n    c\n\nd\n!!! x',
    "headings": "# a\n## b ##\n### c {#d}\n#e\n####### f\n\ng\n===\n\nh\ni\n---\n\n=\n==",
    "underline far to the right": "a\n    ===\n\nb\n     ---",
    "heading of nothing": "#\n## ##\n# [](javascript:x)\n# `` ` ``",
    "contents": "[TOC]\n\n  [TOC]\n\n**[TOC]**\n\n- [TOC]",
    "fence": "```\n<script>\n```",
    "open fence": "```py\n<script>",
    "open fence in a list": "- ```\n  a\nb\n\nc",
    "open fence in a quote": "> ```\n> a\n\nb",
    "fence of tildes": "~~~ {#x .y}\na\n~~~\n\n~~~~\nopen",
    "fence in a fence": "````\n```mermaid\na\n```\n````",
    "fence with options": '```py title="<b>" linenums="1" hl_lines="1" data-x=\'y\'\na\n```',
    "fence that ends early": "```\na\n ```` \nb\n```",
    "diagram": '```mermaid\ngraph TD; a-->b; click a "javascript:x"\n```\n\n~~~ Mermaid\na\n~~~\n\n``` {.mermaid}\na\n```',
    "languages": "```c#\na\n```\n```.py\nb\n```\n```-\nc\n```\n```math\nd\n```",
    "inline languages": "`#!html <b>` `:::js x` `#!mermaid a` ` #!py b` ``#!c `x` ``",
    "indented code": "a\n\n    <script>\n    ```mermaid\n\n    b",
    "indented code in a list": "- a\n\n      ```\n      b",
    "own marks": "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 \x0233\x03 \x02amp\x03 wzxhzdk:0",
    "lists": "a\n- b\n  - c\n   * d\n      1. e\n\n         f\n10. g\n- h\n\n\n- i",
    "deep lists": "\n".join(" " * n + "- a" for n in range(0, 100, 2)),
    "deep lists in a line": "- " * 100 + "a",
    "deep quotes": ">" * 100 + "a\n" + "> " * 100 + "b",
    "list in a quote": "> - a\n>   - b\n>\n>     ```\n>     c\n>     ```\n> - d",
    "lists that begin with anything": "- ```\n  a\n  ```\n- > b\n- # c\n- - d\n- | e | f |\n  |---|---|\n-\n- ***\n- [x]: http://a",
    "tables": "| a | b |\n|:-:|--:|\n| `c|d` | e \\| f | g |\n| h |\n||\n",
    "wide table": "|".join("a" * 500) + "\n" + "|".join("-" * 500) + "\n" + "a|b\n" * 500,
    "bars": "a | b || c\n--- | ---\n|\n|-|\n| |\n|:|",
    "rules": "---\n***\n___\n* * *\n- - -\n_ _ _\n--\n-",
    "definitions": ": a\n*[b]: c\n[^d]: e\n[^d]\n\nf\n:   g",
    "templates": "{{ x }} {% y %} {# z #} `{{ x }}`",
    "includes": '--8<-- "/etc/passwd"\n;--8<-- "x"',
    "emphasis": "*a **b _c_ d** e* ***f*** __g__ *h **i* j** ****k**** _l *m_ n*",
    "lone asterisks": '* a*b*c *.d /e/*/f/* "*" or "*" 2 * 3 * 4 (*) **g *h',
    "underscores": "_a b_c __d__ e__f _ g_ _h",
    "backslashes": "\\ \\\\ \\\\\\ \\` \\* a\\",
    "brackets and colons": "[a\\]: b](c) [d `]: e`](f)\n[g]: h](i)\n[x\\]: y](z)",
    "references": "[Cat] [Cat.name] [cat] [Cat](x) [a][Cat] [a][cat] [Cat][] [[Cat]] [Cat [Dog]] `[Cat]` [Cat][Dog]",
    "reference at the end of a cell": "[Cat]|",
    "brackets": "[ ] ]( [a](b [c](d) [e]( [[f](g)](h) ()[](i)[]()",
    "unicode white space": "\u2028# a\x85- b\xa0\u3000> c\u2029```",
}

FRAGMENTS = [
    *HOSTILE.values(),
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
    """A page, as a browser reads it: what stands at its top, its text, the numbers of cells in its rows."""

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


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_comments_do_no_harm(name: str) -> None:
    """Nothing runs, loads or gets an id, and what stands around a comment stays what it is."""
    body_page(HOSTILE[name])
    line_page(HOSTILE[name])
    body_page(f"Words.\n{HOSTILE[name]}")
    line_page(f"Words {HOSTILE[name]} words.")


@pytest.mark.parametrize("name", PUBLISHED_HOSTILE)
def test_what_is_hostile_to_the_published_format_does_no_harm(name: str) -> None:
    """The same for the texts that the published reference is tried with."""
    body_page(PUBLISHED_HOSTILE[name][:5_000])
    line_page(PUBLISHED_HOSTILE[name][:5_000])


@given(text=TEXTS)
@example(text="!![a](http://x/y.png)")
@example(text="&#&#x3c&!`#!html <b>`&#x3c")
@example(text="\u2028#!py x")
@WIDELY
def test_generated_comments_do_no_harm(text: str) -> None:
    """The same for any text."""
    body_page(text)
    line_page(text)
