"""Constraints as keywords of JSON Schema, where there are keywords that mean the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from toolkit.descriptors.model import Enum, Field, Kind
from toolkit.descriptors.well_known import WRAPPERS
from toolkit.runtime.constraints import OF_WHOLE, Interval
from toolkit.runtime.jsonvalues import RANGES
from toolkit.semantics.constraints import Constraint, is_infinite
from toolkit.semantics.facts import Facts
from toolkit.targets.jsonschema.patterns import ecma
from toolkit.targets.jsonschema.types import JsonSchema

_FORMATS = {
    "email": "email",
    "hostname": "hostname",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uri": "uri",
    "uri_ref": "uri-reference",
    "uuid": "uuid",
}
FIELD_FORMATS = {"UUID4": "uuid", "IPV4": "ipv4", "IPV6": "ipv6"}
"""Formats in options, as ``Facts.format`` returns them."""
_FLOATS = ("float", "double")
_BOOLS = {"true": True, "false": False}
_READ: Mapping[str, Callable[[Any], Any]] = {"string": str, "integer": int, "number": float}


def keywords(constraint: Constraint, field: Field, facts: Facts) -> JsonSchema | None:
    """The keywords for a constraint; None if there are none that mean the same."""
    name = field.key if constraint.of == "key" else WRAPPERS.get(field.type.name, field.type.name)
    interval = constraint.interval
    if interval is not None and (interval.outside or is_infinite(constraint)):
        return None
    if constraint.kind in OF_WHOLE:
        return _of_whole(constraint, field)
    if constraint.of != "key" and field.type.kind is Kind.ENUM:
        return _of_enum(constraint, field, facts)
    if name == "string":
        return _of_string(constraint)
    if name in _FLOATS or (name in RANGES and name.endswith("32")):
        return _of_number(constraint, name) if constraint.of != "key" else None
    if name == "bool" and constraint.of != "key":
        return _of_choices(constraint, _BOOLS.__getitem__)
    return _of_large(constraint) if name in RANGES and constraint.of != "key" else None


def _of_large(constraint: Constraint) -> JsonSchema | None:
    """Of 64 bits, which are strings: only certain numbers."""
    interval = constraint.interval
    if constraint.kind == "value" and interval is not None and interval.operator == "exact":
        return {"enum": [interval.low]}
    return _of_choices(constraint, str)


def or_zero(made: JsonSchema, constraint: Constraint, field: Field, facts: Facts) -> JsonSchema:
    """Keywords that also allow the zero value of what a constraint is about."""
    if constraint.about(field) == "key":
        return {"anyOf": [{"enum": [""]}, made]}
    return {"anyOf": [_zero(field, facts, constraint.about(field)), made]}


def not_zero(field: Field, facts: Facts) -> JsonSchema:
    """Keywords that only refuse the zero value of a field."""
    if field.repeated or field.is_map:
        return {"minProperties" if field.is_map else "minItems": 1}
    return {"minLength": 1} if field.type.name in ("string", "bytes") else {"not": _zero(field, facts, "field")}


def _zero(field: Field, facts: Facts, of: str) -> JsonSchema:
    """The zero value of a field, or of each value in it."""
    if of == "field" and (field.repeated or field.is_map):
        return {"maxProperties" if field.is_map else "maxItems": 0}
    name = WRAPPERS.get(field.type.name, field.type.name)
    if field.type.kind is Kind.ENUM:
        enum = facts.schema.enums[name]
        return {"enum": [value.name for value in enum.values if value.number == 0]}
    if name == "bool":
        return {"enum": [False]}
    return {"enum": ["" if name in ("string", "bytes") else "0" if name.endswith("64") else 0]}


def with_numbers(keywords: JsonSchema, enum: Enum) -> JsonSchema:
    """Keywords for names of enum values, for their numbers, too."""
    made = dict(keywords)
    for key, value in keywords.items():
        if key == "enum":
            numbers = {each.number for each in enum.values if each.name in value}
            made[key] = [*value, *sorted(numbers)]
        elif key == "not":
            made[key] = with_numbers(value, enum)
        elif key == "anyOf":
            made[key] = [with_numbers(each, enum) for each in value]
    return made


def fitting(keywords: JsonSchema, kind: str) -> JsonSchema:
    """Those of the keywords for numbers that also mean something for numbers as strings, or the other way round.

    ``kind`` is the type of JSON: of strings, no keyword says what number they have at least or at most.
    """
    made: JsonSchema = {}
    for key, value in keywords.items():
        if key == "enum":
            made[key] = [_READ[kind](each) for each in value]
        elif key == "not":
            inner = fitting(value, kind)
            made |= {key: inner} if inner else {}
        elif key == "anyOf":
            each = [fitting(part, kind) for part in value]
            made |= {key: each} if all(each) else {}
        elif kind != "string":
            made[key] = value
    return made


def _of_whole(constraint: Constraint, field: Field) -> JsonSchema | None:
    if constraint.kind == "unique":
        return {"uniqueItems": True} if field.repeated else None
    if constraint.interval is None:
        return None
    noun = "Properties" if field.is_map else "Items"
    return _counts(constraint.interval, f"min{noun}", f"max{noun}")


def _of_string(constraint: Constraint) -> JsonSchema | None:
    kind, interval = constraint.kind, constraint.interval
    if kind == "length" and interval is not None:
        return _counts(interval, "minLength", "maxLength")
    if kind == "format":
        return {"format": _FORMATS[constraint.pattern]} if constraint.pattern in _FORMATS else None
    if kind in ("pattern", "search"):
        found = ecma(constraint.pattern, whole=kind == "pattern")
        return {"pattern": found} if found else None
    return _of_choices(constraint, str)


def _of_number(constraint: Constraint, name: str) -> JsonSchema | None:
    read = float if name in _FLOATS else int
    interval = constraint.interval
    if constraint.kind != "value" or interval is None:
        return _of_choices(constraint, read)
    made: JsonSchema = {}
    try:
        if interval.low:
            made["exclusiveMinimum" if interval.low_open else "minimum"] = _plain(interval.low, read)
        if interval.high:
            made["exclusiveMaximum" if interval.high_open else "maximum"] = _plain(interval.high, read)
    except ValueError:
        return None
    return made


def _plain(text: str, read: type[int] | type[float]) -> int | float:
    """A number as JSON writes it; raises :class:`ValueError`."""
    number = read(text)
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else number


def _of_choices(constraint: Constraint, read: Any) -> JsonSchema | None:
    if constraint.kind not in ("in", "not_in"):
        return None
    try:
        chosen = [read(choice) for choice in constraint.choices]
    except (ValueError, KeyError):
        return None
    return _one_of(chosen, negated=constraint.kind == "not_in")


def _of_enum(constraint: Constraint, field: Field, facts: Facts) -> JsonSchema | None:
    """The names for numbers; each of the names if values share one."""
    choices: Iterable[str] = constraint.choices
    interval = constraint.interval
    if constraint.kind == "value" and interval is not None and interval.operator == "exact":
        choices = (interval.low,)
    elif constraint.kind not in ("in", "not_in"):
        return None
    enum = facts.schema.enums.get(field.type.name)
    wanted = set(choices)
    names = [value.name for value in enum.values if str(value.number) in wanted] if enum is not None else []
    return _one_of(names, negated=constraint.kind == "not_in")


def _one_of(values: list[Any], *, negated: bool) -> JsonSchema | None:
    if not values:
        return None
    return {"not": {"enum": values}} if negated else {"enum": values}


def _counts(interval: Interval, low: str, high: str) -> JsonSchema | None:
    """The whole numbers that bound a length or size."""
    made: JsonSchema = {}
    for text, is_open, name, step in (
        (interval.low, interval.low_open, low, 1),
        (interval.high, interval.high_open, high, -1),
    ):
        if text:
            if not text.isdecimal():
                return None
            made[name] = max(int(text) + step * is_open, 0)
    return made


def merge(schema: JsonSchema, more: JsonSchema) -> None:
    """Add keywords to a schema; what it already has applies, too."""
    for key, value in more.items():
        if key not in schema or schema[key] == value:
            schema[key] = value
        elif key in _TIGHTEN:
            schema[key] = _TIGHTEN[key](schema[key], value)
        else:
            schema.setdefault("allOf", []).append({key: value})


_TIGHTEN: dict[str, Any] = {"minimum": max, "minLength": max, "maximum": min, "maxLength": min}
