"""The lines that install the toolkit, as the pages say them, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PAGES = ("README.md", "site/quick-start.md", "site/guide/install.md")
SHIPPED = ("toolkit", "templates", "pyproject.toml", "README.md", "LICENSE", "NOTICE")
"""What the packages are built from."""

pytestmark = pytest.mark.slow(reason="builds the packages and installs them")


def lines() -> list[str]:
    """The lines for pip, pipx and uv of all pages; those that build wheels are left out."""
    blocks = [
        block for page in PAGES for block in re.findall(r"(?ms)^```sh\n(.*?)^```", (REPOSITORY / page).read_text())
    ]
    found = [line for block in blocks for line in block.splitlines() if re.match(r"(pip|pipx|uv tool) install\b", line)]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the packages are built from, in which the line that builds wheels has run."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SHIPPED:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPOSITORY / name, folder)
    (build,) = {line for page in PAGES for line in re.findall(r"(?m)^pip wheel .*", (REPOSITORY / page).read_text())}
    _run(f"{sys.executable} -m {build}", folder, os.environ["PATH"])
    assert len(list((folder / "dist").iterdir())) == 2
    return folder


def _run(command: str, cwd: Path, path: str, **more: str) -> str:
    hidden = ("PYTHON", "VIRTUAL_ENV", "PIPX_", "UV_TOOL_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    ran = subprocess.run(
        ["bash", "-ec", command],
        cwd=cwd,
        env={**environment, "PATH": path, **more},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def test_lines() -> None:
    """The pages have lines for each of the three programs, from the checkout and from wheels."""
    programs = [(line.split()[0], "dist/" in line) for line in lines()]
    assert {*programs} == {(name, wheels) for name in ("pip", "pipx", "uv") for wheels in (False, True)}


@pytest.mark.parametrize("line", lines())
def test_install(line: str, checkout: Path, tmp_path: Path) -> None:
    """A line installs the command and the runtime, with nothing else before."""
    program = line.split()[0]
    programs = f"{tmp_path}/bin{os.pathsep}/usr/bin{os.pathsep}/bin"
    if program == "pip":
        _run(f"{sys.executable} -m venv {tmp_path}", tmp_path, os.environ["PATH"])
    else:
        found = shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        if found is None:
            pytest.skip(f"no {program}: pip install 'proto-toolkit[dev]'")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / program).symlink_to(found)
    homes = {
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_DEFAULT_PYTHON": sys.executable,
        "UV_TOOL_DIR": str(tmp_path / "uv"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_PYTHON": sys.executable,
    }
    _run(line, checkout, programs, **homes)
    assert _run("toolkit --version", tmp_path, programs) == "toolkit, version 0.1.0\n"
    (script,) = (tmp_path / "bin").glob("toolkit")
    python = script.read_text().splitlines()[0].removeprefix("#!")
    where = _run(f"{python} -c 'import toolkit.runtime; print(toolkit.runtime.__file__)'", tmp_path, programs)
    assert Path(where).is_relative_to(tmp_path)
