"""The landing page that a new site starts with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from toolkit.descriptors.model import Element, Message, Method, Service
from toolkit.errors import Location
from toolkit.targets.history import file_of
from toolkit.targets.markdown.inline import escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.origins import Origins
from toolkit.targets.site.prose import Prose, description, quoted
from toolkit.targets.site.sampling import Sampling, Tab

MOST_SERVICES = 30
"""Services in the list at most; if there are more, the list has packages."""
MOST_CHANGES = 5
"""Additions of the latest revision that are named at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service or a package; both members are finished Markdown."""

    link: str
    summary: str


@dataclass(frozen=True, slots=True)
class FirstCall:
    """A method that is simple to call; its members are finished Markdown."""

    method: str
    """A link."""
    summary: str
    tabs: list[Tab]


@dataclass(frozen=True, slots=True)
class Latest:
    """What the latest revision changed; its members are finished Markdown."""

    revision: str
    """A link, if the site has the changelog."""
    added: list[str]
    """Links to services, methods and types."""
    more: int
    """The number of other additions."""
    changed: int
    """The number of elements that changed."""


@dataclass(frozen=True, slots=True)
class LandingView:
    """The landing page; all text is finished Markdown."""

    title: str
    name: str
    """The title as YAML."""
    description: str
    """As YAML."""
    folder: str
    """The directory of the reference."""
    counts: list[str]
    """Such as "2 services"."""
    are_packages: bool
    """Whether the entries are packages."""
    entries: list[Entry]
    first_call: FirstCall | None
    latest: Latest | None


@dataclass(frozen=True)
class Landing:
    """Makes the page."""

    layout: Layout
    prose: Prose
    sampling: Sampling
    origins: Origins
    renderer: Renderer

    def text(self, title: str) -> str:
        """The page of a site with this title."""
        counts = [*self._counts()]
        about = f"{title}: {', '.join(counts)}." if counts else title
        are_packages = len(self.layout.services) > MOST_SERVICES
        page = LandingView(
            title=escaped(title),
            name=quoted(title),
            description=description(about),
            folder=self.layout.folder,
            counts=counts,
            are_packages=are_packages,
            entries=[*(self._packages() if are_packages else map(self._service, self.layout.services))],
            first_call=self._first_call(),
            latest=self._latest(),
        )
        return self.renderer.render("site/landing.md.j2", page=page)

    def _counts(self) -> Iterator[str]:
        layout = self.layout
        messages = sum(isinstance(element, Message) for element in layout.types.values())
        yield from (
            f"{number} {noun}{'' if number == 1 else 's'}"
            for number, noun in (
                (len(layout.services), "service"),
                (sum(len(service.methods) for service in layout.services), "method"),
                (messages, "message"),
                (len(layout.types) - messages, "enum"),
            )
            if number
        )

    def _service(self, service: Service) -> Entry:
        return Entry(self._link(service.name, service.full_name), self._summary(service, service.full_name))

    def _packages(self) -> Iterator[Entry]:
        for package in self.layout.packages:
            if self.layout.services_of(package):
                link = f"[{escaped(package.name)}]({self.layout.package_path(package.name)})"
                location = Location(package.files[0])
                summary = self.prose.summary_above(package, package.name, location, f"{self.layout.folder}/")
                services = (self._link(one.name, one.full_name) for one in self.layout.services_of(package))
                yield Entry(link, summary or ", ".join(services))

    def _summary(self, element: Element, scope: str) -> str:
        return self.prose.summary_above(element, scope, element.location, f"{self.layout.folder}/")

    def _link(self, shown: str, full_name: str) -> str:
        return f"[{escaped(shown)}]({self.layout.path(full_name)})"

    def _first_call(self) -> FirstCall | None:
        """The method that needs least: one without a stream or further effect, and with the fewest required fields."""
        facts = self.layout.facts

        def effort(method: Method) -> tuple[bool, bool, bool, int]:
            required = sum(map(facts.required, facts.schema.message(method.input).fields))
            return not method.is_unary, method.deprecated, not facts.is_repeatable(method), required

        methods = [method for service in self.layout.services for method in service.methods]
        method = min(methods, key=effort, default=None)
        tabs = self.sampling.calls(method, method.name) if method is not None else []
        tabs = [tab for tab in tabs if not tab.file]
        if method is None or not tabs:
            return None
        link = self._link(self._short(method.full_name), method.full_name)
        return FirstCall(link, self._summary(method, method.full_name), tabs)

    def _latest(self) -> Latest | None:
        history, layout = self.origins.history, self.layout
        if not history.revisions:
            return None
        name = history.revisions[-1]
        added = [element for element, revision in sorted(history.since.items()) if revision == name]
        shown = [element for element in added if layout.has_page(element)]
        links = [self._link(self._short(element), element) for element in shown[:MOST_CHANGES]]
        changelog = self.origins.changelog.removeprefix("../../")
        revision = f"[{escaped(name)}]({changelog}/{quote(file_of(name))})" if changelog else escaped(name)
        changed = sum(revisions[-1] == name for revisions in history.changed.values())
        return Latest(revision, links, len(added) - len(links), changed)

    def _short(self, full_name: str) -> str:
        """The name of an element; that of a method with its service."""
        parts = full_name.rsplit(".", 2)
        return ".".join(parts[-2:]) if full_name in self.layout.schema.methods else parts[-1]
