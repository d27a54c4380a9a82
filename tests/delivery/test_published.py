"""`toolkit check --published`: pages of ours beside published ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Ran, run, tree
from tests.support.published import ABSENT, CLOUDAPI, PUBLISHED

pytestmark = pytest.mark.slow(reason="starts the command many times")

PAGES = "build/reference/acme/storage/v1/api-ref/grpc"
ENTRIES = [
    {"page": "get.md", "kind": "method", "service": "acme.storage.v1.BucketService", "method": "Get"},
    {"page": "index.md", "kind": "service", "service": "acme.storage.v1.BucketService"},
    {"page": "api.md", "kind": "api", "packages": ["acme.storage.v1"]},
]
COMMON = {"title": "acme.storage.v1 API", "docs_path": "acme/storage/v1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small tree, and its pages as if they had been published."""
    tree(tmp_path)
    (tmp_path / "toolkit.toml").write_text('reference = {style = "current"}\n')
    assert run("generate", "reference", "--proto-path", "protos", cwd=tmp_path).code == 0
    published = tmp_path / "published"
    published.mkdir()
    for entry, source in zip(ENTRIES, ("Bucket/get.md", "Bucket/index.md", "index.md"), strict=True):
        (published / entry["page"]).write_bytes((tmp_path / PAGES / source).read_bytes())
    (published / "pages.json").write_text(json.dumps([{**COMMON, **entry} for entry in ENTRIES]))
    return tmp_path


def check(folder: Path, *more: str) -> Ran:
    """Compare with the published pages."""
    return run("check", "--proto-path", "protos", "--published", "published", *more, cwd=folder)


def test_exact(folder: Path) -> None:
    """Pages that are equal are counted, and the exit code is 0."""
    ran = check(folder)
    assert (ran.code, ran.text) == (0, "")
    assert ran.errors.splitlines()[-1] == "3 exact, 0 near, 0 different, 0 missing"


def test_near_and_different(folder: Path) -> None:
    """A page with a line that differs is near, one that is another is different; the lines are shown."""
    page = folder / "published/get.md"
    page.write_text(page.read_text().replace("Gets a bucket.", "Gets a basket."))
    (folder / "published/index.md").write_text("something else\n")
    ran = check(folder)
    assert ran.code == 1
    assert "near      get.md\n" in ran.text
    assert "-Gets a basket.\n" in ran.text
    assert "+Gets a bucket.\n" in ran.text
    assert "different index.md\n" in ran.text
    assert ran.errors.splitlines()[-1] == "1 exact, 1 near, 1 different, 0 missing"


def test_missing(folder: Path) -> None:
    """A published page whose file, service, method, package or tree is gone is missing, with the reason."""
    gone = [
        {**COMMON, **ENTRIES[0], "page": "nowhere.md"},
        {**COMMON, **ENTRIES[0], "service": "acme.Gone"},
        {**COMMON, **ENTRIES[0], "method": "Gone"},
        {**COMMON, **ENTRIES[2], "packages": ["acme.gone"]},
    ]
    (folder / "published/pages.json").write_text(json.dumps(gone))
    ran = check(folder)
    assert ran.errors.splitlines()[-1] == "0 exact, 0 near, 0 different, 4 missing"
    for reason in ("No such file", "no service 'acme.Gone'", "no method 'Gone'", "no package 'acme.gone'"):
        assert reason in ran.text
    ran = check(folder, "--trees", ".")
    assert "there is no tree ''" in ran.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ("{}", "the manifest must be a list, not {}"),
        ("[1]", "page number 1 must be an object, not 1"),
        ('[{"page": "x"}]', "page number 1: docs_path is missing"),
        (
            '[{"page": "x", "title": "t", "docs_path": "d", "kind": "book"}]',
            "page number 1: kind must be one of method, service, api, toc, not 'book'",
        ),
        ('[{"page": "x", "title": "t", "docs_path": "d"}]', "page number 1: service is missing"),
    ],
)
def test_damaged_manifest(folder: Path, content: str, said: str) -> None:
    """A manifest that is none is exit code 2, with the file and what is wrong."""
    (folder / "published/pages.json").write_text(content)
    ran = check(folder)
    assert ran.code == 2
    assert "pages.json: " in ran.errors
    assert said in ran.errors


@pytest.mark.parametrize("pages", PUBLISHED, ids=lambda folder: folder.name)
def test_published_reference(pages: Path, tmp_path: Path) -> None:
    """The published reference is exact, page by page."""
    if not (pages / "pages.json").is_file() or not CLOUDAPI.is_dir():
        pytest.skip(ABSENT)
    ran = run("check", "--proto-path", ".", "--published", pages, "--trees", CLOUDAPI, cwd=tree(tmp_path))
    assert (ran.code, ran.text) == (0, "")
    assert ran.errors.splitlines()[-1].endswith(" exact, 0 near, 0 different, 0 missing")
