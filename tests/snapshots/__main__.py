"""Writes the outputs behind the digests: ``python -m tests.snapshots FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.snapshots.outputs import TREES, generate

for tree in TREES:
    if tree.is_present:
        generate(tree, Path(sys.argv[1]) / tree.name)
