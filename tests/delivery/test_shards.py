"""Shards: their shares, what they hand over, and that merging them gives what one run writes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import SOURCES, run, written
from tests.support.protos_of import write
from tests.support.site_trees import TREE

SETTINGS = """\
proto_path = ["protos"]
[reference]
out = "docs/grpc"
[rest]
out = "docs/rest"
[toc]
out = "docs"
[examples]
out = "docs/examples"
variants = true
[python]
out = "src"
[site]
out = "."
committed = false
[changelog]
out = "docs/changes"
[changelog.revisions]
old = "old"
new = "protos"
"""
OLD = {"old/acme/zoo/v1/zoo.proto": SOURCES["protos/acme/zoo/v1/zoo.proto"]}
FOREST = {"protos/acme/tree/v1/tree.proto": 'syntax = "proto3"; package acme.tree.v1;\nmessage Tree { string id = 1; }\n'
          "service Trees { rpc Plant(Tree) returns (Tree); rpc Cut(Tree) returns (Tree); }"}  # fmt: skip
TARGETS = ("reference", "rest", "toc", "examples", "python", "site", "changelog")


def project(folder: Path, settings: str = SETTINGS) -> Path:
    """A tree of several packages, with settings for every target."""
    return write(folder, {"toolkit.toml": settings, **SOURCES, **TREE, **OLD, **FOREST})


def clones(folder: Path, count: int, top: Path) -> list[Path]:
    """Copies of a folder, which share nothing."""
    return [shutil.copytree(folder, top / f"clone-{number}") for number in range(1, count + 1)]


def in_parallel(commands: Sequence[Sequence[str]], folders: Sequence[Path]) -> None:
    """Run a command of the toolkit in each folder, in processes of their own, at the same time."""
    started = [
        subprocess.Popen([sys.executable, "-m", "toolkit", *command], cwd=folder, stderr=subprocess.PIPE, text=True)
        for command, folder in zip(commands, folders, strict=True)
    ]
    for process in started:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said


def sharded(folders: Sequence[Path], *command: str) -> None:
    """Run each shard of a command in a folder."""
    in_parallel([[*command, "--shard", f"{n}/{len(folders)}"] for n in range(1, len(folders) + 1)], folders)


@pytest.mark.slow(reason="generates all targets, several times")
@pytest.mark.parametrize("count", [2, 3])
def test_generate(count: int, tmp_path: Path) -> None:
    """Merged shards of all targets are what one run writes, manifests included, and are up to date."""
    base = project(tmp_path / "base")
    folders = clones(base, count, tmp_path)
    before = written(base)
    whole = shutil.copytree(base, tmp_path / "whole")
    assert run("generate", cwd=whole).code == 0
    sharded(folders, "generate", "--quiet")
    shares = [set(written(folder)) - set(before) for folder in folders]
    assert not set.intersection(*shares)
    assert all(len(share) > 1 for share in shares)
    ran = run("merge", *folders, cwd=base)
    assert ran.code == 0, ran.errors
    assert written(base) == written(whole)
    for number in range(1, count + 1):
        ran = run("check", *TARGETS, "--shard", f"{number}/{count}", cwd=base)
        assert ran.code == 0, ran.text + ran.errors
    assert run("check", *TARGETS, cwd=base).code == 0


@pytest.mark.slow(reason="builds HTML with MkDocs")
@pytest.mark.parametrize("search", ["builtin", "pagefind"])
def test_build(search: str, tmp_path: Path) -> None:
    """Merged shards of a build are the site of one build, with all HTML, one search index, and the Markdown copies."""
    base = project(tmp_path / "base", f'proto_path = ["protos"]\n[site]\nout = "."\nsearch = "{search}"\n')
    write(
        base,
        {"site/own.md": "# Our own page\n\nSee [a page](reference/acme.zoo.v1/Cats.Feed.md#acme.zoo.v1.Cats.Feed).\n"},
    )
    folders = clones(base, 2, tmp_path)
    whole = shutil.copytree(base, tmp_path / "whole")
    assert run("build", cwd=whole).code == 0
    sharded(folders, "build", "--quiet")
    pages = [{path for path in written(f / "build/site") if path.endswith("index.html")} for f in folders]
    assert not pages[0] & pages[1]
    assert 0.6 < len(pages[0]) / len(pages[1]) < 1.7
    ran = run("merge", *folders, cwd=base)
    assert ran.code == 0, ran.errors
    merged, expected = written(base), written(whole)
    assert merged.keys() == expected.keys()
    different = [path for path in expected if merged[path] != expected[path] and "/pagefind/" not in path]
    assert different == []
