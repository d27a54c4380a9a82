"""A large tree of which a folder holds a complete copy, beside the same tree without it."""

from __future__ import annotations

from pathlib import Path

from tests.bench.measure import TOOLKIT, in_turn, row
from tests.support.copied_trees import copied_tree

FILES = 5000


def bench_copies(runs: int, folder: Path) -> None:
    """List all methods of the original, with the copy left out."""
    trees = [copied_tree(folder / name, FILES, copy) for name, copy in (("alone", ""), ("copied", "preview"))]
    alone, copied = in_turn(runs, *(lambda tree=tree: [*TOOLKIT, "list", "--proto-path", str(tree)] for tree in trees))
    row(f"toolkit list, {FILES} files", alone)
    row(f"toolkit list, {FILES} files and a copy of them", copied, alone, "at most 1.3 ×")
