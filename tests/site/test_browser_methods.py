"""Method pages in Chromium: code beside the fields, the filter, and buttons that copy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.site.conftest import CREATE, PACKAGE, PHONE, UPDATE, Reader, Site, anchor
from tests.site.test_browser import shown_tab, tab

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow(reason="builds sites and opens them in a browser")]
REQUEST = f"{PACKAGE}.CreateImageRequest"


def test_code_stays_in_view(reader: Reader, either: Site) -> None:
    """On a wide screen, the code is to the right of the fields and stays there; on a phone, it follows the request."""
    page = reader.open(either, CREATE, size=(1440, 900))
    field = anchor(page, f"{REQUEST}.product_ids")
    field.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    expect(shown_tab(page)).to_be_in_viewport()
    fields, code = field.bounding_box(), page.locator(".calls").bounding_box()
    assert fields
    assert code
    assert code["x"] >= fields["x"] + fields["width"]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    tops = [page.locator(name).evaluate("(one) => one.offsetTop") for name in ("#request", ".calls", "#response")]
    assert tops == sorted(tops)


def test_filter(reader: Reader, either: Site) -> None:
    """The filter shows the fields with a word and opens messages with one; `Required only` shows those that are required."""
    page = reader.open(either, CREATE)
    request = page.locator("#request")
    request.get_by_label("Filter fields").fill("TYPE system")
    expect(anchor(page, f"{PACKAGE}.Os.type")).to_be_visible()
    expect(anchor(page, f"{REQUEST}.product_ids")).to_be_hidden()
    request.get_by_label("Filter fields").fill("nonsense")
    expect(request.get_by_role("status")).to_have_text("No field matches")
    request.get_by_label("Filter fields").fill("")
    request.get_by_label("Required only").check()
    names = [name.rstrip("¶") for name in request.locator(".field:visible").all_inner_texts()]
    assert names == ["folder_id"]
    page.evaluate("(name) => { location.hash = name }", f"{PACKAGE}.Os.type")
    expect(anchor(page, f"{PACKAGE}.Os.type")).to_be_visible()
    request.get_by_role("button", name="Expand all").click()
    expect(request.locator("details:not([open])")).to_have_count(0)


def test_panels_do_not_leak(reader: Reader, either: Site) -> None:
    """The choice of a panel affects no other panels: neither those of the response nor those of another page."""
    page = reader.open(either, CREATE)
    tab(page, "Schema").click()
    expect(shown_tab(page)).to_contain_text("// ")
    expect(page.locator(".calls .tabbed-set").nth(1).locator("input").first).to_be_checked()
    page.goto(either.root + UPDATE)
    expect(page.locator(".calls input").first).to_be_checked()


def test_copies(reader: Reader, site: Site) -> None:
    """Buttons copy the name by which gRPC calls a method, and the Markdown of the page; a button covers no code."""
    page = reader.open(site, CREATE, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".full-name button").click()
    expect(page.locator(".full-name button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{PACKAGE}.ImageService/Create"
    button = page.get_by_role("button", name=re.compile("Copy page|Copied")).first
    page.get_by_role("button", name="Copy page").click()
    expect(page.locator(".tk-page button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("# Create")
    assert button.is_visible()
    code, copy = shown_tab(page).locator("code").bounding_box(), shown_tab(page).locator("nav").bounding_box()
    assert code
    assert copy
    assert code["x"] + code["width"] <= copy["x"] + 1
