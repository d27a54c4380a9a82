"""What a reader looks for is found: with the search that comes with the theme, and with Pagefind, that of large sites."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.site.conftest import API, PACKAGE, PHONE, Reader, Site, anchor, open_search

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow(reason="builds sites and opens them in a browser")]
SOUGHT = pytest.mark.parametrize(
    ("query", "address", "name"),
    [
        ("min_disk_size", f"{API}Image/", f"{PACKAGE}.Image.min_disk_size"),
        ("GetLatestByFamily", f"{API}ImageService.GetLatestByFamily/", f"{PACKAGE}.ImageService.GetLatestByFamily"),
        ("KMSKey", f"{API}KMSKey/", f"{PACKAGE}.KMSKey"),
        ("PCI_TOPOLOGY_V2", f"{API}PCITopology/", f"{PACKAGE}.PCI_TOPOLOGY_V2"),
    ],
    ids=["field", "method", "message", "value"],
)


def follow(page: Page, links: str, address: str, name: str) -> None:
    """Follow the link among some to an element that is first on its page or has its anchor there; see the element."""
    wanted = re.compile(rf"{re.escape(address)}(\?[^#]*)?(#{re.escape(name)})?$")
    expect(page.locator(links).first).to_be_visible()
    addresses = page.locator(links).evaluate_all("(links) => links.map((link) => link.href)")
    found = [number for number, link in enumerate(addresses) if wanted.search(link)]
    assert found, addresses
    page.locator(links).nth(found[-1]).click()
    page.wait_for_url(wanted)
    expect(anchor(page, name)).to_be_in_viewport()


@SOUGHT
def test_search(reader: Reader, site: Site, query: str, address: str, name: str) -> None:
    """A field, a method, a message or a value is in the first three pages found, and the link leads to it."""
    page = reader.open(site)
    open_search(page)
    page.keyboard.type(query)
    follow(page, ".md-search-result__item:nth-child(-n+3) a.md-search-result__link", address, name)


@SOUGHT
def test_pagefind(reader: Reader, pagefind: Site, query: str, address: str, name: str) -> None:
    """In the search of large sites they are in the first three pages too, and named without ornaments."""
    page = reader.open(pagefind)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(query)
    expect(page.locator(".tk-search__results strong", has_text=re.compile(rf"(^|\.){query}$")).first).to_be_visible()
    expect(page.locator(".tk-search__results")).not_to_contain_text("¶")
    follow(page, ".tk-search__results li:nth-child(-n+3) a", address, name)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_pagefind_by_keyboard(reader: Reader, pagefind: Site) -> None:
    """The first answer takes ten files at most, Enter follows it to the field, and Escape gives the focus back."""
    page = reader.open(pagefind)
    button = page.get_by_role("button", name="Search")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    loaded: list[Request] = []
    page.on("request", lambda request: loaded.append(request))
    page.keyboard.insert_text("min_disk_size")  # at once: when typed slowly, what is there so far is searched for, too
    best = page.locator(".tk-search__results li:first-child .tk-search__best strong", has_text="min_disk_size")
    expect(best).to_be_visible()
    expect(page.locator(".tk-search__state")).to_have_text("Text on 4 pages")
    assert 0 < len(loaded) <= 10
    page.keyboard.press("ArrowDown")
    expect(page.locator(".tk-search__results a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"Image\w*/#yandex\.cloud\.compute\.v1\.\w*Image\w*\.min_disk_size$"))
    expect(page.locator(":target")).to_be_in_viewport()


def test_pagefind_finds_nothing(reader: Reader, pagefind: Site) -> None:
    """The dialog says when nothing is found, and closes with its button and at a click beside it."""
    page = reader.open(pagefind)
    dialog, button = page.get_by_role("dialog"), page.get_by_role("button", name="Search")
    button.click()
    page.keyboard.type("zyxwvut")
    expect(page.locator(".tk-search__state")).to_have_text("Nothing found")
    expect(page.locator(".tk-search__instead a").first).to_have_text("all types")
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    button.click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 500)
    expect(dialog).to_be_hidden()


def test_pagefind_for_everybody(reader: Reader, pagefind: Site, faults: Callable[[list[Page]], list[str]]) -> None:
    """The open dialog with answers has no serious violation of what axe knows, in both schemes, on a phone too."""
    pages = [
        reader.open(pagefind, dark=False),
        reader.open(pagefind, dark=True),
        reader.open(pagefind, size=PHONE, has_touch=True),
    ]
    for page in pages:
        page.get_by_role("button", name="Search").click()
        page.keyboard.type("min_disk_size")
        expect(page.locator(".tk-search__best").first).to_be_visible()
    assert pages[-1].evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert faults(pages) == []


CALL = f"{API}ImageService.Create/"
NAMED = pytest.mark.parametrize(
    ("query", "address"),
    [
        ("ImageService.Create", CALL),
        ("imageservice/create", CALL),
        (f"/{PACKAGE}.ImageService/Create", CALL),
        (f"{PACKAGE}.Image.min_disk_size", f"{API}Image/#{PACKAGE}.Image.min_disk_size"),
        ("create image", CALL),
        ("how do I make an image", CALL),
        ("imgae create", CALL),
        ("POST /compute/v1/images", CALL),
        ("PATCH https://compute.api.cloud.yandex.net/compute/v1/images/fd8a", f"{API}ImageService.Update/"),
        ("min_disk_size", f"{API}CreateImageRequest/#{PACKAGE}.CreateImageRequest.min_disk_size"),
        ("PCI_TOPOLOGY_V2", f"{API}PCITopology/#{PACKAGE}.PCI_TOPOLOGY_V2"),
    ],
)


@pytest.fixture(params=["site", "pagefind", "zensical"])
def every(request: pytest.FixtureRequest) -> Site:
    """The site with each search."""
    built = request.getfixturevalue(request.param)
    assert isinstance(built, Site)
    return built


@NAMED
def test_names(reader: Reader, site: Site, query: str, address: str) -> None:
    """A name, as a log or a person writes it, finds the element first, and Enter leads there."""
    page = reader.open(site)
    open_search(page)
    page.keyboard.insert_text(query)
    expect(page.locator(".tk-hit").first).to_have_attribute("href", site.root + address)


def test_names_everywhere(reader: Reader, every: Site) -> None:
    """Ctrl+K opens the search; a method comes before its request, with its kind and package, and Enter leads to it."""
    page = reader.open(every)
    page.wait_for_timeout(250)  # Material closes the search shortly after a page opens
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("ImageService/Create")
    hits = page.locator(".tk-hit")
    expect(hits.first).to_be_visible()
    expect(hits.first).to_have_text(re.compile(rf"ImageService\.Create\s*method\s*{re.escape(PACKAGE)}"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{re.escape(CALL)}$"))


def test_no_names(reader: Reader, every: Site) -> None:
    """Where nothing is found, there is something else to try."""
    page = reader.open(every)
    page.wait_for_timeout(250)
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("zyxwvut")
    page.get_by_role("link", name="all types").click()
    expect(page.locator("h1")).to_contain_text("All types")


def test_another_name(reader: Reader, every: Site) -> None:
    """Ctrl+K in the open search selects what is there, so that the next query replaces it."""
    page = reader.open(every)
    page.wait_for_timeout(250)
    for query, name in (("ImageService/List", "ImageService.List"), ("KMSKey", "KMSKey")):
        page.keyboard.press("Control+k")
        page.keyboard.insert_text(query)
        expect(page.locator(".tk-hit strong").first).to_have_text(name)
