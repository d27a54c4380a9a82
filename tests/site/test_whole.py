"""The site of a large API, a part of it and all of it: it builds without a warning, stays small, and is searched at once."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.site.conftest import Reader, Site, serving
from tests.support.command import run
from tests.support.published import CLOUDAPI, import_roots

pytestmark = pytest.mark.xdist_group("whole")
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where the pages go: there is a gigabyte of them."""
QUERIES = {
    "min_disk_size": ".min_disk_size",
    "GetLatestByFamily": "ImageService.GetLatestByFamily",
    "KMSKey": "/KMSKey/",
    "PCI_TOPOLOGY_V2": "#yandex.cloud.compute.v1.PCI_TOPOLOGY_V2",
}
"""A field, a method, a message and a value, each with a part of the address that it leads to."""


@dataclass(frozen=True)
class Extent:
    """How much of the tree a site describes, and what it has at least."""

    packages: tuple[str, ...]
    """The packages that are named; all where none is."""
    pages: int
    methods: int


PART = Extent(("yandex.cloud.compute.v1", "yandex.cloud.mdb.mongodb.v1"), 1_000, 150)
WHOLE = pytest.param(
    Extent((), 11_000, 2_000), id="whole", marks=pytest.mark.soak(reason="builds a site of 11,000 pages")
)


@dataclass(frozen=True)
class Large:
    """A large site that is served."""

    extent: Extent
    site: Site


@pytest.fixture(
    scope="module",
    params=[pytest.param(PART, id="part", marks=pytest.mark.slow(reason="builds a site of 1,000 pages")), WHOLE],
)
def large(request: pytest.FixtureRequest) -> Iterator[Large]:
    """A site of the newest tree: generated, built strictly, finished and served."""
    trees = sorted(path for path in CLOUDAPI.glob("*") if path.is_dir()) if CLOUDAPI.is_dir() else []
    if not trees:
        pytest.skip(f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
    extent: Extent = request.param
    folder = Path(tempfile.mkdtemp(prefix="toolkit-site-", dir=MEMORY))
    try:
        roots = [argument for root in import_roots(trees[-1]) for argument in ("--proto-path", str(root))]
        made = run("generate", "site", *extent.packages, "--quiet", *roots, "--out", str(folder), cwd=folder)
        assert made.code == 0, made.errors
        built = run("build", "--strict", cwd=folder, program="mkdocs", env={"NO_MKDOCS_2_WARNING": "1"}, patience=1200)
        assert built.code == 0, built.errors[-2000:]
        assert "WARNING" not in built.errors
        finished = run("finish", "--config", str(_settings(folder)), cwd=folder, patience=300)
        assert finished.code == 0, finished.errors
        with serving(folder / "build/site") as site:
            yield Large(extent, site)
    finally:
        shutil.rmtree(folder)


def _settings(folder: Path) -> Path:
    path = folder / "toolkit.toml"
    path.write_text('[site]\nout = "."\n')
    return path


def test_pages_are_small(large: Large) -> None:
    """There is a page for each element, and that of no method has more than 400 KB, though some would have megabytes."""
    pages = (large.site.folder / "reference").rglob("*Service.*/index.html")
    sizes = {path: path.stat().st_size for path in pages}
    assert len(sizes) > large.extent.methods
    assert len(large.site.pages) > large.extent.pages
    largest = max(sizes, key=lambda path: sizes[path])
    assert sizes[largest] <= 400_000, f"{largest}: {sizes[largest]}"


def ask(page: Page, query: str) -> tuple[list[str], list[Request], float]:
    """Ask the search of a page: the addresses it answers with, what was loaded for the first, and after how long."""
    loaded: list[Request] = []
    page.get_by_role("button", name="Search").click()
    page.on("request", lambda request: loaded.append(request))
    begun = time.monotonic()
    page.get_by_role("searchbox").fill(query)
    answers = page.locator(".tk-search__results a")
    expect(answers.first).to_be_visible()
    waited, first = time.monotonic() - begun, [*loaded]
    return answers.evaluate_all("links => links.map(link => link.href)"), first, waited


@pytest.mark.parametrize("query", QUERIES)
def test_answers(large: Large, reader: Reader, query: str) -> None:
    """The search leads to the right place, and loads a few files for it in a browser that has none."""
    addresses, loaded, _ = ask(reader.open(large.site), query)
    assert any(QUERIES[query] in address for address in addresses), addresses
    assert len(loaded) <= 20


@pytest.mark.parametrize("large", [WHOLE], indirect=True)
def test_first_answer(large: Large, reader: Reader) -> None:
    """The first answer is there within 1.5 s, in one of three browsers that have nothing yet."""
    for query in QUERIES:  # what else the machine does slows down some of them
        assert min(ask(reader.open(large.site), query)[2] for _ in range(3)) <= 1.5, query
