"""Carries what a request says into the resource that its response contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Field, Kind, Message
from toolkit.descriptors.well_known import JSON_FORMS
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import demands
from toolkit.targets.examples.candidates import says, singular
from toolkit.targets.examples.values import copied, drop_others
from toolkit.targets.examples.views import Side, View, is_own_name
from toolkit.targets.examples.written import JSON

_SENT = ("_spec", "_specs", "_config", "_params")
"""Suffixes of the fields of requests that describe what the field without the suffix will be."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries values of one request."""

    facts: Facts
    is_new: bool
    """Whether the resource is created, so that its ID and name are not those that the request mentions."""

    def same(self, sent: Mapping[str, JSON], value: dict[str, JSON], message: Message) -> None:
        """Carry a message into another one of its type; what clients only send is left out."""
        view = View(Side.RESPONSE)
        for one in message.fields:
            if one.json_name not in sent or not view.allows(one, message, self.facts):
                continue
            found, own = sent[one.json_name], value.get(one.json_name)
            drop_others(value, one, message, self.facts)
            if self._is_shown(one) and isinstance(found, dict):
                if not isinstance(own, dict):
                    own = value[one.json_name] = {}
                self.same(found, own, self.facts.schema.message(one.type.name))
            else:
                value[one.json_name] = copied(found)

    def flat(self, sent: Mapping[str, JSON], source: Message, value: dict[str, JSON], message: Message) -> None:
        """Carry the fields of a request into those of a resource that have the same name and type."""
        known = {one.name: one for one in source.fields if one.json_name in sent}
        for one in message.fields:
            found = next(self._sources(one, known, message), None)
            if found is not None and self._may_be_sent(one, message):
                self._carry(found, sent[found.json_name], one, value, message)

    def _carry(self, found: Field, given: JSON, one: Field, value: dict[str, JSON], message: Message) -> None:
        if found.type == one.type and (found.repeated, found.key) == (one.repeated, one.key):
            if self._is_shown(one):
                drop_others(value, one, message, self.facts)
                own = value.setdefault(one.json_name, {})
                self.same(given, own, self.facts.schema.message(one.type.name))
            elif self._fits(one, given):
                drop_others(value, one, message, self.facts)
                value[one.json_name] = copied(given)
        elif found.type.kind is one.type.kind is Kind.ENUM and found.repeated == one.repeated:
            known = {each.name for each in self.facts.schema.enum(one.type.name).values if each.number}
            if known.issuperset(given if isinstance(given, list) else [given]):
                value[one.json_name] = copied(given)
        elif self._has_fields(one) and self._has_fields(found):
            of, to = (self.facts.schema.message(field.type.name) for field in (found, one))
            own = value.get(one.json_name)
            pairs = [(given, own)] if isinstance(own, dict) else zip(given, own or (), strict=False)
            for each, target in pairs if found.repeated == one.repeated else ():
                self.flat(each, of, target, to)

    def _may_be_sent(self, one: Field, message: Message) -> bool:
        """Whether a request can say what a field of the resource will be."""
        if "OUTPUT_ONLY" in self.facts.behavior(one):
            return False
        if says("sent_once", one.name):
            return False
        return not (self.is_new and (one.name == "id" or is_own_name(one, message, self.facts)))

    def _sources(self, one: Field, known: Mapping[str, Field], message: Message) -> Iterator[Field]:
        """The fields of a request, by name, that say what a field of the resource will be."""
        tried = [one.name, *(base + suffix for base in (one.name, singular(one.name)) for suffix in _SENT)]
        if one.name == "id":
            tried.append(f"{snake_case(message.name)}_id")
        yield from (known[name] for name in tried if name in known)

    def _is_shown(self, one: Field) -> bool:
        """Whether a field contains one message with fields in JSON."""
        return self._has_fields(one) and not one.repeated

    def _has_fields(self, one: Field) -> bool:
        """Whether a field contains messages with fields in JSON."""
        is_message = one.type.kind is Kind.MESSAGE and one.type.name not in JSON_FORMS
        return is_message and not one.is_map and one.type.name in self.facts.schema.messages

    def _fits(self, one: Field, given: JSON) -> bool:
        if one.type.kind is not Kind.SCALAR or one.repeated or one.is_map or one.type.name == "bytes":
            return True
        try:
            of_value = int(given) if one.type.name.endswith("64") else given
        except (TypeError, ValueError):
            return False
        return demands.fits([c for c in self.facts.constraints(one) if c.of == "field"], of_value)
