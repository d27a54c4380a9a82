"""What is installed: bounds in pyproject.toml, and the lock file of CI."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
RUNTIME = tomllib.loads((REPOSITORY / "toolkit/pyproject.toml").read_text())["project"]
LOCK = REPOSITORY / "requirements/ci.txt"


def required(extra: str = "") -> Iterator[Requirement]:
    """What the package, or one of its extras with all that it refers to, requires besides its runtime."""
    project = PROJECT["project"]
    for line in project["optional-dependencies"][extra] if extra else project["dependencies"]:
        requirement = Requirement(line)
        if requirement.name == project["name"]:
            for other in requirement.extras:
                yield from required(other)
        elif requirement.name != RUNTIME["name"]:
            yield requirement


def locked() -> dict[str, tuple[str, list[str]]]:
    """The version and hashes of each package in the lock file."""
    text = re.sub(r"(?m)^#.*\n", "", LOCK.read_text()).replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        name, _, rest = line.partition("==")
        version, *hashes = rest.split()
        found[canonicalize_name(name.partition("[")[0])] = (
            version,
            [word for word in hashes if word.startswith("--hash=")],
        )
    return found


def test_lock() -> None:
    """The lock file has a version that pyproject.toml allows of everything that it names, each with hashes."""
    have = locked()
    wanted = [*required(), *required("dev"), *map(Requirement, PROJECT["build-system"]["requires"])]
    assert len(wanted) > 30
    for requirement in wanted:
        version, _ = have[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement
    assert all(hashes for _, hashes in have.values())


def test_lock_is_used() -> None:
    """Developing with the Python of CI installs from it, with hashes, and nothing besides."""
    makefile = (REPOSITORY / "Makefile").read_text()
    assert "--require-hashes -r requirements/ci.txt" in makefile
    assert "--no-deps --no-build-isolation" in makefile


def test_runtime() -> None:
    """proto-toolkit requires its runtime in the same version, and both ask the same of other packages."""
    assert RUNTIME["version"] == PROJECT["project"]["version"]
    assert f"{RUNTIME['name']}=={RUNTIME['version']}" in PROJECT["project"]["dependencies"]
    assert [Requirement(line).name for line in RUNTIME["dependencies"]] == ["protobuf"]
    ours = {requirement.name: requirement.specifier for extra in ("", "dev") for requirement in required(extra)}
    extras = RUNTIME["optional-dependencies"]
    assert set(extras) == {"grpc", "re2", "server", "validate"}
    for requirement in map(
        Requirement, [*RUNTIME["dependencies"], *(line for each in extras.values() for line in each)]
    ):
        assert requirement.specifier == ours[requirement.name], requirement
    assert (REPOSITORY / "toolkit/LICENSE").read_bytes() == (REPOSITORY / "LICENSE").read_bytes()


@pytest.mark.parametrize("extra", ["", "protovalidate", "server", "site"])
def test_bounds(extra: str) -> None:
    """What users install has bounds on both sides, pagefind and the like included."""
    for requirement in required(extra):
        operators = {specifier.operator for specifier in requirement.specifier}
        assert operators == {">=", "<"}, requirement
