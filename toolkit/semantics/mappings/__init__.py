"""Rule files: what options mean, declared as data.

``README.md`` beside this file describes the keys. The built-in files are read
first; later rules for the same option, member and kind replace earlier ones.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from toolkit.descriptors.casing import kebab_case
from toolkit.errors import ConfigError, Location

KINDS = ("required", "length", "pattern", "value", "in", "not_in", "defined", "size", "unique", "bytes", "exactly_one")
OPERANDS = ("", "interval", "pattern", "list", "<=", ">=", "<", ">", "exact")
OF_ONE_VALUE = frozenset(("length", "pattern", "value", "in", "not_in", "defined", "bytes"))
"""The kinds of constraint that each single value has to hold to."""
OPERATORS = ("<=", ">=", "<", ">", "range", "exact", "list", "pattern")
TYPES = ("scalar", "enum", "message")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = ("low", "high", "for_each", "list", "pattern", "text", "Value")
_UNITS = ("", "duration", "timestamp")
_TABLES = ("constraint", "nested", "ignored", "operation")


@dataclass(frozen=True, slots=True)
class ConstraintMapping:
    """One row of the table: an option, or a member of it, and what it demands."""

    option: str
    """The option's full name."""
    kind: str
    member: str = ""
    """A path into a message-valued option, such as ``string.max_len``."""
    contains: str = ""
    """For a list-valued option: the element that must be in it."""
    of: str = "field"
    """``field``, ``key`` or ``value``."""
    operand: str = ""
    unit: str = ""
    """``duration`` or ``timestamp``, where the option's value is such a message."""
    value: str = ""
    """What counts instead of the option's value: ``{value}`` in it, or ``{text}`` as a pattern of it alone."""
    examples: tuple[str, ...] = ()
    """Values to try for an example; ``{text}`` in them is the option's value."""
    types: tuple[str, ...] = ()
    """The kinds of type (``scalar``, ``enum``, ``message``) whose fields get a sentence; all, if empty."""
    sentences: Mapping[str, str] = field(default_factory=dict, hash=False)
    map_sentences: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """The option and the member of it, as people write them."""
        return f"{self.option} {self.member}".rstrip()


@dataclass(frozen=True, slots=True)
class IgnoredMapping:
    """A member of an option which, at this value, makes the option demand nothing."""

    option: str
    member: str
    value: str


@dataclass(frozen=True, slots=True)
class OperationMapping:
    """An option of methods that names the types behind the ``Any`` fields of what they return."""

    option: str
    fields: Mapping[str, str] = field(hash=False)
    """A field of the returned message → the option's member that names its type."""


