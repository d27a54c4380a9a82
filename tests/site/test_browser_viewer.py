"""Pages with a viewer show OpenAPI documents from the site alone, under its policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.site.conftest import LOST, Reader, Site, serving
from tests.support.command import run
from tests.support.protos_of import proto3, write

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.slow(reason="runs MkDocs, Zensical and a browser"),
]
TREE = {
    "toolkit.toml": 'proto_path = ["protos"]\n[site]\nviewer = true\n[openapi]\nout = "site/openapi"\n',
    "protos/a.proto": proto3(
        "acme.v1",
        "// Lends things.\nservice Loans {\n"
        '  // Lends a thing.\n  rpc Lend(Loan) returns (Loan) { option (google.api.http) = { post: "/v1/loans" body: "*" }; }\n}\n'
        "message Loan {\n  // What is lent.\n  string thing = 1;\n}\n",
        "google/api/annotations.proto",
    ),
}
PAGE = "reference/acme.v1/open-api/"


@pytest.fixture(scope="module", params=["mkdocs", "zensical"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with viewer that each program builds."""
    folder = tmp_path_factory.mktemp(request.param)
    write(folder, TREE)
    for program, *arguments in (
        ("toolkit", "generate", "site"),
        ("toolkit", "generate", "openapi"),
        (request.param, "build", "--strict"),
        ("toolkit", "finish"),
    ):
        ran = run(*arguments, cwd=folder, program=program, env={"NO_MKDOCS_2_WARNING": "1"})
        assert ran.code == 0, ran.text + ran.errors
    with serving(folder / "build/site") as served:
        yield served


def test_viewer(reader: Reader, shown: Site) -> None:
    """From the page of a package, two clicks lead to an operation; nothing breaks the policy or comes from elsewhere."""
    page = reader.open(shown, "reference/acme.v1/")
    page.get_by_role("link", name="Read the OpenAPI document").click()
    operation = page.locator(".openapi-view .opblock")
    expect(operation).to_have_count(1)
    operation.locator("button").first.click()
    expect(operation).to_contain_text("Lends a thing.")
    expect(operation).to_contain_text('"thing":')
    expect(page.get_by_role("button", name="Try it out")).to_have_count(0)


def test_colors(reader: Reader, shown: Site) -> None:
    """The viewer follows the scheme of the page, and is as wide as a phone."""
    page = reader.open(shown, PAGE, size=(360, 740), dark=True)
    expect(page.locator(".openapi-view .opblock")).to_have_count(1)
    path = page.locator(".opblock-summary-path").first
    dark = path.evaluate("element => getComputedStyle(element).color")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("[data-md-component=palette] label:visible").click()
    expect(path).not_to_have_css("color", dark)


def test_without_viewer(reader: Reader, shown: Site) -> None:
    """Without its files, the page still links the document, and says why in the console."""
    page = reader.open(shown, missing="**/swagger-ui-bundle.js")
    with page.expect_console_message(lambda message: "The document is only linked" in message.text):
        page.goto(shown.root + PAGE)
    expect(page.locator(".openapi-view")).to_have_count(0)
    page.locator(".openapi a").click()
    expect(page.locator("body")).to_contain_text("Loans_Lend")
    assert [word for word in reader.noise if "swagger-ui-bundle" not in word] == [LOST]
    reader.noise.clear()


def test_not_elsewhere(reader: Reader, shown: Site) -> None:
    """Other pages do not load the viewer."""
    page = reader.open(shown, "reference/acme.v1/")
    assert page.locator("script[src*='viewer'], script[src*='swagger']").count() == 0
