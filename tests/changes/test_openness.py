"""Enums that are opened or closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import schema_of
from toolkit.changes.compare import compare


@pytest.mark.parametrize(("old", "new"), [("OPEN", "CLOSED"), ("CLOSED", "OPEN")])
def test_changed(old: str, new: str, tmp_path: Path) -> None:
    """Either way the type of the enum has changed."""
    schemas = [
        schema_of(
            tmp_path / kind,
            {"a.proto": f'edition = "2023"; package t; enum E {{ option features.enum_type = {kind}; A = 0; }}'},
        )
        for kind in (old, new)
    ]
    said = {change.message: change.rules for change in compare(*schemas)}
    assert "ENUM_SAME_TYPE" in said[f"changed from {old.lower()} to {new.lower()}"]
