"""The page of a method: how to call it, and its request and response, including nested messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.descriptors.model import Method
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.concepts import Concepts
from toolkit.targets.site.definitions import Definitions
from toolkit.targets.site.fields import Fields
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.prose import Prose, description, quoted
from toolkit.targets.site.rest import Rest, RestView
from toolkit.targets.site.sampling import Sampling, Tab
from toolkit.targets.site.sides import Sides, SideView


@dataclass(frozen=True, slots=True)
class OperationView:
    """The long-running operation of a method; every member is finished Markdown, or a name in a diagram."""

    type: str
    id: str
    metadata: str
    response: str
    """Links to the types; empty if unknown."""
    get: str
    """A link to the method that polls the operation; empty if there is none."""
    cancel: str
    name: str
    caller: str
    call: str
    service: str
    """The service to poll; empty if unknown."""
    get_call: str
    result: str


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The page of a method; every member is finished Markdown."""

    title: str
    description: str
    """Both as YAML."""
    name: str
    anchor: str
    call_name: str
    """The name by which gRPC calls it, such as ``acme.Books/Get``, as code."""
    package: str
    service: str
    """Links."""
    badges: list[str]
    """What is not the rule: streaming, an operation, labels, deprecation; then each verb with its path."""
    operation: OperationView | None
    comment: str
    remarks: list[str]
    """Sentences about what options say, such as an example."""
    call_forms: str
    """A sentence with the fields that callers usually set; empty if no option names them."""
    request_tabs: list[Tab]
    response_tabs: list[Tab]
    languages: str
    """The labels of request tabs whose choice is kept for other pages, separated by commas, as YAML."""
    request: SideView
    response: SideView
    rest: RestView | None
    concepts: list[str]
    """Links to pages about what the method has in common with others."""
    proto: Tab
    """Its definition."""
    declared: str
    """Where the method is declared: a file and a line, linked if the address is known."""
    revisions: list[str]
    """Since when there is the method, and when it changed last."""
    deprecated: bool


@dataclass(frozen=True)
class Methods:
    """Renders the pages of methods."""

    layout: Layout
    fields: Fields
    prose: Prose
    renderer: Renderer
    sampling: Sampling
    concepts: Concepts
    definitions: Definitions

    def files(self, method: Method) -> Iterator[tuple[str, str]]:
        """The path and text of a method's page, and of code that is too long for it."""
        path = self.layout.path(method.full_name)
        folder, _, name = path.removesuffix(".md").rpartition("/")
        types = self.layout.facts.any_types(method)
        asked, languages = self.sampling.request(method, name)
        given = self.sampling.response(method, name, types)
        proto = self.definitions.of_method(method, name)
        page = self._page(method, Sides(self.fields, method, types), asked, languages, given, proto)
        versions = self.fields.origins.switcher(method.full_name)
        yield path, self.renderer.render("site/method.md.j2", page=page, versions=versions)
        yield from ((f"{folder}/{tab.file}", tab.text) for tab in (*asked, *given, proto) if tab.file)

    def _page(
        self, method: Method, sides: Sides, asked: list[Tab], languages: list[str], given: list[Tab], proto: Tab
    ) -> MethodPage:
        layout = self.layout
        service = layout.schema.service_of(method)
        words = self.prose.words(method)
        return MethodPage(
            title=quoted(f"{service.name}.{method.name}"),
            description=description(words or f"{service.name}.{method.name}"),
            name=escaped(method.name),
            anchor=method.full_name,
            call_name=code(f"{service.full_name}/{method.name}", in_cell=False),
            package=self.fields.package_link(service.package),
            service=f"[{escaped(service.name)}]({layout.page(service.full_name)})",
            badges=list(self._badges(method)),
            operation=self._operation(method),
            comment=self.prose.body(method, method.full_name),
            remarks=self.fields.remarks.sentences(method),
            call_forms=self.fields.remarks.call_forms(method),
            request_tabs=asked,
            response_tabs=given,
            languages=quoted(",".join(languages)),
            request=sides.request(),
            response=sides.response(),
            rest=Rest(self.fields, self.sampling.snippets.servers).view(method),
            concepts=self.concepts.links(method),
            proto=proto,
            revisions=self.fields.origins.revisions(method),
            declared=self.fields.origins.of(method),
            deprecated=method.deprecated,
        )

    def _badges(self, method: Method) -> Iterator[str]:
        if method.client_streaming or method.server_streaming:
            yield f"**{method.streaming}**{{ .badge }}"
        if self.layout.facts.operation(method) is not None:
            yield "**long-running**{ .badge .operation }"
        yield from (f"**{label}**{{ .badge }}" for label in self.fields.labels(method))
        if method.deprecated:
            yield "**deprecated**{ .badge .deprecated }"
        if method.http:
            rule = method.http[0]
            yield f"**{escaped(rule.verb)}**{{ .badge .http }} {code(rule.path)}"

    def _operation(self, method: Method) -> OperationView | None:
        operation = self.layout.facts.operation(method)
        if operation is None:
            return None
        schema, asked, link = self.layout.schema, operation.service, self.fields.link
        return OperationView(
            type=link(method.output),
            id=code(operation.id_field),
            metadata=link(operation.metadata) if operation.metadata else "",
            response=link(operation.response) if operation.response else "",
            get=self._method_link(asked.get) if asked is not None else "",
            cancel=self._method_link(asked.cancel) if asked is not None and asked.cancel is not None else "",
            name=operation.message.name,
            caller=schema.service_of(method).name,
            call=f"{method.name}({schema.message(method.input).name})",
            service=schema.service_of(asked.get).name if asked is not None else "",
            get_call=f"{asked.get.name}({asked.get_field})" if asked is not None else f"poll by {operation.id_field}",
            result=operation.response.rpartition(".")[2] or "response",
        )

    def _method_link(self, method: Method) -> str:
        name = escaped(f"{method.parent.rpartition('.')[2]}.{method.name}")
        page = self.layout.page(method.full_name)
        return f"[{name}]({page})" if page else name
