"""The options of protovalidate that option mappings can't express.

If its package is installed, it evaluates all options. Only the package can
evaluate CEL expressions and predefined rules that use them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
"""The members with rules for the contents of a field, and what they apply to."""
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


def diagnostics(schema: Schema) -> list[Diagnostic]:
    """A warning if the tree needs the package and it is not installed."""
    if not is_declared(schema) or official.package() is not None:
        return []
    return [Diagnostic(schema.extensions[FIELD].location, _MISSING, _HINT)]


def rule_id(constraint: Constraint) -> str:
    """The name of a constraint's rule in a violation."""
    name = constraint.rule.id or constraint.rule.member
    if constraint.upper is None or constraint.interval is None:
        return name
    upper = constraint.upper.member.rpartition(".")[2]
    return f"{name}_{upper}{'_exclusive' if constraint.interval.outside else ''}"


def applies(constraint: Constraint, element: Field | Oneof, message: Message) -> str:
    """When to check a constraint, as in ``Constraint.applies`` of the runtime."""
    rules = element.options[constraint.rule.option]
    path = ".".join(constraint.rule.member.split(".")[:2])
    if path in _NESTED:
        first, _, second = path.partition(".")
        ignore = rules[first][second].get("ignore")
    else:
        ignore = rules.get("ignore", _IF_ZERO if _is_alternative(element, message) else None)
    return "nonzero" if ignore in _IF_ZERO_TOO else "always"


def _is_alternative(element: Field | Oneof, message: Message) -> bool:
    """Whether a field is in a group of which only one may be set."""
    return any(element.name in one.get("fields", ()) for one in _of(message).get("oneof", ()))


def _of(element: Field | Message) -> Mapping[str, Any]:
    found = element.options.get(FIELD if isinstance(element, Field) else MESSAGE, {})
    return found if isinstance(found, dict) else {}


def alternatives(message: Message) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The groups of fields of which only one may be set: kind and fields."""
    for one in _of(message).get("oneof", ()):
        yield "exactly_one" if one.get("required") else "at_most_one", tuple(one.get("fields", ()))


def faults(element: Field | Message) -> Iterator[str]:
    """The problems in the rules of a field or message."""
    if isinstance(element, Message):
        known = {field.name for field in element.fields}
        for _, fields in alternatives(element):
            wrong = sorted(set(fields) - known) or sorted({name for name in fields if fields.count(name) > 1})
            if wrong or not fields:
                yield f"(buf.validate.message).oneof: {wrong[0] if wrong else 'no field'} cannot be one of the fields"
        return
    for prefix, rules in _levels(element):
        for kind, members in rules.items():
            if isinstance(members, dict) and not _fits(kind, prefix, element):
                yield f"({FIELD}).{prefix}{kind} does not fit the field's type"


def _levels(field: Field) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rules of a field and of its contents, unless they are ignored; each with its location."""
    rules = _of(field)
    if not rules or rules.get("ignore") == _ALWAYS:
        return
    yield "", rules
    for path in _NESTED:
        first, _, second = path.partition(".")
        nested = rules.get(first, {}).get(second)
        if nested is not None and nested.get("ignore") != _ALWAYS:
            yield f"{path}.", nested


def _fits(kind: str, prefix: str, field: Field) -> bool:
    """Whether rules of a kind can apply to a field, or with ``prefix`` to its contents."""
    if prefix == "map.keys.":
        return kind == field.key
    if not prefix and (field.repeated or field.is_map):
        return kind == ("map" if field.is_map else "repeated")
    name = field.type.name
    if field.type.kind is Kind.ENUM:
        return kind == "enum"
    return kind == WRAPPERS.get(name, name) if kind not in _MESSAGES else name == _MESSAGES[kind]


def skipped(field: Field) -> bool:
    """Whether the messages in a field are not checked."""
    rules = _of(field)
    nested = (rules.get(first, {}).get(second, {}) for first, second in (("repeated", "items"), ("map", "values")))
    return any(one.get("ignore") == _ALWAYS for one in (rules, *nested))


def official_only(element: Field | Message, mappings: Mappings) -> Iterator[tuple[str, str, str]]:
    """The rules without an option mapping: option and member, what they apply to, and the ID."""
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


def predefined(schema: Schema) -> Mapping[str, Field]:
    """The predefined rules of a schema by name: extensions of the messages that hold rules."""
    return {name: one for name, one in schema.extensions.items() if one.extendee.startswith("buf.validate.")}


def predefined_by(field: Field) -> Iterator[str]:
    """The predefined rules that a field uses."""
    for _, rules in _levels(field):
        yield from (name for name, _ in _predefined(rules))


def _predefined(rules: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The predefined rules among rules of one level, each with its value."""
    for members in rules.values():
        yield from ((name, members[name]) for name in members if "." in name) if isinstance(members, dict) else ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A CEL expression that must hold."""

    of: str
    """What it applies to: the ``field`` or ``message``, or each ``key`` or ``value`` in it."""
    message: str
    """What its author says it demands, or empty."""
    expression: str
    rule: str = ""
    """What ``rule`` is in the expression: the value that a field gives a predefined rule."""
    id: str = ""
    value: str = ""
    """The value that a field gives a predefined rule, whether or not the expression names it."""

    @property
    def meaning(self) -> tuple[str, str, str]:
        """What it demands, without the words for it."""
        return self.of, self.expression, self.value


def expressions(element: Field | Message, extension: Callable[[str], Field | None]) -> Iterator[Expression]:
    """The expressions of a field or message: its own, then those of the predefined rules that it uses.

    ``extension`` finds a predefined rule by its full name.
    """
    if isinstance(element, Message):
        yield from (_expression(one, "message") for key in _EXPRESSIONS for one in _of(element).get(key, ()))
        return
    for prefix, rules in _levels(element):
        of = _NESTED.get(prefix.rstrip("."), "field")
        yield from (_expression(one, of) for key in _EXPRESSIONS for one in rules.get(key, ()))
        for name, value in _predefined(rules):
            rule = extension(name)
            found = rule.options.get(PREDEFINED, {}).get("cel", ()) if rule is not None else ()
            yield from (_expression(one, of, value) for one in found)


def _expression(one: Any, of: str, rule: Any = None) -> Expression:
    if isinstance(one, str):
        return Expression(of, "", one)
    expression = one.get("expression", "")
    is_named = isinstance(rule, (str, int, float)) and re.search(r"\brule\b", expression)
    shown = str(rule).lower() if isinstance(rule, bool) else str(rule)
    value = "" if rule is None else shown
    return Expression(of, one.get("message", ""), expression, shown if is_named else "", one.get("id", ""), value)


def besides_expressions(option: str, value: Any) -> Any:
    """The value of an option without its expressions; None if there is nothing else in it."""
    if option != MESSAGE or not isinstance(value, dict):
        return value
    return {key: one for key, one in value.items() if key not in _EXPRESSIONS} or None


def _expressions(rules: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The members of rules with CEL expressions, and the IDs of the expressions."""
    for key in _EXPRESSIONS:
        for number, one in enumerate(rules.get(key, ())):
            yield f"{key}[{number}]", one if isinstance(one, str) else one.get("id") or one.get("expression", "")
