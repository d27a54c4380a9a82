"""The runtime as a package of its own: with protobuf alone, and beside proto-toolkit in either order."""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.packaging.conftest import Environment, Wheels, must

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.slow(reason="builds wheels and installs them")]

_ASK = """
import json, sys
import toolkit.runtime
try:
    import toolkit.api
except ImportError as error:
    missing = str(error)
try:
    import toolkit
    toolkit.compile
except ImportError as error:
    said = str(error)
print(json.dumps([toolkit.runtime.__file__, missing, said]))
"""


@pytest.fixture
def environment(wheels: Wheels, tmp_path: Path) -> Environment:
    """An environment with the runtime and protobuf, installed without an index."""
    made = Environment.create(tmp_path / "venv")
    made.pip("install", "--no-index", "--find-links", wheels.folder, "proto-toolkit-runtime")
    return made


def test_alone(environment: Environment) -> None:
    """Only protobuf comes with it; asking it for the rest of the toolkit says what to install."""
    listed = environment.run("python", "-m", "pip", "list", "--format", "json")
    names = {each["name"] for each in json.loads(listed.stdout)}
    assert names - {"pip", "setuptools"} == {"proto-toolkit-runtime", "protobuf"}
    ran = environment.run("python", "-c", _ASK)
    file, missing, said = json.loads(ran.stdout)
    assert file.startswith(str(environment.packages))
    assert missing == "No module named 'toolkit.api'"
    assert said == "toolkit.compile is in another package: pip install proto-toolkit"


def test_size(environment: Environment) -> None:
    """What it adds beside protobuf takes at most 6 MB, compiled files included."""
    environment.run("python", "-m", "compileall", "-q", environment.packages / "toolkit")
    files = (path for path in (environment.packages / "toolkit").rglob("*") if path.is_file())
    assert 100_000 < sum(path.stat().st_size for path in files) <= 6_000_000


@pytest.mark.parametrize("first", ["toolkit", "runtime"])
@pytest.mark.parametrize("removed", ["proto-toolkit", "proto-toolkit-runtime"])
def test_orders(first: str, removed: str, wheels: Wheels, tmp_path: Path) -> None:
    """Whichever is installed or removed first, the other is left whole, and in the end there is nothing."""
    environment = Environment.create(tmp_path / "venv")
    before = sorted(environment.packages.iterdir())
    for wheel in [wheels.toolkit, wheels.runtime] if first == "toolkit" else [wheels.runtime, wheels.toolkit]:
        environment.pip("install", "--no-deps", wheel)
    package = environment.packages / "toolkit"
    assert (package / "__init__.py").is_file()
    assert (package / "api.py").is_file()
    environment.pip("uninstall", "-y", removed)
    left = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    assert ("api.py" in left) == (removed != "proto-toolkit")
    assert ("__init__.py" in left) == ("runtime/root.py" in left) == (removed == "proto-toolkit")
    environment.pip("uninstall", "-y", "proto-toolkit", "proto-toolkit-runtime")
    assert sorted(environment.packages.iterdir()) == before


def test_source(wheels: Wheels, tmp_path: Path) -> None:
    """A source distribution of either package builds the wheel that the checkout does."""
    for project, wheel in ((REPOSITORY, wheels.toolkit), (REPOSITORY / "toolkit", wheels.runtime)):
        out = tmp_path / wheel.stem
        must(sys.executable, "-m", "build", "--sdist", "-n", "--outdir", out, project, cwd=tmp_path)
        (archive,) = out.iterdir()
        with tarfile.open(archive) as opened:
            opened.extractall(out, filter="data")
        (source,) = (path for path in out.iterdir() if path.is_dir())
        must(sys.executable, "-m", "build", "--wheel", "-n", "--outdir", out, source, cwd=tmp_path)
        assert (out / wheel.name).read_bytes() == wheel.read_bytes()
