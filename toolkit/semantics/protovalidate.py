"""protovalidate's options, as far as a table cannot say what they mean.

Its package decides about all of them where it is installed, and only it can
evaluate CEL expressions and the rules that others predefined with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.descriptors.model import Field, Kind, Message, Oneof, Schema
from toolkit.descriptors.well_known import ANY, DURATION, FIELD_MASK, TIMESTAMP, WRAPPERS
from toolkit.errors import Diagnostic
from toolkit.runtime import official
from toolkit.runtime.constraints import OFFICIAL
from toolkit.semantics.constraints import Constraint
from toolkit.semantics.mappings import Mappings

FIELD, MESSAGE, ONEOF = (f"{OFFICIAL}{name}" for name in ("field", "message", "oneof"))
PREDEFINED = f"{OFFICIAL}predefined"
OPTIONS = (FIELD, MESSAGE, ONEOF, PREDEFINED)
_NESTED = {"repeated.items": "value", "map.keys": "key", "map.values": "value"}
"""Where the rules for what a field holds are, and what they are about."""
_SILENT = ("required", "ignore")
_SILENT_MEMBERS = ("example", "strict")
_EXPRESSIONS = ("cel", "cel_expression")
_ALWAYS, _IF_ZERO = "IGNORE_ALWAYS", "IGNORE_IF_ZERO_VALUE"
_IF_ZERO_TOO = (_IF_ZERO, "IGNORE_IF_UNPOPULATED", "IGNORE_EMPTY")
"""The names that the value 1 had and has."""
_MESSAGES = {"any": ANY, "duration": DURATION, "field_mask": FIELD_MASK, "timestamp": TIMESTAMP}
_MISSING = "protovalidate is not installed, so CEL expressions are not evaluated"
_HINT = "pip install 'proto-toolkit[protovalidate]'"


def is_declared(schema: Schema) -> bool:
    """Whether the tree declares its options."""
    return FIELD in schema.extensions


def option_numbers(schema: Schema) -> frozenset[int]:
    """The numbers of the options: its package reads them from descriptors."""
    return frozenset(schema.extensions[name].number for name in OPTIONS if name in schema.extensions)


def diagnostics(schema: Schema) -> list[Diagnostic]:
    """A warning if the tree needs the package and it is not installed."""
    if not is_declared(schema) or official.package() is not None:
        return []
    return [Diagnostic(schema.extensions[FIELD].location, _MISSING, _HINT)]


def rule_id(constraint: Constraint) -> str:
    """What names the rule of a constraint in a violation."""
    name = constraint.rule.id or constraint.rule.member
    if constraint.upper is None or constraint.interval is None:
        return name
    upper = constraint.upper.member.rpartition(".")[2]
    return f"{name}_{upper}{'_exclusive' if constraint.interval.outside else ''}"


def applies(constraint: Constraint, element: Field | Oneof, message: Message) -> str:
    """When a constraint is checked, as ``Constraint.applies`` of the runtime has it."""
    rules = element.options[constraint.rule.option]
    path = ".".join(constraint.rule.member.split(".")[:2])
    if path in _NESTED:
        first, _, second = path.partition(".")
        ignore = rules[first][second].get("ignore")
    else:
        ignore = rules.get("ignore", _IF_ZERO if _is_alternative(element, message) else None)
    return "nonzero" if ignore in _IF_ZERO_TOO else "always"


def _is_alternative(element: Field | Oneof, message: Message) -> bool:
    """Whether a field is one of those of which the message may have only one."""
    return any(element.name in one.get("fields", ()) for one in _of(message).get("oneof", ()))


def _of(element: Field | Message) -> Mapping[str, Any]:
    found = element.options.get(FIELD if isinstance(element, Field) else MESSAGE, {})
    return found if isinstance(found, dict) else {}


def pattern(constraint: Constraint, element: Field | Oneof) -> str:
    """The pattern or format of a constraint: less strict where a sibling of the rule says so."""
    if constraint.kind != "format" or not constraint.rule.contains:
        return constraint.pattern
    rules = element.options[constraint.rule.option]
    for part in constraint.rule.member.split(".")[:-1]:
        rules = rules[part]
    return constraint.pattern if rules.get("strict", True) else f"{constraint.pattern}_loose"


def alternatives(message: Message) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The fields of which a message may have only one: kind, fields and text."""
    for one in _of(message).get("oneof", ()):
        fields = tuple(one.get("fields", ()))
        names = ", ".join(f"`{name}`" for name in fields)
        if one.get("required"):
            yield "exactly_one", fields, f"Exactly one of the fields {names} must be set."
        else:
            yield "at_most_one", fields, f"At most one of the fields {names} can be set."


