"""Example messages as calls of generated dataclasses, formatted like code formatters do."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from toolkit.descriptors.model import Field, Kind, Message, Method, Schema
from toolkit.descriptors.well_known import ANY, EMPTY, NULL_VALUE
from toolkit.runtime.jsonvalues import RANGES
from toolkit.runtime.wellknown import NULL, WELL_KNOWN, Duration, Timestamp
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.literal import WIDTH, literal
from toolkit.targets.python.descriptors import needed_files
from toolkit.targets.python.naming import Naming


class CannotBeWritten(Exception):
    """An example that the bindings can't express, such as an extension or an Any with an unknown type."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A call, a list or a dictionary, with its delimiters and items."""

    opening: str
    items: tuple[tuple[str, _Call | str], ...]
    """The prefix of each value (``name=``), and the value."""
    closing: str

    def flat(self) -> str:
        """On one line."""
        inner = ", ".join(
            f"{before}{value if isinstance(value, str) else value.flat()}" for before, value in self.items
        )
        return f"{self.opening}{inner}{self.closing}"

    def text(self, indent: int, before: int) -> str:
        """On one line if it fits, otherwise one item per line."""
        flat = self.flat()
        if not self.items or indent + before + len(flat) <= WIDTH:
            return flat
        inner = indent + 4
        lines = "".join(
            f"{' ' * inner}{name}{value if isinstance(value, str) else value.text(inner, len(name) + 1)},\n"
            for name, value in self.items
        )
        return f"{self.opening}\n{lines}{' ' * indent}{self.closing}"


@dataclass(frozen=True)
class Bindings:
    """What snippets need to know about the generated bindings of a schema."""

    facts: Facts
    package: str
    """Their root package."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names that the configuration chooses, by full name."""
    imports: Mapping[str, str] = field(default_factory=dict)
    """Packages that other bindings have → their modules."""

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def naming(self) -> Naming:
        """The Python names."""
        return Naming(self.facts, frozenset(needed_files(self.facts, self.imports)), self.names, self.imports)

    def code(self, method: Method, example: Any, standard: Iterable[str] = ()) -> Code | None:
        """The parts of a snippet; None if the bindings can't express it.

        ``standard`` are other import lines of the standard library.
        """
        service, naming = self.schema.service_of(method), self.naming
        if service.location.file not in naming.files:
            return None
        writer = _Writer(self.schema, naming, self.package, _standard={*standard})
        names = naming.of(service.package)
        client = writer.name(service.package, names.services[service.full_name][0])
        try:
            request = writer.request(method.input, example)
        except CannotBeWritten:
            return None
        operation = self.facts.operation(method)
        return Code(
            imports=tuple(writer.imports()),
            request=request,
            client=client,
            call=names.attributes[method.full_name],
            pager=names.pagers.get(method.full_name, ""),
            operation=operation is not None and operation.is_typed,
            waits=operation is not None and operation.is_typed and operation.service is not None,
        )


@dataclass(frozen=True, slots=True)
class Code:
    """The parts of a snippet with a generated client."""

    imports: tuple[str, ...]
    request: str
    client: str
    call: str
    """The name of the method."""
    pager: str
    """The name of the method that iterates over the items on all pages; empty if there are no pages."""
    operation: bool
    """Whether the method starts a long-running operation."""
    waits: bool
    """Whether there is a service that can be polled for the operation."""


