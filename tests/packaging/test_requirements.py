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
LOCK = REPOSITORY / "requirements/ci.txt"


def required(extra: str = "") -> Iterator[Requirement]:
    """What the package, or one of its extras with all that it refers to, requires."""
    project = PROJECT["project"]
    for line in project["optional-dependencies"][extra] if extra else project["dependencies"]:
        requirement = Requirement(line)
        if requirement.name == project["name"]:
            for other in requirement.extras:
                yield from required(other)
        else:
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


@pytest.mark.parametrize("extra", ["", "protovalidate", "server", "site"])
def test_bounds(extra: str) -> None:
    """What users install has bounds on both sides, pagefind and the like included."""
    for requirement in required(extra):
        operators = {specifier.operator for specifier in requirement.specifier}
        assert operators == {">=", "<"}, requirement
