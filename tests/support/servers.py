"""Real servers on this machine: gRPC with reflection, and HTTP."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha import reflection, reflection_pb2

from toolkit.descriptors.casing import camel_case
from toolkit.descriptors.compile import compile_tree

Answer = Callable[[Iterator[Any], grpc.ServicerContext], Iterator[Any]]
BOTH = ("v1", "v1alpha")


@dataclass(frozen=True)
class Certificate:
    """Files of a self-signed certificate for localhost."""

    key: Path
    certificate: Path

    @classmethod
    def make(cls, folder: Path) -> Certificate:
        """Make one."""
        made = cls(folder / "key.pem", folder / "certificate.pem")
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
        ]
        command += ["subjectAltName=DNS:localhost", "-keyout", str(made.key), "-out", str(made.certificate)]
        subprocess.run(command, check=True, capture_output=True)
        return made


@contextmanager
def answering(
    answer: Answer, versions: Sequence[str] = BOTH, certificate: Certificate | None = None, serialize: Any = None
) -> Iterator[str]:
    """A server whose reflection answers like this; its host and port."""
    server = grpc.server(ThreadPoolExecutor(4))
    serialize = serialize or reflection_pb2.ServerReflectionResponse.SerializeToString
    parse = reflection_pb2.ServerReflectionRequest.FromString
    method = grpc.stream_stream_rpc_method_handler(answer, parse, serialize)
    for version in versions:
        name = f"grpc.reflection.{version}.ServerReflection"
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": method}),))
    if certificate is None:
        port = server.add_insecure_port("localhost:0")
    else:
        pair = certificate.key.read_bytes(), certificate.certificate.read_bytes()
        port = server.add_secure_port("localhost:0", grpc.ssl_server_credentials([pair]))
    server.start()
    try:
        yield f"localhost:{port}"
    finally:
        server.stop(0).wait()


def reflecting(content: bytes, services: Sequence[str]) -> Answer:
    """The answers of grpcio for the services in a descriptor set."""
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(content).file:
        pool.Add(file)
    servicer = reflection.ReflectionServicer((*services, "grpc.reflection.v1.ServerReflection"), pool)
    return servicer.ServerReflectionInfo


@contextmanager
def serving(folder: Path, *services: str, **options: Any) -> Iterator[str]:
    """A server with services of the protos in a folder; its host and port.

    Its descriptors are those that generated code has: without source info, and with JSON names only where the protos set them.
    """
    content = FileDescriptorSet.FromString(compile_tree([folder]).descriptor_set)
    for file in content.file:
        file.ClearField("source_code_info")
        for message in file.message_type:
            for field in message.field:
                if field.json_name == camel_case(field.name):
                    field.ClearField("json_name")
    with answering(reflecting(content.SerializeToString(), services), **options) as address:
        yield address


@contextmanager
def web(
    answers: Mapping[str, tuple[int, Mapping[str, str], bytes]], certificate: Certificate | None = None
) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """A web server with a status, headers and content by path; its host and port, and the headers of its requests."""
    seen: list[Mapping[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers))
            code, headers, content = answers.get(self.path, (404, {}, b""))
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"localhost:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
