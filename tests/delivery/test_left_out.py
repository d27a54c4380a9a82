"""Nothing disappears because a file does not compile: what was made of it is kept, and no check is green meanwhile."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.command import Ran, run, written
from tests.support.protos_of import proto3, write
from tests.support.site_trees import build
from toolkit.delivery.left_out import LeftOut
from toolkit.delivery.manifest import Record
from toolkit.descriptors.compile import compile_tree
from toolkit.errors import Diagnostic, Location
from toolkit.targets import registry
from toolkit.targets.settings import Common, Settings
from toolkit.targets.workspace import Workspace

pytestmark = pytest.mark.slow(reason="starts the command many times")

UNITS = proto3("port.units.v1", "// Tons.\nmessage Weight { int32 tons = 1; }")
SHIPS = proto3(
    "port.ships.v1",
    """
// Comes and goes.
service Berths {
  rpc Moor(Ship) returns (Ship);
  rpc Leave(Ship) returns (google.rpc.Status);
}
message Ship { port.units.v1.Weight weight = 1; Flag flag = 2; }
message Flag { string colours = 1; }
""",
    "port/units.proto",
    "google/rpc/status.proto",
)
CRANES = proto3(
    "port.cranes.v1", "service Cranes { rpc Lift(Load) returns (Load); }\nmessage Load { string what = 1; }"
)
TUGS = proto3("port.ships.v1", "service Tugs { rpc Tow(Rope) returns (Rope); }\nmessage Rope { int32 length = 1; }")
FILES = {
    "protos/port/units.proto": UNITS,
    "protos/port/ships.proto": SHIPS,
    "protos/port/cranes.proto": CRANES,
    "protos/port/tugs.proto": TUGS,
    "toolkit.toml": 'proto_path = ["protos"]\n[reference]\nout = "pages"\n[examples]\nout = "samples"\n'
    '[python]\nout = "code"\n[site]\n',
}
TARGETS = ("reference", "examples", "python", "site")
SHIPS_FILES = {
    "pages/port/ships/v1/api-ref/grpc/Berths/index.md",
    "pages/port/ships/v1/api-ref/grpc/Berths/moor.md",
    "pages/port/ships/v1/api-ref/grpc/Berths/leave.md",
    "samples/port/ships/v1/Berths/moor.request.json",
    "site/reference/port.ships.v1/Berths.md",
    "site/reference/port.ships.v1/Berths.Moor.md",
    "site/reference/port.ships.v1/Ship.md",
}
"""Outputs that are only there because of ships.proto."""
CRANES_FILES = {
    "pages/port/cranes/v1/api-ref/grpc/index.md",
    "pages/port/cranes/v1/api-ref/grpc/Cranes/lift.md",
    "samples/port/cranes/v1/Cranes/lift.request.json",
    "site/reference/port.cranes.v1/index.md",
    "site/reference/port.cranes.v1/Load.md",
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four targets, up to date."""
    folder = write(tmp_path_factory.mktemp("project"), FILES)
    ran = run("generate", cwd=folder)
    assert ran.code == 0, ran.errors
    assert written(folder).keys() >= SHIPS_FILES | CRANES_FILES
    return folder


@pytest.fixture
def project(generated: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(generated, tmp_path / "project"))


def outputs(folder: Path) -> dict[str, bytes]:
    """The files of the targets, but for configuration."""
    return {
        path: text for path, text in written(folder).items() if path.startswith(("pages", "samples", "code", "site"))
    }


def drift(ran: Ran) -> dict[str, str]:
    """Kinds by file."""
    return {found["file"]: found["kind"] for found in json.loads(ran.text)["drift"]}


def break_ships(folder: Path) -> None:
    """Let ships.proto import what is not there."""
    write(folder, {"protos/port/ships.proto": SHIPS.replace("port/units.proto", "port/absent.proto")})


