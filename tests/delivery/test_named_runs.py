"""The run cache, where packages are named."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from toolkit.cli import settings as reader
from toolkit.cli.options import choose
from toolkit.delivery import inputs
from toolkit.delivery.run import Mode, Outcome
from toolkit.delivery.run import run as run_target
from toolkit.descriptors import protoc
from toolkit.targets import registry
from toolkit.targets.workspace import Workspace

FILES = {
    f"acme/{name}/v1/{name}.proto": proto3(
        f"acme.{name}.v1",
        "// A thing.\nmessage Thing { string name = 1; } service Things { rpc Get(Thing) returns (Thing); }",
    )
    for name in ("ark", "zoo")
}
ARK, ZOO = ("acme.ark.v1",), ("acme.zoo.v1",)
TARGETS = ("reference", "site")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two packages, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    home = write(tmp_path / "home", {f"protos/{name}": text for name, text in FILES.items()})
    tables = "".join(f'[{target}]\nout = "{target}"\n' for target in TARGETS)
    (home / "toolkit.toml").write_text(f'proto_path = ["protos"]\n{tables}')
    monkeypatch.chdir(home)
    return home


def run(target: str, names: tuple[str, ...] = (), *, cached: bool = True) -> Outcome:
    """Run a target; what was written just before a run counts as written during it."""
    time.sleep(0.05)
    workspace = Workspace(reader.read(Path("toolkit.toml"), {}))
    return run_target(workspace, registry.get(target), Mode.WRITE, choose(names), cached=cached)


def files(folder: Path) -> dict[str, bytes]:
    """The files in a project, without its protos."""
    found = (path for path in folder.rglob("*") if path.is_file() and "protos" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("target", TARGETS)
def test_same_names(target: str, home: Path) -> None:
    """A run with the same names is answered from the cache, and says the same; one with other names is not."""
    run(target, ARK)
    fresh = run(target, ARK, cached=False)
    run(target, ARK)  # the first one with the mkdocs.yml that it wrote
    again = run(target, ARK)
    assert (again.target, again.written) == (None, fresh.written)
    assert run(target, ZOO).target is not None
    assert run(target).target is not None


def test_records_of_others(home: Path) -> None:
    """What other names made meanwhile stays, and so does its record; what they removed is made again."""
    run("reference", ARK)
    run("reference", ZOO)
    before = files(home)
    assert run("reference", ARK).target is None
    assert files(home) == before
    next(path for path in (home / "reference/acme/ark").rglob("*.md")).unlink()
    assert run("reference", ARK).written.written == 1
    assert files(home) == before


def test_manifest(home: Path) -> None:
    """A run whose files are no longer in the manifest writes it again."""
    run("reference", ARK)
    before = files(home)
    (home / "toolkit.manifest").unlink()
    run("reference", ARK)
    assert files(home) == before


@pytest.mark.parametrize("target", TARGETS)
def test_edit(target: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an edit only its file is compiled, and the output is that of a run without the cache."""
    run(target, ARK)
    run(target, ARK)
    compiled: list[Sequence[str]] = []
    start = protoc.start

    def started(roots: object, names: Sequence[str], *more: object) -> object:
        compiled.append(names)
        return start(roots, names, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(protoc, "start", started)
    proto = home / "protos/acme/ark/v1/ark.proto"
    proto.write_text(proto.read_text().replace("A thing.", "Something else."))
    assert run(target, ARK).written.written
    assert compiled == [["acme/ark/v1/ark.proto"]]
    made = files(home)
    assert any(b"Something else." in text for text in made.values())
    assert run(target, ARK, cached=False).written.written == 0
    assert files(home) == made


def test_keys(home: Path) -> None:
    """Names count, in their order, and so does whether one of them is a path on disk."""
    settings, kind = reader.read(home / "toolkit.toml", {}), registry.get("reference")
    chosen = [(), ARK, ZOO, (*ARK, *ZOO), ("zoo.proto",)]
    keys = [inputs.keys_of(settings, kind, None, names) for names in chosen]
    (home / "zoo.proto").write_text("")
    keys.append(inputs.keys_of(settings, kind, None, chosen[-1]))
    assert all(keys)
    assert len({key.run for key in keys if key}) == len({key.frame for key in keys if key}) == len(keys)
    assert len({key.tree for key in keys if key}) == 1
