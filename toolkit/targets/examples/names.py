"""Names of resources that match their pattern, and the path template of the method."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit.descriptors.model import Field
from toolkit.semantics.facts import Facts
from toolkit.semantics.path_templates import Variable
from toolkit.targets.examples.candidates import singular, suggested

_SLOT = re.compile(r"\{([^{}=]*)(?:=[^{}]*)?\}")
_WILDCARDS = ("*", "**")


def of_field(one: Field, facts: Facts) -> Iterator[str]:
    """The names that a field can contain, one for each pattern of its resource."""
    found = facts.resource_name(one) if one.type.name == "string" else None
    if found is not None:
        yield from map(of_pattern, found.patterns)


def of_pattern(pattern: str) -> str:
    """``shelves/{shelf}/books/{book}`` → ``shelves/my-shelf/books/my-book``."""
    return _SLOT.sub(lambda slot: segment(slot[1]), of_segments(pattern.split("/"), "resource"))


def of_variable(variable: Variable) -> str:
    """A value that matches the pattern of a variable in a path."""
    noun = re.sub(r"_(?:id|name)\Z", "", variable.field.rpartition(".")[2])
    return of_segments(variable.pattern, noun)


def of_segments(segments: Sequence[str], noun: str) -> str:
    """Segments with wildcards, each of which is an ID in the collection before it."""
    made: list[str] = []
    for number, part in enumerate(segments):
        before = segments[number - 1] if number else ""
        named = singular(before) if before and before not in _WILDCARDS else noun
        made.append(segment(named) if part in _WILDCARDS else part)
    return "/".join(made)


def segment(name: str) -> str:
    """The ID of a thing as a segment of a name: ``shelf`` → ``my-shelf``."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).strip("_").lower()
    kebab = snake.replace("_", "-") or "resource"
    return str(suggested("segment", snake or "resource")[0]).replace("{noun}", kebab)