def test_missing_import(project: Path) -> None:
    """(a) Outputs of a file whose import is missing stay, byte for byte, are counted, and are not orphans."""
    before = outputs(project)
    break_ships(project)
    ran = run("generate", cwd=project)
    assert ran.code == 0
    assert "3 kept for 1 file left out" in next(line for line in ran.errors.splitlines() if "pages in" in line)
    assert "removed" not in ran.errors
    after = outputs(project)
    assert after.keys() == before.keys()
    assert {path: after[path] for path in SHIPS_FILES} == {path: before[path] for path in SHIPS_FILES}
    assert b"Berths" not in after["site/reference/port.ships.v1/index.md"]
    assert b"Tugs" in after["site/reference/port.ships.v1/index.md"]
    assert "Berths" not in (project / "mkdocs.yml").read_text()
    again = run("generate", cwd=project)
    assert (again.code, again.errors.count(" 0 written")) == (0, 4)
    write(project, {"protos/port/ships.proto": SHIPS})
    assert run("generate", cwd=project).code == 0
    assert outputs(project) == before
    assert run("check", cwd=project).code == 0


def test_check(project: Path) -> None:
    """While a file is left out a check is exit code 1, from the cache too, and names the file, its cause and what is kept."""
    write(project, {"protos/port/user.proto": proto3("port.user.v1", "", "port/ships.proto")})
    assert run("generate", cwd=project).code == 0
    break_ships(project)
    assert run("generate", cwd=project).code == 0  # the rest is up to date
    cause = 'Import "port/absent.proto" was not found'
    ran = run("check", "reference", cwd=project)
    for again in (run("check", "reference", cwd=project), run("check", "reference", "--no-cache", cwd=project)):
        assert (again.code, again.text, again.errors) == (ran.code, ran.text, ran.errors)
    assert ran.code == 1
    lines = ran.text.splitlines()
    assert lines[0].startswith(f"left out protos/port/ships.proto:3:1: {cause}")
    assert lines[1] == 'left out protos/port/user.proto:3:1: imports "port/ships.proto", which was left out'
    assert lines[2:-2] == [f"kept     {path}" for path in sorted(SHIPS_FILES) if path.startswith("pages")]
    assert lines[-1] == "2 files left out; 3 outputs kept until they compile"
    strict = run("check", "--strict", cwd=project)
    assert strict.code == 2
    assert f"port/ships.proto:3:1: {cause}" in strict.errors
    assert "left out with it: port/user.proto" in strict.errors


def test_formats(project: Path) -> None:
    """As JSON, JUnit and annotations a file that is left out is a finding with its cause; what is kept is none."""
    break_ships(project)
    ran = run("check", "--format", "json", cwd=project)
    assert ran.code == 1
    kinds = drift(ran)
    assert kinds["protos/port/ships.proto"] == "left out"
    assert set(kinds.values()) == {"left out", "changed"}
    assert not SHIPS_FILES & kinds.keys()
    content = json.loads(ran.text)
    assert set(content["kept"]) >= SHIPS_FILES
    assert "absent.proto" in content["drift"][0]["cause"]
    assert content["drift"][0]["place"] == {"file": "protos/port/ships.proto", "line": 3, "column": 1}
    suite = ElementTree.fromstring(run("check", "examples", "--format", "junit", cwd=project).text)
    assert suite[0].get("name") == "protos/port/ships.proto"
    assert suite[0][0].get("message", "").startswith("left out: Import")
    assert len(suite) == 1
    (line,) = run("check", "examples", "--format", "github", cwd=project).text.splitlines()
    assert line.startswith("::error file=protos/port/ships.proto,line=3,col=1,title=Out of date%3A protos::")
    assert "protos/port/ships.proto is left out: Import" in line


def test_deleted_file(project: Path) -> None:
    """(b) Outputs of a file that is gone are orphans."""
    (project / "protos/port/cranes.proto").unlink()
    kinds = drift(run("check", "--format", "json", cwd=project))
    assert {kinds[path] for path in CRANES_FILES} == {"orphaned"}
    assert run("generate", cwd=project).code == 0
    left = outputs(project)
    assert not CRANES_FILES & left.keys()
    assert not [path for path in left if "cranes" in path.lower()]


