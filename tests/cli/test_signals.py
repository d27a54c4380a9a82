"""Nobody is left behind: a run that is killed or interrupted leaves no processes, open pipes or temporary folders."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.copied_trees import copied_tree
from toolkit.descriptors.children import ending_with_this

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads sessions from /proc")

PATIENCE = 5
"""Seconds within which everything has ended."""
TOOLKIT = [sys.executable, "-m", "toolkit"]
WITH_THREAD = """
import pathlib, sys, threading
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.signals import ended_by_signals
threading.Thread(target=threading.Event().wait, daemon=True).start()  # beside threads, nothing is forked
with ended_by_signals():
    while True:
        compile_tree([pathlib.Path(sys.argv[1])])
"""
FORKING = """
from toolkit.descriptors.parallel import fork_map
from toolkit.descriptors.signals import ended_by_signals, temporary_folder
def work(number):
    return number
while True:
    with ended_by_signals(), temporary_folder():
        list(fork_map(work, range(20), [1] * 20))
"""


def session(leader: int) -> list[str]:
    """The commands of the processes of a session that have not ended."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            state, _, _, of, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(of) == leader and state != "Z":
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except (OSError, ValueError):  # it has ended, or the folder is not that of a process
            continue
    return found


def ended(command: Sequence[str], folder: Path, number: int, *, group: bool, moment: float) -> int | None:
    """The exit code of a command that gets a signal some seconds after it has begun to work; None if it was done then.

    Asserts that its pipe is closed and its session empty soon after, and, unless it was killed, that no temporary
    folder is left.
    """
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "TMPDIR": temporary},
        )
        try:
            while not os.listdir(temporary):  # protoc has one
                time.sleep(0.005)
            time.sleep(moment)
            if process.poll() is not None:
                return None
            (os.killpg if group else os.kill)(process.pid, number)
            said, _ = process.communicate(timeout=PATIENCE)
            until = time.monotonic() + PATIENCE
            while session(process.pid) and time.monotonic() < until:
                time.sleep(0.01)
            assert session(process.pid) == [], said
            if number != signal.SIGKILL:
                assert os.listdir(temporary) == [], said
                assert not list(folder.rglob(".toolkit-*")), said
        finally:
            if session(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return process.returncode


CODES: Mapping[int, int] = {signal.SIGKILL: -signal.SIGKILL, signal.SIGTERM: 143, signal.SIGINT: 130}
WAYS = [pytest.param(number, group, id=f"{number.name}-{group}") for number in CODES for group in (False, True)]  # type: ignore[attr-defined]


@pytest.mark.slow(reason="kills many runs")
@pytest.mark.xdist_group("killed")
@pytest.mark.parametrize(("number", "group"), WAYS)
def test_generate(tmp_path: Path, number: int, group: bool) -> None:
    """Whenever a run is killed or interrupted, alone or with its children, all of it ends, with the code of a shell."""
    copied_tree(tmp_path / "protos", 400)
    command = [*TOOLKIT, "generate", "reference", "--no-cache", "--proto-path", "protos", "--out", "out"]
    moments = random.Random(20_261_126 + number + group)
    codes = [ended(command, tmp_path, number, group=group, moment=moments.uniform(0, 0.6)) for _ in range(4)]
    assert set(codes) - {None} == {CODES[number]}


@pytest.mark.slow(reason="kills many runs")
@pytest.mark.xdist_group("killed")
@pytest.mark.parametrize(("number", "group"), WAYS)
def test_while_children_start(tmp_path: Path, number: int, group: bool) -> None:
    """A signal that comes just when processes are forked or a folder is removed ends everything, too."""
    moments = random.Random(20_261_127 + number + group)
    command = [sys.executable, "-c", FORKING]
    codes = {ended(command, tmp_path, number, group=group, moment=moments.uniform(0, 0.1)) for _ in range(4)}
    assert codes == {CODES[number]}


@pytest.mark.slow(reason="kills many runs")
@pytest.mark.xdist_group("killed")
@pytest.mark.parametrize(("number", "group"), WAYS)
def test_beside_threads(tmp_path: Path, number: int, group: bool) -> None:
    """So does a protoc that was started beside threads, as in a preview."""
    tree = copied_tree(tmp_path / "protos", 400)
    command = [sys.executable, "-c", WITH_THREAD, str(tree)]
    assert ended(command, tmp_path, number, group=group, moment=0.2) == CODES[number]


STARTING = """
import subprocess, sys
from toolkit.descriptors import children
subprocess.run(children.ending_with_this([sys.executable, "-c", "import time; print('on', flush=True); time.sleep(600)"]))
"""
WATCHING = """
import os, time
from toolkit.descriptors import children
children._is_told_by_system = lambda: False
parent = os.getpid()
if not os.fork():
    children.end_with(parent)
    print("on", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("code", [STARTING, WATCHING], ids=["any command", "on other systems"])
def test_child_of_the_killed(code: str) -> None:
    """A command ends with the process that started it, and so does a child of a system that does not see to it."""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"on\n"
    process.kill()
    assert process.communicate(timeout=PATIENCE) == (b"", None)


def test_command_in_place(tmp_path: Path) -> None:
    """A command that ends with this process gets its arguments and input, and its exit code and output are its own."""
    script = "import sys; print(sys.argv[1:], sys.stdin.read()); sys.exit(7)"
    command = ending_with_this([sys.executable, "-c", script, "a b", "*"])
    ran = subprocess.run(command, input="in", capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (7, "['a b', '*'] in\n")
    missing = subprocess.run(ending_with_this([str(tmp_path / "gone")]), capture_output=True, text=True, check=False)
    assert missing.returncode == 127
    assert "gone: No such file or directory" in missing.stderr


def test_parent_that_has_ended(tmp_path: Path) -> None:
    """A command whose parent ended before it could say so does not begin."""
    command = ending_with_this(["touch", str(tmp_path / "made")])
    command[command.index(str(os.getpid()))] = "1"
    assert subprocess.run(command, check=False).returncode == 1
    assert not (tmp_path / "made").exists()
