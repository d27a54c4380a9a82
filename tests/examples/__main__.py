"""`python -m tests.examples ROOT…`: check all examples of a tree. Exits with 1 if there are faults."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.examples.check import Check
from toolkit.descriptors.compile import compile_tree

check = Check(compile_tree([Path(root) for root in sys.argv[1:]]))
faults = list(check.faults())
contradictions = [f"contradiction: {text}" for text in dict.fromkeys(check.contradictions)]
diagnostics = map(str, check.examples.diagnostics())
print(*faults, *contradictions, *diagnostics, f"{len(faults)} faults", sep="\n")
sys.exit(bool(faults))
