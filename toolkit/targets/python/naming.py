"""The Python names of all elements in a schema, and how modules refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Element, Enum, Message, Schema, Service
from toolkit.errors import ConfigError
from toolkit.semantics.facts import Facts
from toolkit.targets.python.descriptors import extensions_of
from toolkit.targets.python.names import (
    OF_CLIENTS,
    OF_ENUMS,
    OF_MESSAGES,
    OF_MODULES,
    Scope,
    check_chosen,
    class_name,
    python_name,
)

UNPACKAGED = "unpackaged"
"""The module of elements without a package."""
OF_FOLDERS = ("_descriptors", "_options", "_root", UNPACKAGED)


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
    chosen: Mapping[str, str] = field(default_factory=dict)
    """Names in Python that the configuration chooses, by full name."""
    imported: Mapping[str, str] = field(default_factory=dict)
    """Packages that another distribution has → their modules."""

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def check(self) -> None:
        """Raise ConfigError if a name or module is chosen for something that the bindings don't contain."""
        for package, module in self.imported.items():
            if package not in self.schema.packages:
                raise ConfigError(
                    f"[python.imports]: there is no package {package!r}",
                    hint='write its name in the .proto files, in quotes: "google.rpc"',
                )
            parts = module.split(".")
            if len(parts) < 2 or any(python_name(part) != part or not part.isidentifier() for part in parts):
                raise ConfigError(
                    f"[python.imports]: {module!r} for {package} is not a module of generated bindings",
                    hint=f"write the root package and the module, such as common_bindings.{package}",
                )
        for full_name in self.chosen:
            if not self._contains(full_name):
                raise ConfigError(
                    f"[python.names]: the bindings have no element {full_name!r}",
                    hint="write its full name in the .proto file, such as acme.v1.Bucket.class; "
                    "an enum value is beside its enum, such as acme.v1.COLD",
                )

    def _contains(self, full_name: str) -> bool:
        if any(package == full_name or package.startswith(f"{full_name}.") for package in self.packages):
            return True
        schema = self.schema
        parent, _, name = full_name.rpartition(".")
        message = schema.messages.get(parent)
        found: Element | None = message and (message.field(name) or message.oneof(name))
        for known in (schema.messages, schema.enums, schema.services, schema.methods, schema.enum_values):
            found = found or known.get(full_name)
        extension = schema.extensions.get(full_name)
        if extension is not None and extensions_of([extension]):
            found = extension
        return found is not None and found.location.file in self.files

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """The packages to generate."""
        return tuple(sorted({self.schema.files[name].package for name in self.files} - self.imported.keys()))

    @cached_property
    def modules(self) -> dict[str, str]:
        """Packages → modules below the root; those of imported packages are absolute."""
        below: dict[str, set[str]] = {}
        for package in filter(None, self.packages):
            parts = package.split(".")
            for end in range(len(parts)):
                below.setdefault(".".join(parts[:end]), set()).add(parts[end])
        found = {"": UNPACKAGED} if "" in self.packages else {}
        queue = [("", "")]
        while queue:
            package, module = queue.pop()
            scope = Scope(f"the packages in {module or 'the root'}", OF_FOLDERS, self.chosen)
            inner = sorted((part, f"{package}.{part}".lstrip(".")) for part in below.get(package, ()))
            for source, made in scope.add_all(inner).items():
                queue.append((source, f"{module}.{made}".lstrip(".")))
                if source in self.packages:
                    found[source] = queue[-1][1]
        return {**found, **self.imported}

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
        scope = Scope(f"the module {names.module}", {*OF_MODULES, *below, "_descriptors"}, self.chosen)
        top = [
            self.schema.enums.get(name) or self.schema.messages[name] for name in (*package.enums, *package.messages)
        ]
        types: list[Element] = [element for element in top if element.location.file in self.files]
        files = [self.schema.files[file] for file in package.files if file in self.files]
        extensions = [extension for file in files for extension in extensions_of(file.extensions)]
        names.types |= scope.add_all(_named((*types, *extensions)))
        for element in types:
            self._type(element.full_name, names, (names.types[element.full_name],))
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

    def _types(self, names: Iterable[str]) -> list[Element]:
        return [self.schema.enums.get(name) or self.schema.messages[name] for name in names]

    def _type(self, full_name: str, names: PackageNames, around: tuple[str, ...]) -> None:
        if full_name in self.schema.enums:
            self._enum(self.schema.enums[full_name], names)
        else:
            self._message(self.schema.messages[full_name], names, around)

    def _enum(self, enum: Enum, names: PackageNames) -> None:
        scope = Scope(f"the enum {enum.full_name}", OF_ENUMS, self.chosen)
        private = f"_{names.types[enum.full_name].rpartition('.')[2]}__"
        # A mangled name would not be a member of the enum.
        made = scope.add_all((f"x{v.name}" if v.name.startswith(private) else v.name, v.full_name) for v in enum.values)
        for value in enum.values:
            names.attributes[f"{enum.full_name}.{value.name}"] = made[value.full_name]

    def _message(self, message: Message, names: PackageNames, around: tuple[str, ...]) -> None:
        scope = Scope(f"the message {message.full_name}", {*OF_MESSAGES, *around}, self.chosen)
        nested = [
            self.schema.enums.get(name) or self.schema.messages[name] for name in (*message.enums, *message.messages)
        ]
        fields = [field_ for field_ in message.fields if not field_.oneof]
        extensions = extensions_of(message.extensions)
        made = scope.add_all(_named((*nested, *fields, *message.oneofs, *extensions)))
        for element in (*nested, *extensions):
            names.types[element.full_name] = f"{names.types[message.full_name]}.{made[element.full_name]}"
        for attribute in (*fields, *message.oneofs):
            names.attributes[attribute.full_name] = made[attribute.full_name]
        for oneof in message.oneofs:
            own = class_name(self.chosen.get(oneof.full_name, oneof.name))
            names.oneof_classes[oneof.full_name] = scope.add_own(own, f"the cases of {oneof.full_name}")
            cases = Scope(f"the oneof {oneof.full_name}", chosen=self.chosen)
            members = ((class_name(member), f"{message.full_name}.{member}") for member in oneof.fields)
            names.case_classes |= cases.add_all(members)
        names.bodies[message.full_name] = scope.names
        for element in nested:
            inner = names.types[element.full_name].rpartition(".")[2]
            self._type(element.full_name, names, (*around, inner))

    def _service(self, service: Service, names: PackageNames, scope: Scope) -> None:
        base = self.chosen.get(service.full_name)
        if base is not None:
            check_chosen(base, service.full_name, f"the module {names.module}")
        made = [
            scope.add_own(f"{base or python_name(service.name)}{suffix}", f"the {what} of {service.full_name}")
            for suffix, what in (
                ("Client", "client"),
                ("AsyncClient", "asynchronous client"),
                ("Servicer", "servicer"),
                ("AsyncServicer", "asynchronous servicer"),
            )
        ]
        if base is not None and not all(name.startswith(base) and not name.endswith("_") for name in made):
            raise ConfigError(
                f"[python.names]: another class in the module {names.module} has the name {made[0].rstrip('_')!r}, "
                f"so {service.full_name} can't be {base!r}",
                hint="choose another name for one of them",
            )
        names.services[service.full_name] = (made[0], made[1], made[2], made[3])
        methods = Scope(f"the client of {service.full_name}", OF_CLIENTS, self.chosen)
        names.attributes |= methods.add_all((snake_case(m.name), m.full_name) for m in service.methods)
        for method in service.methods:
            if self.facts.pagination(method) is not None:
                own = f"{names.attributes[method.full_name].rstrip('_')}_all"
                names.pagers[method.full_name] = methods.add_own(own, f"the pages of {method.full_name}")


def _named(elements: Iterable[Element]) -> Iterator[tuple[str, str]]:
    return ((element.name, element.full_name) for element in elements)
