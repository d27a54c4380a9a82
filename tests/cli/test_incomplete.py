"""Commands that show only a part of a tree say so, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write

pytestmark = pytest.mark.slow(reason="runs the command many times")

BODY = "message M {} service S { rpc Do(M) returns (M); rpc Undo(M) returns (M); }"
SOURCES = {
    "ok.proto": proto3("acme.ok", BODY),
    "lost.proto": proto3("acme.lost", BODY, "gone/x.proto"),
    "lost2.proto": proto3("acme.lost2", BODY, "gone/x.proto"),
    "after.proto": proto3("acme.after", BODY, "lost.proto"),
    "bad.proto": proto3("acme.bad", BODY + " message Bad { Missing it = 1; }"),
}
CAUSES = (
    "4 files left out, because 1 import is missing: gone/x.proto (3 files); 1 file has an error: bad.proto (1 file)"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of which one file in five compiles."""
    return write(tmp_path, SOURCES)


def test_list(tree: Path) -> None:
    """The last line has the methods that are shown and those that there are, and the causes."""
    ran = run("list", cwd=tree)
    assert (ran.code, ran.errors.splitlines()[-1]) == (0, f"2 of 10 methods; {CAUSES}")


def test_generate(tree: Path) -> None:
    """Several targets give each warning once, and the causes at the end."""
    write(tree, {"toolkit.toml": "[reference]\n[examples]\n"})
    ran = run("generate", cwd=tree)
    assert ran.errors.splitlines()[-1] == CAUSES
    assert ran.errors.count("warning: ") == 2
    again = run("generate", cwd=tree)
    assert again.errors.splitlines()[-1] == CAUSES


@pytest.mark.parametrize("command", [("page", "acme.ok.S.Do"), ("example", "acme.ok.S.Do")])
def test_one_element(command: tuple[str, ...], tree: Path) -> None:
    """A command about one element has one line for the files that it needs and that were left out."""
    assert run(*command, cwd=tree).errors == ""
    write(tree, {"worse.proto": proto3("acme.ok", "message Worse { Missing it = 1; }")})
    ran = run(*command, cwd=tree)
    causes = "1 file left out, because 1 file has an error: worse.proto (1 file)"
    assert (ran.code, ran.errors) == (0, f"{causes}; `toolkit list` shows all warnings\n")


@pytest.mark.parametrize("command", [("page",), ("example",), ("validate", "--message")])
def test_element_of_a_file_left_out(command: tuple[str, ...], tree: Path) -> None:
    """What is in a file that was left out is not unknown: the file is named, with the cause."""
    write(tree, {"x.json": "{}"})
    for name, file, cause in (
        ("acme.lost.S.Do", "lost.proto", "gone/x.proto"),
        ("acme.after.S", "after.proto", "gone/x.proto"),
        ("acme.bad.M", "bad.proto", '"Missing" is not defined'),
    ):
        arguments = (*command, name, "x.json") if command[0] == "validate" else (*command, name)
        ran = run(*arguments, cwd=tree)
        assert ran.code == 2
        assert f"{name} is in {file}, which was left out" in ran.errors
        assert cause in ran.errors


@pytest.mark.parametrize("command", [("list",), ("list", "--types"), ("generate", "reference"), ("generate", "site")])
def test_package_of_files_left_out(command: tuple[str, ...], tree: Path) -> None:
    """A package whose files were left out is not unknown, nor is such a file; another name is."""
    for name, file in (("acme.lost", "lost.proto"), ("lost.proto", "lost.proto"), ("acme.after.S", "after.proto")):
        ran = run(*command, "acme.ok", name, cwd=tree)
        assert ran.code == 2
        assert f"error: {name} is in {file}, which was left out\n" in ran.errors
        assert "gone/x.proto" in ran.errors
    assert "there is no package, service or file 'acme.nowhere'" in run(*command, "acme.nowhere", cwd=tree).errors


def test_messages_only(tmp_path: Path) -> None:
    """A tree without services says what it has, and lists it."""
    write(
        tmp_path, {"a.proto": proto3("acme", "message A { message B { int32 n = 1; } B b = 1; map<string, B> m = 2; }")}
    )
    write(tmp_path, {"b.proto": proto3("", "enum Color { RED = 0; }").replace("package ;", "")})
    ran = run("list", cwd=tmp_path)
    assert (ran.code, ran.output) == (0, b"")
    assert ran.errors.startswith("no services in 2 packages, 1 message, 1 enum in 2 files; `toolkit list --types`")
    listed = run("list", "--types", cwd=tmp_path)
    assert listed.output.decode() == "(no package)\n  enum Color\nacme\n  message A\n  message A.B\n"
    assert run("list", "--types", "acme", cwd=tmp_path).output.decode() == "acme\n  message A\n  message A.B\n"


def test_example_of_a_message(tmp_path: Path) -> None:
    """A message has an example by itself."""
    write(tmp_path, {"a.proto": proto3("acme", "message A { string name = 1; B b = 2; } message B { bool on = 1; }")})
    made = json.loads(run("example", "acme.A", cwd=tmp_path).output)
    assert made.keys() == {"name", "b"}
    ran = run("example", "acme.A", "--as", "curl", cwd=tmp_path)
    assert ran.code == 2
    assert "there is no method 'acme.A'" in ran.errors
