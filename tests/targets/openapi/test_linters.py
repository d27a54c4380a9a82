"""The linters that people run on OpenAPI documents find no errors."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.conftest import REPOSITORY
from tests.targets.examples.test_examples import own
from tests.targets.openapi.documents import document_of, documents_of
from tests.targets.openapi.test_documents import LIBRARY

PROGRAMS = REPOSITORY / "build/node/node_modules/.bin"
# A linter that knows no names with dots, which names of parameters may have.
SPECTRAL = {"extends": ["spectral:oas"], "rules": {"path-params": "off"}}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents of the own protos and of a tree with bindings of all kinds, in both versions."""
    folder = tmp_path_factory.mktemp("documents")
    schema = own()[1]
    for version in ("3.1.0", "3.0.3"):
        found = {
            "own": documents_of(schema, version=version).document([*schema.requested_services()]),
            "library": document_of(folder / version, LIBRARY, version=version, unbound=True, nullable="presence"),
        }
        for name, document in found.items():
            validate(document)
            (folder / f"{name}-{version}.json").write_text(json.dumps(document))
    (folder / ".spectral.json").write_text(json.dumps(SPECTRAL))
    (folder / "redocly.yaml").write_text("extends: [spec]\n")
    return folder


@pytest.mark.slow(reason="starts programs of Node")
@pytest.mark.parametrize(
    "command",
    [
        ("redocly", "lint", "--config", "redocly.yaml"),
        ("spectral", "lint", "--fail-severity=error", "-r", ".spectral.json"),
    ],
    ids=lambda command: command[0],
)
def test_linter(documents: Path, command: Sequence[str]) -> None:
    """A linter ends with success."""
    program = PROGRAMS / command[0]
    if not program.exists():
        pytest.skip(f"no {command[0]}: run tests/site/install.sh")
    files = sorted(path.name for path in documents.glob("*-*.json"))
    assert len(files) == 4
    ran = subprocess.run([program, *command[1:], *files], cwd=documents, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