def test_renamed_element(project: Path) -> None:
    """(c) Outputs of a method or message that a file no longer declares are orphans, also while another is left out."""
    break_ships(project)
    tugs = TUGS.replace("Rope", "Hawser").replace("rpc Tow", "rpc Pull")
    write(project, {"protos/port/tugs.proto": tugs})
    kinds = drift(run("check", "--format", "json", cwd=project))
    gone = {
        "pages/port/ships/v1/api-ref/grpc/Tugs/tow.md",
        "samples/port/ships/v1/Tugs/tow.response.json",
        "site/reference/port.ships.v1/Tugs.Tow.md",
        "site/reference/port.ships.v1/Rope.md",
    }
    assert {kinds[path] for path in gone} == {"orphaned"}
    assert run("generate", cwd=project).code == 0
    assert not gone & outputs(project).keys()
    assert outputs(project).keys() >= SHIPS_FILES


def test_deleted_beside_left_out(project: Path) -> None:
    """(d) Of a file that is deleted the outputs go, of one that is left out in the same run they stay."""
    break_ships(project)
    (project / "protos/port/cranes.proto").unlink()
    kinds = drift(run("check", "--format", "json", cwd=project))
    assert {kinds[path] for path in CRANES_FILES} == {"orphaned"}
    assert not SHIPS_FILES & kinds.keys()
    assert run("generate", cwd=project).code == 0
    assert not CRANES_FILES & outputs(project).keys()
    assert outputs(project).keys() >= SHIPS_FILES


def test_left_out_then_deleted(project: Path) -> None:
    """What was kept for a file goes with it, but for what somebody edited meanwhile."""
    break_ships(project)
    assert run("generate", "reference", cwd=project).code == 0
    edited = project / "pages/port/ships/v1/api-ref/grpc/Berths/moor.md"
    edited.write_text("mine\n")
    (project / "protos/port/ships.proto").unlink()
    ran = run("generate", "reference", cwd=project)
    assert (ran.code, "moor.md: edited by hand" in ran.errors) == (2, True)
    assert run("generate", "reference", "--force", edited, cwd=project).code == 0
    assert not [path for path in outputs(project) if "grpc/Berths" in path]


def test_python(project: Path) -> None:
    """Bindings stay whole and go on working: while a module's file is left out nothing of them is written or removed."""
    before = {path: text for path, text in outputs(project).items() if path.startswith("code")}
    break_ships(project)
    write(project, {"protos/port/tugs.proto": TUGS.replace("length", "metres")})
    (project / "protos/port/cranes.proto").unlink()
    ran = run("generate", "python", cwd=project)
    assert f"0 written, 0 unchanged, {len(before)} kept for 1 file left out" in ran.errors
    assert {path: text for path, text in outputs(project).items() if path.startswith("code")} == before
    code = (
        "from bindings.port.ships.v1 import Ship, Rope; from bindings.port.units.v1 import Weight\n"
        "print(Ship.from_bytes(Ship(weight=Weight(tons=3)).to_bytes()).weight.tons)"
    )
    ran_code = subprocess.run(
        [sys.executable, "-c", code], cwd=project / "code", capture_output=True, text=True, timeout=60
    )
    assert ran_code.stdout == "3\n", ran_code.stderr
    assert (run("check", "python", cwd=project).code, run("check", "python", "--strict", cwd=project).code) == (1, 2)
    write(project, {"protos/port/ships.proto": SHIPS})
    assert "removed" in run("generate", "python", cwd=project).errors
    assert "metres" in (project / "code/bindings/port/ships/v1/__init__.py").read_text()
    assert not (project / "code/bindings/port/cranes").exists()


