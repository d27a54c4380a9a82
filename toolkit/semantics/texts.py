"""What documents an element: its comment, or else the texts in its options; and the examples there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from toolkit.descriptors.comments import CONTROL, of_text
from toolkit.descriptors.model import Comment, Options
from toolkit.semantics.mappings.described import Described


def comment_in(options: Options, described: Described) -> Comment | None:
    """The summary and description in options as a comment; None if there are none."""
    summary = next(described.text("summary", options), "")
    description = next(described.text("description", options), "")
    if not description.startswith(summary):
        description = f"{summary}\n\n{description}".strip()
    return of_text(description) if description else None


def listed(text: str) -> list[str]:
    """The parts of a comma-separated text."""
    return [part for part in map(str.strip, text.split(",")) if part]


def examples_of(options: Options, described: Described) -> Iterator[str]:
    """The example values in options; strings that are written as JSON without their quotes."""
    for text in described.text("example", options):
        yield from _values(text)


def _values(text: str) -> Iterator[str]:
    """The values in an example: JSON strings and lists of scalars are unwrapped, everything else is as written."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, str):  # which JSON allows to contain any character, and half a surrogate pair
            yield CONTROL.sub("", item.encode("utf-8", "replace").decode("utf-8"))
        elif not isinstance(item, dict | list):
            yield json.dumps(item) if isinstance(value, list) else text
        else:
            yield text
            return
