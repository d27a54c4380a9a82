"""What a built site tells other programs: the heads of its pages, its sitemap, and its answer to a wrong address."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from tests.delivery.test_finish import replaced
from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.site_trees import build

pytestmark = [pytest.mark.xdist_group("heads"), pytest.mark.slow(reason="builds sites with MkDocs and Zensical")]

ADDRESS = "https://docs.acme.example/api/"
QUOTED = 'Says "hi" & <b>bye</b>\'s end'
TREE = f"""
// {QUOTED}. More of it.
service Cats {{ rpc Feed(Cat) returns (Cat); }}
message Cat {{ string name = 1; }}
"""
OWN = f"---\ntitle: Cats & dogs\ndescription: {QUOTED!r}\n---\n# Home\n".replace("\\'", "''")
EXTRA = f"""site_url: {ADDRESS}
extra:
  image: assets/card.png
  styles: [assets/own.css]
  scripts: [assets/own.js]
  allowed_hosts: ["https://stats.acme.example", "https://fonts.acme.example"]
site_name:"""
PROGRAMS = ("mkdocs", "zensical")


class Head(HTMLParser):
    """The head of a page: its ``og:`` properties, its description, its address, its feeds, and its elements."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.feeds: list[str] = []
        self.tags: list[str] = []
        self._inside = True
        self.feed(path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside and tag != "body"
        values = {name: value or "" for name, value in attrs}
        if not self._inside:
            return
        self.tags.append(tag)
        if key := values.get("property") or values.get("name"):
            self.said[key] = values["content"]
        elif "alternate" in values.get("rel", "").split() and values.get("type") == "application/atom+xml":
            self.feeds.append(values["href"])
        elif values.get("rel") == "canonical":
            self.said["canonical"] = values["href"]


@pytest.fixture(scope="module", params=PROGRAMS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A site with an address, and the same one without."""
    top = write(tmp_path_factory.mktemp("heads"), {"cats.proto": proto3("acme.v1", TREE), "site/index.md": OWN})
    assert run("generate", "site", cwd=top).code == 0
    build(top, request.param)
    assert run("finish", cwd=top).code == 0
    (top / "build/site").rename(top / "nowhere")
    replaced(top / "mkdocs.yml", "site_name:", EXTRA)
    build(top, request.param)
    assert run("finish", cwd=top).code == 0
    return top / "build/site", top / "nowhere"


def test_properties(built: tuple[Path, Path]) -> None:
    """With an address, pages say their title, description and address, whatever characters are in these."""
    site, nowhere = built
    service, home = (Head(site / path) for path in ("reference/acme.v1/Cats/index.html", "index.html"))
    assert service.said["canonical"] == service.said["og:url"] == f"{ADDRESS}reference/acme.v1/Cats/"
    assert service.said["og:title"] == "Cats"
    assert service.said["og:description"] == service.said["description"] == f"{QUOTED}."
    assert service.said["og:image"] == f"{ADDRESS}assets/card.png"
    assert home.said["og:url"] == ADDRESS
    assert home.said["og:title"] == "Cats & dogs"
    assert home.said["og:description"] == QUOTED
    assert "b" not in home.tags
    assert not [name for name in Head(nowhere / "index.html").said if name.startswith("og:") or name == "canonical"]


def test_additions(built: tuple[Path, Path]) -> None:
    """Styles and scripts of the site come after those of the toolkit, and hosts are only allowed if they are named."""
    site, nowhere = built
    page = (site / "reference/index.html").read_text()
    assert page.index("assets/toolkit/site.css") < page.index('<link rel="stylesheet" href="../assets/own.css">')
    assert '<script src="../assets/own.js" defer></script>' in page
    policy, strict = (
        html.unescape(re.findall(r'Policy" content="([^"]+)"', text)[0])
        for text in (page, (nowhere / "reference/index.html").read_text())
    )
    hosts = " https://stats.acme.example https://fonts.acme.example"
    assert policy == strict.replace("default-src 'self'", f"default-src 'self'{hosts}").replace(
        "script-src 'self'", f"script-src 'self'{hosts}"
    ).replace("style-src 'self'", f"style-src 'self'{hosts}").replace("img-src 'self'", f"img-src 'self'{hosts}")
    assert "http" not in strict


def test_sitemap(built: tuple[Path, Path]) -> None:
    """With an address there is a sitemap of all pages, without the day of the build; without one there is none."""
    site, nowhere = built
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    pages = [path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")]
    expected = {ADDRESS if page == "." else f"{ADDRESS}{page}/" for page in pages}
    assert {url.text for url in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")} == expected
    assert len(expected) > 5
    assert "lastmod" not in (site / "sitemap.xml").read_text()
    assert not [*nowhere.glob("sitemap*")]


def test_missing_page(built: tuple[Path, Path]) -> None:
    """The answer to a wrong address, at whatever depth, leads to the sections of the site."""
    site, _ = built
    text = (site / "404.html").read_text()
    listed = text.partition("<h1>Page not found</h1>")[2].partition("</ul>")[0]
    assert re.findall(r'<a href="([^"]+)">([^<]+)', listed.replace("/.", "/")) == [
        ("/api/", "Home"),
        ("/api/reference/", "API reference"),
    ]
    assert "<title>Page not found - acme.v1</title>" in text


REVISIONS = """
proto_path = ["protos"]
[site]
[changelog]
out = "site/what is new"
[changelog.revisions]
"2025-01-01" = "old"
"NAME" = "protos"
"""
PAGES = ("index.html", "reference/acme.v1/Cats/index.html", "what is new/index.html")


@pytest.mark.parametrize("program", PROGRAMS)
def test_feed(program: str, tmp_path: Path) -> None:
    """Every page names the feed of the changelog, which is there; without a feed, none does."""
    tree = proto3("acme.v1", TREE)
    files = {"protos/a.proto": tree, "old/a.proto": tree.replace("= 1", "= 2"), "site/index.md": OWN}
    write(tmp_path, {**files, "toolkit.toml": REVISIONS.replace("NAME", "2026-01-01")})
    assert run("generate", "site", cwd=tmp_path).code == 0
    replaced(tmp_path / "mkdocs.yml", "site_name:", EXTRA)
    assert run("generate", cwd=tmp_path).code == 0
    build(tmp_path, program)
    for page in (tmp_path / "build/site" / name for name in PAGES):
        (feed,) = Head(page).feeds
        assert ElementTree.parse(page.parent / unquote(feed)).getroot().tag.endswith("}feed")
    assert Head(tmp_path / "build/site/404.html").feeds == ["/api/what%20is%20new/feed.xml"]
    write(tmp_path, {"toolkit.toml": REVISIONS.replace("NAME", "newest")})
    assert run("generate", cwd=tmp_path).code == 0
    assert not (tmp_path / "site/what is new/feed.xml").exists()
    build(tmp_path, program)
    assert [Head(tmp_path / "build/site" / name).feeds for name in (*PAGES, "404.html")] == [[]] * 4
