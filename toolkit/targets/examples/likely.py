"""What to send if the minimal request would say nothing: no one sends an empty Create."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Field, Message, Method
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import payload
from toolkit.targets.examples.candidates import says, vocabulary
from toolkit.targets.examples.cutting import is_empty
from toolkit.targets.examples.written import JSON


def says_nothing(method: Method, value: Mapping[str, JSON], body: Field | None) -> bool:
    """Whether a request is empty, or creates a thing about which it says nothing."""
    creates = snake_case(method.name).partition("_")[0] in vocabulary("creating")
    return is_empty(value) or (creates and body is not None and is_empty(value.get(body.json_name, {})))


def request(method: Method, message: Message, whole: Mapping[str, JSON], facts: Facts) -> dict[str, JSON]:
    """The full request, without what only some callers send; for a method that reads one thing, what names it.

    Lists and other reads of many things stay empty.
    """
    verb = snake_case(method.name).partition("_")[0]
    names = {one.json_name for one in message.fields if not says("sent_once", one.name) or facts.required(one)}
    if verb in vocabulary("browsing"):
        one = payload.where(message, facts) if verb in vocabulary("getting") else None
        names &= {one.json_name} if one is not None else set()
    return {name: value for name, value in whole.items() if name in names}