@dataclass
class _Writer:
    """Writes one message, and collects its imports."""

    schema: Schema
    naming: Naming
    package: str
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    """Module and name → the name in the snippet."""
    _standard: set[str] = field(default_factory=set)

    def _import(self, module: str, name: str) -> str:
        key = (module, name)
        if key not in self._names:
            taken = {
                "grpc",
                "datetime",
                "os",
                "metadata",
                "item",
                "request",
                "channel",
                "client",
                "response",
                "credentials",
                "operation",
            }
            taken |= set(self._names.values())
            made, number = name, 2
            while made in taken:
                made, number = f"{name}{number}", number + 1
            self._names[key] = made
        return self._names[key]

    def imports(self) -> Iterator[str]:
        """The import lines: the standard library, a blank line, grpc, and the bindings, sorted."""
        for line in sorted(self._standard):
            yield line
        if self._standard:
            yield ""
        yield "import grpc"
        modules: dict[str, list[str]] = {}
        for (module, name), made in self._names.items():
            modules.setdefault(module, []).append(name if name == made else f"{name} as {made}")
        for module, names in sorted(modules.items()):
            line = f"from {module} import {', '.join(sorted(names))}"
            if len(line) > WIDTH:
                inner = "".join(f"    {name},\n" for name in sorted(names))
                line = f"from {module} import (\n{inner})"
            yield line

    def name(self, package: str, name: str) -> str:
        """Import a name from the module of a package; for a nested name, import the outermost one."""
        first, dot, rest = name.partition(".")
        module = self.naming.of(package).module
        if package not in self.naming.imported:
            module = f"{self.package}.{module}"
        return f"{self._import(module, first)}{dot}{rest}"

    def request(self, full_name: str, content: Any) -> str:
        """A request, for a line that begins with ``request = ``."""
        made = self._typed(full_name, content)
        return made if isinstance(made, str) else made.text(0, len("request = "))

    def _typed(self, full_name: str, content: Any) -> _Call | str:
        if full_name in WELL_KNOWN:
            return self._python(WELL_KNOWN[full_name].from_json(content))
        if full_name == EMPTY:
            return f"{self._import('toolkit.runtime', 'Empty')}()"
        if full_name == ANY:
            return self._any(content)
        return self._message(self.schema.message(full_name), content)

    def _any(self, content: Mapping[str, Any]) -> _Call | str:
        cls = self._import("toolkit.runtime", "AnyMessage")
        name = str(content.get("@type", "")).rpartition("/")[2]
        known = name in self.schema.messages and self.schema.messages[name].location.file in self.naming.files
        if not content:
            return f"{cls}()"
        if name in WELL_KNOWN or not (known or name in (EMPTY, ANY)):
            raise CannotBeWritten
        inner = {key: value for key, value in content.items() if key != "@type"}
        packed = self._typed(name, inner if known else inner.get("value", {}))
        return _Call(f"{cls}.pack(", (("", packed),), ")")

    def _message(self, message: Message, content: Mapping[str, Any]) -> _Call:
        names = self.naming.of(message.package)
        cls = self.name(message.package, names.types[message.full_name])
        fields = {name: field_ for field_ in message.fields for name in (field_.name, field_.json_name)}
        items: list[tuple[str, _Call | str]] = []
        for key, value in content.items():
            if key not in fields:
                raise CannotBeWritten
            field_ = fields[key]
            made = self._value(field_, value)
            attribute = field_.full_name
            if field_.oneof:
                attribute = f"{message.full_name}.{field_.oneof}"
                oneof = names.oneof_classes[attribute]
                case = names.case_classes[field_.full_name]
                made = _Call(f"{cls}.{oneof}.{case}(", (("", made),), ")")
            items.append((f"{names.attributes[attribute]}=", made))
        return _Call(f"{cls}(", tuple(items), ")")

    def _value(self, field_: Field, value: Any) -> _Call | str:
        if field_.is_map:
            entries = ((self._key(field_, key), self._one(field_, item)) for key, item in value.items())
            return _Call("{", tuple((f"{key}: ", item) for key, item in entries), "}")
        if field_.repeated:
            return _Call("[", tuple(("", self._one(field_, item)) for item in value), "]")
        return self._one(field_, value)

    def _key(self, field_: Field, key: str) -> str:
        if field_.key == "string":
            return literal(key)
        return {"true": "True", "false": "False"}[key] if field_.key == "bool" else str(int(key))

    def _one(self, field_: Field, value: Any) -> _Call | str:
        kind, name = field_.type.kind, field_.type.name
        if kind is Kind.ENUM:
            return self._enum(name, value)
        if kind is not Kind.SCALAR:
            return self._typed(name, value)
        if name == "bytes":
            found = repr(base64.b64decode(value))
            return found if '"' in found else f'b"{found[2:-1]}"'
        if name in RANGES:
            return str(int(value))
        if name in ("float", "double"):
            return self._python(float(value))
        return self._python(value)

    def _enum(self, full_name: str, value: Any) -> str:
        if full_name == NULL_VALUE:
            return f"{self._import('toolkit.runtime', 'NullValue')}.NULL_VALUE"
        enum = self.schema.enums[full_name]
        names = self.naming.of(enum.package)
        cls = self.name(enum.package, names.types[full_name])
        if isinstance(value, str):
            return f"{cls}.{names.attributes[f'{full_name}.{value}']}"
        return f"{cls}({value})"

    def _python(self, value: Any) -> _Call | str:
        """A plain value."""
        if isinstance(value, (Timestamp, Duration)):
            name = type(value).__name__
            return self._import("toolkit.runtime", name) + repr(value).removeprefix(name)
        if isinstance(value, datetime):
            self._standard.add("import datetime")
            return repr(value).replace("datetime.timezone.utc", "datetime.UTC")
        if isinstance(value, timedelta):
            self._standard.add("import datetime")
            return repr(value)
        if value is NULL:
            return self._import("toolkit.runtime", "NULL")
        if isinstance(value, dict):
            return _Call("{", tuple((f"{literal(key)}: ", self._python(item)) for key, item in value.items()), "}")
        if isinstance(value, list):
            return _Call("[", tuple(("", self._python(item)) for item in value), "]")
        if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
            return f'float("{value}")'
        return literal(value)
