"""Files that do not compile in one version or both: nothing is said of them but that, and no gate passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.versions import diff
from toolkit.changes.model import Change, not_compared
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors.roots import Tree
from toolkit.descriptors.sources import read_source
from toolkit.semantics.mappings import built_in

pytestmark = pytest.mark.slow(reason="starts the command many times")

GOOD = proto3("acme.v1", "message Thing { string id = 1; }\nmessage Other { map<string, string> m = 1; }")
BROKEN = proto3("acme.v1", "message Thing { Gone id = 1; }")
ALONE = proto3("acme.alone", "message Alone { string s = 1; }")
REST = proto3("acme.rest", "message Rest { string s = 1; }")


def changes(folder: Path, old: dict[str, str], new: dict[str, str]) -> tuple[list[Change], list[str]]:
    """The changes between two trees, and the files that are not compared."""
    sources = [read_source(str(write(folder / side, tree)), Tree(())) for side, tree in (("old", old), ("new", new))]
    missing = [file.file for file in not_compared(*(source.left_out for source in sources))]
    sets = [ParsedSet(source.compilation) for source in sources]
    return compare_sets(*sets, built_in(), not_compared=set(missing)), missing


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a.proto": GOOD}, {"a.proto": BROKEN}, []),
        ({"a.proto": BROKEN}, {"a.proto": GOOD}, []),
        ({"a.proto": BROKEN}, {"a.proto": BROKEN}, []),
        ({"a.proto": ALONE}, {"a.proto": BROKEN}, []),
        ({"a.proto": BROKEN}, {}, []),
        ({}, {"a.proto": BROKEN}, []),
        (
            {"a.proto": GOOD, "b.proto": ALONE},
            {"a.proto": BROKEN},
            ["b.proto: removed", "acme.alone: package acme.alone removed", "acme.alone.Alone: message Alone removed"],
        ),
        (
            {"a.proto": GOOD},
            {"a.proto": BROKEN, "b.proto": ALONE},
            ["b.proto: added", "acme.alone: added", "acme.alone.Alone: added"],
        ),
        (
            {"a.proto": ALONE},
            {"a.proto": BROKEN, "b.proto": ALONE},
            ["b.proto: added", "acme.alone.Alone: moved from a.proto to b.proto"],
        ),
        (
            {"a.proto": BROKEN, "b.proto": ALONE},
            {"a.proto": ALONE},
            ["b.proto: removed", "acme.alone.Alone: moved from b.proto to a.proto"],
        ),
        (
            {"a.proto": ALONE},
            {"a.proto": BROKEN, "b.proto": ALONE.replace("acme.alone", "acme.other")},
            ["b.proto: added", "acme.other: added", "acme.other.Alone: added"],
        ),
    ],
)
def test_nothing_came_or_went(tmp_path: Path, old: dict[str, str], new: dict[str, str], expected: list[str]) -> None:
    """What is declared in a file that does not compile is neither added nor removed, and so are its package and maps."""
    found, missing = changes(tmp_path, {**old, "rest.proto": REST}, {**new, "rest.proto": REST})
    assert missing == ["a.proto"]
    assert sorted(f"{change.element}: {change.message}" for change in found) == sorted(expected)


def test_package_of_which_a_part_is_compared(tmp_path: Path) -> None:
    """A package is not removed where one of its files does not compile, though all others are gone."""
    more = proto3("acme.v1", "message More {}")
    found, _ = changes(
        tmp_path, {"a.proto": GOOD, "b.proto": more, "c.proto": REST}, {"a.proto": BROKEN, "c.proto": REST}
    )
    assert [(change.noun, change.element) for change in found] == [("file", "b.proto"), ("message", "acme.v1.More")]
    assert all("PACKAGE_NO_DELETE" not in change.rules for change in found)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two versions with a break, of which the file with it compiles in neither; and one that imports it."""
    lost = 'import "gone/dep.proto";\nmessage A { %s name = 1; }'
    user = proto3("acme", "message B { A a = 1; }", "acme/a.proto")
    for side, kind in (("old", "string"), ("new", "int64")):
        files = {"acme/a.proto": proto3("acme", lost % kind), "acme/b.proto": user, "rest.proto": REST}
        write(tmp_path, {f"{side}/{name}": text for name, text in files.items()})
    return tmp_path


