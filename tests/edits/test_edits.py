"""Random edits of a small project; `python -m tests.edits` makes more, and in a tree of one's choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edits.pair import run
from tests.edits.project import project


@pytest.mark.slow(reason="runs every target after each of many edits")
@pytest.mark.parametrize("seed", [11, 12])
def test_edits(seed: int, tmp_path: Path) -> None:
    """After each of 20 edits, a run that remembers the last one writes, reports and finds what one without does."""
    run(tmp_path, project(), edits=20, seed=seed)
