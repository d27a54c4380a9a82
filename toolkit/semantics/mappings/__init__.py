"""Rule files: what options mean, declared as data.

``README.md`` beside this file describes the keys. The built-in files are read
first; later rules for the same option, member and kind replace earlier ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from msgspec.structs import replace

from toolkit.descriptors.casing import kebab_case
from toolkit.semantics.declared import Table, Text, convert, matching, read_toml

Whole = Literal["required", "size", "unique", "exactly_one"]
OfOneValue = Literal[
    "length", "bytes", "pattern", "search", "format", "prefix", "suffix", "contains", "not_contains", "value", "finite",
    "from_now", "in", "not_in", "defined", "paths", "paths_in", "paths_not_in",
]  # fmt: skip
Kind = Literal[Whole, OfOneValue]
OF_ONE_VALUE = frozenset(get_args(OfOneValue))
"""The kinds of constraint that each single value has to hold to."""
Operand = Literal["", "interval", "pattern", "list", "text", "within", "<=", ">=", "<", ">", "exact"]
OPERATORS = ("<=", ">=", "<", ">", "range", "exact", "list", "pattern")
Operator = Annotated[str, matching("|".join(OPERATORS), f"one of {', '.join(OPERATORS)}")]
Type = Literal["scalar", "enum", "message"]
Unit = Literal["", "duration", "timestamp"]
_CHOICE = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = ("low", "high", "for_each", "list", "pattern", "text", "Value")
Member = Annotated[str, matching(rf"[^{{}}]*(?:{_CHOICE.pattern}[^{{}}]*)?", "a path with at most one choice, {a,b}")]
Sentence = Annotated[
    str,
    matching(
        rf"(?:[^{{}}]|{{{{|}}}}|{{(?:{'|'.join(_PLACEHOLDERS)})}})*",
        f"a sentence in which only {', '.join(f'{{{name}}}' for name in _PLACEHOLDERS)} are in braces",
    ),
]


class ConstraintMapping(Table, frozen=True):
    """One row of the table: an option, or a member of it, and what it demands."""

    option: Text
    """The option's full name."""
    kind: Kind
    member: Member = ""
    """A path into a message-valued option, such as ``string.max_len``."""
    contains: str = ""
    """The option's value that it is about; for a list-valued option, the element that must be in it."""
    of: Literal["field", "key", "value"] = "field"
    operand: Operand = ""
    unit: Unit = ""
    """``duration`` or ``timestamp``, where the option's value is such a message."""
    value: str = ""
    """What counts instead of the option's value: ``{value}`` in it, or ``{text}`` as a pattern of it alone."""
    examples: tuple[str, ...] = ()
    """Values to try for an example; ``{text}`` in them is the option's value."""
    id: str = ""
    """What names the rule in a violation."""
    types: tuple[Type, ...] = ()
    """The kinds of type whose fields get a sentence; all, if empty."""
    sentences: Mapping[Operator, Sentence] = {}
    map_sentences: Mapping[Operator, Sentence] = {}

    @property
    def name(self) -> str:
        """The option and the member of it, as people write them."""
        return f"{self.option} {self.member}".rstrip()


class IgnoredMapping(Table, frozen=True):
    """A member of an option which, at this value, makes the option demand nothing."""

    option: Text
    member: Text
    value: str


class OperationMapping(Table, frozen=True):
    """An option of methods that names the types behind the ``Any`` fields of what they return."""

    option: Text
    fields: Mapping[str, str]
    """A field of the returned message → the option's member that names its type."""


class FactMapping(Table, frozen=True):
    """An option whose value is a fact: of a field how it behaves, of a service its host or the scopes of calls."""

    option: Text
    fact: Literal["behavior", "host", "scopes"]


