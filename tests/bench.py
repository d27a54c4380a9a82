"""`make bench`: times and peak memory of whole commands, as ratios against another program in the same run.

The large tree is the newest one in ``CLOUDAPI``. Commands take turns, and the
medians are compared, so that a machine whose speed drifts does not decide.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.golden.published import CLOUDAPI, PUBLISHED, import_roots
from tests.test_examples import failures
from toolkit.classes import Classes
from toolkit.compile import _imports, bundled_roots, compile_tree, find_files
from toolkit.loader import load

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where outputs go: a disk that is busy removing what was there before would be what is measured."""
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
    names.write_text("\n".join(sorted(find_files(roots))))
    includes = [f"-I{root}" for root in (*roots, *bundled_roots())]
    options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={folder}/set.binpb"]
    return [sys.executable, "-m", "grpc_tools.protoc", *includes, *options, f"@{names}"]


def half_of(tree: Path, folder: Path) -> Path:
    """A tree of every second folder's files, and what they import."""
    files = find_files(import_roots(tree))
    folders = sorted({name.rpartition("/")[0] for name in files})
    wanted = {name for name in files if folders.index(name.rpartition("/")[0]) % 2}
    queue = list(wanted)
    while queue:
        for imported, _ in _imports(files[queue.pop()]):
            if imported in files and imported not in wanted:
                wanted.add(imported)
                queue.append(imported)
    target = folder / "half"
    for name in wanted:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[name], target / name)
    return target


def generate(target: str, tree: Path, folder: Path) -> Callable[[], list[str]]:
    """`toolkit generate` of a tree into a new folder each time."""
    roots = [argument for root in import_roots(tree) for argument in ("--proto-path", str(root))]
    catalog = PUBLISHED / "catalog.toml"
    options = ["--catalog", str(catalog)] if target == "reference" and catalog.is_file() else []

    def command() -> list[str]:
        out = tempfile.mkdtemp(dir=folder)
        return [*TOOLKIT, "generate", target, "--quiet", *roots, *options, "--out", out]

    return command


def bench_reference(runs: int, folder: Path) -> None:
    """The reference of the whole tree, cold, protoc included; and of half of it."""
    tree = large_tree()
    half = half_of(tree, folder)
    whole, part, alone, alone_half = in_turn(
        runs,
        generate("reference", tree, folder),
        generate("reference", half, folder),
        lambda: protoc(tree, folder),
        lambda: protoc(half, folder),
    )
    row("protoc alone, whole tree", alone)
    row("toolkit generate reference, whole tree", whole, alone, "at most 2.0 × protoc, 600 MiB")
    row("protoc alone, half the folders", alone_half)
    row("toolkit generate reference, half the folders", part, alone_half, "grows with the tree, not faster")


def bench_examples(runs: int, folder: Path) -> None:
    """The examples of the whole tree, cold, protoc included; and what is wrong with them."""
    tree = large_tree()
    whole, alone = in_turn(runs, generate("examples", tree, folder), lambda: protoc(tree, folder))
    row("toolkit generate examples, whole tree", whole, alone, "at most 3.0 × protoc, 600 MiB")
    compilation = compile_tree(import_roots(tree))
    schema = load(compilation)
    found = failures(schema, Classes(compilation))
    print(f"{2 * len(schema.methods)} examples, {len(found)} do not parse or hold", *found[:5], sep="\n  ")


BENCHES = {"reference": bench_reference, "examples": bench_examples}


def main() -> None:
    """Run the benches named, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all by default")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    for name in arguments.names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="toolkit-bench-", dir=MEMORY) as folder:
            BENCHES[name](arguments.runs, Path(folder))


if __name__ == "__main__":
    main()
