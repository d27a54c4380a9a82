"""Which types of fields are compatible, as buf sees it."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.changes.pair import Pair, values_by_number
from toolkit.descriptors.model import Field
from toolkit.descriptors.model import Kind as TypeKind

Typed = tuple[str, str]
"""A scalar's keyword, ``enum``, ``message`` or ``group``; and the full name of the latter three."""


def _groups(text: str) -> Mapping[str, int]:
    return {name: number for number, line in enumerate(text.strip().splitlines()) for name in line.split()}


_WIRE = _groups("""
int32 int64 uint32 uint64 bool
sint32 sint64
fixed32 sfixed32
fixed64 sfixed64
string
bytes
float
double
enum
message
group
""")
_WIRE_JSON = _groups("""
int32 uint32
int64 uint64
fixed32 sfixed32
fixed64 sfixed64
sint32
sint64
bool
string
bytes
float
double
enum
message
group
""")


def kind_of(field: Field) -> Typed:
    """The type of one value of a field."""
    if field.type.kind is TypeKind.SCALAR:
        return field.type.name, ""
    if field.type.kind is TypeKind.ENUM:
        return "enum", field.type.name
    return "group" if field.delimited else "message", field.type.name


def named(field: Field) -> str:
    """The type of one value as people write it."""
    return field.type.name


def type_rules(pair: Pair, old: Typed, new: Typed) -> list[str]:
    """The rules that a change of type breaks."""
    rules = ["FIELD_SAME_TYPE"]
    for rule, groups in (("FIELD_WIRE_COMPATIBLE_TYPE", _WIRE), ("FIELD_WIRE_JSON_COMPATIBLE_TYPE", _WIRE_JSON)):
        if groups[old[0]] != groups[new[0]]:
            if groups is not _WIRE or (old[0], new[0]) != ("string", "bytes"):
                rules.append(rule)
        elif old[1] != new[1] and not (new[0] == "enum" and _holds(pair, old[1], new[1])):
            rules.append(rule)
    return rules


def _holds(pair: Pair, old: str, new: str) -> bool:
    """Whether an enum has the short name of another and all of its values."""
    if old.rpartition(".")[2] != new.rpartition(".")[2]:
        return False
    was, now = pair.old.enum(old), pair.new.enum(new)
    if was is None or now is None:
        return False
    values = values_by_number(now)
    return all(set(names) <= set(values.get(number, ())) for number, names in values_by_number(was).items())
