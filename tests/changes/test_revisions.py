"""Revisions of git as OLD and NEW: which folders of them are read, and what git is kept from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.versions import commit_all, diff, git
from toolkit.descriptors.revisions import Revision, tags
from toolkit.errors import InputError

pytestmark = pytest.mark.slow(reason="starts the command and git many times")

OLD = proto3("acme.v1", "message Thing {\n  string id = 1;\n  string name = 2;\n}")
NEW = proto3("acme.v1", "message Thing {\n  int32 id = 1;\n}")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with two versions, and a third to make changes in."""
    write(tmp_path, {"old/acme/a.proto": OLD, "new/acme/a.proto": NEW, "toolkit.toml": 'proto_path = ["new"]\n'})
    return tmp_path


def test_revisions(workspace: Path) -> None:
    """A revision stands for a folder of it, or for the configured roots in it, from any folder of the repository."""
    write(workspace, {"new/acme/a.proto": OLD})
    commit_all(workspace)
    write(workspace, {"new/acme/a.proto": NEW})
    whole = diff(workspace, "old", "new").text
    assert diff(workspace, "main:new", "new").text == whole
    assert diff(workspace, "main", "new").text == whole
    assert diff(workspace, "HEAD", "main").text == ""
    assert diff(workspace / "new", "main", ".").text == whole.replace("new/acme", "acme")
    ran = diff(workspace, "main:gone", "new")
    assert ran.code == 2
    assert "there is no folder 'gone' in the revision 'main'" in ran.errors


def test_several_roots(workspace: Path) -> None:
    """One of several roots stands for its own files, here and in a revision; it may import from the others."""
    vendored = proto3("lib", "message L { string s = 1; }")
    text = proto3("acme.v1", "message Thing { lib.L l = 1; }", "lib.proto")
    write(workspace, {"toolkit.toml": 'proto_path = ["p", "p/lib"]\n', "p/a.proto": text, "p/lib/lib.proto": vendored})
    commit_all(workspace)
    write(
        workspace, {"p/a.proto": text.replace("l = 1", "l = 2"), "p/lib/lib.proto": vendored.replace("s = 1", "s = 2")}
    )
    changed = "field acme.v1.Thing.l: number changed from 1 to 2"
    for old, new in (("main:p", "p"), ("main:p/", "./p")):
        ran = diff(workspace, old, new)
        assert ran.code == 0, ran.errors
        assert [line.split(" [")[0] for line in ran.text.splitlines()] == [f"p/a.proto:4:17: {changed}"]
    assert "lib.L.s" in diff(workspace, "main:p/lib", "p/lib").text
    assert diff(workspace, "main", "main:p").errors.count("error") == 0


def test_what_a_revision_may_hold(workspace: Path) -> None:
    """Of a revision its own .proto files are read, whatever .gitattributes say; not links, submodules, hidden folders."""
    write(workspace, {"old/.hidden/b.proto": "broken", "secret/c.proto": "broken", "old/acme/tab\t.txt": ""})
    write(workspace, {f"{folder}/\u00fc.proto": 'syntax = "proto3";' for folder in ("old", "new")})
    write(workspace, {".gitattributes": "*.proto export-ignore text eol=crlf\n"})
    (workspace / "old/link.proto").symlink_to("../secret/c.proto")
    (workspace / "old/folder").symlink_to("../secret")
    write(workspace, {"toolkit.toml": 'proto_path = ["old"]\n'})
    commit_all(workspace)
    git(
        workspace, "update-index", "--add", "--cacheinfo", f"160000,{git(workspace, 'rev-parse', 'main')},old/sub.proto"
    )
    git(workspace, "commit", "-q", "-m", "submodule")
    for name in ("main", "main:old"):
        ran = diff(workspace, name, "new")
        assert (ran.code, ran.errors) == (0, "2 changes, 2 breaking\n")


