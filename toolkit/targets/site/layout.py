"""The layout of the site: the page of each element, and its anchor there.

All pages of a package are in one directory, next to those of other packages.
So an address is the same from every page of every package, and what is rendered
once can be used on any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Enum, Kind, Message, Method, Package, Schema, Service
from toolkit.descriptors.references import Target, TargetKind
from toolkit.semantics.facts import Facts

FOLDER = "reference"
"""The directory of the pages of the documented version, inside the directory of all pages."""
CONCEPTS = "concepts"
"""The directory of pages about what methods have in common, next to those of packages."""
INDEX = "index"
_TAKEN = ("", INDEX, "readme")
"""Names of pages with a special meaning in MkDocs, in lowercase."""


@dataclass(frozen=True)
class Layout:
    """The pages of a schema; elements are identified by their full names."""

    facts: Facts
    services: tuple[Service, ...]
    """The services with a page."""
    all_types: bool = True
    """Whether every type in the requested files has a page, or only those that are reachable from the services."""
    folder: str = FOLDER
    """The directory of the pages, inside the directory of all pages."""

    @classmethod
    def of(cls, facts: Facts, wanted: Callable[[Service], bool] | None = None, folder: str = FOLDER) -> Layout:
        """The layout of the services that are wanted and of the types that they need, or of everything."""
        return cls(facts, tuple(filter(wanted, facts.schema.requested_services())), wanted is None, folder)

    @property
    def home(self) -> str:
        """The file of the first page."""
        return f"{self.folder}/index.md"

    @property
    def types_page(self) -> str:
        """The file of the list of all types."""
        return f"{self.folder}/types.md"

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def types(self) -> Mapping[str, Message | Enum]:
        """The messages and enums with a page: requested ones and everything in them, unless it has a public page."""
        schema = self.schema
        every: list[Message | Enum] = [*schema.messages.values(), *schema.enums.values()]
        found = {e.full_name: e for e in every if self.all_types and schema.files[e.location.file].requested}
        roots = {name for s in self.services for name in self._roots(s)}
        stack = [*found.values(), *(schema.messages[name] for name in roots if name not in found)]
        while stack:
            element = stack.pop()
            if element.full_name not in found:
                if not schema.files[element.location.file].requested and self._is_elsewhere(element):
                    continue
                found[element.full_name] = element
            for field in element.fields if isinstance(element, Message) else ():
                if field.type.kind is not Kind.SCALAR and field.type.name not in found:
                    held = schema.messages.get(field.type.name) or schema.enums[field.type.name]
                    stack.append(held)
        return {e.full_name: e for e in every if e.full_name in found}

    def _roots(self, service: Service) -> Iterator[str]:
        """The types that the methods of a service take and return, including those of their operations."""
        for method in service.methods:
            yield method.input
            yield method.output
            types = self.facts.any_types(method).values()
            yield from (name for name in types if name in self.schema.messages)

    def _is_elsewhere(self, element: Message | Enum) -> bool:
        return self.facts.public_page(element.full_name) is not None

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """The packages with a page, by name: first those with requested services, then those with only types."""
        with_services = {service.package for service in self.services}
        of_types = {element.package for element in self.types.values()}
        packages = [p for p in self.schema.packages.values() if p.name in with_services or p.name in of_types]
        return tuple(sorted(packages, key=lambda package: package.name not in with_services))

    def services_of(self, package: Package) -> list[Service]:
        """The services of a package with a page."""
        return [service for service in self.services if service.package == package.name]

    @cached_property
    def by_package(self) -> Mapping[str, list[Message | Enum]]:
        """The types with a page by package, sorted by name."""
        found: dict[str, list[Message | Enum]] = {package.name: [] for package in self.packages}
        for element in sorted(self.types.values(), key=lambda element: element.full_name):
            found[element.package].append(element)
        return found

    @cached_property
    def _pages(self) -> Mapping[str, tuple[str, str]]:
        """The directory and file of every element with a page; for packages, by :func:`package_key`."""
        pages: dict[str, tuple[str, str]] = {}
        folders = {"types", CONCEPTS}  # the former is the address of the index of types
        for package in self.packages:
            folder = _unique(package.name or "_", folders)
            pages[package_key(package.name)] = (folder, INDEX)
            files: set[str] = set()
            for name in self._elements(package):
                pages[name] = (folder, _unique(less_package(name, package.name), files))
        return pages

    def _elements(self, package: Package) -> Iterator[str]:
        for service in self.services_of(package):
            yield service.full_name
            yield from (method.full_name for method in service.methods)
        yield from (element.full_name for element in self.by_package[package.name])

    def path(self, full_name: str) -> str:
        """The file of the page of a service, method, message or enum."""
        return "/".join((self.folder, *self._pages[full_name])) + ".md"

    def package_path(self, package: str) -> str:
        """The file of the page of a package."""
        return self.path(package_key(package))

    def has_page(self, full_name: str) -> bool:
        """Whether a service, method, message or enum has its own page."""
        return full_name in self._pages

    def page(self, full_name: str) -> str | None:
        """The address of the page of a service, method, message or enum, for links from other pages; or None.

        The page of a well-known type is elsewhere.
        """
        location = self._pages.get(full_name)
        if location is not None:
            return f"../{location[0]}/{location[1]}.md"
        return self.facts.public_page(full_name) if full_name in self.schema.messages else None

    def methods_using(self, element: Message | Enum) -> list[Method]:
        """The methods with a page from which a type is reachable."""
        return [method for method in self.facts.uses.get(element.full_name, ()) if method.full_name in self._pages]

    def package_page(self, package: str) -> str | None:
        """The address of the page of a package."""
        return self.page(package_key(package))

    def target(self, target: Target) -> str | None:
        """The address of what a reference names, or None if it has none."""
        if target.kind is TargetKind.PACKAGE:
            return self.package_page(target.full_name)
        if target.shown_by == target.full_name:
            return self.page(target.full_name)
        return self.member(target.shown_by, target.full_name)

    def member(self, owner: str, full_name: str) -> str | None:
        """The address of a field, oneof or value in a message or enum."""
        page = self.page(owner)
        return f"{page}#{full_name}" if page is not None and owner in self._pages else page


def package_key(package: str) -> str:
    """What a package is called where elements are called by their full names."""
    return f"package:{package}"


def less_package(full_name: str, package: str) -> str:
    """A name without its package."""
    return full_name[len(package) + 1 :] if package else full_name


def _unique(name: str, taken: set[str]) -> str:
    """The name, or a similar one that is still free, even in a case-insensitive file system."""
    while name.lower() in taken or name.lower() in _TAKEN:
        name += "_"
    taken.add(name.lower())
    return name
