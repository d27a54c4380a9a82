"""`generate`, `check` and `page` for the REST reference and the tables of contents: what is written, and exit codes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command import run, written
from tests.support.protos_of import proto3, write

pytestmark = pytest.mark.slow(reason="starts the command many times")

SHELVES = proto3(
    "acme.books.v1",
    """
// Keeps shelves; see [Nowhere.name].
service ShelfService {
  // Gets a shelf.
  rpc Get(Shelf) returns (Shelf) { option (google.api.http) = { get: "/v1/shelves/{name}" }; }
  // Empties a shelf.
  rpc Clear(Shelf) returns (Shelf) { option (google.api.http) = { post: "/v1/shelves/{name}:clear" body: "*" }; }
  // Watches a shelf.
  rpc Watch(Shelf) returns (stream Shelf);
}
// Without bindings.
service Internal { rpc Do(Shelf) returns (Shelf); }
message Shelf {
  string name = 1;
  int64 width = 2;
}
""",
    "google/api/annotations.proto",
)
SOURCE = "protos/acme/books/v1/shelves.proto"
SETTINGS = """
proto_path = ["protos"]
[rest]
out = "docs"
[toc]
out = "docs"
"""
FOLDER = "docs/acme/books/v1/api-ref"
GET, CLEAR = f"{FOLDER}/Shelf/get.md", f"{FOLDER}/Shelf/clear.md"
PAGES = {GET, CLEAR, f"{FOLDER}/Shelf/index.md", f"{FOLDER}/index.md"}
TOC = "docs/acme/books/v1/toc.yaml"
TARGETS = ("rest", "toc")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose REST pages and table of contents are up to date."""
    folder = write(tmp_path_factory.mktemp("project"), {SOURCE: SHELVES, "toolkit.toml": SETTINGS})
    for target in TARGETS:
        ran = run("generate", target, cwd=folder)
        assert ran.code == 0, ran.errors
    return folder


