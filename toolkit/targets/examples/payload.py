"""What a method changes: the field without which its request would change nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Field, Kind, Message, Method
from toolkit.descriptors.well_known import JSON_FORMS
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import needs
from toolkit.targets.examples.candidates import says, singular, vocabulary
from toolkit.targets.examples.written import JSON


def field(
    method: Method, message: Message, in_path: Collection[str], value: Mapping[str, JSON], facts: Facts
) -> Field | None:
    """The field to add to a request that so far says only what to change; None if it says enough."""
    verb, _, noun = snake_case(method.name).partition("_")
    if verb in vocabulary("reading"):
        return None
    set_fields = [one for one in message.fields if one.json_name in value]
    if not all(one.name in in_path or _says_where(one, facts) for one in set_fields):
        return None
    able = [one for one in message.fields if one not in set_fields and not one.deprecated and _is_able(one, facts)]
    about = [one for one in able if _is_about(one, noun)]
    removes = verb in vocabulary("removing")
    if not removes:
        about = about or [one for one in able if says("changes", one.name) and _is_message(one)]
    return min(about, key=lambda one: says("removals", one.name) is not removes, default=None)


def where(message: Message, facts: Facts) -> Field | None:
    """The first field of a request that names what the method changes."""
    return next((one for one in message.fields if not one.deprecated and _says_where(one, facts)), None)


def _says_where(one: Field, facts: Facts) -> bool:
    """Whether a field names what the method changes."""
    is_text = one.type.name == "string" and not one.repeated
    is_name = one.name in ("parent", "name") or one.name.endswith(("_id", "_name"))
    return is_text and (is_name or facts.resource_name(one) is not None)


def _is_able(one: Field, facts: Facts) -> bool:
    """Whether a field can hold what changes; a comment that calls it optional says that the others are enough."""
    return (one.repeated or _is_message(one)) and not one.is_map and not needs.is_optional(one, facts)


def _is_message(one: Field) -> bool:
    return one.type.kind is Kind.MESSAGE and not one.is_map and one.type.name not in JSON_FORMS


def _is_about(one: Field, noun: str) -> bool:
    """Whether a field, or its type, is named after what the method changes: all words of one are in the other."""
    if not noun:
        return False
    wanted = {singular(word) for word in noun.split("_")}
    names = [one.name] if not _is_message(one) else [one.name, snake_case(one.type.name.rpartition(".")[2])]
    return any(wanted <= {singular(word) for word in name.split("_")} for name in names)
