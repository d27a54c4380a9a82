"""The cost of work, without a wall clock: calls that are counted, and ratios within one process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from timeit import Timer


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those written in C included."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def growth(work: Callable[[int], object], small: int, large: int) -> float:
    """How much more a unit costs in a large input than in a small one: 1 where the cost is linear.

    Of the processor time of this thread, the least of several runs.
    """

    def cost(size: int) -> float:
        return min(Timer(lambda: work(size), timer=time.thread_time).repeat(3, 1)) / size

    return cost(large) / cost(small)
