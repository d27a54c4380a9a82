"""A minute of wrong bytes and values for the code in C, under sanitizers; `make fuzz` also compares longer."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.fuzz import sanitized

SECONDS = 60


def _has_sanitizers() -> bool:
    if shutil.which("gcc") is None or not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        return False
    ran = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True)
    return Path(ran.stdout.strip()).is_absolute()


needs_sanitizers = pytest.mark.skipif(not _has_sanitizers(), reason="no sanitizers: install gcc and python3-dev")


@needs_sanitizers
@pytest.mark.slow(reason="a minute of random inputs")
def test_nothing_is_found() -> None:
    """No byte outside of an object is read or written, and nothing undefined is done."""
    ran = sanitized.run(SECONDS, seed=1)
    assert ran.returncode == 0, ran.stdout + ran.stderr[-5000:]
    tried, *_ = map(int, re.findall(r"\d+", ran.stdout))
    assert tried > 1000


@needs_sanitizers
@pytest.mark.slow(reason="compiles, and tries until there is a finding")
@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("native.h", "value > (uint64_t)(end - after)", "value > (uint64_t)(end - after) + 8"),
        ("read.c", "if (at >= end)", "if (at > end)"),
        ("write.c", "for (size_t left = size; left >= 128; left >>= 7)", "for (size_t left = size; left >= 256; left >>= 8)"),
        ("json_scalars.c", " || buffer_reserve(&text, 4) < 0", ""),
        ("read.c", "if (end - start < size)", "if (end - start + 4 < size)"),
    ],
)  # fmt: skip
def test_mistakes_are_found(file: str, good: str, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that is missing is found within half a minute: by a sanitizer, or since Python makes something else."""
    shutil.copytree(sanitized.SOURCES, tmp_path / "native")
    text = (tmp_path / "native" / file).read_text()
    assert text.count(good) == 1
    (tmp_path / "native" / file).write_text(text.replace(good, bad))
    monkeypatch.setattr(sanitized, "SOURCES", tmp_path / "native")
    ran = sanitized.run(30, seed=1)
    assert ran.returncode != 0
    assert re.search("AddressSanitizer|runtime error|AssertionError", ran.stderr), ran.stderr[-3000:]
