"""OpenAPI 3.1 → 3.0.3: the same document in what the older dialect of JSON Schema can say."""

from __future__ import annotations

from typing import Any

from toolkit.targets.jsonschema.types import JsonSchema

_DROPPED = ("contentEncoding", "propertyNames")
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_MANY = ("allOf", "anyOf", "oneOf")
_NESTED = ("items", "additionalProperties", "not")


def as_3_0(document: JsonSchema) -> JsonSchema:
    """The document in OpenAPI 3.0.3."""
    made = {key: _walked(value) if key == "paths" else value for key, value in document.items()}
    components = dict(document["components"])
    if "schemas" in components:
        components["schemas"] = {name: schema_3_0(schema) for name, schema in components["schemas"].items()}
    return made | {"openapi": "3.0.3", "components": components}


def _walked(value: Any) -> Any:
    """A part of a document with its schemas converted; examples are values, not parts."""
    if isinstance(value, list):
        return [_walked(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: schema_3_0(item) if key == "schema" else item if key in ("examples", "example") else _walked(item)
        for key, item in value.items()
    }


def schema_3_0(schema: JsonSchema) -> JsonSchema:
    """A schema of 2020-12 in the dialect of OpenAPI 3.0."""
    made = {key: _nested(key, value) for key, value in schema.items() if key not in _DROPPED}
    made = _without_null(made)
    for exclusive, bound in _EXCLUSIVE.items():
        if exclusive in made:
            made[bound] = made.pop(exclusive)
            made[exclusive] = True
    if "$ref" in made and len(made) > 1:  # what stands beside a reference is ignored
        made = {"allOf": [{"$ref": made.pop("$ref")}, *made.pop("allOf", [])], **made}
    return made


def _nested(key: str, value: Any) -> Any:
    if key in _MANY:
        return [schema_3_0(each) for each in value]
    if key == "properties":
        return {name: schema_3_0(each) for name, each in value.items()}
    return schema_3_0(value) if key in _NESTED and isinstance(value, dict) else value


def _without_null(schema: JsonSchema) -> JsonSchema:
    """A schema that allows null by ``nullable``."""
    kind = schema.get("type")
    if kind == "null":
        return {**{key: value for key, value in schema.items() if key != "type"}, "nullable": True, "enum": [None]}
    if isinstance(kind, list):
        return schema | {"type": next(name for name in kind if name != "null"), "nullable": True}
    branches = schema.get("anyOf", [])
    kept = [branch for branch in branches if branch != {"nullable": True, "enum": [None]}]
    if len(kept) == len(branches):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if len(kept) == 1:
        only = kept[0]
        return {**rest, "nullable": True, **({"allOf": [only]} if "$ref" in only else only)}
    return {**rest, "anyOf": kept, "nullable": True}
