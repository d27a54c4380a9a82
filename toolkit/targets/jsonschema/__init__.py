"""JSON Schemas of messages: what their JSON form may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.targets.jsonschema.settings import JsonSchemas
from toolkit.targets.registry import Choose, Target, TargetType

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.jsonschema.target import JsonSchemaTarget

    return JsonSchemaTarget.of(workspace, choose)


TARGET = TargetType(
    name="jsonschema",
    noun="JSON Schemas",
    summary="""Write a JSON Schema for each message.

    It describes the JSON form of the message, in draft 2020-12.""",
    settings=JsonSchemas,
    make=_make,
    reads=("rules",),
)
