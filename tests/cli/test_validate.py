"""`toolkit validate` ends with what it found."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fuzz.bases import base
from toolkit.cli.main import main


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"id": "a"}', 0),
        ("{}", 1),
        (f'{{"id": "{"a" * 51}"}}', 1),
        ('{"name": "a"}', 2),
        ("{", 2),
    ],
)
def test_exit_code(content: str, code: int, tmp_path: Path) -> None:
    """0 without violations, 1 with some, 2 for what is not the message."""
    (tmp_path / "x.binpb").write_bytes(base().descriptor_set)
    (tmp_path / "x.json").write_text(content)
    arguments = ["--descriptor-set", str(tmp_path / "x.binpb"), "--message", "acme.zoo.v1.GetCatRequest"]
    result = CliRunner().invoke(main, ["validate", *arguments, str(tmp_path / "x.json")])
    assert result.exit_code == code, result.output
    assert bool(result.stdout) == (code == 1)
