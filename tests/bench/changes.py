"""`make bench`: toolkit diff beside buf breaking, between two descriptor sets of a large API."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.bench.measure import TOOLKIT, in_turn, row
from tests.changes import buf
from tests.support.published import CLOUDAPI, import_roots
from toolkit.descriptors.compile import compile_tree


def bench_changes(runs: int, folder: Path) -> None:
    """All changes of the whole tree, comments included, from the newest tree but two to the newest."""
    trees = sorted(p for p in CLOUDAPI.glob("*") if p.is_dir()) if CLOUDAPI.is_dir() else []
    if len(trees) < 3 or buf.program() is None:
        print("changes: needs three trees (set CLOUDAPI) and buf (pip install buf-bin)")
        return
    sets = []
    for tree in (trees[-3], trees[-1]):
        sets.append(str(folder / f"{tree.name}.binpb"))
        Path(sets[-1]).write_bytes(compile_tree(import_roots(tree)).descriptor_set)
    old, new = sets
    config = json.dumps({"version": "v2", "breaking": {"use": ["FILE"]}})
    # buf ends with 100 where it finds something; what it prints goes nowhere, as ours does.
    program = [str(buf.program()), "breaking", new, "--against", old, "--config", config]
    theirs = ["sh", "-c", f"{shlex.join(program)} || [ $? = 100 ]"]
    ours, other = in_turn(runs, lambda: [*TOOLKIT, "diff", old, new], lambda: theirs)
    row("buf breaking, whole tree, FILE", other)
    row("toolkit diff, whole tree, all changes", ours, other, "at most 0.50 ×")
    print(f"{'  peak memory of the largest process':<46} {ours.peak / other.peak:17.2f} ×               at most 0.30 ×")
