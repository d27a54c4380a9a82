"""The official package behind ``protovalidate.toml``: it also checks what a table cannot say, such as CEL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from toolkit.descriptors.model import Schema
from toolkit.errors import Diagnostic, SchemaError

FIELD = "buf.validate.field"
_OPTIONS = ("buf.validate.message", "buf.validate.oneof", FIELD)
_MISSING = "the rules of protovalidate are checked as far as the rule file has them, without CEL expressions"
_HINT = "pip install 'proto-toolkit[protovalidate]' checks all of them"


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation that the official package found."""

    path: str
    """``labels["env"]``, ``hosts[2].name``; empty for the message itself."""
    rule: str
    """The option and the member of it, or the identifier of a CEL expression."""
    message: str


@dataclass(frozen=True)
class Official:
    """The official package, for trees that declare its options."""

    schema: Schema

    @cached_property
    def declared(self) -> bool:
        """Whether the tree declares the options."""
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
        """Whether there is something to check, and the package that does."""
        return self.declared and self._package is not None

    def diagnostics(self) -> list[Diagnostic]:
        """That the package is missing, where the tree needs it."""
        if not self.declared or self._package is not None:
            return []
        return [Diagnostic(self.schema.extensions[FIELD].location, _MISSING, _HINT)]

    def check(self, message: Any) -> list[Finding]:
        """What the package finds; :class:`SchemaError` where it cannot make sense of a rule."""
        package = self._package
        try:
            found = self._validator.collect_violations(message)
        except (package.CompilationError, package.EvaluationError) as error:
            name = message.DESCRIPTOR.full_name
            location = self.schema.messages[name].location if name in self.schema.messages else None
            raise SchemaError(
                f"protovalidate cannot apply the rules of {name}: {error}",
                location=location,
                hint="mend the rule it names",
            ) from None
        return [_finding(violation.proto) for violation in found]

    def owns(self, option: str) -> bool:
        """Whether an option is one of the package's."""
        return option in _OPTIONS


def _finding(violation: Any) -> Finding:
    rule = ".".join(element.field_name for element in violation.rule.elements) if violation.rule else ""
    path = ".".join(map(_step, violation.field.elements)) if violation.field else ""
    return Finding(path, f"{FIELD} {rule}" if rule else violation.rule_id, violation.message)


def _step(element: Any) -> str:
    """One step of a path: a field, and which of its elements."""
    chosen = element.subscript
    if chosen is None:
        return str(element.field_name)
    if chosen.field == "string_key":
        return f'{element.field_name}["{chosen.value}"]'
    return f"{element.field_name}[{str(chosen.value).lower()}]"
