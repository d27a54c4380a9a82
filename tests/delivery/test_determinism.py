"""Output is a function of the input: neither the machine, nor its settings, nor the order of arguments shows in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.support.command import tree, written
from tests.support.protos_of import proto3, write
from toolkit.cli import settings as config
from toolkit.targets import registry
from toolkit.targets.workspace import Workspace

pytestmark = pytest.mark.slow(reason="starts the command many times")

MORE = {
    "more/acme/farm/v1/farm.proto": proto3(
        "acme.farm.v1",
        """
// A field of crops; see [acme.zoo.v1.Cat] and [Nowhere.name].
message Acre {
  map<string, string> labels = 1;
  oneof crop { string wheat = 2; string rye = 3; }
  acme.zoo.v1.Cat cat = 4;
  Season season = 5;
}
enum Season { SEASON_UNSPECIFIED = 0; SPRING = 1; AUTUMN = 2; }
service AcreService { rpc Get(Acre) returns (Acre); rpc Plough(Acre) returns (stream Acre); }
""",
        "acme/zoo/v1/zoo.proto",
    ),
    "more/acme/farm/v1/barn.proto": proto3(
        "acme.farm.v1", "message Barn {}\nservice Barns { rpc Open(Barn) returns (Barn); }"
    ),
}
NAMES = ("acme.zoo.v1", "acme.farm.v1", "acme.storage.v1", "acme.farm.v1.AcreService")


_PINNED = """
import os, sys
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])])
os.execv(sys.executable, [sys.executable, "-m", "toolkit", *sys.argv[2:]])
"""
"""Runs the command on so many processors only."""


@dataclass(frozen=True)
class Way:
    """A way to run the same command."""

    cwd: str = "."
    roots: tuple[str, ...] = ("protos", "more")
    names: tuple[str, ...] = ()
    out: str = "out"
    env: Mapping[str, str] = field(default_factory=dict)
    processors: int = 0

    def run(self, folder: Path, target: str, *flags: str) -> str:
        """Run in a folder, which the output is put below; what it said."""
        arguments = ["generate", target, *flags]
        for root in self.roots:
            arguments += ["--proto-path", root.replace("@", str(folder))]
        arguments += ["--out", self.out.replace("@", str(folder)), *self.names]
        # Not with preexec_fn: libraries of other tests have threads, such as gRPC's, which do not survive a fork.
        program = ["-c", _PINNED, str(self.processors)] if self.processors else ["-m", "toolkit"]
        ran = subprocess.run(
            [sys.executable, *program, *arguments],
            cwd=folder / self.cwd,
            env={**os.environ, **self.env},
            capture_output=True,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stderr.decode("utf-8", "replace")


WAYS = {
    "hash seed 0": Way(env={"PYTHONHASHSEED": "0"}),
    "hash seed 4711, roots turned round": Way(env={"PYTHONHASHSEED": "4711"}, roots=("more", "protos", "more")),
    "absolute paths, one processor": Way(roots=("@/protos", "@/more"), out="@/out", processors=1),
    "from below": Way(cwd="protos/acme", roots=("../../protos", "../../more"), out="../../out", processors=2),
    "from elsewhere, names": Way(cwd="elsewhere", roots=("@/more", "../protos/."), out="../out", names=NAMES),
    "names turned round, one twice": Way(names=(*reversed(NAMES), NAMES[0])),
    "another locale": Way(env={"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}),
    "another place": Way(
        env={"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "HOME": "/nonexistent", "COLUMNS": "20"}
    ),
}
TARGETS = ("reference", "examples")
ROOTS = (("protos", "more"), ("more", "protos"))


def farm(folder: Path) -> Path:
    """A tree of three packages under two roots, and a folder beside them."""
    (folder / "elsewhere").mkdir()
    return write(tree(folder), MORE)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, tuple[str, ...]], Mapping[str, bytes]]:
    """What a target gives in the plainest way, with or without names."""

    @cache
    def run(target: str, names: tuple[str, ...]) -> Mapping[str, bytes]:
        folder = farm(tmp_path_factory.mktemp("plain"))
        Way(names=names).run(folder, target)
        return written(folder / "out")

    return run


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("way", WAYS)
def test_same(
    way: str, target: str, tmp_path: Path, plain: Callable[[str, tuple[str, ...]], Mapping[str, bytes]]
) -> None:
    """However a command is run, its files have the same names and bytes."""
    folder = farm(tmp_path)
    if WAYS[way].processors and not hasattr(os, "sched_setaffinity"):
        pytest.skip("processors cannot be chosen here: run on Linux")
    WAYS[way].run(folder, target)
    files = written(folder / "out")
    assert files == plain(target, ())
    assert len(files) == {"reference": 15, "examples": 21}[target]


@pytest.mark.parametrize("target", TARGETS)
def test_again(target: str, tmp_path: Path) -> None:
    """A second run writes no file, however it is run."""
    folder = farm(tmp_path)
    first = Way(env={"PYTHONHASHSEED": "1"}).run(folder, target)
    count = len(written(folder / "out"))
    assert f": {count} written, 0 unchanged" in first
    for name in ("hash seed 4711, roots turned round", "from elsewhere, names"):
        assert f": 0 written, {count} unchanged" in WAYS[name].run(folder, target)


@pytest.mark.parametrize("target", TARGETS)
def test_in_one_process(
    target: str, tmp_path: Path, plain: Callable[[str, tuple[str, ...]], Mapping[str, bytes]]
) -> None:
    """Work spread over processes gives what one process gives."""
    folder = farm(tmp_path)
    workspace = Workspace(
        config.read(None, {"proto_path": (str(folder / "protos"), str(folder / "more")), f"{target}.out": str(folder)})
    )
    made = registry.get(target).make(workspace, None)
    files = {path: text.encode() for part in made.parts() for path, text in made.files(part)}
    assert files == plain(target, ())


@pytest.mark.parametrize("target", TARGETS)
def test_parts_of_the_whole(
    target: str, tmp_path: Path, plain: Callable[[str, tuple[str, ...]], Mapping[str, bytes]]
) -> None:
    """What is made by name, one after the other into one folder, is what is made at once."""
    folder = farm(tmp_path)
    for name in ("acme.farm.v1.Barns", "acme/zoo/v1/zoo.proto", "acme.storage.v1", "acme.farm.v1.AcreService"):
        Way(names=(name,)).run(folder, target)
    assert written(folder / "out") == plain(target, ())


def test_messages(tmp_path: Path) -> None:
    """The warnings about a tree are the same on every run, in the order of the files, and each thing once."""
    folder = farm(tmp_path)
    ways = [Way(env={"PYTHONHASHSEED": str(seed)}, roots=roots) for seed in (1, 2) for roots in ROOTS]
    said = [way.run(folder, "reference") for way in ways]
    lines = [[line for line in text.splitlines() if line.startswith("warning: ")] for text in said]
    assert all(other == lines[0] for other in lines)
    assert [line.split(": ")[1] for line in lines[0]] == [
        "acme/farm/v1/farm.proto:5",
        "acme/storage/v1/storage.proto:6",
    ]


OWN = {
    "from the repository": (".", ("protos",), "catalog.toml"),
    "from below": ("toolkit/targets", ("../../protos",), "../../catalog.toml"),
    "absolute": ("/", (str(REPOSITORY / "protos"),), str(REPOSITORY / "catalog.toml")),
}


@pytest.mark.parametrize("where", OWN)
def test_own_pages(where: str, tmp_path: Path) -> None:
    """The pages of the repository's own protos are the kept ones, from wherever they are made."""
    cwd, roots, catalog = OWN[where]
    flags = ("--catalog", catalog, "--config", os.devnull, "--style", "current")
    Way(cwd=cwd, roots=roots, out=str(tmp_path / "out"), env={"PYTHONHASHSEED": "99"}).run(
        REPOSITORY, "reference", *flags
    )
    assert written(tmp_path / "out") == written(REPOSITORY / "tests/golden/pages")


def test_own_examples(tmp_path: Path) -> None:
    """The examples of the repository's own protos are the same, from wherever they are made."""
    made = []
    for number, (cwd, roots, _) in enumerate(OWN.values()):
        out = tmp_path / str(number)
        Way(cwd=cwd, roots=roots, out=str(out), env={"PYTHONHASHSEED": str(number)}).run(REPOSITORY, "examples")
        made.append(written(out))
    assert len(made[0]) >= 20
    assert made[0] == made[1] == made[2]
