"""Which enums name errors: those of AIP-193, whose values are reasons, and those that messages about errors have.

A name alone is not enough. An enum that a resource has as a field is a state of the resource, and no reason why a call
fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from toolkit.descriptors.model import Enum, Field, Message, Schema

_NAME = re.compile(r"(?P<prefix>\w*)Error(?:Reason|Code)s?\Z")
_OPTIONS = "google.protobuf."
_UNSET = re.compile(r"(?:\w+_)?(?:UNSPECIFIED|UNSET)\Z")


def names_errors(enum: Enum, holders: Iterable[Field], schema: Schema) -> bool:
    """Whether the values of an enum are errors; ``holders`` are the fields and extensions of that type.

    The enum is an ``ErrorReason`` or ``ErrorCode``, with or without words in front, and only messages about errors, or
    options, have it as a field. Or it is an ``XError`` that a message ``XErrorEnum`` exists for.
    """
    parent = schema.messages.get(enum.parent)
    if parent is not None and parent.name == f"{enum.name}Enum" and enum.name.endswith("Error"):
        return True
    found = _NAME.match(enum.name)
    if found is None:
        return False
    is_general = parent is None and not found["prefix"]
    return all(_is_about_errors(holder, is_general, schema) for holder in holders)


def _is_about_errors(holder: Field, is_general: bool, schema: Schema) -> bool:
    """Whether a field is in a message about errors; for a general enum of errors, that may be a ``Status``."""
    if holder.extendee.startswith(_OPTIONS):
        return True
    names = [*_names(holder.extendee or holder.parent, schema)]
    return any("Error" in name for name in names) or (is_general and names == ["Status"])


def _names(message: str, schema: Schema) -> Iterable[str]:
    """The names of a message and of those around it."""
    found: Message | None = schema.messages.get(message)
    while found is not None:
        yield found.name
        found = schema.messages.get(found.parent)


def is_unset(name: str, number: int) -> bool:
    """Whether a value of an enum is the one that means nothing."""
    return number == 0 and _UNSET.match(name) is not None
