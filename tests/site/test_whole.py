"""The site of a large API, all of it: 11,000 pages build without a warning, stay small, and are found at once."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.site.conftest import Reader, Site, serving
from tests.support.command import run
from tests.support.published import CLOUDAPI, import_roots

pytestmark = [pytest.mark.xdist_group("whole"), pytest.mark.soak(reason="builds a site of 11,000 pages")]
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where the pages go: there is a gigabyte of them."""
QUERIES = {
    "min_disk_size": ".min_disk_size",
    "GetLatestByFamily": "ImageService.GetLatestByFamily",
    "KMSKey": "/KMSKey/",
    "PCI_TOPOLOGY_V2": "#yandex.cloud.compute.v1.PCI_TOPOLOGY_V2",
}
"""A field, a method, a message and a value, each with a part of the address that it leads to."""


@pytest.fixture(scope="module")
def whole() -> Iterator[Site]:
    """The site of the newest tree: generated, built strictly, finished and served."""
    trees = sorted(path for path in CLOUDAPI.glob("*") if path.is_dir()) if CLOUDAPI.is_dir() else []
    if not trees:
        pytest.skip(f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
    folder = Path(tempfile.mkdtemp(prefix="toolkit-site-", dir=MEMORY))
    try:
        roots = [argument for root in import_roots(trees[-1]) for argument in ("--proto-path", str(root))]
        made = run("generate", "site", "--quiet", *roots, "--out", str(folder), cwd=folder)
        assert made.code == 0, made.errors
        built = run("build", "--strict", cwd=folder, program="mkdocs", env={"NO_MKDOCS_2_WARNING": "1"}, patience=1200)
        assert built.code == 0, built.errors[-2000:]
        assert "WARNING" not in built.errors
        finished = run("finish", "--config", str(_settings(folder)), cwd=folder, patience=300)
        assert finished.code == 0, finished.errors
        with serving(folder / "build/site") as site:
            yield site
    finally:
        shutil.rmtree(folder)


def _settings(folder: Path) -> Path:
    path = folder / "toolkit.toml"
    path.write_text('[site]\nout = "."\n')
    return path


def test_pages_are_small(whole: Site) -> None:
    """There is a page for each element, and that of no method has more than 400 KB, though some would have megabytes."""
    sizes = {path: path.stat().st_size for path in (whole.folder / "reference").rglob("*Service.*/index.html")}
    assert len(sizes) > 2_000
    assert len(whole.pages) > 11_000
    largest = max(sizes, key=lambda path: sizes[path])
    assert sizes[largest] <= 400_000, f"{largest}: {sizes[largest]}"


def test_first_answer(whole: Site, reader: Reader) -> None:
    """In a browser that has nothing yet, the search answers within 1.5 s, and leads to the right place."""
    for query, address in QUERIES.items():
        waits = []
        for _ in range(3):  # what else the machine does is not the site's to answer for
            page = reader.open(whole)
            page.get_by_role("button", name="Search").click()
            begun = time.monotonic()
            page.get_by_role("searchbox").fill(query)
            answer = page.locator(".tk-search__results a").first
            expect(answer).to_be_visible()
            waits.append(time.monotonic() - begun)
            if waits[-1] <= 1.5:
                break
        assert min(waits) <= 1.5, query
        addresses = page.locator(".tk-search__results a").evaluate_all("links => links.map(link => link.href)")
        assert any(address in found for found in addresses), (query, addresses)
