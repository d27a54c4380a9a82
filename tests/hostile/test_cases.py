"""The cases themselves: each says what is right, and is one that a test can find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import FOLDER, NOT_COMMENTS, cases, comments

FOLDERS = sorted(path for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    """A case has a heading and a statement of what is right, and texts or protos."""
    heading, empty, *words = (folder / "expected.md").read_text(encoding="utf-8").splitlines()
    assert heading.startswith("# ")
    assert empty == ""
    assert "".join(words)
    assert (folder / "texts.toml").is_file() or [*folder.rglob("*.proto")]


def test_texts() -> None:
    """Every text has a name of its own in its case, and is for comments unless its case is set apart."""
    assert set(NOT_COMMENTS) < set(cases())
    assert len(comments()) == sum(len(found) for name, found in cases().items() if name not in NOT_COMMENTS)
    assert all(comments().values())
