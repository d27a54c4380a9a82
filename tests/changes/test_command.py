"""`toolkit diff`: what OLD and NEW may be, exit codes, formats, exceptions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.versions import diff
from toolkit.descriptors.compile import compile_tree

pytestmark = pytest.mark.slow(reason="starts the command many times")

OLD = proto3("acme.v1", "message Thing {\n  string id = 1;\n  string name = 2;\n}")
NEW = proto3("acme.v1", "message Thing {\n  int32 id = 1;\n}")
TYPE = "FIELD_SAME_TYPE"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with two versions, and a third to make changes in."""
    write(tmp_path, {"old/acme/a.proto": OLD, "new/acme/a.proto": NEW, "toolkit.toml": 'proto_path = ["new"]\n'})
    return tmp_path


def test_text(workspace: Path) -> None:
    """Each change is a line with its place, on disk where it is, its rules and categories; the summary is an error line."""
    ran = diff(workspace, "old", "new")
    assert ran.code == 0
    gone, changed = ran.text.splitlines()
    assert gone.startswith(
        "acme/a.proto:5:3 (old): field acme.v1.Thing.name: field name = 2 removed [FIELD_NO_DELETE, "
    )
    assert changed.startswith(
        "new/acme/a.proto:4:3: field acme.v1.Thing.id: type changed from string to int32 [FIELD_SAME"
    )
    assert ran.errors == "2 changes, 2 breaking\n"


@pytest.mark.parametrize(("category", "code"), [("FILE", 1), ("WIRE", 1), ("CONSTRAINT", 0)])
def test_exit_codes(workspace: Path, category: str, code: int) -> None:
    """A category sets the exit code where one of its rules is broken, and only then."""
    assert diff(workspace, "old", "new", "--breaking", category).code == code
    assert diff(workspace, "old", "old", "--breaking", category).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.binpb", "new"), "there is no file or folder 'nowhere.binpb'"),
        (("nowhere:protos", "new"), "'nowhere:protos' is not a file, folder or revision"),
        (("", "new"), "the name of a version is empty"),
        (("old", ""), "the name of a version is empty"),
        (("-", "-"), "only one of OLD and NEW can be standard input"),
        (("toolkit.toml", "new"), "the input is not a descriptor set"),
        (("--except", "FIELD_SAME", "old", "new"), "there is no rule 'FIELD_SAME'"),
        (("--output=x", "new"), "No such option"),
    ],
)
def test_wrong_input(workspace: Path, arguments: tuple[str, ...], said: str) -> None:
    """What is wrong is said, and the exit code is 2."""
    ran = diff(workspace, *arguments)
    assert ran.code == 2
    assert said in ran.errors


def test_sets_and_standard_input(workspace: Path) -> None:
    """A descriptor set is read from a file and from standard input, with the same result as its folder."""
    whole = diff(workspace, "old", "new", "--format", "json").text
    content = compile_tree([workspace / "old"]).descriptor_set
    (workspace / "old.binpb").write_bytes(content)
    assert diff(workspace, "old.binpb", "new", "--format", "json").text == whole
    assert diff(workspace, "-", "new", "--format", "json", stdin=content).text == whole


