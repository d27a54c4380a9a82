"""`toolkit check`: each kind of drift has its line, its exit code and a command that repairs it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.command import ZOO_PAGES, Ran, run, tree, written
from tests.support.protos_of import write
from tests.support.repository import REPOSITORY
from toolkit.delivery.compare import digest

pytestmark = pytest.mark.slow(reason="starts the command many times")

CONFIG = """
proto_path = ["protos"]
templates = ["mine"]
[reference]
[examples.values]
unused = "value"
[python]
package = "acme_api"
"""
STORAGE = "protos/acme/storage/v1/storage.proto"
GET = "build/reference/acme/storage/v1/api-ref/grpc/Bucket/get.md"
TARGETS = ("reference", "examples", "python")


@pytest.fixture(scope="module")
def in_step(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose three targets are up to date."""
    folder = tree(tmp_path_factory.mktemp("project"))
    (folder / "toolkit.toml").write_text(CONFIG)
    (folder / "mine").mkdir()
    for target in TARGETS:
        assert run("generate", target, cwd=folder).code == 0
    return folder


@pytest.fixture
def workspace(in_step: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    shutil.copytree(in_step, tmp_path / "project", symlinks=True)
    return tmp_path / "project"


def check(folder: Path, *arguments: str) -> Ran:
    """Run the check."""
    return run("check", *arguments, cwd=folder)


def replaced(path: Path, old: str, new: str) -> None:
    """Change a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def first_line_of(ran: Ran) -> list[str]:
    """The lines that name files, without the rest."""
    return [line for line in ran.text.split("\n\n")[0].splitlines() if line]


def test_in_step(workspace: Path) -> None:
    """Nothing has drifted: exit code 0, nothing on standard output, and nothing is written."""
    before = {p: p.stat().st_mtime_ns for p in workspace.rglob("*")}
    ran = check(workspace)
    assert (ran.code, ran.text) == (0, "")
    assert "reference, examples, python: up to date" in ran.errors
    assert {p: p.stat().st_mtime_ns for p in workspace.rglob("*")} == before


@pytest.mark.parametrize("drifted", [False, True])
def test_nothing_is_touched(drifted: bool, workspace: Path) -> None:
    """A check creates, changes and removes nothing, not even what a killed run left."""
    out = workspace / "build/reference"
    for name in (".toolkit-0123456789abcdef", ".toolkit-4194305-1-0123456789abcdef"):
        (out / name).mkdir()
        (out / name / "1-0").write_text("on its way")
    if drifted:
        _edited(workspace)
        shutil.rmtree(workspace / "build/examples")

    def snapshot() -> dict[Path, tuple[int, int, int, bytes]]:
        found = {}
        for path in (workspace, *workspace.rglob("*")):
            stat = path.stat()
            found[path] = (stat.st_ino, stat.st_mtime_ns, stat.st_mode, b"" if path.is_dir() else path.read_bytes())
        return found

    before = snapshot()
    assert check(workspace, "--no-cache").code == drifted
    assert snapshot() == before


def _comment(folder: Path) -> None:
    replaced(folder / STORAGE, "// Gets a bucket.", "// Fetches a bucket.")


def _field(folder: Path) -> None:
    replaced(folder / STORAGE, "string id = 1;", "string id = 1; int64 weight = 7;")


def _edited(folder: Path) -> None:
    replaced(folder / GET, "Gets a bucket.", "Gets a basket.")


def _deleted(folder: Path) -> None:
    (folder / GET).unlink()


def _method_gone(folder: Path) -> None:
    replaced(folder / STORAGE, "// Puts a thing.\n  rpc Put(Thing) returns (Bucket);", "")


def _template(folder: Path) -> None:
    (folder / "mine/yfm").mkdir()
    shutil.copy(REPOSITORY / "templates/yfm/method.md.j2", folder / "mine/yfm")
    with (folder / "mine/yfm/method.md.j2").open("a") as template:
        template.write("\nA footer of ours.\n")


def _into_a_folder(folder: Path) -> None:
    (folder / GET).unlink()
    (folder / GET).mkdir()


DRIFTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "comment": (_comment, f"changed  {GET}  ({STORAGE}:10:3)"),
    "field": (_field, "changed  build/reference/acme/storage/v1/api-ref/grpc/Bucket/put.md  (" + STORAGE),
    "edited by hand": (_edited, f"edited by hand {GET}  ({STORAGE}:10:3)"),
    "deleted": (_deleted, f"missing  {GET}  ({STORAGE}"),
    "orphaned": (_method_gone, "orphaned build/reference/acme/storage/v1/api-ref/grpc/Bucket/put.md"),
    "template": (_template, f"changed  {GET}  ({STORAGE}"),
}


@pytest.mark.parametrize("kind", DRIFTS)
def test_drift(kind: str, workspace: Path) -> None:
    """Each kind of drift is exit code 1 and names the file and the line of the .proto; the command repairs it."""
    change, line = DRIFTS[kind]
    change(workspace)
    ran = check(workspace)
    assert ran.code == 1
    assert any(found.startswith(line) for found in first_line_of(ran)), ran.text
    *_, last = ran.text.splitlines()
    said = "edited by hand; to discard the edits, run: " if kind == "edited by hand" else "out of date; run: "
    assert f"{said}toolkit generate" in last
    for command in last.partition(said)[2].split(" && "):
        assert run(*command.split()[1:], cwd=workspace).code == 0
    assert check(workspace).code == 0


def test_diff_is_capped(workspace: Path) -> None:
    """A hundred lines of differences are shown in all; the others are counted."""
    for path, content in written(workspace / "build/reference").items():
        (workspace / "build/reference" / path).write_bytes(b"".join(b"x\n" + line for line in content.splitlines(True)))
    ran = check(workspace, "reference")
    shown = ran.text.split("\n\n", 1)[1].rsplit("\n\n", 1)[0].splitlines()
    assert len(shown) == 101
    assert shown[0].startswith("--- build/reference/")
    assert shown[-1].startswith("… and ")
    assert int(shown[-1].split()[2]) > 50


def test_orphans_are_known_not_guessed(workspace: Path) -> None:
    """A file beside the pages that the toolkit did not write is not an orphan, and is never touched."""
    mine = workspace / "build/reference/acme/storage/v1/api-ref/grpc/Bucket/mine.md"
    mine.write_text("mine")
    assert check(workspace).code == 0
    _method_gone(workspace)
    ran = run("generate", "reference", cwd=workspace)
    assert "1 removed" in ran.errors
    assert mine.read_text() == "mine"
    assert not (mine.parent / "put.md").exists()


def test_empty_folders_go_with_orphans(workspace: Path) -> None:
    """Where orphans were all that a folder held, it goes too."""
    (workspace / "protos/acme/zoo/v1/zoo.proto").unlink()
    assert f"{len(ZOO_PAGES)} removed" in run("generate", "reference", cwd=workspace).errors
    assert not (workspace / "build/reference/acme/zoo").exists()
    assert (workspace / "build/reference/acme/storage").is_dir()


def test_a_part_leaves_the_rest(workspace: Path) -> None:
    """A run for one package takes nothing of the others for orphans."""
    assert "removed" not in run("generate", "reference", "acme.zoo.v1", cwd=workspace).errors
    assert check(workspace).code == 0


def test_flag_out(workspace: Path) -> None:
    """A run with --out leaves no trace in the manifest."""
    before = (workspace / "toolkit.manifest").read_bytes()
    assert run("generate", "reference", "--out", "elsewhere", cwd=workspace).code == 0
    assert (workspace / "toolkit.manifest").read_bytes() == before


def test_read_only(workspace: Path) -> None:
    """A file that cannot be written to is up to date while its content is."""
    os.chmod(workspace / GET, 0o400)
    assert check(workspace).code == 0
    _comment(workspace)
    assert f"changed  {GET}" in check(workspace).text
    assert run("generate", "reference", cwd=workspace).code == 0
    assert "Fetches" in (workspace / GET).read_text()


def test_folder_in_the_place_of_a_page(workspace: Path) -> None:
    """A folder where a page belongs is drift, and generating says what is in the way; --force does not remove it."""
    _into_a_folder(workspace)
    assert f"edited by hand {GET}" in check(workspace).text
    for flags, said in (((), f"{GET}: not a regular file"), (("--force", GET), "Is a directory")):
        ran = run("generate", "reference", *flags, cwd=workspace)
        assert ran.code == 2
        assert said in ran.errors


def test_lost_manifest(workspace: Path) -> None:
    """Without its manifest a project is out of date; generating writes it again."""
    (workspace / "toolkit.manifest").unlink()
    ran = check(workspace, "examples")
    assert (ran.code, first_line_of(ran)) == (1, ["missing  toolkit.manifest"])
    for target in TARGETS:
        run("generate", target, cwd=workspace)
    assert check(workspace).code == 0


DAMAGED = (
    "{", "[]", '{"a": "x"}', '{"a": [1]}', '{"a": [[]]}', '{"a": {"b": "c"}}', '{"a": {"b": []}}',
    '{"a": {"b": ["c", 1]}}', '{"a": {"b": {}}}', "<<<<<<< HEAD", "[" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_manifest(content: str, workspace: Path) -> None:
    """A damaged manifest is an error that says what to do, for both commands, and nothing is removed."""
    (workspace / "toolkit.manifest").write_text(content)
    before = written(workspace / "build")
    for arguments in (("check",), ("generate", "reference")):
        ran = run(*arguments, cwd=workspace)
        assert ran.code == 2
        assert "toolkit.manifest: not a manifest" in ran.errors
        assert "version control" in ran.errors
    assert written(workspace / "build") == before


HOSTILE = ("../precious", "/etc/hostname", "a/../../precious", "away/precious", ".git/config", "a/.GIT/config")


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_manifest(path: str, workspace: Path) -> None:
    """A path in the manifest that leads out of the folder, or into a repository, is refused; nothing is removed."""
    write(workspace, {"build/precious": "mine", "build/reference/.git/config": "mine", "build/reference/keep": "mine"})
    (workspace / "build/reference/away").symlink_to("..")
    before = written(workspace / "build")
    content = json.loads((workspace / "toolkit.manifest").read_text())
    content["reference"] |= {path: [digest(b"mine")], "keep": [digest(b"mine")]}
    (workspace / "toolkit.manifest").write_text(json.dumps(content))
    for arguments in (("check", "reference"), ("generate", "reference"), ("generate", "reference", "--force", ".")):
        ran = run(*arguments, cwd=workspace)
        assert ran.code == 2
        assert f"toolkit.manifest: {path!r} leads out of the output directory" in ran.errors
    assert written(workspace / "build") == before


def test_targets(workspace: Path) -> None:
    """Only the targets named are checked, by default those with a table; wrong names suggest the right ones."""
    _edited(workspace)
    assert check(workspace, "examples", "python").code == 0
    assert check(workspace).code == 1
    ran = check(workspace, "exampels")
    assert ran.code == 2
    assert "did you mean examples?" in ran.errors
    (workspace / "toolkit.toml").write_text('proto_path = ["protos"]\n')
    ran = check(workspace)
    assert (ran.code, "no target" in ran.errors) == (2, True)


def test_json(workspace: Path) -> None:
    """As JSON each drift has its target, file, kind, place, diff and command."""
    _comment(workspace)
    content = json.loads(check(workspace, "reference", "--format", "json").text)
    found = next(drift for drift in content["drift"] if drift["file"] == GET)
    assert found["kind"] == "changed"
    assert found["place"] == {"file": STORAGE, "line": 10, "column": 3}
    assert any(line.startswith("+") and "Fetches a bucket." in line for line in found["diff"])
    assert found["command"] == "toolkit generate reference"
    _comment_back = check(workspace, "examples", "--format", "json")
    assert (_comment_back.code, json.loads(_comment_back.text)) == (0, {"drift": []})


def test_github(workspace: Path) -> None:
    """As annotations each drift sits on the line of the .proto file."""
    _comment(workspace)
    lines = check(workspace, "reference", "--format", "github").text.splitlines()
    assert f"::error file={STORAGE},line=10,col=3,title=Out of date%3A reference::{GET} is changed; run: " in "".join(
        lines
    )
    assert all(line.startswith("::error file=") for line in lines)


def test_junit(workspace: Path) -> None:
    """In JUnit each drift is a failed test; without drift there is one that passed."""
    _comment(workspace)
    suite = ElementTree.fromstring(check(workspace, "reference", "--format", "junit").text)
    assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure")) > 0
    suite = ElementTree.fromstring(check(workspace, "examples", "--format", "junit").text)
    assert (suite.get("failures"), len(suite.findall("testcase"))) == ("0", 1)


def test_own_files_are_in_step() -> None:
    """The examples, bindings and changelog that this repository keeps are what its protos make."""
    ran = run("check", cwd=REPOSITORY)
    assert ran.code == 0, ran.text


def test_not_committed(workspace: Path) -> None:
    """A target whose files are not committed is checked only where it is named."""
    replaced(workspace / "toolkit.toml", "[python]\n", "[python]\ncommitted = false\n")
    shutil.rmtree(workspace / "build/python")
    assert check(workspace).code == 0
    ran = check(workspace, "python")
    assert ran.code == 1
    assert "missing  build/python/" in ran.text
