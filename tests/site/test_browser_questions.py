"""What a newcomer asks, answered: from the landing page by what can be seen and clicked, and held against the protos."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY
from tests.site.conftest import API, PACKAGE, Reader, Site, anchor, open_search
from toolkit.cli import answers
from toolkit.targets.workspace import Workspace

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow(reason="builds sites and opens them in a browser")]


def source(file: str, element: str) -> str:
    """The text of a message or enum in the protos, to its closing brace."""
    text = (REPOSITORY / f"protos/yandex/cloud/compute/v1/{file}.proto").read_text("utf-8")
    found = re.search(rf"^( *){element} {{\n(.*?)^\1}}", text, re.DOTALL | re.MULTILINE)
    assert found
    return found[2]


def click_through(page: Page, *names: str) -> None:
    """Follow links of the page itself, one after the other, by their words."""
    for name in names:
        page.locator(".md-content").get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator("h1")).to_contain_text(name.rpartition(".")[2])


def test_which_fields_are_required(reader: Reader, site: Site) -> None:
    """Which fields of Update must be set? Those that carry the option in the protos: the ID, and no other."""
    options = re.findall(
        r"^  (?:\S+ )+(\w+) = \d+(?: \[([^;]*)\])?;",
        source("image_service", "message UpdateImageRequest"),
        re.MULTILINE,
    )
    assert len(options) == 6
    required = [name for name, demands in options if "(required) = true" in demands]
    assert required == ["image_id"]
    page = reader.open(site)
    click_through(page, "API reference", "ImageService", "Update")
    request = page.locator(".sides#request").inner_text()
    facts = re.findall(r"^(\w+)¶?\n+(.* · number \d+.*)$", request, re.MULTILINE)
    assert [name for name, _ in facts] == [name for name, _ in options]
    assert [name for name, said in facts if "required" in said] == required


def test_which_values_there_are(reader: Reader, site: Site) -> None:
    """Which values can `status` have? All that the enum declares, with their numbers and what they mean."""
    declared = re.findall(r"// (.*)\n +(\w+) = (\d+);", source("image", "enum Status"))
    assert len(declared) == 5
    page = reader.open(site)
    open_search(page)
    page.keyboard.type("status")
    page.locator(f"a.md-search-result__link[href*='{API}Image/'][href$='#{PACKAGE}.Image.status']").click()
    heading = anchor(page, f"{PACKAGE}.Image.status")
    expect(heading).to_be_in_viewport()
    values = heading.locator("xpath=following-sibling::ul[1]/li").all_inner_texts()
    said = [re.fullmatch(r"(\w+) = (\d+): (.*)", value) for value in values]
    assert [(one[1], one[2]) for one in said if one] == [(name, number) for _, name, number in declared]
    assert all(words.startswith(one[3]) for one, (words, _, _) in zip(said, declared, strict=True) if one)


def test_how_to_wait(reader: Reader, site: Site) -> None:
    """How does one wait for what Create makes? A section says so, a diagram shows it, and the result is a link away."""
    page = reader.open(site)
    click_through(page, "API reference", "ImageService", "Create")
    section = page.get_by_role("heading", name="Wait for the result")
    section.scroll_into_view_if_needed()
    says = section.locator("xpath=following-sibling::p[1]")
    expect(says).to_contain_text("until done is true")
    diagram = page.get_by_role("img", name="Diagram: Wait for the result")
    for words in "Create(CreateImageRequest)", "Operation, not done", "until done", "Image or error":
        expect(diagram).to_contain_text(words)
    says.get_by_role("link", name="Image", exact=True).click()
    expect(anchor(page, f"{PACKAGE}.Image")).to_be_in_viewport()


def test_what_a_request_looks_like(reader: Reader, site: Site, workspace: Workspace) -> None:
    """What does a request to Create look like? The first that one sees parses and keeps to every constraint."""
    page = reader.open(site)
    click_through(page, "API reference", "Compute Cloud API", "ImageService", "Create")
    example = page.locator(".calls pre:visible").first.inner_text()
    assert '"folderId"' in example
    assert answers.violations(workspace, f"{PACKAGE}.CreateImageRequest", example.encode(), "page") == ([], [])


def test_which_token(reader: Reader, site: Site) -> None:
    """Which token does a call need? The header is on a page that each method leads to, and in the code beside it."""
    page = reader.open(site)
    click_through(page, "API reference", "ImageService", "Get", "Authentication")
    expect(page.locator(".md-content table").first).to_contain_text("Bearer $IAM_TOKEN")


def test_which_errors(reader: Reader, site: Site) -> None:
    """What can go wrong, and which status does it have? A page has all codes; the one about tokens is among them."""
    page = reader.open(site)
    click_through(page, "API reference", "ImageService", "Get", "Errors")
    row = page.locator("tr", has_text="UNAUTHENTICATED")
    assert row.locator("td").all_inner_texts()[:3] == ["UNAUTHENTICATED", "16", "401"]


def test_which_rest_call(reader: Reader, site: Site) -> None:
    """How is Update called over HTTP? With its host, and the place of each field."""
    page = reader.open(site)
    click_through(page, "API reference", "ImageService", "Update")
    page.get_by_role("link", name="REST", exact=True).first.click()
    expect(page.locator("#rest")).to_be_in_viewport()
    expect(page.locator(".request").first).to_contain_text(
        re.compile(r"PATCH\s+https://compute.api.cloud.yandex.net/compute/v1/images/{image_id}")
    )
    table = page.locator("#rest ~ .md-typeset__scrollwrap table, #rest ~ table").first
    assert table.locator("td").all_inner_texts()[:2] == ["image_id", "path"]


def test_since_when(reader: Reader, history: Site) -> None:
    """Since when is there a method? Its page says so, and leads to what else that revision changed."""
    page = reader.open(history, "reference/")
    click_through(page, "Things", "Drop")
    page.locator(".declared").get_by_role("link", name="2.0").click()
    expect(page.locator("h1")).to_contain_text("2.0")
    expect(page.locator(".md-content")).to_contain_text("New method Drop.")
    page = reader.open(history, "reference/acme.v1/Thing/")
    expect(page.locator(".facts", has_text="number 2")).to_contain_text("since 2.0")


def test_where_it_is_declared(reader: Reader, history: Site) -> None:
    """Where is a method declared? A link leads to the line."""
    page = reader.open(history, "reference/")
    click_through(page, "Things", "Get")
    link = page.locator(".declared").get_by_role("link", name="acme/a.proto:")
    number = link.inner_text().rpartition(":")[2]
    expect(link).to_have_attribute("href", f"https://code.acme.example/blob/v2/protos/acme/a.proto#L{number}")


def test_the_same_method_one_version_ago(reader: Reader, site: Site) -> None:
    """What did the method look like in another version? The switcher stays on the page, there and back."""
    page = reader.open(site)
    click_through(page, "API reference", "ImageService", "Create")
    here = page.url
    for version, part in (("2026-06-29", "versions/2026-06-29/"), ("2025-03-25", "reference/")):
        page.locator("details.versions summary").click()
        page.locator("details.versions").get_by_role("link", name=version, exact=True).click()
        expect(page.locator("details.versions summary")).to_have_text(f"Version {version}")
        assert page.url == here.replace("reference/", part)
        expect(page.locator("h1")).to_contain_text("Create")
