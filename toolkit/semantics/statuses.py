"""The HTTP statuses that the options of protoc-gen-openapiv2 declare for a method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.descriptors.model import Method
from toolkit.semantics.facts import Facts

STATUSES = frozenset(map(str, range(100, 600))) | {"default"}
"""What a response may be declared for; ``default`` is any status that is not declared."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status."""

    code: str
    """A number, or ``default``."""
    description: str
    """As its author wrote it; may be empty."""
    message: str
    """The full name of the message in the body; empty if none is named that is in the schema."""


def statuses_of(method: Method, facts: Facts) -> list[Status]:
    """The statuses of a method by number, ``default`` last: its own, and those of its file."""
    found: dict[str, Status] = {}
    for options in (facts.schema.files[method.location.file].options, method.options):
        for code, said in facts.swagger(options).get("responses", {}).items():
            if code in STATUSES:
                known = found.get(code, Status(code, "", ""))
                description, message = str(said.get("description", "")), reference(said.get("schema", {}), facts)
                found[code] = Status(code, description or known.description, message or known.message)
    return sorted(found.values(), key=lambda status: (not status.code.isdigit(), status.code))


def reference(schema: Mapping[str, Any], facts: Facts) -> str:
    """The message that a schema of OpenAPI 2 refers to; empty if it is not in the tree."""
    name = str(schema.get("json_schema", {}).get("ref", "")).removeprefix(".")
    return name if name in facts.schema.messages else ""
