"""A tree whose files import what no root has, beside protoc alone with that import present."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bench.measure import TOOLKIT, in_turn, protoc, row
from tests.support.protos_of import proto3, write

FILES = 1500
SHARED = "base/shared.proto"


def bench_broken(runs: int, folder: Path) -> None:
    """List what is left of trees of which almost every file is left out: for one import, for imports, for errors."""
    whole = write(folder / "whole", {**_files("acme.Shared"), SHARED: proto3("acme", "message Shared {}")})
    one = _tree(folder / "one", _files("acme.Shared"))
    each = {name: text.replace(SHARED, f"gone/{name}") for name, text in _files("acme.Shared").items()}
    faulty = {**_files("acme.Missing"), SHARED: proto3("acme", "message Shared {}")}
    trees = [one, _tree(folder / "each", each), _tree(folder / "faulty", faulty)]
    alone, *series = in_turn(runs, lambda: protoc(whole, folder), *(_listing(tree) for tree in trees))
    row(f"protoc alone, {FILES} files", alone)
    for what, found in zip(("one import missing", "an import each missing", "an error each"), series, strict=True):
        row(f"toolkit list, {what}", found, alone, "at most 3.0 × protoc")


def _listing(tree: Path) -> Callable[[], list[str]]:
    return lambda: [*TOOLKIT, "list", "--proto-path", str(tree)]


def _tree(folder: Path, files: dict[str, str]) -> Path:
    return write(folder, {**files, "good.proto": proto3("good", "message Good {}")})


def _files(shared: str) -> dict[str, str]:
    """Files of a page or two, each of which uses a message of the shared one."""
    return {f"acme/p{number // 50}/m{number}.proto": _file(number, shared) for number in range(FILES)}


def _file(number: int, shared: str) -> str:
    fields = "".join(f"  // The field {at} of it.\n  string field{at} = {at};\n" for at in range(2, 40))
    message = f"// The message {number}.\nmessage M{number} {{\n  {shared} shared = 1;\n{fields}}}\n"
    service = f"service S{number} {{\n  // Does it.\n  rpc Do(M{number}) returns (M{number});\n}}"
    return proto3(f"acme.p{number}", message + service, SHARED)
