"""The published reference, byte for byte."""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path

import pytest

from tests.support.published import CLOUDAPI, PUBLISHED, SHARED, Entry, entries, render

pytestmark = pytest.mark.slow(reason="compiles whole trees")
MANIFEST = Path(__file__).with_name("published.json")
CATALOG = Path(__file__).with_name("published_catalog.toml")
PAGES = entries(PUBLISHED / "pages.json") if CLOUDAPI.is_dir() else []
OWN = entries(MANIFEST) if CLOUDAPI.is_dir() else []

if not PAGES:
    PAGES = [
        pytest.param(
            {},
            marks=pytest.mark.skip(
                f"no published pages in {PUBLISHED} or no trees in {CLOUDAPI}: set PUBLISHED_REFERENCE and CLOUDAPI"
            ),
            id="published pages",
        )
    ]
if not OWN:
    OWN = [pytest.param({}, marks=pytest.mark.skip(f"no proto trees in {CLOUDAPI}: set CLOUDAPI"), id="checksums")]


def _id(entry: Entry) -> str:
    return entry.get("page", "")


def _group(cases: list[Entry]) -> list[object]:
    """Each tree is loaded by one worker only."""
    return [
        pytest.param(case, id=_id(case), marks=pytest.mark.xdist_group(case["protos"]))
        if isinstance(case, dict)
        else case
        for case in cases
    ]


@pytest.mark.parametrize("entry", _group(PAGES))
def test_published_page(entry: Entry) -> None:
    """A page generated from the tree and in the style of a published one equals it."""
    if not (CLOUDAPI / entry["protos"]).is_dir():
        pytest.skip(f"no tree {entry['protos']} in {CLOUDAPI}")
    expected = (PUBLISHED / entry["page"]).read_bytes()
    got = render(entry, PUBLISHED / "catalog.toml").encode("utf-8")
    if got != expected:
        pytest.fail(_diff(expected.decode("utf-8"), got.decode("utf-8"), entry["page"]), pytrace=False)


@pytest.mark.parametrize("entry", _group(OWN))
def test_checksum(entry: Entry) -> None:
    """A page has the checksum that its published counterpart had, also where that is absent."""
    if not (CLOUDAPI / entry["protos"]).is_dir():
        pytest.skip(f"no tree {entry['protos']} in {CLOUDAPI}")
    text = render(entry, CATALOG)
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == entry["sha256"]


def test_manifest_matches_the_published_one() -> None:
    """The repository's own manifest lists the published pages with their checksums, and nothing else."""
    published = SHARED / "published"
    if not (published / "pages.json").is_file():
        pytest.skip(f"no published pages in {published}")
    listed = {entry["page"]: entry["sha256"] for entry in entries(MANIFEST)}
    present = {
        entry["page"]: hashlib.sha256((published / entry["page"]).read_bytes()).hexdigest()
        for entry in entries(published / "pages.json")
    }
    assert listed == present


def _diff(expected: str, got: str, name: str) -> str:
    lines = difflib.unified_diff(
        expected.split("\n"), got.split("\n"), f"published/{name}", "generated", lineterm="", n=2
    )
    return "\n".join([f"{name} differs from the published page:", *list(lines)[:80]])
