"""Signals end a run with its children and its temporary files, wherever they meet it."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from toolkit.descriptors.children import ENDING, end_all

_put_off = 0
"""How many contexts put signals off; only changed by the main thread."""
_waiting: list[int] = []
"""The signals that came meanwhile."""
_ended = 0
"""The exit code, once a signal has ended the run."""
_folders: set[tempfile.TemporaryDirectory[str]] = set()
_AGAIN = 1.0
"""Seconds."""


class Ended(SystemExit):
    """A signal ends this process, with the exit code that shells use: 128 and the number of the signal."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise :class:`Ended` on an interrupt and the like, once the children have ended; for the main thread.

    Contexts then remove what is temporary, and further signals do not disturb them.
    """
    if not _is_main():
        yield
        return
    this = os.getpid()
    numbers = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup sets it

    def answer(number: int, _frame: FrameType | None) -> None:
        if os.getpid() != this:  # a child that was forked a moment ago
            os._exit(128 + number)
        if _put_off:
            _waiting.append(number)
            return
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        _end(number)

    before = {number: signal.signal(number, answer) for number in numbers}
    try:
        yield
    except Ended:
        _leave()
    except Exception:
        if _ended:  # which is why it failed
            _leave()
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            if signal.getsignal(number) is answer:
                signal.signal(number, handler)


def _end(number: int) -> NoReturn:
    global _ended
    if not _ended:
        _ended = 128 + number
        # Callbacks and the like ignore exceptions: it is raised again until this process has left.
        sys.unraisablehook = lambda _: None
        signal.signal(signal.SIGALRM, lambda *_: _waiting.append(number) if _put_off else _end(number))
        signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
    end_all()
    raise Ended(_ended)


def _leave() -> NoReturn:
    """Exit without waiting for threads: one may wait for the rest of what a child had begun to send."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for made in tuple(_folders):
        made.cleanup()
    os._exit(_ended)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put signals off while something is done that must not be left halfway, such as to fork a process."""
    global _put_off
    if not _is_main():
        yield
        return
    _put_off += 1
    try:
        yield
    finally:
        _put_off -= 1
        if _waiting and not _put_off:
            signal.raise_signal(_waiting.pop())


@contextmanager
def starting_children() -> Iterator[None]:
    """Put signals off while children are started; start none if a signal has ended the run and nobody noticed."""
    if _ended:
        raise Ended(_ended)
    with undisturbed():
        yield


@contextmanager
def temporary_folder(prefix: str = "toolkit-") -> Iterator[str]:
    """A folder that is removed at the end, without being interrupted."""
    with undisturbed():
        made = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        _folders.add(made)
    try:
        yield made.name
    finally:
        with undisturbed():
            made.cleanup()
            _folders.discard(made)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
