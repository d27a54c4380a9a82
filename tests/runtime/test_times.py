"""Timestamps made in Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from toolkit.runtime import Timestamp


def test_now() -> None:
    """The current moment has a time zone, and nanoseconds if the clock has them."""
    before = datetime.now(UTC)
    now = Timestamp.now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
    assert Timestamp.now(None).tzinfo is not None
    zone = timezone(timedelta(hours=3))
    assert Timestamp.now(zone).utcoffset() == timedelta(hours=3)
    assert any(Timestamp.now().nanosecond for _ in range(100))


@pytest.mark.parametrize("fraction", ["", ".5", ".123456", ".1234567", ".123456789", ",000000001"])
@pytest.mark.parametrize("zone", ["Z", "+03:00", "-00:30"])
def test_from_iso_format(fraction: str, zone: str) -> None:
    """ISO 8601 is read with all of its nine digits."""
    made = Timestamp.fromisoformat(f"2026-01-31T12:00:00{fraction}{zone}")
    whole = datetime.fromisoformat(f"2026-01-31T12:00:00{zone}")
    nanos = int(fraction[1:].ljust(9, "0"))
    assert made == Timestamp.of(int(whole.timestamp()), nanos)
    assert (made.utcoffset(), made.nanosecond) == (whole.utcoffset(), nanos % 1000)


def test_from_iso_format_without_a_zone() -> None:
    """A moment without a time zone is refused, since a Timestamp has none."""
    with pytest.raises(ValueError, match="has no time zone; end it with Z"):
        Timestamp.fromisoformat("2026-01-31T12:00:00.123456789")
