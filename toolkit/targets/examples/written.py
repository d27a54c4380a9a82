"""Hand-written examples: the fenced ``json`` blocks in comments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from toolkit.descriptors.model import Comment, Element, Field, Message, Method
from toolkit.errors import Diagnostic, InputError, Location

JSON = Any
"""A value that ``json`` can read and write."""
DEEPEST = 40
"""Levels in an example at most; protobuf's own parsers reject more than 100."""

_FENCED = re.compile(r"^```json[ \t]*\n(.*?)(?:^```|\Z)", re.S | re.M)
_HINT = "fix it; a generated example is used instead"
_NOT_JSON = "fix it, or mark the block as `jsonc` or `text`; a generated example is used instead"

Parse = Callable[[str, str], object]
"""Parses ProtoJSON as the message with a full name; raises :class:`InputError` if it is invalid."""


def _parses(message: str, text: str) -> None:
    """Accepts everything, if there are no message classes."""


@dataclass(frozen=True)
class Written:
    """Reads hand-written examples; those that don't parse as their message are reported and not used."""

    parse: Parse = _parses
    comment: Callable[[Element], Comment] = attrgetter("comment")
    """Reads the comment of an element."""
    diagnostics: dict[Diagnostic, None] = field(default_factory=dict)

    def of_message(self, message: Message) -> dict[str, JSON] | None:
        """The example in a message's comment."""
        return next(self._read(message, (message.full_name,)), None)

    def of_field(self, one: Field, message: Message) -> JSON | None:
        """The example value in the comment of a field."""
        found = next(self._read(one, (message.full_name,), one.json_name), None)
        return found if found is None else found[one.json_name]

    def fits(self, pin: JSON, one: Field, message: Message) -> bool:
        """Whether a pinned value is valid for its field; reports it if not."""
        fault = self._fault({one.json_name: pin}, (message.full_name,))
        if fault:
            what = f"the value pinned for {one.full_name} is {fault}"
            self.diagnostics[
                Diagnostic(one.location, what, "fix it in toolkit.toml; a generated example is used instead")
            ] = None
        return not fault

    def of_method(self, method: Method, message: str) -> dict[str, JSON] | None:
        """The request or response in the comment of a method: the first block that parses as such."""
        for value in self._read(method, (method.input, method.output)):
            if not self._fault(value, (message,)):
                return value
        return None

    def _read(self, element: Element, messages: Sequence[str], member: str = "") -> Iterator[dict[str, JSON]]:
        """The blocks in a comment that parse as one of the messages, or if set as the value of ``member``."""
        text = self.comment(element).leading
        if "```json" not in text:
            return
        for match in _FENCED.finditer(text):
            value: JSON = None
            hint = _HINT
            try:
                value = json.loads(match[1], parse_constant=_refuse)
                if member:
                    value = {member: value}
                fault = self._fault(value, messages)
            except (ValueError, RecursionError) as error:
                fault, hint = f"not JSON: {error}", _NOT_JSON
            if not fault:
                yield value
                continue
            raw = element.comment
            before, is_as_written, _ = raw.leading.partition(match[0])
            line = raw.line + before.count("\n")
            location = Location(element.location.file, line) if is_as_written and raw.line else element.location
            self.diagnostics[Diagnostic(location, f"the JSON example of {element.full_name} is {fault}", hint)] = None

    def _fault(self, value: JSON, messages: Sequence[str]) -> str:
        """Why a value is not one of the messages; empty if it is."""
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
    raise ValueError(f"{constant} is not a JSON number")


def _depth(value: JSON) -> int:
    """The depth of nested dictionaries and lists."""
    depth, level = 0, [value]
    while level := [v for v in level if isinstance(v, (dict, list))]:
        depth += 1
        level = [inner for v in level for inner in (v.values() if isinstance(v, dict) else v)]
    return depth
