"""Which fields an example shows: those that a caller or a service would set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from toolkit.descriptors.model import Field, Message
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import demands, needs


class Side(Enum):
    """Who sends a message, and for what."""

    REQUEST = "request"
    CREATE = "create"
    """A request for a new resource."""
    UPDATE = "update"
    """A request that changes a resource."""
    RESPONSE = "response"


_REFUSED = {
    Side.REQUEST: frozenset({"OUTPUT_ONLY"}),
    Side.CREATE: frozenset({"OUTPUT_ONLY"}),
    Side.UPDATE: frozenset({"OUTPUT_ONLY"}),
    Side.RESPONSE: frozenset({"INPUT_ONLY"}),
}
"""The behaviors of fields that a side never sets."""


@dataclass(frozen=True, slots=True)
class View:
    """A side, with all its fields or only those that are needed."""

    side: Side
    minimal: bool = False

    def shown(self, message: Message, facts: Facts) -> list[Field]:
        """The fields of a message to show; no deprecated ones unless they are needed."""
        demanded = {oneof.name for oneof in message.oneofs if facts.oneof_required(oneof)} | facts.demanded(message)
        groups = facts.alternatives(message) if demanded else {}
        useful = needs.of_new(message, facts) if self.minimal and self.side is Side.CREATE else frozenset()
        found = []
        for one in message.fields:
            if not self.allows(one, message, facts):
                continue
            optional = not self.minimal and (not one.deprecated or message.deprecated)
            needed = optional or one.name in useful or self._needed(one, message, facts)
            if needed or demanded & groups.get(one.name, set()):
                found.append(one)
        return found

    def allows(self, one: Field, message: Message, facts: Facts) -> bool:
        """Whether this side may set a field.

        An update repeats immutable fields only if they are required or identify the resource, and a new resource
        has no name yet.
        """
        behavior = facts.behavior(one)
        if behavior and behavior & _REFUSED[self.side]:
            return False
        if self.side is Side.UPDATE and "IMMUTABLE" in behavior:
            demanded = any(oneof.name == one.oneof and facts.oneof_required(oneof) for oneof in message.oneofs)
            return demanded or facts.required(one) or is_own_name(one, message, facts)
        if self.side is Side.CREATE and is_own_name(one, message, facts):
            return facts.required(one)
        return True

    def _needed(self, one: Field, message: Message, facts: Facts) -> bool:
        if facts.required(one) or demands.refuse_zero(one, facts.constraints(one)):
            return True
        if self.minimal and needs.says_required(one):
            return True
        return self.side is Side.UPDATE and is_own_name(one, message, facts)


def is_own_name(one: Field, message: Message, facts: Facts) -> bool:
    """Whether a field contains the name of the resource that its message is."""
    if "IDENTIFIER" in facts.behavior(one):
        return True
    resource = facts.resource(message)
    return resource is not None and resource.name_field == one.name


def is_mutable(one: Field, message: Message, facts: Facts) -> bool:
    """Whether an update can change a field."""
    behavior = facts.behavior(one)
    return not (behavior & {"OUTPUT_ONLY", "IMMUTABLE", "IDENTIFIER"} or is_own_name(one, message, facts))
