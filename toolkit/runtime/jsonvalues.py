"""ProtoJSON's scalars: a value to JSON, and JSON to a value."""

from __future__ import annotations

import binascii
import math
import re
import struct
from collections.abc import Callable
from typing import Any

_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)\Z", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\Z", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}\Z", re.ASCII)
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_URL_SAFE = str.maketrans("-_", "+/")
RANGES = {
    "int32": (-(1 << 31), (1 << 31) - 1),
    "uint32": (0, (1 << 32) - 1),
    "int64": (-(1 << 63), (1 << 63) - 1),
    "uint64": (0, (1 << 64) - 1),
}
RANGES |= {"sint32": RANGES["int32"], "sfixed32": RANGES["int32"], "fixed32": RANGES["uint32"]}
RANGES |= {"sint64": RANGES["int64"], "sfixed64": RANGES["int64"], "fixed64": RANGES["uint64"]}
"""The lowest and the highest number of each integer type."""
FITS = {kind: f"{low} <= v <= {high}" for kind, (low, high) in RANGES.items()}
"""The same as a condition on ``v``, for functions that are written as text."""
ZERO_VALUES: dict[str, Any] = {"string": "", "bytes": b"", "bool": False, "float": 0.0, "double": 0.0}
"""What an unset field holds; of all other kinds 0."""
ZEROS = {"string": '""', "bytes": 'b""', "bool": "False", "float": "0.0", "double": "0.0"}
"""The same as text."""
LARGEST_FLOAT = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]


def as_list(value: Any) -> list[Any]:
    """An array, which may be a tuple in Python; ValueError for anything else."""
    if isinstance(value, (list, tuple)):
        return list(value)
    text = repr(value)
    raise ValueError(f"{text if len(text) < 60 else f'{text[:60]}…'} is not an array")


def float_to_json(value: float) -> float | str:
    """A double; what is not finite is a string."""
    if value - value == 0:
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def shortest_float(value: float) -> float:
    """The float with the fewest digits that a 32-bit one reads as this: 0.1, not 0.10000000149011612.

    OverflowError for what no 32-bit float holds.
    """
    if value - value != 0:
        return value
    packed = struct.pack("<f", value)
    for digits in (6, 7, 8, 9):
        short = float(f"{value:.{digits}g}")
        if abs(short) <= LARGEST_FLOAT and struct.pack("<f", short) == packed:
            return short
    return value


def float32_to_json(value: float) -> float | str:
    """A float, with no more digits than it needs."""
    return float_to_json(shortest_float(value))


def bytes_to_json(value: bytes) -> str:
    """Base64."""
    return binascii.b2a_base64(value, newline=False).decode()


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _truth(value: bool) -> bool:
    if value is True or value is False:
        return value
    raise TypeError


def _number(value: float) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError
    return value


def _integer_to_json(kind: str) -> Callable[[int], Any]:
    low, high = RANGES[kind]
    wide = kind.endswith("64")

    def to_json(value: int) -> Any:
        if not isinstance(value, int):
            raise TypeError
        if not low <= value <= high:
            raise ValueError
        return str(int(value)) if wide else int(value)

    return to_json


def _integer_from_json(kind: str) -> Callable[[Any], int]:
    low, high = RANGES[kind]

    def from_json(value: Any) -> int:
        if value.__class__ is not int:
            if value.__class__ is str:
                if (value.isdigit() and value.isascii() and value[0] != "0") or _INTEGER.match(value):
                    value = int(value)
                elif _NUMBER.match(value):
                    value = _whole(float(value), value)
                else:
                    raise ValueError(f"{value!r} is not a valid {kind}")
            elif value.__class__ is float:
                value = _whole(value, value)
            else:
                raise ValueError(f"{value!r} is not a valid {kind}")
        if low <= value <= high:
            return value  # type: ignore[no-any-return]
        raise ValueError(f"{value} does not fit {kind}")

    return from_json


def _whole(value: float, source: Any) -> int:
    if value - value == 0 and value == int(value):
        return int(value)
    raise ValueError(f"{source!r} is not whole")


def _string_from_json(value: Any) -> str:
    if value.__class__ is str:
        return str(value)
    raise ValueError(f"{value!r} is not a string")


def _bool_from_json(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise ValueError(f"{value!r} is neither true nor false")


def _double_from_json(value: Any) -> float:
    if value.__class__ is str:
        if value in _SPECIAL:
            return _SPECIAL[value]
        if not _NUMBER.match(value):
            raise ValueError(f"{value!r} is not a number")
    elif value.__class__ is not float and value.__class__ is not int:
        raise ValueError(f"{value!r} is not a number")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if found - found != 0:
        raise ValueError(f"{value} does not fit double")
    return found


def _float_from_json(value: Any) -> float:
    if value.__class__ is str and value in _SPECIAL:
        return _SPECIAL[value]
    found = _double_from_json(value)
    try:
        return float(struct.unpack("<f", struct.pack("<f", found))[0])
    except OverflowError:
        raise ValueError(f"{value} does not fit float") from None


def _bytes_from_json(value: Any) -> bytes:
    if value.__class__ is not str or not _BASE64.match(value):
        raise ValueError(f"{value!r} is not base64")
    bare = value.rstrip("=").translate(_URL_SAFE)
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise ValueError(f"{value!r} is not base64") from None


TO_JSON: dict[str, Callable[[Any], Any]] = {
    "string": _text,
    "bytes": bytes_to_json,
    "bool": _truth,
    "float": float32_to_json,
    "double": float_to_json,
    **{kind: _integer_to_json(kind) for kind in RANGES},
}
FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "string": _string_from_json,
    "bytes": _bytes_from_json,
    "bool": _bool_from_json,
    "float": _float_from_json,
    "double": _double_from_json,
    **{kind: _integer_from_json(kind) for kind in RANGES},
}


def key_to_json(kind: str) -> Callable[[Any], str]:
    """A map's key: JSON has only strings."""
    check = TO_JSON[kind]
    if kind == "string":
        return check
    if kind == "bool":
        return lambda value: "true" if check(value) else "false"
    return lambda value: str(check(value))


def key_from_json(kind: str) -> Callable[[str], Any]:
    """The key that a string stands for."""
    if kind == "bool":
        return _bool_key
    return FROM_JSON[kind]


def _bool_key(text: str) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise ValueError(f"{text!r} is neither true nor false")