def test_json(workspace: Path) -> None:
    """JSON has everything a program needs: kind, element, both places, rules, categories, whether it breaks."""
    ran = diff(workspace, "old", "new", "--format", "json", "--breaking", "WIRE")
    changed = json.loads(ran.text)["changes"][1]
    assert changed["kind"] == "type"
    assert changed["element"] == "acme.v1.Thing.id"
    assert changed["old"] == {"file": "acme/a.proto", "line": 4, "column": 3}
    assert changed["new"] == {"file": "new/acme/a.proto", "line": 4, "column": 3}
    assert TYPE in changed["rules"]
    assert changed["categories"] == ["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "REST"]
    assert changed["breaking"] is True


def test_github(workspace: Path) -> None:
    """An annotation sits on the line of the new tree: on what contained a removed field."""
    gone, changed = diff(workspace, "old", "new", "--format", "github").text.splitlines()
    assert gone.startswith("::error file=new/acme/a.proto,line=3,col=1,title=FIELD_NO_DELETE")
    assert changed.startswith("::error file=new/acme/a.proto,line=4,col=3,title=FIELD_SAME_TYPE")


def test_markdown(workspace: Path) -> None:
    """Breaking changes head the page in a table; names and messages of the protos are not markup in it."""
    write(workspace, {"new/acme/a.proto": NEW + 'message B_ { string s = 1 [json_name = "<b>|*x*"]; }\n'})
    write(workspace, {"old/acme/a.proto": OLD + "message B_ { string s = 1; }\n"})
    lines = diff(workspace, "old", "new", "--format", "markdown").text.splitlines()
    assert lines[0] == "# API changes"
    assert lines[2] == "3 changes, 3 breaking."
    (row,) = [line for line in lines if "JSON name" in line]
    assert "from s to &lt;b>\\|\\*x\\*" in row


def test_excepted_in_the_settings(workspace: Path) -> None:
    """Rules, files, folders and packages are excepted; what would have broken is still told."""
    for settings in (
        'except = ["FIELD_SAME_TYPE"]',
        'ignore = ["acme"]',
        'ignore = ["acme.v1"]',
        'ignore = ["acme/a.proto"]',
    ):
        (workspace / "toolkit.toml").write_text(f"[diff]\n{settings}\n")
        ran = diff(workspace, "old", "new")
        assert ran.code == 0
        assert "allowed:" in ran.text
        assert f"[{TYPE}" not in ran.text
    assert diff(workspace, "old", "new", "--breaking", "FILE").code == 0
    (workspace / "toolkit.toml").write_text('[diff]\nignore = ["acm", "acme.v"]\n')
    assert diff(workspace, "old", "new", "--breaking", "FILE").code == 1


@pytest.mark.parametrize(
    "comment",
    [
        "// toolkit:allow FIELD_SAME_TYPE nobody used it\n",
        "// The id.\n//\n//   toolkit:allow FIELD_SAME_TYPE nobody used it\n",
        "// The id. (-- toolkit:allow FIELD_SAME_TYPE nobody used it --)\n",
        "// The id.\n// (-- toolkit:allow\tFIELD_SAME_TYPE\tnobody used it\n// more --)\n",
    ],
)
def test_allowed_in_a_comment(workspace: Path, comment: str) -> None:
    """A line of the new element's comment allows a rule with a reason, in a block for insiders too."""
    text = NEW.replace("int32 id = 1;", f"{comment}  int32 id = 1;\n  string name = 2;")
    write(workspace, {"new/acme/a.proto": text})
    ran = diff(workspace, "old", "new", "--breaking", "FILE")
    assert ran.code == 0
    assert "(FIELD_SAME_TYPE allowed: nobody used it)" in ran.text
    assert diff(workspace, "old", "new", "--breaking", "WIRE").code == 1


def test_allowed_where_a_removed_one_stood(workspace: Path) -> None:
    """The comment of a message can allow that a field is removed."""
    text = OLD.replace("  string name = 2;\n", "").replace(
        "message", "// toolkit:allow FIELD_NO_DELETE it was empty\nmessage"
    )
    write(workspace, {"new/acme/a.proto": text})
    assert diff(workspace, "old", "new", "--breaking", "FILE").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("FIELD_SAME_TYPE", "toolkit:allow FIELD_SAME_TYPE gives no reason, and is not applied"),
        ("FIELD_SAME_KIND because", "toolkit:allow names the unknown rule 'FIELD_SAME_KIND'"),
        ("", "toolkit:allow names no rule"),
    ],
)
def test_allowed_wrongly(workspace: Path, words: str, said: str) -> None:
    """An exception without a reason, or of a rule that there is not, is a warning with its place and allows nothing."""
    write(workspace, {"new/acme/a.proto": NEW.replace("int32", f"// toolkit:allow {words}\n  int32")})
    ran = diff(workspace, "old", "new", "--breaking", "FILE")
    assert ran.code == 1
    assert f"warning: acme/a.proto:5:3: {said}" in ran.errors


def test_comments_may_be_left_out(workspace: Path) -> None:
    """Changes of comments are told unless they are not wanted."""
    write(
        workspace,
        {"old/acme/a.proto": f"{OLD}// Old.\nmessage B {{}}\n", "new/acme/a.proto": f"{OLD}// New.\nmessage B {{}}\n"},
    )
    assert diff(workspace, "old", "new").text.count("\n") == 1
    assert diff(workspace, "old", "new", "--no-comments").text == ""


def test_rules_are_listed(workspace: Path) -> None:
    """Every rule is listed with its categories."""
    lines = run("diff", "--list-rules", cwd=workspace).text.splitlines()
    assert any(line.split()[:3] == ["FIELD_SAME_TYPE", "FILE,", "PACKAGE"] for line in lines)
    assert any("CONSTRAINT_LENGTH_TIGHTENED" in line for line in lines)
