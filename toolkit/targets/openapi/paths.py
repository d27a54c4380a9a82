"""Path templates of HTTP bindings as paths of OpenAPI, in which a parameter is one segment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.descriptors.casing import camel_case
from toolkit.descriptors.model import Field
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import Binding
from toolkit.semantics.path_templates import MANY, ONE, Segment, Variable

_ID = re.compile(r"\{(\w+)(?:=\*\*?)?\}")
_WORD = re.compile(r"[A-Za-z0-9]+")
_NAME = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class PathParameter:
    """A parameter in a path."""

    name: str
    variable: Variable | None
    """The variable of the template that it is, or is a part of; None for a wildcard outside of variables."""
    field: Field | None
    is_whole: bool = True
    """Whether it is the entire value of the field."""
    is_many: bool = False
    """Whether it may have slashes, or be empty."""
    position: int = 0
    """Its segment in the pattern of the variable."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path, and its parameters in order."""

    text: str
    parameters: tuple[PathParameter, ...]

    @property
    def shape(self) -> str:
        """What identifies it: names of parameters make no difference."""
        return _NAME.sub("{}", self.text)


def path_of(binding: Binding, facts: Facts) -> Path:
    """The path of a binding."""
    parts: list[str] = []
    found: list[PathParameter] = []
    used: set[str] = set()
    for segment in binding.template.segments:
        for piece in _parts_of(segment, parts, binding, facts):
            if isinstance(piece, PathParameter):
                piece = _renamed(piece, used)
                found.append(piece)
            parts.append(piece if isinstance(piece, str) else f"{{{piece.name}}}")
    verb = f":{binding.template.verb}" if binding.template.verb else ""
    return Path("/" + "/".join(parts) + verb, tuple(found))


def _parts_of(segment: Segment, before: Sequence[str], binding: Binding, facts: Facts) -> Iterator[str | PathParameter]:
    """The segments of a path for a segment of its template."""
    if isinstance(segment, Variable):
        yield from _pieces(segment, binding, facts)
    else:
        yield _wildcard(segment, before)


def _wildcard(segment: str, before: Sequence[str]) -> str | PathParameter:
    if segment not in (ONE, MANY):
        return segment
    return PathParameter(_named_after(before, "segment"), None, None, is_many=segment == MANY)


def _renamed(parameter: PathParameter, used: set[str]) -> PathParameter:
    """The parameter, with a number if the path already has one of its name."""
    name, number = parameter.name, 1
    while name in used:
        number += 1
        name = f"{parameter.name}{number}"
    used.add(name)
    return replace(parameter, name=name)


def _pieces(variable: Variable, binding: Binding, facts: Facts) -> Iterator[str | PathParameter]:
    field = facts.field_at(binding.message.full_name, variable.field)
    whole = json_path(variable.field, binding, facts)
    if variable.pattern == (ONE,):
        yield PathParameter(whole, variable, field)
        return
    names = _ids(variable, field, facts)
    before: list[str] = []
    for number, segment in enumerate(variable.pattern):
        if segment in (ONE, MANY):
            name = names[number] if names else _named_after(before, whole)
            is_whole = len(variable.pattern) == 1
            yield PathParameter(name, variable, field, is_whole, segment == MANY, number)
        else:
            yield segment
        before.append(segment)


def json_path(path: str, binding: Binding, facts: Facts) -> str:
    """The path of a field in JSON names."""
    names = path.split(".")
    fields = (facts.field_at(binding.message.full_name, ".".join(names[: n + 1])) for n in range(len(names)))
    return ".".join(one.json_name for one in fields if one is not None)


def _ids(variable: Variable, field: Field | None, facts: Facts) -> list[str]:
    """The names of the IDs in the pattern of the resource that fits a variable, by segment; empty if none fits."""
    resource = facts.resource_name(field) if field is not None else None
    for pattern in resource.patterns if resource is not None else ():
        parts = pattern.split("/")
        if len(parts) == len(variable.pattern) and all(map(_fits, parts, variable.pattern)):
            return [found[1] if (found := _ID.fullmatch(part)) else part for part in parts]
    return []


def _fits(part: str, segment: str) -> bool:
    return _ID.fullmatch(part) is not None if segment in (ONE, MANY) else part == segment


def _named_after(before: Sequence[str], otherwise: str) -> str:
    """A name for the ID that follows a collection, such as ``booksId``."""
    last = before[-1] if before and before[-1] not in (ONE, MANY) and "{" not in before[-1] else ""
    words = "_".join(_WORD.findall(last))
    return f"{camel_case(words)}Id" if words else otherwise
