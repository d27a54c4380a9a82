"""Finds the line of a .proto file that caused a difference in a generated file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.delivery.compare import Difference
from toolkit.delivery.drift import Drift, from_here, on_disk
from toolkit.delivery.run import Outcome
from toolkit.delivery.running import Destination
from toolkit.descriptors.model import Element, Field, Method, Service
from toolkit.errors import Location
from toolkit.semantics.facts import Facts
from toolkit.targets.registry import TargetType
from toolkit.targets.workspace import Workspace

_WORD = re.compile(r"\w+")


def drifts_of(workspace: Workspace, kind: TargetType, outcome: Outcome) -> list[Drift]:
    """The drift that a check of a target found."""
    place = Destination.of(workspace.settings, kind)
    found = [
        Drift.of(kind.name, from_here(place.home), difference, None)
        for difference in outcome.stale
        if place.home is not None
    ]
    if not outcome.differences or outcome.target is None:
        return found
    causes, out = Causes(workspace.facts), from_here(place.out)
    for difference in outcome.differences:
        about = outcome.target.subject(difference.path)
        location = causes.location(about, _added_lines(difference)) if about is not None else None
        shown = on_disk(location, workspace.settings.tree.searched) if location is not None else None
        found.append(Drift.of(kind.name, out, difference, shown))
    return found


@dataclass(frozen=True)
class Causes:
    """Finds the element whose comment or name is in the text that would be added to a file."""

    facts: Facts

    def location(self, about: Element, added: Sequence[str]) -> Location:
        """The location of the element that fits best, or of the subject of the file."""
        names: Location | None = None
        words = {word for line in added for word in _WORD.findall(line)}
        for element in self._elements(about):
            for number, line in enumerate(element.comment.leading.split("\n")):
                if len(line) > 3 and any(line in other for other in added):
                    return Location(element.location.file, element.comment.line + number, element.location.column)
            if names is None and not words.isdisjoint(_names(element)):
                names = element.location
        return names or about.location

    def _elements(self, about: Element) -> Iterator[Element]:
        yield about
        if isinstance(about, Service):
            yield from about.methods
        if isinstance(about, Method):
            yield from self._members(about)

    def _members(self, method: Method) -> Iterator[Element]:
        schema = self.facts.schema
        for message in (schema.messages[name] for name in self.facts.reached(method) if name in schema.messages):
            yield message
            for field in message.fields:
                yield field
                if field.type.name in schema.enums:
                    yield from schema.enums[field.type.name].values
            yield from message.oneofs


def _names(element: Element) -> tuple[str, ...]:
    """The names by which files show an element."""
    return (element.name, element.json_name) if isinstance(element, Field) else (element.name,)


def _added_lines(difference: Difference) -> list[str]:
    """The text that generating would add to a file."""
    old = set((difference.old or b"").decode("utf-8", "replace").splitlines())
    return [line for line in (difference.new or b"").decode("utf-8", "replace").splitlines() if line not in old]
