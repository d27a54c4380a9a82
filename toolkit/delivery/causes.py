"""Which line of a .proto file is behind a difference in a generated file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Element, Method, Schema, Service
from toolkit.descriptors.type_graph import TypeGraph
from toolkit.errors import Location
from toolkit.semantics.mappings import Mappings

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Causes:
    """Finds the element whose comment or name is in what would be added to a file."""

    schema: Schema
    rules: Mappings

    @cached_property
    def _graph(self) -> TypeGraph:
        return TypeGraph(self.schema, self.rules)

    def location(self, about: Element, added: Sequence[str]) -> Location:
        """The place of the most telling element, or of what the file is about."""
        names: Location | None = None
        words = {word for line in added for word in _WORD.findall(line)}
        for element in self._elements(about):
            for number, line in enumerate(element.comment.leading.split("\n")):
                if len(line) > 3 and any(line in other for other in added):
                    return Location(element.location.file, element.comment.line + number, element.location.column)
            if names is None and element.name in words:
                names = element.location
        return names or about.location

    def _elements(self, about: Element) -> Iterator[Element]:
        yield about
        if isinstance(about, Service):
            yield from about.methods
        if isinstance(about, Method):
            yield from self._members(name for name in (about.input, about.output))

    def _members(self, roots: Iterable[str]) -> Iterator[Element]:
        for name in dict.fromkeys(name for root in roots for name in self._graph.sections(root, {})):
            message = self.schema.message(name)
            yield message
            for field in message.fields:
                yield field
                if field.type.name in self.schema.enums:
                    yield from self.schema.enums[field.type.name].values
            yield from message.oneofs
