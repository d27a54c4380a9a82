"""Pages about what several methods have in common, and which methods they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Method
from toolkit.semantics.codes import CODES
from toolkit.targets.examples.masks import update_mask
from toolkit.targets.examples.servers import Servers
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.fields import Fields
from toolkit.targets.site.layout import CONCEPTS, Layout
from toolkit.targets.site.reasons import reasons
from toolkit.targets.site.versions import Versions

ERRORS = f"../{CONCEPTS}/errors.md"
"""The address of the page about errors, from the page of a method."""
_MOST = 20
"""Methods that a page names at most."""


@dataclass(frozen=True, slots=True)
class MethodList:
    """The methods that a page is about, as links; some of them if there are many."""

    links: list[str]
    more: int


@dataclass(frozen=True, slots=True)
class AuthenticationView:
    """What callers send to be known; every member is finished Markdown."""

    headers: list[tuple[str, str]]
    """The name and value of each header."""
    scopes: list[tuple[str, list[str]]]
    """A link to each service, and its OAuth scopes, any of which suffices."""


@dataclass(frozen=True)
class Concepts:
    """Decides which pages a site has, and makes them."""

    layout: Layout
    renderer: Renderer
    servers: Servers
    versions: Versions
    fields: Fields

    @cached_property
    def _kinds(self) -> Mapping[str, tuple[str, Callable[[Method], bool]]]:
        """The title of each page, and whether it is about a method."""
        facts, schema = self.layout.facts, self.layout.schema
        return {
            "authentication": ("Authentication", lambda method: self._has_credentials(method)),
            "errors": ("Errors", lambda method: True),
            "operations": ("Long-running operations", lambda method: facts.operation(method) is not None),
            "pagination": ("Pagination", lambda method: facts.pagination(method) is not None),
            "field-masks": ("Field masks", lambda m: update_mask(m, schema.message(m.input)) is not None),
            "retries": ("Retries", facts.is_repeatable),
        }

    def _has_credentials(self, method: Method) -> bool:
        return bool(self.servers.headers_of(self.layout.schema.service_of(method)))

    @cached_property
    def about(self) -> Mapping[str, Sequence[Method]]:
        """The pages of the site, with the methods that each is about."""
        methods = [method for service in self.layout.services for method in service.methods]
        found = {name: [m for m in methods if is_about(m)] for name, (_, is_about) in self._kinds.items()}
        return {name: methods for name, methods in found.items() if methods}

    def titles(self) -> Iterator[tuple[str, str]]:
        """The title and the path of each page."""
        for name in self.about:
            yield self._kinds[name][0], f"{self.layout.folder}/{CONCEPTS}/{name}.md"

    def links(self, method: Method) -> list[str]:
        """Links from the page of a method."""
        kinds = self._kinds.items()
        return [f"[{title}](../{CONCEPTS}/{name}.md)" for name, (title, is_about) in kinds if is_about(method)]

    def pages(self) -> Iterator[tuple[str, str]]:
        """The path and Markdown of each page."""
        for name, methods in self.about.items():
            text = self.renderer.render(
                f"site/concepts/{name}.md.j2",
                title=self._kinds[name][0],
                methods=self._list(methods),
                codes=CODES,
                reasons=reasons(self.fields) if name == "errors" else [],
                authentication=self._authentication(methods),
                polls=self._polls(methods),
                pages=[*self.about],
                versions=self.versions.switcher(self.layout),
            )
            yield f"{self.layout.folder}/{CONCEPTS}/{name}.md", text

    def _list(self, methods: Sequence[Method]) -> MethodList:
        links = [self._link(method) for method in methods[:_MOST]]
        return MethodList(links, len(methods) - len(links))

    def _link(self, method: Method) -> str:
        service = self.layout.schema.service_of(method)
        return f"[{escaped(f'{service.name}.{method.name}')}]({self.layout.page(method.full_name)})"

    def _authentication(self, methods: Sequence[Method]) -> AuthenticationView:
        services = list(dict.fromkeys(map(self.layout.schema.service_of, methods)))
        headers = {header.name: header for service in services for header in self.servers.headers_of(service)}
        values = [(code(one.name), code(one.value)) for one in headers.values()]
        scopes = [
            (f"[{escaped(service.name)}]({self.layout.page(service.full_name)})", [*map(code, found)])
            for service in services
            if (found := self.layout.facts.scopes(service))
        ]
        return AuthenticationView(values, scopes)

    def _polls(self, methods: Sequence[Method]) -> list[str]:
        """The methods that return an operation, as links; without a page, as text."""
        operations = filter(None, map(self.layout.facts.operation, methods))
        found = dict.fromkeys(one.service.get for one in operations if one.service is not None)
        return [
            self._link(one) if self.layout.has_page(one.full_name) else code(one.full_name, in_cell=False)
            for one in found
        ]
