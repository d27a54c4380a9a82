"""Nothing is lost: runs that are killed, that meet, or that find no place to write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import run, written
from tests.support.protos_of import proto3, write
from toolkit.delivery.staging import Staging
from toolkit.delivery.staging import write as write_files
from toolkit.errors import OutputError

CONFIG = 'proto_path = ["protos"]\n[reference]\n[examples]\n'
SERVICES = 60
KILLING = """
import os, signal, sys
from toolkit.cli.main import main
event, left = sys.argv[1], int(sys.argv[2])
def count(name, arguments):
    global left
    if name == event and "/.toolkit-" in str(arguments[0]):
        left -= 1
        if not left:
            os.killpg(0, signal.SIGKILL)
sys.addaudithook(count)
main(["generate", "reference", "--quiet"])
"""


def _tree(folder: Path, word: str) -> Path:
    """A tree of many services; ``word`` is in every comment, so that another one changes every page."""
    body = "".join(
        f"// {word} {n}.\nmessage M{n} {{ string name = 1; M{n} again = 2; }}\n"
        f"// {word}.\nservice S{n}Service {{\n  // {word}.\n  rpc Get(M{n}) returns (M{n});\n  rpc Put(M{n}) returns (M{n}); }}\n"
        for n in range(SERVICES)
    )
    return write(folder, {"protos/acme/v1/all.proto": proto3("acme.v1", body), "toolkit.toml": CONFIG})


def _start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "toolkit", "generate", "reference", "--quiet"]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)


def _killed(folder: Path, event: str, number: int) -> bool:
    """Generate; kill -9 the run and its children before they do something with staged files for the n-th time."""
    command = [sys.executable, "-c", KILLING, event, str(number)]
    ran = subprocess.run(command, cwd=folder, capture_output=True, start_new_session=True, timeout=120)
    assert ran.returncode in (0, -signal.SIGKILL), ran.stderr
    return ran.returncode != 0


@pytest.mark.slow(reason="starts and kills many runs")
@pytest.mark.xdist_group("killed")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """After kill -9 at fifty moments of runs every file is an old or a new one, whole; the next run repairs the rest."""
    folder = _tree(tmp_path, "Apple")
    assert run("generate", "reference", cwd=folder).code == 0
    contents = [written(folder / "build/reference")]
    _tree(tmp_path, "Pear")
    assert run("generate", "reference", cwd=folder).code == 0
    contents.append(written(folder / "build/reference"))
    moments = random.Random(20_261_124)
    killed = 0
    for number in range(50):
        _tree(tmp_path, ("Apple", "Pear")[number % 2])
        # Most while files are put in place, some while they are written, some when all are there.
        event = ("os.rename", "open", "os.rename", "os.rename", "shutil.rmtree")[number % 5]
        killed += _killed(folder, event, 1 if event == "shutil.rmtree" else moments.randint(1, SERVICES))
        for path, content in written(folder / "build/reference").items():
            if not path.startswith(".toolkit-"):
                assert content in (contents[0][path], contents[1][path]), path
    assert killed >= 40
    _tree(tmp_path, "Apple")
    assert run("generate", "reference", cwd=folder).code == 0
    assert written(folder / "build/reference") == contents[0]
    assert run("check", "reference", cwd=folder).code == 0


@pytest.mark.slow(reason="starts and kills many runs")
@pytest.mark.xdist_group("killed")
def test_two_runs_at_once(tmp_path: Path) -> None:
    """Runs of one project take turns: both end well, and the project is up to date."""
    folder = _tree(tmp_path, "Apple")
    processes = [_start(folder) for _ in range(3)]
    for process in processes:
        said = process.communicate(timeout=120)[1]
        assert (process.returncode, said) == (0, b"")
    assert run("check", "reference", cwd=folder).code == 0
    assert not list((folder / "build/reference").glob(".toolkit-*"))


HOLDER = """
import pathlib, sys
from toolkit.delivery.staging import Staging
from toolkit.descriptors.parallel import fork_map
with Staging(pathlib.Path(sys.argv[1])) as staging:
    parts = list(fork_map(lambda name: staging.add({name: b"new"}), ["a", "b", "c"], [1, 1, 1]))
    print("added", flush=True)
    sys.stdin.readline()
    staging.commit(parts)
