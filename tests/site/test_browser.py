"""What a reader does on the site, in a real Chromium: links, tabs, copying, colours, keyboard, phone, paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.conftest import (
    API,
    CREATE,
    DESKTOP,
    LOST,
    PACKAGE,
    PAGES,
    PHONE,
    UPDATE,
    Reader,
    Site,
    anchor,
    open_search,
)
from toolkit.cli import answers
from toolkit.targets.workspace import Workspace

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow(reason="builds sites and opens them in a browser")]
LIGHT = """const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
    const [less, more] = [light(one), light(other)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
};
const behind = (element) => {
    const paint = getComputedStyle(element).backgroundColor;
    return /, 0\\)$/.test(paint) ? behind(element.parentElement) : paint;
};"""
STOP = f"""() => {{
    {LIGHT}
    const focused = document.activeElement;
    const zero = focused.getBoundingClientRect().width === 0;
    const shown = !zero ? focused : focused.closest(".tabbed-set")?.querySelector(".tabbed-labels")
        ?? focused.nextElementSibling;
    const {{ outlineStyle, outlineWidth, outlineColor, outlineOffset }} = getComputedStyle(shown);
    const box = shown.getBoundingClientRect();
    const around = [box.left - parseFloat(outlineOffset) - 1, (box.top + box.bottom) / 2];
    const paper = behind(document.elementFromPoint(...around) ?? document.body);
    const words = focused.getAttribute("aria-label") || focused.title || focused.textContent || focused.id;
    return {{
        kind: `${{focused.localName}}.${{[...focused.classList].find((name) => name !== "focus-visible") ?? ""}}`,
        words: words.trim(),
        ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && contrast(outlineColor, paper) >= 3,
        seen: box.width > 0,
    }};
}}"""
INK = f"""(element) => {{
    {LIGHT}
    const [ink, paper] = [getComputedStyle(element).color, getComputedStyle(document.body).backgroundColor];
    return [light(paper) > light(ink) ? "light" : "dark", contrast(ink, paper)];
}}"""
WIDE = """(cells) => cells.filter((cell) => {
    const words = document.createRange();
    words.selectNodeContents(cell);
    const boxes = [cell.getBoundingClientRect(), words.getBoundingClientRect()];
    return boxes.some((box) => box.left < 0 || box.right > innerWidth);
}).map((cell) => cell.textContent)"""
CUT = """(blocks) => blocks.filter(
    (one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1
).map((one) => one.textContent)"""


def tab(page: Page, label: str) -> Locator:
    """The tab of a method's request with that label."""
    return page.locator(".calls .tabbed-set").first.locator("label", has_text=re.compile(f"^{label}$"))


def shown_tab(page: Page) -> Locator:
    """What the chosen tab of a method's request shows."""
    return page.locator(".calls .tabbed-set").first.locator(".tabbed-block:visible")


def test_link_into_a_closed_message(reader: Reader, either: Site) -> None:
    """The address of a field opens the nested message that holds it, on a page that is loaded and on one that is there."""
    page = reader.open(either, f"{CREATE}#{PACKAGE}.Os.type")
    nested = page.locator("details.nested", has=anchor(page, f"{PACKAGE}.Os.type"))
    expect(nested).to_have_attribute("open", "")
    expect(anchor(page, f"{PACKAGE}.Os.type")).to_be_in_viewport()
    page.goto(either.root + CREATE)
    expect(nested).not_to_have_attribute("open", "")
    expect(anchor(page, f"{PACKAGE}.Os.type")).to_be_hidden()
    page.evaluate("(name) => { location.hash = name }", f"{PACKAGE}.Os.type")
    expect(anchor(page, f"{PACKAGE}.Os.type")).to_be_in_viewport()


def test_tabs_are_kept(reader: Reader, either: Site) -> None:
    """Who chooses Python or curl on one method's page sees it on another's."""
    page = reader.open(either, CREATE)
    expect(shown_tab(page)).to_contain_text('"folderId"')
    for label, words, others in [("Python", "import ", "UpdateImageRequest("), ("curl", "--request POST", "PATCH")]:
        page.goto(either.root + CREATE)
        tab(page, label).click()
        expect(shown_tab(page)).to_contain_text(words)
        page.goto(either.root + UPDATE)
        expect(shown_tab(page)).to_contain_text(others)


def test_copy(reader: Reader, site: Site, workspace: Workspace) -> None:
    """The copy button of the example gives JSON that parses as the request and violates none of its constraints."""
    page = reader.open(site, CREATE, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('')")
    shown_tab(page).locator("button[data-md-type=copy]").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()) !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '"folderId"' in copied
    assert answers.violations(workspace, f"{PACKAGE}.CreateImageRequest", copied.encode(), "clipboard") == ([], [])


def test_dark_mode(reader: Reader, either: Site) -> None:
    """The switch turns the colours around, a diagram is drawn anew in them, and a reload keeps them."""
    page = reader.open(either, API)
    figure = page.locator("figure.diagram > svg")
    figure.scroll_into_view_if_needed()
    expect(figure).to_be_visible()
    drawn = figure.get_attribute("id")
    title = page.locator(".md-typeset h1")
    scheme, contrast = title.evaluate(INK)
    assert (scheme, contrast > 7) == ("light", True)
    page.locator("label[title='Switch to dark mode']:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    expect(figure).not_to_have_id(drawn or "")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    figure.scroll_into_view_if_needed()
    for words in title, figure.locator(".nodeLabel, text").first:
        scheme, contrast = words.evaluate(INK)
        assert (scheme, contrast > 7) == ("dark", True)


def test_keyboard_reaches_everything(reader: Reader, site: Site) -> None:
    """Tab goes from the skip link over header, search and navigation into the page, and each stop shows that it is one."""
    page = reader.open(site, CREATE)
    stops = []
    while not stops or (stops[-1]["kind"] != "button.md-code__button" and len(stops) < 200):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
    assert [stop for stop in stops if not (stop["ring"] and stop["seen"])] == []
    kinds = [stop["kind"] for stop in stops]
    order = ["a.md-skip", "a.md-header__button", "input.md-option", "input.md-search__input", "a.md-tabs__link"]
    order += ["a.md-nav__link", "summary.", "button.tk-copy", "input.", "button.md-code__button"]
    locations = [kinds.index(kind) for kind in order]
    assert locations == sorted(locations)
    words = [stop["words"] for stop in stops]
    assert words[0] == "Skip to content"
    assert {"API reference", "Quick start", "GetLatestByFamily", "Update", "All types"} < set(words)
    assert "Os: 1 field" in words


def test_keyboard_works_things(reader: Reader, site: Site) -> None:
    """Enter follows the skip link and opens a nested message, arrows change tabs, and the search opens and closes."""
    page = reader.open(site, CREATE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(anchor(page, f"{PACKAGE}.ImageService.Create")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.md-content') !== null")
    page.locator(".calls input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".calls input").nth(1)).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(shown_tab(page)).to_contain_text("//")
    page.keyboard.press("ArrowLeft")
    expect(shown_tab(page)).not_to_contain_text("//")
    summary = page.locator("details.nested > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.nested").first).to_have_attribute("open", "")
    open_search(page)
    page.keyboard.press("Escape")
    expect(page.locator(".md-search__input")).not_to_be_focused()


def test_phone(reader: Reader, either: Site) -> None:
    """On a phone no page is wider than the screen, and neither is a cell of a table, its words included."""
    page = reader.open(either, size=PHONE, has_touch=True)
    for path in *PAGES.values(), "quick-start/", "reference/", "reference/types/", "guide/templates/":
        page.goto(either.root + path)
        for figure in page.locator("figure.diagram").all():
            figure.scroll_into_view_if_needed()
            expect(figure.locator("svg")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
        assert page.locator("td, th").evaluate_all(WIDE) == [], path


def test_phone_menu(reader: Reader, either: Site) -> None:
    """On a phone the menu is closed, opens at a touch, and leads to the neighbours of the page."""
    page = reader.open(either, CREATE, size=PHONE, has_touch=True)
    update = page.locator(".md-sidebar--primary a", has_text=re.compile(r"^\s*Update\s*$"))
    expect(update).not_to_be_in_viewport()
    page.locator("label.md-header__button[for=__drawer]").tap()
    expect(update).to_be_in_viewport()
    update.tap()
    page.wait_for_url(re.compile(UPDATE))
    expect(page.locator("h1")).to_contain_text("Update")


def test_diagram(reader: Reader, either: Site) -> None:
    """The package page draws the classes, in letters that can be read on a phone too."""
    for size in DESKTOP, PHONE:
        page = reader.open(either, API, size=size)
        figure = page.locator("figure.diagram")
        figure.scroll_into_view_if_needed()
        drawing = figure.locator("svg")
        for name in "Image", "Os", "HardwareGeneration", "KMSKey", "PCITopology pci_topology":
            expect(drawing).to_contain_text(name)
        expect(drawing).to_have_attribute("aria-label", "Diagram: How the types fit together")
        heights = drawing.locator(".label text, .nodeLabel").evaluate_all(
            "(labels) => labels.map((one) => one.getBoundingClientRect().height).filter((height) => height)"
        )
        assert min(heights) >= 9


def test_diagram_without_its_script(reader: Reader, site: Site) -> None:
    """Where the script for diagrams is missing, the page says so in the console and shows the diagram's text."""
    page = reader.open(site, missing="**/mermaid.min.js")
    figure = page.locator("figure.diagram")
    with page.expect_console_message(lambda message: "A diagram stays as text" in message.text):
        page.goto(site.root + API)
        figure.scroll_into_view_if_needed()
    expect(figure.locator("pre")).to_be_visible()
    expect(figure).to_contain_text("classDiagram")
    expect(figure).to_contain_text("KMSKey")
    assert [word for word in reader.noise if "mermaid.min.js" not in word] == [LOST]
    reader.noise.clear()


def test_paper(reader: Reader, site: Site) -> None:
    """On paper everything is there: nested messages are open, every tab is shown, and no code is cut."""
    page = reader.open(site, CREATE)
    assert page.locator("details.nested:not([open])").count() >= 4
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator("details.nested:not([open])")).to_have_count(0)
    expect(anchor(page, f"{PACKAGE}.Os.type")).to_be_visible()
    code = page.locator(".md-content pre > code")
    assert code.evaluate_all(CUT) == []
    assert all(block.is_visible() for block in code.all())
