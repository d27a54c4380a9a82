"""The page about branding is followed on the site of the quick start, and readers see what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.docs.test_commands import follow
from tests.site.conftest import Reader, Site, serving

pytestmark = pytest.mark.xdist_group("branding")
STATS = "https://stats.acme.example/**"
HEADER, LINK = ".md-header", ".md-content a[href*='reference/index'], .md-content a[href$='reference/']"


@pytest.fixture(scope="module")
def branded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the quick start, after following the page."""
    folder = tmp_path_factory.mktemp("branding")
    follow("quick-start.md", folder)
    (folder / "site/assets/fonts").mkdir(parents=True)
    (folder / "site/assets/fonts/acme-sans.woff2").write_bytes(b"not a font")
    assert follow("guide/branding.md", folder) == 1
    with serving(folder / "build/site") as served:
        yield served


def style(page: Page, selector: str, name: str) -> str:
    """A computed style of the first element."""
    script = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    found: str = page.evaluate(script, [selector, name])
    return found


@pytest.mark.slow(reason="runs MkDocs and a browser")
@pytest.mark.parametrize(("dark", "link"), [(False, "rgb(138, 61, 18)"), (True, "rgb(240, 163, 94)")])
def test_colors(
    dark: bool, link: str, branded: Site, reader: Reader, faults: Callable[[list[Page]], list[str]]
) -> None:
    """Logo, colors and font are those of the page, in both modes and with enough contrast; one request leaves the site."""
    page = reader.open(branded, dark=dark)
    page.context.route(STATS, lambda route: route.fulfill(status=204))
    page.reload()
    assert style(page, HEADER, "backgroundColor") == "rgb(11, 61, 46)"
    assert style(page, LINK, "color") == link
    assert "Acme Sans" in style(page, "body", "fontFamily")
    assert page.locator(".md-header .md-logo img").get_attribute("src") == "assets/logo.svg"
    assert faults([page]) == []
    noise = [line for line in reader.noise if "stats.acme.example" in line]
    assert any(line.startswith("elsewhere: https://stats.acme.example/visit") for line in noise)
    assert not [line for line in reader.noise if "forbids" in line]
    no_font = ("OTS parsing error", "Failed to decode downloaded font", "ERR_NAME_NOT_RESOLVED")  # nor such a host
    reader.noise[:] = [line for line in reader.noise if line not in noise and not any(word in line for word in no_font)]
