"""What types are for: requests, responses, metadata of operations, enums, or things of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from toolkit.descriptors.model import Kind, Schema
from toolkit.descriptors.type_graph import Types

Role = Literal["resource", "request", "response", "metadata", "enum"]


def roles(schema: Schema, operations: Mapping[str, Types]) -> Mapping[str, Role]:
    """The messages that are only requests, responses or metadata; all others are resources.

    ``operations`` has, by method, the types of the fields of its response that are not declared, such as the metadata.
    A request is in no field and returned by no method. A response is returned by one method only, and in no field.
    """
    held = {field.type.name for m in schema.messages.values() for field in m.fields if field.type.kind is Kind.MESSAGE}
    methods = schema.methods.values()
    taken, given = {method.input for method in methods}, Counter(method.output for method in methods)
    results = {types.get("response", "") for types in operations.values()}
    found: dict[str, Role] = {}
    for name in taken - held - given.keys() - results:
        found[name] = "request"
    others = held | taken | results
    for name, times in given.items():
        if times == 1 and name not in others:
            found[name] = "response"
    for types in operations.values():
        metadata = types.get("metadata", "")
        if metadata and metadata not in others and metadata not in given:
            found[metadata] = "metadata"
    return found
