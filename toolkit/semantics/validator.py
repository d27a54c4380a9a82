"""Validates messages against the constraints of a schema, as generated bindings do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from json import JSONDecodeError, loads
from typing import Any

from google.protobuf.descriptor_pool import DescriptorPool

from toolkit.descriptors.model import Schema
from toolkit.descriptors.runtime_types import RuntimeTypes
from toolkit.errors import Diagnostic, InputError, Location, LookupFailed, SchemaError
from toolkit.runtime import Message
from toolkit.runtime import official as package
from toolkit.runtime.constraints import Violation
from toolkit.runtime.errors import RuleError
from toolkit.runtime.wellknown import WELL_KNOWN
from toolkit.semantics import protovalidate
from toolkit.semantics.checks import checks_of
from toolkit.semantics.facts import Facts


@dataclass(frozen=True)
class Validator:
    """Parses messages and validates them against the constraints of a schema, with the runtime of the bindings."""

    facts: Facts

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @property
    def complete(self) -> bool:
        """Whether an official package is used, which checks more than the option mappings declare."""
        return protovalidate.is_declared(self.schema) and package.package() is not None

    def diagnostics(self) -> list[Diagnostic]:
        """Warnings if the checks are incomplete."""
        return protovalidate.diagnostics(self.schema)

    @cached_property
    def _types(self) -> dict[DescriptorPool, RuntimeTypes]:
        return {}

    def types(self, pool: DescriptorPool) -> RuntimeTypes:
        """Runtime classes for a descriptor pool with the messages of the schema."""
        if pool not in self._types:
            self._types[pool] = RuntimeTypes(pool, self._constraints)
        return self._types[pool]

    def _constraints(self, full_name: str) -> tuple[Any, ...]:
        message = self.schema.messages.get(full_name)
        return tuple(checks_of(message, self.facts)) if message is not None else ()

    def parse(self, pool: DescriptorPool, full_name: str, text: str | bytes, source: str = "") -> Message:
        """Parse a message from ProtoJSON; raises :class:`InputError` if it is invalid. ``source`` names the file."""
        try:
            cls = self.types(pool).message(full_name)
        except LookupError:
            raise LookupFailed(f"there is no message {full_name!r}") from None
        known = WELL_KNOWN.get(full_name)
        try:
            return cls.from_json(text) if known is None else cls.from_bytes(known.encode(known.from_json(loads(text))))
        except (ValueError, TypeError) as error:
            location = Location(source) if source else None
            try:
                loads(text)
            except JSONDecodeError as cause:
                location = Location(source, cause.lineno, cause.colno) if source else None
                raise InputError(f"not JSON: {cause.msg}", location=location) from None
            except (ValueError, RecursionError):
                pass
            what = str(error).removeprefix(full_name).lstrip(".: ")
            what = what if what.startswith(("not JSON", "the JSON")) else f"not a {full_name}: {what}"
            raise InputError(what, location=location) from None

    def check(self, message: Any) -> list[Violation]:
        """The violations in a message, official or from :meth:`parse`; :class:`SchemaError` if a rule is invalid."""
        own = message if isinstance(message, Message) else self._own(message)
        try:
            return own.validate()
        except RuleError as error:
            name = own.__proto__[1]
            location = self.schema.messages[name].location if name in self.schema.messages else None
            raise SchemaError(
                f"cannot apply the rules of {name}: {error}", location=location, hint="fix the rule it names"
            ) from None

    def _own(self, message: Any) -> Message:
        descriptor = type(message).DESCRIPTOR  # from the class, since a field may have that name
        return self.types(descriptor.file.pool).message(descriptor.full_name).from_pb(message)
