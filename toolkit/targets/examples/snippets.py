"""Snippets: commands and code that call a method with its example."""

from __future__ import annotations

import json
import keyword
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.descriptors.model import Method, Schema, Service
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import HttpRequest
from toolkit.targets.examples.constructors import Bindings
from toolkit.targets.examples.literal import literal
from toolkit.targets.rendering import Renderer


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers in snippets: the given ones, otherwise the host of the service, otherwise neutral ones."""

    grpc: str = ""
    """Host and port."""
    http: str = ""
    """The base URL, without a trailing slash."""
    host: Callable[[Service], str] = lambda service: ""
    """The host of a service, possibly with a port; or empty."""

    def grpc_of(self, service: Service) -> str:
        """Host and port for the calls of a service."""
        host = self._host(service)
        return self.grpc or (host if _PORT.search(host) else f"{host}:443" if host else "localhost:50051")

    def http_of(self, service: Service) -> str:
        """The base URL for the requests of a service."""
        host = self._host(service).removesuffix(":443") or "api.example.com"
        return self.http or f"{'http' if _is_local(host) else 'https'}://{host}"

    def _host(self, service: Service) -> str:
        """The host of a service without a scheme, which should not be there."""
        return self.host(service).rpartition("://")[2].strip(" /")


_PORT = re.compile(r":\d+\Z")


def _is_local(server: str) -> bool:
    """Whether TLS is not used, since the server is local."""
    return _PORT.sub("", server) in ("localhost", "127.0.0.1", "[::1]")


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


@dataclass(frozen=True)
class Snippets:
    """Renders the snippets of methods."""

    facts: Facts
    renderer: Renderer
    servers: Servers = Servers()
    bindings: Bindings | None = None
    """The generated bindings to use in Python snippets; None for the official stubs."""

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def grpcurl(self, method: Method, example: Mapping[str, Any]) -> str:
        """A ``grpcurl`` command."""
        common = self._common(method, json=json.dumps(example, indent=2, ensure_ascii=False))
        return self.renderer.render("snippets/grpcurl.sh.j2", snippet=common)

    def curl(self, method: Method, example: Mapping[str, Any]) -> str | None:
        """A ``curl`` command; None for a method without an HTTP binding that the example matches."""
        request = self.facts.http(method).request(example)
        if not isinstance(request, HttpRequest):
            return None
        common = self._common(
            method,
            verb=shlex.quote(request.verb),
            url=shlex.quote(self.servers.http_of(self.schema.service_of(method)) + request.target),
            body=shlex.quote(request.text),
            has_body=bool(request.text),
        )
        return self.renderer.render("snippets/curl.sh.j2", snippet=common)

    def python(self, method: Method, example: Mapping[str, Any]) -> str:
        """Python code that calls the generated client or the official stub."""
        code = self.bindings.code(method, example) if self.bindings else None
        if code is not None:
            common = self._common(method)
            return self.renderer.render("snippets/bindings.py.j2", snippet=common, code=code)
        message = self.schema.message(method.input)
        service = self.schema.service_of(method)
        input_module = _module(message.location.file)
        service_module = _module(service.location.file)
        nested = message.full_name[len(message.package) + 1 :] if message.package else message.full_name
        common = self._common(
            method,
            request=literal(dict(example), 4, 1),
            input_module=input_module.rpartition(".")[2],
            input_class=nested,
            service_module=f"{service_module.rpartition('.')[2]}_grpc",
            imports=tuple(_import(m) for m in dict.fromkeys((input_module, f"{service_module}_grpc"))),
            stub=f"{service.name}Stub",
            call=f'getattr(stub, "{method.name}")' if keyword.iskeyword(method.name) else f"stub.{method.name}",
        )
        return self.renderer.render("snippets/python.py.j2", snippet=common)

    def _common(self, method: Method, **members: Any) -> Snippet:
        server = self.servers.grpc_of(self.schema.service_of(method))
        return Snippet(
            service=method.parent,
            method=method.name,
            server=shlex.quote(server),
            server_literal=literal(server),
            plaintext=_is_local(server),
            client_streaming=method.client_streaming,
            server_streaming=method.server_streaming,
            **members,
        )


def _module(file: str) -> str:
    """The module that protoc generates for a file."""
    return file.removesuffix(".proto").replace("-", "_").replace("/", ".") + "_pb2"


def _import(module: str) -> str:
    package, _, name = module.rpartition(".")
    return f"from {package} import {name}" if package else f"import {name}"
