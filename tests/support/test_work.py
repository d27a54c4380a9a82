"""The cost of work is measured without a wall clock."""

from __future__ import annotations

from tests.support.work import calls, growth


def test_calls() -> None:
    """Calls are counted, of functions in C too, however often the work is done."""
    ten, twenty, again = (calls(lambda size=size: [abs(n) for n in range(size)]) for size in (10, 20, 20))
    assert twenty - ten == 10
    assert again == twenty


def test_growth() -> None:
    """Work that looks at each pair costs more for each one of many; work that looks at each one costs the same."""
    assert growth(lambda size: sum(range(size)), 1_000, 8_000) < 2
    assert growth(lambda size: [sum(range(size)) for _ in range(size)], 100, 800) > 4
