"""The wheels of this checkout, and environments to install them in."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


@dataclass(frozen=True)
class Wheels:
    """A directory with the wheels of both packages of this checkout and of protobuf, and nothing else."""

    folder: Path

    @property
    def toolkit(self) -> Path:
        """The wheel of proto-toolkit."""
        return self.folder / f"proto_toolkit-{version('proto-toolkit')}-py3-none-any.whl"

    @property
    def runtime(self) -> Path:
        """The wheel of proto-toolkit-runtime, for this Python if there is a compiler."""
        (found,) = self.folder.glob(f"proto_toolkit_runtime-{version('proto-toolkit')}-*.whl")
        return found


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> Environment:
        """One with nothing but pip."""
        must(sys.executable, "-m", "venv", folder, cwd=folder.parent)
        return cls(folder)

    @property
    def packages(self) -> Path:
        """Where packages are installed."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def pip(self, *arguments: str | Path) -> None:
        """Run pip, which must succeed."""
        must(self.folder / "bin/python", "-m", "pip", "-q", *arguments, cwd=self.folder)

    def run(self, *command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, with nothing of the checkout in sight."""
        name, *arguments = command
        return subprocess.run(
            [self.folder / "bin" / name, *arguments],
            cwd=cwd or self.folder,
            env=bare(),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )


def bare() -> dict[str, str]:
    """The environment variables without those that say where modules are."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def must(*command: str | Path, cwd: Path) -> None:
    """Run a program, which must succeed."""
    ran = subprocess.run(command, cwd=cwd, env=bare(), capture_output=True, encoding="utf-8", timeout=600)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    """The wheels, which the first worker builds for all."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheels"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for project in (REPOSITORY, REPOSITORY / "toolkit"):
                must(sys.executable, "-m", "build", "--wheel", "-n", "--outdir", folder / "dist", project, cwd=folder)
            wanted = f"protobuf=={version('protobuf')}"
            must(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder / "dist", wanted, cwd=folder)
            (folder / "done").touch()
    return Wheels(folder / "dist")