@pytest.fixture
def project(generated: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    shutil.copytree(generated, tmp_path / "project")
    return tmp_path / "project"


def replaced(path: Path, old: str, new: str) -> None:
    """Change a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_generate(generated: Path) -> None:
    """Methods with a binding have pages, and so has their service; the table of contents lists them."""
    files = written(generated)
    assert {path for path in files if path.startswith("docs/")} == PAGES | {TOC}
    assert b"GET /v1/shelves/{name}\n" in files[GET]
    assert b"href: api-ref/Shelf/get.md" in files[TOC]
    assert b"href: api-ref/grpc/Internal/do.md" in files[TOC]
    assert b"href: api-ref/Shelf/watch.md" not in files[TOC]


def test_second_run(project: Path) -> None:
    """A run with nothing to do writes nothing, and reports the unresolved reference once."""
    ran = run("generate", "rest", cwd=project)
    assert (ran.code, "0 written, 4 unchanged" in ran.errors) == (0, True), ran.errors
    assert ran.errors.count("unresolved reference [Nowhere.name]") == 1
    assert "0 written, 1 unchanged" in run("generate", "toc", cwd=project).errors


@pytest.mark.parametrize("target", TARGETS)
def test_up_to_date(target: str, project: Path) -> None:
    """A check without drift is exit code 0."""
    ran = run("check", target, cwd=project)
    assert (ran.code, ran.text) == (0, "")


@pytest.mark.parametrize(
    ("target", "old", "new", "line"),
    [
        ("rest", "// Gets a shelf.", "// Fetches a shelf.", f"changed  {GET}  ({SOURCE}:7:3)"),
        (
            "rest",
            "string name = 1;\n",
            "string name = 1;\n  string of_wood = 3;\n",
            f"changed  {CLEAR}  ({SOURCE}:18:3)",
        ),
        ("rest", '/shelves/{name}"', '/racks/{name}"', f"changed  {GET}  ({SOURCE}:"),
        ("rest", 'option (google.api.http) = { post: "/v1/shelves/{name}:clear" body: "*" };', "", f"orphaned {CLEAR}"),
        ("toc", "rpc Clear(", "rpc Empty(", f"changed  {TOC}"),
    ],
    ids=["comment", "field", "path", "binding", "name"],
)
def test_drift(target: str, old: str, new: str, line: str, project: Path) -> None:
    """A change of the protos is exit code 1 with the file and its line; generating brings it up to date."""
    replaced(project / SOURCE, old, new)
    ran = run("check", target, cwd=project)
    assert ran.code == 1
    assert any(found.startswith(line) for found in ran.text.splitlines()), ran.text
    assert ran.text.splitlines()[-1].endswith(f"run: toolkit generate {target}")
    assert run("generate", target, cwd=project).code == 0
    assert run("check", target, cwd=project).code == 0
    assert (project / CLEAR).exists() != line.startswith("orphaned")


def test_edited_page(project: Path) -> None:
    """A page edited by hand is not overwritten before it is forced."""
    replaced(project / GET, "Gets a shelf.", "Gets a rack.")
    ran = run("check", "rest", cwd=project)
    assert (ran.code, f"edited by hand {GET}" in ran.text) == (1, True), ran.text
    replaced(project / SOURCE, "// Gets a shelf.", "// Fetches a shelf.")
    assert run("generate", "rest", cwd=project).code == 2
    assert "Gets a rack." in (project / GET).read_text()
    assert run("generate", "rest", "--force", GET, cwd=project).code == 0
    assert "Fetches a shelf." in (project / GET).read_text()


def test_edited_table(project: Path) -> None:
    """What users write around the item of a table of contents stays, and is not drift; in the item it is."""
    with (project / TOC).open("a") as table:
        table.write("  - name: Ours\n    href: ours.md\n")
    assert run("check", "toc", cwd=project).code == 0
    replaced(project / TOC, "href: api-ref/Shelf/get.md", "href: api-ref/Shelf/fetch.md")
    ran = run("check", "toc", cwd=project)
    assert (ran.code, TOC in ran.text) == (1, True), ran.text
    ran = run("generate", "toc", cwd=project)
    assert ran.code == 0, ran.errors
    text = (project / TOC).read_text()
    assert "href: api-ref/Shelf/get.md" in text
    assert text.endswith("  - name: Ours\n    href: ours.md\n")


def test_table_without_item(project: Path) -> None:
    """A table of contents without the item is an error that says what to write, and stays as it is."""
    (project / TOC).write_text("title: Ours\nitems: []\n")
    for command in ("generate", "check"):
        ran = run(command, "toc", cwd=project)
        assert ran.code == 2
        assert "there is no item named API reference" in ran.errors
        assert "write one line '- name: API reference'" in ran.errors
    assert (project / TOC).read_text() == "title: Ours\nitems: []\n"


def test_page(project: Path) -> None:
    """`page --rest` prints the generated file, and says why there is none for a method without binding."""
    for name, path in (("ShelfService.Get", GET), ("ShelfService", f"{FOLDER}/Shelf/index.md")):
        ran = run("page", "--rest", f"acme.books.v1.{name}", cwd=project)
        assert (ran.code, ran.output) == (0, (project / path).read_bytes())
    assert run("page", "--rest", "acme.books.v1", cwd=project).output == (project / FOLDER / "index.md").read_bytes()
    ran = run("page", "--rest", "acme.books.v1.ShelfService.Watch", cwd=project)
    assert (ran.code, ran.text) == (2, "")
    assert "acme.books.v1.ShelfService.Watch has no HTTP binding" in ran.errors


@pytest.mark.parametrize("arguments", [("generate", "rest"), ("check", "rest"), ("page", "--rest", "acme.books.v1")])
def test_unknown_style(arguments: tuple[str, ...], project: Path) -> None:
    """A style that does not exist is an error that names those that do."""
    replaced(project / "toolkit.toml", "[rest]", '[rest]\nstyle = "newest"')
    ran = run(*arguments, cwd=project)
    assert ran.code == 2
    assert "newest" in ran.errors
    assert "current" in ran.errors
