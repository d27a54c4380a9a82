"""What pydantic asks a class for: how its values are checked and written as ProtoJSON, and their JSON Schema.

pydantic calls this, so nothing of it is imported here; its core schemas are dictionaries.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from inspect import cleandoc
from typing import Any

from toolkit.runtime.comments import comments_of
from toolkit.runtime.jsonvalues import RANGES
from toolkit.runtime.wellknown import WELL_KNOWN

Schema = dict[str, Any]
_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}]}
_SCALARS: dict[str, Schema] = {
    "string": {"type": "string"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "bool": {"type": "boolean"},
    "float": _NUMBER,
    "double": _NUMBER,
    **{
        kind: {"type": "string", "pattern": "^-?[0-9]+$", "format": kind}
        if kind.endswith("64")
        else {"type": "integer", "minimum": low, "maximum": high}
        for kind, (low, high) in RANGES.items()
    },
}
_PREFIX = "google.protobuf."
_KNOWN: dict[str, Schema] = {
    f"{_PREFIX}Timestamp": {"type": "string", "format": "date-time"},
    f"{_PREFIX}Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    f"{_PREFIX}Struct": {"type": "object"},
    f"{_PREFIX}ListValue": {"type": "array", "items": {}},
    f"{_PREFIX}Value": {},
    f"{_PREFIX}FieldMask": {"type": "string"},
    f"{_PREFIX}Any": {"type": "object", "properties": {"@type": {"type": "string"}}, "required": ["@type"]},
    f"{_PREFIX}Empty": {"type": "object"},
    f"{_PREFIX}NullValue": {"type": "null"},
    **{
        name: _SCALARS[name.removeprefix(_PREFIX).removesuffix("Value").lower()]
        for name in WELL_KNOWN
        if name.removeprefix(_PREFIX).removesuffix("Value").lower() in _SCALARS
    },
}


def core_schema(cls: type[Any]) -> Schema:
    """How pydantic reads and writes a message, a case of a oneof, or a value of an enum."""
    read, write = _enum(cls) if issubclass(cls, int) else _case(cls) if hasattr(cls, "__field__") else _message(cls)

    def validate(value: Any) -> Any:
        return value if isinstance(value, cls) else read(value)

    return {
        "type": "function-plain",
        "function": {"type": "no-info", "function": validate},
        "serialization": {"type": "function-plain", "function": write},
        "ref": _ref(cls),
    }


def _ref(cls: type[Any]) -> str:
    return f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"


def _message(cls: type[Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    def read(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected an object or a {cls.__qualname__}")
        return cls.from_dict(value)

    return read, lambda message: message.to_dict()


def _case(cls: type[Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    holder, attribute = _holder(cls)

    def read(value: Any) -> Any:
        found = getattr(holder.from_dict(value), attribute) if isinstance(value, Mapping) else None
        if not isinstance(found, cls):
            raise ValueError(f"expected an object with {cls.__field__} or a {cls.__qualname__}")
        return found

    return read, lambda case: holder(**{attribute: case}).to_dict()


def _holder(cls: type[Any]) -> tuple[type[Any], str]:
    """The message with the oneof of a case, and the attribute of the oneof."""
    found: Any = sys.modules[cls.__module__]
    *path, oneof, _ = cls.__qualname__.split(".")
    for name in path:
        found = getattr(found, name)
    attribute = next(attribute for attribute, cases in found.__oneofs__.values() if cases.__name__ == oneof)
    return found, attribute


def _enum(cls: type[Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            if value not in cls.__members_by_name__:
                raise ValueError(f"{value!r} is not a value of {cls.__qualname__}")
            return cls.__members_by_name__[value]
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"expected the name or number of a {cls.__qualname__}")
        return cls(value)

    return read, lambda value: cls.__json_names__.get(int(value), int(value))


def json_schema(cls: type[Any], handler: Any) -> Schema:
    """The JSON Schema of what pydantic reads and writes; other types are definitions beside it."""

    def reference(other: type[Any]) -> Schema:
        generator = handler.generate_json_schema
        name, found = generator.get_cache_defs_ref_schema(_ref(other))
        if name not in generator.definitions:
            generator.definitions[name] = {}  # for types that contain themselves
            generator.definitions[name] = _schema(other, reference)
        return dict(found)

    return _schema(cls, reference)


def _schema(cls: type[Any], reference: Callable[[type[Any]], Schema]) -> Schema:
    if hasattr(cls, "__field__"):
        holder, _ = _holder(cls)
        field = next(field for field in holder.__codec__.fields if field.name == cls.__field__)
        made = _single(holder, field, reference)
        return _described(cls, {"type": "object", "properties": {field.json_name: made}, "required": [field.json_name]})
    if cls.__proto__[1] in _KNOWN:
        return _KNOWN[cls.__proto__[1]]
    if issubclass(cls, int):
        return _described(cls, _enum_schema(cls))
    comments = comments_of(cls)
    fields = cls.__codec__.fields
    properties = {}
    for field in fields:
        comment = comments.get(field.attribute, "")
        if field.oneof:
            attribute, cases = cls.__codec__.oneofs[field.oneof]
            comment = _comment(cases[field.name]) or comments.get(attribute, "")
        made = _field(cls, field, reference)
        properties[field.json_name] = made | {"description": comment} if comment else made
    schema: Schema = {"type": "object", "properties": properties}
    required = [field.json_name for field in fields if field.required]
    if required:
        schema["required"] = required
    alternatives = [_at_most_one([f.json_name for f in fields if f.oneof == name]) for name in cls.__oneofs__]
    if any(alternatives):
        schema["allOf"] = [{"oneOf": each} for each in alternatives if each]
    return _described(cls, schema)


def _described(cls: type[Any], schema: Schema) -> Schema:
    comment = _comment(cls)
    return {"title": cls.__name__, **({"description": comment} if comment else {}), **schema}


def _comment(cls: type[Any]) -> str:
    """The comment of a class; one without a comment has its name there."""
    text = cleandoc(vars(cls).get("__doc__") or "")
    return "" if text == cls.__name__ else text


def _enum_schema(cls: type[Any]) -> Schema:
    """Names, or numbers that have none."""
    names: Schema = {"type": "string", "enum": list(cls.__members_by_name__)}
    low, high = RANGES["int32"]
    return {"anyOf": [names, {"type": "integer", "minimum": low, "maximum": high}]}


def _at_most_one(names: list[str]) -> list[Schema]:
    if len(names) < 2:
        return []
    each: list[Schema] = [{"required": [name]} for name in names]
    return [*each, {"not": {"anyOf": each}}]


def _field(cls: type[Any], field: Any, reference: Callable[[type[Any]], Schema]) -> Schema:
    one = _single(cls, field, reference)
    if field.key:
        return {"type": "object", "additionalProperties": one}
    return {"type": "array", "items": one} if field.repeated else one


def _single(cls: type[Any], field: Any, reference: Callable[[type[Any]], Schema]) -> Schema:
    if field.type_name in _KNOWN:
        return dict(_KNOWN[field.type_name])
    if field.kind in _SCALARS:
        return dict(_SCALARS[field.kind])
    root = cls.__proto__[0]
    return reference(root.enum(field.type_name) if field.kind == "enum" else root.message(field.type_name))
