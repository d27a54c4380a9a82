"""The layout of the published reference: the pages of a schema, and the first page that shows an element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from toolkit.descriptors.model import Kind, Method, Schema, Service
from toolkit.descriptors.references import Target
from toolkit.descriptors.type_graph import Types
from toolkit.errors import ConfigError
from toolkit.semantics.catalog import Catalog, Publication
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.style import Style

INDEX = "index"


def resource(service: Service) -> str:
    """The directory of a service: its name without ``Service``."""
    return service.name.removesuffix("Service") or service.name


def page_name(method: Method) -> str:
    """The file of a method's page, without ``.md``."""
    name = method.name[:1].lower() + method.name[1:]
    return f"{name}_" if name == INDEX else name  # this is the name of the service's own page


@dataclass(frozen=True, slots=True)
class Api:
    """Services that are published together, with the same ``docs_path``."""

    publication: Publication
    """Its first package, by name."""
    packages: tuple[str, ...]
    services: tuple[Service, ...]
    """In the order of the index: by name, ignoring case."""


@dataclass(frozen=True)
class Layout:
    """The pages of a schema under a catalog and a style."""

    facts: Facts
    catalog: Catalog
    style: Style
    link_prefix: str = "/docs/"
    folder: str = "api-ref/grpc"
    """Where the pages of an API are, below its ``docs_path``."""
    _types: dict[str, Types] = field(default_factory=dict, compare=False)
    _first: dict[str, dict[str, str]] = field(default_factory=dict, compare=False)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def types(self, method: Method) -> Types:
        """The types to show for the ``Any`` fields of a method's response, depending on the style."""
        if not self.style.operation_types:
            return {}
        known = self._types.get(method.full_name)
        if known is None:
            found = self.facts.any_types(method).items()
            known = {name: message for name, message in found if message in self.schema.messages}
            self._types[method.full_name] = known
        return known

    def methods(self, service: Service) -> Sequence[Method]:
        """The methods that have a page."""
        return service.methods

    def oneof(self, full_name: str) -> str:
        """The anchor of a oneof in a published style."""
        return full_name

    def unlinked(self, text: str, target: Target) -> str:
        """A reference in a published style to an element without a page."""
        return f"[{text}]"

    def has_page(self, service: Service) -> bool:
        """Whether a service is in the reference."""
        return True

    def shown(self, method: Method) -> Iterable[str]:
        """The messages with a section on the page of a method, in order."""
        found = dict.fromkeys(self.facts.graph.sections(method.input, {}))
        return found | dict.fromkeys(self.facts.graph.sections(method.output, self.types(method)))

    def precedence(self, service: Service) -> tuple[str, str]:
        """The order in which services show messages first."""
        return _by_name(service)

    def url(self, method: Method, publication: Publication) -> str:
        """The address of a method's page."""
        service = self.schema.service_of(method)
        return f"{self.link_prefix}{publication.docs_path}/{self.folder}/{resource(service)}/{page_name(method)}"

    def folder_url(self, publication: Publication, service: Service | None = None) -> str:
        """The address of the index of a service, or else of its API."""
        folder = f"{quote(resource(service))}/" if service is not None else ""
        return f"{self.link_prefix}{publication.docs_path}/{self.folder}/{folder}"

    def file(self, publication: Publication, *parts: str) -> str:
        """The path of a page in the output."""
        return "/".join((publication.docs_path, self.folder, *parts)) + ".md"

    def publication_of(self, full_name: str, *, seen_from: str) -> Publication | None:
        """How the package of a message, enum or service is published, if other packages may link to it."""
        schema = self.schema
        element = schema.messages.get(full_name) or schema.enums.get(full_name) or schema.services[full_name]
        package = element.package
        return self.catalog.publication(package) if self.may_link(package, seen_from=seen_from) else None

    def may_link(self, package: str, *, seen_from: str) -> bool:
        """Whether the pages of a package may link to those of another one."""
        return package == seen_from or self.catalog.linkable(package)

    def first_page(self, shown: str, publication: Publication) -> str | None:
        """The address of the first page in its own package that shows a message or enum."""
        package = publication.package
        if package not in self._first:
            self._first[package] = dict(self._shown(publication))
        return self._first[package].get(shown)

    def _shown(self, publication: Publication) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        services = [self.schema.services[name] for name in self.schema.packages[publication.package].services]
        for service in sorted(services, key=self.precedence):
            for method in self.methods(service):
                address = self.url(method, publication)
                for name in self.shown(method):
                    if name in seen:
                        continue
                    seen.add(name)
                    yield name, address
                    for field_ in self.schema.message(name).fields:
                        enum = field_.type.name
                        if field_.type.kind is Kind.ENUM and enum not in seen:
                            seen.add(enum)
                            yield enum, address

    @cached_property
    def apis(self) -> tuple[Api, ...]:
        """The APIs in the requested files, by ``docs_path``.

        A service that is not in the catalog, but whose messages are returned by
        methods of an API that is, is also published with that API.
        """
        by_path: dict[str, list[Publication]] = {}
        for name, package in self.schema.packages.items():
            if package.requested and package.services:
                publication = self.catalog.publication(name)
                by_path.setdefault(publication.docs_path, []).append(publication)
        apis = [self._api(publications) for _, publications in sorted(by_path.items())]
        self._refuse_clashes(apis)
        return tuple(apis)

    def api_of(self, packages: tuple[str, ...], publication: Publication) -> Api:
        """An API of the named packages, regardless of the catalog."""
        publications = [publication, *(self.catalog.publication(p) for p in packages if p != publication.package)]
        return self._api(publications)

    def _api(self, publications: list[Publication]) -> Api:
        schema = self.schema
        packages = tuple(dict.fromkeys(p.package for p in publications))
        known = [schema.packages[p] for p in packages if p in schema.packages]
        services = [schema.services[s] for p in known for s in p.services]
        if any(p.listed for p in publications):
            returned = {schema.messages[m.output].package for s in services for m in s.methods}
            for name in sorted(returned):
                if name not in self.catalog.listed and name not in packages:
                    services += [schema.services[s] for s in schema.packages[name].services]
        services = [service for service in services if self.has_page(service)]
        return Api(publications[0], packages, tuple(sorted(services, key=_by_name)))

    def _refuse_clashes(self, apis: list[Api]) -> None:
        for api in apis:
            taken: dict[str, Service] = {}
            for service in api.services:
                other = taken.setdefault(resource(service).lower(), service)
                if other is not service:
                    raise ConfigError(
                        f"{other.full_name} and {service.full_name} would both be published as "
                        f"{api.publication.docs_path}/{self.folder}/{resource(service)}",
                        location=service.location,
                        hint="give one of their packages a docs_path of its own in the catalog",
                    )
                names: dict[str, Method] = {}
                for method in self.methods(service):
                    same = names.setdefault(page_name(method).lower(), method)
                    if same is not method:
                        raise ConfigError(
                            f"{same.full_name} and {method.full_name} would have the same page",
                            location=method.location,
                        )


def _by_name(service: Service) -> tuple[str, str]:
    return service.name.lower(), service.full_name