def test_exit_codes(workspace: Path) -> None:
    """With --breaking or strict it is 2, in the settings too; the rest is reported, but for strict."""
    ran = diff(workspace, "old", "new")
    assert (ran.code, ran.errors.splitlines()[-1]) == (0, "0 changes, 0 breaking, 2 files not compared")
    ran = diff(workspace, "old", "new", "--breaking", "WIRE")
    assert (ran.code, ran.errors.splitlines()[-1]) == (2, "0 changes, 0 breaking WIRE, 2 files not compared")
    write(workspace, {"new/rest.proto": REST.replace("string", "int32")})
    assert diff(workspace, "old", "new", "--breaking", "WIRE").code == 2  # and not 1: there may be more
    for arguments in (("--strict",), ("--config", "toolkit.toml")):
        write(workspace, {"toolkit.toml": "strict = true\n"})
        ran = diff(workspace, "old", "new", *arguments)
        assert (ran.code, ran.text) == (2, "")
        assert ran.errors.splitlines()[0] == "error: 2 files do not compile and --strict is set:"
    assert diff(workspace, "old", "new", "--no-strict").code == 0


def test_ignored_files(workspace: Path) -> None:
    """A file whose changes break nothing may be left out: it is told, and no more."""
    for ignore, code in (('"acme"', 0), ('"acme/a.proto"', 2), ('"acme/a.proto", "acme/b.proto"', 0)):
        write(workspace, {"toolkit.toml": f"[diff]\nignore = [{ignore}]\n"})
        ran = diff(workspace, "old", "new", "--breaking", "WIRE")
        assert (ran.code, ran.errors.splitlines()[-1]) == (code, "0 changes, 0 breaking WIRE, 2 files not compared")


def test_formats(workspace: Path) -> None:
    """Every format says of each file that it is not compared, in which versions it does not compile, and why."""
    write(workspace, {"old/acme/a.proto": proto3("acme", "message A { string name = 1; }")})
    why = 'not compared, since it does not compile in NEW: Import "gone/dep.proto" was not found'
    assert diff(workspace, "old", "new").text.splitlines() == [
        f"new/acme/a.proto:3:1: {why}",
        'new/acme/b.proto:3:1: not compared, since it does not compile in NEW: imports "acme/a.proto", which was left out',
    ]
    lines = diff(workspace, "old", "new", "--format", "markdown").text.splitlines()
    assert lines[2:6] == ["0 changes, 0 breaking, 2 files not compared.", "", "## Not compared", ""]
    assert lines[6] == f"- new/acme/a.proto:3:1: {why}"
    first, _ = json.loads(diff(workspace, "old", "new", "--format", "json").text)["not_compared"]
    assert first == {
        "file": "acme/a.proto",
        "old": None,
        "new": {"file": "acme/a.proto", "line": 3, "column": 1, "message": 'Import "gone/dep.proto" was not found'},
    }
    for arguments, level in (((), "warning"), (("--breaking", "FILE"), "error")):
        annotation, _ = diff(workspace, "old", "new", "--format", "github", *arguments).text.splitlines()
        assert annotation == f"::{level} file=new/acme/a.proto,line=3,col=1,title=not compared::{why}"
    assert "it does not compile in OLD: " in diff(workspace, "new", "old").text


def test_warnings(workspace: Path) -> None:
    """Both versions' causes are warned of once, with what follows from each."""
    ran = diff(workspace, "old", "new")
    (warning, _) = ran.errors.splitlines()
    assert warning.startswith(
        'warning: acme/a.proto:3:1: Import "gone/dep.proto" was not found; left out with it: acme/b'
    )


def test_changelog(workspace: Path) -> None:
    """The page of a revision names the files that are not compared; strict refuses them."""
    settings = '[changelog.revisions]\none = "old"\ntwo = "new"\n'
    write(workspace, {"toolkit.toml": f'proto_path = ["new"]\n{settings}'})
    ran = run("changelog", cwd=workspace)
    assert ran.code == 0, ran.errors
    page = (workspace / "build/changelog/two.md").read_text()
    assert (
        "Nothing changed since one.\n\nNot compared, because they do not compile: `acme/a.proto`, `acme/b.proto`.\n"
        in page
    )
    write(workspace, {"toolkit.toml": f'strict = true\nproto_path = ["new"]\n{settings}'})
    ran = run("changelog", cwd=workspace)
    assert ran.code == 2
    assert "2 files do not compile and --strict is set" in ran.errors
