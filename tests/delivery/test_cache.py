"""The cache of runs: what it knows is right, what it does not know is made, and what is damaged is not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import toolkit
from tests.support.command import Ran, run, tree, written
from toolkit.delivery.cache import _prune
from toolkit.delivery.inputs import _program
from toolkit.targets.templates import built_in_templates

pytestmark = pytest.mark.slow(reason="starts the command many times")

CONFIG = (
    'proto_path = ["protos"]\ntemplates = ["mine"]\ncatalog = "catalog.toml"\nrules = ["rules.toml"]\n[reference]\n'
)
GET = "build/reference/acme/storage/v1/api-ref/grpc/Bucket/get.md"
STORAGE = "protos/acme/storage/v1/storage.proto"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A project that was generated once, with a cache of its own."""
    folder = tree(tmp_path / "project")
    (folder / "toolkit.toml").write_text(CONFIG)
    (folder / "mine/yfm").mkdir(parents=True)
    (folder / "catalog.toml").write_text("")
    (folder / "rules.toml").write_text("")
    assert with_cache(folder, "generate", "reference").code == 0
    return folder


def with_cache(folder: Path, *arguments: str) -> Ran:
    """Run the toolkit with that cache."""
    return run(*arguments, cwd=folder, env={"XDG_CACHE_HOME": str(folder.parent / "cache")})


def entries(folder: Path) -> list[Path]:
    """The entries of the cache."""
    return list((folder.parent / "cache/proto-toolkit/runs").iterdir())


def imports(folder: Path, *arguments: str) -> set[str]:
    """The modules that a run imports, which tells whether anything was made."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "toolkit", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache")},
        timeout=120,
    )
    return {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("command", [("check",), ("generate", "reference")])
def test_hit(workspace: Path, command: tuple[str, ...]) -> None:
    """What is known and on disk is neither compiled nor rendered again; without the cache it is."""
    assert "jinja2" not in imports(workspace, *command)
    assert "jinja2" in imports(workspace, *command, "--no-cache")


def test_same_words(workspace: Path) -> None:
    """A run that finds everything in the cache prints the same as the run that filled it."""
    first = with_cache(workspace, "generate", "reference", "--no-cache")
    second = with_cache(workspace, "generate", "reference")
    assert first.errors == second.errors
    assert "[Nowhere.name]" in second.errors
    assert "9 pages in" in second.errors


def _edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / path).read_text()
        (folder / path).write_text(text.replace(old, new) if old else text + new)

    return edit


def _unnoticed(folder: Path) -> None:
    """An edit of the same length, with the time of the last change put back."""
    before = (folder / GET).stat()
    _edit(GET, "Gets a bucket.", "Gets a basket.")(folder)
    os.utime(folder / GET, ns=(before.st_atime_ns, before.st_mtime_ns))


def _digest(folder: Path, digest: str) -> None:
    """Another digest for the page in the manifest."""
    content = json.loads((folder / "toolkit.manifest").read_text())
    content["reference"][GET.removeprefix("build/reference/")][0] = digest
    (folder / "toolkit.manifest").write_text(json.dumps(content))


CHANGES: dict[str, Callable[[Path], None]] = {
    "proto": _edit(STORAGE, "Gets a bucket.", "Fetches a bucket."),
    "page": _edit(GET, "Gets a bucket.", "Gets a basket."),
    "page, unnoticed": _unnoticed,
    "page gone": lambda folder: (folder / GET).unlink(),
    "page's digest": lambda folder: _digest(folder, "0" * 32),
    "manifest gone": lambda folder: (folder / "toolkit.manifest").unlink(),
    "catalog": _edit("catalog.toml", "", '[[package]]\nname = "acme.zoo.v1"\ntitle = "Zoo"\ndocs_path = "zoo"\n'),
    "rules": _edit("rules.toml", "", '[well_known]\n"acme." = "/types/{name}"\n'),
    "setting": _edit("toolkit.toml", "[reference]", '[reference]\nstyle = "current,source_path=true"'),
    "template": lambda folder: (folder / "mine/yfm/method.md.j2").write_text("{{ page.title }}\n"),
    "new file": lambda folder: (folder / "protos/new.proto").write_text(
        'syntax = "proto3"; package acme.new; message M {} service S { rpc Get(M) returns (M); }'
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_input_counts(change: str, workspace: Path) -> None:
    """A change of any input or output is noticed, exactly as without the cache."""
    CHANGES[change](workspace)
    cached, without = with_cache(workspace, "check"), with_cache(workspace, "check", "--no-cache")
    assert (cached.code, cached.text, cached.errors) == (without.code, without.text, without.errors)
    assert cached.code in (1, 2)


def test_the_toolkit_itself_counts() -> None:
    """Its modules, rules and templates are inputs too, wherever the templates lie, and what protoc brings."""
    known = {path for path, _ in _program()}
    for folder, pattern in ((built_in_templates(), "*.j2"), (Path(toolkit.__path__[0]) / "semantics/mappings", "*")):
        files = {str(path) for path in folder.rglob(pattern) if path.suffix in (".j2", ".py", ".toml")}
        assert files
        assert files <= known
    assert any(path.endswith("google/rpc/status.proto") for path in known)
    assert any(path.endswith("google/protobuf/descriptor.proto") for path in known)


def test_touched_files_are_read(workspace: Path) -> None:
    """A file that was written again with the same content is up to date, and needs no rendering."""
    content = (workspace / GET).read_bytes()
    (workspace / GET).unlink()
    (workspace / GET).write_bytes(content)
    assert "jinja2" not in imports(workspace, "check")
    assert with_cache(workspace, "check").code == 0


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"records": {}}', b"\xff\x00", b'{"records": 1, "stamps": 2}', b"number", b"names"],
)
def test_damaged_entry(damage: bytes, workspace: Path) -> None:
    """A damaged entry is a miss, and is replaced."""
    (entry,) = entries(workspace)
    whole = json.loads(entry.read_bytes())
    damaged = {b"number": {"left_out": "1e400"}, b"names": {"imported": {"../x": 1}}}.get(damage)
    text = json.dumps({**whole, **damaged}).replace('"1e400"', "1e400").encode() if damaged else damage
    entry.write_bytes(text)
    assert with_cache(workspace, "check").code == 0
    assert json.loads(entry.read_bytes())["records"] == whole["records"]


def test_pipe_for_an_entry(workspace: Path) -> None:
    """A pipe where an entry belongs is a miss: nobody waits for it."""
    (entry,) = entries(workspace)
    entry.unlink()
    os.mkfifo(entry)
    assert with_cache(workspace, "check").code == 0
    assert entry.is_file()


def owned_by_another(folder: Path) -> None:
    """Another user's directory."""
    folder.mkdir()
    os.chown(folder, 12345, -1)


