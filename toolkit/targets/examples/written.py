"""Examples that people wrote: the fenced ``json`` blocks in comments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.descriptors.model import Element, Field, Message, Method
from toolkit.errors import Diagnostic, InputError, Location

JSON = Any
"""What ``json`` reads and writes."""
DEEPEST = 40
"""Levels of an example; protobuf's own parsers refuse more than 100."""

_FENCED = re.compile(r"^```json[ \t]*\n(.*?)(?:^```|\Z)", re.S | re.M)
_HINT = "mend it; a generated one is used instead"

Parse = Callable[[str, str], object]
"""Parses ProtoJSON as a message by its full name; :class:`InputError` says why it is none."""


def _parses(message: str, text: str) -> None:
    """What parses where there are no classes: everything."""


@dataclass(frozen=True)
class Written:
    """Reads hand-written examples; what does not parse as its message is a problem, not an example."""

    parse: Parse = _parses
    diagnostics: dict[Diagnostic, None] = field(default_factory=dict)

    def of_message(self, message: Message) -> dict[str, JSON] | None:
        """The example in a message's comment."""
        return next(self._read(message, (message.full_name,)), None)

    def of_field(self, one: Field, message: Message) -> JSON | None:
        """The example of one field's value in its comment."""
        found = next(self._read(one, (message.full_name,), one.json_name), None)
        return found if found is None else found[one.json_name]

    def fits(self, pin: JSON, one: Field, message: Message) -> bool:
        """Whether a pinned value can be the field's; a problem where it cannot."""
        fault = self._fault({one.json_name: pin}, (message.full_name,))
        if fault:
            what = f"the value pinned for {one.full_name} is {fault}"
            self.diagnostics[
                Diagnostic(one.location, what, "mend it in toolkit.toml; a generated one is used instead")
            ] = None
        return not fault

    def of_method(self, method: Method, message: str) -> dict[str, JSON] | None:
        """The example of a method's request or response in its comment: the first block that parses as it."""
        for value in self._read(method, (method.input, method.output)):
            if not self._fault(value, (message,)):
                return value
        return None

    def _read(self, element: Element, messages: Sequence[str], member: str = "") -> Iterator[dict[str, JSON]]:
        """The blocks of a comment that parse as one of the messages; as the value of ``member`` where that is set."""
        if "```json" not in element.comment.leading:
            return
        for match in _FENCED.finditer(element.comment.leading):
            value: JSON = None
            try:
                value = json.loads(match[1], parse_constant=_refuse)
                if member:
                    value = {member: value}
                fault = self._fault(value, messages)
            except (ValueError, RecursionError) as error:
                fault = f"not JSON: {error}"
            if not fault:
                yield value
                continue
            line = element.comment.line + element.comment.leading.count("\n", 0, match.start())
            location = Location(element.location.file, line) if element.comment.line else element.location
            self.diagnostics[Diagnostic(location, f"the JSON example of {element.full_name} is {fault}", _HINT)] = None

    def _fault(self, value: JSON, messages: Sequence[str]) -> str:
        """Why a value is none of the messages; empty where it is one."""
        if not isinstance(value, dict):
            return "not a JSON object"
        if _depth(value) > DEEPEST:
            return f"nested more than {DEEPEST} levels deep"
        faults = []
        for message in dict.fromkeys(messages):
            try:
                self.parse(message, json.dumps(value, default=str))
            except InputError as error:
                faults.append(error.message)
            else:
                return ""
        return "; ".join(faults)


def _refuse(constant: str) -> JSON:
    raise ValueError(f"{constant} is no JSON number")


def _depth(value: JSON) -> int:
    """How many dictionaries and lists stand in each other."""
    depth, level = 0, [value]
    while level := [v for v in level if isinstance(v, (dict, list))]:
        depth += 1
        level = [inner for v in level for inner in (v.values() if isinstance(v, dict) else v)]
    return depth
