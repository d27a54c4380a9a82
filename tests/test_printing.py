"""What is printed for people and for machines."""

from __future__ import annotations

import pytest

from toolkit.errors import Location
from toolkit.printing import annotation, printable


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\r\n::error::b", "100%0A"])
def test_annotation(text: str) -> None:
    """An annotation is one line, whatever its text, title and file hold, and its text can be read back."""
    made = annotation("error", Location(f"{text}:,.proto", 1, 2), f"{text}:,", text)
    assert len(made.splitlines()) == 1
    assert made.startswith("::error ")
    said = made.split("::", 2)[2]
    assert said.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") == text
    assert len(made.split("::")[1].split(",")) == 4


def test_printable() -> None:
    """Control characters are replaced; a tab is none."""
    assert printable("a\x1b[31m\x00\x9b\tb") == "a\ufffd[31m\ufffd\ufffd\tb"