@pytest.mark.parametrize("how", [owned_by_another, lambda folder: folder.symlink_to("other"), Path.touch])
def test_planted_folder(how: Callable[[Path], object], workspace: Path) -> None:
    """In a temporary directory that others write in, only a directory of one's own is used, for entries and locks."""
    if how is owned_by_another and os.geteuid() != 0:
        pytest.skip("only root gives files away: run as root")
    temporary = workspace.parent / "tmp"
    (temporary / "other").mkdir(parents=True)
    (workspace.parent / "taken").touch()
    environment = {"XDG_CACHE_HOME": str(workspace.parent / "taken"), "TMPDIR": str(temporary)}
    own = temporary / f"proto-toolkit-{os.getuid()}"
    how(own)
    for arguments in (("generate", "reference"), ("check",)):
        assert run(*arguments, cwd=workspace, env=environment).code == 0
    assert not written(temporary).keys() - {own.name}
    own.unlink() if not own.is_dir() or own.is_symlink() else own.rmdir()
    assert run("generate", "reference", cwd=workspace, env=environment).code == 0
    assert own.stat().st_mode & 0o777 == 0o700
    assert {path.partition("/")[2].partition("/")[0] for path in written(temporary)} == {
        "runs",
        "locks",
        "last",
        "trees",
    }


def test_clear(workspace: Path) -> None:
    """`toolkit cache clear` removes all runs; the next one is cached again."""
    ran = with_cache(workspace, "cache", "clear")
    assert (ran.code, ran.errors.split(" from ")[0]) == (0, "removed 1 cached runs")
    assert "jinja2" in imports(workspace, "check")
    assert len(entries(workspace)) == 1


def test_no_place_for_a_cache(workspace: Path) -> None:
    """Where no cache can be written everything works without."""
    cache = workspace.parent / "taken"
    cache.write_text("a file where a folder belongs")
    for arguments in (("generate", "reference"), ("check",)):
        ran = run(*arguments, cwd=workspace, env={"XDG_CACHE_HOME": str(cache), "TMPDIR": str(workspace.parent)})
        assert ran.code == 0, ran.errors


def test_runs_at_once(workspace: Path) -> None:
    """Runs that check at the same time do not disturb each other."""
    with_cache(workspace, "cache", "clear")
    command = [sys.executable, "-m", "toolkit", "check"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(workspace.parent / "cache")}
    running = [subprocess.Popen(command, cwd=workspace, env=environment, stderr=subprocess.PIPE) for _ in range(6)]
    assert [(p.communicate(timeout=120)[1], p.returncode) for p in running] == [(b"reference: up to date\n", 0)] * 6
    assert [path for path in written(workspace.parent / "cache") if "/." in path] == []


def test_a_part_is_not_remembered_as_the_whole(workspace: Path) -> None:
    """A run for some names has an entry of its own."""
    with_cache(workspace, "cache", "clear")
    assert with_cache(workspace, "generate", "reference", "acme.zoo.v1").code == 0
    part = entries(workspace)
    assert len(part) == 1
    assert with_cache(workspace, "generate", "reference").code == 0
    assert len(entries(workspace)) == 2


def test_pruned_while_others_prune(tmp_path: Path) -> None:
    """The newest entries stay; one that vanishes while it is looked at, as when another run prunes, is no matter."""
    for number in range(203):
        (tmp_path / f"{number:03}").write_text("x")
        os.utime(tmp_path / f"{number:03}", (number, number))
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / ".half").write_text("x")
    os.utime(tmp_path / ".half", (1, 1))
    _prune(tmp_path, 200)
    assert {path.name for path in tmp_path.iterdir()} == {"gone", *(f"{number:03}" for number in range(3, 203))}
