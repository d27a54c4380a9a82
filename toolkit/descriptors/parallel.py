"""Work spread over processes that share what has been read so far."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar, cast

from toolkit.descriptors.children import ENDING, end_with, is_over
from toolkit.descriptors.signals import starting_children
from toolkit.errors import ToolkitError

Item = TypeVar("Item")
Result = TypeVar("Result")

_work: list[Callable[[int], object]] = []
"""What a child runs; children are forked, so it need not be pickled."""


class WorkerKilled(ToolkitError):
    """A child process ended without an answer."""


def can_fork() -> bool:
    """Whether children can be forked: not where the system has none, nor beside threads that may hold locks."""
    return sys.platform not in ("win32", "darwin") and threading.active_count() == 1


def fork_pool(workers: int) -> ProcessPoolExecutor:
    """A pool of children of this process as it is now; an interrupt is the parent's to answer."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin, (os.getpid(),))


def close(pool: Executor) -> None:
    """End a pool; what it has not begun is not done. Does not wait for workers that were killed halfway."""
    pool.shutdown(wait=not is_over(), cancel_futures=True)


def fork_map(function: Callable[[Item], Result], items: Sequence[Item], weights: Sequence[int]) -> Iterator[Result]:
    """``map(function, items)`` in child processes, heaviest item first, results in the order of the items.

    Serial where there is one processor or nothing to fork with. Results are
    pickled; an exception in a child is raised here.
    """
    workers = min(os.cpu_count() or 1, 8, len(items))
    if workers < 2 or not can_fork():
        yield from map(function, items)
        return
    _work.append(lambda index: function(items[index]))
    try:
        pool = fork_pool(workers)
        try:
            order = sorted(range(len(items)), key=lambda index: -weights[index])
            with starting_children():
                futures = {index: pool.submit(_call, index) for index in order}
            for index in range(len(items)):
                yield cast(Result, futures.pop(index).result())
        except BrokenProcessPool:
            raise WorkerKilled("a worker process was killed", hint="possibly out of memory") from None
        finally:
            close(pool)
    finally:
        _work.pop()


def _begin(parent: int) -> None:
    end_with(parent)
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)  # not what the parent does
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _call(index: int) -> object:
    return _work[-1](index)
