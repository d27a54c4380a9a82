"""Envoy on loopback, with its gRPC-JSON transcoder, before a gRPC server of generated servicers."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2, empty_pb2

from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.model import Method, Service
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.python.descriptors import needed_files
from toolkit.targets.python.naming import Naming

_STRICT = ("reject_unknown_method", "reject_unknown_query_parameters", "reject_binding_body_field_collisions")
_HTTP = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
_TRANSCODER = "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder"
_ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
_OPTIONS = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

_ERROR = {"code": "%RESPONSE_CODE%", "message": "%LOCAL_REPLY_BODY%"}
"""The body of errors that Envoy finds; by default it is text, unlike that of errors that a server returns."""


@dataclass
class Servicers:
    """Servicers of generated bindings, which answer with examples and keep what they are asked."""

    examples: Examples
    package: str
    """The root package of the bindings."""
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    """The full name of each method, and the request as it was sent on."""

    @property
    def facts(self) -> Facts:
        """The facts of the schema."""
        return self.examples.facts

    def add_to(self, server: grpc.Server, services: Iterable[Service]) -> None:
        """Make a server answer the methods of services that don't stream."""
        naming = Naming(self.facts, frozenset(needed_files(self.facts)))
        for service in services:
            names = naming.of(service.package)
            module = import_module(f"{self.package}.{names.module}")
            base = getattr(module, names.services[service.full_name][2])
            calls = {names.attributes[m.full_name]: self._answer(m) for m in service.methods if m.is_unary}
            type(base.__name__, (base,), calls)().add_to(server)

    def _answer(self, method: Method) -> Any:
        def answer(servicer: Any, request: Any, context: grpc.ServicerContext) -> Any:
            self.asked.append((method.full_name, request.to_bytes()))
            return servicer.__root__.message(method.output).from_dict(self.examples.response(method))

        return answer


@contextmanager
def envoy(folder: Path, compilation: Compilation, services: Iterable[Service], servicers: Servicers) -> Iterator[str]:
    """The base URL of an Envoy that transcodes for a gRPC server with these services."""
    found = find_spec("envoy")
    if found is None or not found.submodule_search_locations:
        pytest.skip("no Envoy: pip install 'proto-toolkit[dev]'")
    services = list(services)
    server = grpc.server(futures.ThreadPoolExecutor(4))
    servicers.add_to(server, services)
    upstream = server.add_insecure_port("127.0.0.1:0")
    server.start()
    port = _free_port()
    (folder / "set.binpb").write_bytes(_once(compilation))
    transcoder = {
        "@type": _TRANSCODER,
        "proto_descriptor": str(folder / "set.binpb"),
        "services": [service.full_name for service in services],
        "convert_grpc_status": True,
        "request_validation_options": dict.fromkeys(_STRICT, True),
    }
    config = folder / "envoy.json"
    config.write_text(json.dumps(_config(port, upstream, transcoder)))
    log = folder / "envoy.log"
    program = Path(found.submodule_search_locations[0]) / "_bin" / "envoy"
    command = [str(program), "-c", str(config), "--concurrency", "1", "--log-level", "warn"]
    command += ["--use-dynamic-base-id", "--log-path", str(log)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)
            server.stop(None).wait()


def _once(compilation: Compilation) -> bytes:
    """The descriptor set with each file once, and with ``Empty``, which operations contain without an import."""
    empty = descriptor_pb2.FileDescriptorProto.FromString(empty_pb2.DESCRIPTOR.serialized_pb)
    files = [*descriptor_pb2.FileDescriptorSet.FromString(compilation.descriptor_set).file, empty]
    return descriptor_pb2.FileDescriptorSet(file={file.name: file for file in files}.values()).SerializeToString()


def _config(port: int, upstream: int, transcoder: dict[str, Any]) -> dict[str, Any]:
    address = lambda number: {"socket_address": {"address": "127.0.0.1", "port_value": number}}  # noqa: E731
    routes = [{"match": {"prefix": "/"}, "route": {"cluster": "server", "timeout": "20s"}}]
    manager = {
        "@type": _HTTP,
        "stat_prefix": "gateway",
        "local_reply_config": {"body_format": {"json_format": _ERROR}},
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
        "http_filters": [
            {"name": "transcoder", "typed_config": transcoder},
            {"name": "router", "typed_config": {"@type": _ROUTER}},
        ],
    }
    cluster = {
        "name": "server",
        "type": "STATIC",
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": _OPTIONS,
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        },
        "load_assignment": {
            "cluster_name": "server",
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(upstream)}}]}],
        },
    }
    filters = [{"name": "http", "typed_config": manager}]
    listener = {"name": "gateway", "address": address(port), "filter_chains": [{"filters": filters}]}
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until Envoy listens."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"Envoy does not start: {log.read_text() if log.exists() else ''}")
