"""What is wrong with the examples of a tree, one line for each fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.model import Message, Method
from toolkit.runtime.constraints import Unchecked
from toolkit.semantics.http import Mismatch
from toolkit.targets.examples.cutting import size_of
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.target import examples_of
from toolkit.targets.examples.values import levels
from toolkit.targets.settings import Common, Settings
from toolkit.targets.workspace import Workspace

REQUESTS = ("minimal", "full")


@dataclass
class Check:
    """The examples of a compiled tree, and their faults."""

    compilation: Compilation
    contradictions: list[str] = field(default_factory=list)
    """Faults of the tree itself."""

    @cached_property
    def workspace(self) -> Workspace:
        """The tree as commands read it."""
        return Workspace(Settings(Common(), {}), self.compilation)

    @cached_property
    def examples(self) -> Examples:
        """The examples."""
        return examples_of(self.workspace)

    def of(self, method: Method) -> dict[str, dict[str, Any]]:
        """The examples of a method."""
        return {
            "minimal": self.examples.request(method, minimal=True),
            "full": self.examples.request(method),
            "at once": self.examples.response(method, done=False),
            "done": self.examples.response(method),
        }

    def faults(self) -> Iterator[str]:
        """The faults in all examples."""
        for service in self.workspace.schema.requested_services():
            for method in service.methods:
                made = self.of(method)
                for name, value in made.items():
                    message = method.input if name in REQUESTS else method.output
                    for fault in self._in_value(value, self.workspace.schema.message(message), name in REQUESTS):
                        if not self._contradicts(fault, method, name in REQUESTS):
                            yield f"{method.full_name} {name}: {fault}"
                yield from (f"{method.full_name}: {fault}" for fault in self._of_method(method, made))

    def _contradicts(self, fault: str, method: Method, is_request: bool) -> bool:
        """Whether the tree demands what it forbids; such faults are kept apart.

        The path of a request needs a field that is OUTPUT_ONLY, or a response one that is INPUT_ONLY.
        """
        facts = self.workspace.facts
        paths = {path for rule in facts.http(method).bindings for path in rule.path_fields}
        needed = {one.full_name for path in paths if (one := facts.field_at(method.input, path)) is not None}
        in_path = is_request and any(fault == f"sets {name}, which is OUTPUT_ONLY" for name in needed)
        path, _, said = fault.partition(": ")
        if in_path or (not is_request and said.endswith("]") and self._is_input_only(method, path)):
            self.contradictions.append(f"{method.full_name}: {fault}")
            return True
        return False

    def _is_input_only(self, method: Method, path: str) -> bool:
        """Whether a path in the response ends in a field that only requests have, or in a oneof of such fields."""
        types = self.workspace.facts.any_types(method)
        message = self.workspace.schema.message(method.output)
        *parents, last = re.sub(r"\[[^\]]*\]", "", path).split(".")
        for name in parents:
            one = message.field(name)
            if one is None:
                return False
            message = self.workspace.schema.message(types.get(name, one.type.name))
        found = [one for one in message.fields if last in (one.name, one.oneof)]
        return bool(found) and all("INPUT_ONLY" in self.workspace.facts.behavior(one) for one in found)

    def _in_value(self, value: dict[str, Any], message: Message, is_request: bool) -> Iterator[str]:
        parsed = self.workspace.classes.parse(message.full_name, json.dumps(value))
        if self.workspace.classes.get(message.full_name).FromString(parsed.SerializeToString()) != parsed:
            yield "not the same after a binary round trip"
        for one in self.workspace.validator.check(parsed):
            if not isinstance(one, Unchecked):
                yield str(one)
        if size_of(value) > self.examples.bounds.bytes:
            yield f"has {size_of(value)} bytes"
        refused = "OUTPUT_ONLY" if is_request else "INPUT_ONLY"
        for inner, holder in levels(value, message, self.workspace.schema):
            for one in holder.fields:
                if one.json_name in inner and refused in self.workspace.facts.behavior(one):
                    yield f"sets {one.full_name}, which is {refused}"

    def _of_method(self, method: Method, made: dict[str, dict[str, Any]]) -> Iterator[str]:
        for binding in self.workspace.facts.http(method).bindings[:1]:
            for name in REQUESTS:
                found = binding.request(made[name])
                if isinstance(found, Mismatch):
                    yield f"{name}: {found}"
        for name in REQUESTS:
            yield from (f"{name}: {fault}" for fault in self._in_mask(method, made[name]))
        operation = self.workspace.facts.operation(method)
        if operation is not None:
            if made["at once"].get("done") is not False or "response" in made["at once"]:
                yield "is done at once"
            if made["done"].get("done") is not True or ("response" in operation.types) != ("response" in made["done"]):
                yield "is not done when it is"
        elif made["at once"] != made["done"]:
            yield "has two responses without an operation"

    def _in_mask(self, method: Method, request: dict[str, Any]) -> Iterator[str]:
        message = self.workspace.schema.message(method.input)
        if "updateMask" not in request or message.field("update_mask") is None:
            return
        holder, value = message, request
        named = [field for field in message.fields if field.name in self._resources(method)]
        if named and named[0].type.name in self.workspace.schema.messages:
            holder, value = self.workspace.schema.message(named[0].type.name), request.get(named[0].json_name, {})
        fields = {field.json_name: field for field in holder.fields}
        for path in request["updateMask"].split(","):
            if path not in fields:
                yield f"masks {path}, which {holder.full_name} does not have"
            elif self.workspace.facts.behavior(fields[path]) & {"OUTPUT_ONLY", "IMMUTABLE", "IDENTIFIER"}:
                yield f"masks {path}, which cannot change"
            elif path not in value:
                yield f"masks {path}, which the request does not set"

    def _resources(self, method: Method) -> set[str]:
        """The names that the field of a request with the resource can have: that of the body, or of the thing."""
        names = (method.name, self.workspace.schema.message(method.input).name.removesuffix("Request"))
        result = self.workspace.facts.operation(method)
        output = method.output if result is None else result.response
        typed = {one.name for one in self.workspace.schema.message(method.input).fields if one.type.name == output}
        return {rule.body for rule in method.http} | {snake_case(name).partition("_")[2] for name in names} | typed
