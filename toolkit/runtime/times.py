"""Moments and spans: ``datetime`` and ``timedelta``, and what of a Timestamp or Duration those cannot hold."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from struct import Struct
from typing import Any, Self, SupportsIndex, TypeGuard

from toolkit.runtime import wire

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NANOS = 1_000_000_000
_HALVES = wire.HALVES
_seconds = Struct("<BHHB").pack
_both = Struct("<BHHBBHHB").pack
_FIRST, _LAST = -62_135_596_800, 253_402_300_799
_LONGEST = 315_576_000_000
_LONGEST_HERE = 86_399_999_913_599
"""What a ``timedelta`` can be on either side of zero, with a second to spare."""
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|([+-])(\d\d):(\d\d))\Z", re.ASCII)
_FRACTION = re.compile(r"[.,]\d{7,9}(?!\d)", re.ASCII)
"""A fraction with digits after the microsecond."""
_DURATION = re.compile(r"(-?)(\d+)(?:\.(\d{1,9}))?s\Z", re.ASCII)


_TWO = [f"{number:02}" for number in range(60)]
_THREE = [f"{number:03}" for number in range(1000)]
_MINUTES = [f"{hour}:{minute}" for hour in _TWO[:24] for minute in _TWO]
_USUAL = (24, 27)
"""The lengths of a time in UTC with three or six digits of a fraction."""


class Timestamp(datetime):
    """A moment with nanoseconds: a ``datetime`` whose ``nanosecond`` (0 to 999) comes after its microsecond.

    Arithmetic is ``datetime``'s and gives microseconds.
    """

    __slots__ = ("_parts",)
    _parts: tuple[int, int]

    @classmethod
    def of(cls, seconds: int, nanos: int) -> Self:
        """The moment that many seconds and nanoseconds after 1970."""
        inside = min(max(seconds, _FIRST), _LAST)
        micros = min(max(nanos, 0), _NANOS - 1) // 1000
        at = EPOCH + timedelta(seconds=inside, microseconds=micros)
        made = cls(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, UTC)
        made._parts = (seconds, nanos)
        return made

    @classmethod
    def now(cls, tz: tzinfo | None = UTC) -> Self:
        """The current moment, with nanoseconds; in UTC if no other time zone is given."""
        made = cls.of(*divmod(time.time_ns(), _NANOS))
        return made.astimezone(tz)

    @classmethod
    def fromisoformat(cls, date_string: str, /) -> Self:
        """From ISO 8601, with up to nine digits of a fraction; ValueError for a moment without a time zone."""
        fraction = _FRACTION.search(date_string)
        short = date_string if fraction is None else date_string.replace(fraction[0], fraction[0][:7], 1)
        made = super().fromisoformat(short)
        if made.tzinfo is None:
            raise ValueError(f"{date_string!r} has no time zone; end it with Z for UTC")
        if fraction is not None:
            seconds, nanos = parts_of(made)
            made._parts = (seconds, nanos + int(fraction[0][7:].ljust(3, "0")))
        return made

    @property
    def nanosecond(self) -> int:
        """Nanoseconds after the microsecond, 0 to 999."""
        return parts_of(self)[1] % 1000

    def astimezone(self, tz: tzinfo | None = None) -> Self:
        """The same moment, with its nanoseconds, as another time zone shows it."""
        made = super().astimezone(tz)
        made._parts = parts_of(self)
        return made

    def __lt__(self, other: datetime) -> bool:  # type: ignore[override]
        return parts_of(self) < parts_of(other) if _has_zone(other) else super().__lt__(other)

    def __le__(self, other: datetime) -> bool:  # type: ignore[override]
        return parts_of(self) <= parts_of(other) if _has_zone(other) else super().__le__(other)

    def __gt__(self, other: datetime) -> bool:  # type: ignore[override]
        return parts_of(self) > parts_of(other) if _has_zone(other) else super().__gt__(other)

    def __ge__(self, other: datetime) -> bool:  # type: ignore[override]
        return parts_of(self) >= parts_of(other) if _has_zone(other) else super().__ge__(other)

    def __eq__(self, other: object) -> bool:
        return parts_of(other) == parts_of(self) if _has_zone(other) else super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(parts_of(self)) if _has_zone(self) and parts_of(self)[1] % 1000 else super().__hash__()

    def __repr__(self) -> str:
        seconds, nanos = parts_of(self)
        return f"Timestamp.of({seconds}, {nanos})"

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return Timestamp.of, parts_of(self)


class Duration(timedelta):
    """A span with nanoseconds: a ``timedelta`` that knows its exact ``seconds`` and ``nanos``.

    Arithmetic is ``timedelta``'s and gives microseconds.
    """

    __slots__ = ("_parts",)
    _parts: tuple[int, int]

    @classmethod
    def of(cls, seconds: int, nanos: int) -> Self:
        """The span of that many seconds and nanoseconds; both have one sign."""
        inside = min(max(seconds, -_LONGEST_HERE), _LONGEST_HERE)
        micros = min(abs(nanos), _NANOS - 1) // 1000
        made = cls(seconds=inside, microseconds=micros if nanos >= 0 else -micros)
        made._parts = (seconds, nanos)
        return made

    @property
    def nanosecond(self) -> int:
        """Nanoseconds after the microsecond, 0 to 999, or 0 to -999 of a negative span."""
        nanos = span_of(self)[1]
        return nanos % 1000 if nanos >= 0 else -(-nanos % 1000)

    def __lt__(self, other: timedelta) -> bool:
        return span_of(self) < span_of(other) if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other: timedelta) -> bool:
        return span_of(self) <= span_of(other) if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other: timedelta) -> bool:
        return span_of(self) > span_of(other) if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other: timedelta) -> bool:
        return span_of(self) >= span_of(other) if isinstance(other, timedelta) else NotImplemented

    def __eq__(self, other: object) -> bool:
        return span_of(other) == span_of(self) if isinstance(other, timedelta) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(span_of(self)) if span_of(self)[1] % 1000 else super().__hash__()

    def __repr__(self) -> str:
        seconds, nanos = span_of(self)
        return f"Duration.of({seconds}, {nanos})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Duration.of, span_of(self)


def parts_of(moment: datetime) -> tuple[int, int]:
    """Seconds and nanoseconds after 1970; ValueError for a moment without a time zone."""
    parts: tuple[int, int] | None = getattr(moment, "_parts", None)
    if parts is not None:
        return parts
    if moment.tzinfo is None:
        raise ValueError("it has no time zone; datetime.now(UTC) has one")
    span = moment - EPOCH
    return span.days * 86400 + span.seconds, span.microseconds * 1000


def _has_zone(moment: object) -> TypeGuard[datetime]:
    return isinstance(moment, datetime) and moment.tzinfo is not None


def span_of(span: timedelta) -> tuple[int, int]:
    """Seconds and nanoseconds, of one sign."""
    parts: tuple[int, int] | None = getattr(span, "_parts", None)
    if parts is not None:
        return parts
    seconds, micros = span.days * 86400 + span.seconds, span.microseconds
    if seconds < 0 and micros:
        return seconds + 1, (micros - 1_000_000) * 1000
    return seconds, micros * 1000


def _parts_message(seconds: int, nanos: int) -> bytes:
    first = b"\x08" + wire.int64(seconds) if seconds else b""
    return first + b"\x10" + wire.int32(nanos) if nanos else first


def encode_timestamp(moment: datetime) -> bytes:
    """The fields of a ``google.protobuf.Timestamp``."""
    if moment.__class__ is datetime and moment.tzinfo is not None:
        span = moment - EPOCH
        seconds, nanos = span.days * 86400 + span.seconds, span.microseconds * 1000
        if 0x10000000 <= seconds < 0x800000000:  # from 1978 to 3058: five bytes, as most nanoseconds take
            low, middle, high = _HALVES[seconds & 16383], _HALVES[seconds >> 14 & 16383], seconds >> 28
            if nanos >= 0x10000000:
                third, fourth = _HALVES[nanos & 16383], _HALVES[nanos >> 14 & 16383]
                return _both(8, low, middle, high, 16, third, fourth, nanos >> 28)
            first = _seconds(8, low, middle, high)
            return first + b"\x10" + wire.varint(nanos) if nanos else first
    if not isinstance(moment, datetime):
        raise TypeError
    return _parts_message(*parts_of(moment))


def encode_duration(span: timedelta) -> bytes:
    """The fields of a ``google.protobuf.Duration``."""
    if not isinstance(span, timedelta):
        raise TypeError
    return _parts_message(*span_of(span))


def decode_timestamp(message: Any, _micro: Callable[..., timedelta] = timedelta) -> datetime:
    """From an official message."""
    seconds, nanos = message.seconds, message.nanos
    if nanos % 1000 or not (_FIRST <= seconds <= _LAST and 0 <= nanos < _NANOS):
        return Timestamp.of(seconds, nanos)
    return EPOCH + _micro(0, seconds, nanos // 1000)


def decode_duration(message: Any) -> timedelta:
    """From an official message."""
    seconds, nanos = message.seconds, message.nanos
    if nanos % 1000 or abs(seconds) > _LONGEST_HERE or abs(nanos) >= _NANOS or seconds * nanos < 0:
        return Duration.of(seconds, nanos)
    return timedelta(0, seconds, nanos // 1000 if nanos >= 0 else -(-nanos // 1000))


def _fraction(nanos: int) -> str:
    if not nanos:
        return ""
    if nanos % 1_000_000 == 0:
        return f".{nanos // 1_000_000:03}"
    return f".{nanos // 1000:06}" if nanos % 1000 == 0 else f".{nanos:09}"


@lru_cache(maxsize=1024)
def _day(days: int) -> str:
    """The date that many days after 1970 began."""
    return (EPOCH + timedelta(days)).date().isoformat()


def timestamp_to_json(moment: datetime) -> str:
    """RFC 3339 in UTC, with as many threes of digits as there are."""
    if moment.__class__ is datetime and moment.tzinfo is not None:
        span = moment - EPOCH
        second, micros = span.seconds, span.microseconds
        time = f"{_day(span.days)}T{_MINUTES[second // 60]}:{_TWO[second % 60]}"
        if not micros:
            return f"{time}Z"
        millis, micros = _THREE[micros // 1000], micros % 1000
        return f"{time}.{millis}{_THREE[micros]}Z" if micros else f"{time}.{millis}Z"
    if not isinstance(moment, datetime):
        raise TypeError
    seconds, nanos = parts_of(moment)
    if not (_FIRST <= seconds <= _LAST and 0 <= nanos < _NANOS):
        raise ValueError("it is outside the years 1 to 9999")
    whole = EPOCH + timedelta(seconds=seconds)
    return f"{whole.isoformat()[:-6]}{_fraction(nanos)}Z"


def timestamp_from_json(text: Any) -> datetime:
    """From RFC 3339."""
    if text.__class__ is str:
        marks, length = text[4:20:3], len(text)
        if (marks == "--T::." and length in _USUAL and text[-1] == "Z") or (marks == "--T::Z" and length == 20):
            try:
                if text[11:13] != "24":
                    return datetime.fromisoformat(text)
            except ValueError:  # said below, as of the others
                pass
    match = _STAMP.match(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected a time such as 2026-01-31T12:00:00Z, got {text!r}")
    whole = datetime.fromisoformat(f"{match[1]}T{match[2]}+00:00").replace(tzinfo=UTC)
    seconds, nanos = parts_of(whole)
    if match[5]:
        offset = int(match[6]) * 3600 + int(match[7]) * 60
        seconds -= offset if match[5] == "+" else -offset
    if match[3]:
        nanos = int(match[3].ljust(9, "0"))
    if not _FIRST <= seconds <= _LAST:
        raise ValueError(f"{text!r} is outside the years 1 to 9999")
    return Timestamp.of(seconds, nanos) if nanos % 1000 else EPOCH + timedelta(0, seconds, nanos // 1000)


def duration_to_json(span: timedelta) -> str:
    """Seconds with as many threes of digits as there are, and an s."""
    if not isinstance(span, timedelta):
        raise TypeError
    seconds, nanos = span_of(span)
    if abs(seconds) > _LONGEST or abs(nanos) >= _NANOS or seconds * nanos < 0:
        raise ValueError("it is longer than 10,000 years, or its parts differ in sign")
    sign = "-" if seconds < 0 or nanos < 0 else ""
    return f"{sign}{abs(seconds)}{_fraction(abs(nanos))}s"


def duration_from_json(text: Any) -> timedelta:
    """From seconds and an s."""
    match = _DURATION.match(text) if isinstance(text, str) else None
    if match is None or int(match[2]) > _LONGEST:
        raise ValueError(f"expected a duration such as 1.5s, of at most 10,000 years, got {text!r}")
    seconds, nanos = int(match[2]), int((match[3] or "").ljust(9, "0"))
    if match[1]:
        seconds, nanos = -seconds, -nanos
    return Duration.of(seconds, nanos) if nanos % 1000 else timedelta(0, seconds, int(nanos / 1000))
