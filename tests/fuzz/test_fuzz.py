"""The first random inputs of every kind, with a fixed seed; `make fuzz` goes on longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.__main__ import enough
from tests.fuzz.kind import KINDS
from tests.fuzz.runner import run

SHARE = 20
"""How many times as many inputs `make fuzz` tries; a number, not a time, so that a slow machine tries as many."""


@pytest.mark.slow(reason="hundreds of random inputs")
@pytest.mark.parametrize("kind", KINDS)
def test_inputs(kind: str) -> None:
    """Nothing is found among the first inputs of a kind."""
    inputs = enough(kind) // SHARE
    outcome = run(kind, inputs, float("inf"), seed=1)
    assert not outcome.found, "\n\n".join(map(str, outcome.found.values()))
    assert outcome.tried >= inputs


BAD: dict[str, tuple[str, str]] = {
    "traceback": ("raise KeyError(value)", "KeyError"),
    "output": ("raise Wrong('bad')", "Wrong"),
    "hang": ("while value == known: pass", "Hang"),
    "memory": ("bytearray(2 << 30)", "MemoryError"),
    "death": ("import os; os._exit(3)", "worker ended with 3"),
}


@pytest.mark.slow(reason="waits for a hang")
@pytest.mark.parametrize("case", BAD)
def test_findings(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that fails for numbers from 1000 on is found, and is shrunk to 1000 where that is quick."""
    code, place = BAD[case]
    (tmp_path / "bad_kind.py").write_text(
        "from hypothesis import strategies as st\n"
        "from tests.fuzz.kind import Kind, Wrong\n"
        "def check(value, folder):\n"
        "    global known\n"
        f"    if value >= 1000:\n        known = known or value\n        {code}\n"
        "known = 0\n"
        "KIND = Kind(st.integers(0, 1 << 20), check)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    outcome = run("bad_kind", 250, 60, seed=1)
    assert [finding.place.startswith(place) for finding in outcome.found.values()] == [True]
    (finding,) = outcome.found.values()
    assert finding.seed == 1
    if case in ("traceback", "output"):
        assert finding.input == "1000"
        assert outcome.tried >= 250
