"""The playground of a REST page: JSON schemas of the parts of a request, by the rules of its style."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from toolkit.descriptors.model import Element, Enum, Field, Kind, Message, Oneof
from toolkit.descriptors.references import TargetKind
from toolkit.descriptors.type_graph import Types
from toolkit.descriptors.well_known import EMPTY, JSON_FORMS, VALUE
from toolkit.semantics.constraints import Constraint
from toolkit.targets.reference.plain import END, PlainWriter
from toolkit.targets.reference.prose import Slot, Slots, Slotted, Writer, cut
from toolkit.targets.rest.prose import DescriptionWriter
from toolkit.targets.rest.samples import kept
from toolkit.targets.rest.sections import RestSections, without_blank_lines
from toolkit.targets.rest.style import RestStyle
from toolkit.targets.rest.types import json_type
from toolkit.targets.rest.yaml import Draft, Late, draft

JsonSchema = dict[str, Any]
_DEFAULT = re.compile(r"^Default value: (.+?)\.?$", re.M)
_DEPRECATED = "google.protobuf.FieldOptions.deprecated"
_DEFINITION = 8
"""The column of a definition in a front matter."""
_DEPENDS_ON_TABLE = re.compile(rf"\||{END}")
"""What the style ``plain`` writes otherwise outside of tables."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What the playgrounds of several pages share."""

    descriptions: dict[tuple[object, ...], Slotted] = field(default_factory=dict)
    definitions: dict[tuple[str, str], Draft] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Descriptions(RestSections):
    """The texts of a playground; references are looked up from the request, also those in nested messages."""

    rows: RestSections
    """The sections of the pages; in the style ``plain``, descriptions say what their rows say."""
    request: str = ""
    package: str = ""
    """The package of the service, from which the published playground looks up short names."""

    def found(self, name: str) -> str:
        """The message or enum that the published playground finds by the short name of one."""
        if self.style.plain:
            return name
        found = self.references.resolve(name.rpartition(".")[2], self.package, "")
        kind = TargetKind.MESSAGE if name in self.schema.messages else TargetKind.ENUM
        return found.full_name if found is not None and found.kind is kind else name

    def enum(self, field_: Field) -> Enum:
        """The enum whose values are listed."""
        return self.schema.enum(self.found(field_.type.name))

    @cached_property
    def writer(self) -> Writer:
        """How descriptions are written: no table is around them."""
        made = PlainWriter if self.style.plain else DescriptionWriter
        return made(self.style.raw_html, self.style.constraints)

    pages: Pages = field(default_factory=Pages, compare=False)
    references_seen: list[str] = field(default_factory=list, compare=False)
    """The elements so far whose texts depend on the request."""

    def description(self, one: Field, message: Message) -> Slotted:
        """The description of a field: its type and what its row says, one under another."""
        oneof = message.oneof(one.oneof) if one.oneof else None
        key = (one.full_name, "" if self.style.plain else self.package, oneof.fields if oneof is not None else ())
        made = self.pages.descriptions.get(key)
        if made is None:
            before = len(self.references_seen)
            made = self._description(one, message)
            if self.style.plain or len(self.references_seen) == before:
                self.pages.descriptions[key] = made
        return made

    def _description(self, one: Field, message: Message) -> Slotted:
        rows, slots = self.rows, Slots()
        said = rows.paragraphs(one, message, rows.slots) if self.style.plain else []
        if said and not any(_DEPENDS_ON_TABLE.search(paragraph) for paragraph in said):
            slots = rows.slots
        else:
            said = self.paragraphs(one, message, slots)
        return cut(without_blank_lines("\n".join((self.type_text(one, {}, slots), *said))), slots)

    def prose(self, element: Element, scope: str, slots: Slots, *, in_table: bool, text: str | None = None) -> str:
        """The comment of an element."""
        if "[" in (self.text(element) if text is None else text):
            self.references_seen.append(element.full_name)
        return super().prose(element, scope if self.style.plain else self.request, slots, in_table=False, text=text)


