"""Fills messages of a request that are needed, but would say nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from toolkit.descriptors import well_known
from toolkit.descriptors.model import Field, Kind, Message, Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.examples import needs
from toolkit.targets.examples.builder import Builder
from toolkit.targets.examples.candidates import says
from toolkit.targets.examples.cutting import is_empty
from toolkit.targets.examples.values import copied, nested
from toolkit.targets.examples.views import Side, View
from toolkit.targets.examples.written import JSON


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills empty messages with what tells most."""

    facts: Facts
    builder: Callable[[View], Builder]
    values: Callable[[Field, int], list[JSON]]
    """So many values of a field that contains no message."""

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def empty(self, value: dict[str, JSON], message: Message, body: Field | None, side: Side) -> None:
        """Set one field in each message that is needed but says nothing, except in the one of ``body``."""
        for one, _, inner, holder in nested(value, message, self.schema):
            self.empty(inner, holder, None, side)
            if inner or one == body or holder.full_name == well_known.EMPTY or says("by_default", one.name):
                continue
            self._one(inner, holder, side)

    def place(self, value: dict[str, JSON], message: Message) -> None:
        """Say where a new thing goes in a request that would say nothing."""
        found = (f for f in message.fields if says("place", f.name) and f.type.name == "string")
        one = next((f for f in found if not (f.repeated or needs.is_optional(f, self.facts))), None)
        if one is not None:
            for made in self.values(one, 1):
                value[one.json_name] = made

    def _one(self, value: dict[str, JSON], message: Message, side: Side) -> None:
        """Set what tells most in an empty message: scalars, otherwise the first message or list that says something."""
        self._scalars(value, message, side)
        view = View(side, minimal=True)
        for one in message.fields:
            if value:
                return
            is_list = one.repeated and one.type.kind is Kind.SCALAR
            if not (is_list or self.has_fields(one)) or not view.allows(one, message, self.facts) or one.deprecated:
                continue
            made = copied(self.builder(view).example(message.full_name, {}, one.full_name))
            for _, _, inner, holder in nested(made, message, self.schema):
                if not inner:
                    self._scalars(inner, holder, side)
            if not is_empty(made.get(one.json_name, {})):
                value[one.json_name] = made[one.json_name]

    def _scalars(self, value: dict[str, JSON], message: Message, side: Side) -> None:
        """Set all scalars of an empty message if they are few, otherwise the one that tells most."""
        whole = self.builder(View(side)).example(message.full_name, {})
        able = [f for f in message.fields if f.json_name in whole or f.oneof]
        scalars = [f for f in able if needs.is_scalar(f)]
        chosen = list(needs.placing(scalars, self.facts))
        if not 1 < len(scalars) == len(message.fields) <= needs.FEW or any(f.oneof for f in scalars):
            chosen = chosen[:1]
        for one in chosen:
            made = whole.get(one.json_name, next(iter(self.values(one, 1)), None))
            value.update({} if made is None else {one.json_name: made})

    def has_fields(self, one: Field) -> bool:
        """Whether a field contains a message with fields, or a list of such messages."""
        return (
            one.type.kind is Kind.MESSAGE
            and not one.is_map
            and one.type.name not in (*well_known.JSON_FORMS, well_known.EMPTY)
            and one.type.name in self.schema.messages
        )
