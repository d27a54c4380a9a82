"""Option mappings: what options mean, declared as data.

The guide describes the keys (``site/guide/configure.md``). The built-in files
are read first; a later mapping for the same option, member and kind replaces an
earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from msgspec.structs import replace

from toolkit.descriptors.casing import kebab_case
from toolkit.errors import ConfigError, Location
from toolkit.semantics.declared import Table, Text, convert, matching, read_toml
from toolkit.semantics.mappings.described import Described, FactMapping, ResourceMapping, TextMapping

Whole = Literal["required", "size", "unique", "exactly_one", "skip"]
OfOneValue = Literal[
    "length", "bytes", "pattern", "search", "format", "prefix", "suffix", "contains", "not_contains", "value", "finite",
    "from_now", "in", "not_in", "defined", "paths", "paths_in", "paths_not_in",
]  # fmt: skip
Kind = Literal[Whole, OfOneValue]
OF_ONE_VALUE = frozenset(get_args(OfOneValue))
"""The kinds of constraint that apply to each single value."""
Operand = Literal["", "interval", "pattern", "list", "text", "within", "<=", ">=", "<", ">", "exact"]
OPERATORS = ("<=", ">=", "<", ">", "range", "both", "either", "exact", "list", "pattern")
Operator = Annotated[str, matching("|".join(OPERATORS), f"one of {', '.join(OPERATORS)}")]
Type = Literal["scalar", "enum", "message"]
Unit = Literal["", "duration", "timestamp"]
_CHOICE = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = (
    *("low", "high", "lower", "upper", "for_each", "as_key", "list", "list_or", "list_and", "pattern", "text", "Value"),
    *("s", "y", "is"),
)
_AT_MOST_ONE = rf"[^{{}}]*(?:{_CHOICE.pattern}[^{{}}]*)?"
Member = Annotated[str, matching(_AT_MOST_ONE, "a path with at most one choice, {a,b}")]
Option = Annotated[str, matching(rf"(?=.){_AT_MOST_ONE}", "a non-empty string with at most one choice, {a,b}")]
Sentence = Annotated[
    str,
    matching(
        rf"(?:[^{{}}]|{{{{|}}}}|{{(?:{'|'.join(_PLACEHOLDERS)})}})*",
        f"a sentence in which only {', '.join(f'{{{name}}}' for name in _PLACEHOLDERS)} are in braces",
    ),
]


class ConstraintMapping(Table, frozen=True):
    """An option, or a member of one, as a constraint."""

    option: Option
    """Full name of the option."""
    kind: Kind
    member: Member = ""
    """If the option is a message: a path in it, such as ``string.max_len``."""
    contains: str = ""
    """The value of the option that it applies to; if the option is a list, the element that it must contain."""
    of: Literal["field", "key", "value"] = "field"
    operand: Operand = ""
    unit: Unit = ""
    """``duration`` or ``timestamp``, if the value of the option is such a message."""
    exclusive: str = ""
    """A member next to the bound; if it is true, the bound itself is not allowed."""
    value: str = ""
    """Replaces the value of the option, which is ``{value}`` in it, or ``{text}`` as a pattern that only matches it."""
    examples: tuple[str, ...] = ()
    """Values to try in examples; ``{text}`` in them is the value of the option."""
    loose: str = ""
    """A member next to the rule; if it is false, a less strict variant of the format applies."""
    id: str = ""
    """The name of the rule in violations."""
    types: tuple[Type, ...] = ()
    """The kinds of type whose fields get a sentence; if empty, all. Wrappers count as what they wrap."""
    words: str = ""
    """The name of sentences that mappings share; those in ``sentences`` replace them."""
    sentences: Mapping[Operator, Sentence] = {}
    map_sentences: Mapping[Operator, Sentence] = {}

    @property
    def name(self) -> str:
        """The option and its member."""
        return f"{self.option} {self.member}".rstrip()


class IgnoredMapping(Table, frozen=True):
    """A member of an option that disables the option if it has this value."""

    option: Text
    member: Text
    value: str
    applies: Literal["never", "nonzero"] = "never"
    """``nonzero``: the rules next to the member still apply, but not to zero values."""


class OperationMapping(Table, frozen=True):
    """A method option that names the types behind the ``Any`` fields of the response."""

    option: Text
    fields: Mapping[str, str]
    """A field of the response → the member of the option that names its type."""


@dataclass(frozen=True)
class Mappings:
    """All option mappings."""

    constraints: tuple[ConstraintMapping, ...] = ()
    operations: tuple[OperationMapping, ...] = ()
    well_known: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Prefix of the full name of a type → pattern for the URL of its public page."""
    ignored: tuple[IgnoredMapping, ...] = ()
    described: Described = Described()
    outside: frozenset[str] = frozenset()
    """Options of which a lower bound above the upper one allows what is outside of the two."""
    zero_values: frozenset[str] = frozenset()
    """Options that also apply to fields without presence that have their zero value."""
    disabled: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """A message option → the options of fields and oneofs that it disables in the message."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """Sentences by name and operator."""

    @cached_property
    def constraints_by_option(self) -> Mapping[str, Mapping[str, list[ConstraintMapping]]]:
        """The constraint mappings of each option, by the first part of their member, in order of declaration."""
        found: dict[str, dict[str, list[ConstraintMapping]]] = {}
        for rule in self.constraints:
            found.setdefault(rule.option, {}).setdefault(rule.member.partition(".")[0], []).append(rule)
        return found

    def ignores(self, option: str, value: Any, applies: str = "never") -> bool:
        """Whether an option disables itself, entirely or for zero values."""
        return any(
            rule.option == option and rule.applies == applies and _is(value.get(rule.member), rule.value)
            for rule in (self.ignored if isinstance(value, dict) else ())
        )

    def disabling(self, options: Mapping[str, Any]) -> Set[str]:
        """The options of fields and oneofs that the options of their message disable."""
        return {name for by, names in self.disabled.items() if options.get(by) is True for name in names}

    def plus(self, other: Mappings) -> Mappings:
        """These mappings and others, which win for the same option, member and kind."""
        later = {(r.option, r.member, r.kind, r.of) for r in other.constraints}
        kept = tuple(r for r in self.constraints if (r.option, r.member, r.kind, r.of) not in later)
        named = {r.option for r in other.operations}
        return Mappings(
            kept + other.constraints,
            tuple(r for r in self.operations if r.option not in named) + other.operations,
            {**self.well_known, **other.well_known},
            tuple(dict.fromkeys(self.ignored + other.ignored)),
            self.described.plus(other.described),
            self.outside | other.outside,
            self.zero_values | other.zero_values,
            {**self.disabled, **other.disabled},
            {**self.words, **other.words},
        )

    def page_of(self, full_name: str, file: str) -> str | None:
        """The public page of a well-known type; None for other types."""
        prefixes = [p for p in self.well_known if full_name == p or (p.endswith(".") and full_name.startswith(p))]
        if not prefixes:
            return None
        name = full_name.rpartition(".")[2]
        kebab = kebab_case(name)
        pattern = self.well_known[max(prefixes, key=len)]
        return pattern.replace("{kebab-name}", kebab).replace("{name}", name).replace("{file}", file)


class _Nested(Table, frozen=True):
    """Repeats the constraints of an option for a member that applies them to keys or values."""

    option: Option
    member: Text
    of: Literal["key", "value"]


_Mapping = TypeVar("_Mapping", ConstraintMapping, _Nested)


class _File(Table, frozen=True):
    constraint: tuple[ConstraintMapping, ...] = ()
    nested: tuple[_Nested, ...] = ()
    ignored: tuple[IgnoredMapping, ...] = ()
    operation: tuple[OperationMapping, ...] = ()
    fact: tuple[FactMapping, ...] = ()
    text: tuple[TextMapping, ...] = ()
    resource: tuple[ResourceMapping, ...] = ()
    well_known: Mapping[str, str] = {}
    swagger: tuple[Text, ...] = ()
    outside: tuple[Text, ...] = ()
    zero_values: tuple[Text, ...] = ()
    disabled: Mapping[str, tuple[Text, ...]] = {}
    words: Mapping[str, Mapping[Operator, Sentence]] = {}


def _is(value: Any, text: str) -> bool:
    """Whether a mapping means a value; true and false are written as in protos."""
    return (str(value).lower() if isinstance(value, bool) else value) == text


@cache
def built_in() -> Mappings:
    """The built-in mappings."""
    return _with_files(Mappings(), sorted(Path(__file__).parent.glob("*.toml")))


def read_mappings(paths: Iterable[Path]) -> Mappings:
    """The built-in mappings and those in the files; :class:`ConfigError` names the invalid entry."""
    return _with_files(built_in(), paths)


def _with_files(mappings: Mappings, paths: Iterable[Path]) -> Mappings:
    files = [(path, convert(read_toml(path, "the option mappings"), _File, path)) for path in paths]
    words = {**mappings.words, **{name: file.words[name] for _, file in files for name in file.words}}
    for path, declared in files:
        constraints = [_worded(one, words, path) for mapping in declared.constraint for one in _each_choice(mapping)]
        for nested in declared.nested:
            for one in _each_choice(nested):
                constraints += _nested(one, constraints)
        mappings = mappings.plus(
            Mappings(
                tuple(constraints),
                declared.operation,
                declared.well_known,
                declared.ignored,
                Described(declared.fact, declared.text, declared.resource, declared.swagger),
                frozenset(declared.outside),
                frozenset(declared.zero_values),
                declared.disabled,
                declared.words,
            )
        )
    return mappings


def _worded(mapping: ConstraintMapping, words: Mapping[str, Mapping[str, str]], path: Path) -> ConstraintMapping:
    """A mapping with the sentences that it shares with others."""
    if not mapping.words:
        return mapping
    if mapping.words not in words:
        what = f"[[constraint]] ({mapping.option}): there are no words {mapping.words!r}"
        raise ConfigError(what, location=Location(str(path)), hint=f"one of: {', '.join(sorted(words))}")
    return replace(mapping, sentences={**words[mapping.words], **mapping.sentences})


def _each_choice(mapping: _Mapping) -> Iterator[_Mapping]:
    """Expand a mapping with ``{a,b}`` in its option or its member into one for each of them."""
    for option in _choices(mapping.option):
        for member in _choices(mapping.member):
            yield replace(mapping, option=option, member=member)


def _choices(text: str) -> Iterator[str]:
    head, *choice = _CHOICE.split(text)
    for part in choice[0].split(",") if choice else [""]:
        yield "".join((head, part.strip(), *choice[1:]))


def _nested(nested: _Nested, mappings: Iterable[ConstraintMapping]) -> list[ConstraintMapping]:
    return [
        replace(mapping, member=f"{nested.member}.{mapping.member}", of=nested.of, id=mapping.id or mapping.member)
        for mapping in mappings
        if mapping.option == nested.option and mapping.of == "field" and mapping.kind in OF_ONE_VALUE
    ]
