"""Options that describe an element: as facts, as texts, and as resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from toolkit.descriptors.comments import CONTROL
from toolkit.semantics.declared import Table, Text

Fact = Literal[
    "behavior", "sensitive", "format", "types", "reference", "child_reference",  # of a field
    "signature", "idempotency",  # of a method
    "host", "scopes",  # of a service
    "restriction",  # of any element
]  # fmt: skip
TextKind = Literal["summary", "description", "example"]


class FactMapping(Table, frozen=True):
    """An option whose value is a fact about an element."""

    option: Text
    fact: Fact
    member: str = ""
    """If the option is a message: the path of the member in it."""
    values: Mapping[str, str] = {}
    """A value of the option → the fact; other values say nothing. If empty, every value is the fact."""


class TextMapping(Table, frozen=True):
    """An option whose value is text for an element without a comment, or an example value."""

    option: Text
    text: TextKind
    member: str = ""


class ResourceMapping(Table, frozen=True):
    """An option of messages or files that declares a resource; the other keys are paths of its members."""

    option: Text
    type: Text
    pattern: str = ""
    name_field: str = ""


@dataclass(frozen=True)
class Described:
    """The mappings of options that describe an element."""

    facts: tuple[FactMapping, ...] = ()
    texts: tuple[TextMapping, ...] = ()
    resources: tuple[ResourceMapping, ...] = ()
    swagger: tuple[str, ...] = ()
    """Options that say of an element what OpenAPI 2 says, in the messages of protoc-gen-openapiv2."""

    def plus(self, other: Described) -> Described:
        """These mappings and others, which win for the same option, member and kind."""
        facts = {(m.option, m.member, m.fact): m for m in (*self.facts, *other.facts)}
        texts = {(m.option, m.member, m.text): m for m in (*self.texts, *other.texts)}
        resources = {m.option: m for m in (*self.resources, *other.resources)}
        swagger = tuple(dict.fromkeys(self.swagger + other.swagger))
        return Described(tuple(facts.values()), tuple(texts.values()), tuple(resources.values()), swagger)

    def values(self, fact: Fact, options: Mapping[str, Any]) -> Iterator[str]:
        """What options say of a fact, in the order of the mappings, then of the values."""
        for mapping in self._by_fact.get(fact, ()) if options else ():
            if mapping.option in options:
                for text in strings(options, mapping.option, mapping.member):
                    if not mapping.values or text in mapping.values:
                        yield mapping.values.get(text, text)

    def is_said(self, options: Mapping[str, Any]) -> bool:
        """Whether options say a fact or a text."""
        return not self._options.isdisjoint(options)

    @cached_property
    def _options(self) -> frozenset[str]:
        return frozenset(fact.option for fact in self.facts) | {text.option for text in self.texts}

    @cached_property
    def _by_fact(self) -> Mapping[str, list[FactMapping]]:
        found: dict[str, list[FactMapping]] = {}
        for mapping in self.facts:
            found.setdefault(mapping.fact, []).append(mapping)
        return found

    def text(self, kind: TextKind, options: Mapping[str, Any]) -> Iterator[str]:
        """The texts of a kind in options."""
        for mapping in self.texts if options else ():
            if mapping.text == kind and mapping.option in options:
                yield from filter(None, strings(options, mapping.option, mapping.member))


def strings(options: Mapping[str, Any], option: str, member: str) -> Iterator[str]:
    """The values of an option, or of a member: strings without control characters, names of enum values, switches."""
    for value in option_values(options, f"{option}.{member}" if member else option):
        if isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, str):
            yield CONTROL.sub("", value.replace("\r\n", "\n")).strip()


def option_values(options: Mapping[str, Any], name: str) -> Iterator[Any]:
    """The values of an option, or of a member of one; for lists, each of their values."""
    if name in options:
        value = options[name]
        yield from value if isinstance(value, list) else (value,)
    dot = name.rfind(".")
    while dot > 0:
        value = options.get(name[:dot])
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Mapping):
                yield from option_values(item, name[dot + 1 :])
        dot = name.rfind(".", 0, dot)
