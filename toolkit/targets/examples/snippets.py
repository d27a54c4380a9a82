"""Snippets: commands and code that call a method with its example."""

from __future__ import annotations

import keyword
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.descriptors.model import Message, Method, Schema, Service
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import HttpRequest
from toolkit.targets.examples.constructors import Bindings
from toolkit.targets.examples.languages import Call, Caller, csharp, go, java, nested_names, typescript
from toolkit.targets.examples.literal import WIDTH, literal
from toolkit.targets.examples.servers import CONNECT, GRPC, REST, Header, Servers, check_known
from toolkit.targets.examples.settings import FORMS, ExampleSettings
from toolkit.targets.examples.values import indented, packed
from toolkit.targets.python.settings import PythonSettings
from toolkit.targets.rendering import Renderer
from toolkit.targets.workspace import Workspace

_LANGUAGES: Mapping[str, tuple[Callable[[Caller], Call | None], str]] = {
    "go": (go, "go.go.j2"),
    "typescript": (typescript, "typescript.ts.j2"),
    "java": (java, "java.java.j2"),
    "csharp": (csharp, "csharp.cs.j2"),
}


@dataclass(frozen=True, slots=True)
class Polling:
    """How Python code waits for an operation with the official stubs."""

    stub: str
    """The class of the stub, in its module."""
    call: str
    """The method that returns the operation, of a stub called ``operations``."""
    request: str
    """The class of its request, in its module."""
    field: str
    """The field of the request that contains the ID."""
    id: str
    """The field of the operation that contains it."""
    server: str
    """Host and port as a Python literal; empty if they are those of the call."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A snippet, with members that are quoted for the shell or written as Python."""

    service: str
    """Full name of the service."""
    method: str
    server: str
    plaintext: bool
    client_streaming: bool
    server_streaming: bool
    headers: tuple[str, ...] = ()
    """Names and values, quoted for the shell; variables of the environment are expanded."""
    metadata: str = ""
    """The headers as a Python list; empty if there are none."""
    variables: bool = False
    """Whether a header reads an environment variable."""
    pages: bool = False
    """Whether the method lists items page by page."""
    connect: bool = False
    """Whether servers speak Connect instead of gRPC."""
    json: str = ""
    """The request, indented."""
    verb: str = ""
    url: str = ""
    body: str = ""
    has_body: bool = False
    request: str = ""
    """The request as a Python literal."""
    server_literal: str = ""
    input_module: str = ""
    input_class: str = ""
    service_module: str = ""
    imports: tuple[str, ...] = ()
    stub: str = ""
    call: str = ""
    polling: Polling | None = None
    """How to wait for the operation that the method starts; None if it starts none, or no service returns it."""


