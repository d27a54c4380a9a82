"""Bindings as a distribution, in an environment with nothing but it, the runtime and protobuf."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests.packaging.conftest import Environment, Wheels, must
from tests.support.command import run
from tests.support.protos_of import proto3, write

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.slow(reason="builds wheels and installs them")]

PROTOS = {
    "acme/v1/acme.proto": proto3(
        "acme.v1",
        """
import "google/protobuf/timestamp.proto";
message Bucket { string name = 1; google.protobuf.Timestamp made = 2; }
service Buckets { rpc Get(Bucket) returns (Bucket); }
""",
    ),
}
SETTINGS = """
proto_path = ["protos"]
[python]
out = "build/python"
package = "acme.bindings"
distribution = "acme-bindings"
distribution_version = "1.2.0"
"""
_USE = """
import json, sys
from acme.bindings.acme.v1 import Bucket
bucket = Bucket.from_json('{"name": "a", "made": "2030-01-01T00:00:00Z"}')
assert Bucket.from_bytes(bucket.to_bytes()) == bucket
print(json.dumps([bucket.to_dict(), sorted({name.partition(".")[0] for name in sys.modules} & {"grpc", "jinja2"})]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose output directory is ignored by git."""
    folder = tmp_path / "project"
    write(folder / "protos", PROTOS)
    write(folder, {"toolkit.toml": SETTINGS, ".gitignore": "/build/\n"})
    must("git", "init", "-q", cwd=folder)
    return folder


def test_install(wheels: Wheels, project: Path, tmp_path: Path) -> None:
    """The generated code is built by its own project file, and installs and works with the runtime and protobuf alone."""
    assert run("generate", "python", cwd=project).code == 0
    found = tomllib.loads((project / "build/python/pyproject.toml").read_text())["project"]
    assert (found["name"], found["version"]) == ("acme-bindings", "1.2.0")
    assert found["dependencies"] == ["proto-toolkit-runtime>=0.1.0"]
    assert found["optional-dependencies"] == {"grpc": ["proto-toolkit-runtime[grpc]>=0.1.0"]}
    must(sys.executable, "-m", "build", "--wheel", "-n", "--outdir", tmp_path / "dist", "build/python", cwd=project)
    environment = Environment.create(tmp_path / "venv")
    folders = ("--find-links", wheels.folder, "--find-links", tmp_path / "dist")
    environment.pip("install", "--no-index", *folders, "acme-bindings")
    assert (environment.packages / "acme/bindings/py.typed").is_file()
    ran = environment.run("python", "-c", _USE)
    assert json.loads(ran.stdout) == [{"name": "a", "made": "2030-01-01T00:00:00Z"}, []], ran.stderr
    environment.pip("uninstall", "-y", "proto-toolkit-runtime")
    ran = environment.run("python", "-c", _USE)
    *_, said = ran.stderr.splitlines()
    needs = "pip install 'proto-toolkit-runtime>=0.1.0'"
    assert said == f"ImportError: acme.bindings: No module named 'toolkit'; {needs}"
    assert "During handling" not in ran.stderr


def test_checked(project: Path) -> None:
    """The project file is checked and removed as the other generated files are."""
    assert run("generate", "python", cwd=project).code == 0
    file = project / "build/python/pyproject.toml"
    file.write_text(file.read_text().replace("1.2.0", "1.3.0"))
    assert run("check", "python", cwd=project).code == 1
    (project / "toolkit.toml").write_text(SETTINGS.replace("distribution", "# distribution"))
    assert run("generate", "python", "--force", "build/python/pyproject.toml", cwd=project).code == 0
    assert not file.exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--distribution", "acme bindings"), "'acme bindings' is not a valid name of a distribution"),
        (("--distribution-version", "one"), "'one' is not a valid version of a distribution"),
        (("--distribution-version", "1.0\nx"), "is not a valid version of a distribution"),
    ],
)
def test_refused(flags: tuple[str, str], said: str, project: Path) -> None:
    """A name or version that pip would refuse is an error."""
    ran = run("generate", "python", *flags, cwd=project)
    assert ran.code == 2
    assert said in ran.errors
