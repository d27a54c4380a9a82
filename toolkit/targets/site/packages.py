"""Index pages: of services and packages, the first page of the reference, the list of all types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Enum, Message, Method, Package, Service
from toolkit.errors import Location
from toolkit.semantics.catalog import Catalog
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.diagrams import DiagramView, diagrams
from toolkit.targets.site.downloads import Downloads
from toolkit.targets.site.fields import Fields
from toolkit.targets.site.layout import Layout, package_key
from toolkit.targets.site.prose import Prose, description, quoted
from toolkit.targets.site.viewer import Viewer

_GROUPS = {
    "Types": ("resource",),
    "Requests and responses": ("request", "response"),
    "Metadata of operations": ("metadata",),
    "Enums": ("enum",),
}
"""The groups of types on the page of a package, and the roles of those in each."""
MOST_OPEN = 40
"""Types on the page of a package at most for all groups to be open."""
MOST_TYPES = 1_000
"""Types in a list on one page at most; more are split by their first letter."""


@dataclass(frozen=True, slots=True)
class Row:
    """A link and a description."""

    link: str
    summary: str
    http: str = ""
    """The verb and path of a method."""
    badges: tuple[str, ...] = ()
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The types of a package that are for the same purpose."""

    title: str
    rows: list[Row]
    folded: bool
    """Whether readers have to open it."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """An index page; every member is finished Markdown."""

    title: str
    description: str
    """Both as YAML."""
    name: str
    anchor: str
    package: str
    comment: str
    labels: list[str]
    remarks: list[str]
    """Sentences about what options say, such as the host of a service."""
    deprecated: bool
    services: list[Row]
    methods: list[Row]
    groups: list[Group]
    """The types of a package, by their purpose."""
    extensions: str
    diagrams: list[DiagramView]
    files: list[str]
    downloads: list[str]
    """Links to files that other targets write."""


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package on the first page of the reference."""

    link: str
    title: str
    summary: str
    services: list[str]
    types: int


@dataclass(frozen=True, slots=True)
class LetterView:
    """The types that begin with a letter."""

    letter: str
    address: str
    """The address of their own page, or empty."""
    types: list[tuple[str, str, str]]
    """Each type with a link, its kind, and its package."""


