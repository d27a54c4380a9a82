"""Versions that come from a server, from the web or from git: when a run reads them again."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.servers import answering, reflecting, web
from tests.targets.site.test_versions import NEW, OLD
from toolkit.cli.settings import read
from toolkit.delivery import inputs
from toolkit.descriptors.compile import compile_tree
from toolkit.targets.registry import get

pytestmark = pytest.mark.slow(reason="starts servers and the command many times")

SETTINGS = 'proto_path = ["protos"]\n[site]\n[site.versions]\nv1 = "SOURCE"\nv2 = "protos"\n'
LEND = "site/versions/v1/acme.v1/Books.Lend.md"
PAGE = "site/versions/v1/acme.v1/Book.md"
UNCHANGED = "0 written"


def tree(folder: Path, source: str, settings: str = SETTINGS) -> Path:
    """A tree whose other version is read from somewhere."""
    files = {"protos/acme/books.proto": proto3("acme.v1", NEW), "toolkit.toml": settings.replace("SOURCE", source)}
    return write(folder, files)


def set_with(folder: Path, comment: str) -> tuple[int, Mapping[str, str], bytes]:
    """The answer of a web server: the old protos as a descriptor set, with a comment."""
    text = proto3("acme.v1", OLD.replace("message Book", f"// {comment}\nmessage Book"))
    return 200, {}, compile_tree([write(folder, {"acme/books.proto": text})]).descriptor_set


def generate(folder: Path) -> str:
    """Generate the site; the summary of the run."""
    ran = run("generate", "site", cwd=folder)
    assert ran.code == 0, ran.errors
    return ran.errors


@pytest.mark.parametrize("by", ["versions", "revisions"])
def test_the_web_is_read_in_every_run(tmp_path: Path, by: str) -> None:
    """Once in a run: what is there now is shown, and where nothing changed, nothing is generated."""
    answers = {"/v1.binpb": set_with(tmp_path / "sets", "Paper.")}
    shown = SETTINGS
    if by == "revisions":
        shown = SETTINGS.replace("[site]", "[site]\nshow_revisions = true").replace(
            "site.versions", "changelog.revisions"
        )
    with web(answers) as (at, seen):
        folder = tree(tmp_path / "work", f"http://{at}/v1.binpb", shown)
        generate(folder)
        assert "Paper." in (folder / PAGE).read_text()
        assert len(seen) == 1
        assert UNCHANGED in generate(folder)
        assert len(seen) == 2
        answers["/v1.binpb"] = set_with(tmp_path / "sets", "Parchment.")
        ran = run("check", "site", cwd=folder)
        assert ran.code == 1
        assert PAGE in ran.text
        generate(folder)
        assert "Parchment." in (folder / PAGE).read_text()
        assert run("check", "site", cwd=folder).code == 0
        answers.clear()
        ran = run("check", "site", cwd=folder)
    assert ran.code == 2
    assert f"http://{at}/v1.binpb" in ran.errors


def test_a_server_is_read_in_every_run(tmp_path: Path) -> None:
    """A method that the server has now is shown, while the tree and the settings are the same."""
    old = proto3("acme.v1", OLD)
    both = [old, old.replace("rpc Get", "rpc Lend(Book) returns (Book); rpc Get")]
    sets = [compile_tree([write(tmp_path / f"{n}", {"acme/books.proto": text})]) for n, text in enumerate(both)]
    answers = [reflecting(one.descriptor_set, ["acme.v1.Books"]) for one in sets]
    with answering(lambda requests, context: answers[0](requests, context)) as at:
        folder = tree(tmp_path / "work", f"grpc://{at}")
        generate(folder)
        assert UNCHANGED in generate(folder)
        assert not (folder / LEND).exists()
        del answers[0]
        generate(folder)
        assert (folder / LEND).exists()


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    who = ("-c", "user.name=a", "-c", "user.email=a@acme.example")
    ran = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.mark.parametrize("form", ["{}", "{}:protos", "table"])
def test_commits_are_not_looked_up_again(tmp_path: Path, form: str) -> None:
    """A version that is pinned by the ID of a commit does not change; that of a branch may, with each commit."""
    folder = tree(tmp_path, "SOURCE")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "protos")
    git(folder, "commit", "-qm", "one")
    keys = {}
    for revision in ("main", git(folder, "rev-parse", "HEAD")):
        source = (
            f'{{ revision = "{revision}", proto_path = ["protos"] }}'
            if form == "table"
            else f'"{form.format(revision)}"'
        )
        write(folder, {"toolkit.toml": SETTINGS.replace('"SOURCE"', source)})
        generate(folder)
        assert UNCHANGED in generate(folder)
        settings = read(folder / "toolkit.toml", {})
        before = inputs.keys_of(settings, get("site"))
        git(folder, "commit", "-qm", "more", "--allow-empty")
        keys[revision] = before == inputs.keys_of(settings, get("site"))
    assert [*keys.values()] == [False, True]
