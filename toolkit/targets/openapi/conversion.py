"""OpenAPI 3.1 → 3.0.3: the same document in what the older dialect of JSON Schema can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.targets.jsonschema.types import JsonSchema

_DROPPED = ("contentEncoding", "propertyNames")
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_MANY = ("allOf", "anyOf", "oneOf")
_NESTED = ("items", "additionalProperties", "not")
_VALUES = ("examples", "example")
_NULL = {"type": "null"}


def as_3_0(document: JsonSchema) -> JsonSchema:
    """The document in OpenAPI 3.0.3."""
    schemas = document["components"].get("schemas", {})
    convert = _Conversion({f"#/components/schemas/{name}": schema.get("type", "") for name, schema in schemas.items()})
    made = {key: convert.part(value) if key == "paths" else value for key, value in document.items()}
    components = dict(document["components"])
    if schemas:
        components["schemas"] = {name: convert.schema(schema) for name, schema in schemas.items()}
    return made | {"openapi": "3.0.3", "components": components}


@dataclass(frozen=True, slots=True)
class _Conversion:
    """Converts schemas of 2020-12 to the dialect of OpenAPI 3.0."""

    types: Mapping[str, str]
    """The references to schemas, and the types of these; empty if one has several."""

    def part(self, value: Any) -> Any:
        """A part of a document with its schemas converted; examples are values, not parts."""
        if isinstance(value, list):
            return [self.part(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self.schema(item) if key == "schema" else item if key in _VALUES else self.part(item)
            for key, item in value.items()
        }

    def schema(self, schema: JsonSchema) -> JsonSchema:
        """A converted schema."""
        made = {key: self._nested(key, value) for key, value in schema.items() if key not in _DROPPED}
        made = self._without_null(made)
        for exclusive, bound in _EXCLUSIVE.items():
            if exclusive in made:
                made[bound] = made.pop(exclusive)
                made[exclusive] = True
        if "$ref" in made and len(made) > 1:  # whatever is beside a reference is ignored
            made = {"allOf": [{"$ref": made.pop("$ref")}, *made.pop("allOf", [])], **made}
        return made

    def _nested(self, key: str, value: Any) -> Any:
        if key in _MANY:
            return [each if each == _NULL else self.schema(each) for each in value]
        if key == "properties":
            return {name: self.schema(each) for name, each in value.items()}
        return self.schema(value) if key in _NESTED and isinstance(value, dict) else value

    def _without_null(self, schema: JsonSchema) -> JsonSchema:
        """A schema that allows null by ``nullable``, which only works beside a type."""
        kind = schema.get("type")
        if kind == "null":
            rest = {key: value for key, value in schema.items() if key != "type"}
            return {**rest, "type": "string", "nullable": True, "enum": [None]}
        if isinstance(kind, list):
            return schema | {"type": next(name for name in kind if name != "null"), "nullable": True}
        branches = schema.get("anyOf", [])
        if _NULL not in branches:
            return schema
        kept = [branch for branch in branches if branch != _NULL]
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        found = self.types.get(kept[0].get("$ref", "")) if len(kept) == 1 else ""
        if not found:  # nothing says that any of several types can be null
            return {**rest, **kept[0]} if len(kept) == 1 else {**rest, "anyOf": kept}
        return {**rest, "type": found, "nullable": True, "allOf": kept}
