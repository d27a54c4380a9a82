"""Whatever a comment holds, a page keeps its tables and its anchors, and nothing in it runs."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hostile import comments
from tests.support.protos_of import commented, proto3, write
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.markdown.code import code_spans, stays_in_cell
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.reference.plain import PlainWriter
from toolkit.targets.reference.prose import Writer
from toolkit.targets.reference.style import PRESETS

SKELETON = proto3(
    "acme.zoo.v1",
    """
service CatService {
  rpc Get(GetCatRequest) returns (Cat);
  rpc Feed(Cat) returns (stream Cat);
}
service Bare { rpc Do(Nothing) returns (Nothing); }
message GetCatRequest { string id = 1; }
message Nothing {}
message Cat {
  string name = 1;
  Mood mood = 2;
  repeated Cat kittens = 3;
  map<string, Toy> toys = 4;
  oneof home {
    string street = 5;
    Toy box = 6;
  }
  message Toy { bytes colour = 1; Mood mood = 2; }
}
enum Mood { MOOD_UNSPECIFIED = 0; PURRING = 1; HUNGRY = 2; }
""",
)
PUBLISHED = [style for style in PRESETS if style != "plain"]
PASSED_ON = ("diplodoc: attributes of a heading",)
"""Markdown that published pages have as it was written."""
PAGE = {
    name: f"acme/zoo/v1/api-ref/grpc/{name}.md" for name in ("index", "Cat/index", "Cat/get", "Cat/feed", "Bare/do")
}


@cache
def skeleton() -> Compilation:
    """The descriptor set of the skeleton; every element has a location."""
    with TemporaryDirectory() as folder:
        return compile_tree([write(Path(folder), {"zoo.proto": SKELETON})])


def read(page: str) -> tuple[list[str], list[list[int]]]:
    """The lines of a page outside tables and fences, and its tables, as the numbers of cells in their rows."""
    lines: list[str] = []
    tables: list[list[int]] = []
    position = 0
    fence = ""
    while position < len(page):
        stop = page.find("\n", position)
        line = page[position : stop if stop >= 0 else len(page)]
        mark = re.match(r" {0,3}(?:[-*] +)?(`{3,}(?=[^`]*$)|~{3,})", line)
        begin, position = position, position + len(line) + 1
        if fence:
            bare = line.strip()
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif mark is not None:
            fence = mark[1]
        elif line.startswith("#|"):
            rows, position = rows_of(page, begin + 2)
            tables.append(rows)
        else:
            lines.append(line)
    return lines, tables


MARK = re.compile(r"```|\{\{|\}\}|\|#|(?<!\\)((?:\\\\)*)(\|\|?)|(?<!\\)\\+\|")


def rows_of(text: str, position: int) -> tuple[list[int], int]:
    """The rows of the table that begins at a position, and where it ends; one that does not end has a row of -1."""
    rows: list[int] = []
    cells = code = variable = 0
    while (match := MARK.search(text, position)) is not None:
        mark, begin = match[2] or match[0], match.start(2) if match[2] else match.start()
        position = match.end()
        if mark == "```":
            code = 1 - code
            position += code
        elif code or (variable and mark != "}}"):
            position = begin + 1
        elif mark in ("{{", "}}"):
            variable = mark == "{{"
        elif mark == "|#" or text.startswith("|#", begin):
            return rows, begin + 2
        elif mark == "||":
            if cells:
                rows.append(cells)
            cells = 0 if cells else 1
        elif mark == "|":
            cells += 1
        elif text.startswith("|#", position - 1):  # escaping a bar does not keep it from ending the table
            return rows, position + 1
    return [*rows, -1], len(text)


def sections(schema: Schema, method: str) -> list[str]:
    """The messages that a method's page shows, in order."""
    graph = PublishedReference(Facts(schema)).facts.graph
    found = schema.methods[f"acme.zoo.v1.{method}"]
    request, response = graph.sections(found.input, {}), graph.sections(found.output, {})
    return [*request, *(name + "2" * (name in request) for name in response)]


