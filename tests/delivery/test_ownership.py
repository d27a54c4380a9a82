"""Nothing written by others is lost: what the toolkit finds changed it neither replaces nor removes, and says so."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.command import Ran, run, written
from tests.support.protos_of import proto3, write
from toolkit.cli import settings as reader
from toolkit.cli.preview import generating
from toolkit.delivery.manifest import Record
from toolkit.delivery.ownership import FilesOfOthers, Ownership, either
from toolkit.targets.workspace import Workspace

pytestmark = pytest.mark.slow(reason="starts the command many times")

BAKERY = proto3(
    "bakery.v1",
    """
// Bakes and sells.
service Ovens {
  // Bakes a loaf.
  rpc Bake(Loaf) returns (Loaf);
  // Throws a loaf away.
  rpc Drop(Loaf) returns (Loaf);
}
// Some bread.
message Loaf { string flour = 1; }
""",
)
FARM = proto3(
    "farm.v1", "// Grows.\nservice Fields { rpc Sow(Seed) returns (Seed); }\nmessage Seed { string kind = 1; }"
)
CONFIG = (
    'proto_path = ["protos"]\n[reference]\nout = "pages"\n[examples]\nout = "samples"\n[python]\nout = "code"\n[site]\n'
)
PAGE = "pages/bakery/v1/api-ref/grpc/Ovens/bake.md"
DROPPED_PAGE = "pages/bakery/v1/api-ref/grpc/Ovens/drop.md"
EXAMPLE = "samples/bakery/v1/Ovens/bake.request.json"
MODULE = "code/bindings/bakery/v1/__init__.py"
SITE_PAGE = "site/reference/bakery.v1/Ovens.Bake.md"
DROPPED_SITE_PAGE = "site/reference/bakery.v1/Ovens.Drop.md"
ASSET = "site/assets/toolkit/site.css"
LANDING = "site/index.md"
OWNED = {PAGE: "reference", EXAMPLE: "examples", MODULE: "python", SITE_PAGE: "site", ASSET: "site"}
"""Files of every kind that the toolkit owns, and their targets."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four targets, up to date."""
    files = {"protos/bakery.proto": BAKERY, "protos/farm.proto": FARM, "toolkit.toml": CONFIG}
    folder = write(tmp_path_factory.mktemp("project"), files)
    ran = run("generate", cwd=folder)
    assert ran.code == 0, ran.errors
    return folder


@pytest.fixture
def project(generated: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(generated, tmp_path / "project", symlinks=True))


def _edit(path: Path) -> None:
    path.write_text(f"{path.read_text()}\nmine\n")


def _replace(path: Path) -> None:
    path.write_text("all mine\n")


def _link(path: Path) -> None:
    target = path.parent / "mine.txt"
    target.write_text("behind a link\n")
    path.unlink()
    path.symlink_to(target.name)


CHANGES: dict[str, Callable[[Path], None]] = {"edited": _edit, "replaced": _replace, "linked": _link}
"""What people do with a file, but for removing it."""


