"""Documents of small trees, and what they say about requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.openapi.document import Documents
from toolkit.targets.openapi.settings import OpenApi

Document = dict[str, Any]
IMPORTS = (
    *("google/api/annotations.proto", "google/api/field_behavior.proto", "google/api/resource.proto"),
    *("google/api/client.proto", "google/api/httpbody.proto", "google/protobuf/struct.proto"),
    *("google/protobuf/wrappers.proto", "google/protobuf/timestamp.proto", "google/protobuf/duration.proto"),
    *("google/protobuf/field_mask.proto", "google/protobuf/empty.proto", "google/protobuf/any.proto"),
)


def documents_of(schema: Schema, **settings: Any) -> Documents:
    """What makes the documents of a schema."""
    facts = Facts(schema)
    return Documents(facts, OpenApi(**settings), Examples(facts))


def document_of(folder: Path, body: str, package: str = "acme.v1", **settings: Any) -> Document:
    """The document of a file with this body, as JSON."""
    schema = schema_of(folder, {"a.proto": proto3(package, body, *IMPORTS)})
    made = documents_of(schema, **settings).document([*schema.requested_services()])
    loaded: Document = json.loads(json.dumps(made))
    return loaded


def validator_of(schema: Any, document: Document) -> Draft202012Validator:
    """A validator for a schema in a document; formats count."""
    registry = Registry().with_resource("urn:document", Resource(document, DRAFT202012))
    text = json.dumps(schema).replace('"#/components', '"urn:document#/components')
    return Draft202012Validator(json.loads(text), registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def operations(document: Document) -> Iterator[tuple[str, str, Any]]:
    """The path and verb of each operation, and the operation."""
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield path, verb, operation


def operation(document: Document, operation_id: str) -> Any:
    """The operation with this ID."""
    return next(one for _, _, one in operations(document) if one["operationId"] == operation_id)


def examples(document: Document) -> Iterator[tuple[str, Any, Any]]:
    """Every example: where it is, the schema there, and the value."""
    for _, _, one in operations(document):
        name = one["operationId"]
        for parameter in one.get("parameters", ()):
            if "example" in parameter:
                yield f"{name} {parameter['name']}", parameter["schema"], parameter["example"]
        for part in (one.get("requestBody", {}), *one["responses"].values()):
            for content in part.get("content", {}).values():
                for key, example in content.get("examples", {}).items():
                    yield f"{name} {key}", content["schema"], example["value"]
