"""What is installed works like the checkout: a real wheel in an empty environment, used from somewhere else."""

from __future__ import annotations

import fcntl
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.packaging.conftest import Environment, Wheels
from tests.support.command import run, written

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.slow(reason="builds wheels and installs them")]
GOLDEN = REPOSITORY / "tests/golden/pages"


@dataclass(frozen=True)
class Installed:
    """The wheels, the environment that they are installed in, and a directory elsewhere."""

    wheels: Wheels
    environment: Environment
    elsewhere: Path

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, with nothing of the checkout in sight."""
        return self.environment.run(*command, cwd=self.elsewhere)


@pytest.fixture(scope="module")
def installed(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Both wheels of this checkout, installed with what they depend on.

    The mark above should be enough for one worker to do it, once; xdist 3.8
    loses it under pytest 9.2, so other workers wait for the first and share.
    """
    folder = wheels.folder.parent
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = Environment(folder / "venv")
        if not (folder / "installed").exists():
            Environment.create(folder / "venv").pip("install", wheels.runtime, wheels.toolkit)
            (folder / "installed").touch()
    return Installed(wheels, environment, tmp_path_factory.mktemp("elsewhere"))


RUNTIME = ("toolkit/__init__.py", "toolkit/py.typed", "toolkit/runtime/")
"""What the wheel of the runtime contains."""


def test_contents(installed: Installed) -> None:
    """The wheels hold every module and data file of the package, each in one, the templates, and nothing else."""
    names, runtime = (_contents(wheel) for wheel in (installed.wheels.toolkit, installed.wheels.runtime))
    templates = {f"toolkit/{path}" for path in _files("templates")}
    own = _files("toolkit") - {"toolkit/pyproject.toml", "toolkit/LICENSE", "toolkit/hatch_build.py"}
    own = {name for name in own if not name.startswith(("toolkit/runtime/native/", "toolkit/runtime/_native."))}
    runtime = {name for name in runtime if not name.startswith("toolkit/runtime/_native.")}  # test_native.py
    assert runtime == {name for name in own if name.startswith(RUNTIME)}
    assert names == templates | own - runtime
    assert {"toolkit/templates/yfm/method.md.j2", "toolkit/templates/snippets/curl.sh.j2"} <= names
    assert {"toolkit/semantics/mappings/yandex.toml", "toolkit/targets/examples/values.toml"} <= names


def _contents(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def _files(folder: str) -> set[str]:
    found = (path for path in (REPOSITORY / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(REPOSITORY).as_posix() for path in found}


def test_metadata(installed: Installed) -> None:
    """The licences and the read-me travel with it, and the command is declared."""
    wheel = zipfile.ZipFile(installed.wheels.toolkit)
    info = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert {"METADATA", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE"} <= set(info)
    assert "toolkit = toolkit.cli.main:main" in wheel.read(info["entry_points.txt"]).decode()
    metadata = wheel.read(info["METADATA"]).decode()
    assert (REPOSITORY / "README.md").read_text(encoding="utf-8").strip() in metadata
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ") and "extra ==" not in line]
    assert not [line for line in needed if "pytest" in line or "mkdocs" in line]


def test_imported_from_the_environment(installed: Installed) -> None:
    """What runs is the installed package, not the checkout."""
    ran = installed.run("python", "-c", "import toolkit; print(toolkit.__file__)")
    assert ran.stdout.startswith(str(installed.environment.folder)), ran.stdout + ran.stderr


OWN = ("--proto-path", REPOSITORY / "protos", "--catalog", REPOSITORY / "catalog.toml", "--style", "current")
"""What the kept pages are made with."""


def test_reference(installed: Installed) -> None:
    """The installed command makes the kept pages of protos/, byte for byte, and says so."""
    ran = installed.run("toolkit", "generate", "reference", *OWN, "--out", "pages")
    assert ran.returncode == 0, ran.stderr
    expected = written(GOLDEN)
    assert written(installed.elsewhere / "pages") == expected
    assert ran.stderr.splitlines()[-1] == f"{len(expected)} pages in pages: {len(expected)} written, 0 unchanged"


def test_page(installed: Installed) -> None:
    """One page on standard output is the kept page."""
    ran = installed.run("toolkit", "page", "yandex.cloud.compute.v1.ImageService.Get", *OWN)
    assert ran.stdout == (GOLDEN / "compute/api-ref/grpc/Image/get.md").read_text(encoding="utf-8")


def test_examples(installed: Installed, tmp_path: Path) -> None:
    """The installed command makes the examples that the checkout makes, so the values that it needs are in the wheel."""
    flags = ("generate", "examples", "--proto-path", REPOSITORY / "protos", "--out")
    ran = installed.run("toolkit", *flags, "examples")
    assert ran.returncode == 0, ran.stderr
    assert run(*flags, tmp_path / "examples", cwd=tmp_path).code == 0
    examples = written(installed.elsewhere / "examples")
    assert len(examples) >= 20
    assert examples == written(tmp_path / "examples")


@pytest.mark.parametrize("form", ["curl", "grpcurl", "python"])
def test_snippets(form: str, installed: Installed) -> None:
    """Every snippet has its template in the wheel."""
    name = "yandex.cloud.compute.v1.ImageService.Get"
    ran = installed.run("toolkit", "example", name, "--as", form, "--proto-path", REPOSITORY / "protos")
    assert ran.returncode == 0, ran.stderr
    assert {"curl": "curl --request GET", "grpcurl": "grpcurl ", "python": "import grpc"}[form] in ran.stdout


def test_version(installed: Installed) -> None:
    """The command knows the version that the wheel was built with."""
    ran = installed.run("toolkit", "--version")
    assert ran.stdout == f"toolkit, version {installed.wheels.toolkit.name.split('-')[1]}\n", ran.stderr
