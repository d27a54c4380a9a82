"""The Python names of all elements in a schema, and how modules refer to each other."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Enum, Message, Schema, Service
from toolkit.errors import Location
from toolkit.semantics.facts import Facts
from toolkit.targets.python.descriptors import extensions_of
from toolkit.targets.python.names import (
    OF_CLIENTS,
    OF_ENUMS,
    OF_MESSAGES,
    OF_MODULES,
    Scope,
    class_name,
    python_name,
)

UNPACKAGED = "unpackaged"
"""The module of elements without a package."""


@dataclass
class PackageNames:
    """The names in the module of a package, by the full name of their element."""

    module: str
    types: dict[str, str] = field(default_factory=dict)
    """Messages, enums and extensions; nested ones have dots: ``Image.Status``."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Fields, oneofs, enum values and methods."""
    oneof_classes: dict[str, str] = field(default_factory=dict)
    """Oneofs → the class that contains their cases."""
    case_classes: dict[str, str] = field(default_factory=dict)
    """Members of oneofs."""
    bodies: dict[str, Set[str]] = field(default_factory=dict)
    """Messages → the names in their class bodies, which shadow those of the module."""
    used: set[str] = field(default_factory=set)
    """Every name that occurs in the module."""
    services: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    """Client, async client, servicer and async servicer."""
    pagers: dict[str, str] = field(default_factory=dict)
    """Methods → the name of the method that iterates over their pages."""


@dataclass(frozen=True)
class Naming:
    """The names in a schema; those of a package are computed on first use."""

    facts: Facts
    files: Set[str]
    """The files to generate."""

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """The packages to generate."""
        return tuple(sorted({self.schema.files[name].package for name in self.files}))

    @cached_property
    def modules(self) -> dict[str, str]:
        """Packages → modules below the root."""
        scopes: dict[str, Scope] = {}
        found: dict[str, str] = {}
        for package in self.packages:
            if not package:
                found[package] = UNPACKAGED
                continue
            made = ""
            source = ""
            for part in package.split("."):
                source = f"{source}.{part}".lstrip(".")
                scope = scopes.setdefault(
                    made, Scope(f"the packages in {made or 'the root'}", {"_descriptors", "_root", UNPACKAGED})
                )
                location = Location(self.schema.packages[package].files[0])
                made = f"{made}.{scope.add(part, source, location)}".lstrip(".")
            found[package] = made
        return found

    @cached_property
    def _known(self) -> dict[str, PackageNames]:
        return {}

    def of(self, package: str) -> PackageNames:
        """The names in a package's module."""
        if package not in self._known:
            self._known[package] = self._package(package)
        return self._known[package]

    def _package(self, name: str) -> PackageNames:
        names = PackageNames(self.modules[name])
        package = self.schema.packages[name]
        below = {
            m[len(names.module) + 1 :].split(".")[0] for m in self.modules.values() if m.startswith(f"{names.module}.")
        }
        scope = Scope(f"the module {names.module}", {*OF_MODULES, *below, "_descriptors"})
        for full_name in (*package.enums, *package.messages):
            element = self.schema.enums.get(full_name) or self.schema.messages[full_name]
            if element.location.file in self.files:
                names.types[full_name] = scope.add(element.name, full_name, element.location)
        for full_name in (*package.enums, *package.messages):
            if full_name in names.types:
                self._type(full_name, names, (names.types[full_name],))
        for file in package.files:
            for extension in extensions_of(self.schema.files[file].extensions) if file in self.files else ():
                names.types[extension.full_name] = scope.add(extension.name, extension.full_name, extension.location)
        for full_name in package.services:
            service = self.schema.services[full_name]
            if service.location.file in self.files:
                self._service(service, names, scope)
        names.used |= scope.names
        for body in names.bodies.values():
            names.used |= body
        for made in (names.attributes, names.pagers, names.case_classes):
            names.used.update(made.values())
        return names

    def _type(self, full_name: str, names: PackageNames, around: tuple[str, ...]) -> None:
        if full_name in self.schema.enums:
            self._enum(self.schema.enums[full_name], names)
        else:
            self._message(self.schema.messages[full_name], names, around)

    def _enum(self, enum: Enum, names: PackageNames) -> None:
        scope = Scope(f"the enum {enum.full_name}", OF_ENUMS)
        private = f"_{names.types[enum.full_name].rpartition('.')[2]}__"
        for value in enum.values:
            # A mangled name would not be a member of the enum.
            name = f"x{value.name}" if value.name.startswith(private) else value.name
            names.attributes[f"{enum.full_name}.{value.name}"] = scope.add(name, value.full_name, value.location)

    def _message(self, message: Message, names: PackageNames, around: tuple[str, ...]) -> None:
        scope = Scope(f"the message {message.full_name}", {*OF_MESSAGES, *around})
        nested = [*message.enums, *message.messages]
        for full_name in nested:
            element = self.schema.enums.get(full_name) or self.schema.messages[full_name]
            own = scope.add(element.name, full_name, element.location)
            names.types[full_name] = f"{names.types[message.full_name]}.{own}"
        for field_ in message.fields:
            if not field_.oneof:
                names.attributes[field_.full_name] = scope.add(field_.name, field_.full_name, field_.location)
        for oneof in message.oneofs:
            names.attributes[oneof.full_name] = scope.add(oneof.name, oneof.full_name, oneof.location)
        for extension in extensions_of(message.extensions):
            own = scope.add(extension.name, extension.full_name, extension.location)
            names.types[extension.full_name] = f"{names.types[message.full_name]}.{own}"
        for oneof in message.oneofs:
            made = scope.add_own(class_name(oneof.name), f"the cases of {oneof.full_name}", oneof.location)
            names.oneof_classes[oneof.full_name] = made
            cases = Scope(f"the oneof {oneof.full_name}")
            for member in oneof.fields:
                names.case_classes[f"{message.full_name}.{member}"] = cases.add_own(
                    class_name(member), f"{message.full_name}.{member}", oneof.location
                )
        names.bodies[message.full_name] = scope.names
        for full_name in nested:
            self._type(full_name, names, (*around, names.types[full_name].rpartition(".")[2]))

    def _service(self, service: Service, names: PackageNames, scope: Scope) -> None:
        client, async_client, servicer, async_servicer = (
            scope.add_own(
                f"{python_name(service.name)}{suffix}", f"the {what} of {service.full_name}", service.location
            )
            for suffix, what in (
                ("Client", "client"),
                ("AsyncClient", "asynchronous client"),
                ("Servicer", "servicer"),
                ("AsyncServicer", "asynchronous servicer"),
            )
        )
        names.services[service.full_name] = (client, async_client, servicer, async_servicer)
        methods = Scope(f"the client of {service.full_name}", OF_CLIENTS)
        for method in service.methods:
            names.attributes[method.full_name] = methods.add(snake_case(method.name), method.full_name, method.location)
        for method in service.methods:
            if self.facts.pagination(method) is not None:
                source = f"the pages of {method.full_name}"
                own = f"{names.attributes[method.full_name].rstrip('_')}_all"
                names.pagers[method.full_name] = methods.add_own(own, source, method.location)
