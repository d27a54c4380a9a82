"""Examples cost what is new in them: nothing is made, tried or formatted more often than it has to be."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.support.protos_of import schema_of
from tests.support.work import calls
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.builder import Builder
from toolkit.targets.examples.candidates import hinted, matching
from toolkit.targets.examples.shared import Shared
from toolkit.targets.examples.values import indented
from toolkit.targets.examples.views import Side, View

BOAT = """
syntax = "proto3";
import "google/api/field_behavior.proto";
message Boat { Mast mast = 1; Hull hull = 2; }
message Mast { int64 height = 1; string wood = 2; }
message Hull { string color = 1; int64 length = 2 [(google.api.field_behavior) = OUTPUT_ONLY]; }
"""


def test_views_that_show_the_same(tmp_path: Path) -> None:
    """A message of which requests and responses show the same is made once, and others are not confused with it."""
    facts, shared = Facts(schema_of(tmp_path, {"boat.proto": BOAT})), Shared()
    made = [Builder(facts, View(side), shared=shared).example("Boat", {}) for side in (Side.RESPONSE, *Side)]
    assert made[0] is made[-1]
    assert len({id(boat["mast"]) for boat in made}) == 1
    assert len({id(boat) for boat in made}) == len({id(boat["hull"]) for boat in made}) == 2
    assert "length" in made[0]["hull"]
    assert "length" not in made[1]["hull"]


def test_offered_values(tmp_path: Path) -> None:
    """Whoever asks for the values of a field gets them from the first one on, and they are not made again."""
    facts = Facts(schema_of(tmp_path, {"boat.proto": BOAT}))
    builder, mast = Builder(facts), facts.schema.message("Mast")
    first = [*islice(builder.values(mast.fields[1], mast), 5)]
    again: list[Any] = []
    assert calls(lambda: again.extend(islice(builder.values(mast.fields[1], mast), 5))) < 10
    assert again == first
    assert len(set(first)) == 5


def test_first_match() -> None:
    """A string that matches a pattern is made alone, not with others that may never be asked for."""
    first = calls(lambda: next(matching("[a-z]{3}-[0-9]{2,4}", 3, 20)))
    assert calls(lambda: [*islice(matching("[a-z]{3}-[0-9]{2,4}", 3, 20), 30)]) > 10 * first


def test_printable_matches_first() -> None:
    """Of the strings that match a pattern, those that can be printed come first."""
    found = [text.isprintable() for text in islice(matching(r"[\x00-\x7f]{2}", 2, 2), 50)]
    assert found[0]
    assert not found[-1]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("comment", "value"),
    [
        ("The hull. Default is `oak`.", "oak"),
        ("default: 'oak'", "oak"),
        ("The default value is 12.", "12"),
        ("The wood, e. g. `oak`.", "oak"),
        ("The wood (e.g., `oak`).", "oak"),
        ('For instance, "oak".', "oak"),
        ("For example: 'oak'.", "oak"),
        ("Example value: `oak`", "oak"),
        ("Woods such as `oak`.", "oak"),
        ("A wood like `oak`.", "oak"),
        ("One of the following values:\n- `oak`", "oak"),
        ("Possible values: `oak`, `ash`.", "oak"),
        ("Supported woods are `oak`.", "oak"),
        ("Allowed: `oak`", "oak"),
        ("Acceptable woods: `oak`", "oak"),
        ("valid `oak`", "oak"),
    ],
)
def test_hints(comment: str, value: str) -> None:
    """Every way to name a value in a comment is recognized, whatever is looked for first."""
    assert [*hinted(comment)] == [value]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"mast": {}, "sails": [], "crew": [[], {}, [{"name": "Ada"}]]},
        {"length": 1e20, "depth": 1e-7, "width": -0.0, "mass": 10**30, "new": True, "old": None},
        {'"\\/\b\f\n\r\t\x00\x1f\x7f': "\u2028 é 😀 { [ , : ] }"},
        {"speed": float("nan"), "range": [float("inf"), -float("inf")]},
        {"half": "\ud800"},
    ],
)
def test_indented(value: dict[str, Any]) -> None:
    """JSON is indented as the standard library does, also where others would refuse it."""
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=2)
