"""The published reference, byte for byte."""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path

import pytest

from tests.support.published import ABSENT, CLOUDAPI, LISTED, PUBLISHED, Entry, entries, render

pytestmark = pytest.mark.slow(reason="compiles whole trees")
MANIFEST = Path(__file__).with_name("published.json")
PAGES = [(folder, entry) for folder in PUBLISHED for entry in entries(folder / "pages.json")]


def _cases(cases: list[tuple[Path, Entry]], absent: str) -> list[object]:
    """A case for each page; each tree is loaded by one worker only."""
    if not (cases and CLOUDAPI.is_dir()):
        return [pytest.param(Path(), {}, marks=pytest.mark.skip(absent), id="published pages")]
    return [
        pytest.param(folder, entry, id=entry["page"], marks=pytest.mark.xdist_group(entry["protos"]))
        for folder, entry in cases
    ]


@pytest.mark.parametrize(("folder", "entry"), _cases(PAGES, ABSENT))
def test_published_page(folder: Path, entry: Entry) -> None:
    """A page generated from the tree and in the style of a published one equals it."""
    if not (CLOUDAPI / entry["protos"]).is_dir():
        pytest.skip(f"no tree {entry['protos']} in {CLOUDAPI}")
    expected = (folder / entry["page"]).read_bytes()
    got = render(entry, folder / "catalog.toml").encode("utf-8")
    if got != expected:
        pytest.fail(_diff(expected.decode("utf-8"), got.decode("utf-8"), entry["page"]), pytrace=False)


@pytest.mark.parametrize(
    ("manifest", "entry"),
    _cases([(MANIFEST, entry) for entry in entries(MANIFEST)], f"no proto trees in {CLOUDAPI}: set CLOUDAPI"),
)
def test_checksum(manifest: Path, entry: Entry) -> None:
    """A page has the checksum that its published counterpart had, also where that is absent."""
    if not (CLOUDAPI / entry["protos"]).is_dir():
        pytest.skip(f"no tree {entry['protos']} in {CLOUDAPI}")
    text = render(entry, manifest.with_name("published_catalog.toml"))
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == entry["sha256"]


def test_manifest_matches_the_published_ones() -> None:
    """The repository's own manifest lists the published pages with their checksums, and nothing else."""
    if not all((folder / "pages.json").is_file() for folder in LISTED):
        pytest.skip(f"no published pages in {' or '.join(map(str, LISTED))}")
    listed = {entry["page"]: entry["sha256"] for entry in entries(MANIFEST)}
    present = {
        entry["page"]: hashlib.sha256((folder / entry["page"]).read_bytes()).hexdigest()
        for folder in LISTED
        for entry in entries(folder / "pages.json")
    }
    assert listed == present


def _diff(expected: str, got: str, name: str) -> str:
    lines = difflib.unified_diff(
        expected.split("\n"), got.split("\n"), f"published/{name}", "generated", lineterm="", n=2
    )
    return "\n".join([f"{name} differs from the published page:", *list(lines)[:80]])
