"""Long lists, a large map, large bytes and small messages, by a runtime. Arguments: its name, the folder with its code."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from tests.bench.peers.worker import serve

runtime, folder = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, str(folder.parent if runtime == "protobuf-py" else folder))
module: Any = import_module(
    {
        "official": "bench.shapes.v1.shapes_pb2",
        "protobuf-py": f"{folder.name}.bench.shapes.v1.shapes_pb",
        "ours": "measured.bench.shapes.v1",
    }[runtime]
)
random = Random(1)
COUNT = 100_000
SMALLS = 1000
"""How often a small message is read or written in one measurement."""
VALUES: dict[str, Any] = {
    "int64s": [random.randrange(1 << random.randrange(1, 63)) for _ in range(COUNT)],
    "int32s": [random.randrange(1 << random.randrange(1, 31)) for _ in range(COUNT)],
    "doubles": [random.random() for _ in range(COUNT)],
    "strings": [f"name-{number}" for number in range(COUNT)],
    "entries": {f"key-{number}": number for number in range(COUNT)},
    "blob": b"x" * 10_000_000,
    "smalls": [(f"name-{number}", number) for number in range(10_000)],
}
read: Any = {"official": "FromString", "protobuf-py": "from_binary", "ours": "from_bytes"}[runtime]
write: Any = {"official": "SerializeToString", "protobuf-py": "to_binary", "ours": "to_bytes"}[runtime]
Shapes, Small = module.Shapes, module.Small


def of(name: str) -> Any:
    """A message with one field set."""
    value = VALUES[name]
    if name == "smalls":
        value = [Small(name=text, count=number) for text, number in value]
    return Shapes(**{name: value})


def reader(name: str) -> Callable[[], object]:
    """Reads a message and its field; the official runtime's containers are read as lists and dictionaries."""
    content = getattr(of(name), write)()
    method = getattr(Shapes, read)
    if runtime != "official" or name == "blob":
        return lambda: getattr(method(content), name)
    kind: Any = dict if name == "entries" else list
    return lambda: kind(getattr(method(content), name))


def writer(name: str) -> Callable[[], object]:
    """Writes a message; the official one is made of Python's values first, which others hold as they are."""
    if runtime == "official":
        return lambda: getattr(of(name), write)()
    return getattr(of(name), write)


small = Small(name="name-1", count=1)
small_content = getattr(small, write)()
read_small, write_small = getattr(Small, read), getattr(small, write)


def many(function: Callable[..., object], *arguments: object) -> Callable[[], None]:
    """Calls a function again and again."""

    def run() -> None:
        for _ in range(SMALLS):
            function(*arguments)

    return run


tasks: dict[str, Callable[[], object]] = {}
for name in VALUES:
    tasks |= {f"read {name}": reader(name), f"write {name}": writer(name)}
tasks |= {"read one small": many(read_small, small_content), "write one small": many(write_small)}


def digest() -> str:
    """Of what all of it is on the wire, the map apart, whose order is free."""
    parts = [getattr(of(name), write)() for name in VALUES if name != "entries"]
    return hashlib.sha256(b"".join(parts)).hexdigest()


if __name__ == "__main__":
    serve(tasks, digest, digest)