@dataclass(frozen=True)
class Mappings:
    """Everything that is declared."""

    constraints: tuple[ConstraintMapping, ...] = ()
    operations: tuple[OperationMapping, ...] = ()
    well_known: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Prefix of a type's full name → a pattern of its public page."""
    ignored: tuple[IgnoredMapping, ...] = ()
    facts: tuple[FactMapping, ...] = ()
    outside: frozenset[str] = frozenset()
    """Options of which a lower bound above the upper one allows what is outside of the two."""

    def values(self, fact: str, options: Mapping[str, Any]) -> Iterator[str]:
        """What options say of a fact: strings, and the names of enum values."""
        for mapping in self.facts:
            value = options.get(mapping.option) if mapping.fact == fact else None
            yield from filter(lambda text: isinstance(text, str), value if isinstance(value, list) else [value])

    @cached_property
    def constraints_by_option(self) -> Mapping[str, Mapping[str, list[ConstraintMapping]]]:
        """The constraint mappings of each option by the first step of their member, in the order of the table."""
        found: dict[str, dict[str, list[ConstraintMapping]]] = {}
        for rule in self.constraints:
            found.setdefault(rule.option, {}).setdefault(rule.member.partition(".")[0], []).append(rule)
        return found

    def ignores(self, option: str, value: Any) -> bool:
        """Whether an option says of itself that it demands nothing."""
        return any(
            rule.option == option and isinstance(value, dict) and value.get(rule.member) == rule.value
            for rule in self.ignored
        )

    def plus(self, other: Mappings) -> Mappings:
        """These mappings and others; for the same option, member and kind the others win."""
        later = {(r.option, r.member, r.kind, r.of) for r in other.constraints}
        kept = tuple(r for r in self.constraints if (r.option, r.member, r.kind, r.of) not in later)
        named = {r.option for r in other.operations}
        return Mappings(
            kept + other.constraints,
            tuple(r for r in self.operations if r.option not in named) + other.operations,
            {**self.well_known, **other.well_known},
            tuple(dict.fromkeys(self.ignored + other.ignored)),
            tuple(dict.fromkeys(self.facts + other.facts)),
            self.outside | other.outside,
        )

    def page_of(self, full_name: str, file: str) -> str | None:
        """The public page of a well-known type, or None for any other."""
        prefixes = [p for p in self.well_known if full_name == p or (p.endswith(".") and full_name.startswith(p))]
        if not prefixes:
            return None
        name = full_name.rpartition(".")[2]
        kebab = kebab_case(name)
        pattern = self.well_known[max(prefixes, key=len)]
        return pattern.replace("{kebab-name}", kebab).replace("{name}", name).replace("{file}", file)


class _Nested(Table, frozen=True):
    """An option's constraints once more, for a member that holds the same ones for keys or values."""

    option: Text
    member: Text
    of: Literal["key", "value"]


class _File(Table, frozen=True):
    constraint: tuple[ConstraintMapping, ...] = ()
    nested: tuple[_Nested, ...] = ()
    ignored: tuple[IgnoredMapping, ...] = ()
    operation: tuple[OperationMapping, ...] = ()
    fact: tuple[FactMapping, ...] = ()
    well_known: Mapping[str, str] = {}
    outside: tuple[Text, ...] = ()


@cache
def built_in() -> Mappings:
    """The mappings that come with the toolkit."""
    return _with_files(Mappings(), sorted(Path(__file__).parent.glob("*.toml")))


def read_mappings(paths: Iterable[Path]) -> Mappings:
    """The built-in mappings and those of the files; :class:`ConfigError` names the entry that is wrong."""
    return _with_files(built_in(), paths)


def _with_files(mappings: Mappings, paths: Iterable[Path]) -> Mappings:
    for path in paths:
        declared = convert(read_toml(path, "the rules"), _File, path)
        constraints = [one for mapping in declared.constraint for one in _each_choice(mapping)]
        for nested in declared.nested:
            constraints += _nested(nested, constraints)
        mappings = mappings.plus(
            Mappings(
                tuple(constraints),
                declared.operation,
                declared.well_known,
                declared.ignored,
                declared.fact,
                frozenset(declared.outside),
            )
        )
    return mappings


def _each_choice(mapping: ConstraintMapping) -> Iterator[ConstraintMapping]:
    """A mapping whose member holds ``{a,b}`` stands for one mapping for each of them."""
    head, *choice = _CHOICE.split(mapping.member)
    for part in choice[0].split(",") if choice else [""]:
        yield replace(mapping, member="".join((head, part.strip(), *choice[1:])))


def _nested(nested: _Nested, mappings: Iterable[ConstraintMapping]) -> list[ConstraintMapping]:
    return [
        replace(mapping, member=f"{nested.member}.{mapping.member}", of=nested.of, id=mapping.id or mapping.member)
        for mapping in mappings
        if mapping.option == nested.option and mapping.of == "field" and mapping.kind in OF_ONE_VALUE
    ]