@dataclass(frozen=True)
class Snippets:
    """Renders the snippets of methods."""

    facts: Facts
    renderer: Renderer
    servers: Servers = Servers()
    bindings: Bindings | None = None
    """The generated bindings to use in Python snippets; None for the official stubs."""
    shown: tuple[str, ...] = ExampleSettings().snippets
    """The forms to show on pages, in order."""
    _of_services: dict[str, Mapping[str, Any]] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        check_known("snippets", self.shown, FORMS)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def snippet(self, form: str, method: Method, example: Mapping[str, Any]) -> str | None:
        """A snippet in one of the ``FORMS``; None if the method can't be called so."""
        if form in _LANGUAGES:
            return self._in_language(form, method, example)
        make: Callable[[Method, Mapping[str, Any]], str | None] = getattr(self, form)
        return make(method, example)

    def tabs(self, method: Method, example: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """The snippets to show on a page: what each is called, its language, and the code."""
        for form in self.shown:
            code = self.snippet(form, method, example)
            if code is not None:
                yield *FORMS[form], code

    def grpcurl(self, method: Method, example: Mapping[str, Any]) -> str | None:
        """A ``grpcurl`` command; None if the servers don't speak gRPC."""
        if GRPC not in self.servers.protocols:
            return None
        common = self._common(method, json=indented(example))
        return self.renderer.render("snippets/grpcurl.sh.j2", snippet=common)

    def buf(self, method: Method, example: Mapping[str, Any]) -> str | None:
        """A ``buf curl`` command; None if the servers speak neither gRPC nor Connect."""
        if not {GRPC, CONNECT} & {*self.servers.protocols}:
            return None
        url = f"{self._rpc_url(method)}/{method.parent}/{method.name}"
        text = indented(example)
        common = self._common(method, json=text, url=shlex.quote(url))
        return self.renderer.render("snippets/buf.sh.j2", snippet=common)

    def curl(self, method: Method, example: Mapping[str, Any]) -> str | None:
        """A ``curl`` command: for an HTTP binding that the example matches, else for Connect; None without either."""
        request = self.facts.http(method).request(example) if REST in self.servers.protocols else None
        if not isinstance(request, HttpRequest):
            if CONNECT not in self.servers.protocols or not method.is_unary:
                return None  # in a stream of Connect, messages have a binary prefix
            request = HttpRequest("POST", f"/{method.parent}/{method.name}", body=dict(example))
        common = self._common(
            method,
            verb=shlex.quote(request.verb),
            url=shlex.quote(self.servers.http_of(self.schema.service_of(method)) + request.target),
            body=shlex.quote(request.text),
            has_body=bool(request.text),
        )
        return self.renderer.render("snippets/curl.sh.j2", snippet=common)

    def _in_language(self, form: str, method: Method, example: Mapping[str, Any]) -> str | None:
        make, template = _LANGUAGES[form]
        service, servers = self.schema.service_of(method), self.servers
        headers, url = servers.headers_of(service), self._rpc_url(method)
        server, made = servers.grpc_of(service), packed(example, self.schema.message(method.input), self.schema)
        answered = tuple(map(self.schema.message, self.facts.any_types(method).values()))
        call = make(Caller(self.schema, method, example, server, url, headers, tuple(made), answered))
        is_offered = GRPC in servers.protocols or (form == "typescript" and CONNECT in servers.protocols)
        if call is None or not is_offered:
            return None
        return self.renderer.render(f"snippets/{template}", snippet=self._common(method), call=call)

    def _rpc_url(self, method: Method) -> str:
        """The server of gRPC calls as a URL, or of Connect calls if it does not speak gRPC."""
        service = self.schema.service_of(method)
        return self.servers.grpc_url(service) if GRPC in self.servers.protocols else self.servers.http_of(service)

    def python(self, method: Method, example: Mapping[str, Any]) -> str | None:
        """Python code that calls the generated client or the official stub; None if the servers don't speak gRPC."""
        if GRPC not in self.servers.protocols:
            return None
        common = self._common(method)
        standard = ["import os"] if common.variables else []
        code = self.bindings.code(method, example, standard) if self.bindings else None
        if code is not None:
            return self.renderer.render("snippets/bindings.py.j2", snippet=common, code=code)
        return self.renderer.render("snippets/python.py.j2", snippet=self._with_stubs(method, example))

    def _with_stubs(self, method: Method, example: Mapping[str, Any]) -> Snippet:
        message, service = self.schema.message(method.input), self.schema.service_of(method)
        get = self._get_operation(method)
        elements = [message, *packed(example, message, self.schema), *([self.schema.message(get.input)] if get else [])]
        modules = [_module(one) for one in elements]
        modules[1:1] = [_grpc_module(one) for one in (service, *([self.schema.service_of(get)] if get else []))]
        names = _names(modules)
        return self._common(
            method,
            request=literal(dict(example), 4, 1),
            input_module=names[_module(message)],
            input_class=".".join(nested_names(message)),
            service_module=names[_grpc_module(service)],
            imports=tuple(_import(module, name) for module, name in names.items()),
            stub=f"{service.name}Stub",
            call=_member("stub", method.name),
            polling=self._polling(method, names),
        )

    def _get_operation(self, method: Method) -> Method | None:
        """The method that returns the operation that a method starts."""
        operation = self.facts.operation(method)
        return operation.service.get if operation is not None and operation.service is not None else None

    def _polling(self, method: Method, names: Mapping[str, str]) -> Polling | None:
        operation, get = self.facts.operation(method), self._get_operation(method)
        if operation is None or operation.service is None or get is None:
            return None
        message, service = self.schema.message(get.input), self.schema.service_of(get)
        server, own = (self.servers.grpc_of(one) for one in (service, self.schema.service_of(method)))
        # A service that is only imported, such as that of google.longrunning, is where the API is.
        is_elsewhere = self.schema.files[service.location.file].requested and server != own
        return Polling(
            stub=f"{names[_grpc_module(service)]}.{service.name}Stub",
            call=_member("operations", get.name),
            request=f"{names[_module(message)]}.{'.'.join(nested_names(message))}",
            field=operation.service.get_field,
            id=operation.id_field,
            server=literal(server) if is_elsewhere else "",
        )

    def _common(self, method: Method, **members: Any) -> Snippet:
        if method.parent not in self._of_services:
            self._of_services[method.parent] = self._of_service(self.schema.service_of(method))
        return Snippet(
            service=method.parent,
            method=method.name,
            client_streaming=method.client_streaming,
            server_streaming=method.server_streaming,
            pages=self.facts.pagination(method) is not None,
            **self._of_services[method.parent],
            **members,
        )

    def _of_service(self, service: Service) -> Mapping[str, Any]:
        """What is the same in all snippets of a service: its server and headers."""
        server, headers = self.servers.grpc_of(service), self.servers.headers_of(service)
        return {
            "server": shlex.quote(server),
            "server_literal": literal(server),
            "plaintext": self.servers.is_plaintext(server),
            "headers": tuple(header.shell for header in headers),
            "metadata": _metadata(headers),
            "variables": any(is_variable for header in headers for _, is_variable in header.parts),
            "connect": GRPC not in self.servers.protocols,
        }


def _metadata(headers: Iterable[Header]) -> str:
    """Headers as a list of Python, whose names are in lower case in gRPC."""
    items = [
        f"({literal(header.name.lower())}, {header.expression(literal, lambda name: f'os.environ[{literal(name)}]')})"
        for header in headers
    ]
    flat = f"[{', '.join(items)}]"
    if not items or len(f"metadata = {flat}") <= WIDTH:
        return flat if items else ""
    lines = "".join(f"    {item},\n" for item in items)
    return f"[\n{lines}]"


def _module(element: Message | Service) -> str:
    """The module that protoc generates for the file of an element."""
    return element.location.file.removesuffix(".proto").replace("-", "_").replace("/", ".") + "_pb2"


def _grpc_module(service: Service) -> str:
    return f"{_module(service)}_grpc"


def _names(modules: Iterable[str]) -> dict[str, str]:
    """The names of modules in a snippet: those without their packages, unless two are the same."""
    found: dict[str, str] = {}
    for module in dict.fromkeys(modules):
        name = made = module.rpartition(".")[2]
        number = 2
        while made in found.values():
            made, number = f"{name}{number}", number + 1
        found[module] = made
    return found


def _member(holder: str, name: str) -> str:
    return f'getattr({holder}, "{name}")' if keyword.iskeyword(name) else f"{holder}.{name}"


def _import(module: str, made: str) -> str:
    package, _, name = module.rpartition(".")
    line = f"from {package} import {name}" if package else f"import {name}"
    return line if made == name else f"{line} as {made}"


def snippets_of(workspace: Workspace, facts: Facts | None = None) -> Snippets:
    """The snippets of a workspace; Python uses the bindings if their package is set."""
    settings, python = workspace.settings.of(ExampleSettings), workspace.settings.of(PythonSettings)
    is_set = python.package != PythonSettings().package
    bindings = Bindings(workspace.facts, python.package, python.names or {}, python.imports or {}) if is_set else None
    facts = facts or workspace.facts
    servers = Servers(
        grpc=settings.grpc_server,
        http=settings.http_server,
        host=facts.host,
        tls=settings.tls,
        protocols=settings.protocols,
        headers=settings.headers or {},
        scopes=facts.scopes,
    )
    return Snippets(facts, workspace.renderer, servers, bindings, settings.snippets)
