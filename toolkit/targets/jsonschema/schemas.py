"""JSON Schemas of messages and enums, which refer to each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Literal

from toolkit.descriptors.model import Cardinality, Enum, Field, Kind, Message, Presence
from toolkit.descriptors.well_known import NULL_VALUE, VALUE, WRAPPERS
from toolkit.runtime.constraints import holds
from toolkit.semantics.facts import Facts
from toolkit.semantics.protovalidate import alternatives
from toolkit.targets.jsonschema import swagger
from toolkit.targets.jsonschema.keywords import FIELD_FORMATS, fitting, merge, not_zero, with_numbers
from toolkit.targets.jsonschema.texts import Texts
from toolkit.targets.jsonschema.types import MESSAGES, JsonSchema, map_keys, scalar

Nullable = Literal["none", "wrappers", "presence"]
_ZEROS: Mapping[str, object] = {"string": "", "bytes": b"", "bool": False, "float": 0.0, "double": 0.0}
_IN_KEYWORDS = ("OUTPUT_ONLY", "INPUT_ONLY", "REQUIRED", "OPTIONAL")
"""How fields behave that keywords say."""
_BOOLS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How schemas are written."""

    prefix: str = "#/components/schemas/"
    suffix: str = ""
    """What surrounds the full name of a type in a reference to it."""
    proto_names: bool = False
    """Whether properties have the names of the .proto file."""
    lenient: bool = False
    """Whether to describe what parsers read, not only what printers write."""
    strict: bool = False
    """Whether other properties are refused."""
    nullable: Nullable = "wrappers"
    enum_numbers: bool = False
    extensions: bool = True
    """Whether there are keywords that begin with ``x-``."""
    exact: bool = False
    """Whether to say all that keywords can, of which code generators make needless classes."""
    fixed: Mapping[str, JsonSchema] = field(default_factory=dict, hash=False)
    """Schemas of messages that do not depend on the tree, by full name."""

    @property
    def has_numbers(self) -> bool:
        """Whether enum values may be numbers."""
        return self.enum_numbers or self.lenient


