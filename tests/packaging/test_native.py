"""The part of the runtime that is in C: in its wheel where there is a compiler, and never required."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.packaging.conftest import Environment, Wheels, bare
from toolkit.hatch_build import unwanted

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.slow(reason="builds wheels and installs them")]
NAME = f"toolkit/runtime/_native{sysconfig.get_config_var('EXT_SUFFIX')}"
_USE = """
import json, toolkit.runtime
from toolkit.runtime.anys import Any
message = Any(type_url="a/b", value=b"c")
assert Any.from_bytes(message.to_bytes()) == message
print(json.dumps(toolkit.runtime.accelerated))
"""


def can_compile() -> bool:
    """Whether this machine has what it takes."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    header = Path(sysconfig.get_path("include")) / "Python.h"
    return subprocess.run(["which", compiler], capture_output=True).returncode == 0 and header.is_file()


def build(out: Path, **environment: str) -> tuple[Path, str]:
    """A wheel of the runtime, and what was said."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(out), "-v"]
    ran = subprocess.run(
        [*command, str(REPOSITORY / "toolkit")], cwd=out, env={**bare(), **environment}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (wheel,) = out.glob("*.whl")
    return wheel, ran.stdout + ran.stderr


@pytest.mark.skipif(not can_compile(), reason="no compiler, or no Python.h: install gcc and python3-dev")
def test_compiled(wheels: Wheels, tmp_path: Path) -> None:
    """With a compiler, the wheel is for this Python, has the compiled file and no sources, and uses it."""
    assert not wheels.runtime.name.endswith("-none-any.whl")
    with zipfile.ZipFile(wheels.runtime) as opened:
        names = opened.namelist()
        assert str(tmp_path).encode() not in opened.read(NAME)
        assert str(REPOSITORY).encode() not in opened.read(NAME)
    assert {name for name in names if "native" in name} == {NAME, "toolkit/runtime/native.py"}
    environment = Environment.create(tmp_path / "venv")
    environment.pip("install", "--no-index", "--find-links", wheels.folder, "proto-toolkit-runtime")
    ran = environment.run("python", "-c", _USE)
    assert json.loads(ran.stdout) is True, ran.stderr


@pytest.mark.skipif(not can_compile(), reason="no compiler, or no Python.h: install gcc and python3-dev")
def test_free_threading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For a Python without the global interpreter lock, nothing is compiled, and nothing compiles."""
    assert unwanted() == ""
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: int(name == "Py_GIL_DISABLED"))
    assert unwanted() == "it is not for Python without the global interpreter lock"
    source = REPOSITORY / "toolkit/runtime/native/buffer.c"
    command = ["gcc", "-fsyntax-only", f"-I{sysconfig.get_path('include')}", str(source)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    ran = subprocess.run([*command, "-DPy_GIL_DISABLED"], capture_output=True, text=True)
    assert "it relies on the global interpreter lock" in ran.stderr


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"CC": "/nonexistent/cc"}, "CompileError: .*/nonexistent/cc"),
        ({"CC": "false"}, "CompileError: "),
        ({"TOOLKIT_RUNTIME": "pure"}, "TOOLKIT_RUNTIME is pure"),
    ],
)
def test_pure(wheels: Wheels, tmp_path: Path, environment: dict[str, str], reason: str) -> None:
    """Without a compiler, or if that is what is asked for, the wheel is for every Python, and one line says why."""
    wheel, said = build(tmp_path, **environment)
    assert wheel.name.endswith("-py3-none-any.whl")
    assert not any(
        "native" in name and name != "toolkit/runtime/native.py" for name in zipfile.ZipFile(wheel).namelist()
    )
    lines = [line.strip() for line in said.splitlines() if "in pure Python" in line]
    assert len(lines) == 1, said
    assert re.search(f"^toolkit.runtime in pure Python, without code in C: {reason}", lines[0])
    assert "Traceback" not in said
    installed = Environment.create(tmp_path / "venv")
    installed.pip("install", "--no-index", "--find-links", wheels.folder, wheel)
    ran = installed.run("python", "-c", _USE)
    assert json.loads(ran.stdout) is False, ran.stderr