def state(folder: Path) -> dict[str, str | bytes]:
    """Every file below a folder, links as links; what git ignores is left out."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file()) and ".toolkit-" not in str(path)
    }


def regenerated(ran: Ran) -> bool:
    """Whether something was written or removed."""
    return any(int(count) for count in re.findall(r"(\d+) (?:written|removed)", ran.errors))


def say(folder: Path, old: str, new: str) -> None:
    """Change a proto."""
    path = folder / "protos/bakery.proto"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", OWNED)
def test_changed(path: str, change: str, project: Path) -> None:
    """A file that somebody changed stays as it is; generate names it and writes nothing, check calls it edited."""
    CHANGES[change](project / path)
    for proto in ("Bakes a loaf.", "Bakes two loaves."):  # as it was, and with something to write
        say(project, "Bakes a loaf.", proto)
        before = state(project)
        ran = run("check", OWNED[path], cwd=project)
        assert (ran.code, f"edited by hand {path}" in ran.text) == (1, True), ran.text
        assert (
            f"1 file edited by hand; to discard the edits, run: toolkit generate {OWNED[path]} --force {path}"
            in ran.text
        )
        ran = run("generate", OWNED[path], cwd=project)
        assert ran.code == 2
        assert f"{path}: {'not a regular file' if change == 'linked' else 'edited by hand'}\n" in ran.errors
        assert f"toolkit generate {OWNED[path]} --force PATH" in ran.errors
        assert state(project) == before


@pytest.mark.parametrize("path", OWNED)
def test_deleted(path: str, project: Path) -> None:
    """A file that somebody removed is missing, and is written again."""
    content = (project / path).read_bytes()
    (project / path).unlink()
    ran = run("check", OWNED[path], cwd=project)
    assert (ran.code, f"missing  {path}" in ran.text) == (1, True)
    assert "1 written" in run("generate", OWNED[path], cwd=project).errors
    assert (project / path).read_bytes() == content


@pytest.mark.parametrize("change", CHANGES)
def test_orphans(change: str, project: Path) -> None:
    """A changed file that nothing makes any more is not removed; an unchanged one beside it is, with --force."""
    say(project, "  // Throws a loaf away.\n  rpc Drop(Loaf) returns (Loaf);\n", "")
    orphans = [project / DROPPED_PAGE, project / DROPPED_SITE_PAGE]
    for path in orphans:
        CHANGES[change](path)
    before = state(project)
    ran = run("check", "reference", cwd=project)
    assert f"edited by hand {DROPPED_PAGE}" in ran.text
    assert "orphaned" not in ran.text
    ran = run("generate", "reference", cwd=project)
    assert ran.code == 2
    ran = run("generate", "site", cwd=project)
    assert (ran.code, DROPPED_SITE_PAGE in ran.errors) == (2, True)
    assert state(project) == before
    ran = run("generate", "site", "--force", "site/reference", cwd=project)
    assert (ran.code, "1 removed" in ran.errors) == (0, True)
    assert [os.path.lexists(path) for path in orphans] == [True, False]
    assert (orphans[1].parent / "mine.txt").exists() == (change == "linked")


@pytest.mark.parametrize("change", ["edited", "replaced", "linked", "deleted"])
def test_landing_page(change: str, project: Path) -> None:
    """The landing page is written once and is the user's: never replaced, removed, missed or compared."""
    page = project / LANDING
    {**CHANGES, "deleted": Path.unlink}[change](page)
    before = state(project)
    ran = run("check", "site", cwd=project)
    assert (ran.code, ran.text) == (0, "")
    say(project, "Some bread.", "Any bread.")
    ran = run("generate", "site", cwd=project)
    assert ran.code == 0, ran.errors
    assert "removed" not in ran.errors
    assert LANDING not in json.loads((project / "toolkit.manifest").read_text())["site"]
    if change != "deleted":
        assert state(project)[LANDING] == before[LANDING]
    else:
        assert page.read_text().startswith("---\ntitle: ")
        page.unlink()
        assert "1 written" in run("generate", "site", cwd=project).errors  # though the cache knows the rest
        assert page.exists()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_navigation(ending: str, project: Path) -> None:
    """Of mkdocs.yml only the lines between the marks are compared and written, with the line endings of the file."""
    path = project / "mkdocs.yml"
    config = path.read_text().replace("\n", ending) + f"# mine{ending}"
    path.write_bytes(config.encode())
    assert run("check", "site", cwd=project).code == 0
    ran = run("generate", "site", cwd=project)
    assert (ran.code, regenerated(ran)) == (0, False)
    path.write_bytes(config.replace("- reference/index.md", "- reference/mine.md").encode())
    ran = run("check", "site", cwd=project)
    assert (ran.code, "changed  mkdocs.yml" in ran.text) == (1, True)
    assert run("generate", "site", cwd=project).code == 0
    assert path.read_bytes() == config.encode()


def test_navigation_elsewhere(project: Path) -> None:
    """A mkdocs.yml of one's own is used, a link is not followed, and one that was removed is written again."""
    path = project / "mkdocs.yml"
    path.write_text("site_name: Mine\ndocs_dir: site\nnav:\n# toolkit: navigation\n# toolkit: end\n")
    assert run("generate", "site", cwd=project).code == 0
    assert path.read_text().startswith("site_name: Mine\ndocs_dir: site\nnav:\n# toolkit: navigation\n- ")
    path.rename(project / "other.yml")
    path.symlink_to("other.yml")
    before = state(project)
    assert "edited by hand mkdocs.yml" in run("check", "site", cwd=project).text
    ran = run("generate", "site", cwd=project)
    assert (ran.code, "mkdocs.yml: not a regular file" in ran.errors) == (2, True)
    assert state(project) == before
    path.unlink()
    assert "missing  mkdocs.yml" in run("check", "site", cwd=project).text
    assert run("generate", "site", cwd=project).code == 0
    assert path.read_text().startswith("INHERIT: site/.toolkit/mkdocs.yml\n")


