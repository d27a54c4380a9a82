"""Makes addresses IPv6 in messages that say so by the name of their field, such as ``primary_v6_address_spec``."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network

from toolkit.descriptors.model import Field, Kind, Message
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import demands
from toolkit.targets.examples.candidates import says
from toolkit.targets.examples.values import copied, levels, nested
from toolkit.targets.examples.written import JSON

_V4 = re.compile(r"v4", re.I)
_V6 = re.compile(r"v6", re.I)


def agree(value: dict[str, JSON], message: Message, facts: Facts, chosen: Callable[[Field, Message], bool]) -> None:
    """Replace IPv4 addresses in the messages of fields that say IPv6, unless someone has ``chosen`` them."""
    for one in message.fields:
        found = value.get(one.json_name)
        is_message = one.type.kind is Kind.MESSAGE and isinstance(found, (dict, list))
        if is_message and _V6.search(one.name) and says("v6", one.name) and not chosen(one, message):
            value[one.json_name] = copied(found)
            for _, _, inner, holder in nested({one.json_name: value[one.json_name]}, message, facts.schema):
                _to_v6(inner, holder, facts, chosen)


def _as_v6(text: str) -> str:
    """``192.0.2.10`` → ``2001:db8::10``; ``10.0.1.0/24`` → ``2001:db8:1::/64``; other texts unchanged."""
    with suppress(ValueError):
        if "/" in text:
            third = IPv4Network(text).network_address.packed[2]
            return f"2001:db8:{third}::/64" if third else "2001:db8::/64"
        return f"2001:db8::{IPv4Address(text).packed[3]}"
    return text


def _to_v6(value: dict[str, JSON], message: Message, facts: Facts, chosen: Callable[[Field, Message], bool]) -> None:
    """Replace addresses, and enum values that say IPv4; what has to be IPv4 is left out, unless it is required."""
    for inner, holder in levels(value, message, facts.schema):
        for one in [one for one in holder.fields if one.json_name in inner and not chosen(one, holder)]:
            found = inner[one.json_name]
            many = found if isinstance(found, list) else [found]
            made = [_made(text, one, facts) if isinstance(text, str) else text for text in many]
            if made == many:
                continue
            constraints = [c for c in facts.constraints(one) if c.of != "key" and c.kind != "size"]
            if one.type.kind is Kind.ENUM or all(demands.fits(constraints, text) for text in made):
                inner[one.json_name] = made if isinstance(found, list) else made[0]
            elif not (facts.required(one) or demands.refuse_zero(one, facts.constraints(one))):
                del inner[one.json_name]


def _made(text: str, one: Field, facts: Facts) -> str:
    if one.type.kind is not Kind.ENUM:
        return _as_v6(text) if one.type.name == "string" else text
    known = {value.name for value in facts.schema.enum(one.type.name).values}
    made = _V4.sub(lambda match: f"{match[0][0]}6", text)
    return made if made in known else text
