"""Builds example messages in ProtoJSON: a message fold into dictionaries."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, tee
from typing import Any

from toolkit.descriptors import well_known
from toolkit.descriptors.casing import camel_case, survives_camel_case
from toolkit.descriptors.message_fold import Inside, MessageFold
from toolkit.descriptors.model import Enum, Field, Kind, Message, Schema
from toolkit.descriptors.type_graph import Types
from toolkit.errors import Diagnostic
from toolkit.runtime.jsonvalues import RANGES
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import OF_ONE_VALUE
from toolkit.targets.examples import addresses, candidates, demands, enums, names, pairs, versions
from toolkit.targets.examples.shared import Example, Shared
from toolkit.targets.examples.things import Things
from toolkit.targets.examples.values import ordered, varied
from toolkit.targets.examples.views import Side, View, is_mutable
from toolkit.targets.examples.written import DEEPEST, JSON, Written

LARGEST = 20_000
"""The number of values in an example at most, since a hostile schema could explode; the rest is left out."""

_LONGEST_MATCH = 1000
"""The maximum length of strings to generate from a pattern."""
_MISSING = object()
_KEYS = ("environment", "team", "key")


@dataclass
class Builder:
    """Builds examples, each message once, wherever it occurs."""

    facts: Facts
    view: View = View(Side.RESPONSE)
    pins: Mapping[str, JSON] = field(default_factory=dict)
    written: Written = field(default_factory=Written)
    """Reads examples in comments."""
    shared: Shared = field(default_factory=Shared)

    def __post_init__(self) -> None:
        self._fold: MessageFold[Example] = MessageFold(self.facts.graph, self)
        self._roots: dict[tuple[str, str, tuple[tuple[str, str], ...]], dict[str, JSON]] = {}

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def example(self, message: str, types: Types, member: str = "") -> dict[str, JSON]:
        """The example of a top-level message; ``member`` is the oneof member to show instead of the first."""
        if message in well_known.JSON_FORMS:
            return {}
        key = message, member, tuple(types.items())
        if key not in self._roots:
            self._member = member
            try:
                self._roots[key] = self._fold.root(message, types).value
            finally:
                self._member = ""
        return self._roots[key]

    _member = ""

    def expands(self, field: Field, message: str) -> bool:
        """Whether the message is shown inside the field: every message that exists, unless it has its own JSON form."""
        return message not in well_known.JSON_FORMS and message in self.schema.messages

    def message(self, message: Message, types: Types, inside: Inside[Example]) -> Example:
        """The example of a message, given the examples of its nested messages."""
        written = self.written.of_message(message)
        if written is not None:
            return Example(written)
        shown = self._in_order(message, types)
        inner = tuple(self._inner(one, types, inside) for one in shown)
        if types:
            return self._example(message, types, shown, inner)
        key = message.full_name, tuple(one.name for one in shown), inner
        if key not in self.shared.examples:
            self.shared.examples[key] = self._example(message, types, shown, inner)
        return self.shared.examples[key]

    def _inner(self, one: Field, types: Types, inside: Inside[Example]) -> Example | None:
        """The example that a field contains; None if it shows no message, or one that would recur."""
        if one.type.kind is not Kind.MESSAGE:
            return None
        type_name = types.get(one.name, one.type.name)
        return inside(one, type_name) if self.expands(one, type_name) else None

    def _example(
        self, message: Message, types: Types, shown: Sequence[Field], examples: Sequence[Example | None]
    ) -> Example:
        """The example with these fields, given the examples in them."""
        value: dict[str, JSON] = {}
        size, depth = 1, 1
        groups = self.facts.alternatives(message)
        chosen: set[str] = set()
        for one, example in zip(shown, examples, strict=True):
            if groups and chosen & groups.get(one.name, set()):
                continue
            made, inner = self._field(one, message, types, example)
            if made is _MISSING:
                continue
            if inner is not None:
                if size + inner.size > LARGEST or inner.depth >= DEEPEST:
                    continue
                size, depth = size + inner.size, max(depth, inner.depth + 1)
            if groups:
                chosen |= groups.get(one.name, set())
            value[one.json_name] = made
            size += 1
        pairs.agree(value, message, lambda one: self.values(one, message))
        addresses.agree(value, message, self.facts, self.is_chosen)
        return Example(ordered(value, message), size, depth)

    def _in_order(self, message: Message, types: Types) -> Sequence[Field]:
        """The fields to show; of a oneof first the requested member or one with a given type."""

        def rank(one: Field) -> tuple[int, bool, bool]:
            asked_for = not one.oneof or one.name in types or one.full_name == self._member
            later = bool(one.oneof) and candidates.says("sent_once", one.name)
            return 0 if asked_for else 1 if self.facts.required(one) else 2, one.deprecated, later

        shown = self.view.shown(message, self.facts)
        if self.view.minimal:
            asked = [f for f in message.fields if f.full_name == self._member or f.name in types]
            shown += [f for f in asked if f not in shown]
        keep = [f.name for f in shown if f.full_name == self._member or f.name in types or self._demanded(f)]
        others = versions.superseded(shown, lambda: self._version(message), keep)
        return sorted((f for f in shown if f.name not in others), key=rank)

    def _demanded(self, one: Field) -> bool:
        return not one.oneof and self.facts.required(one)

    def _version(self, message: Message) -> str:
        """The version that a message is about, or empty."""
        one = versions.field(message)
        if one is None:
            return ""
        made, _ = self._field(one, message, {}, None)
        return str(made) if made is not _MISSING else ""

    def is_chosen(self, one: Field, message: Message) -> bool:
        """Whether someone chose the value of a field."""
        return bool(candidates.pinned(one, self.pins)) or self.written.of_field(one, message) is not None

    def _field(self, one: Field, message: Message, types: Types, inner: Example | None) -> tuple[JSON, Example | None]:
        """The value of a field, and the example of its message if the value contains it."""
        key = one.full_name, types.get(one.name, one.type.name)
        if key in self.shared.values:
            return self.shared.values[key], None
        made, inner = self._made(one, message, types, inner)
        if inner is None and (one.type.kind is not Kind.MESSAGE or not self.expands(one, key[1])):
            self.shared.values[key] = made
        return made, inner

    def _made(self, one: Field, message: Message, types: Types, inner: Example | None) -> tuple[JSON, Example | None]:
        for pin in candidates.pinned(one, self.pins):
            if self.written.fits(pin, one, message):
                return pin, None
        written = self.written.of_field(one, message)
        if written is not None:
            return written, None
        type_name = types.get(one.name, one.type.name)
        constraints = self.facts.constraints(one)
        if inner is None and one.type.kind is Kind.MESSAGE and self.expands(one, type_name):
            return _MISSING, None
        count = demands.count_of(constraints) if one.repeated or one.is_map else 1
        if count is None:
            self._unsatisfied(one)
            return _MISSING, None
        if inner is not None:
            values: Iterator[JSON] = iter([inner.value, *varied(inner.value, count - 1)])
            if one.name in types:
                values = iter([{"@type": f"type.googleapis.com/{type_name}", **inner.value}])
        else:
            is_own = type_name == one.type.name
            values = self.values(one, message) if is_own else self._values(one, type_name, message, constraints)
        if one.is_map:
            keys = self._keys(one, message, constraints)
            made = dict(islice(zip(keys, values, strict=False), count))
            if count and not made:
                self._unsatisfied(one)
            return (made, inner) if made else (_MISSING, None)
        found = list(islice(values, count))
        if one.repeated:
            return (found, inner) if found else (_MISSING, None)
        return (found[0], inner) if found else (_MISSING, None)

    def _values(
        self, one: Field, type_name: str, message: Message, constraints: Sequence[Constraint]
    ) -> Iterator[JSON]:
        """Different values for a field that does not show a message."""
        of_value = [c for c in constraints if c.kind in OF_ONE_VALUE and c.of != "key"]
        if one.type.kind is Kind.ENUM:
            is_null = type_name == well_known.NULL_VALUE
            yield from [None] if is_null else self._enum_values(self.schema.enum(type_name), one, of_value)
        elif one.type.kind is Kind.SCALAR or type_name in well_known.WRAPPERS:
            scalar = well_known.WRAPPERS.get(type_name, type_name)
            yield from self._scalars(scalar, one, message, of_value)
        elif type_name in (well_known.TIMESTAMP, well_known.DURATION):
            yield from self._times(type_name.rpartition(".")[2].lower(), one, of_value)
        elif type_name == well_known.FIELD_MASK:
            yield from self._masks(one, message, of_value)
        elif type_name == well_known.ANY and self.facts.required(one):
            yield from self._anys(one, of_value)
        elif type_name == well_known.STRUCT:
            yield {"key": "value"}
        elif type_name == well_known.VALUE:
            yield "value"
        elif type_name == well_known.LIST_VALUE:
            yield ["value"]
        elif type_name == well_known.EMPTY:
            yield {"@type": f"type.googleapis.com/{well_known.EMPTY}"} if one.type.name == well_known.ANY else {}

    def _scalars(self, scalar: str, one: Field, message: Message, constraints: Sequence[Constraint]) -> Iterator[JSON]:
        """Different values of a scalar type that satisfy the constraints."""
        low, high = RANGES.get(scalar) or demands.FLOATS.get(scalar, (0, 0))
        found = False
        seen: set[Any] = set()
        for value in self._tried(scalar, one, message, constraints):
            if high and not low <= value <= high:  # including infinite ones
                continue
            if value in seen or not demands.fits(constraints, value):
                continue
            seen.add(value)
            found = True
            yield _as_json(scalar, value)
        if not found:
            self._unsatisfied(one)

    def _tried(self, scalar: str, one: Field, message: Message, constraints: Sequence[Constraint]) -> Iterator[Any]:
        """Values of a scalar type to try, best first."""
        if scalar == "bool":
            yield from (True, False)
        elif scalar == "string":
            yield from self._strings(one, message, constraints)
        elif scalar == "bytes":
            named = (text for c in constraints for text in demands.named(c))
            yield from demands.filled(filter(None, map(demands.decoded, named)), demands.lengths(constraints)[0])
            yield from (text.encode("utf-8") for text in self._strings(one, message, constraints))
        else:
            yield from self._numbers(one, constraints, whole=scalar not in demands.FLOATS)

    def _strings(self, one: Field, message: Message, constraints: Sequence[Constraint]) -> Iterator[str]:
        """Strings to try: unchanged, then cut or extended to the allowed length, then generated from the patterns."""
        shortest, longest = demands.lengths(constraints)
        if shortest > demands.LONGEST:
            return
        tried: list[str] = []
        for text in self._meaningful(one, message, constraints):
            tried.append(text)
            yield text  # most often the first one fits
        yield from demands.sized(tried, shortest, longest)
        for constraint in constraints if shortest <= _LONGEST_MATCH else ():
            for pattern in demands.patterns(constraint):
                yield from candidates.matching(pattern, shortest, longest)
        for number in range(2, 300):
            for text in tried:
                yield f"{text}-{number}"
                yield f"{text}{number}"
        for number in range(2, 300):
            yield str(number)

    def _meaningful(self, one: Field, message: Message, constraints: Sequence[Constraint]) -> Iterator[str]:
        """The strings that names, comments and constraints suggest."""
        yield from names.of_field(one, self.facts)
        yield from filter(None, self._named(one))
        yield from candidates.bulleted(self.facts.comment(one).text)
        yield from versions.of_siblings(one, message)
        yield from self._things.ids(one, self.values)
        for constraint in constraints:
            yield from demands.named(constraint)
        yield from demands.composed(constraints, candidates.noun_of(one, message).replace(" ", "-"))
        yield from candidates.strings(one, message, self.facts.comment(one).text, self.facts.format(one))

    def _numbers(self, one: Field, constraints: Sequence[Constraint], *, whole: bool) -> Iterator[int | float]:
        """Numbers to try: those that the comment and the name suggest, then the bounds and values between them."""
        for text in self._named(one):
            try:
                yield int(text) if whole else float(text)
            except ValueError:
                continue
        comment = self.facts.comment(one).text
        for value in chain(candidates.in_unit(comment, one.name), candidates.suggested("number", one.name)):
            if isinstance(value, (int, float)) and (not whole or isinstance(value, int)):
                yield value
        yield from demands.edges(constraints, whole=whole)
        yield from range(2, 300)

    def _times(self, kind: str, one: Field, constraints: Sequence[Constraint]) -> Iterator[str]:
        """Timestamps or durations in ProtoJSON, those that the name suggests first."""
        tried = [text for constraint in constraints for text in constraint.examples]
        tried += map(str, candidates.suggested(kind, one.name))
        tried += demands.times(kind, constraints)
        found = [text for text in dict.fromkeys(tried) if demands.fits(constraints, demands.seconds_of(text))]
        if not found:
            self._unsatisfied(one)
        yield from found

    def _keys(self, one: Field, message: Message, constraints: Sequence[Constraint]) -> Iterator[str]:
        of_key = [c for c in constraints if c.kind in OF_ONE_VALUE and c.of == "key"]
        if one.key == "bool":
            yield from ("true", "false")
        elif one.key == "string":
            keys = chain(_KEYS, self._strings(one, message, of_key))
            yield from (key for key in keys if demands.fits(of_key, key))
        else:
            numbers = chain(demands.edges(of_key, whole=True), range(1, 300)) if of_key else range(1, 300)
            yield from (str(n) for n in dict.fromkeys(numbers) if demands.fits(of_key, n))

    def _anys(self, one: Field, constraints: Sequence[Constraint]) -> Iterator[JSON]:
        """Empty messages of the allowed types."""
        urls = [choice for constraint in constraints if constraint.kind == "in" for choice in constraint.choices]
        found = [
            url
            for url in [*urls, f"type.googleapis.com/{well_known.EMPTY}"]
            if demands.fits(constraints, url)
            and (url.endswith(f"/{well_known.EMPTY}") or self.expands(one, url.rpartition("/")[2]))
        ]
        if not found:
            self._unsatisfied(one)
        yield from ({"@type": url} for url in found)

    def _masks(self, one: Field, message: Message, constraints: Sequence[Constraint]) -> Iterator[str]:
        """Field masks to show, with other fields of the message or with paths in constraints."""
        tried = [self._paths(message), *demands.chosen_paths(constraints)]
        found = [paths for paths in tried if all(map(survives_camel_case, paths)) and demands.fits(constraints, paths)]
        if not found:
            self._unsatisfied(one)
        yield from (",".join(map(camel_case, paths)) for paths in found)

    def _paths(self, message: Message) -> list[str]:
        """Paths of two other fields in the message that can be updated; identifiers come last."""

        def rank(one: Field) -> bool:
            return self.facts.required(one) or one.name.endswith("id") or bool(one.oneof)

        paths = [
            f
            for f in message.fields
            if f.type.name != well_known.FIELD_MASK
            and survives_camel_case(f.name)
            and not f.deprecated
            and is_mutable(f, message, self.facts)
        ]
        return [f.name for f in sorted(paths, key=rank)[:2]]

    def _enum_values(self, enum: Enum, one: Field, constraints: Sequence[Constraint]) -> Iterator[str]:
        """The value that the comment names, then the best ones, then zero."""
        allowed = [v for v in enum.values if demands.fits(constraints, v.number)]
        known = {v.name for v in allowed if v.number or not self.facts.required(one)}
        named = [h for h in self._named(one) if h in known]
        best = enums.in_order(one, enum, allowed, lambda value: self.facts.comment(value).text)
        yield from dict.fromkeys([*named, *best])
        if not allowed:
            self._unsatisfied(one)

    def _named(self, one: Field) -> Iterator[str]:
        """The values in the comment of a field, then those in its options."""
        text = self.facts.comment(one).text
        if candidates.says("version", one.name) and "default" not in text.lower():
            yield from candidates.newest(candidates.listed(text))
        yield from candidates.hinted(text)
        yield from self.facts.examples(one)

    @cached_property
    def _things(self) -> Things:
        return Things(self.schema)

    def values(self, one: Field, message: Message) -> Iterator[JSON]:
        """Different values of a field that contains no message, best first."""
        found = self.shared.offered.get(one.full_name)
        if found is None:
            found = self._values(one, one.type.name, message, self.facts.constraints(one))
        self.shared.offered[one.full_name], again = tee(found)
        return again

    def _unsatisfied(self, one: Field) -> None:
        what = f"could not generate an example for {one.full_name} that satisfies its constraints"
        self.shared.unsatisfied[Diagnostic(one.location, what)] = None


def _as_json(scalar: str, value: Any) -> JSON:
    if scalar.endswith("64"):
        return str(value)
    if scalar == "bytes":
        return base64.b64encode(value).decode("ascii")
    return value
