"""Text of others in logs: on a terminal, in reports, and in logs that a CI system reads for commands.

Names, values and messages out of somebody's protos are shown on the line that they are printed on, whatever they hold.
"""

from __future__ import annotations

import json
import re

from toolkit.errors import Location

_ACTING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Control characters but tab, line separators, marks of the direction of writing, and what XML or UTF-8 cannot hold."""
_OLD_COMMAND = r"#(?=#\w*\[)"
"""What makes a command for a CI system anywhere in a line: ``##[error]``, ``##vso[…]``."""
_COMMAND = re.compile(rf"\A(?P<before>\s*):(?=:)|{_OLD_COMMAND}")
"""The same, and at the beginning of a line ``::error::``."""
_IN_JSON = re.compile(f"{_ACTING.pattern}|{_OLD_COMMAND}")


def printable(line: str) -> str:
    """Any text as one line that does nothing but show: what would act is written as in a Python string."""
    line = _ACTING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), line)
    return _COMMAND.sub(lambda found: f"{found['before'] or ''}\\x{ord(found[0][-1]):02x}", line)


def printable_lines(text: str) -> str:
    """Any text as lines that do nothing but show; those after the first are indented, so that none looks like ours."""
    first, *others = map(printable, text.split("\n"))
    return "\n".join([first, *(line if line[:1] in ("", " ") else f"  {line}" for line in others)])


def as_json(content: object) -> str:
    """Data as JSON whose characters do nothing where it is printed."""
    lines = json.dumps(content, indent=2, ensure_ascii=False).split("\n")
    return "\n".join(_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in lines)


def annotation(level: str, location: Location | None, title: str, text: str) -> str:
    """A line that GitHub shows beside a line of a file; ``level`` is ``error``, ``warning`` or ``notice``."""
    where = []
    if location is not None:
        where += [f"file={_property(location.file)}"]
        where += [f"line={location.line}"] if location.line else []
        where += [f"col={location.column}"] if location.column else []
    return f"::{level} {','.join([*where, f'title={_property(title)}'])}::{_message(text)}"


def _message(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
