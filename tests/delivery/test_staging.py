"""Files are written whole or not at all, inside the output folder, and only where they changed."""

from __future__ import annotations

import ntpath
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.command import written
from toolkit.delivery import compare
from toolkit.delivery.staging import Staging, Written, write
from toolkit.errors import OutputError

PATIENCE = 60


def test_written(tmp_path: Path) -> None:
    """Files and folders are made, and the count says what was written."""
    files = {"a/b/c.md": b"one", "d.md": "zwei ☃".encode(), "empty": b""}
    assert write(files, tmp_path / "out/deep") == Written(3, 0)
    assert written(tmp_path / "out/deep") == files
    assert write(files, tmp_path / "out/deep") == Written(0, 3)
    assert write({**files, "d.md": b"three"}, tmp_path / "out/deep") == Written(1, 2)
    assert (tmp_path / "out/deep/d.md").read_bytes() == b"three"


def test_unchanged_files_stay(tmp_path: Path) -> None:
    """A file that holds the content already keeps its inode and time; others in the folder are left alone."""
    write({"a": b"one", "b": b"two"}, tmp_path)
    (tmp_path / "mine").write_bytes(b"mine")
    before = (tmp_path / "a").stat()
    assert write({"a": b"one", "b": b"TWO"}, tmp_path) == Written(1, 1)
    after = (tmp_path / "a").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert written(tmp_path) == {"a": b"one", "b": b"TWO", "mine": b"mine"}


def test_replaced_in_one_step(tmp_path: Path) -> None:
    """Whoever has the old file open reads on in it, whole; the new one is another file."""
    old, new = b"old" * 100_000, b"new" * 200_000
    write({"a": old}, tmp_path)
    with (tmp_path / "a").open("rb") as reader:
        begun = reader.read(10)
        write({"a": new}, tmp_path)
        assert begun + reader.read() == old
    assert (tmp_path / "a").read_bytes() == new


def test_never_half(tmp_path: Path) -> None:
    """While a file is replaced again and again, every reader sees one of the contents, never a part."""
    contents = [bytes([letter]) * 300_000 for letter in b"ab"]
    write({"a": contents[0]}, tmp_path)
    stop = threading.Event()
    seen: list[bytes] = []

    def read() -> None:
        while not stop.is_set():
            content = (tmp_path / "a").read_bytes()
            if content not in contents:
                seen.append(content[:10])

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        write({"a": contents[number % 2]}, tmp_path)
    stop.set()
    reader.join()
    assert seen == []


def test_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    """If a file cannot be replaced, no temporary file stays, and those written before are complete."""
    (tmp_path / "b").mkdir()
    with pytest.raises(OutputError, match=f"cannot write '{tmp_path}/b': Is a directory") as caught:
        write({"a": b"one", "b": b"two", "c": b"three"}, tmp_path)
    assert "fix the cause" in caught.value.hint
    assert {p.name for p in tmp_path.iterdir()} == {"a", "b"}
    assert (tmp_path / "a").read_bytes() == b"one"