@dataclass(frozen=True)
class Schemas:
    """The schemas of the types that are referred to."""

    facts: Facts
    form: Form
    texts: Texts
    needed: dict[str, None] = field(default_factory=dict)
    """The full names of the types that are referred to so far."""
    made: dict[str, tuple[JsonSchema, tuple[str, ...]]] = field(default_factory=dict)
    """The schemas of types that are made, each with what it refers to; others of the same form may share them."""

    def components(self) -> dict[str, JsonSchema]:
        """The schemas of all types that are referred to, directly or not, by full name."""
        made: dict[str, JsonSchema] = {}
        while len(made) < len(self.needed):
            for name in [name for name in self.needed if name not in made]:
                made[name], refers_to = self._definition(name)
                self.needed.update(dict.fromkeys(refers_to))
        return dict(sorted(made.items()))

    def _definition(self, name: str) -> tuple[JsonSchema, tuple[str, ...]]:
        """The schema of a type, and what it refers to; made once."""
        if name not in self.made:
            inner = replace(self, needed={})
            schema = inner._named(name)
            self.made[name] = schema, (*inner.needed,)
        return self.made[name]

    def _named(self, name: str) -> JsonSchema:
        if name in self.form.fixed:
            return self.form.fixed[name]
        enum = self.facts.schema.enums.get(name)
        return self.enum(enum) if enum is not None else self.message(self.facts.schema.message(name))

    def name(self, one: Field) -> str:
        """The name of the property of a field."""
        return one.name if self.form.proto_names else one.json_name

    def of_message(self, name: str) -> JsonSchema:
        """The schema of a value of a message type, which may be well known."""
        if name in WRAPPERS:
            return self._or_null(self._scalar(WRAPPERS[name]))
        if name in MESSAGES:
            return dict(MESSAGES[name])
        return self._reference(name)

    def _reference(self, name: str) -> JsonSchema:
        self.needed[name] = None
        return {"$ref": f"{self.form.prefix}{name}{self.form.suffix}"}

    # Messages

    def message(self, message: Message, without: Collection[str] = ()) -> JsonSchema:
        """The schema of a message; ``without`` has the paths of fields that are left out."""
        made: JsonSchema = {"title": message.name, "type": "object"}
        if said := self.texts.of_message(message):
            made["description"] = said
        shown = {one.name: schema for one in message.fields if (schema := self._shown(one, without)) is not None}
        fields = [one for one in message.fields if one.name in shown]
        properties = {self.name(one): shown[one.name] for one in fields}
        if self.form.lenient:
            properties |= {self._alias(one): shown[one.name] for one in fields}
        if properties:
            made["properties"] = properties
        filled = {path.partition(".")[0] for path in without}
        self._require([one for one in fields if self.is_required(one) and one.name not in filled], made)
        self._exclude(message, {one.name: one for one in fields}, made)
        if message.deprecated:
            made["deprecated"] = True
        if self.form.strict:
            made["additionalProperties"] = False
        return made | self._swagger(message)

    def _alias(self, one: Field) -> str:
        """The other name of a property, which parsers read, too."""
        return one.json_name if self.form.proto_names else one.name

    def _shown(self, one: Field, without: Collection[str]) -> JsonSchema | None:
        """The property of a field, less what is left out; None if nothing remains."""
        if one.name in without:
            return None
        below = {path.partition(".")[2] for path in without if path.startswith(f"{one.name}.")}
        if not below:
            return self.property(one)
        inner = self.message(self.facts.schema.message(one.type.name), below)
        return inner if "properties" in inner else None

    def _require(self, fields: list[Field], made: JsonSchema) -> None:
        names = [self.name(one) for one in fields if not self.form.lenient or self.name(one) == self._alias(one)]
        if names:
            made["required"] = names
        if self.form.lenient:
            for one in fields:
                if self.name(one) not in names:
                    either = [{"required": [self.name(one)]}, {"required": [self._alias(one)]}]
                    made.setdefault("allOf", []).append({"anyOf": either})

    def is_required(self, one: Field) -> bool:
        """Whether every object must have the property of a field, in requests and in responses."""
        if one.oneof or self._is_one_way(one):
            return False
        return self.facts.required(one) or self._refuses_absence(one) or self._is_listed(one)

    def _is_listed(self, one: Field) -> bool:
        """Whether an option of a field, or of its message, lists it as required."""
        message = self.facts.schema.messages.get(one.parent)
        said = [self.facts.swagger(one.options)]
        said += [self.facts.swagger(message.options).get("json_schema", {})] if message is not None else []
        return any(name in each.get("required", ()) for each in said for name in (one.name, one.json_name))

    def _swagger(self, element: Message | Field | Enum) -> JsonSchema:
        """What an option says of a schema in the words of OpenAPI 2."""
        said = self.facts.swagger(element.options)
        return swagger.keywords(said, extensions=self.form.extensions) if said else {}

    def _is_one_way(self, one: Field) -> bool:
        return not self.facts.behavior(one).isdisjoint(("INPUT_ONLY", "OUTPUT_ONLY"))

    def _refuses_absence(self, one: Field) -> bool:
        """Whether a rule that applies to zero values refuses the one that an absent field has."""
        if one.presence not in (Presence.IMPLICIT, Presence.NONE):
            return False
        zero = [] if one.repeated or one.is_map else _ZEROS.get(one.type.name, 0)
        found = [each for each in self.facts.constraints(one) if each.applies == "always" and each.of == "field"]
        is_zero_mapped = self.facts.mappings.zero_values
        return any(each.rule.option in is_zero_mapped and holds(each, zero) is False for each in found)

    def _exclude(self, message: Message, fields: Mapping[str, Field], made: JsonSchema) -> None:
        """Add that the members of a oneof exclude each other, and that one of them is needed."""
        rules: list[JsonSchema] = []
        groups: dict[str, list[str]] = {}
        for group, members, is_required in self._groups(message):
            found = [fields[member] for member in members if member in fields]
            groups |= {group: [*map(self.name, found)]} if group and len(found) > 1 else {}
            one_way = any(one.name in members and self._is_one_way(one) for one in message.fields)
            rules += self._of_group(found, is_required and len(found) == len(members) and not one_way)
        if len(rules) == 1 and "allOf" not in made:
            made |= rules[0]
        elif rules:
            made.setdefault("allOf", []).extend(rules)
        if groups and self.form.extensions:
            made["x-oneof"] = groups

    def _of_group(self, fields: Sequence[Field], is_required: bool) -> Iterator[JsonSchema]:
        """That at most one of some fields is set, or exactly one."""
        names = [*map(self.name, fields)]
        if self.form.lenient and (is_required or len(fields) > 1):
            each = [*map(self._set, fields)]
            yield {"oneOf": each if is_required else [{"not": {"anyOf": each}}, *each]}
            return
        pairs: list[JsonSchema] = [{"required": [*pair]} for pair in combinations(names, 2)]
        if pairs:
            yield {"not": pairs[0] if len(pairs) == 1 else {"anyOf": pairs}}
        if is_required and names:
            yield {"anyOf": [{"required": [name]} for name in names]}

    def _set(self, one: Field) -> JsonSchema:
        """That a parser finds a field: by either name, and not null, unless that is a value of it."""
        has_null = one.type.name in (VALUE, NULL_VALUE)
        found: list[JsonSchema] = [
            {"required": [name], **({} if has_null else {"properties": {name: {"not": {"type": "null"}}}})}
            for name in dict.fromkeys((self.name(one), self._alias(one)))
        ]
        return found[0] if len(found) == 1 else {"anyOf": found}

    def _groups(self, message: Message) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        for oneof in message.oneofs:
            yield oneof.name, oneof.fields, self.facts.oneof_required(oneof)
        for kind, names in alternatives(message) if message.options else ():
            yield "", names, kind == "exactly_one"

    # Fields

    def property(self, one: Field) -> JsonSchema:
        """The schema of a field."""
        said, constraints = self.texts.of_field(one, exact=self.form.exact)
        if self._refuses_zero(one):
            constraints.append(("field", not_zero(one, self.facts)))
        value = self._value(one)
        if one.repeated or one.is_map:
            made = self._container(one, value, constraints)
        else:
            made = value
            for _, more in constraints:
                self._constrain(made, more, one)
        made = self._or_null(made, one)
        if said:
            made["description"] = said
        if (default := self._default(one)) is not None:
            made["default"] = default
        if one.deprecated:
            made["deprecated"] = True
        return made | self._behavior(one) | self._swagger(one)

    def _refuses_zero(self, one: Field) -> bool:
        """Whether the zero value counts as absent where the field is required."""
        if one.presence not in (Presence.IMPLICIT, Presence.NONE):
            return False
        counted = self.facts.mappings.zero_values
        return any(each.kind == "required" and each.rule.option in counted for each in self.facts.constraints(one))

    def _constrain(self, made: JsonSchema, more: JsonSchema, one: Field) -> None:
        """Add keywords to the schema of a value, in each of the forms that it may have."""
        if one.type.kind is Kind.ENUM and self.form.has_numbers:
            more = with_numbers(more, self.facts.schema.enums[one.type.name])
        if not self.form.lenient or "anyOf" not in made:
            merge(made, more)
            return
        for branch in made["anyOf"]:
            merge(branch, fitting(more, branch["type"]))

    def _value(self, one: Field) -> JsonSchema:
        """The schema of one value of a field, without its own constraints."""
        if one.type.kind is Kind.MESSAGE:
            name = one.type.name
            return self._scalar(WRAPPERS[name]) if name in WRAPPERS else self.of_message(name)
        if one.type.kind is Kind.SCALAR:
            made = self._scalar(one.type.name)
            if known := FIELD_FORMATS.get(self.facts.format(one)):
                made["format"] = known
            return made
        if one.type.name != NULL_VALUE:
            return self._reference(one.type.name)
        return {"enum": [None, "NULL_VALUE", 0]} if self.form.lenient else {"type": "null"}

    def _scalar(self, name: str) -> JsonSchema:
        return scalar(name, lenient=self.form.lenient, exact=self.form.exact)

    def _container(self, one: Field, value: JsonSchema, constraints: list[tuple[str, JsonSchema]]) -> JsonSchema:
        names: JsonSchema = map_keys(one.key) if one.is_map else {}
        made: JsonSchema = {"type": "object" if one.is_map else "array"}
        for of, more in constraints:
            if of == "value":
                self._constrain(value, more, one)
            else:
                merge(made if of == "field" else names, more)
        made["additionalProperties" if one.is_map else "items"] = value
        if names:
            made["propertyNames"] = names
        return made

    def _or_null(self, made: JsonSchema, one: Field | None = None) -> JsonSchema:
        """The schema of a field, or of a wrapper, that also allows null if a setting says so."""
        is_wrapper = one is None or (one.type.name in WRAPPERS and one.cardinality is Cardinality.SINGULAR)
        is_explicit = is_wrapper or (one is not None and one.presence is Presence.EXPLICIT)
        wanted = {"none": False, "wrappers": is_wrapper, "presence": is_explicit}
        if not (wanted[self.form.nullable] or self.form.lenient) or made == {} or made.get("type") == "null":
            return made
        if one is not None and self.is_required(one):  # null stands for an absent value
            return made
        if isinstance(made.get("type"), str):
            more: JsonSchema = {"enum": [*made["enum"], None]} if "enum" in made else {}
            return made | {"type": [made["type"], "null"]} | more
        return {"anyOf": [made, {"type": "null"}]}

    def _default(self, one: Field) -> Any:
        """The declared default value; None if there is none that JSON can write as a value of the schema."""
        text, name = one.default, one.type.name
        if text is None or name == "bytes" or text in ("inf", "-inf", "nan"):
            return None
        if name == "bool":
            return _BOOLS[text]
        if name in ("float", "double"):
            return float(text)
        return int(text) if name.endswith("32") else text

    def _behavior(self, one: Field) -> JsonSchema:
        behaviors = self.facts.behaviors(one)
        made: JsonSchema = {}
        if "OUTPUT_ONLY" in behaviors:
            made["readOnly"] = True
        if "INPUT_ONLY" in behaviors:
            made["writeOnly"] = True
        others = [each for each in behaviors if each not in _IN_KEYWORDS]
        return made | ({"x-field-behavior": others} if others and self.form.extensions else {})

    # Enums

    def enum(self, enum: Enum) -> JsonSchema:
        """The schema of an enum: the names of its values, with what they mean."""
        names: JsonSchema = {"type": "string", "enum": [value.name for value in enum.values]}
        made: JsonSchema = {"title": enum.name}
        said = [self.texts.comment(value) for value in enum.values]
        lines = [
            f"- `{value.name}`: {' '.join(text.split())}" if text else f"- `{value.name}`"
            for value, text in zip(enum.values, said, strict=True)
        ]
        every = [self.texts.comment(enum), "\n".join(lines) if any(said) else ""]
        if text := "\n\n".join(filter(None, every)):
            made["description"] = text
        made |= {"anyOf": [names, scalar("int32", exact=self.form.exact)]} if self.form.has_numbers else names
        if any(said) and self.form.extensions:
            made["x-enum-descriptions"] = said
        if enum.deprecated:
            made["deprecated"] = True
        return made | self._swagger(enum)
