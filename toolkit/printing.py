"""Text of others in logs: on a terminal, and in those that a CI system reads for commands."""

from __future__ import annotations

import re

from toolkit.errors import Location


def printable(line: str) -> str:
    """A line of a file on a terminal: control characters would act there."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", line)


def annotation(level: str, location: Location | None, title: str, text: str) -> str:
    """A line that GitHub shows beside a line of a file; ``level`` is ``error``, ``warning`` or ``notice``."""
    where = []
    if location is not None:
        where += [f"file={_property(location.file)}"]
        where += [f"line={location.line}"] if location.line else []
        where += [f"col={location.column}"] if location.column else []
    return f"::{level} {','.join([*where, f'title={_property(title)}'])}::{_message(text)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