def faults(element: Field | Message) -> Iterator[str]:
    """What keeps the rules of a field or message from making sense."""
    if isinstance(element, Message):
        known = {field.name for field in element.fields}
        for _, fields, _ in alternatives(element):
            wrong = sorted(set(fields) - known) or sorted({name for name in fields if fields.count(name) > 1})
            if wrong or not fields:
                yield f"(buf.validate.message).oneof: {wrong[0] if wrong else 'no field'} cannot be one of the fields"
        return
    for prefix, rules in _levels(element):
        for kind, members in rules.items():
            if isinstance(members, dict) and not _fits(kind, prefix, element):
                yield f"({FIELD}).{prefix}{kind} does not fit the field's type"


def _levels(field: Field) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rules of a field and of what it holds, unless they are ignored; each with where they are."""
    rules = _of(field)
    if rules.get("ignore") == _ALWAYS:
        return
    yield "", rules
    for path in _NESTED:
        first, _, second = path.partition(".")
        nested = rules.get(first, {}).get(second)
        if nested is not None and nested.get("ignore") != _ALWAYS:
            yield f"{path}.", nested


def _fits(kind: str, prefix: str, field: Field) -> bool:
    """Whether rules of a kind can be about a field, or (``prefix``) about what it holds."""
    if prefix == "map.keys.":
        return kind == field.key
    if not prefix and (field.repeated or field.is_map):
        return kind == ("map" if field.is_map else "repeated")
    name = field.type.name
    if field.type.kind is Kind.ENUM:
        return kind == "enum"
    return kind == WRAPPERS.get(name, name) if kind not in _MESSAGES else name == _MESSAGES[kind]


def skipped(field: Field) -> bool:
    """Whether the messages that a field holds are not to be looked at."""
    rules = _of(field)
    nested = (rules.get(first, {}).get(second, {}) for first, second in (("repeated", "items"), ("map", "values")))
    return any(one.get("ignore") == _ALWAYS for one in (rules, *nested))


def official_only(element: Field | Message, mappings: Mappings) -> Iterator[tuple[str, str, str]]:
    """The rules that the table does not have: option and member, what they are about, and the id."""
    if isinstance(element, Message):
        yield from ((f"{MESSAGE} cel", "field", name) for _, name in _expressions(_of(element)))
        others = _of(element).keys() - {"oneof", *_EXPRESSIONS}
        yield from ((f"{MESSAGE} {name}", "field", name) for name in sorted(others))
        return
    known = {rule.member for rule in mappings.constraints if rule.option == FIELD}
    for prefix, rules in _levels(element):
        of = _NESTED.get(prefix.rstrip("."), "field")
        for path, name in _expressions(rules):
            yield f"{FIELD} {prefix}{path}", of, name
        for kind, members in rules.items():
            if kind in (*_SILENT, *_EXPRESSIONS):
                continue
            if not isinstance(members, dict):
                yield f"{FIELD} {prefix}{kind}", of, kind
                continue
            for member in members:
                path = f"{kind}.{member}"
                if path not in _NESTED and member not in _SILENT_MEMBERS and f"{prefix}{path}" not in known:
                    written = f"{kind}.[{member}]" if "." in member else path
                    yield f"{FIELD} {prefix}{written}", of, written


def predefined_by(field: Field) -> Iterator[str]:
    """The extensions of protovalidate's rules that a field uses."""
    for _, rules in _levels(field):
        for members in rules.values():
            yield from (member for member in members if "." in member) if isinstance(members, dict) else ()


def _expressions(rules: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where rules have CEL expressions, and the identifiers of these."""
    for key in _EXPRESSIONS:
        for number, one in enumerate(rules.get(key, ())):
            yield f"{key}[{number}]", one if isinstance(one, str) else one.get("id") or one.get("expression", "")
