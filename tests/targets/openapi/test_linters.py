"""The linters that people run on OpenAPI documents find no errors."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.conftest import REPOSITORY
from tests.targets.examples.test_examples import own
from tests.targets.openapi.documents import document_of, documents_of
from tests.targets.openapi.test_documents import LIBRARY

PROGRAMS = REPOSITORY / "build/node/node_modules/.bin"
_DOTTED = re.compile(r'Parameter "\w+(\.\w+)+" must be used in path')
"""What Spectral says of names of parameters with dots, which OpenAPI allows: it does not find them in paths."""


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
    (folder / ".spectral.json").write_text('{"extends": ["spectral:oas"]}')
    (folder / "redocly.yaml").write_text("extends: [spec]\n")
    return folder


def _files(documents: Path, program: str) -> list[Path | str]:
    """The program, and the documents to give it."""
    if not (PROGRAMS / program).exists():
        pytest.skip(f"no {program}: run tests/site/install.sh")
    files = sorted(path.name for path in documents.glob("*-*.json"))
    assert len(files) == 4
    return [PROGRAMS / program, "lint", *files]


@pytest.mark.slow(reason="starts a program of Node")
def test_redocly(documents: Path) -> None:
    """Redocly finds nothing."""
    command = [*_files(documents, "redocly"), "--config", "redocly.yaml"]
    ran = subprocess.run(command, cwd=documents, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.slow(reason="starts a program of Node")
def test_spectral(documents: Path) -> None:
    """Spectral finds no errors but names with dots in paths."""
    options = ("--display-only-failures", "--quiet", "--format=json", "-r", ".spectral.json")
    command = [*_files(documents, "spectral"), *options]
    ran = subprocess.run(command, cwd=documents, capture_output=True, text=True, check=False)
    found = json.loads(ran.stdout)
    assert [one["message"] for one in found if not _DOTTED.match(one["message"])] == []
    assert {one["code"] for one in found} <= {"path-params"}
