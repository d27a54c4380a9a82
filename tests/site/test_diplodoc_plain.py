"""Pages of both references in the style `plain` under Diplodoc: whatever a comment holds, it is shown, and nothing of it acts."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.hostile import LONGEST, cases, comments, texts
from tests.site.test_diplodoc import DIPLODOC, VARIABLES, Built, build
from tests.support.command import run
from tests.support.protos_of import commented_packages
from tests.targets.site.test_hostile import TAGS, is_harmless

pytestmark = [
    pytest.mark.skipif(not DIPLODOC.exists(), reason="no Diplodoc: run tests/site/install.sh"),
    pytest.mark.xdist_group("diplodoc"),
    pytest.mark.slow(reason="builds pages with Diplodoc"),
]

BODY = """
import "google/api/annotations.proto";
service Things { rpc Get(Thing) returns (Thing) { option (google.api.http) = { post: "/things/{one}" body: "*" }; } }
message Thing {
  string one = 1;
  oneof choice { Inner inner = 2; Kind kind = 3; }
  message Inner { map<string, string> labels = 1; }
}
enum Kind { KIND_UNSPECIFIED = 0; OPEN = 1; SHUT = 2; }
"""
TEXTS = {name: text for name, text in comments().items() if len(text) < LONGEST}
PACKAGES = {name: f"acme.p{number}" for number, name in enumerate(TEXTS, 100)}
PLAIN = "acme.p99"
PAGES = tuple(f"{folder}{name}" for folder in ("grpc/", "") for name in ("Things/get", "Things/index", "index"))
SECRET = "The secret words."
FROM_WORDS = TAGS | {"br", "del", "button", "svg", "path", "animate"}
"""Elements that Diplodoc makes of words in few forms; the last four are the button that copies code."""

OF_MARKDOWN = re.compile(r"<table[^>]*>\s*<thead>.*?</table>", re.S)
"""A table as Markdown has it; those of the format have no head."""


class Page(HTMLParser):
    """The body of a page: its text, and what in it Markdown does not make of words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.rest: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.tables: list[list[int]] = []
        """The numbers of cells in the rows of each table."""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.addresses += [values[name] for name in ("href", "src", "data-href") if name in values]
        words = values.keys() - {"class", "href", "target", "rel", "style"}
        if tag not in FROM_WORDS:
            self.rest[tag, tuple(sorted(values))] += 1
        elif words and tag not in ("button", "svg", "path", "animate"):
            self.ids.add(re.sub(r"acme\.p\d+", "PACKAGE", values.get("id", "?")))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append(0)
        elif tag == "td" and self.tables:
            self.tables[-1][-1] += 1

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A project that was built: a package for each text, which is every comment in it, and files that none may show."""
    top = tmp_path_factory.mktemp("plain")
    folder = top / "project"
    by_package = {PLAIN: "Words.", **{package: TEXTS[name] for name, package in PACKAGES.items()}}
    (top / "set.binpb").write_bytes(commented_packages(top / "protos", BODY, by_package))
    for target in ("reference", "rest"):
        ran = run("generate", target, "--descriptor-set", "set.binpb", "--out", folder, "--quiet", cwd=top)
        assert ran.code == 0, ran.errors
    pages = sorted(page.relative_to(folder).as_posix() for page in folder.rglob("*.md"))
    for place in {Path("secret.md"), *(Path(page).parent / "secret.md" for page in pages)}:
        (folder / place).write_text(f"# {SECRET}\n\n{SECRET}\n\n## Part {{#part}}\n\n{SECRET}\n")
        (folder / place.with_suffix(".svg")).write_text(f"<svg><text>{SECRET}</text></svg>")
    contents = {"title": "API", "items": [{"name": page, "href": page} for page in pages]}
    (folder / "toc.yaml").write_text(json.dumps(contents))
    (folder / "presets.yaml").write_text(json.dumps({"default": VARIABLES}))
    return build(folder, top / "site")


def page(built: Built, package: str, name: str) -> Page:
    """A page of a package."""
    content = built.bodies[f"{package.replace('.', '/')}/api-ref/{name}"]
    return Page(OF_MARKDOWN.sub(lambda table: re.sub("</?(?:table|tr|td)[^>]*>", " ", table[0]), content))


def test_no_complaints(built: Built) -> None:
    """Diplodoc builds every page, with all its checks, and neither warns nor finds an error."""
    names = {package.replace(".", "/"): name for name, package in PACKAGES.items()}
    complaints = [re.sub(r"acme/p\d+", lambda m: f"{m[0]} ({names.get(m[0])})", line) for line in built.complaints]
    assert complaints == []
    assert built.code == 0
    assert len(built.bodies) == len(PAGES) * (len(PACKAGES) + 1)


@pytest.mark.parametrize("name", TEXTS)
def test_page(name: str, built: Built) -> None:
    """But for words, a page has the elements, ids and rows of one with harmless comments, and nothing of other files."""
    for path in PAGES:
        made, plain = page(built, PACKAGES[name], path), page(built, PLAIN, path)
        assert made.rest == plain.rest, path
        assert made.ids == plain.ids, path
        assert made.tables == plain.tables, path
        assert all(map(is_harmless, made.addresses)), path
        assert SECRET not in made.text, path


@pytest.mark.parametrize("name", texts("diplodoc"))
def test_text(name: str, built: Built) -> None:
    """A page shows the text where its author wrote it: below the heading, in the description of a field, of a value."""
    value = cases()["diplodoc"][name]
    expected = " ".join((value if isinstance(value, str) else value["shown"]).split())
    for path in PAGES:
        shown = " ".join(page(built, PACKAGES[f"diplodoc: {name}"], path).text.split())
        assert expected in shown, path
