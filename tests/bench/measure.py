"""What benches are made of: commands that take turns, their times and peak memory, and the large tree."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.published import CLOUDAPI, PUBLISHED, import_roots
from toolkit.descriptors.compile import bundled_roots
from toolkit.descriptors.declarations import declarations
from toolkit.descriptors.roots import Root, find_files

TOOLKIT = [sys.executable, "-m", "toolkit"]


@dataclass
class Series:
    """The runs of one command: seconds on the clock, and the largest process's peak in MiB."""

    seconds: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def median(self) -> float:
        """Of the seconds."""
        return statistics.median(self.seconds)

    def run(self, command: Sequence[str]) -> None:
        """Run once more."""
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds.append(time.perf_counter() - start)
        self.peak = max(self.peak, usage.ru_maxrss / 1024)
        if process.returncode:
            raise SystemExit(f"{' '.join(command[:6])} … failed:\n{said.decode()[-2000:]}")


def in_turn(runs: int, *commands: Callable[[], Sequence[str]]) -> list[Series]:
    """Run commands in turn, each once unmeasured first."""
    series = [Series() for _ in commands]
    for number in range(runs + 1):
        for one, command in zip(series, commands, strict=True):
            (one if number else Series()).run(command())
    return series


def row(name: str, mine: Series, other: Series | None = None, target: str = "") -> None:
    """Print one result."""
    ratio = f"{mine.median / other.median:6.2f} ×" if other else " " * 8
    print(f"{name:<46} {mine.median:7.2f} s {ratio} {mine.peak:7.0f} MiB  {target}", flush=True)


def large_tree() -> Path:
    """The newest tree; the end of the run where there is none."""
    trees = sorted(p for p in CLOUDAPI.glob("*") if p.is_dir()) if CLOUDAPI.is_dir() else []
    if not trees:
        raise SystemExit(f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
    return trees[-1]


def protoc(tree: Path, folder: Path) -> list[str]:
    """Protoc alone over a tree, to a descriptor set with source info."""
    roots = import_roots(tree)
    names = folder / "names"
    names.write_text("\n".join(sorted(find_files(map(Root, roots)))))
    includes = [f"-I{root}" for root in (*roots, *bundled_roots())]
    options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={folder}/set.binpb"]
    return [sys.executable, "-m", "grpc_tools.protoc", *includes, *options, f"@{names}"]


def generate(target: str, tree: Path, folder: Path) -> Callable[[], list[str]]:
    """`toolkit generate` of a tree into a new folder each time."""
    roots = [argument for root in import_roots(tree) for argument in ("--proto-path", str(root))]
    catalog = PUBLISHED[-1] / "catalog.toml"
    options = ["--catalog", str(catalog)] if target == "reference" and catalog.is_file() else []

    def command() -> list[str]:
        out = tempfile.mkdtemp(dir=folder)
        plain = ["--config", os.devnull]  # not the settings of this repository
        return [*TOOLKIT, "generate", target, *plain, "--quiet", "--no-cache", *roots, *options, "--out", out]

    return command


def with_imports(files: dict[str, Path], wanted: Collection[str]) -> list[str]:
    """Files, and what they lead to by import, sorted."""
    found = set(wanted)
    queue = list(found)
    while queue:
        for imported, _ in declarations(files[queue.pop()]).imports:
            if imported in files and imported not in found:
                found.add(imported)
                queue.append(imported)
    return sorted(found)
