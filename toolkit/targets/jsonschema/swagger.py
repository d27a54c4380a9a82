"""What options say in the messages of protoc-gen-openapiv2, as keywords of JSON Schema and members of OpenAPI 3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from toolkit.descriptors.comments import CONTROL
from toolkit.targets.jsonschema.types import JsonSchema
from toolkit.targets.markdown.blocks import body

Said = Mapping[str, Any]
"""The value of an option: a message by the names of its fields."""
_URL = re.compile(r"https?://[^\s<>\"]+\Z")
_EXTENSION = re.compile(r"x-[\w.-]+\Z", re.ASCII)
_VALUES = ("string_value", "number_value", "bool_value")
_FORMAT = re.compile(r"[\w.-]+\Z", re.ASCII)


def keywords(said: Said, *, extensions: bool) -> JsonSchema:
    """The keywords for the option of a message, a field or an enum, but for its description and constraints."""
    schema = said.get("json_schema", said)
    made: JsonSchema = {}
    if title := plain(schema.get("title")):
        made["title"] = title
    if schema.get("multiple_of"):
        made["multipleOf"] = schema["multiple_of"]
    for name, key in (("min_properties", "minProperties"), ("max_properties", "maxProperties")):
        if schema.get(name):
            made[key] = int(schema[name])
    if said.get("read_only") or schema.get("read_only"):
        made["readOnly"] = True
    form = schema.get("format", "")
    if schema.get("type") == ["STRING"] and _FORMAT.match(form):
        made["format"] = form
    if extensions:
        made |= docs(said) | extended(schema)
    return made


def description(said: Said) -> str:
    """The description in an option; empty if it has none."""
    return plain(said.get("json_schema", said).get("description"))


def plain(text: Any) -> str:
    """A text without control characters; empty if it is none."""
    return CONTROL.sub("", text).strip() if isinstance(text, str) else ""


def prose(text: Any) -> str:
    """A text as CommonMark, which embeds nothing; empty if it is none."""
    said = plain(text)
    return body(said, lambda name: None, lambda address: None) if said else ""


def url(text: Any) -> str:
    """A URL that a reader may follow; empty if it is none."""
    return text if isinstance(text, str) and _URL.match(text) else ""


def docs(said: Said) -> JsonSchema:
    """The member ``externalDocs``; empty without a URL."""
    found = said.get("external_docs", {})
    address, text = url(found.get("url")), prose(found.get("description"))
    return {"externalDocs": {"url": address, **({"description": text} if text else {})}} if address else {}


def extended(said: Said, *, allowed: bool = True) -> JsonSchema:
    """The members that begin with ``x-``, if they are ``allowed``."""
    if not allowed:
        return {}
    return {key: _value(value) for key, value in said.get("extensions", {}).items() if _EXTENSION.match(key)}


def _value(said: Said) -> Any:
    """The value of a ``google.protobuf.Value``."""
    for name in _VALUES:
        if name in said:
            return said[name]
    if "list_value" in said:
        return [_value(each) for each in said["list_value"].get("values", ())]
    if "struct_value" in said:
        return {key: _value(each) for key, each in said["struct_value"].get("fields", {}).items()}
    return None
