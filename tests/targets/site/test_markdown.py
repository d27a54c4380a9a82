"""Comments are shown as their authors meant, sentences are found, and any text is seen as it is where that is wanted."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial
from math import isqrt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile import texts
from tests.support.work import calls, growth
from tests.targets.site.test_hostile import FRAGMENTS, TEXTS, WIDELY, Page, line_page, resolve
from toolkit.targets.markdown.blocks import body, line
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.markdown.sentences import first_sentence

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
    assert calls(lambda: body(PLAIN, resolve)) < 10


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
@example(text="\x08 \x1b")
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
    assert list(dict.fromkeys(asked)) == ["A", "b.C", "G", "H"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("[words][Cat] [Cat.name][] [Cat]", "[words](#Cat) [Cat.name](#Cat.name) [Cat](#Cat)"),
        ("[`Cat`][] [`a cat`][Cat]", "[`Cat`](#Cat) [`a cat`](#Cat)"),
        ("[words][acme.Gone] [acme.Gone][] [acme.Gone]", "words acme.Gone acme.Gone"),
        ("[Optional] [i] [PROJECT_ID]", "\\[Optional\\] \\[i\\] \\[PROJECT_ID\\]"),
        ("[a b][Gone] [Gone][]", "\\[a b\\]\\[Gone\\] Gone"),
        ("a[Cat] b[i][Cat.name] f()[acme.Gone]", "a\\[Cat\\] b\\[i\\]\\[Cat.name\\] f()\\[acme.Gone\\]"),
        ("[the\nwords]\n[acme.Cat].", "[the\nwords](#acme.Cat)."),
        ("[acme.Cat]\n[acme.Cat.name]", "[acme.Cat](#acme.Cat)\n[acme.Cat.name](#acme.Cat.name)"),
        ("[words]\n(https://a.b/c_d).", "[words](https://a.b/c_d)."),
        ("[Cat]\n[acme.Gone]", "[Cat](#Cat)\nacme.Gone"),
        ("[gone]\n[acme.Cat]", "[gone](#acme.Cat)"),
        ("[Cat]\n(https://a b)", "[Cat](#Cat)\n([https://a](https://a) b)"),
        ("[words]\n(see below)", "\\[words\\]\n(see below)"),
        ("[words]\n(javascript:x)", "\\[words\\]\n(javascript:x)"),
        ("[words]\n\n(https://a.b)", "\\[words\\]\n\n([https://a.b](https://a.b))"),
    ],
)
def test_forms_of_references(text: str, made: str) -> None:
    """A reference has words of its own or not; one that leads nowhere keeps its text, and what is not one its brackets."""

    def found(name: str) -> str | None:
        return f"#{name}" if "Cat" in name else "" if "." in name else None

    assert body(text, found) == made


def test_addresses_of_references_are_kept() -> None:
    """What a name resolves to is the address of the link, also where it is none that Markdown would take."""
    page = Page(body("[Cat]", lambda name: "a b/(c).md?d=1&lt;=2#f_g"))
    assert page.html == '<p><a href="a%20b/%28c%29.md?d=1&amp;lt;=2#f_g">Cat</a></p>'


def test_wide_tables_are_text() -> None:
    """A table that would be mostly empty, and take long to set, is none."""
    assert "<table>" not in Page(body(texts("sizes")["wide table"], resolve)).html


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


def _repeated(part: str, pair: str, size: int) -> str:
    count = size // len(part + pair)
    return part * count + pair * count


LONG: dict[str, Callable[[int], str]] = {
    **{part[:20]: partial(_repeated, part, "") for part in REPEATED},
    **{part + pair: partial(_repeated, part, pair) for part, pair in PAIRED},
    "stairs": lambda size: "".join("  " * number + "- a\n" for number in range(isqrt(size))),
    "many columns": lambda size: "|".join("a" * (size // 4)) + "\n" + "|".join("-" * (size // 4)),
}
"""Texts that may be hard to read; of about a size each."""


@pytest.mark.parametrize("name", LONG)
@pytest.mark.slow(reason="very long comments")
def test_long_comments_cost_what_their_length_says(name: str) -> None:
    """Eight times as much of anything costs about eight times as much to set, in each way."""
    for setter in (lambda text: body(text, resolve), lambda text: line(text, resolve), first_sentence, code, escaped):
        assert growth(lambda size, setter=setter: setter(LONG[name](size)), 1_000, 8_000) < 4
