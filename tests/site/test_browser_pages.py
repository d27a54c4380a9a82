"""Every page of the site: nothing complains, every link leads somewhere, everybody can use it; and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import REPOSITORY
from tests.site.conftest import DESKTOP, PAGES, PHONE, Reader, Site

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow(reason="builds sites and opens them in a browser")]
SCREENSHOTS = REPOSITORY / "build/screenshots"
"""What axe looked at, for people to look at too."""
ATTRIBUTES = re.compile(r"\{:? ?[.#][\w.-]+ ?\}|^///", re.M)
"""Markup that MkDocs should have understood."""
PROSE = """() => {
    const article = document.querySelector("article").cloneNode(true);
    article.querySelectorAll("code, pre").forEach((one) => one.remove());
    return article.textContent;
}"""


class Links(HTMLParser):
    """What a page links to or loads, and the places in it that a link may lead to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.locations: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep addresses and ids."""
        given = dict(attrs)
        self.targets += [given[key] or "" for key in ("href", "src") if key in given]
        self.locations += [given["id"] or ""] if "id" in given else []


@dataclass(frozen=True)
class Windows:
    """The site in four windows, which stay open."""

    site: Site
    reader: Reader
    pages: dict[str, Page]

    def go(self, *paths: str) -> list[Page]:
        """Load a page in each window, the last path in all that are left, and draw the diagrams."""
        opened = []
        for number, page in enumerate(self.pages.values()):
            page.goto(self.site.root + paths[min(number, len(paths) - 1)], wait_until="commit")
            opened.append(page)
        for page in opened:
            page.wait_for_load_state()
            draw(page)
        return opened


def draw(page: Page) -> None:
    """Have the diagrams of a page drawn, also those that are folded, and look at its top again."""
    page.evaluate("document.querySelectorAll('details:has(figure.diagram)').forEach((one) => { one.open = true })")
    for figure in page.locator("figure.diagram").all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator("svg")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")


@pytest.fixture(scope="module")
def windows(browser: Browser, site: Site) -> Iterator[Windows]:
    """Windows on a screen and as narrow as a phone, light and dark."""
    reader = Reader(browser)
    looks = {"light": (DESKTOP, False), "dark": (DESKTOP, True), "phone": (PHONE, False), "phone-dark": (PHONE, True)}
    yield Windows(site, reader, {look: reader.open(site, size=size, dark=dark) for look, (size, dark) in looks.items()})
    reader.close()


def test_links(either: Site) -> None:
    """Every link within the site leads to a file of it, and to a place that its page has once."""
    pages = {
        path: Links((either.folder / path / "index.html").read_text("utf-8"))
        for path in either.pages
        if not path.endswith(".html")
    }
    followed, broken = 0, []
    for path, page in pages.items():
        assert len(page.locations) == len(set(page.locations)), path
        for target in page.targets:
            address = urlsplit(urljoin(f"{either.root}{path}", target))
            if address.netloc != urlsplit(either.root).netloc:
                continue
            there = unquote(address.path).removeprefix("/")
            whole = there in pages or (either.folder / there).is_file()
            if not whole or (address.fragment and unquote(address.fragment) not in pages[there].locations):
                broken.append(f"{path}: {target}")
            followed += bool(address.fragment)
    assert broken == []
    assert followed > 1000


def test_no_noise(windows: Windows) -> None:
    """No page, the one for lost readers included, warns in the console, misses a file, asks another host or is too wide."""
    paths = windows.site.pages
    assert {"", "404.html", *PAGES.values()} < set(paths)
    for number in range(0, len(paths), len(windows.pages)):
        for page in windows.go(*paths[number : number + len(windows.pages)]):
            assert page.locator("h1").count() == 1, page.url
            assert page.title(), page.url
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
            assert not ATTRIBUTES.search(page.evaluate(PROSE)), page.url
    assert windows.reader.noise == []


@pytest.mark.parametrize("kind", PAGES)
def test_everybody(windows: Windows, faults: Callable[[list[Page]], list[str]], kind: str) -> None:
    """A page of each kind has no serious violation of what axe knows, light and dark, on a screen and on a phone."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened = windows.go(PAGES[kind])
    for look, width in ("light", DESKTOP[0]), ("dark", DESKTOP[0]), ("phone", PHONE[0]):
        picture = windows.pages[look].screenshot(path=SCREENSHOTS / f"{kind}-{look}.png", full_page=True)
        assert int.from_bytes(picture[16:20]) == width
    assert faults(opened) == []
    assert windows.reader.noise == []


def test_zensical(reader: Reader, zensical: Site, faults: Callable[[list[Page]], list[str]]) -> None:
    """Under Zensical a page of any kind is quiet and looks the same, with a dark head; axe finds nothing serious."""
    page = reader.open(zensical)
    for path in PAGES.values():
        page.goto(zensical.root + path)
        assert page.locator("h1").count() == 1, path
        head = page.locator(".md-header").evaluate("(header) => getComputedStyle(header).backgroundColor")
        assert head == "rgb(23, 28, 43)"
    opened = [reader.open(zensical, PAGES["method"]), reader.open(zensical, PAGES["method"], size=PHONE, dark=True)]
    for page in opened:
        draw(page)
    assert faults(opened) == []
