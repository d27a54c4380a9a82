"""Numbers as ProtoJSON has them, in every place where a field may stand."""

from __future__ import annotations

import pytest

from tests.fuzz.protobuf import classes

WIDE = ("int64", "uint64", "sint64", "fixed64", "sfixed64")


@pytest.mark.parametrize("kind", WIDE)
def test_wide_integers(kind: str) -> None:
    """An integer of 64 bits is a string in JSON: on its own, in a list and in a map."""
    scalars, maps = classes()["acme.shop.v1.Scalars"][0], classes()["acme.shop.v1.Maps"][0]
    name = kind.capitalize()
    content = {f"one{name}": "7", f"maybe{name}": "8", f"many{name}": ["9"]}
    assert scalars.from_dict(content).to_dict() == content
    content = {f"by{name}": {"1": "a"}, f"to{name}": {"a": "1"}}
    assert maps.from_dict(content).to_dict() == content


@pytest.mark.parametrize("kind", ["Double", "Float"])
@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite(kind: str, text: str) -> None:
    """A number that is not finite is a string in JSON, on its own and in a list."""
    scalars = classes()["acme.shop.v1.Scalars"][0]
    content = {f"one{kind}": text, f"many{kind}": [text, 1.5]}
    assert scalars.from_dict(content).to_dict() == content
