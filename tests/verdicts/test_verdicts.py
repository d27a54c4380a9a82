"""JSON Schemas and the official parser with protovalidate agree on every message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verdicts.verdicts import Verdicts

COUNT = 600


@pytest.mark.parametrize("lenient", [False, True])
def test_agree(tmp_path: Path, lenient: bool) -> None:
    """Of messages at random, about half of them valid, both sides say the same."""
    verdicts = Verdicts(tmp_path, lenient)
    assert [*verdicts.differences(COUNT, seed=1)] == []
    assert min(verdicts.agreed.values()) > COUNT / 4