def test_revision_that_leads_out(workspace: Path) -> None:
    """Names in a tree that lead out of it, which only a forged repository has, are passed over."""
    commit_all(workspace)
    tree = git(workspace, "rev-parse", "main:old/acme")
    for name in ("..", "..", "..", "old"):
        entry = b"40000 %s\0%s" % (name.encode(), bytes.fromhex(tree))
        tree = git(workspace, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=entry)
    forged = git(workspace, "commit-tree", "-m", "forged", tree)
    (workspace / "t/t").mkdir(parents=True)
    ran = diff(workspace, f"{forged}:old", "new", TMPDIR=str(workspace / "t/t"))
    assert (ran.code, list((workspace / "t").rglob("*.proto"))) == (2, [])
    assert "there is no .proto file in" in ran.errors


def test_roots_that_a_revision_lacks(workspace: Path) -> None:
    """Of several roots the one that is named must be in the revision; the others may be missing."""
    (workspace / "toolkit.toml").write_text('proto_path = ["old", "later"]\n')
    commit_all(workspace)
    (workspace / "later").mkdir()
    assert diff(workspace, "main:old", "old").errors == "0 changes, 0 breaking\n"
    assert "later" in diff(workspace, "main", "old").errors


def test_roots_outside_the_repository(tmp_path: Path) -> None:
    """They are there for the imports of both sides, and are not compared themselves."""
    workspace = tmp_path / "repository"
    text = proto3("acme.v1", "message Thing { dep.D d = %s; }", "dep/d.proto")
    dep = {"deps/dep/d.proto": proto3("dep", "message D {}"), "deps/bad.proto": proto3("dep", "message {}")}
    write(tmp_path, dep)
    write(workspace, {"p/a.proto": text % 1, "b/a.proto": text % 1, "toolkit.toml": 'proto_path = ["p", "../deps"]\n'})
    commit_all(workspace)
    write(workspace, {"p/a.proto": text % 2})
    for old in ("main", "main:p", "main:b"):
        ran = diff(workspace, old, "p", "--breaking", "WIRE", "--strict")
        assert (ran.code, ran.errors) == (1, "1 change, 1 breaking WIRE\n"), old
    assert diff(workspace, "main", "HEAD").errors == "0 changes, 0 breaking\n"
    ran = diff(workspace, "main:../deps", "p")
    assert ran.code == 2
    assert "is not in the repository" in ran.errors


def test_folders_that_lead_out(workspace: Path) -> None:
    """A folder of a revision that leads out of the repository is refused, and nothing is made anywhere."""
    commit_all(workspace)
    inner, made = workspace / "t/t", workspace / "t/made"
    inner.mkdir(parents=True)
    for name in (f"main:{'../' * 9}{str(made)[1:]}", f"main:{made}", "main:old/../../x", "main:../../made"):
        ran = diff(workspace, name, "new", TMPDIR=str(inner))
        assert ran.code == 2
        assert [path.name for path in (workspace / "t").rglob("*")] == ["t"]
    assert diff(workspace, "main:old/../new", "new").errors == "0 changes, 0 breaking\n"


def moved(workspace: Path) -> None:
    """Tags v1 and v2 between which the folder of protos, its dependency and the settings move."""
    text = proto3("acme.v1", "message Thing { dep.D d = %s; }", "d.proto")
    dep = proto3("dep", "message D {}")
    settings = 'proto_path = ["%s", "%s"]\n[changelog]\ntags = "v*"\n'
    for tag, folder, lib in (("v1", "protos", "vendor"), ("v2", "proto", "third_party")):
        for old in ("protos", "vendor"):
            if (workspace / old).exists():
                git(workspace, "rm", "-rq", old)
        write(workspace, {f"{folder}/a.proto": text % tag[1], f"{lib}/d.proto": dep})
        write(workspace, {"toolkit.toml": settings % (folder, lib)})
        git(workspace, "add", "-A")
        git(workspace, "commit", "-q", "-m", tag)
        git(workspace, "tag", tag)


def test_folder_that_moved(workspace: Path) -> None:
    """A revision is read by its own settings file: with its folder of protos, and what these import."""
    commit_all(workspace)
    moved(workspace)
    line = "proto/a.proto:4:17: field acme.v1.Thing.d: number changed from 1 to 2"
    assert line in diff(workspace, "v1", "proto").text
    assert line.replace("proto/", "") in diff(workspace, "v1", "v2").text
    assert line in diff(workspace, "v1:protos", "proto").text
    ran = run("changelog", cwd=workspace)
    assert ran.code == 0, ran.errors
    assert "There is one change since v1" in (workspace / "build/changelog/v2.md").read_text()


