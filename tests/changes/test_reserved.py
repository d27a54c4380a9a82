"""A field or value that is gone: whether its number and name are reserved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import proto3, schema_of
from toolkit.changes.compare import compare

NUMBER = "{}_NO_DELETE_UNLESS_NUMBER_RESERVED"
NAME = "{}_NO_DELETE_UNLESS_NAME_RESERVED"


@pytest.mark.parametrize(
    ("reserved", "kept"),
    [
        ("", {NUMBER, NAME}),
        ("reserved 5;", {NAME}),
        ("reserved 4;", {NUMBER, NAME}),
        ("reserved 6;", {NUMBER, NAME}),
        ("reserved 2 to 4;", {NUMBER, NAME}),
        ("reserved 2 to 5;", {NAME}),
        ("reserved 5 to 9;", {NAME}),
        ("reserved 6 to 9;", {NUMBER, NAME}),
        ('reserved "GONE";', {NUMBER}),
        ('reserved 5; reserved "GONE";', set()),
    ],
)
@pytest.mark.parametrize(
    ("thing", "body"),
    [("FIELD", "message A {{ {} }}"), ("ENUM_VALUE", "enum A {{ ZERO = 0; {} }}")],
)
def test_reserved(thing: str, body: str, reserved: str, kept: set[str], tmp_path: Path) -> None:
    """Each of the two rules is broken unless what it asks for is reserved, to the number."""
    gone = "int32 GONE = 5;" if thing == "FIELD" else "GONE = 5;"
    old = schema_of(tmp_path / "old", {"a.proto": proto3("t", body.format(gone))})
    new = schema_of(tmp_path / "new", {"a.proto": proto3("t", body.format(reserved))})
    broken = {rule for change in compare(old, new) for rule in change.rules}
    assert broken & {NUMBER.format(thing), NAME.format(thing)} == {rule.format(thing) for rule in kept}
