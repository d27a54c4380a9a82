"""JSON Schemas of scalars and of well-known types, as ProtoJSON writes or reads them."""

from __future__ import annotations

from typing import Any

from toolkit.descriptors.well_known import (
    ANY,
    DURATION,
    EMPTY,
    FIELD_MASK,
    LIST_VALUE,
    STRUCT,
    TIMESTAMP,
    VALUE,
)

JsonSchema = dict[str, Any]

_SIGNED, _UNSIGNED = "^-?[0-9]+$", "^[0-9]+$"
_NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
_BYTES = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_BYTES_READ = "^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$"
_NOT_FINITE = ["NaN", "Infinity", "-Infinity"]
_MOST = 2**32 - 1
SCALARS: dict[str, JsonSchema] = {
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "bytes": {"type": "string", "format": "byte", "contentEncoding": "base64"},
    "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"},
    **{name: {"type": "integer", "format": "int32"} for name in ("int32", "sint32", "sfixed32")},
    # Code generators know no format for 32 bits without a sign, and an int32 would overflow.
    **{name: {"type": "integer", "format": "int64", "minimum": 0, "maximum": _MOST} for name in ("uint32", "fixed32")},
    **{name: {"type": "string", "format": "int64", "pattern": _SIGNED} for name in ("int64", "sint64", "sfixed64")},
    **{name: {"type": "string", "format": "uint64", "pattern": _UNSIGNED} for name in ("uint64", "fixed64")},
}
"""Scalars as printers write them."""
MESSAGES: dict[str, JsonSchema] = {
    ANY: {"type": "object", "properties": {"@type": {"type": "string"}}, "required": ["@type"]},
    DURATION: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    EMPTY: {"type": "object"},
    FIELD_MASK: {"type": "string"},
    LIST_VALUE: {"type": "array", "items": {}},
    STRUCT: {"type": "object"},
    TIMESTAMP: {"type": "string", "format": "date-time"},
    VALUE: {},
}
"""Messages with a JSON form of their own, besides wrappers."""


def scalar(name: str, *, lenient: bool = False, exact: bool = False) -> JsonSchema:
    """The schema of a scalar as printers write it, or, if ``lenient``, as parsers read it.

    If it is ``exact``, it has keywords for what other schemas leave to ``format``.
    """
    made = dict(SCALARS[name])
    if exact and made.get("format") == "int32":
        made |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    if exact and name == "bytes":
        made["pattern"] = _BYTES_READ if lenient else _BYTES
    if not lenient:
        return made
    if name in ("float", "double"):
        return {"anyOf": [made, {"type": "string", "pattern": _NUMBER}, {"type": "string", "enum": _NOT_FINITE}]}
    if made["type"] == "integer":
        pattern = _UNSIGNED if made.get("minimum") == 0 else _SIGNED
        return {"anyOf": [made, {"type": "string", "pattern": pattern}]}
    if name.endswith("64"):
        return {"anyOf": [made, {"type": "integer", **({"minimum": 0} if made["pattern"] == _UNSIGNED else {})}]}
    return made


def map_keys(key: str) -> JsonSchema:
    """The schema of the names of an object that is a map; empty for strings."""
    if key == "string":
        return {}
    if key == "bool":
        return {"enum": ["true", "false"]}
    is_unsigned = key.startswith(("u", "fixed"))
    return {"pattern": _UNSIGNED if is_unsigned else _SIGNED}