def check(text: str, style: str) -> dict[str, str]:
    """The pages of the skeleton with a text as every comment: all tables and anchors are there."""
    schema = load(commented(skeleton(), text))
    pages = dict(PublishedReference(Facts(schema), style=PRESETS[style]).pages())
    parted = "\\|" in text and "`" in text  # the published format parts such a cell; never a row
    for path, page in pages.items():
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", page), path
        lines, got = read(page)
        shape = [[2] * 3]
        if path in (PAGE["Cat/get"], PAGE["Cat/feed"], PAGE["Bare/do"]):
            service, name = {"Cat/get": ("CatService", "Get"), "Cat/feed": ("CatService", "Feed")}.get(
                path.removeprefix("acme/zoo/v1/api-ref/grpc/").removesuffix(".md"), ("Bare", "Do")
            )
            anchors = sections(schema, f"{service}.{name}")
            shape = [[2] * (1 + max(1, len(schema.message(a.removesuffix("2")).fields))) for a in anchors]
            assert re.findall(r"^## \S+ \{#(\S+)\}$", "\n".join(lines), re.M) == anchors, path
        elif path.endswith("Bare/index.md"):
            shape = [[2] * 2]
        assert [len(rows) for rows in got] == [len(rows) for rows in shape], (path, got)
        assert parted or got == shape, (path, got)
    return pages


@pytest.mark.parametrize("name", comments())
@pytest.mark.slow(reason="many comments in every place")
def test_comment(name: str) -> None:
    """A comment in every place of every element changes neither the rows nor the anchors of any page."""
    for style in PRESETS:
        if style == "plain" or name not in PASSED_ON:
            assert set(PAGE.values()) < set(check(comments()[name], style))


@pytest.mark.parametrize("style", PRESETS)
@pytest.mark.parametrize("text", ["{{ 7 * 191 }}", "{% set x = 7 * 191 %}{{ x }}", "{{ page }}", "{{ section.name }}"])
def test_nothing_is_evaluated(text: str, style: str) -> None:
    """An expression is on every page as it was written."""
    for page in check(text, style).values():
        assert text in html.unescape(page).replace("\\*", "*") or "Bare" in page
        assert "1337" not in page


ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "<iframe src=x>",
    "<!-- x",
    "<style>*{}",
    "<svg/onload=x>",
]
AROUND = {
    "plain": "{}",
    "own line": "a\n\n{}\n\nb",
    "after a backtick": "a ` {}",
    "after an escaped backtick": r"a \` {} ` b",
    "code over paragraphs": "`a\n\n{}\n\nb`",
    "code over blocks": "`a\n{}\n`",
    "code over a heading": "`a\n# b\n{}`",
    "after a fence": "```\na\n```\n{}",
    "in an open fence": "```\n{}",
    "in a list": "- ```\n{}\n  ```",
    "in a link": "[a {}](b)",
    "in angles": "<a <b> {}",
    "after a tilde": "~~~\n`\n~~~ `{}`",
    "after a link": "<http://x`> {}`",
    "after a list": "`a\n- b` {} `c`",
}


@pytest.mark.parametrize("style", PUBLISHED)
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.slow(reason="many comments in every place")
def test_active_html(around: str, style: str) -> None:
    """HTML that runs or loads is text in every published style, also behind what only looks like code."""
    for active in ACTIVE:
        for page in check(AROUND[around].replace("{}", active), style).values():
            assert active not in page


@pytest.mark.parametrize("style", PUBLISHED)
@pytest.mark.parametrize("text", ["    ```\n<script>\n    ```", "`a\n     ```\n     b` <script>\n     ```"])
def test_indented_fences(text: str, style: str) -> None:
    """The published styles indent nothing, so that an indented fence is one, and HTML in it is code."""
    page = check(text, style)[PAGE["Cat/get"]]
    assert re.search(r"^```\n(b` )?<script>\n```", page, re.M)


@pytest.mark.parametrize("style", PRESETS)
def test_html_in_code(style: str) -> None:
    """In real code HTML stays as it is, and what folds text is escaped but in the oldest style."""
    page = check("`<script>` and <details>\n\n```html\n<script>\n```", style)[PAGE["Cat/get"]]
    assert "`<script>`" in page
    assert "```html\n<script>\n```" in page
    assert ("<details>" in page) == (style == "values")


MARKS = ["`", "``", "```", "````", "~~~", "|", "||", "|#", "#|", "\\", "{{", "}}", "{%", "<", ">", "[Cat]", "[", "](x)"]
SPACE = [
    "\n",
    "\n\n",
    "\n\n\n",
    " ",
    "    ",
    "- ",
    "> ",
    "1. ",
    "# ",
    "===",
    "\t",
    "\u202e",
    "\x02",
    "(--",
    "--)",
    "a",
    "b c",
]
PARTS = st.sampled_from([*MARKS, *SPACE])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PARTS, max_size=14).map("".join), st.sampled_from(sorted(PRESETS)))
@example("`\\|`|#", "maps")
def test_any_comment(text: str, style: str) -> None:
    """Whatever is joined from what means something in Markdown, tables or templates, a page keeps its form."""
    check(text, style)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="`~\\|#{}<>\n a-", max_size=40), st.booleans())
