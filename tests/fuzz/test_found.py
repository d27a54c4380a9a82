"""What random inputs found, each as its smallest input."""

from __future__ import annotations

import pytest
import yaml

from tests.fuzz.protobuf import classes
from tests.targets.reference.test_hostile import check
from toolkit.targets.site.prose import quoted


@pytest.mark.parametrize("text", ["a\x80b", "a\x7f", "\x85a\u2028b\u2029", "\ufeffa\uffff", 'é😀"\\\n\t'])
def test_yaml(text: str) -> None:
    """A string in front matter reads as what it was, whatever its characters."""
    assert yaml.safe_load(f"a: {quoted(text)}") == {"a": text}


def test_unknown_value_of_an_extension() -> None:
    """An extension with a value that its enum does not have is left out where what is unknown is ignored."""
    ours, _ = classes()["acme.old.Old"]
    made = ours.from_json('{"id": 1, "[acme.old.second]": "NEW", "[acme.old.rank]": 2}', ignore_unknown=True)
    assert made.to_dict() == {"id": 1, "[acme.old.rank]": 2}


@pytest.mark.parametrize("text", ["a ```py b\n```", "```x `y`\n```m\na\n```\nc"])
def test_fence_after_backticks(text: str) -> None:
    """A line that begins with three backticks opens a fence, also after a line with as many inside it."""
    check(text, "current")
