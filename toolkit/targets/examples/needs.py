"""What minimal requests for new things need besides required fields, so that an engineer would send them.

Descriptors seldom say all that a service demands. These rules guess the rest
from names and comments; the words are in values.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Field, Kind, Message, Oneof, Presence
from toolkit.descriptors.well_known import JSON_FORMS, WRAPPERS
from toolkit.runtime.jsonvalues import RANGES
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import demands, versions
from toolkit.targets.examples.candidates import listed, says

_SAYS_REQUIRED = re.compile(r"\b(?:[Tt]his field is required|[Rr]equired field)\.|(?:\A|[.\n]\s*)Required\.")
"""What comments say about required fields that no option marks."""
_SAYS_OPTIONAL = re.compile(
    r"\boptional\b|\b(?:if|when) (?:it is |it's )?(?:not |un|only )?(?:set|specified|provided|given)\b|\bonly if\b"
    r"|\bby default\b|\bdefaults? to\b|\bdefault (?:value )?is\b",
    re.I,
)
_SAYS_PLACE = re.compile(r"\bto (?:create|place|put|deploy|add|launch)\b[^.]*\bin\b(?=\s*(?:[.,;]|\Z))", re.M)
"""Such as "ID of the network to create the cluster in"."""
_SAYS_MORE_THAN_ZERO = re.compile(
    r"\b(?:values? (?:must|should) be|values? (?:must|should) satisfy:|values are|number of elements must be) ?"
    r"(?:in the range |from )?(?:greater than (?:or equal to [1-9]|0)|between [1-9]|>0|>=[1-9]|[1-9]\d* ?(?:to|-))"
)
"""What comments say about numbers and lists that can't be zero or empty."""
_SAYS_ONE = re.compile(
    r"\b(?:only|exactly|at least) one\b[^.]*\b(?:must|should|required)\b|\bone of\b[^.]*\bmust\b", re.I
)

FEW = 3
"""The number of scalars in a message at most that are shown together."""
_BOOLS = ("bool", "google.protobuf.BoolValue")
_NUMBERS = frozenset((*RANGES, *demands.FLOATS))
_TEXTS: dict[str, object] = {"string": "", "bytes": b""}


def of_new(message: Message, facts: Facts) -> frozenset[str]:
    """The names of the fields of a new thing, or of what describes it, that are needed besides required ones."""
    able = [one for one in message.fields if not (one.deprecated or is_optional(one, facts))]
    plain = [one for one in able if not one.oneof]
    found = {one.name for one in plain if _refuses_nothing(one, facts) or _SAYS_PLACE.search(one.comment.text)}
    found |= {one.name for one in [one for one in plain if _SAYS_ONE.search(one.comment.text)][:1]}
    found |= _few(message, plain, facts) | _entry(message, able)
    if is_description(message):
        found |= {one.name for one in plain if says("described", one.name) and _is_known(one, message, facts)}
        found |= {one.name for one in plain if says("by_default", one.name) and _inner(one, facts) and not one.repeated}
        if not any(says("sized", name) for name in found):
            found |= {one.name for one in [one for one in plain if _is_sized(one, facts)][:1]}
        found |= {one.name for one in [one for one in plain if _is_secured(one, facts)][:1]}
    elif not any(_is_described(one) and _is_marked(one, facts) for one in message.fields):
        found |= {one.name for one in plain if _is_described(one) and not says("spare", one.name)}
    if not is_description(message):
        found |= {one.name for one in plain if says("essential", one.name) and not one.is_map}
    for oneof in message.oneofs:
        members = [one for one in able if one.oneof == oneof.name]
        members = [one for one in members if one.name not in versions.superseded(members)]
        made_from = is_description(message) and says("source", oneof.name)
        only_places = not is_description(message) and _names_places(message, found, facts)
        if members and (made_from or _is_needed(oneof, members, only_places, facts)):
            found.add(members[0].name)
    return frozenset(found)


def says_required(one: Field) -> bool:
    """Whether the comment of a field says that it is required."""
    text = one.comment.text
    return "equired" in text and _SAYS_REQUIRED.search(text) is not None


def is_optional(one: Field, facts: Facts) -> bool:
    """Whether the comment of a field says what happens without it, or its constraints don't apply without it."""
    ignores = any(c.applies == "nonzero" and c.of == "field" for c in facts.constraints(one))
    return (ignores or _SAYS_OPTIONAL.search(one.comment.text) is not None) and not facts.required(one)


def is_description(message: Message) -> bool:
    """Whether a message, or one around it, describes what something will be, such as ``BootDiskSpec``."""
    return any(says("description", name) for name in message.full_name.removeprefix(message.package).split("."))