def test_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """A content that does not fit, here for a limit of the process, leaves the old file and no temporary one."""
    write({"a": b"old"}, tmp_path)
    code = (
        "import resource, signal, sys; from pathlib import Path; from toolkit.delivery.staging import write\nfrom toolkit.errors import OutputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write({'a': b'x' * 5000}, Path(sys.argv[1]))\n"
        "except OutputError as error: print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "File too large" in ran.stdout
    assert written(tmp_path) == {"a": b"old"}


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A file where a folder must be is an OutputError that names it, and it stays."""
    (tmp_path / "taken").write_bytes(b"mine")
    with pytest.raises(OutputError, match="taken"):
        write({"taken/a": b"one"}, tmp_path)
    with pytest.raises(OutputError, match="taken"):
        write({"a": b"one"}, tmp_path / "taken")
    assert written(tmp_path) == {"taken": b"mine"}


def test_file_and_folder_of_one_name(tmp_path: Path) -> None:
    """A path that another path needs as a folder is an OutputError."""
    with pytest.raises(OutputError, match="Is a directory"):
        write({"a": b"one", "a/b": b"two"}, tmp_path)


ELSEWHERE = """
import filelock, os, pathlib, shutil, sys, types
gone = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "fork", "register_at_fork", "geteuid", "kill", "mkfifo")
bare = types.ModuleType("os")
vars(bare).update({name: member for name, member in vars(os).items() if name not in gone})
sys.modules["os"] = bare
from toolkit.delivery.staging import write
from toolkit.delivery.compare import Comparing
out = pathlib.Path(sys.argv[1])
print(write({"a/b": b"one", "c": b"two\\n"}, out), write({"a/b": b"one", "c": b"three\\n"}, out))
print([difference.path for difference in Comparing(out).add({"a/b": b"one", "c": b"two\\n"}).differences])
"""


def test_other_systems(tmp_path: Path) -> None:
    """Files are written and compared where ``os`` lacks what Windows or macOS do not have."""
    ran = subprocess.run([sys.executable, "-c", ELSEWHERE, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"{Written(2, 0)} {Written(1, 1)}\n['c']\n"
    assert written(tmp_path) == {"a/b": b"one", "c": b"three\n"}


@pytest.mark.parametrize("path", ["C:x", "C:/x", "a/C:x", "a/C:"])
def test_drives(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows a path with a drive in it is refused: it leads out of the folder."""
    monkeypatch.setattr(compare, "os", SimpleNamespace(path=ntpath))
    assert compare.targets_of(["a/b"], "D:\\out") == {"a/b": "D:\\out\\a\\b"}
    with pytest.raises(OutputError, match="refusing to write"):
        compare.targets_of([path], "D:\\out")


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "a/..", "./x", "/x", "//x", "", "a//b", "a/", "a\\..\\x", "\\x", "C:\\x", "a\0b"]
)
def test_paths_that_lead_out(path: str, tmp_path: Path) -> None:
    """A path that is not plainly relative is refused before anything is written."""
    with pytest.raises(OutputError, match="refusing to write"):
        write({"good": b"one", path: b"two"}, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_linked_folder(tmp_path: Path) -> None:
    """A folder in the output that links out of it is refused before anything is written; one that stays inside is not."""
    outside, out = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    out.mkdir()
    (out / "away").symlink_to(outside)
    for path in ("away/x", "away/deep/x"):
        with pytest.raises(OutputError, match="a symbolic link leads out"):
            write({"good": b"one", path: b"two"}, out)
    assert list(outside.iterdir()) == []
    assert {p.name for p in out.iterdir()} == {"away"}
    (out / "real").mkdir()
    (out / "near").symlink_to("real")
    assert write({"near/x": b"two"}, out) == Written(1, 0)
    assert (out / "real/x").read_bytes() == b"two"


def test_sibling_with_the_same_beginning(tmp_path: Path) -> None:
    """A link into a folder beside the output whose name begins alike leads out too."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/away").symlink_to(tmp_path / "outside")
    with pytest.raises(OutputError, match="a symbolic link leads out"):
        write({"away/x": b"two"}, tmp_path / "out")


def test_linked_file(tmp_path: Path) -> None:
    """A file that is a link is replaced, not followed, even where the content behind it is the same."""
    (tmp_path / "precious").write_bytes(b"mine")
    for content in (b"mine", b"new"):
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out/x").unlink(missing_ok=True)
        (tmp_path / "out/x").symlink_to(tmp_path / "precious")
        assert write({"x": content}, tmp_path / "out") == Written(1, 0)
        assert not (tmp_path / "out/x").is_symlink()
        assert (tmp_path / "out/x").read_bytes() == content
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_linked_output(tmp_path: Path) -> None:
    """The output folder itself may be a link: that is the user's choice."""
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    assert write({"a/b": b"one"}, tmp_path / "out") == Written(1, 0)
    assert (tmp_path / "real/a/b").read_bytes() == b"one"


def test_staging(tmp_path: Path) -> None:
    """Nothing is in its place before the commit, and where there is none, nothing is left."""
    write({"a": b"old"}, tmp_path)
    with Staging(tmp_path) as staging:
        parts = [staging.add({"a": b"new", "b": b"new"}), staging.add({"c/d": b"new"})]
        assert (tmp_path / "a").read_bytes() == b"old"
        assert not (tmp_path / "b").exists()
    assert written(tmp_path) == {"a": b"old"}
    assert len(parts) == 2
    with Staging(tmp_path) as staging:
        parts = [staging.add({"a": b"new", "b": b"new"}), staging.add({"c/d": b"new"})]
        assert staging.commit(parts) == Written(3, 0)
    assert written(tmp_path) == {"a": b"new", "b": b"new", "c/d": b"new"}


def test_taken_for_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run may take a staging directory for abandoned before it is locked; it is not lost after that."""
    make, remove = os.makedirs, shutil.rmtree
    removing = threading.Event()
    other = threading.Thread(target=lambda: Staging(tmp_path).__enter__().__exit__())

    def made(path: str, mode: int = 0o777, exist_ok: bool = False) -> None:
        make(path, mode, exist_ok)
        if other.ident is None:
            other.start()
            assert removing.wait(PATIENCE)

    def removed(path: str, ignore_errors: bool = False) -> None:
        removing.set()
        time.sleep(0.2)  # for the first run to lock it
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(os, "makedirs", made)
    monkeypatch.setattr(shutil, "rmtree", removed)
    with Staging(tmp_path) as staging:
        other.join(PATIENCE)
        assert staging.commit([staging.add({"a.txt": b"a"})]) == Written(1, 0)
    assert os.listdir(tmp_path) == ["a.txt"]


def test_folders_that_were_not_there(tmp_path: Path) -> None:
    """Folders made for an output that failed are removed again, and one that was there before stays."""
    (tmp_path / "mine").mkdir()
    for folder in (tmp_path / "new/out", tmp_path / "mine"):
        with Staging(folder) as staging:
            staging.add({"a": b"one"})
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]


def test_unchanged_folder_stays(tmp_path: Path) -> None:
    """Where every file is there already, the folder is not written to."""
    write({"a": b"one"}, tmp_path)
    before = tmp_path.stat().st_mtime_ns
    assert write({"a": b"one"}, tmp_path) == Written(0, 1)
    assert tmp_path.stat().st_mtime_ns == before


def test_pipe_in_the_place_of_a_file(tmp_path: Path) -> None:
    """A named pipe is replaced; nobody waits for it."""
    os.mkfifo(tmp_path / "x")
    assert write({"x": b"new"}, tmp_path) == Written(1, 0)
    assert (tmp_path / "x").read_bytes() == b"new"


def test_umask(tmp_path: Path) -> None:
    """New files have the mode that the umask leaves, as if they were written by hand."""
    for mask, mode in ((0o022, 0o644), (0o077, 0o600), (0o002, 0o664)):
        before = os.umask(mask)
        try:
            write({f"{mask}": b"one"}, tmp_path)
        finally:
            os.umask(before)
        assert (tmp_path / f"{mask}").stat().st_mode & 0o777 == mode


def test_long_names(tmp_path: Path) -> None:
    """A name as long as the file system allows is written, whatever its letters, and a longer one refused."""
    for name in ("a" * 255, "ü" * 127):
        assert write({name: b"one"}, tmp_path) == Written(1, 0)
    with pytest.raises(OutputError, match="name too long"):
        write({"a" * 256: b"one"}, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