@dataclass(frozen=True)
class Playground:
    """Makes the schemas for one method."""

    texts: Descriptions
    in_path: Collection[str] = ()
    """The full names of the fields of nested messages that are in the path."""
    _definitions: dict[str, str] = field(default_factory=dict)
    """The keys of messages in ``definitions`` → the messages."""

    @property
    def style(self) -> RestStyle:
        """The style."""
        assert isinstance(self.texts.style, RestStyle)
        return self.texts.style

    def part(self, message: Message, types: Types, *, required: bool = False) -> JsonSchema:
        """The schema of a part of a request; published ones require only what options require, even in a path."""
        message = kept(message, types)
        schema = self._object(message)
        if required and self.style.plain:
            schema["required"] = list(schema["properties"])
        schema["additionalProperties"] = False
        if self.style.constraints:
            schema |= self._alternatives(message, [oneof for oneof in message.oneofs if len(oneof.fields) > 1])
        return schema

    def definitions(self, roots: Sequence[tuple[Message, Types]]) -> JsonSchema | None:
        """The schemas of the messages below parts of a request, each after those that it needs."""
        found: dict[str, Message] = {}
        started: set[str] = set()
        stack = [name for root, types in roots for name in self._needed(kept(root, types))][::-1]
        waiting: list[tuple[str, bool]] = [(name, False) for name in stack]
        while waiting:
            name, is_ready = waiting.pop()
            if is_ready:
                found[name] = self.texts.schema.message(name)
            elif name not in started:
                started.add(name)
                waiting.append((name, True))
                below = self._needed(self.texts.schema.message(name))
                waiting.extend((each, False) for each in reversed(list(below)))
        if not found:
            return None
        is_distinct = len({name.rpartition(".")[2] for name in found}) == len(found)
        define = self._draft if is_distinct and not self.in_path else self._definition
        return {self._key(name): define(message) for name, message in found.items()}

    def _draft(self, message: Message) -> Draft:
        """The definition of a message as YAML; one in which no text depends on the request is made once."""
        texts = self.texts
        key = (message.full_name, "" if self.style.plain else texts.package)
        made = texts.pages.definitions.get(key)
        if made is None:
            before = len(texts.references_seen)
            made = draft(self._definition(message), _DEFINITION)
            if self.style.plain or len(texts.references_seen) == before:
                texts.pages.definitions[key] = made
        return made

    def _definition(self, message: Message) -> JsonSchema:
        schema = self._object(message)
        return schema | (self._alternatives(message, message.oneofs) if self.style.playground == "page" else {})

    def _needed(self, message: Message) -> Iterator[str]:
        """The messages in the fields of a message that have a definition."""
        for one in message.fields:
            if self._is_object(one):
                found = self.texts.schema.message(self.texts.found(one.type.name))
                if self._is_inline(found):
                    yield from self._needed(_members(found))
                else:
                    yield found.full_name

    def _is_object(self, one: Field) -> bool:
        return one.type.kind is Kind.MESSAGE and one.type.name not in JSON_FORMS and one.type.name != EMPTY

    def _is_inline(self, message: Message) -> bool:
        """Whether a message is shown as the alternatives of its oneof."""
        return self.style.playground == "site" and bool(message.oneofs)

    def _key(self, message: str) -> str:
        """The key of a message in ``definitions``: its short name, unless another message has that one."""
        name = message.rpartition(".")[2]
        return name if self._definitions.setdefault(name, message) == message else message

    # Objects

    def _object(self, message: Message) -> JsonSchema:
        schema: JsonSchema = {
            "type": "object",
            "properties": {self.texts.name(one): self.property(one, message) for one in message.fields},
        }
        required = [self.texts.name(one) for one in message.fields if self._is_required(one)]
        return schema | ({"required": required} if required else {})

    def _is_required(self, one: Field) -> bool:
        """Whether an object must have a field; the published schemas say so where another member or the path has it."""
        is_elsewhere = self.style.plain and (bool(one.oneof) or one.full_name in self.in_path)
        return self.texts.facts.required(one) and not is_elsewhere

    def _alternatives(self, message: Message, oneofs: Sequence[Oneof]) -> JsonSchema:
        """What says that at most one member of a oneof may be set; in published styles, exactly one."""
        made = []
        for oneof in oneofs:
            items: list[JsonSchema] = [{"required": [name]} for name in self.texts.members(oneof, message)]
            if self.style.plain and not self.texts.facts.oneof_required(oneof):
                if len(items) == 1:
                    continue
                items.append({"not": {"anyOf": list(items)}})
            made.append({"oneOf": items})
        return {"allOf": made} if len(made) > 1 else made[0] if made else {}

    # Properties

    def property(self, one: Field, message: Message) -> JsonSchema:
        """The schema of a field."""
        text = self.texts.description(one, message)
        schema: JsonSchema = {"description": Late(text) if text.slots else text.literals[0]}
        constraints = self.texts.facts.constraints(one)
        if one.options.get(_DEPRECATED) is True:
            schema["deprecated"] = True
        if pattern := _pattern(constraints, "field") if not (one.repeated or one.is_map) else "":
            schema["pattern"] = self._written(pattern)
        if any(constraint.kind == "unique" for constraint in constraints):
            schema["uniqueItems"] = True
        if self.style.constraints and (found := _DEFAULT.search(self.texts.text(one))):
            schema["default"] = found[1].strip("`")
        return schema | self._typed(one, constraints)

    def _typed(self, one: Field, constraints: Sequence[Constraint]) -> JsonSchema:
        value = self._value(one)
        if one.repeated:
            return {"type": "array", "items": value}
        if one.is_map and self.style.maps == "map" and self.style.playground == "page":
            return {"type": "object", **self._map(value, constraints)}
        return value

    def _map(self, value: JsonSchema, constraints: Sequence[Constraint]) -> JsonSchema:
        """The schema of a map, given that of its values."""
        pattern = _pattern(constraints, "field") or _pattern(constraints, "value")
        length = _limits(constraints, "length", "field") or _limits(constraints, "length", "value")
        if pattern:
            value["pattern"] = self._written(pattern)
        if length and length[1] is not None:
            value["maxLength"] = length[1]
        names: JsonSchema = {"type": "string"}
        if pattern := _pattern(constraints, "key"):
            names["pattern"] = self._written(pattern)
        low, high = _limits(constraints, "length", "key") or (None, None)
        if low is not None and high is not None:
            names |= {"maxLength": high, "minLength": low}
        schema: JsonSchema = {"additionalProperties": value}
        if len(names) > 1:
            schema["propertyNames"] = names
        size = _limits(constraints, "size", "field")
        if size and size[1] is not None:
            schema["maxProperties"] = size[1]
        return schema

    def _value(self, one: Field) -> JsonSchema:
        """The schema of one value of a field."""
        if one.type.kind is Kind.ENUM:
            values = self.texts.enum(one).values
            return {"type": "string", "enum": [value.name for value in values]}
        if not self._is_object(one):
            return self.value(one.type.name)
        found = self.texts.schema.message(self.texts.found(one.type.name))
        if not self._is_inline(found):
            return {"$ref": f"#/definitions/{self._key(found.full_name)}"}
        members = {self.texts.name(each): self.property(each, found) for each in _members(found).fields}
        return {"oneOf": [{"type": "object", "properties": {name: schema}} for name, schema in members.items()]}

    def value(self, name: str) -> JsonSchema:
        """The schema of a scalar, or of a message that is not expanded."""
        if self.style.plain and name == VALUE:
            return {}
        json = json_type(name)
        return {"type": json.name, **({"format": json.format} if json.format else {})}

    def _written(self, pattern: str) -> str:
        """A pattern: that of a whole value, as published without saying so."""
        return f"^(?:{pattern})$" if self.style.plain else pattern.replace('"', "")


def _members(message: Message) -> Message:
    """A message with only the members of its oneofs."""
    return kept(message, {one.name: "" for one in message.fields if not one.oneof})


def _pattern(constraints: Sequence[Constraint], of: str) -> str:
    return next((each.pattern for each in constraints if each.kind == "pattern" and each.of == of), "")


def _limits(constraints: Sequence[Constraint], kind: str, of: str) -> tuple[int | None, int | None] | None:
    """The whole numbers that bound a length or size; None if there are none, or if it is exact."""
    for constraint in constraints:
        interval = constraint.interval
        if constraint.kind == kind and constraint.of == of and interval is not None and interval.low != interval.high:
            low = int(interval.low) + interval.low_open if interval.low.isdecimal() else None
            high = int(interval.high) - interval.high_open if interval.high.isdecimal() else None
            return low, high
    return None


def front_matter(entries: Sequence[Mapping[str, Any]], fill: Callable[[Slot], str]) -> str:
    """The playground as the lines of a front matter, without the last break."""
    return draft({"apiPlayground": list(entries)}).finish(lambda text: text.fill(fill)).removesuffix("\n")