"""


def _hold(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """A run whose children have added files and ended, and its staging folder."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "added\n"
    (staging,) = folder.glob(".toolkit-*")
    return process, staging


def test_staging_of_the_living(tmp_path: Path) -> None:
    """Another run leaves the files of a run that lives alone, also once the children that added them have ended."""
    process, staging = _hold(tmp_path)
    for content in (b"one", b"two"):
        write_files({"other": content}, tmp_path)
    assert staging.is_dir()
    process.communicate("\n", timeout=60)
    assert process.returncode == 0
    assert written(tmp_path) == {"other": b"two", "a": b"new", "b": b"new", "c": b"new"}


def test_staging_of_the_dead(tmp_path: Path) -> None:
    """The next run that writes clears away what a killed one left, and nothing else."""
    process, staging = _hold(tmp_path)
    process.kill()
    process.communicate(timeout=60)
    (tmp_path / ".toolkit-mine").mkdir()
    (tmp_path / ".toolkit-0123456789abcdef").mkdir()  # killed before it had a lock
    assert len(written(staging)) == 4
    write_files({"other": b"one"}, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"other", ".toolkit-mine"}


def test_links_as_leftovers(tmp_path: Path) -> None:
    """Links that look as if a killed run had left them are not followed."""
    outside = write(tmp_path / "outside", {"lock": "mine", "precious": "mine"})
    out = write(tmp_path / "out", {".toolkit-0000000000000000/file": ""})
    (out / ".toolkit-0000000000000000/lock").symlink_to(outside / "precious")
    (out / ".toolkit-1111111111111111").symlink_to(outside)
    write_files({"a": b"one"}, out)
    assert written(outside) == {"lock": b"mine", "precious": b"mine"}


SLEEPERS = """
import os, time
from toolkit.descriptors.parallel import fork_map
def work(number):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(600 * number)
list(fork_map(work, [0, 1], [1, 1]))
"""


@pytest.mark.slow(reason="starts and kills many runs")
@pytest.mark.skipif(sys.platform != "linux" or os.cpu_count() == 1, reason="needs Linux and two processors")
def test_children_of_the_killed() -> None:
    """Children end with a parent that is killed, though they wait for work or are at it."""
    process = subprocess.Popen([sys.executable, "-c", SLEEPERS], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.pid not in [int(process.stdout.readline()) for _ in range(2)]
    process.kill()
    assert process.communicate(timeout=60) == (b"", None)  # the last that could write has ended


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder(tmp_path: Path) -> None:
    """A folder that cannot be written to is a clear error, and nothing is half-written."""
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="Permission denied"), Staging(tmp_path / "out"):
        pass


def test_full_disk(tmp_path: Path) -> None:
    """Where the disk is full every old file stays, no new one is there, and nothing is left over."""
    folder = _tree(tmp_path, "Apple")
    assert run("generate", "reference", cwd=folder).code == 0
    before = written(folder)
    _tree(tmp_path, "Pear")
    # A limit on the size of a file stands for the disk: pages are larger than it.
    code = (
        "import resource, signal, sys\nfrom toolkit.cli.main import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "import toolkit.delivery.staging as f\nplain = f._write\n"
        "def small(path, content):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (900, resource.RLIM_INFINITY))\n"
        "    plain(path, content)\n"
        "f._write = small\nsys.argv = ['toolkit', 'generate', 'reference']\nmain()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 2
    assert "cannot write" in ran.stderr
    assert "nothing was changed" in ran.stderr
    after = written(folder)
    assert {p: c for p, c in after.items() if p.startswith("build")} == {
        p: c for p, c in before.items() if p.startswith("build")
    }
