"""What a Discovery document, and an OpenAPI document, say about an API, in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_VARIABLE = re.compile(r"\{[^{}]*\}")
_FORMATS = {
    "google-datetime": "date-time",
    "google-duration": "duration",
    # Discovery has no formats for these.
    **dict.fromkeys(("google-fieldmask", "uuid", "ipv4", "ipv6"), ""),
}

_EMPTY = ("Empty", "GoogleProtobufEmpty")


@dataclass
class Described:
    """An API: what is called, and the types of what is sent."""

    queries: dict[str, frozenset[str]] = field(default_factory=dict)
    """Each verb with a path, whose variables have no names, and the names of its query parameters."""
    types: dict[str, dict[str, str]] = field(default_factory=dict)
    """Each message, and the types of its fields by JSON name."""


def of_discovery(document: Mapping[str, Any]) -> Described:
    """What a Discovery document says."""
    found = Described()
    for method in _methods(document):
        path = method.get("flatPath", method["path"])
        parameters = method.get("parameters", {})
        found.queries[_key(method["httpMethod"], "/" + document["servicePath"] + path)] = frozenset(
            name for name, one in parameters.items() if one["location"] == "query"
        )
    for name, schema in document.get("schemas", {}).items():
        properties = schema.get("properties", {})
        found.types[name] = {key: _discovery_type(one) for key, one in properties.items()}
    return found


def _methods(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from part.get("methods", {}).values()
    for inner in part.get("resources", {}).values():
        yield from _methods(inner)


def _key(verb: str, path: str) -> str:
    return f"{verb.upper()} {_VARIABLE.sub('{}', path)}"


def _discovery_type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema or "properties" in schema:
        return "object" if schema.get("$ref") in _EMPTY else "message"
    kind = schema["type"]
    if kind == "array":
        return f"list of {_discovery_type(schema['items'])}"
    if kind == "object" and "additionalProperties" in schema:
        value = schema["additionalProperties"]
        return "object" if value.get("type") == "any" else f"map of {_discovery_type(value)}"
    if "enum" in schema:
        return "enum"
    said = schema.get("format", "")
    return " ".join(filter(None, [kind, _FORMATS.get(said, said)]))


def of_openapi(document: Mapping[str, Any]) -> Described:
    """What an OpenAPI document says; messages have the names that Discovery would give them, each that is possible."""
    found = Described()
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            parameters = operation.get("parameters", ())
            found.queries[_key(verb, path)] = frozenset(one["name"] for one in parameters if one["in"] == "query")
    schemas = document["components"].get("schemas", {})
    once: dict[str, str | None] = {}
    for full_name in schemas:
        for name in {*_names(full_name)}:
            once[name] = full_name if name not in once else None
    for name, chosen in once.items():
        if chosen is not None and "enum" not in schemas[chosen]:
            properties = schemas[chosen].get("properties", {})
            found.types[name] = {key: _openapi_type(one, schemas) for key, one in properties.items()}
    return found


def _names(full_name: str) -> Iterator[str]:
    """The names of a message without its package, and with all of it in camel case."""
    parts = full_name.split(".")
    start = next((number for number, part in enumerate(parts) if part[:1].isupper()), 0)
    yield "".join(parts[start:])
    yield "".join(part[:1].upper() + part[1:] for part in parts)
    yield parts[-1]


def _openapi_type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return "enum" if "enum" in schemas[schema["$ref"].rpartition("/")[2]] else "message"
    if not {"type", "anyOf"} & schema.keys():
        return "any"
    kind = schema["type"]
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "array":
        return f"list of {_openapi_type(schema['items'], schemas)}" if schema["items"] else "list of any"
    if kind == "object":
        value = _openapi_type(schema["additionalProperties"], schemas) if _is_map(schema) else "any"
        return "object" if value == "any" else f"map of {value}"
    if schema.get("pattern", "").endswith("s$") and kind == "string":
        return "string duration"
    if kind == "integer" and schema["format"] == "int64":
        return "integer uint32"
    said = schema.get("format", "")
    return "enum" if kind == "null" else " ".join(filter(None, [kind, _FORMATS.get(said, said)]))


def _is_map(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("additionalProperties"), dict)
