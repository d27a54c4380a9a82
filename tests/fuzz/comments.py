"""Hostile texts as comments of every element: pages of the reference and of the site, docstrings, reports."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb
from hypothesis import strategies as st
from mkdocs.utils import meta

from tests.fuzz.kind import Kind, Wrong
from tests.hostile import comments
from tests.support.protos_of import set_of
from tests.targets.reference.test_hostile import PARTS, skeleton
from tests.targets.reference.test_hostile import check as check_reference
from tests.targets.site.test_hostile import ATTRIBUTES, MARKDOWN, TAGS, TEXTS, is_harmless
from toolkit.changes import report
from toolkit.changes.rules import FORMATS
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.delivery.memory import made_by
from toolkit.descriptors.compile import Compilation
from toolkit.semantics.mappings import built_in
from toolkit.targets import registry
from toolkit.targets.markdown.code import code_spans
from toolkit.targets.reference.prose import Writer
from toolkit.targets.reference.style import PRESETS
from toolkit.targets.settings import Common, Settings
from toolkit.targets.site.settings import SiteSettings
from toolkit.targets.workspace import Workspace

HARMLESS = "Words."
PLAIN = [text for text in comments().values() if len(text) < 2_000]
QUOTES = ['"""', "'''", '\\"""', "\\", '"', "\\N{x}", "\\u12", "\\x", "{", "}"]
COMMENTS = st.one_of(
    TEXTS,
    st.lists(PARTS, max_size=14).map("".join),
    st.tuples(st.sampled_from(PLAIN), TEXTS).map("".join),
    st.tuples(st.sampled_from(QUOTES), TEXTS, st.sampled_from(QUOTES)).map("".join),
).map(lambda text: text[:400])
"""Short enough for a page of a method to have all its parts."""


def commented(texts: list[str]) -> Compilation:
    """The skeleton of the reference's tests with texts as comments, in turn, in every place that has one."""
    file = pb.FileDescriptorSet.FromString(skeleton().descriptor_set).file[0]
    for number, location in enumerate(file.source_code_info.location):
        location.leading_comments = texts[number % len(texts)]
        location.trailing_comments = texts[(number + 1) % len(texts)]
        location.leading_detached_comments.append(texts[(number + 2) % len(texts)])
    return set_of(file)


OWN_HEADING = re.compile(r"^#+ .*\{#", re.M)
"""A heading with an anchor of its own, which the published formats pass on."""
ACTIVE = re.compile(r"<(?:[!?]|/?(?:script|img|iframe|style|svg|object|embed|link|meta|base|form|input)\b)", re.I)
"""What runs or loads, and what hides the rest of a page."""


def without_code(text: str) -> str:
    """A text without what a reader of Markdown takes for code."""
    kept, position = [], 0
    for span in code_spans(text):
        kept.append(text[position : span.start])
        position = span.end
    return "".join([*kept, text[position:]])


def check_prose(text: str, raw_html: bool, in_table: bool) -> None:
    """What is set of a comment holds HTML that runs only in code."""
    writer = Writer(raw_html, not raw_html)
    made = (writer.cell if in_table else writer.body)(text, lambda name, shown: None)
    if found := ACTIVE.search(without_code(made)):
        raise Wrong(f"live HTML: {found[0]!r} in {made!r}")


def files_of(target: str, source: Compilation) -> dict[str, str]:
    """What a target makes of everything: a comment can say that its element is internal."""
    shown = {SiteSettings: SiteSettings(internal=True)}
    files = made_by(registry.get(target), Workspace(Settings(Common(), shown), source)).files
    return {path: content.decode() for path, content in files.items()}


class Page(HTMLParser):
    """A page of the site as a browser reads it: its tags, attributes, addresses and the ids of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        body, self.front = meta.get_data(text)
        MARKDOWN.reset()
        self.feed(MARKDOWN.convert(body))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")

    def handle_decl(self, decl: str) -> None:
        self.tags.add("!")

    def handle_pi(self, data: str) -> None:
        self.tags.add("?")


@cache
def harmless_site() -> dict[str, Page]:
    """The pages of harmless comments."""
    made = files_of("site", commented([HARMLESS]))
    return {path: Page(text) for path, text in made.items() if path.endswith(".md")}


def check_site(source: Compilation) -> None:
    """Each page has the elements, ids and front matter of its harmless twin, and what comments may hold."""
    pages = {path: text for path, text in files_of("site", source).items() if path.endswith(".md")}
    twins = harmless_site()
    if pages.keys() != twins.keys():
        raise Wrong(f"other pages: {pages.keys() ^ twins.keys()}")
    for path, text in pages.items():
        page, twin = Page(text), twins[path]
        if tags := page.tags - twin.tags - TAGS:
            raise Wrong(f"live HTML in {path}: {tags}")
        if attributes := page.attributes - twin.attributes - ATTRIBUTES:
            raise Wrong(f"live attributes in {path}: {attributes}")
        if page.ids != twin.ids:
            raise Wrong(f"other anchors in {path}: {page.ids}, not {twin.ids}")
        if bad := [link for link in page.links if not is_harmless(link)]:
            raise Wrong(f"links in {path}: {bad}")
        if page.front.keys() != twin.front.keys() or {type(value) for value in page.front.values()} != {
            type(value) for value in twin.front.values()
        }:
            raise Wrong(f"front matter of {path}: {page.front}")


def bare(text: str) -> str:
    """Code without its docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [line for line in body if not _is_text(line)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_text(line: ast.AST) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


@cache
def harmless_python() -> dict[str, str]:
    """The code of harmless comments."""
    made = files_of("python", commented([HARMLESS]))
    return {path: bare(text) for path, text in made.items() if path.endswith(".py")}


def check_python(source: Compilation) -> None:
    """Each module compiles, and is that of harmless comments but for its docstrings."""
    modules = {path: text for path, text in files_of("python", source).items() if path.endswith(".py")}
    if modules.keys() != harmless_python().keys():
        raise Wrong("other modules")
    for path, text in modules.items():
        compile(text, path, "exec", dont_inherit=True)
        if bare(text) != harmless_python()[path]:
            raise Wrong(f"other code in {path}")


def check_reports(source: Compilation) -> None:
    """The changes of comments are one line each, and JSON."""
    changes = compare_sets(ParsedSet(commented([HARMLESS])), ParsedSet(source), built_in())
    for form in FORMATS:
        text = report.report(changes, form)
        if form == "json":
            json.loads(text)
        elif re.search("[\x00-\x08\x0b-\x1f\x7f]", text):
            raise Wrong(f"control characters in a report as {form}")
        elif form == "github" and not all(line.startswith("::") for line in text.splitlines()):
            raise Wrong("an annotation of more than one line")


def check(value: tuple[list[str], str], folder: Path) -> None:
    """Whatever comments hold, pages keep their form, nothing runs, and code is what it was."""
    texts, style = value
    check_reference(texts[0], "plain" if OWN_HEADING.search(texts[0]) else style)
    for text in texts:
        for in_table in (False, True):
            check_prose(text, PRESETS[style].raw_html, in_table)
    source = commented(texts)
    check_site(source)
    check_python(source)
    check_reports(source)


KIND = Kind(st.tuples(st.lists(COMMENTS, min_size=1, max_size=3), st.sampled_from(sorted(PRESETS))), check)
