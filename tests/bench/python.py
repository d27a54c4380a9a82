"""What bindings cost: reading and writing messages, importing a package, generating a tree.

Each runtime has a process of its own, in an environment of its own; they take
turns, a few repetitions at a time, and medians are compared. Peers other than
the official runtime are installed when they are asked for.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.measure import Series, generate, in_turn, large_tree, protoc, row, with_imports
from tests.support.published import import_roots
from toolkit.descriptors.compile import bundled_roots
from toolkit.descriptors.roots import Root, find_files

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "build/peers"
PINS = (
    "betterproto2==0.10.0",
    "betterproto2-compiler==0.10.1",
    "grpcio-tools==1.85.1",
    "protobuf-py==0.7.0",
    "protoc-gen-py==0.7.0",
)
TARGETS = {
    "decode and read": 2.0,
    "encode": 1.0,
    "to dict": 0.15,
    "to text": None,
    "from dict": 0.15,
    "from text": 0.15,
}
"""What is done with a message, and how long it may take as a share of what the official runtime takes."""
PACKAGE = "yandex/cloud/compute/v1"
_A_TURN = 10_000_000
"""Nanoseconds of repetitions before it is another runtime's turn."""


@dataclass
class Peer:
    """A runtime that the bindings are compared with."""

    name: str
    script: str
    """The module in tests/bench/peers that does the work."""
    python: str
    plugin: str
    """The option of protoc that generates its code."""
    suffix: str
    """What the name of a generated module ends with; empty where there is one a package."""
    below: str = ""
    """The package that generated code has to lie in."""
    folder: Path = field(default_factory=Path)

    def modules(self, files: Sequence[str]) -> list[str]:
        """The modules to import for the package that is measured."""
        stems = [name.removesuffix(".proto") for name in files if name.rpartition("/")[0] == PACKAGE]
        paths = [f"{stem}{self.suffix}" for stem in stems] if self.suffix else [PACKAGE]
        return [f"{self.below}/{path}".lstrip("/").replace("/", ".") for path in paths]

    def protoc(self, roots: Sequence[Path], files: Sequence[str], out: Path) -> list[str]:
        """The command that generates its code."""
        (out / self.below).mkdir(parents=True, exist_ok=True)
        names = out / "names"
        names.write_text("\n".join(files))
        includes = [f"-I{root}" for root in (*roots, *bundled_roots())]
        return [self.python, "-m", "grpc_tools.protoc", *includes, f"--{self.plugin}={out / self.below}", f"@{names}"]


OFFICIAL = Peer("official", "official", sys.executable, "python_out", "_pb2")
OTHERS = (
    Peer("protobuf-py", "of_protobuf_py", str(PEERS / "bin/python"), "py_out", "_pb", below="peer_py"),
    Peer("betterproto2", "of_betterproto2", str(PEERS / "bin/python"), "python_betterproto2_out", "", below="peer_b2"),
)


def bench_python(runs: int, folder: Path, *, with_peers: bool, generating: bool) -> None:
    """Messages, imports and generation, beside the official runtime and, when asked for, the peers."""
    peers = chosen(with_peers)
    bench_messages(runs, folder, peers)
    tree = large_tree()
    bench_imports(runs, folder, peers, tree)
    bench_generation(runs, folder, peers[1:] if generating else [], tree)


def chosen(with_peers: bool) -> list[Peer]:
    """The official runtime, and the others, installed, if they are asked for."""
    if not with_peers:
        print("beside the official runtime only; with `python -m tests.bench python --peers` the others too, in a venv")
        return [OFFICIAL]
    install()
    os.environ["PATH"] = f"{PEERS / 'bin'}{os.pathsep}{os.environ['PATH']}"  # where protoc looks for plugins
    return [OFFICIAL, *OTHERS]