def test_never_compiled(tmp_path: Path) -> None:
    """A file that never compiled holds nothing back: the rest is written, and written again."""
    write(tmp_path, {**FILES, "protos/port/ships.proto": SHIPS.replace("units", "absent")})
    assert run("generate", cwd=tmp_path).code == 0
    write(tmp_path, {"protos/port/tugs.proto": TUGS.replace("length", "metres")})
    ran = run("generate", "python", cwd=tmp_path)
    assert "1 file left out" in ran.errors
    assert "kept" not in ran.errors
    assert "metres" in (tmp_path / "code/bindings/port/ships/v1/__init__.py").read_text()
    ran = run("check", "python", cwd=tmp_path)
    assert ran.code == 1
    assert ran.text.splitlines()[-1] == "1 file left out; 0 outputs kept until they compile"


@pytest.mark.parametrize("runs", [1, 2])
def test_indexes(runs: int, project: Path) -> None:
    """An index stays as long as something that it listed may be there, whichever file is gone, at once or one by one."""
    index = "pages/port/ships/v1/api-ref/grpc/index.md"
    break_ships(project)
    if runs == 2:
        assert run("generate", cwd=project).code == 0
    (project / "protos/port/tugs.proto").unlink()
    assert run("generate", cwd=project).code == 0
    assert index in outputs(project)
    assert "site/reference/port.ships.v1/index.md" in outputs(project)
    assert "site/reference/port.ships.v1/Tugs.md" not in outputs(project)
    (project / "protos/port/ships.proto").unlink()
    assert run("generate", cwd=project).code == 0
    assert not [path for path in outputs(project) if "ships" in path]


def test_site_builds(project: Path) -> None:
    """A site with pages that are kept, and a navigation without them, still builds strictly."""
    break_ships(project)
    assert run("generate", "site", cwd=project).code == 0
    build(project)
    assert (project / "build/site/reference/port.ships.v1/Berths.Moor/index.html").exists()


def test_part(project: Path) -> None:
    """A run for some packages keeps and removes nothing, and says what was left out."""
    break_ships(project)
    ran = run("generate", "reference", "port.cranes.v1", cwd=project)
    assert ran.errors.splitlines()[-2].endswith("0 written, 3 unchanged, 1 file left out")
    assert "3 kept for 1 file left out" in run("generate", "reference", cwd=project).errors


def test_names_where_a_tree_compiles_in_part() -> None:
    """Folders become import roots then, and names shorter; that is the same file, unless one of that name compiles."""
    left_out = LeftOut.of([Diagnostic(Location("dep/a.proto"), "broken")], {"other/dep/a.proto"})
    made = {
        name: left_out.behind(Record("1", (name,)))
        for name in ("dep/a.proto", "vendor/dep/a.proto", "other/dep/a.proto", "a.proto", "b.proto", "dep/a.prot")
    }
    assert [name for name, was in made.items() if was] == ["dep/a.proto", "vendor/dep/a.proto"]
    assert left_out.behind(Record("1", ("b.proto", "dep/a.proto")))
    assert (left_out.behind(Record("1")), left_out.may_be_behind(Record("1"))) == ([], True)
    assert not LeftOut.of([], set()).may_be_behind(Record("1"))


def test_imports_only(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made of files that nobody asked for, since others use it, has no source: it is kept with any of those."""
    monkeypatch.chdir(project)
    compilation = replace(compile_tree([project / "protos"]), requested=frozenset({"port/ships.proto"}))
    workspace = Workspace(Settings(Common(), {}), compilation)
    for name, own, other in (
        ("site", "site/reference/port.ships.v1/Ship.md", "site/reference/port.units.v1/Weight.md"),
        ("python", "bindings/port/ships/v1/__init__.py", "bindings/port/units/v1/_descriptors.py"),
    ):
        target = registry.get(name).make(workspace, None)
        assert {own, other} <= {path for part in target.parts() for path, _ in target.files(part)}
        assert [list(target.sources(path)) for path in (own, other)] == [["port/ships.proto"], []]
