"""Wire bytes and JSON: what is read and written in C, beside the same in Python."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.kind import Kind, Wrong
from tests.fuzz.protobuf import classes
from tests.fuzz.wire import inputs
from tests.support.natively import check_from_json, check_read, check_to_json, check_write
from toolkit.runtime import DecodeError, EncodeError
from toolkit.runtime.jsonout import STYLES, Style


def check(value: tuple[str, bytes], folder: Path) -> None:
    """Both make the same of bytes, and the same bytes of the message, or C leaves them to Python."""
    name, content = value
    cls = classes()[name][0]
    try:
        check_read(cls, content)
        message = cls.__codec__._from_bytes(content)
        check_write(message)
        for style in STYLES.values():
            check_to_json(message, style)
        text = cls.__codec__._to_json(message, Style(), None)
        for change in (b"", content[:1], content[-2:]):
            at = len(content) * 7 % len(text)
            check_from_json(cls, text[:at].encode() + change + text[at + len(change) :].encode())
    except (DecodeError, EncodeError):
        return
    except AssertionError as error:
        raise Wrong(str(error)) from None


KIND = Kind(inputs(), check, enough=100_000)
