"""What the builders of all views share, so that the same message, field or value is made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from toolkit.errors import Diagnostic
from toolkit.targets.examples.written import JSON


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A message as ProtoJSON, and how large it is."""

    value: dict[str, JSON]
    size: int = 1
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Shared:
    """What the builders of all views share."""

    values: dict[tuple[str, str], JSON] = field(default_factory=dict)
    """The values of fields that contain no message, by field and type."""
    offered: dict[str, Iterator[JSON]] = field(default_factory=dict)
    """What such fields may contain, from the first value on."""
    examples: dict[tuple[str, tuple[str, ...], tuple[Example | None, ...]], Example] = field(default_factory=dict)
    """Examples by what they are made of: message, names of the fields, and the examples in those with messages."""
    unsatisfied: dict[Diagnostic, None] = field(default_factory=dict)
    """Fields for which no value satisfies the constraints."""