@dataclass(frozen=True)
class IndexPages:
    """Renders index pages."""

    layout: Layout
    fields: Fields
    prose: Prose
    renderer: Renderer
    catalog: Catalog
    downloads: Downloads
    viewer: Viewer

    def service(self, service: Service) -> str:
        """The page of a service, as Markdown."""
        return self._render(
            "site/service.md.j2",
            title=service.name,
            words=self.prose.words(service) or f"The service {service.full_name}.",
            name=service.name,
            key=service.full_name,
            anchor=service.full_name,
            package=self.fields.package_link(service.package),
            comment=self.prose.body(service, service.full_name),
            labels=self.fields.labels(service),
            remarks=self.fields.remarks.sentences(service),
            deprecated=service.deprecated,
            methods=[self._method(method) for method in service.methods],
        )

    def _method(self, method: Method) -> Row:
        badges = [] if method.is_unary else [method.streaming]
        if self.layout.facts.operation(method) is not None:
            badges.append("long-running")
        badges += self.fields.labels(method)
        http = f"{escaped(method.http[0].verb)} {code(method.http[0].path)}" if method.http else ""
        link = f"[{escaped(method.name)}]({self.layout.page(method.full_name)})"
        return Row(link, self.prose.summary(method, method.full_name), http, tuple(badges), method.deprecated)

    def package(self, package: Package) -> str:
        """The page of a package, as Markdown."""
        schema, layout = self.layout.schema, self.layout
        services = layout.services_of(package)
        types = layout.by_package[package.name]
        files = [schema.files[name] for name in package.files]
        extensions = [e for f in files if f.requested for e in f.extensions]
        location = next((schema.files[name].locations.get("package") for name in package.files), None)
        return self._render(
            "site/package.md.j2",
            title=self.title(package.name),
            words=(self.prose.words_of_package(package, location) if location else "")
            or f"The package {package.name or 'without a name'}.",
            name=self.title(package.name),
            key=package_key(package.name),
            anchor=package.name or "_",
            package=code(package.name) if package.name else "",
            comment=self.prose.text(package, package.name, location) if location else "",
            services=[self._row(service.full_name, service) for service in services],
            groups=[*self._groups(types)],
            extensions="\n\n".join(self.fields.text(e, package.name).text for e in extensions),
            diagrams=diagrams(package, layout),
            files=[self.fields.origins.at(file.name) for file in files],
            downloads=[*self.viewer.links(package.name), *self.downloads.of_package(package, services)],
        )

    def _groups(self, types: Sequence[Message | Enum]) -> Iterator[Group]:
        """The types of a package: things first; what is only a part of calls is folded if there is much else."""
        role = self.layout.facts.role
        for title, wanted in _GROUPS.items():
            rows = [self._row(element.full_name, element) for element in types if role(element) in wanted]
            if rows:
                yield Group(title, rows, "resource" not in wanted and len(types) > MOST_OPEN)

    def _row(self, name: str, element: Service | Message | Enum) -> Row:
        short = self.fields.short(name) if not isinstance(element, Service) else element.name
        badges = tuple(self.fields.labels(element))
        link = f"[{escaped(short)}]({self.layout.page(name)})"
        return Row(link, self.prose.summary(element, element.full_name), "", badges, element.deprecated)

    def title(self, package: str) -> str:
        """The title of a package in the catalog, or its name."""
        return self.catalog.title(package)

    def _render(self, template: str, *, title: str, words: str, name: str, key: str, **members: object) -> str:
        lists: dict[str, object] = {
            name: []
            for name in ("services", "methods", "groups", "diagrams", "files", "downloads", "labels", "remarks")
        }
        page = IndexPage(
            title=quoted(title),
            description=description(words),
            name=escaped(name),
            **({"extensions": "", "deprecated": False} | lists | members),  # type: ignore[arg-type]
        )
        return self.renderer.render(template, page=page, versions=self.fields.origins.switcher(key))

    def top(self) -> Iterator[tuple[str, str]]:
        """The path and Markdown of the first page of the reference and of the list of all types."""
        layout = self.layout
        rows = [self._package_row(package) for package in layout.packages]
        yield (
            layout.home,
            self.renderer.render(
                "site/home.md.j2",
                packages=rows,
                types=len(layout.types),
                index="types.md",
                versions=self.fields.origins.switcher(),
            ),
        )
        letters = self._letters
        parted = len(layout.types) > MOST_TYPES
        if parted:
            letters = [LetterView(v.letter, f"all-types/{v.letter.lower()}.md", v.types) for v in letters]
            for view in letters:
                text = self.renderer.render("site/letter.md.j2", letter=view)
                yield f"{layout.folder}/{view.address}", text
        yield (
            layout.types_page,
            self.renderer.render("site/types.md.j2", letters=[_seen_from_above(v, parted) for v in letters]),
        )

    @cached_property
    def _letters(self) -> list[LetterView]:
        found: dict[str, list[tuple[str, str, str]]] = {}
        for name, element in sorted(self.layout.types.items(), key=lambda item: (item[1].name.lower(), item[0])):
            kind = "message" if isinstance(element, Message) else "enum"
            link = f"[{escaped(self.fields.short(name))}]({self.layout.page(name)})"
            letter = element.name[:1].upper()
            found.setdefault(letter if letter.isalpha() else "_", []).append((link, kind, escaped(element.package)))
        return [LetterView(letter, "", types) for letter, types in sorted(found.items())]

    def _package_row(self, package: Package) -> PackageRow:
        layout = self.layout
        address = str(layout.package_page(package.name)).removeprefix("../")
        title = self.title(package.name)
        services = [
            f"[{escaped(service.name)}]({str(layout.page(service.full_name)).removeprefix('../')})"
            for service in layout.services_of(package)
        ]
        return PackageRow(
            link=f"[{escaped(title)}]({address})",
            title=escaped(package.name) if title != package.name else "",
            summary=self.prose.summary_above(package, package.name, Location(package.files[0])),
            services=services,
            types=len(layout.by_package[package.name]),
        )


def _seen_from_above(view: LetterView, parted: bool) -> LetterView:
    """The types of a letter on the page of all letters: links, or none if the letter has its own page."""
    if parted:
        return view
    types = [(link.replace("](../", "](", 1), kind, package) for link, kind, package in view.types]
    return LetterView(view.letter, "", types)
