"""Shards: their shares, what they hand over, and that merging them gives what one run writes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import SOURCES, run, written
from tests.support.protos_of import write
from tests.support.site_trees import TREE
from toolkit.delivery.shards import Shard
from toolkit.errors import ConfigError
from toolkit.targets.registry import BUILT_IN as TARGETS

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
[openapi]
out = "docs/openapi"
[jsonschema]
out = "docs/schemas"
[descriptors]
out = "docs/sets"
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
    different = [path for path in expected if merged[path] != expected[path]]
    assert different == []


@pytest.mark.slow(reason="builds HTML with MkDocs")
def test_broken_anchor(tmp_path: Path) -> None:
    """A link to an anchor that a page of another shard lacks is an error of the merge, as it is one of a single build."""
    base = project(tmp_path / "base", 'proto_path = ["protos"]\n[site]\nout = "."\n')
    names = ("acme.zoo.v1.Cats.Feed", "acme.tree.v1.Trees.Plant", "acme.tree.v1.Trees.Cut")
    pages = {name: f"reference/{name.rsplit('.', 2)[0]}/{'.'.join(name.rsplit('.', 2)[1:])}.md" for name in names}
    links = [f"[x]({page}#{name})" for name, page in pages.items()]
    own = base / "site/own.md"
    write(base, {"site/own.md": "# Own\n\n" + "\n".join(links)})
    folders = clones(base, 2, tmp_path)
    sharded(folders, "build", "--quiet")
    assert run("merge", *folders, "--quiet", cwd=base).code == 0
    built = [json.loads((f / f"toolkit.manifest.{n}-of-2").read_text())["html"] for n, f in enumerate(folders, 1)]
    other = next(html for html in built if "own.md" not in html["pages"])
    name = next(name for name, page in pages.items() if page in other["pages"])
    for folder in (base, *folders):
        write(folder, {"site/own.md": own.read_text().replace(f"#{name}", f"#{name[:-1]}_")})
    assert f"{name[:-1]}_" in run("build", cwd=shutil.copytree(base, tmp_path / "whole")).errors
    sharded(folders, "build", "--quiet")
    ran = run("merge", *folders, cwd=base)
    assert ran.code == 2
    assert f"#{name[:-1]}_, but there is no such anchor" in ran.errors


def shares(folder: Path, count: int = 2, target: str = "reference") -> list[Path]:
    """The shares of a target of the small tree, each in a folder of its own."""
    write(folder, SOURCES)
    made = [folder / f"share-{number}" for number in range(1, count + 1)]
    flags = ["generate", target, "--quiet", "--proto-path", "protos"]
    in_parallel(
        [[*flags, "--out", str(out), "--shard", f"{n}/{count}"] for n, out in enumerate(made, 1)], [folder] * count
    )
    return made


def refused(folder: Path, *folders: Path) -> str:
    """What is said by a merge that fails, and writes nothing."""
    ran = run("merge", *folders, "--output", "merged", cwd=folder)
    assert ran.code == 2
    assert not (folder / "merged").exists()
    return ran.errors


@pytest.mark.slow(reason="runs the command several times")
def test_out(tmp_path: Path) -> None:
    """With --out, the file of a shard is in that directory, and a merge with --output needs no settings."""
    folders = shares(tmp_path)
    assert run("merge", *folders, "--output", "merged", cwd=tmp_path).code == 0
    assert run("generate", "reference", "--proto-path", "protos", "--out", "whole", cwd=tmp_path).code == 0
    assert written(tmp_path / "merged") == written(tmp_path / "whole") != {}


@pytest.mark.slow(reason="runs the command several times")
def test_refused(tmp_path: Path) -> None:
    """A merge names what is missing, there twice, of another run or from another input, and writes nothing."""
    one, two = shares(tmp_path)
    assert "missing: shard 2/2" in refused(tmp_path, one)
    copy = shutil.copytree(one, tmp_path / "copy")
    assert "shard 1/2 is there twice" in refused(tmp_path, one, two, copy)
    assert "there is no toolkit.manifest.1-of-2 or the like" in refused(tmp_path, one, tmp_path / "protos")
    other = shares(tmp_path / "other", 3)
    assert "is one of 2 shards, but" in refused(tmp_path, one, two, other[2])
    (tmp_path / "protos/acme/zoo/v1/zoo.proto").write_text(SOURCES["protos/acme/zoo/v1/zoo.proto"] + "\n// More.\n")
    again = run("generate", "reference", "--proto-path", "protos", "--out", "late", "--shard", "2/2", cwd=tmp_path)
    assert again.code == 0
    assert "shards 1/2 and 2/2 did not make reference from the same input" in refused(tmp_path, one, tmp_path / "late")
    ran = run("generate", "rest", "--proto-path", "protos", "--out", str(two), "--shard", "2/2", cwd=tmp_path)
    assert ran.code == 0
    assert "shard 1/2 did not make rest" in refused(tmp_path, one, two)


@pytest.mark.slow(reason="runs the command several times")
def test_untrusted(tmp_path: Path) -> None:
    """Nothing leads out of a folder, and no content is merged that a shard did not make."""
    one, two = shares(tmp_path)
    file = two / "toolkit.manifest.2-of-2"
    good = file.read_text()
    content = json.loads(good)
    made = content["targets"]["reference"]
    (tmp_path / "secret.md").write_text("secret")
    for path in ("../secret.md", "a/../../secret.md", "/etc/passwd", ".git/config"):
        made["records"] = {path: ["0" * 32]}
        file.write_text(json.dumps(content))
        assert "leads out of the folder" in refused(tmp_path, one, two), path
    for out in ("..", "/etc", "x/../.."):
        for number, folder in enumerate((one, two), 1):
            other = json.loads((folder / f"toolkit.manifest.{number}-of-2").read_text())
            other["targets"]["reference"]["out"] = out
            (folder / f"toolkit.manifest.{number}-of-2").write_text(json.dumps(other))
        assert "leads out of the folder" in refused(tmp_path, one, two), out
    one, two = shares(tmp_path)
    clash = json.loads(good)
    path = next(iter(json.loads((one / "toolkit.manifest.1-of-2").read_text())["targets"]["reference"]["records"]))
    clash["targets"]["reference"]["records"][path] = ["0" * 32]
    file.write_text(json.dumps(clash))
    assert f"shards 1/2 and 2/2 made different files {path!r}" in refused(tmp_path, one, two)
    file.write_text(good[: len(good) // 2])
    assert "not the file of a shard" in refused(tmp_path, one, two)
    file.write_text(good)
    page = two / next(iter(json.loads(good)["targets"]["reference"]["records"]))
    page.write_text("edited")
    assert "is not what the shard made" in refused(tmp_path, one, two)
    page.unlink()
    os.symlink(tmp_path / "secret.md", page)
    assert "is not what the shard made" in refused(tmp_path, one, two)


@pytest.mark.slow(reason="runs the command several times")
def test_owners(tmp_path: Path) -> None:
    """In one folder, shards replace and a merge removes what the toolkit wrote, and neither touches what others wrote."""
    base = write(
        tmp_path, {"toolkit.toml": 'proto_path = ["protos"]\n[reference]\nout = "docs"\n', **SOURCES, **FOREST}
    )
    assert run("generate", cwd=base).code == 0
    orphan, mine = base / "docs/acme/tree/v1/api-ref/grpc/Trees/cut.md", base / "docs/mine.md"
    mine.write_text("mine")
    (base / "protos/acme/tree/v1/tree.proto").write_text('syntax = "proto3"; package acme.tree.v1;\n'
        "message Tree { string id = 1; } service Trees { rpc Plant(Tree) returns (Tree); }")  # fmt: skip
    for _ in range(2):
        for shard in ("1/2", "2/2"):
            assert run("generate", "--shard", shard, cwd=base).code == 0
            assert orphan.exists()
        zoo = base / "protos/acme/zoo/v1/zoo.proto"
        zoo.write_text(zoo.read_text().replace("rpc Feed", "// Feeds.\n rpc Feed"))
    ran = run("merge", cwd=base)
    assert ran.code == 0, ran.errors
    assert "1 removed" in ran.errors
    assert not orphan.exists()
    assert mine.read_text() == "mine"
    assert not list(base.glob("toolkit.manifest.*"))
    edited = base / "docs/acme/zoo/v1/api-ref/grpc/Cats/feed.md"
    edited.write_text("edited")
    codes = [run("generate", "--shard", shard, cwd=base).code for shard in ("1/2", "2/2")]
    assert sorted(codes) == [0, 2]
    assert edited.read_text() == "edited"


@pytest.mark.slow(reason="runs the command several times")
def test_left_out(tmp_path: Path) -> None:
    """Outputs of a file that does not compile are kept by a merge, as they are by one run."""
    base = write(tmp_path / "base", {"toolkit.toml": 'proto_path = ["protos"]\n[reference]\nout = "docs"\n', **SOURCES})
    assert run("generate", cwd=base).code == 0
    write(
        base,
        {"protos/acme/zoo/v1/zoo.proto": 'syntax = "proto3";\npackage acme.zoo.v1;\nmessage Cat { strin x = 1; }\n'},
    )
    folders = clones(base, 2, tmp_path)
    whole = shutil.copytree(base, tmp_path / "whole")
    assert run("generate", cwd=whole).code == 0
    sharded(folders, "generate", "--quiet")
    assert run("merge", *folders, cwd=base).code == 0
    assert written(base) == written(whole)
    assert "docs/acme/zoo/v1/api-ref/grpc/Cats/feed.md" in written(base)


def test_shares() -> None:
    """Every item is in one share, whatever the number of shards, and shares weigh about the same."""
    weights = [(7 * at) % 13 + 1 for at in range(200)]
    for count in (1, 2, 3, 7):
        found = [Shard(number, count).share(weights) for number in range(1, count + 1)]
        assert sorted(at for share in found for at in share) == list(range(200))
        loads = [sum(weights[at] for at in share) for share in found]
        assert max(loads) - min(loads) <= max(weights)


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "1/2/3", "-1/2", "a/b", "1/0", "٣/4", "1/99999"])
def test_not_a_shard(text: str) -> None:
    """What is not a number of a shard and their count is an error."""
    with pytest.raises(ConfigError):
        Shard.parse(text)


HOOKS = """
titles = []

def on_page_content(html, page, config, files):
    titles.append(f"{page.title}: {len(html)}")

def on_post_build(config):
    with open(f"{config.site_dir}/titles.txt", "w") as file:
        file.write("\\n".join(titles))
"""


@pytest.mark.slow(reason="builds HTML with MkDocs")
def test_hooks(tmp_path: Path) -> None:
    """Code of the user that looks at all pages sees all of them in every shard."""
    settings = 'proto_path = ["protos"]\n[site]\nout = "."\n'
    base = write(tmp_path / "base", {"toolkit.toml": settings, "hooks.py": HOOKS, **SOURCES})
    assert run("generate", "site", "--quiet", cwd=base).code == 0
    with (base / "mkdocs.yml").open("a") as file:
        file.write("hooks: [hooks.py]\n")
    folders = clones(base, 2, tmp_path)
    whole = shutil.copytree(base, tmp_path / "whole")
    assert run("build", "--quiet", cwd=whole).code == 0
    sharded(folders, "build", "--quiet")
    assert run("merge", *folders, "--quiet", cwd=base).code == 0
    assert written(base / "build") == written(whole / "build")
    assert len((base / "build/site/titles.txt").read_text().splitlines()) > 10
