"""What the gateway answers to requests at random is what the document says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.gateway.shelves import Gateway, shelves

PROGRAM = REPOSITORY / "build/clients/venv/bin/schemathesis"
_ANSWERS = ("response_schema_conformance", "content_type_conformance", "status_code_conformance")
# Envoy sends on some values that no message can have, such as an object as a number in a map, which servers cannot read.
CHECKS = {"positive": (*_ANSWERS, "not_a_server_error"), "negative": _ANSWERS}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Envoy with the services of a tree that has every kind of binding, and their document."""
    if not PROGRAM.exists():
        pytest.skip("no schemathesis: run tests/gateway/install.sh")
    with shelves(tmp_path_factory.mktemp("shelves")) as made:
        yield made


@pytest.mark.slow(reason="starts Envoy, and sends hundreds of requests")
@pytest.mark.parametrize("mode", CHECKS)
def test_answers(mode: str, gateway: Gateway, tmp_path: Path) -> None:
    """Requests that the document describes, or that it does not, get responses that it describes."""
    path = tmp_path / "document.json"
    path.write_text(json.dumps(gateway.document))
    gateway.servicers.asked.clear()
    options = ("--mode", mode, "--checks", ",".join(CHECKS[mode]), "--max-examples", "50", "--seed", "1", "--no-color")
    # It fills in paths with Python's str.format, for which a dot in a name is an attribute.
    without = ("--exclude-path-regex", r"\{\w+\.")
    command = [PROGRAM, "run", path, "--url", gateway.url, *options, *without]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    asked = {name for name, _ in gateway.servicers.asked}
    assert mode == "negative" or len(asked) == 5
