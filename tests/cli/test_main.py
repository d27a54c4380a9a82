"""What the command line does with exceptions."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.support.protos_of import proto3, write
from toolkit.cli import answers
from toolkit.cli.main import main
from toolkit.errors import InputError


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, error: BaseException) -> tuple[int, str]:
    """The exit code and errors of a command in which an exception is raised."""

    def fail(*_: object) -> None:
        raise error

    write(folder, {"a.proto": proto3("acme", "message A {}")})
    monkeypatch.setattr(answers, "services", fail)
    result = CliRunner().invoke(main, ["list", "--proto-path", str(folder)])
    return result.exit_code, result.stderr


@pytest.mark.parametrize("error", [ValueError("x\x1b[m\ny"), RecursionError(), KeyError("k"), MemoryError()])
def test_internal_errors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception) -> None:
    """What nobody foresaw is 3, since 1 means findings: with its traceback, and a request to report it."""
    code, errors = run(monkeypatch, tmp_path, error)
    assert code == 3
    assert errors.startswith("Traceback (most recent call last):\n")
    assert f"error: internal error: {type(error).__name__}(" in errors
    assert errors.endswith("  this is a bug: please report it with the lines above\n")
    assert "\x1b" not in errors


@pytest.mark.parametrize(
    ("error", "expected", "said"),
    [
        (InputError("wrong"), 2, "error: wrong\n"),
        (click.UsageError("wrong"), 2, "Error: wrong\n"),
        (click.Abort(), 1, "Aborted!\n"),
        (click.exceptions.Exit(1), 1, ""),
    ],
)
def test_foreseen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, expected: int, said: str) -> None:
    """What is foreseen is a message, with the exit code that is documented."""
    code, errors = run(monkeypatch, tmp_path, error)
    assert code == expected
    assert errors.endswith(said)
    assert "Traceback" not in errors
