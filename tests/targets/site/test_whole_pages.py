"""Whole pages of sites that were built: of a comment there are words in them, wherever it stood, and nothing more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest

from tests.hostile import cases, texts
from tests.support.command import run
from tests.support.protos_of import commented_packages
from tests.support.site_trees import build
from tests.targets.site.test_hostile import TAGS, is_harmless

pytestmark = [pytest.mark.xdist_group("whole pages"), pytest.mark.slow(reason="builds sites with MkDocs and Zensical")]

BODY = """
service Service { rpc Do(Message) returns (Message); }
message Message {
  string field = 1;
  oneof choice { Inner inner = 2; Kind kind = 3; }
  message Inner { map<string, string> labels = 1; }
}
enum Kind { KIND_UNSPECIFIED = 0; OPEN = 1; }
"""
PAGES = ("", "Service", "Service.Do", "Message", "Message.Inner", "Kind")
TEXTS = {
    f"{case}: {name}": text
    for case in ("descriptions", "html", "attributes", "blocks", "images", "liquid")
    for name, text in texts(case).items()
}
PACKAGES = {name: f"acme.p{number:03}" for number, name in enumerate(TEXTS, 100)}
PLAIN = "acme.p50"
ANY_PACKAGE = re.compile(r"acme\.(?:p\d+|z)")
PROGRAMS = ("mkdocs", "zensical")
FROM_WORDS = TAGS | {"br"}
"""Elements that a comment may have in its place."""

OF_CODE = re.compile(r"(?:language-\w+ )?highlight|[a-z0-9]{0,3}")
"""The classes of elements of code."""


class Page(HTMLParser):
    """A page as a browser reads it: its head, and what in its body Markdown does not make of words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.head: list[tuple[str, list[tuple[str, str]]]] = []
        self.rest: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.description = ""
        self._in_head = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = [(name, ANY_PACKAGE.sub("PACKAGE", value or "")) for name, value in attrs]
        self._in_head = self._in_head and tag != "body"
        if self._in_head:
            if given[:1] == [("name", "description")]:
                self.description = dict(given)["content"]
                given = [(name, value) for name, value in given if name != "content"]
            self.head.append((tag, given))
            return
        values = dict(given)
        self.ids.add(re.sub(r"\d+", "0", values.get("id", "")))
        self.addresses += [values[name] for name in ("href", "src", "action") if name in values]
        if tag not in FROM_WORDS or values.keys() - {"href", "class"} or not OF_CODE.fullmatch(values.get("class", "")):
            self.rest[tag, tuple(sorted(values))] += 1

    def handle_data(self, data: str) -> None:
        if self._in_head and data.strip():
            self.head.append((ANY_PACKAGE.sub("PACKAGE", data.strip()), []))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site for each program, built strictly: a package for each text, which is every comment in it, and a plain one."""
    top = tmp_path_factory.mktemp("whole")
    by_package = {package: TEXTS[name] for name, package in PACKAGES.items()}
    by_package |= dict.fromkeys((PLAIN, "acme.p0", "acme.z"), "Words.")
    (top / "set.binpb").write_bytes(commented_packages(top / "protos", BODY, by_package))
    ran = run("generate", "site", "--descriptor-set", "set.binpb", "--quiet", cwd=top, patience=300)
    assert ran.code == 0, ran.errors
    for program in PROGRAMS:
        build(top, program)
        (top / "build/site").rename(top / program)
    (top / "build/site").symlink_to(top / "mkdocs")
    assert run("finish", cwd=top).code == 0
    return top


def page(folder: Path, package: str, name: str) -> Page:
    """A page that was built."""
    path = folder / "reference" / package / name / "index.html"
    return Page(path.read_text(encoding="utf-8"))


def described(name: str) -> Mapping[str, str]:
    """What a text expects; nothing where it says nothing."""
    case, _, own = name.partition(": ")
    found = cases()[case][own]
    return found if isinstance(found, dict) else {}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", TEXTS)
def test_page(name: str, program: str, sites: Path) -> None:
    """But for words, a page has the elements, attributes and ids of one with harmless comments; its head has all of it."""
    for path in PAGES:
        made, plain = page(sites / program, PACKAGES[name], path), page(sites / program, PLAIN, path)
        assert made.head == plain.head, path
        assert made.rest == plain.rest, path
        assert made.ids == plain.ids, path
        assert all(map(is_harmless, made.addresses)), path


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", [name for name in TEXTS if described(name)])
def test_description(name: str, program: str, sites: Path) -> None:
    """The description of a page is the first sentence in plain words, whatever they are."""
    expected = " ".join(described(name)["description"].split())
    for path in PAGES:
        assert page(sites / program, PACKAGES[name], path).description == expected, path


def test_list_of_pages(sites: Path) -> None:
    """In llms.txt a line leads to its page, and its description is text."""
    lines = (sites / "mkdocs/llms.txt").read_text(encoding="utf-8").split("\n")
    for name, package in PACKAGES.items():
        (line,) = [line for line in lines if f"(reference/{package}/Message/index.md)" in line]
        html = markdown.markdown(line)
        assert html.count("<a ") == 1, name
        assert not re.findall(r"<(?!/?(?:a|ul|li|p|code|em|strong)\b)", html), html
