"""A process that tries inputs of one kind, with limits on time and memory, and writes what it finds to a folder.

``python -m tests.fuzz.worker KIND FOLDER`` is only for ``tests.fuzz.runner``.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.kind import KINDS, Finding, Hang, Kind, place_of

SECONDS = 10
"""Of the processor, that one input may take."""
MEMORY = 1 << 30
"""Bytes that the process may grow by."""
CHUNK = 200
"""Inputs of one seed."""


@contextmanager
def limited() -> Iterator[None]:
    """Raises :class:`Hang` in code that runs too long."""

    def stop(number: int, frame: Any) -> None:
        raise Hang(f"more than {SECONDS} s")

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limit_memory() -> None:
    """Lets the process grow by as much as one input may need."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


class Hunt:
    """The inputs of one worker, from a first seed on."""

    def __init__(self, kind: Kind, folder: Path, inputs: int, seconds: float) -> None:
        self.kind = kind
        self.folder = folder
        self.inputs = inputs
        self.until = time.monotonic() + seconds
        self.tried = 0
        self.found: dict[str, Finding] = {}
        self.seed = 0

    @property
    def is_over(self) -> bool:
        """Whether enough was tried."""
        return self.tried >= self.inputs or time.monotonic() > self.until

    def chunk(self, seed: int) -> None:
        """Try the inputs of a seed."""
        self.seed = seed
        known = set(self.found)

        @hypothesis.seed(seed)
        @settings(
            max_examples=CHUNK,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            print_blob=False,
        )
        @given(self.kind.inputs)
        def one(value: Any) -> None:
            self.one(value, known)

        try:
            one()
        except Exception:
            if self.found.keys() <= known:
                raise

    def one(self, value: Any, known: set[str]) -> None:
        """Try an input; raises what is wrong with it, for hypothesis to shrink it, unless that is known."""
        if self.is_over:
            return
        (self.folder / "current").write_text(f"{self.seed}\n{value!r}"[:100_000], encoding="utf-8", errors="replace")
        here = self.folder / "here"
        shutil.rmtree(here, ignore_errors=True)
        here.mkdir()
        try:
            with limited():
                self.kind.check(value, here)
        except (Exception, Hang) as error:
            place = place_of(error)
            if place in known:
                return
            trace = "".join(traceback.format_exception(error))
            self.found[place] = Finding(place, self.seed, self.kind.shown(value)[:20_000], trace)
            if isinstance(error, Hang | MemoryError):  # shrinking would take hours
                known.add(place)
                return
            raise
        finally:
            self.tried += 1

    def write(self, seed: int) -> None:
        """Tell the parent what is done."""
        done = {"tried": self.tried, "seed": seed, "found": [asdict(finding) for finding in self.found.values()]}
        (self.folder / "new").write_text(json.dumps(done), encoding="utf-8")
        os.replace(self.folder / "new", self.folder / "done")


def main() -> None:
    """Hunt as the parent says."""
    name, folder, seed, inputs, seconds, chunks = sys.argv[1:]
    os.cpu_count = lambda: 1  # type: ignore[assignment]  # nothing is forked
    kind: Kind = import_module(KINDS.get(name, name)).KIND
    limit_memory()
    hunt = Hunt(kind, Path(folder), int(inputs), float(seconds))
    for number in range(int(seed), int(seed) + int(chunks)):
        hunt.chunk(number)
        hunt.write(number + 1)
        gc.enable()  # the command line turns it off
        gc.collect()
        if hunt.is_over:
            break


if __name__ == "__main__":
    main()
