"""Ends a run on a signal, with its children and its temporary files."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from toolkit.descriptors.children import ENDING, end_all


class Ended(SystemExit):
    """A signal ends this process, with the exit code that shells use: 128 and the number of the signal."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise :class:`Ended` on an interrupt and the like, once the children have ended; for the main thread.

    Contexts then remove what is temporary, and further signals do not disturb them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    this = os.getpid()
    numbers = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup sets it

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        if os.getpid() != this:  # a child that was forked a moment ago
            os._exit(128 + number)
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        end_all()
        raise Ended(128 + number)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is end:
                signal.signal(number, handler)