def _is_sized(one: Field, facts: Facts) -> bool:
    """Whether a field describes a part of a thing with resources of its own."""
    inner = _inner(one, facts) if not one.repeated else None
    return inner is not None and any(says("sized", f.name) and not is_optional(f, facts) for f in inner.fields)


def _is_secured(one: Field, facts: Facts) -> bool:
    """Whether a field describes a thing that a password protects."""
    inner = _inner(one, facts) if not (one.repeated or says("spare", one.name)) else None
    return inner is not None and any(f.name == "password" and not is_optional(f, facts) for f in inner.fields)


def _few(message: Message, plain: list[Field], facts: Facts) -> set[str]:
    """All the fields of a message that describes something, or how large it is, by nothing but a few scalars."""
    scalars = [one for one in message.fields if not one.oneof]
    is_size = says("sized", snake_case(message.name))
    if len(scalars) > FEW or not all(map(is_scalar, scalars)) or not (is_size or is_description(message)):
        return set()
    able = [one for one in scalars if one in plain and one.type.name not in _BOOLS and not says("spare", one.name)]
    return {one.name for one in able if _is_known(one, message, facts)}


def _entry(message: Message, able: list[Field]) -> set[str]:
    """The key and the value of a message that is a pair of them; one member of a oneof that is the value."""
    keys = [one.name for one in able if one.name == "key"]
    values = [one.name for one in able if "value" in (one.name, one.oneof)]
    return {*keys, values[0]} if keys and values else set()


def is_scalar(one: Field) -> bool:
    """Whether a field contains one scalar, possibly in a wrapper."""
    return not (one.repeated or one.is_map) and (one.type.kind is Kind.SCALAR or one.type.name in WRAPPERS)


def _is_known(one: Field, message: Message, facts: Facts) -> bool:
    """Whether a reader can tell what a field may contain; versions are unknown unless something lists them."""
    is_listed = bool(listed(one.comment.text)) or any(c.kind == "in" for c in facts.constraints(one))
    return is_listed or not says("version", one.name) or any(versions.of_siblings(one, message))


def _is_described(one: Field) -> bool:
    """Whether a field describes a part of a new thing."""
    return one.type.kind is Kind.MESSAGE and not one.is_map and says("specs", one.name)


def _is_marked(one: Field, facts: Facts) -> bool:
    return facts.required(one) or says_required(one)


def _refuses_nothing(one: Field, facts: Facts) -> bool:
    """Whether constraints or the comment refuse an empty list, map or text, or zero, in which services see no value."""
    if one.presence not in (Presence.NONE, Presence.IMPLICIT):
        return False
    is_many = one.repeated or one.is_map
    is_number = one.type.name in _NUMBERS and not says("limit", one.name)
    if not (is_many or is_number or one.type.name in _TEXTS):
        return False
    if (is_many or is_number) and _SAYS_MORE_THAN_ZERO.search(one.comment.text):
        return True
    kinds = ("size",) if is_many else ("value", "in") if is_number else ("length", "bytes")
    found = [c for c in facts.constraints(one) if c.kind in kinds and c.of == "field"]
    zero: object = [] if is_many else _TEXTS.get(one.type.name, 0)
    return not demands.fits(found, zero)


def _names_places(message: Message, found: set[str], facts: Facts) -> bool:
    """Whether a request would say only where the new thing goes."""
    needed = [one for one in message.fields if one.name in found or _is_marked(one, facts)]
    return all(says("place", one.name) for one in needed)


def _is_needed(oneof: Oneof, members: list[Field], only_places: bool, facts: Facts) -> bool:
    """Whether one member of a oneof is needed: it describes the thing, or says what the thing is made from."""
    if _SAYS_ONE.search(oneof.comment.text) or any(_SAYS_ONE.search(one.comment.text) for one in members):
        return True
    described = [one for one in members if _is_described(one) or _describes(one, facts)]
    return len(described) == len(members) > 1 or (only_places and says("origin", oneof.name))


def _describes(one: Field, facts: Facts) -> bool:
    inner = _inner(one, facts)
    return inner is not None and says("description", inner.name)


def _inner(one: Field, facts: Facts) -> Message | None:
    is_message = one.type.kind is Kind.MESSAGE and not one.is_map and one.type.name not in JSON_FORMS
    return facts.schema.messages.get(one.type.name) if is_message else None


def placing(fields: list[Field], facts: Facts) -> Iterator[Field]:
    """Fields in the order in which one is the best to set alone: those that place the thing, and optional ones last."""
    yield from sorted(fields, key=lambda one: (is_optional(one, facts), not one.oneof, not says("place", one.name)))
