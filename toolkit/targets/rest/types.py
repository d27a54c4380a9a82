"""How JSON has the types of fields: their names, their formats, and which messages are objects with members."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from toolkit.descriptors.model import Schema
from toolkit.descriptors.well_known import (
    ANY,
    DURATION,
    EMPTY,
    FIELD_MASK,
    LIST_VALUE,
    STRUCT,
    TIMESTAMP,
    VALUE,
    WRAPPERS,
)

LEFT_OUT = ""
"""The type of a field that a part of a page leaves out, in :data:`toolkit.descriptors.type_graph.Types`."""


@dataclass(frozen=True, slots=True)
class JsonType:
    """The JSON type of a value that has no members."""

    name: str
    """``string``, ``integer``, ``number``, ``boolean``, ``object`` or ``array``."""
    format: str = ""

    @property
    def text(self) -> str:
        """The type in Markdown."""
        return f"**{self.name}** ({self.format})" if self.format else f"**{self.name}**"


_AFTER = re.compile(r"_([a-z])")
_NUMBERS = {"float": "number", "double": "number"}
_OBJECT = JsonType("object")
_MESSAGES = {
    TIMESTAMP: JsonType("string", "date-time"),
    DURATION: JsonType("string", "duration"),
    FIELD_MASK: JsonType("string", "field-mask"),
    LIST_VALUE: JsonType("array"),
    ANY: _OBJECT,
    EMPTY: _OBJECT,
    STRUCT: _OBJECT,
    VALUE: _OBJECT,
}


@cache
def json_type(name: str) -> JsonType:
    """The JSON type of a scalar, or of a message that is not expanded."""
    scalar = WRAPPERS.get(name, name)
    if scalar == "string":
        return JsonType("string")
    if scalar == "bytes":
        return JsonType("string", "bytes")
    if scalar == "bool":
        return JsonType("boolean")
    if scalar in _NUMBERS:
        return JsonType("number", scalar)
    if scalar.endswith("64"):
        return JsonType("string", scalar)
    if scalar.endswith("32"):
        return JsonType("integer", scalar)
    return _MESSAGES.get(name, _OBJECT)


def is_expanded(name: str, schema: Schema) -> bool:
    """Whether a message is an object whose members are shown, in a section of its own."""
    return name != LEFT_OUT and name not in _MESSAGES and name not in WRAPPERS and bool(schema.message(name).fields)


@cache
def shown_name(name: str) -> str:
    """A name as the published pages show it: ``disk_id`` → ``diskId``; digits keep their underscore."""
    return _AFTER.sub(lambda found: found[1].upper(), name)