@dataclass(frozen=True)
class Mappings:
    """Everything that is declared."""

    constraints: tuple[ConstraintMapping, ...] = ()
    operations: tuple[OperationMapping, ...] = ()
    well_known: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Prefix of a type's full name → a pattern of its public page."""
    ignored: tuple[IgnoredMapping, ...] = ()

    @cached_property
    def constraints_by_option(self) -> Mapping[str, Mapping[str, list[ConstraintMapping]]]:
        """The constraint rules of each option by the first step of their member, in the order of the table."""
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
        """These rules and others; for the same option, member and kind the others win."""
        later = {(r.option, r.member, r.kind, r.of) for r in other.constraints}
        kept = tuple(r for r in self.constraints if (r.option, r.member, r.kind, r.of) not in later)
        named = {r.option for r in other.operations}
        return Mappings(
            kept + other.constraints,
            tuple(r for r in self.operations if r.option not in named) + other.operations,
            {**self.well_known, **other.well_known},
            tuple(dict.fromkeys(self.ignored + other.ignored)),
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


@cache
def built_in() -> Mappings:
    """The rules that come with the toolkit."""
    rules = Mappings()
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            rules = rules.plus(parse_mappings(tomllib.loads(entry.read_text(encoding="utf-8")), entry.name))
    return rules


def read_mappings(paths: Iterable[Path]) -> Mappings:
    """The built-in rules and those of the files."""
    rules = built_in()
    for path in paths:
        try:
            content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"cannot read the rules {str(path)!r}: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"not valid TOML: {error}", location=Location(str(path))) from None
        rules = rules.plus(parse_mappings(content, str(path)))
    return rules


def parse_mappings(content: Mapping[str, Any], source: str) -> Mappings:
    """Mappings from parsed TOML; :class:`ConfigError` names the entry that is wrong."""
    location = Location(source)
    unknown = set(content) - {*_TABLES, "well_known"}
    if unknown:
        raise ConfigError(f"unknown table {sorted(unknown)[0]!r}", location=location)
    for table in _TABLES:
        if not isinstance(content.get(table, []), list):
            raise ConfigError(f"{table!r} is written as [[{table}]] tables", location=location)
    well_known = content.get("well_known", {})
    if not _strings(well_known):
        raise ConfigError("[well_known] maps prefixes to strings", location=location)
    constraints = [
        rule
        for number, entry in enumerate(content.get("constraint", []), 1)
        for rule in _constraints(entry, number, location)
    ]
    for number, entry in enumerate(content.get("nested", []), 1):
        constraints += _nested(entry, number, location, constraints)
    return Mappings(
        tuple(constraints),
        tuple(_operation(o, n, location) for n, o in enumerate(content.get("operation", []), 1)),
        well_known,
        tuple(_ignored(i, n, location) for n, i in enumerate(content.get("ignored", []), 1)),
    )


def _constraints(entry: Any, number: int, location: Location) -> Iterator[ConstraintMapping]:
    """The rules of an entry: its member may hold ``{a,b}``, which stands for one rule each."""
    where = f"[[constraint]] number {number}"
    known = ConstraintMapping.__dataclass_fields__
    if not isinstance(entry, dict):
        raise ConfigError(f"{where} is not a table", location=location)
    for key in entry:
        if key not in known:
            raise ConfigError(f"{where} has the unknown key {key!r}", location=location)
    for key in ("option", "kind"):
        if not entry.get(key):
            raise ConfigError(f"{where} lacks {key!r}", location=location)
    for key in ("option", "member", "contains", "value"):
        if not isinstance(entry.get(key, ""), str):
            raise ConfigError(f"{where}: {key} is not a string", location=location)
    for key, allowed in (("kind", KINDS), ("operand", OPERANDS), ("of", ("field", "key", "value")), ("unit", _UNITS)):
        if entry.get(key, allowed[0]) not in allowed:
            raise ConfigError(f"{where}: {key} is none of {', '.join(filter(None, allowed))}", location=location)
    types = entry.get("types", [])
    if not isinstance(types, list) or any(t not in TYPES for t in types):
        raise ConfigError(f"{where}: types is a list of {', '.join(TYPES)}", location=location)
    examples = entry.get("examples", [])
    if not isinstance(examples, list) or not all(isinstance(text, str) for text in examples):
        raise ConfigError(f"{where}: examples is a list of strings", location=location)
    for key in ("sentences", "map_sentences"):
        sentences = entry.get(key, {})
        if not _strings(sentences):
            raise ConfigError(f"{where}: {key} maps operators to strings", location=location)
        for operator, text in sentences.items():
            if operator not in OPERATORS:
                raise ConfigError(
                    f"{where}: {key} has {operator!r}, not one of {' '.join(OPERATORS)}", location=location
                )
            if not _is_sentence(text):
                names = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
                raise ConfigError(f"{where}: {text!r} may hold only {names}", location=location)
    rule = ConstraintMapping(**{**entry, "types": tuple(types), "examples": tuple(examples)})
    head, *choices = _CHOICE.split(rule.member)
    if len(choices) > 2 or "{" in "".join((head, *choices[1:])) or "}" in "".join((head, *choices[1:])):
        raise ConfigError(f"{where}: member {rule.member!r} may hold one choice, {{a,b}}", location=location)
    for part in choices[0].split(",") if choices else [""]:
        yield replace(rule, member="".join((head, part.strip(), *choices[1:])))


def _is_sentence(text: str) -> bool:
    """Whether all that stands in braces are names of what a sentence may hold."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return False
    return all(name is None or (name in _PLACEHOLDERS and not (spec or how)) for _, name, spec, how in parts)


def _nested(entry: Any, number: int, location: Location, rules: Iterable[ConstraintMapping]) -> list[ConstraintMapping]:
    """The rules of an option once more, for a member that holds the same rules for keys or values."""
    if not _strings(entry) or set(entry) != {"option", "member", "of"} or entry["of"] not in ("key", "value"):
        raise ConfigError(f"[[nested]] number {number} has 'option', 'member' and 'of' (key, value)", location=location)
    return [
        replace(rule, member=f"{entry['member']}.{rule.member}", of=entry["of"])
        for rule in rules
        if rule.option == entry["option"] and rule.of == "field" and rule.kind in OF_ONE_VALUE
    ]


def _ignored(entry: Any, number: int, location: Location) -> IgnoredMapping:
    if not _strings(entry) or set(entry) != {"option", "member", "value"}:
        raise ConfigError(f"[[ignored]] number {number} has 'option', 'member' and 'value'", location=location)
    return IgnoredMapping(**entry)


def _operation(entry: Any, number: int, location: Location) -> OperationMapping:
    where = f"[[operation]] number {number}"
    keys = {"option", "fields"}
    if not (
        isinstance(entry, dict)
        and set(entry) == keys
        and isinstance(entry["option"], str)
        and _strings(entry["fields"])
    ):
        raise ConfigError(f"{where} has an 'option' and a table 'fields' of strings", location=location)
    return OperationMapping(entry["option"], entry["fields"])


def _strings(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
