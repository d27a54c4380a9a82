"""The official protovalidate package, which also checks what option mappings can't express, such as CEL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from toolkit.descriptors.model import Schema
from toolkit.errors import Diagnostic, SchemaError

FIELD = "buf.validate.field"
_OPTIONS = ("buf.validate.message", "buf.validate.oneof", FIELD)
_MISSING = "protovalidate is not installed, so CEL expressions are not evaluated"
_HINT = "pip install 'proto-toolkit[protovalidate]'"


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation found by the official package."""

    path: str
    """``labels["env"]``, ``hosts[2].name``; empty for the message itself."""
    rule: str
    """The option and its member, or the ID of a CEL expression."""
    message: str


@dataclass(frozen=True)
class Official:
    """The official package, for trees that declare its options."""

    schema: Schema

    @cached_property
    def declared(self) -> bool:
        """Whether the tree declares its options."""
        return FIELD in self.schema.extensions

    @cached_property
    def _package(self) -> Any:
        try:
            return import_module("protovalidate")
        except ImportError:
            return None

    @cached_property
    def _validator(self) -> Any:
        return self._package.Validator()

    @property
    def works(self) -> bool:
        """Whether there is something to check, and the package to check it."""
        return self.declared and self._package is not None

    def diagnostics(self) -> list[Diagnostic]:
        """A warning if the tree needs the package and it is not installed."""
        if not self.declared or self._package is not None:
            return []
        return [Diagnostic(self.schema.extensions[FIELD].location, _MISSING, _HINT)]

    def check(self, message: Any) -> list[Finding]:
        """The violations that the package finds; :class:`SchemaError` if it can't interpret a rule."""
        package = self._package
        try:
            found = self._validator.collect_violations(message)
        except (package.CompilationError, package.EvaluationError) as error:
            name = message.DESCRIPTOR.full_name
            location = self.schema.messages[name].location if name in self.schema.messages else None
            raise SchemaError(
                f"protovalidate cannot apply the rules of {name}: {error}",
                location=location,
                hint="fix the rule it names",
            ) from None
        return [_finding(violation.proto) for violation in found]

    def owns(self, option: str) -> bool:
        """Whether an option belongs to the package."""
        return option in _OPTIONS


def _finding(violation: Any) -> Finding:
    rule = ".".join(element.field_name for element in violation.rule.elements) if violation.rule else ""
    path = ".".join(map(_step, violation.field.elements)) if violation.field else ""
    return Finding(path, f"{FIELD} {rule}" if rule else violation.rule_id, violation.message)


def _step(element: Any) -> str:
    """One step of a path: a field, and the index or key of the element."""
    chosen = element.subscript
    if chosen is None:
        return str(element.field_name)
    if chosen.field == "string_key":
        return f'{element.field_name}["{chosen.value}"]'
    return f"{element.field_name}[{str(chosen.value).lower()}]"
