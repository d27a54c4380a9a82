"""Child processes end when this one does, even if it is killed and cannot end them.

As a script, ``children.py PARENT COMMAND …`` becomes the command, which then ends when the process PARENT does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_PR_SET_PDEATHSIG = 1
_LOOK = 0.2
"""Seconds between looks at the parent, where the system does not tell of its end."""
_PATIENCE = 1.0
"""Seconds to wait for what has been killed."""
ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that ask a process to end."""

_running: set[subprocess.Popen[bytes]] = set()
_is_over = False


def ending_with_this(command: Sequence[str]) -> list[str]:
    """A command that does the same as the given one, and ends when this process does."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def run(command: Sequence[str]) -> tuple[int, bytes]:
    """Run a command that ends when this process does; its exit code and standard error. Any thread may call this."""
    with subprocess.Popen(
        ending_with_this(command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        _running.add(process)
        try:
            if _is_over:
                process.kill()
            said = process.communicate()[1]
        finally:
            _running.discard(process)
    return process.returncode, said


def end_all() -> None:
    """End the children that work for this process, and those that threads have yet to start."""
    global _is_over
    _is_over = True
    # A signal may come while this is being imported.
    forked: list[BaseProcess] = getattr(sys.modules.get("multiprocessing.process"), "active_children", list)()
    for process in tuple(_running):
        process.kill()
    for child in forked:
        child.kill()
    for child in forked:  # what they write to is removed next
        child.join(_PATIENCE)


def is_over() -> bool:
    """Whether the children have been ended."""
    return _is_over


def end_with(parent: int) -> None:
    """In a child of ``parent``: end when that does, at whatever this process is then."""
    if not _is_told_by_system():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before
        os._exit(1)


def _is_told_by_system() -> bool:
    """Have Linux kill this process when the thread that started it ends; False on other systems."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    except (ImportError, OSError, AttributeError):
        return False


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def _become(parent: int, command: Sequence[str]) -> int:
    """Run a command in place of this process, or below it where only this process can look at the parent."""
    try:
        if _is_told_by_system():
            if os.getppid() != parent:
                return 1
            for number in (signal.SIGPIPE, signal.SIGXFSZ):  # which Python ignores
                signal.signal(number, signal.SIG_DFL)
            os.execvp(command[0], [*command])  # noqa: S606 - there is no shell in between
        child = subprocess.Popen(command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127
    while True:
        try:
            return child.wait(_LOOK)
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                child.kill()


if __name__ == "__main__":
    sys.exit(_become(int(sys.argv[1]), sys.argv[2:]))
