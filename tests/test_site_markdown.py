"""Whatever a comment holds, Python-Markdown shows what its author meant, and the page around it stays as it is."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pymdownx.superfences import fence_code_format

from tests.test_hostile import HOSTILE as PUBLISHED_HOSTILE
from toolkit.site.markdown import body, code, escaped, first_sentence, line

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


WRITTEN: dict[str, tuple[str, str | list[str]]] = {
    "paragraphs": ("One,\ntwo.\n\nThree.", "<p>One,\ntwo.</p>\n<p>Three.</p>"),
    "emphasis": (
        "*a* **b** _c_ __D d__ ***e***",
        ["<em>a</em>", "<strong>b</strong>", "<em>c</em>", "<strong>D d</strong>", "<strong><em>e</em></strong>"],
    ),
    "identifiers": (
        "min_disk_size, __init__, a__b, *.example.com, *.b and *args",
        "<p>min_disk_size, __init__, a__b, *.example.com, *.b and *args</p>",
    ),
    "asterisks": (
        '2*3*4, projects/*/zones/*, "*" or "*", count(*), int *p, *q',
        '<p>2*3*4, projects/*/zones/*, "*" or "*", count(*), int *p, *q</p>',
    ),
    "placeholders": ("<name> & <b>", "<p>&lt;name&gt; &amp; &lt;b&gt;</p>"),
    "entities": ("a &lt; b &copy; R&D", "<p>a &lt; b &copy; R&amp;D</p>"),
    "code": (
        "`a|b` `` c`d `` `<e>` `{f}`",
        ["<code>a|b</code>", "<code>c`d</code>", "<code><e></code>", "<code>{f}</code>"],
    ),
    "reference": (
        "See [Cat] or [the cat][Cat].",
        ['<a href="../page.md#Cat">Cat</a>', '<a href="../page.md#Cat">the cat</a>.'],
    ),
    "reference to nothing": ("See [cat], x[i][j] and f[0]().", "<p>See [cat], x[i][j] and f[0]().</p>"),
    "link": (
        '[a *b*](http://x/y_z?a=1&b=(2) "title")',
        '<p><a href="http://x/y_z?a=1&amp;b=%282%29">a <em>b</em></a></p>',
    ),
    "link by label": (
        "[a][b], [b]\n\n[b]: <http://x/> 'title'",
        '<p><a href="http://x/">a</a>, <a href="http://x/">b</a></p>',
    ),
    "links as they are": (
        "See https://x/a_b_(c), <http://y#z>. <a@b.c>",
        '<p>See <a href="https://x/a_b_%28c%29">https://x/a_b_(c)</a>, <a href="http://y#z">http://y#z</a>.'
        ' <a href="mailto:a@b.c">a@b.c</a></p>',
    ),
    "link in a link": ("[a [b](c)](d)", '<p>[a <a href="c">b</a>](d)</p>'),
    "words of a bad link": ("[click *me*](javascript:x)", "<p>click <em>me</em></p>"),
    "image": ("![a cat](http://x/y.png)", '<p><a href="http://x/y.png">a cat</a></p>'),
    "image without words": ("![](x/y%20z.png)", '<p><a href="x/y%20z.png">x/y z.png</a></p>'),
    "heading": ("# A `b` *c*\nd", "<p><strong>A <code>b</code> c</strong></p>\n<p>d</p>"),
    "underlined heading": ("A\n===\nb", "<p><strong>A</strong></p>\n<p>b</p>"),
    "heading at the end of a paragraph": ("a\nB\n===", "<p>a</p>\n<p><strong>B</strong></p>"),
    "list below words": ("a:\n- b\n- c", "<p>a:</p>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>"),
    "list far to the right": ("a:\n      * b\n      * c", "<p>a:</p>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>"),
    "nested list": (
        "- a\n  - b\n    c\n- d",
        "<ul>\n<li>a<ul>\n<li>b\n    c</li>\n</ul>\n</li>\n<li>d</li>\n</ul>",
    ),
    "nested in numbers": (
        "1. a\n  - b\n2) c",
        "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ol>",
    ),
    "item of two paragraphs": (
        "- a\n\n  b\n- c",
        "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>",
    ),
    "code in an item": (
        "- a\n  ```\n  b\n\n    c\n  ```\n- d",
        ["<p>a</p>", "b\n\n  c\n</code>", "<p>d</p>"],
    ),
    "items that begin with a list": (
        "- a\n- - b\n- - c",
        "<ul>\n<li>a</li>\n<li>\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>",
    ),
    "fence in a fence": (
        "````\n```mermaid\na\n```\n````",
        '<div class="highlight"><pre><span></span><code>```mermaid\na\n```\n</code></pre></div>',
    ),
    "numbers that do not begin with one": ("0. a\n1. b", "<ul>\n<li>0. a</li>\n<li>1. b</li>\n</ul>"),
    "a number that begins a line": ("In\n1984. Not a list\n3. either", "<p>In\n1984. Not a list\n3. either</p>"),
    "less and more": ("x is\n> 0", "<p>x is\n&gt; 0</p>"),
    "quote": ("> a\n> - b", "<blockquote>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</blockquote>"),
    "rule": ("a\n\n---\n\nb", "<p>a</p>\n<hr />\n<p>b</p>"),
    "indentation of all": ("    a\n    b", "<p>a\nb</p>"),
    "table": (
        "a\n| b | c |\n|---|:--|\n| `d\\|e` | f \\| g |\n| h | i | j |",
        ["<p>a</p>", "<th>b</th>", '<td style="text-align: left;">f | g</td>', "<code>d|e</code>", ">i | j</td>"],
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_comment_is_shown_as_meant(name: str) -> None:
    """Markdown of comments is what it is to their authors, who do not write for Python-Markdown."""
    text, expected = WRITTEN[name]
    shown = Page(body(text, resolve)).html
    if isinstance(expected, str):
        assert shown == expected
    else:
        shown = html.unescape(shown)
        assert [piece for piece in expected if piece not in shown] == []


PLAIN = (
    'The name of the disk; 1.5 GB (or more), at most 80% - and no less!\nIs it min_disk_size? It\'s "fine": a/b, c=d + e.\n\n'
    "Second paragraph, R&D @ home #1 ~ 2; x > y, $5, 3. f"
)


def test_plain_comments_stay_as_they_are() -> None:
    """A comment of plain words and punctuation is its own Markdown, and costs next to nothing."""
    assert body(PLAIN, resolve) == PLAIN
    assert line(PLAIN, resolve) == " ".join(PLAIN.split())
    assert "\n\n".join(Page(body(PLAIN, resolve)).texts) == PLAIN
    start = time.perf_counter()
    for _ in range(10_000):
        body(PLAIN, resolve)
    assert time.perf_counter() - start < 1  # 0.05 on a quiet machine


@given(
    text=st.lists(st.sampled_from([*"*_<>{}|\\!/.,:;+-=#\"'() ab\n", "\n\n", "c_d", " e", "    "]), max_size=50).map(
        "".join
    )
)
@example(text="*a **b* c**")
@WIDELY
def test_no_word_is_lost(text: str) -> None:
    """Letters of a comment without code, links and HTML entities are seen, in their order."""
    seen = "".join(filter(str.isalpha, Page(body(text, resolve)).text))
    assert seen == "".join(filter(str.isalpha, text))
    seen = "".join(filter(str.isalpha, Page(f"a {line(text, resolve)}").text))
    assert seen == "a" + "".join(filter(str.isalpha, text))


ANY = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), TEXTS)


@given(text=ANY)
@example(text="a#")
@example(text="a {#b}")
@example(text="]: b")
@example(text="1. a")
@example(text="+ a")
@example(text="===")
@example(text="~~~")
@example(text="> a")
@example(text="///")
@example(text="!!! a")
@example(text="&amp; &#60; <b> ![x](y)")
@WIDELY
def test_escaped_text_is_seen_as_it_is(text: str) -> None:
    """Any text is plain text in a paragraph, a heading, a cell, an item and a link."""
    made = escaped(text)
    if not made:
        assert not text.strip() or not text.isprintable()
        return
    page = Page(
        f"{made}\n\n.\n{made}\n\n## {made} {{ #before }}\n\n| a | b |\n| - | - |\n| {made} | c |\n\n- {made}\n\n[{made}](x) d {made}"
    )
    shown = "".join(re.sub(r"[\x00-\x08\x0e-\x1b\x7f]", "", text).split())
    assert ["".join(part.split()) for part in page.texts] == [
        shown,
        f".{shown}",
        f"{shown}¶",
        f"ab{shown}c",
        shown,
        f"{shown}d{shown}",
    ]


@given(text=ANY)
@example(text="#!py x")
@example(text=":::js `")
@example(text="``")
@example(text="a\\")
@example(text="&lt; <b> | \\|")
@WIDELY
def test_code_is_seen_as_it_is(text: str) -> None:
    """Any text is code in a paragraph, a cell and a link."""
    made = code(text)
    shown = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text).strip()
    if not shown:
        assert made == ""
        return
    page = Page(f"a {made} b\n\n| c | d |\n| - | - |\n| {made} | {made} |\n\n[{made}](x)\n\n{made}")
    shown = "".join(shown.split())
    assert ["".join(part.split()) for part in page.texts] == [f"a{shown}b", f"cd{shown}{shown}", shown, shown]
    assert page.rows == [2, 2]
    assert page.html.count("<code>") == 5


SENTENCES = {
    "One. Two.": "One.",
    "One, e.g. Two, i.e. Three. Four.": "One, e.g. Two, i.e. Three.",
    "Takes 1.5 GB, i.e. a lot. Two.": "Takes 1.5 GB, i.e. a lot.",
    "One etc. and so on. Two.": "One etc. and so on.",
    "Really? Yes.": "Really?",
    "One\ntwo.\nThree.": "One\ntwo.",
    "No end\n\nTwo.": "No end",
    "Values:\n- a. B.": "Values:",
    "See (a. B) and [c. D](e). Two.": "See (a. B) and [c. D](e).",
    "See (a. B.) Two.": "See (a. B.)",
    "Is `a. B` now. Two.": "Is `a. B` now.",
    '"One." Two.': '"One."',
    "**One.** Two.": "**One.**",
    "一。二。": "一。",
    "Output only. The name. Two.": "Output only. The name.",
    "Required.": "Required.",
    "# Heading\nwords. More.": "Heading",
    "- item one. Two.\n- item": "item one.",
    "> 1. quoted. Two.": "quoted.",
    "```\ncode. Code.\n```\n\nOne. Two.": "One.",
    "---\nOne. Two.": "One.",
    "See acme.v1.Cat. It": "See acme.v1.Cat.",
    "(open. Two. Three": "(open. Two. Three",
    "": "",
    "```\nonly": "",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_the_first_sentence(text: str) -> None:
    """A sentence ends where a reader takes it to end, and not within code, brackets or numbers."""
    assert first_sentence(text) == SENTENCES[text]


@given(text=TEXTS)
@example(text="```a. B `c")
@example(text="> [x]: http://e.x/> ")
@WIDELY
def test_the_first_sentence_of_a_sentence_is_itself(text: str) -> None:
    """What was cut out is not cut again, and is set as harmlessly as all of a comment."""
    sentence = first_sentence(text)
    assert first_sentence(sentence) == sentence
    line_page(sentence)


def test_references_are_asked_for() -> None:
    """Names in brackets are resolved, and nothing that is code, or a link already."""
    asked: list[str] = []
    body("[A] [b.C] `[D]` [E](x) [f][G] [H][] [i j] [k[L]] \\[M]\n\n    [N]", lambda name: asked.append(name))
    assert list(dict.fromkeys(asked)) == ["A", "b.C", "G", "H", "L"]


def test_addresses_of_references_are_kept() -> None:
    """What a name resolves to is the address of the link, also where it is none that Markdown would take."""
    page = Page(body("[Cat]", lambda name: "a b/(c).md?d=1&lt;=2#f_g"))
    assert page.html == '<p><a href="a%20b/%28c%29.md?d=1&amp;lt;=2#f_g">Cat</a></p>'


def test_wide_tables_are_text() -> None:
    """A table that would be mostly empty, and take long to set, is none."""
    assert "<table>" not in Page(body(HOSTILE["wide table"], resolve)).html


REPEATED = [
    *(f for f in FRAGMENTS if len(f) < 60),
    *("*a ", "a* ", "*a a** ", "_a ", '[a](b "', "[a](", "[![a](b)](c)", "[[a](b)](c)", "<a@", "https://x.y/))))"),
    *(
        "`a",
        "`` ` ",
        "(a. ",
        "# ",
        "# - ",
        "- - ",
        "> - ",
        "1. 1. ",
        "```a. ",
        "|a",
        "a|b\n-|-\n",
        " - a\n",
        "[a]: /b\n",
    ),
    *("[a](((", "[a](()()", "[a b](<x>", "&#", "![", "a.) ", "__a__ ", "\\`", "> ```\n", "a\n===\n", "  - a\n\n"),
]
PAIRED = [
    ("[", "](x)"),
    ("[", "]"),
    ("*a ", "a** "),
    ("(", ")"),
    ("![", "](x)"),
    ("<", ">"),
    ("_a ", "b_ "),
    ("`", "` "),
]
LONG = {
    **{part[:20]: (part * (20_000 // len(part)))[:20_000] for part in REPEATED},
    **{a + b: a * (20_000 // len(a + b)) + b * (20_000 // len(a + b)) for a, b in PAIRED},
    "stairs": "".join("  " * number + "- a\n" for number in range(140)),
    "many columns": "|".join("a" * 5_000) + "\n" + "|".join("-" * 5_000),
}


@pytest.mark.parametrize("name", LONG)
def test_long_comments_take_no_longer(name: str) -> None:
    """Twenty kilobytes of anything are set within a second, in each way."""
    for setter in (lambda text: body(text, resolve), lambda text: line(text, resolve), first_sentence, code, escaped):
        start = time.perf_counter()
        setter(LONG[name])
        assert time.perf_counter() - start < 1
