"""The same work in C and in Python: whether both make the same of bytes and of messages."""

from __future__ import annotations

import struct
from typing import Any

from toolkit.runtime import Case, DecodeError, EncodeError, Enum, Message
from toolkit.runtime.jsonout import Style
from toolkit.runtime.native import Table, define

NAMES = sorted(
    f"{package}.{name}"
    for package, names in {
        "acme.shop.v1": "Choices Item Maps Order Scalars",
        "acme.known.v1": "Anything Empties Free Masked Times Wrapped",
        "acme.old": "Dated Old Part",
        "acme.other": "Holder Note",
        "acme.next": "Child Next Scalars",
    }.items()
    for name in names.split()
)
"""Messages of `message_trees`, which have every kind of field between them."""
NOT_COMPILED = "nothing in C: install gcc and python3-dev, and run make native"


def natively(codec: Any, method: str, *given: Any) -> Any:
    """What a method of a codec's table makes, once all tables are defined; None if Python has to do it."""
    made = getattr(codec.table, method)(*given)
    while type(made) is Table:
        assert define(made), made.source
        made = getattr(codec.table, method)(*given)
    return made


def check_read(cls: Any, content: bytes) -> Any:
    """What C makes of bytes, after comparing it with what Python makes; None if C leaves them to Python."""
    codec = cls.__codec__
    made = natively(codec, "read", content)
    try:
        expected = codec._from_bytes(content)
    except DecodeError:
        assert made is None, f"refused in Python, read in C: {content!r}: {made!r}"
        return None
    if made is not None:
        assert_same(made, expected, cls.__name__)
    return made


def check_write(message: Any) -> bytes | None:
    """The bytes that C makes of a message, after comparing them with Python's; None if C leaves it to Python."""
    codec = type(message).__codec__
    made: bytes | None = natively(codec, "write", message)
    try:
        expected = codec._to_bytes(message)
    except EncodeError:
        assert made is None, f"refused in Python, written in C: {made!r}"
        return None
    assert made is None or made == expected
    return made


def check_to_json(message: Any, style: Style) -> str | None:
    """The JSON that C makes of a message, after comparing it with Python's; None if C leaves it to Python."""
    codec = type(message).__codec__
    made: str | None = natively(codec, "to_json", message, style.number)
    try:
        expected = codec._to_json(message, style, None)
    except EncodeError:
        assert made is None, f"refused in Python, written in C: {made!r}"
        return None
    assert made is None or made == expected
    return made


def check_from_json(cls: Any, text: str | bytes) -> Any:
    """What C makes of JSON, after comparing it with what Python makes; None if C leaves it to Python."""
    codec = cls.__codec__
    made = natively(codec, "from_json", text)
    for ignore_unknown in (False, True):
        try:
            expected = codec._from_json(text, ignore_unknown)
        except DecodeError:
            assert made is None, f"refused in Python, read in C: {text!r}: {made!r}"
            return None
        if made is not None:
            assert_same(made, expected, f"{cls.__name__} of {text!r}")
    return made


def assert_same(made: Any, expected: Any, where: str) -> None:
    """Equal, of the same types throughout, and with the same bits; the entries of a map may be in another order."""
    assert type(made) is type(expected), f"{where}: {made!r} is not {expected!r}"
    if isinstance(made, Message):
        for name in type(made).__names__:
            assert_same(getattr(made, name), getattr(expected, name), f"{where}.{name}")
        assert getattr(made, "_root", None) is getattr(expected, "_root", None), where
    elif isinstance(made, Case):
        assert_same(made.value, expected.value, f"{where}.value")
    elif isinstance(made, dict):
        assert made.keys() == expected.keys(), where
        assert {type(key) for key in made} == {type(key) for key in expected}, where
        for key, value in made.items():
            assert_same(value, expected[key], f"{where}[{key!r}]")
    elif isinstance(made, list):
        assert len(made) == len(expected), where
        for index, value in enumerate(made):
            assert_same(value, expected[index], f"{where}[{index}]")
    elif isinstance(made, float):
        assert struct.pack("<d", made) == struct.pack("<d", expected) or made != made, where
    else:
        assert made == expected, f"{where}: {made!r} is not {expected!r}"
        assert repr(made) == repr(expected), where
        assert not isinstance(made, Enum) or made.name == expected.name, where
