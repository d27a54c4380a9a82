"""What targets make is, byte for byte, what they made before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.snapshots.outputs import COMMANDS, TREES, Tree, digest, generate

DIGESTS = Path(__file__).with_name("digests.json")
WHOLE = pytest.mark.slow(reason="renders a whole tree")
CASES = [pytest.param(tree, id=tree.name, marks=() if tree.name == "protos" else WHOLE) for tree in TREES]


@pytest.mark.parametrize("tree", CASES)
def test_outputs(tree: Tree, golden: bool, tmp_path: Path) -> None:
    """Every target's output over a tree has the digest that is kept of it."""
    if not tree.is_present:
        pytest.skip(f"{tree.name} is not there; CLOUDAPI names the folder of the trees")
    generate(tree, tmp_path)
    found = {name: digest(tmp_path / name) for name in COMMANDS}
    known = json.loads(DIGESTS.read_text()) if DIGESTS.exists() else {}
    if golden:
        DIGESTS.write_text(json.dumps({**known, tree.name: found}, indent=1, sort_keys=True) + "\n")
        return
    wrong = sorted(name for name in COMMANDS if found[name] != known[tree.name][name])
    assert not wrong, f"{wrong} differ; see tests/snapshots/__init__.py, and rewrite with `make golden`"