def test_any_cell(text: str, code_with_bars: bool) -> None:
    """A cell is whole however its text is made, as the reader of tables in this file sees it."""
    made = Writer(False, code_with_bars).cell(text, lambda name, words: None)
    rows, end = rows_of(f"|| a | {made} ||\n|| b | c ||\n|#", 0)
    assert len(rows) == 2
    assert end == len(f"|| a | {made} ||\n|| b | c ||\n|#")
    assert rows == [2, 2] or ("\\|" in text and "`" in text)


PLAIN = st.lists(st.sampled_from([*comments().values(), *MARKS, *SPACE]), max_size=8).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(PLAIN | st.text(alphabet="`~\\|#{}%<>[]()!$^@:*\n a-", max_size=40), st.booleans())
@example("[x]: http://a:::note info", False)
def test_any_plain_text(text: str, in_table: bool) -> None:
    """In the style `plain` nothing is left of variables, statements, attributes, images and tables of the format."""
    writer = PlainWriter(False, True)
    made = (writer.cell if in_table else writer.body)(text[:5_000], lambda name, words: f"[{words or name}](#x)")
    assert not re.search(r"\{[{%#]|[}%#]\}|\|#", made)
    outside = re.sub(r"(?ms)^[ >*-]*```.*?^[ >]*```$|(?<!\\)`[^`\n]*`|<code>[^<]*</code>", "\0", made)
    assert not re.search(r"[{}$^]|(?<!\\)!\[|::|##|#\||(?<!\\)\]\((?!#x|https?:|mailto:|/)", outside), made
    assert not in_table or (stays_in_cell(made) and not re.search(r"(?<!\\)\|", outside))
    assert "toolkit-reference" not in made


@pytest.mark.parametrize(
    ("text", "end"), [(">", r"\>"), ("a\n\n^", "\n\\^"), ("> a", "> a"), ("a >", "a >"), (" > \n", "")]
)
def test_merged_cells(text: str, end: str) -> None:
    """A comment does not end in the mark that makes one cell of two."""
    made = Writer(False, True).cell(text, lambda name, words: None)
    assert made.endswith(end)
    assert made.rpartition("\n")[2].strip() not in (">", "^")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="`~\\|#{}%a \n", max_size=30), st.sampled_from([Writer, PlainWriter]))
def test_any_pattern(text: str, kind: type[Writer]) -> None:
    """A pattern in an option is set so that the cell stays whole, too; in the style `plain` nothing in it is evaluated."""
    made = kind(False, True).code(text)
    rows, _ = rows_of(f"|| a | {made} ||\n|| b | c ||\n|#", 0)
    assert rows == [2, 2]
    assert kind is Writer or not re.search(r"\{[{%]|[}%]\}", made)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a `b` c", ["`b`"]),
        ("`` a`b ``", ["`` a`b ``"]),
        ("a ``b` c", []),
        (r"\`a` b`", ["` b`"]),
        (r"\\`a`", ["`a`"]),
        (r"`a\` b`", [r"`a\`"]),
        ("`a\nb`", ["`a\nb`"]),
        ("`a\n\nb` `c`", ["` `"]),
        ("```\na ``` b\n```", ["```\na ``` b\n```"]),
        ("~~~\n`\n~~~ `c`", []),
        ("`a\n# b` `c`\n\n`d`", ["`d`"]),
        ("<http://a`> b`", []),
        ("`a\n    ```\n    b` c\n    ```", []),
        ("a\n\n    ```\n    b` c\n    ```", ["```\n    b` c\n    ```"]),
        ("- ```\n  a\n  ```", ["```\n  a\n  ```"]),
        ("> ```\n> a\n> ```", ["```\n> a\n> ```"]),
        ("> ```\na\n```", []),
    ],
)
def test_code(text: str, codes: list[str]) -> None:
    """Code is what a reader of Markdown takes for code."""
    assert [text[span.start : span.end] for span in code_spans(text)] == codes


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (r"a \| b", True),
        ("a | b", False),
        (r"a \\| b", False),
        (r"a \|# b", False),
        (r"a \|\# b", True),
        ("``` | ```", True),
        ("``` | ", False),
        ("{{ a | b }}", True),
        ("{{ a", False),
        ("#|", False),
        ("}} a", True),
    ],
)
def test_cell(text: str, stays: bool) -> None:
    """A text stays in its cell where no bar parts it and nothing in it is left open."""
    assert stays_in_cell(text) == stays
