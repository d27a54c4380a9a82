"""The bodies of requests and responses: schemas of what a binding sends, with examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.descriptors.model import Field, Message, Method
from toolkit.descriptors.well_known import JSON_FORMS
from toolkit.semantics.http import ALL, Binding, HttpRequest
from toolkit.targets.jsonschema.schemas import Schemas
from toolkit.targets.jsonschema.types import JsonSchema
from toolkit.targets.openapi.settings import OpenApi

HTTP_BODY = "google.api.HttpBody"
STATUS = "google.rpc.Status"
JSON = "application/json"
_LINES = "application/x-ndjson"
FIXED: Mapping[str, JsonSchema] = {
    STATUS: {
        "title": "Status",
        "type": "object",
        "description": "An error.",
        "properties": {
            "code": {"type": "integer", "format": "int32", "description": "A code of `google.rpc.Code`."},
            "message": {"type": "string", "description": "What went wrong, in English."},
            "details": {
                "type": "array",
                "items": {"type": "object", "properties": {"@type": {"type": "string"}}, "required": ["@type"]},
            },
        },
    }
}
"""Schemas that do not depend on the tree, so that they are the same in every document."""
_GOOGLE: JsonSchema = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "integer", "format": "int32", "description": "The HTTP status."},
                "message": {"type": "string"},
                "status": {"type": "string", "description": "The name of a code of `google.rpc.Code`."},
                "details": FIXED[STATUS]["properties"]["details"],
            },
        }
    },
}

Examples = Sequence[tuple[str, Any]]
"""Names and values of examples."""


@dataclass(frozen=True)
class Bodies:
    """Makes the bodies of the methods of a document."""

    schemas: Schemas
    settings: OpenApi

    def request(
        self, method: Method, binding: Binding, examples: Iterable[tuple[str, HttpRequest]]
    ) -> JsonSchema | None:
        """The ``requestBody`` of a binding; None if it has none."""
        if not binding.body:
            return None
        values = [(name, request.body) for name, request in examples if request.body is not None]
        field = self._field(binding)
        if HTTP_BODY in (binding.message.full_name, field.type.name if field is not None else ""):
            return {"content": self._raw(), "required": True}
        schema = self._sent(binding)
        if schema is None:
            return None
        if method.client_streaming:
            schema, values = {"type": "array", "items": schema}, [(name, [value]) for name, value in values]
        is_required = field is None or self.schemas.facts.required(field)
        return {"content": _content(JSON, schema, values), "required": is_required}

    def _field(self, binding: Binding) -> Field | None:
        facts = self.schemas.facts
        return None if binding.body == ALL else facts.field_at(binding.message.full_name, binding.body)

    def _sent(self, binding: Binding) -> JsonSchema | None:
        """The schema of the body; None if all fields are elsewhere."""
        message, field = binding.message, self._field(binding)
        if field is None:
            return self._without(message, binding.path_fields)
        below = [
            path.removeprefix(f"{binding.body}.") for path in binding.path_fields if path.startswith(f"{binding.body}.")
        ]
        if not below:
            return self.schemas.property(field)
        return self._without(self.schemas.facts.schema.message(field.type.name), below)

    def _without(self, message: Message, paths: Sequence[str]) -> JsonSchema | None:
        if message.full_name in JSON_FORMS or not paths:
            return self.schemas.of_message(message.full_name)
        made = self.schemas.message(message, paths)
        return made if "properties" in made else None

    def _raw(self) -> JsonSchema:
        """Content of any type."""
        return {
            "*/*": {"schema": {} if self.settings.version.startswith("3.1") else {"type": "string", "format": "binary"}}
        }

    def response(self, method: Method, binding: Binding | None, examples: Examples) -> JsonSchema:
        """The response of a binding, or of a method without one."""
        facts = self.schemas.facts
        path = binding.response_body if binding is not None else ""
        field = facts.field_at(method.output, path) if path else None
        name = field.type.name if field is not None else method.output
        if name == HTTP_BODY:
            return {"description": "OK", "content": self._raw()}
        schema = self.schemas.property(field) if field is not None else self.schemas.of_message(method.output)
        values = examples
        if field is not None:
            values = [(name, value[field.json_name]) for name, value in examples if field.json_name in value]
        if not method.server_streaming:
            return {"description": self._said(method), "content": _content(JSON, schema, values)}
        return {"description": "A stream of responses.", "content": self._stream(schema, values)}

    def _said(self, method: Method) -> str:
        """The description of a response that is a single message."""
        operation = self.schemas.facts.operation(method)
        if operation is None:
            return "OK"
        said = ["An operation, before the work is done."]
        said += [f"Its `metadata` is of the type `{operation.metadata}`."] if operation.metadata else ()
        said += (
            [f"When it is done, its `response` is of the type `{operation.response}`."] if operation.response else ()
        )
        return " ".join(said)

    def _stream(self, schema: JsonSchema, examples: Examples) -> JsonSchema:
        how = self.settings.streams
        if how == "array":
            return _content(JSON, {"type": "array", "items": schema}, [(name, [value]) for name, value in examples])
        if how == "result-lines":
            line = {"type": "object", "properties": {"result": schema, "error": self.schemas.of_message(STATUS)}}
            return _content(_LINES, line, [(name, {"result": value}) for name, value in examples])
        if how == "sse":
            return _content("text/event-stream", {"type": "string"}, ())
        return _content(_LINES, schema, examples)

    def error(self) -> JsonSchema | None:
        """The response of a failed call."""
        if self.settings.errors == "none":
            return None
        name = STATUS if self.settings.errors == "status" else self.settings.errors
        schema = _GOOGLE if name == "google" else self.schemas.of_message(name)
        return {"description": "An error.", "content": _content(JSON, schema, ())}


def _content(media: str, schema: JsonSchema, examples: Examples) -> JsonSchema:
    """The content of a body; equal examples are shown once."""
    shown: dict[str, Any] = {}
    for name, value in examples:
        if {"value": value} not in shown.values():
            shown[name] = {"value": value}
    return {media: {"schema": schema, **({"examples": shown} if shown else {})}}
