"""Runs workers one after another, and sees what becomes of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from tests.fuzz.kind import Finding
from tests.fuzz.worker import CHUNK

PATIENCE = 90
"""Seconds on the clock without a new input, after which a worker hangs where no signal reaches it."""
CHUNKS = 10
"""Seeds of a worker; then another begins with fresh memory."""
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass
class Outcome:
    """What came of a kind."""

    tried: int = 0
    seconds: float = 0
    found: dict[str, Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Keep a finding, unless there is one like it."""
        self.found.setdefault(finding.place, finding)


def run(kind: str, inputs: int, seconds: float, seed: int) -> Outcome:
    """Try inputs of a kind, until there were enough or the time is over."""
    outcome = Outcome()
    start = time.monotonic()
    while (left := seconds - (time.monotonic() - start)) > 0 and outcome.tried < inputs:
        with tempfile.TemporaryDirectory(prefix="toolkit-fuzz-", dir=MEMORY) as made:
            seed = _worker(kind, Path(made), seed, inputs - outcome.tried, left, outcome)
    outcome.seconds = time.monotonic() - start
    return outcome


def _worker(kind: str, folder: Path, seed: int, inputs: int, seconds: float, outcome: Outcome) -> int:
    """Run one worker; the next seed."""
    arguments = [kind, str(folder), str(seed), str(inputs), str(seconds), str(CHUNKS)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONHASHSEED": "0"}
    with (folder / "errors").open("wb") as errors:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", *arguments],
            cwd=REPOSITORY,
            env=environment,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
        code = _wait(worker, folder / "current")
    done: dict[str, Any] = {"tried": 0, "seed": seed, "found": []}
    if (folder / "done").is_file():
        done = json.loads((folder / "done").read_text(encoding="utf-8"))
    outcome.tried += done["tried"]
    for found in done["found"]:
        outcome.add(Finding(**found))
    if code == 0:
        return int(done["seed"])
    trace = (folder / "errors").read_text(encoding="utf-8", errors="replace")
    if not (folder / "current").is_file():
        raise SystemExit(f"the worker of {kind} did not begin:\n{trace}")
    last = (folder / "current").read_text(encoding="utf-8")
    what = f"hang of {PATIENCE} s" if code is None else f"worker ended with {code}"
    outcome.tried += CHUNK  # at most: what the worker had tried since is not known
    outcome.add(Finding(f"{what} {trace.strip().rpartition(chr(10))[2][:200]}", done["seed"], last[:20_000], trace))
    return int(done["seed"]) + 1


def _wait(worker: subprocess.Popen[bytes], current: Path) -> int | None:
    """The exit code of a worker; None if it had to be killed, since no new input came for too long."""
    changed, when = None, time.monotonic()
    try:
        while True:
            try:
                return worker.wait(0.2)
            except subprocess.TimeoutExpired:
                stamp = current.stat().st_mtime_ns if current.is_file() else None
            if stamp != changed:
                changed, when = stamp, time.monotonic()
            elif time.monotonic() - when > PATIENCE:
                return None
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