def install() -> None:
    """The environment of the peers, made again when the pins change."""
    stamp = PEERS / "pins"
    pins = "\n".join(PINS)
    if stamp.is_file() and stamp.read_text() == pins:
        return
    print(f"installing into {PEERS.relative_to(ROOT)}: {', '.join(PINS)}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
    pip = [str(PEERS / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    ran = subprocess.run([*pip, *PINS], capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"cannot install the peers: {ran.stderr.strip()[-1000:]}")
    stamp.write_text(pins)


def generated(peers: Sequence[Peer], roots: Sequence[Path], folder: Path) -> tuple[list[Peer], list[str]]:
    """The peers that could generate the package and what it imports, into a folder each; and the files."""
    files = find_files(map(Root, [*roots, *bundled_roots()]))
    wanted = with_imports(files, [name for name in files if name.rpartition("/")[0] == PACKAGE])
    wanted = [name for name in wanted if not name.startswith("google/protobuf/")]
    able = []
    for peer in peers:
        peer.folder = folder / peer.script
        command = peer.protoc(roots, wanted, peer.folder)
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode:
            print(f"{peer.name} does not generate {PACKAGE}: {ran.stderr.strip()[-300:]}")
        else:
            able.append(peer)
    return able, wanted


class Worker:
    """A process that does what it is told with one runtime."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        tasks: Iterable[str] = TARGETS,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.nanos: dict[str, list[int]] = {task: [] for task in tasks}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        self.digests = self._ask("check").split()

    def _ask(self, line: str) -> str:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            print(line, file=process.stdin, flush=True)
        except BrokenPipeError:
            return ""
        return process.stdout.readline()

    def why(self) -> str:
        """The last that a process said that ended early."""
        said = self._process.communicate()[1].strip()
        return said.rpartition("\n")[2]

    def warm(self, task: str) -> int:
        """How often the task fits in a turn."""
        self._ask(f"{task} 2")
        took = min(map(int, self._ask(f"{task} 3").split()))
        return max(1, min(50, _A_TURN // took))

    def run(self, task: str, count: int) -> None:
        """Do a task so many times."""
        self.nanos[task] += map(int, self._ask(f"{task} {count}").split())

    def median(self, task: str) -> float:
        """Of a task's repetitions, in µs."""
        return statistics.median(self.nanos[task]) / 1000

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def bench_messages(runs: int, folder: Path, peers: Sequence[Peer]) -> None:
    """Reading and writing a response that lists 100 images, of the project's own protos."""
    able, _ = generated(peers, [ROOT / "protos"], folder / "messages")
    content = folder / "content"
    workers: list[Worker] = []
    ours = Peer("ours", "ours", sys.executable, "", "")
    pure = Peer("in Python", "ours", sys.executable, "", "")
    for peer in [*able[:1], ours, pure, *able[1:]]:
        choice = {**os.environ, "TOOLKIT_RUNTIME": "pure" if peer is pure else ""}
        command = [peer.python, "-m", f"tests.bench.peers.{peer.script}", str(peer.folder / peer.below), str(content)]
        worker = Worker(peer.name, command, environment=choice)
        if not worker.digests:
            print(f"{peer.name} does not start: {worker.why()}")
        elif worker.digests != [workers[0].digests[0] if workers else worker.digests[0]] * 2:
            print(f"{peer.name} reads or writes something else")
            worker.close()
        else:
            workers.append(worker)
    print(
        f"\na ListImagesResponse of 100 images, {content.stat().st_size} bytes; medians, and ratios to {able[0].name}"
    )
    compare(workers, {task: f"ours at most {target:.2f} ×" if target else "" for task, target in TARGETS.items()}, runs)


_IMPORT = """
import sys
from importlib import import_module
from time import perf_counter
sys.path.insert(0, sys.argv[1])
start = perf_counter()
for name in sys.argv[3:]:
    module = import_module(name)
if sys.argv[2]:
    holder = import_module(sys.argv[2])
    message = holder.ListImagesResponse(images=[holder.Image(id="1")] if hasattr(holder, "Image") else [{"id": "1"}])
    if hasattr(message, "to_bytes"):
        holder.ListImagesResponse.from_bytes(message.to_bytes())
    else:
        holder.ListImagesResponse.FromString(message.SerializeToString())
print(perf_counter() - start)
"""
_ONE_CLASS = """
import sys
from importlib import import_module
from time import perf_counter
sys.path.insert(0, sys.argv[1])
start = perf_counter()
disk = import_module(sys.argv[2]).Disk
read, write = sys.argv[3:]
getattr(disk, read)(getattr(disk(id="1"), write)())
print(perf_counter() - start)
"""


def bench_imports(runs: int, folder: Path, peers: Sequence[Peer], tree: Path) -> None:
    """Importing one package of the large tree in a fresh interpreter, from bytecode that is there already."""
    roots = import_roots(tree)
    able, files = generated(peers, roots, folder / "imports")
    dotted = PACKAGE.replace("/", ".")
    Series().run([*generate("python", tree, folder)(), "--package", "measured", "--out", str(folder / "ours")])
    ours = Peer("ours", "ours", sys.executable, "", "", below="measured", folder=folder / "ours")
    commands: dict[str, list[str]] = {}
    for peer in [*able[:1], ours, *able[1:]]:
        first = {"official": f"{dotted}.image_service_pb2", "ours": f"measured.{dotted}"}.get(peer.name)
        command = [peer.python, "-c", _IMPORT, str(peer.folder)]
        commands[peer.name] = [*command, "", *peer.modules(files)]
        if first:
            commands[f"{peer.name}, and a message"] = [*command, first, *peer.modules(files)]
    commands |= _one_class([*able[:1], ours, *able[1:]])
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(4 * runs + 1):
        for name, command in list(commands.items()):
            ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            if ran.returncode:
                print(f"{name} does not import: {ran.stderr.strip().rpartition(chr(10))[2]}")
                del commands[name]
            elif turn:
                seconds[name].append(float(ran.stdout))
    print(
        f"\nimporting {dotted} of {tree.name}, without the interpreter's own start; and a first message, there and back"
    )
    for name in commands:
        _, comma, what = name.partition(",")
        base = statistics.median(seconds[f"official{comma}{what}"])
        median = statistics.median(seconds[name])
        target = "at most 2.00 ×" if name == "ours" else ""
        print(f"{name:<24} {median * 1000:7.1f} ms {median / base:6.2f} × {target}")


def _one_class(peers: Sequence[Peer]) -> dict[str, list[str]]:
    """Commands that import one class, and write and read a message of it."""
    package = PACKAGE.replace("/", ".")
    how = {
        "official": (f"{package}.disk_pb2", "FromString", "SerializeToString"),
        "ours": (f"measured.{package}", "from_bytes", "to_bytes"),
        "protobuf-py": (f"peer_py.{package}.disk_pb", "from_binary", "to_binary"),
    }
    return {
        f"{peer.name}, one class": [peer.python, "-c", _ONE_CLASS, str(peer.folder), *how[peer.name]]
        for peer in peers
        if peer.name in how
    }


def bench_generation(runs: int, folder: Path, peers: Sequence[Peer], tree: Path) -> None:
    """Generating the whole tree, cold, protoc included."""
    print()
    roots = import_roots(tree)
    files = [name for name in sorted(find_files(map(Root, roots))) if not name.startswith("google/protobuf/")]
    commands: list[Callable[[], Sequence[str]]] = [generate("python", tree, folder), lambda: protoc(tree, folder)]
    whole, alone = in_turn(runs, *commands)
    row("protoc alone, whole tree", alone)
    row("toolkit generate python, whole tree", whole, alone, "at most 4.0 × protoc, 600 MiB")
    for peer in peers:
        series = Series()
        try:
            series.run(peer.protoc(roots, files, folder / f"whole_{peer.script}"))
        except SystemExit as failed:
            print(f"{peer.name} does not generate the tree: {str(failed)[-300:]}")
        else:
            row(f"{peer.name}, whole tree, once", series, alone)


def compare(workers: Sequence[Worker], tasks: Mapping[str, str], runs: int) -> None:
    """Have workers do tasks in turn, print medians and ratios to the first worker, and end them.

    ``tasks`` has what to say of each task, such as its target.
    """
    print(f"{'µs':<16}", *(f"{worker.name:^18}" for worker in workers))
    for task, said in tasks.items():
        counts = [worker.warm(task) for worker in workers]
        for _ in range(4 * runs):
            for worker, count in zip(workers, counts, strict=True):
                worker.run(task, count)
        base = workers[0].median(task)
        cells = [f"{worker.median(task):8.0f} {worker.median(task) / base:6.2f} × " for worker in workers]
        print(f"{task:<16}", *cells, said, flush=True)
    for worker in workers:
        worker.close()
