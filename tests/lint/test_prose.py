"""What `make lint-prose` finds, and what it leaves alone."""

from __future__ import annotations

import re

import pytest

from tests.lint.prose import TABLE, Denied, findings, prose

SOURCE = '''\
"""What it holds."""
# A rule of its
# own accord.
names = ("told", "apart", mend(f"{x} is no"
    " int32"))
'''


@pytest.mark.parametrize("denied", TABLE, ids=lambda denied: denied.instead)
def test_no_advice_is_denied(denied: Denied) -> None:
    """What to write instead is itself nothing that is denied."""
    assert list(findings(denied.instead)) == []


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("X is no Y; there is no Y", ["is no Y"]),
        ("it is no longer here, which is no matter", []),
        ("the scope it\nstands in, which stands in for another", ["stands in"]),
        ("what stands before it stands out", ["what stands"]),
        ("when it comes to names; what both come to", ["what both come to"]),
        ("Mend the path, an amendment", ["Mend"]),
        ("names told well apart", ["told well apart"]),
    ],
)
def test_phrases(text: str, phrases: list[str]) -> None:
    """A phrase is found in any case and across lines, and where it overlaps another once; idioms are not."""
    assert [what.partition(" →")[0] for _, what in findings(text)] == phrases


def test_python() -> None:
    """Of a module comments, docstrings and, where they are asked for, messages are looked at, each on its line."""
    found = [(line, what.partition(" →")[0]) for line, what in findings(prose(SOURCE, messages=True))]
    assert found == [(2, "of its own accord"), (4, "is no int32")]
    assert [line for line, _ in findings(prose(SOURCE, messages=False))] == [2]


def test_one_line_each() -> None:
    """Blanking code keeps every line where it is."""
    assert [len(line) for line in prose(SOURCE, messages=True).split("\n")] == [
        len(line) for line in SOURCE.split("\n")
    ]
    assert not re.search("mend|names", prose(SOURCE, messages=True))
