"""Pages of a site that is too large for a navigation with all types, as MkDocs and Zensical build it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.conftest import PHONE, Reader, Site, serving
from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.targets.site.navigation import MOST_TYPES

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow(reason="builds sites and opens them in a browser")]
DISK = "reference/acme.disk.v1/"
TREE = {
    "toolkit.toml": 'proto_path = ["protos"]\n[site]\n',
    "protos/disk.proto": proto3(
        "acme.disk.v1",
        """
        service Disks {
          rpc Get(GetRequest) returns (Disk);
          rpc Drop(GetRequest) returns (Disk) { option deprecated = true; }
        }
        service Plans { rpc Find(GetRequest) returns (Disk); }
        message GetRequest { string id = 1; }
        message Disk { string name = 1; }
        """
        + "".join(f"message Part{number} {{ int32 size = 1; }}\n" for number in range(MOST_TYPES)),
    ),
    "protos/old.proto": proto3(
        "acme.old.v1",
        "message Thing { Kind kind = 1; } enum Kind { option deprecated = true; KIND_UNSPECIFIED = 0; }",
    ),
}


@pytest.fixture(scope="module", params=["mkdocs", "zensical", "flat"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as each of the two programs builds it, and with addresses that end in .html."""
    folder = write(tmp_path_factory.mktemp(request.param), TREE)
    ran = run("generate", cwd=folder)
    assert ran.code == 0, ran.errors
    if request.param == "flat":
        with Path(folder, "mkdocs.yml").open("a") as config:
            config.write("\nuse_directory_urls: false\n")
    program = "zensical" if request.param == "zensical" else "mkdocs"
    ran = run("build", "--strict", cwd=folder, program=program, env={"NO_MKDOCS_2_WARNING": "1"})
    assert ran.code == 0, ran.text + ran.errors
    with ExitStack() as stack:
        yield stack.enter_context(serving(folder / "build/site"))


def address(site: Site, name: str) -> str:
    """Where a page of the package is."""
    flat = f"{DISK}{name}.html"
    return flat if (site.folder / flat).is_file() else f"{DISK}{name}/"


def sidebar(page: Page) -> Locator:
    """What the navigation shows of a package that has more types than it lists."""
    return page.get_by_role("navigation", name="Package")


def test_package_of_a_type(reader: Reader, large: Site, faults: Callable[[list[Page]], list[str]]) -> None:
    """Next to a type are its package's services, with the type as the current place, below the tab of the reference."""
    page = reader.open(large, address(large, "Part7"))
    expect(sidebar(page).get_by_role("link")).to_have_text(["disk.v1", "Disks", "Plans", "Types", "Part7"])
    expect(sidebar(page).locator("[aria-current=page]")).to_have_text("Part7")
    tab = page.locator(".md-tabs__item", has_text="API reference")
    expect(tab).to_have_css("border-bottom-style", "solid")
    expect(page.locator(".md-tabs__item", has_text="Home")).to_have_css("border-bottom-style", "none")
    assert faults([page]) == []
    sidebar(page).get_by_role("link", name="Types").click()
    expect(page.locator("h2#types")).to_be_in_viewport()
    expect(sidebar(page)).to_have_count(0)


def test_services_of_a_type(reader: Reader, large: Site) -> None:
    """From a type, a service of its package is one action away."""
    page = reader.open(large, address(large, "GetRequest"))
    sidebar(page).get_by_role("link", name="Disks").click()
    expect(page.locator("h1")).to_contain_text("Disks")


def test_listed_types(reader: Reader, large: Site) -> None:
    """A type that the navigation lists has no second one, and phones have what is in the menu."""
    listed = address(large, "Part7").replace("acme.disk.v1/Part7", "acme.old.v1/Thing")
    page = reader.open(large, listed)
    expect(sidebar(page)).to_have_count(0)
    expect(page.locator(".md-sidebar--primary .md-nav__link--active:visible")).to_have_text("Thing")
    expect(sidebar(reader.open(large, address(large, "Part7"), size=PHONE))).to_be_hidden()


def test_deprecated(reader: Reader, large: Site) -> None:
    """What is deprecated is struck out, in the navigation and in lists, and nothing else is."""
    page = reader.open(large, address(large, "Disks"))
    for place in (".md-sidebar--primary a:visible .md-ellipsis", "td > a"):
        for name, line in (("Drop", "line-through"), ("Get", "none")):
            link = page.locator(place).get_by_text(name, exact=True)
            expected = "underline" if line == "none" and place == "td > a" else line
            expect(link).to_have_css("text-decoration-line", expected)
    listed = address(large, "Disks").replace("acme.disk.v1/Disks", "acme.old.v1/Thing")
    page = reader.open(large, listed)
    kind = page.locator(".md-sidebar--primary a:visible .md-ellipsis").get_by_text("Kind", exact=True)
    expect(kind).to_have_css("text-decoration-line", "line-through")
