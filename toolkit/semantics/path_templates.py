"""Path templates of HTTP bindings, such as ``/v1/{name=shelves/*}:archive``: the only parser of them.

Template = "/" [ Segment { "/" Segment } ] [ ":" Verb ]
Segment  = "*" | "**" | Literal | "{" FieldPath [ "=" Segments ] "}"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

ONE, MANY = "*", "**"
"""A segment that is not empty; any number of them."""

_SLASH = re.compile(r"/(?![^{}]*\})")
"""A slash outside of braces."""
_LAST = re.compile(r"(?P<segment>\{.*\}|[^{}:]*)(?::(?P<verb>.*))?")
_LITERAL = re.compile(r"[^\s/{}*:?#]+")
_VARIABLE = re.compile(r"\{([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:=([^{}]*))?\}", re.ASCII)
_DOTS = (".", "..")


class InvalidTemplate(ValueError):
    """A path template that can't be parsed; the message says why."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A part of a path that contains the value of a field."""

    field: str
    """The path of the field, such as ``book.name``."""
    pattern: tuple[str, ...] = (ONE,)
    """Segments: literals, ``*`` and ``**``."""

    @property
    def keeps_slashes(self) -> bool:
        """Whether the value can have several segments; slashes in other values are encoded."""
        return self.pattern != (ONE,)

    def mismatch(self, value: str) -> str:
        """Why a value does not match the pattern; empty if it does."""
        if not value:
            return "is empty"
        segments = value.split("/") if self.keeps_slashes else [value]
        if any(segment in _DOTS for segment in segments):
            return f'"{value}" has a segment that clients remove from paths'
        return "" if _matches(self.pattern, segments) else f'"{value}" does not match "{"/".join(self.pattern)}"'

    def encoded(self, value: str) -> str:
        """A value as a part of a path."""
        return quote(value, safe="/" if self.keeps_slashes else "")


Segment = str | Variable
"""A literal, ``*``, ``**``, or a variable."""


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A parsed path template."""

    text: str
    segments: tuple[Segment, ...] = ()
    verb: str = ""
    """What follows the last segment, without the colon."""

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables, in order."""
        return tuple(segment for segment in self.segments if isinstance(segment, Variable))

    def path(self, value: Callable[[Variable], str]) -> str:
        """The path with these values of variables, which match their patterns."""
        parts = [_part(segment, value) for segment in self.segments]
        verb = f":{quote(self.verb, safe=_SAFE)}" if self.verb else ""
        return "/" + "/".join(filter(None, parts)) + verb


_SAFE = "%!$&'()+,;=@~"
"""What literals contain unencoded."""
_WILDCARDS = {ONE: "-", MANY: ""}


def _part(segment: Segment, value: Callable[[Variable], str]) -> str:
    if isinstance(segment, Variable):
        return segment.encoded(value(segment))
    # No field has the value of a wildcard outside of variables. Any value will do.
    return _WILDCARDS[segment] if segment in _WILDCARDS else quote(segment, safe=_SAFE)


def parse(text: str) -> PathTemplate:
    """Parse a path template; raise :class:`InvalidTemplate`."""
    if not text.startswith("/"):
        raise InvalidTemplate("it does not begin with a slash" if text else "it is empty")
    pieces = _SLASH.split(text[1:])
    last = _LAST.fullmatch(pieces[-1])
    verb = last["verb"] if last else None
    if last is not None and verb is not None:
        if not _LITERAL.fullmatch(verb):
            raise InvalidTemplate(f'":{verb}" is not a valid verb')
        pieces[-1] = last["segment"]
    segments = () if pieces == [""] else tuple(map(_segment, pieces))
    _check(segments)
    return PathTemplate(text, segments, verb or "")


def _segment(piece: str) -> Segment:
    variable = _VARIABLE.fullmatch(piece)
    if variable is None:
        return _plain(piece)
    pattern = (ONE,) if variable[2] is None else tuple(map(_plain, variable[2].split("/")))
    return Variable(variable[1], pattern)


def _plain(piece: str) -> str:
    if piece in (ONE, MANY) or _LITERAL.fullmatch(piece):
        return piece
    raise InvalidTemplate(f'"{piece}" is not a valid segment' if piece else "a segment is empty")


def _check(segments: Sequence[Segment]) -> None:
    flat = [*_flat(segments)]
    if flat.count(MANY) > 1:
        raise InvalidTemplate('"**" occurs twice')
    fields = [segment.field for segment in segments if isinstance(segment, Variable)]
    for field in fields:
        if fields.count(field) > 1:
            raise InvalidTemplate(f'the variable "{field}" occurs twice')


def _flat(segments: Sequence[Segment]) -> Iterator[str]:
    for segment in segments:
        yield from segment.pattern if isinstance(segment, Variable) else (segment,)


def _matches(pattern: Sequence[str], segments: Sequence[str]) -> bool:
    """Whether segments match a pattern, in which ``**`` occurs at most once and stands for all that others leave."""
    if MANY in pattern:
        before = pattern.index(MANY)
        after = len(segments) - (len(pattern) - before - 1)
        if after < before or not all(segments[before:after]):
            return False
        pattern, segments = [*pattern[:before], *pattern[before + 1 :]], [*segments[:before], *segments[after:]]
    return len(pattern) == len(segments) and all(
        segment != "" and expected in (ONE, segment) for expected, segment in zip(pattern, segments, strict=True)
    )