def test_roots_of_now(workspace: Path) -> None:
    """Flags win over the settings of a revision; without settings, or with ones that cannot be read, those of now count."""
    write(workspace, {"toolkit.toml": 'proto_path = ["gone"]\n'})
    commit_all(workspace)
    (workspace / "toolkit.toml").write_text('proto_path = ["new"]\n')
    assert "there is no folder 'gone' in the revision 'main'" in diff(workspace, "main", "new").errors
    assert diff(workspace, "main", "new", "--proto-path", "old").errors == "2 changes, 2 breaking\n"
    for text in ("proto_path = 5", "proto_path = ['']", "proto_path = [", "[site]\n", b"\xff"):
        write(workspace, {"toolkit.toml": text})
        git(workspace, "commit", "-qam", "other")
        (workspace / "toolkit.toml").write_text('proto_path = ["new"]\n')
        assert diff(workspace, "HEAD", "old").errors == "2 changes, 1 breaking\n", text
    git(workspace, "rm", "-q", "--cached", "toolkit.toml")
    git(workspace, "commit", "-qm", "none")
    assert diff(workspace, "HEAD", "old").errors == "2 changes, 1 breaking\n"


def test_roots_of_named_revisions(workspace: Path) -> None:
    """A revision of the changelog may name its own import roots; a tag that is named is not listed again."""
    commit_all(workspace)
    moved(workspace)
    settings = (
        'proto_path = ["proto", "third_party"]\n[changelog]\ntags = "v*"\n[changelog.revisions]\n'
        'v1 = { revision = "v1", proto_path = ["protos", "vendor"] }\n'
    )
    write(workspace, {"toolkit.toml": settings})
    assert run("changelog", cwd=workspace).code == 0
    assert "There is one change since v1" in (workspace / "build/changelog/v2.md").read_text()
    for value in ('{ revision = "v1" }', '{ revision = "v1", proto_path = [] }', '{ revision = 1, proto_path = "p" }'):
        (workspace / "toolkit.toml").write_text(f"[changelog.revisions]\nv1 = {value}\n")
        assert "[changelog.revisions] maps names" in run("changelog", cwd=workspace).errors


def lose(folder: Path, name: str) -> None:
    """Remove an object of a repository."""
    number = git(folder, "rev-parse", name)
    (folder / ".git/objects" / number[:2] / number[2:]).unlink()


@pytest.mark.parametrize("name", ["main:old/acme/a.proto", "main:old", "main^{tree}"])
def test_lost_objects(workspace: Path, name: str) -> None:
    """What the repository has lost is an error that says so."""
    commit_all(workspace)
    lose(workspace, name)
    ran = diff(workspace, "main:old", "new")
    assert ran.code == 2
    assert ran.errors.startswith(
        "error: git does not have 'acme/a.proto' of 'main'" if "a.proto" in name else "error: "
    )


def test_nothing_is_fetched_or_run(workspace: Path) -> None:
    """In a repository whose configuration runs commands, for lost objects too, none is run."""
    commit_all(workspace)
    git(workspace, "tag", "v1")
    lose(workspace, "main:old/acme/a.proto")
    ran_file = workspace / "ran"
    hook = workspace / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {ran_file}\n")
    hook.chmod(0o755)
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialclone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": str(workspace),
        "remote.origin.uploadpack": str(hook),
        "protocol.allow": "always",
        "core.fsmonitor": str(hook),
        "core.pager": str(hook),
        "core.sshCommand": str(hook),
        "core.alternateRefsCommand": str(hook),
    }.items():
        git(workspace, "config", key, value)
    assert diff(workspace, "main:old", "new").code == 2
    assert tags("v*", workspace) == ["v1"]
    assert not ran_file.exists()


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git is not installed, or there is no repository, a revision or tag is an error that says it."""
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(InputError):
            Revision.of("main", folder)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="git is not installed"):
        Revision.of("main", tmp_path)
    with pytest.raises(InputError, match="git is not installed"):
        tags("v*", tmp_path)