@pytest.mark.parametrize("change", [*CHANGES, "deleted", "merged"])
def test_manifest(change: str, project: Path) -> None:
    """Whatever happens to the manifest, no file is lost: it is repaired where it can be, and else an error says how."""
    path = project / "toolkit.manifest"
    content = json.loads(path.read_text())
    acts = {**CHANGES, "deleted": Path.unlink}
    if change == "merged":  # one side's digest, and the other's page, which is right
        content["reference"][PAGE.removeprefix("pages/")][0] = "0" * 32
        path.write_text(json.dumps(content))
    else:
        acts[change](path)
    before = state(project)
    checked, made = run("check", "reference", cwd=project), run("generate", "reference", cwd=project)
    if change in ("deleted", "merged"):
        kind = "missing" if change == "deleted" else "changed"
        assert (checked.code, checked.text.splitlines()[0]) == (1, f"{kind:<8} toolkit.manifest")
        assert (made.code, regenerated(made)) == (0, False)
        assert run("check", "reference", cwd=project).code == 0
    else:
        assert (checked.code, made.code) == (2, 2)
        assert "toolkit.manifest: " in made.errors
        assert "replace the link" in made.errors if change == "linked" else "then run toolkit generate" in made.errors
        assert state(project) == before


def test_all_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`build` and `serve` lose nothing either, whatever was changed, and say what `generate` says."""
    for path in OWNED:
        _edit(project / path)
    _replace(project / LANDING)
    say(project, "Bakes a loaf.", "Bakes two loaves.")
    before = state(project)
    ran = run("build", cwd=project)
    assert ran.code == 2
    assert all(f"  {path}: edited by hand\n" in ran.errors for path in OWNED)
    assert state(project) == before
    monkeypatch.chdir(project)
    workspace = Workspace(reader.read(Path("toolkit.toml"), {}))
    with pytest.raises(FilesOfOthers, match=re.escape(SITE_PAGE)):
        generating(workspace, ())()
    assert state(project) == before


def test_serve(project: Path) -> None:
    """A generated page that is edited while it is shown stays as it is, and the preview says that it was not built."""
    with (project / "log").open("wb") as log:
        command = [sys.executable, "-m", "toolkit", "serve", "--port", "0"]
        served = subprocess.Popen(command, cwd=project, stdout=log, stderr=log)

    def soon(words: str) -> bool:
        end = time.monotonic() + 60
        while words not in (project / "log").read_text() and time.monotonic() < end:
            time.sleep(0.1)
        return words in (project / "log").read_text()

    try:
        assert soon("built in")
        _edit(project / SITE_PAGE)
        edited = (project / SITE_PAGE).read_bytes()
        assert soon(f"{SITE_PAGE}: build failed"), (project / "log").read_text()
        assert f"{SITE_PAGE}: edited by hand" in (project / "log").read_text()
    finally:
        served.send_signal(signal.SIGINT)
        assert served.wait(20) == 0
    assert (project / SITE_PAGE).read_bytes() == edited


def test_others_are_written(project: Path) -> None:
    """Of several targets only the one stops whose file was edited; `generate` and `build` make the rest, and exit with 2."""
    for command in ("generate", "build"):
        say(project, "a loaf", "a warm loaf" if command == "generate" else "a cold loaf")
        _edit(project / PAGE)
        edited = (project / PAGE).read_bytes()
        ran = run(command, cwd=project)
        assert ran.code == 2
        assert "so reference was not written" in ran.errors
        assert (project / PAGE).read_bytes() == edited
        assert run("check", "examples", "python", "site", cwd=project).code == 0
        say(project, "a warm loaf" if command == "generate" else "a cold loaf", "a loaf")
    assert "open " in ran.errors


def test_force(project: Path) -> None:
    """--force is for the files and folders that it names, from the current folder, and for no others."""
    first, second = PAGE, DROPPED_PAGE
    for path in (first, second):
        _edit(project / path)
    ran = run("generate", "reference", "--force", first, cwd=project)
    assert (ran.code, first in ran.errors, second in ran.errors) == (2, False, True)
    ran = run("generate", "--force", first, "--force", Path(second).name[:-1], cwd=project)
    assert ran.code == 2
    ran = run("generate", "reference", "--force", Path(first).name, "--force", ".", cwd=(project / first).parent)
    assert (ran.code, "2 written" in ran.errors) == (0, True)
    assert run("check", cwd=project).code == 0


def test_formats(project: Path) -> None:
    """In every format a file edited by hand has a kind of its own, and the command that gives the edits up."""
    _edit(project / PAGE)
    say(project, "Throws a loaf away.", "Throws it away.")
    drift = json.loads(run("check", "reference", "--format", "json", cwd=project).text)["drift"]
    kinds = {found["file"]: found["kind"] for found in drift}
    assert (kinds[PAGE], kinds[DROPPED_PAGE]) == ("edited by hand", "changed")
    (edited,) = (found for found in drift if found["file"] == PAGE)
    assert edited["command"] == f"toolkit generate reference --force {PAGE}"
    assert "-mine" in edited["diff"]
    suite = ElementTree.fromstring(run("check", "reference", "--format", "junit", cwd=project).text)
    (failure,) = (case[0] for case in suite if case.get("name") == PAGE)
    assert failure.get("message", "").startswith("edited by hand; to discard the edits, run: toolkit generate")
    lines = run("check", "reference", "--format", "github", cwd=project).text.splitlines()
    assert any(f"::{PAGE} is edited by hand; to discard the edits, run: " in line for line in lines)


@pytest.mark.parametrize("target", ["reference", "site", "python"])
def test_new_target(target: str, project: Path) -> None:
    """A target that is turned on over files that no manifest knows refuses those that differ, and takes the others."""
    (project / "toolkit.manifest").unlink()
    (path,) = (path for path in (PAGE, SITE_PAGE, MODULE) if OWNED[path] == target)
    _replace(project / path)
    before = state(project)
    ran = run("generate", target, cwd=project)
    assert (ran.code, f"{path}: not written by the toolkit" in ran.errors) == (2, True)
    assert ran.errors.count("not written by the toolkit") == 1
    assert state(project) == before
    assert "edited by hand" in run("check", target, cwd=project).text
    assert run("generate", target, "--force", path, cwd=project).code == 0
    assert run("check", target, cwd=project).code == 0


def test_manifest_of_old(project: Path) -> None:
    """A manifest of paths alone is read, and upgraded by the next write; of it, no orphan is removed unasked."""
    manifest = project / "toolkit.manifest"
    new = manifest.read_bytes()
    old = {target: sorted(paths) for target, paths in json.loads(new).items()}
    old["site"] += ["mkdocs.yml", LANDING]
    manifest.write_text(json.dumps(old))
    _replace(project / LANDING)
    assert run("check", cwd=project).code == 0
    ran = run("generate", cwd=project)
    assert (ran.code, regenerated(ran)) == (0, False), ran.errors
    assert manifest.read_bytes() == new
    assert (project / LANDING).read_text() == "all mine\n"
    write(project, {"pages/README.md": "mine\n", "toolkit.manifest": json.dumps({**old, "reference": ["README.md"]})})
    ran = run("generate", "reference", "--force", PAGE, cwd=project)
    assert (ran.code, "pages/README.md: edited by hand" in ran.errors) == (2, True)
    assert (project / "pages/README.md").read_text() == "mine\n"


def test_line_endings(project: Path) -> None:
    """A checkout with other line endings is neither an edit nor a change, until something else changes."""
    content = (project / PAGE).read_bytes()
    checked_out = content.replace(b"\n", b"\r\n")
    (project / PAGE).write_bytes(checked_out)
    for flag in ("--cache", "--no-cache"):
        ran = run("check", "reference", flag, cwd=project)
        assert (ran.code, ran.text) == (0, "")
        ran = run("generate", "reference", flag, cwd=project)
        assert (ran.code, regenerated(ran)) == (0, False), ran.errors
    assert (project / PAGE).read_bytes() == checked_out
    (project / PAGE).write_bytes(checked_out.replace(b"\r\n", b" \r\n", 1))
    assert run("check", "reference", cwd=project).code == 1


def test_many(project: Path) -> None:
    """Of many files that would be lost the first ten are named, and the others counted."""
    more = [project / "pages" / "more" / f"{number}.md" for number in range(12)]
    write(project, {path.relative_to(project).as_posix(): "mine\n" for path in more})
    lost = Ownership(project / "pages", {}, ())
    with pytest.raises(FilesOfOthers) as error:
        lost.refuse([path.relative_to(project / "pages").as_posix() for path in more], "reference")
    said = str(error.value)
    assert said.startswith("12 file(s) would be lost")
    assert said.count("not written by the toolkit") == 10
    assert "… and 2 more" in said


def test_flag(project: Path) -> None:
    """With --out a run is not recorded, and what is in the folder is written over; a landing page is not."""
    write(project, {"other/site/index.md": "mine\n"})
    for _ in range(2):
        assert run("generate", "site", "--out", "other", cwd=project).code == 0
        assert (project / "other" / ASSET).read_bytes() == (project / ASSET).read_bytes()
        _edit(project / "other" / ASSET)
    assert (project / "other" / LANDING).read_text() == "mine\n"


def test_not_committed(project: Path) -> None:
    """What is not committed is recorded beside the project, where git ignores it, and is guarded all the same."""
    before = json.loads((project / "toolkit.manifest").read_text())
    settings = (project / "toolkit.toml").read_text()
    write(project, {"toolkit.toml": settings.replace("[site]", "[site]\ncommitted = false")})
    assert run("generate", cwd=project).code == 0
    assert json.loads((project / "toolkit.manifest").read_text()) == {t: p for t, p in before.items() if t != "site"}
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    status = subprocess.run(["git", "status", "--short"], cwd=project, capture_output=True, text=True, check=True)
    assert "?? toolkit.manifest" in status.stdout
    assert ".toolkit" not in status.stdout
    _edit(project / SITE_PAGE)
    assert f"edited by hand {SITE_PAGE}" in run("check", "site", cwd=project).text
    assert run("generate", cwd=project).code == 2
    write(project, {"toolkit.toml": settings})
    assert run("generate", "site", "--force", SITE_PAGE, cwd=project).code == 0
    assert json.loads((project / "toolkit.manifest").read_text()) == before
    assert json.loads((project / ".toolkit/manifest").read_text()) == {}


def test_while_files_are_put_in_place() -> None:
    """A record written before that accepts what was there and what will be, and forgets nothing."""
    before = {"a": Record("1"), "b": Record("2 3", ("b.proto",)), "gone": Record("4"), "old": Record()}
    after = {"a": Record("1"), "b": Record("3"), "new": Record("5"), "old": Record("6")}
    assert either(before, after) == {
        "a": Record("1"), "b": Record("2 3"), "gone": Record("4"), "old": Record(), "new": Record("5")
    }  # fmt: skip
    assert either(before, {"b": Record("7")})["b"] == Record("2 3 7")


def test_killed(project: Path) -> None:
    """After a run that was killed halfway, files of both states are the toolkit's own."""
    killing = (
        "import os, signal, sys\nleft = 2\ndef hook(name, arguments):\n    global left\n"
        "    if name == 'os.rename' and 'pages' in str(arguments[1]):\n        left -= 1\n"
        "        if not left: os.killpg(0, signal.SIGKILL)\n"
        "sys.addaudithook(hook)\nfrom toolkit.cli.main import main\nmain(['generate', 'reference'])\n"
    )
    say(project, "flour", "grain")
    before = written(project / "pages")
    ran = subprocess.run([sys.executable, "-c", killing], cwd=project, capture_output=True, start_new_session=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert 0 < sum(before.get(path) != content for path, content in written(project / "pages").items()) < len(before)
    say(project, "grain", "water")
    ran = run("generate", "reference", cwd=project)
    assert ran.code == 0, ran.errors
    assert run("check", "reference", cwd=project).code == 0
