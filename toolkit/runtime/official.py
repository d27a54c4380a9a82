"""The official protovalidate package, where it is installed: it also checks CEL expressions."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from weakref import WeakKeyDictionary

from toolkit.runtime.constraints import OFFICIAL, Violation
from toolkit.runtime.errors import EncodeError, RuleError
from toolkit.runtime.optional import optional

_OTHERS = {"required": "oneof required", "message.oneof": "message oneof"}
"""The rules that apply to oneofs and messages, by their ids; all others are CEL expressions of messages."""
_validators: MutableMapping[Any, Any] = WeakKeyDictionary()
"""A validator for each root: it knows messages by their names, which may mean others in another root."""


def package() -> Any:
    """The package, or None where it is not installed, or older than its version 2, which has another interface."""
    found = optional("protovalidate")
    return found if hasattr(found, "EvaluationError") else None


def findings(message: Any) -> list[Violation] | None:
    """What the package finds; None where it is not installed, or where it cannot be given the message.

    :class:`RuleError` where it cannot make sense of a rule.
    """
    found = package()
    if found is None:
        return None
    codec = type(message).__codec__
    try:
        official = codec.official.FromString(codec.to_bytes(message))
    except EncodeError:  # such as without a field that proto2 requires
        return None
    validator = _validators.get(codec.root)
    if validator is None:
        validator = _validators[codec.root] = found.Validator()
    try:
        return [_violation(each.proto) for each in validator.collect_violations(official)]
    except (found.CompilationError, found.EvaluationError) as error:
        raise RuleError(f"{codec.name}: {' '.join(str(error).split())}") from None


def _violation(found: Any) -> Violation:
    rule = ".".join(map(_step, found.rule.elements)) if found.rule else ""
    path = ".".join(map(_step, found.field.elements)) if found.field else ""
    rule = f"field {rule}" if rule else _OTHERS.get(found.rule_id, "message cel")
    return Violation(path, OFFICIAL + rule, found.message, found.rule_id, bool(found.for_key))


def _step(element: Any) -> str:
    """One step of a path: a field, and which of its elements."""
    chosen = element.subscript
    if chosen is None:
        return str(element.field_name)
    if chosen.field == "string_key":
        return f'{element.field_name}["{chosen.value}"]'
    return f"{element.field_name}[{str(chosen.value).lower()}]"
