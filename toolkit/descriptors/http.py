"""The option ``google.api.http`` of a method → its bindings to HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from toolkit.descriptors.model import HttpRule, Options

OPTION = "google.api.http"
VERBS = ("get", "put", "post", "delete", "patch")


def http_rules(options: Options) -> Iterator[HttpRule]:
    """The primary binding of a method with these options, then the additional ones."""
    return _rules(options.get(OPTION))


def as_option(rules: Sequence[HttpRule]) -> dict[str, Any]:
    """The value of the option for these bindings, of which there is at least one."""
    first, *others = rules
    verb = first.verb.lower()
    called: dict[str, Any] = {"custom": {"kind": first.verb, "path": first.path}}
    if verb in VERBS and first.verb == verb.upper():
        called = {verb: first.path}
    bodies = {"body": first.body, "response_body": first.response_body}
    made = called | {name: value for name, value in bodies.items() if value}
    return made | ({"additional_bindings": [as_option([rule]) for rule in others]} if others else {})


def _rules(rule: Any) -> Iterator[HttpRule]:
    if not isinstance(rule, dict):
        return
    verb = next((v for v in VERBS if v in rule), "")
    custom = rule.get("custom")
    if verb:
        yield HttpRule(verb.upper(), rule[verb], rule.get("body", ""), rule.get("response_body", ""))
    elif isinstance(custom, dict):
        kind, path = custom.get("kind", ""), custom.get("path", "")
        yield HttpRule(kind, path, rule.get("body", ""), rule.get("response_body", ""))
    for additional in rule.get("additional_bindings", ()):
        yield from _rules(additional)
