"""The part that the programs share: they are told what to do on stdin, line by line, and answer on stdout.

``NAME COUNT`` runs a task so many times and answers with the nanoseconds that
each took; ``check`` answers with a digest of what the bytes hold as JSON, so
that nobody is measured doing something else.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from time import perf_counter_ns
from typing import Any


def serve(tasks: Mapping[str, Callable[[], object]], decoded: Callable[[], Any], encoded: Callable[[], Any]) -> None:
    """Do what the lines say until they end; the two others make a dictionary of what was read, and of what was written."""
    for line in sys.stdin:
        name, _, count = line.strip().rpartition(" ")
        if count == "check":
            print(_digest(decoded()), _digest(encoded()), flush=True)
            continue
        task = tasks[name]
        took = []
        for _ in range(int(count)):
            start = perf_counter_ns()
            task()
            took.append(perf_counter_ns() - start)
        print(*took, flush=True)


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
