"""Long lists, large maps and bytes, and small messages: the bindings in C and in Python, beside other runtimes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measure import TOOLKIT
from tests.bench.python import Peer, Worker, compare

HERE = Path(__file__).parent
NAMES = ("int64s", "int32s", "doubles", "strings", "entries", "blob", "smalls", "one small")
TASKS = tuple(f"{verb} {name}" for name in NAMES for verb in ("read", "write"))
_LISTS = ("int64s", "int32s", "doubles", "strings")
_TARGETS = {f"{verb} {name}": "C at most 1.00 × the better" for name in NAMES[:6] for verb in ("read", "write")}
_TARGETS |= {f"write {name}": "C at most 1.00 × the better, Python 2.50 × official" for name in _LISTS}
_TARGETS |= {"read one small": "C at most 1.00 × protobuf-py, both together"}


def bench_shapes(runs: int, folder: Path, peers: Sequence[Peer]) -> None:
    """Reading and writing messages of one field each."""
    tree = folder / "shapes" / "protos"
    where = tree / "bench/shapes/v1/shapes.proto"
    where.parent.mkdir(parents=True)
    shutil.copyfile(HERE / "peers/shapes.proto", where)
    ours = folder / "shapes" / "ours"
    generate = [*TOOLKIT, "generate", "python", "--quiet", "--no-cache", "--proto-path", str(tree)]
    subprocess.run([*generate, "--package", "measured", "--out", str(ours)], check=True)
    workers = []
    for peer in peers:
        out = folder / "shapes" / peer.script
        subprocess.run(peer.protoc([tree], ["bench/shapes/v1/shapes.proto"], out), check=True, capture_output=True)
        workers.append(_worker(peer.name, peer.python, peer.name, out / peer.below))
    workers.append(_worker("in C", sys.executable, "ours", ours))
    workers.append(_worker("in Python", sys.executable, "ours", ours, TOOLKIT_RUNTIME="pure"))
    workers = [worker for worker in workers if _agrees(worker, workers[0])]
    print("\n100,000 elements, 10 MB, 10,000 small messages, and one 1,000 times; medians, and ratios to official")
    compare(workers, {task: _TARGETS.get(task, "") for task in TASKS}, runs)


def _worker(name: str, python: str, runtime: str, folder: Path, **environment: str) -> Worker:
    command = [python, "-m", "tests.bench.peers.shapes", runtime, str(folder)]
    return Worker(name, command, TASKS, {**os.environ, **environment})


def _agrees(worker: Worker, first: Worker) -> bool:
    if not worker.digests:
        print(f"{worker.name} does not start: {worker.why()}")
    elif worker.digests != first.digests:
        print(f"{worker.name} writes something else")
        worker.close()
    return bool(worker.digests) and worker.digests == first.digests
