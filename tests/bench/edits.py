"""Runs after one comment changed, and after nothing did, beside the same run without a cache; of the large tree."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.measure import TOOLKIT, in_turn, large_tree, row
from tests.support.published import import_roots


def bench_edits(runs: int, folder: Path) -> None:
    """Change a comment in the middle of the tree before each run that remembers the last one."""
    tree = folder / "edited"
    shutil.copytree(large_tree(), tree)
    roots = [argument for root in import_roots(tree) for argument in ("--proto-path", str(root))]
    services = sorted(path for path in tree.rglob("*_service.proto"))
    edited = services[len(services) // 2]
    text = edited.read_text(encoding="utf-8")
    place = text.index("//") + 2
    numbers = iter(range(10_000))

    def again(target: str, *flags: str, edit: bool = False) -> Callable[[], Sequence[str]]:
        def command() -> Sequence[str]:
            if edit:
                edited.write_text(f"{text[:place]} {next(numbers)}.{text[place:]}", encoding="utf-8")
            return [*TOOLKIT, "generate", target, *roots, "--out", str(folder / target), "-q", *flags]

        return command

    for target in ("reference", "examples", "python", "site"):
        cold, changed, same = in_turn(runs, again(target, "--no-cache"), again(target, edit=True), again(target))
        row(f"generate {target}, without a cache", cold)
        row(f"generate {target}, one comment changed", changed, cold, "at most 0.35 ×")
        row(f"generate {target}, nothing changed", same, cold, "at most 0.1 ×")
