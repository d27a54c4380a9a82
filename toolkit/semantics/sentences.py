"""Constraints as sentences: those of fields, of oneofs and of entire messages.

Option mappings say how the sentences of their options read. Two bounds of a value
are one sentence, and numbers of enum values are shown as names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.descriptors.model import Field, Kind, Message, Oneof
from toolkit.descriptors.well_known import ANY, FIELD_MASK, WRAPPERS
from toolkit.runtime.constraints import Interval
from toolkit.semantics import protovalidate
from toolkit.semantics.constraints import Constraint, is_infinite
from toolkit.semantics.facts import Facts

Format = Callable[[str], str]
"""Formats text of an author so that it is code, or is only text."""
_IN_CODE = ("string", "bytes", "bool", ANY, FIELD_MASK)
_CHOICES = ("in", "not_in", "paths", "paths_in", "paths_not_in")
_BOUND = re.compile(r"\{(?:lower|upper)\}")
_PREDICATE = re.compile(r"\s*(?:must|should|can|cannot|may)\b")
"""How the message of an expression begins that lacks a subject."""
_EACH = {"key": "Each key", "value": "Each value"}


def sentences(field: Field, facts: Facts, code: Format, text: Format) -> list[str]:
    """What a field must satisfy besides being set; the messages of expressions are formatted as ``text``."""
    if not field.options:
        return []
    constraints = [constraint for constraint in facts.constraints(field) if constraint.kind != "required"]
    made = [sentence(constraint, field, facts, code) for constraint in together(constraints)]
    return list(filter(None, [*made, *of_expressions(field, facts, code, text)]))


def of_expressions(element: Field | Message, facts: Facts, code: Format, text: Format) -> list[str]:
    """What the expressions of an element demand."""
    found = protovalidate.expressions(element, facts.schema.extensions.get)
    return list(filter(None, (_of_expression(each, code, text) for each in found)))


def message_sentences(message: Message, facts: Facts, code: Format, text: Format) -> list[str]:
    """What an entire message must satisfy."""
    made = [alternatives_sentence(kind, names) for kind, names in protovalidate.alternatives(message)]
    made += [
        _of_expression(each, code, text) for each in protovalidate.expressions(message, facts.schema.extensions.get)
    ]
    return made


def wording(constraint: Constraint, element: Field | Oneof, facts: Facts) -> str:
    """The message for a violated constraint: its sentence in the reference, if it has one."""
    if isinstance(element, Oneof):
        return alternatives_sentence("exactly_one", element.fields)
    if constraint.kind == "required":
        return "Required field."
    if constraint.kind == "skip":
        return ""
    made = sentence(constraint, element, facts, lambda text: f"`{text}`")
    return made or f"The constraint {constraint.kind} must hold."


def sentence(constraint: Constraint, field: Field, facts: Facts, code: Format) -> str:
    """A constraint as a sentence; empty if its mapping has none."""
    rule = constraint.rule
    kind = Kind.SCALAR if field.type.name in WRAPPERS else field.type.kind
    if (rule.types and kind.value not in rule.types) or is_infinite(constraint):
        return ""
    if constraint.upper is not None and constraint.interval is not None:
        return _of_bounds(constraint, constraint.interval, field, facts, code)
    interval = constraint.interval or Interval()
    is_list = constraint.choices and rule.operand != "text"
    operator = interval.operator if constraint.interval else "list" if is_list else "pattern"
    template = _templates(constraint, field).get(operator, "")
    return template.format_map(_filled(constraint, interval, field, facts, code))


def _templates(constraint: Constraint, field: Field) -> Mapping[str, str]:
    rule = constraint.rule
    return rule.map_sentences if field.is_map and rule.map_sentences else rule.sentences


def _filled(constraint: Constraint, interval: Interval, field: Field, facts: Facts, code: Format) -> Mapping[str, str]:
    """The placeholders of sentences."""
    of = constraint.of
    if of == "field" and constraint.kind != "size" and (field.is_map or field.repeated):
        of = "value"
    choices = _shown_choices(constraint, field, facts, code)
    is_one = (interval.high or interval.low) == "1"
    return {
        "low": interval.low,
        "high": interval.high,
        "list": ", ".join(choices),
        "list_or": listed(choices, "or"),
        "list_and": listed(choices, "and"),
        "is": "is" if len(choices) == 1 else "are",
        "pattern": code(constraint.pattern) if constraint.pattern else "",
        "text": code(constraint.text) if constraint.text else "",
        "Value": _EACH.get(of, "Value"),
        "for_each": f" for each {of}" if of in _EACH else "",
        "as_key": " as a key" if of == "key" else "",
        "s": "" if is_one else "s",
        "y": "y" if is_one else "ies",
    }


def _shown_choices(constraint: Constraint, field: Field, facts: Facts, code: Format) -> list[str]:
    """The choices: names of enum values and texts as code, numbers as they are."""
    type_name = field.key if constraint.of == "key" else field.type.name
    if constraint.kind not in _CHOICES:
        return list(constraint.choices)
    if constraint.of != "key" and field.type.kind is Kind.ENUM and type_name in facts.schema.enums:
        names = {str(value.number): value.name for value in reversed(facts.schema.enums[type_name].values)}
        return [f"`{names[number]}`" if number in names else number for number in constraint.choices]
    is_text = WRAPPERS.get(type_name or "", type_name) in _IN_CODE
    return [code(choice) if is_text else choice for choice in constraint.choices]


def listed(items: Sequence[str], word: str = "and") -> str:
    """``a, b and c``, or with another word."""
    *first, last = items or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


# Two bounds


def together(constraints: Sequence[Constraint]) -> Iterator[Constraint]:
    """The constraints, with the two bounds of a value as one constraint."""
    bounds: dict[tuple[object, ...], Constraint] = {}
    for constraint in constraints:
        if _is_bound(constraint):
            bounds.setdefault(_key(constraint), constraint)
    done: set[tuple[object, ...]] = set()
    for constraint in constraints:
        *value, is_lower = key = _key(constraint)
        other = bounds.get((*value, not is_lower)) if bounds.get(key) is constraint else None
        if key in done and bounds.get(key) is constraint:
            continue
        if other is None or constraint.rule.sentences != other.rule.sentences:
            yield constraint
            continue
        low, high = (constraint, other) if is_lower else (other, constraint)
        assert low.interval is not None
        assert high.interval is not None
        both = replace(low.interval, high=high.interval.high, high_open=high.interval.high_open)
        done.add((*value, not is_lower))
        yield replace(low, interval=both, upper=high.rule)


def _is_bound(constraint: Constraint) -> bool:
    interval = constraint.interval
    is_one = interval is not None and bool(interval.low) != bool(interval.high)
    return is_one and not is_infinite(constraint) and bool({"range", "both"} & constraint.rule.sentences.keys())


def _key(constraint: Constraint) -> tuple[object, ...]:
    """What the two bounds of a value share, and which of the two this is."""
    rule = constraint.rule
    is_lower = constraint.interval is not None and bool(constraint.interval.low)
    return rule.option, rule.member.rpartition(".")[0], rule.kind, rule.of, is_lower


def _of_bounds(constraint: Constraint, interval: Interval, field: Field, facts: Facts, code: Format) -> str:
    """Both bounds; a value outside of the two only has to satisfy one of them."""
    assert constraint.upper is not None
    templates = _templates(constraint, field)
    is_closed = not (interval.outside or interval.low_open or interval.high_open)
    if is_closed and interval.operator in templates:
        return templates[interval.operator].format_map(_filled(constraint, interval, field, facts, code))
    high = Interval(high=interval.high, high_open=interval.high_open)
    low = Interval(low=interval.low, low_open=interval.low_open)
    upper = sentence(Constraint(constraint.upper, high), field, facts, code)
    lower = sentence(Constraint(constraint.rule, low), field, facts, code)
    template = templates.get("either" if interval.outside else "both", "")
    filled = _filled(constraint, interval, field, facts, code)
    begin = _BOUND.split(template, maxsplit=1)[0].format_map(filled)
    if template and lower.startswith(begin) and upper.startswith(begin):
        rest = {"lower": lower[len(begin) :].rstrip("."), "upper": upper[len(begin) :].rstrip(".")}
        return template.format_map({**filled, **rest})
    if interval.outside:
        return f"{upper.rstrip('.')} or {lower[:1].lower()}{lower[1:]}" if lower and upper else ""
    return f"{lower} {upper}".strip()


# Alternatives and expressions


def alternatives_sentence(kind: str, fields: Sequence[str]) -> str:
    """What fields must satisfy of which only one may be set."""
    names = ", ".join(f"`{name}`" for name in fields)
    if kind == "exactly_one":
        return f"Exactly one of the fields {names} must be set."
    return f"At most one of the fields {names} can be set."


def _of_expression(rule: protovalidate.Expression, code: Format, text: Format) -> str:
    """The message of an expression, as a sentence, or the expression itself."""
    subject = "The message" if rule.of == "message" else _EACH.get(rule.of, "Value")
    if rule.message:
        said = f"{subject} {text(rule.message)}" if _PREDICATE.match(rule.message) else text(rule.message)
        return said if said.endswith((".", "!", "?")) else f"{said}."
    return f"{subject} must satisfy {_of_code(rule, code)}." if rule.expression else ""


def _of_code(rule: protovalidate.Expression, code: Format) -> str:
    where = f", where {code('rule')} is {code(rule.rule)}" if rule.rule else ""
    return f"{code(rule.expression)}{where}"


def expression_predicate(rule: protovalidate.Expression, code: Format, text: Format, *, worded: bool = True) -> str:
    """What an expression demands, after ``must``: as its message says if it is ``worded``, or else as code."""
    message = " ".join(rule.message.split()).rstrip(".")
    if not (message and worded):
        return f"satisfy {_of_code(rule, code)}"
    match = _PREDICATE.match(message)
    if match is not None and match[0] == "must":
        return text(message[match.end() :].strip())
    return f"satisfy “{text(message)}”"
