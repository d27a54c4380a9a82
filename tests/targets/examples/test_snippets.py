"""Snippets run: the curl line, the Python code, and the examples themselves over gRPC."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import grpc
import pytest

from tests.conftest import REPOSITORY
from tests.targets.examples.test_examples import fields, of, own
from toolkit.descriptors.compile import bundled_roots
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.model import Method, Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

METHODS = [m for m in own()[1].methods.values() if m.parent == "yandex.cloud.compute.v1.ImageService"]
IDS = [m.name for m in METHODS]

NEXT = "second page"


class _Service(grpc.GenericRpcHandler):
    """Answers every method with its example response, lists with two pages of it, and keeps the requests."""

    def __init__(self, schema: Schema, classes: DynamicClasses) -> None:
        self.schema, self.classes, self.examples = schema, classes, Examples(Facts(schema))
        self.requests: list[Any] = []

    def expected(self, method: Method) -> list[Any]:
        """The requests of a caller that sends the example, and reads all pages."""
        example = json.dumps(self.examples.request(method))
        first, second = (self.classes.parse(method.input, example) for _ in range(2))
        if Facts(self.schema).pagination(method) is None:
            return [first]
        second.page_token = NEXT
        return [first, second]

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = self.schema.methods.get(details.method.removeprefix("/").replace("/", "."))
        if method is None:
            return None
        response = self.classes.parse(method.output, json.dumps(self.examples.response(method)))

        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            self.requests.append(request)
            if self.schema.message(method.output).field("next_page_token") is not None:
                response.next_page_token = NEXT if len(self.requests) == 1 else ""
            return response

        return grpc.unary_unary_rpc_method_handler(
            answer, self.classes.get(method.input).FromString, lambda message: message.SerializeToString()
        )


@contextmanager
def grpc_server(service: _Service) -> Iterator[str]:
    """A real gRPC server on loopback; its address."""
    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[service])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_grpc(method: Method) -> None:
    """An example request reaches a real server as it was, and so does the response its caller."""
    _, schema, classes = own()
    service = _Service(schema, classes)
    examples = Examples(Facts(schema))
    request = classes.parse(method.input, json.dumps(examples.request(method)))
    expected = classes.parse(method.output, json.dumps(examples.response(method)))
    if Facts(schema).pagination(method) is not None:
        expected.next_page_token = NEXT
    with grpc_server(service) as address, grpc.insecure_channel(address) as channel:
        call = channel.unary_unary(
            f"/{method.parent}/{method.name}", lambda m: m.SerializeToString(), classes.get(method.output).FromString
        )
        assert call(request, timeout=20) == expected
    assert service.requests == [request]


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official Python modules and stubs of the own protos."""
    folder = tmp_path_factory.mktemp("stubs")
    protos = REPOSITORY / "protos"
    names = [p.relative_to(protos).as_posix() for p in protos.rglob("*.proto")]
    includes = [f"-I{root}" for root in (protos, *bundled_roots())]
    command = ["-m", "grpc_tools.protoc", *includes, f"--python_out={folder}", f"--grpc_python_out={folder}", *names]
    subprocess.run([sys.executable, *command], check=True, timeout=60)
    return folder


@pytest.mark.slow(reason="starts a program for each snippet")
@pytest.mark.parametrize("name", ["Create", "ListAccessBindings"])
def test_python(name: str, stubs: Path) -> None:
    """The Python snippet, run as it stands with the official stubs, calls the method with the example."""
    _, schema, classes = own()
    method = schema.methods[f"yandex.cloud.compute.v1.ImageService.{name}"]
    service = _Service(schema, classes)
    with grpc_server(service) as address:
        example = Examples(Facts(schema)).request(method)
        # The name, not the number: only this machine is spoken to without TLS.
        servers = Servers(grpc=address.replace("127.0.0.1", "localhost"))
        code = Snippets(Facts(schema), Renderer(), servers).python(method, example)
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=stubs, capture_output=True, text=True, timeout=60, check=False
        )
    assert run.returncode == 0, run.stderr
    assert service.requests == service.expected(method)


class _Recorder(BaseHTTPRequestHandler):
    """Keeps what it is asked."""

    seen: list[tuple[str, str, str]]

    def _keep(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.seen.append((self.command, self.path, self.rfile.read(length).decode()))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _keep  # noqa: N815

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def run_curl(command: str) -> tuple[str, str, str]:
    """Run a curl line against a real server: the method, path and body that it saw."""
    if shutil.which("curl") is None:
        pytest.skip("no curl: apt-get install curl")
    handler = type("Handler", (_Recorder,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        line = command.replace("http://server", f"http://127.0.0.1:{server.server_port}")
        subprocess.run(["sh", "-c", line], check=True, timeout=30, capture_output=True)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    (seen,) = handler.seen
    return seen


def received(method: Method, seen: tuple[str, str, str], schema: Schema, classes: DynamicClasses) -> Any:
    """The message that a server makes of an HTTP request, by the annotation."""
    verb, target, body = seen
    rule = method.http[0]
    assert verb == rule.verb
    url = urlsplit(target)
    message = schema.message(method.input)
    value: dict[str, Any] = {}
    if rule.body == "*":
        value = json.loads(body)
    elif rule.body:
        value[message.field(rule.body).json_name] = json.loads(body)
    template, path = rule.path, url.path
    while "{" in template:
        before, _, rest = template.partition("{")
        name, _, template = rest.partition("}")
        assert path.startswith(before)
        path = path[len(before) :]
        end = len(path) - len(template) if "{" not in template else path.index(template[: template.index("{")])
        value[message.field(name).json_name] = unquote(path[:end])
        path = path[end:]
    assert path == template
    for name, values in parse_qs(url.query, strict_parsing=bool(url.query)).items():
        field = next(f for f in message.fields if f.json_name == name)
        value[name] = values if field.repeated else values[0]
    return classes.parse(method.input, json.dumps(value))


@pytest.mark.slow(reason="starts a program for each snippet")
@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_curl(method: Method) -> None:
    """The curl line, run against a real HTTP server, carries the whole example where the annotation says."""
    _, schema, classes = own()
    example = Examples(Facts(schema)).request(method)
    command = Snippets(Facts(schema), Renderer(), Servers(http="http://server")).curl(method, example)
    seen = run_curl(command)
    assert received(method, seen, schema, classes) == classes.parse(method.input, json.dumps(example))


@pytest.mark.slow(reason="starts a program for each snippet")
def test_curl_quotes(tmp_path: Path) -> None:
    """Quotes, spaces and newlines in an example reach the server as they are."""
    source = fields("string thing_id = 1; string name = 2; repeated string tags = 3;").replace(
        "returns (CreateThingRequest);",
        'returns (CreateThingRequest) { option (google.api.http) = { get: "/v1/things/{thing_id}" }; }',
    )
    schema, classes = of(tmp_path, 'import "google/api/annotations.proto";' + source)
    method = schema.methods["acme.Things.Create"]
    pins = {"thing_id": "a/b c'$HOME`id`", "name": 'it\'s "new" & more\n', "tags": ["x y", "z&"]}
    example = Examples(Facts(schema), pins=pins).request(method)
    command = Snippets(Facts(schema), Renderer(), Servers(http="http://server")).curl(method, example)
    got = received(method, run_curl(command), schema, classes)
    assert got == classes.parse(method.input, json.dumps(example))


HOSTS = [
    ("", "localhost:50051", "https://api.example.com"),
    ("library.acme", "library.acme:443", "https://library.acme"),
    ("library.acme:443", "library.acme:443", "https://library.acme"),
    ("library.acme:8443", "library.acme:8443", "https://library.acme:8443"),
    ("https://library.acme/", "library.acme:443", "https://library.acme"),
    ("localhost:8080", "localhost:8080", "http://localhost:8080"),
    ("[::1]:8080", "[::1]:8080", "http://[::1]:8080"),
]


@pytest.mark.parametrize(("host", "grpc_server", "http_server"), HOSTS)
def test_host_of_the_service(host: str, grpc_server: str, http_server: str, tmp_path: Path) -> None:
    """Snippets call the host that the service declares, or else a neutral one; with TLS unless it is this machine."""
    option = f'option (google.api.default_host) = "{host}";' if host else ""
    source = (
        fields("string name = 1;")
        .replace("{ rpc", f"{{ {option} rpc")
        .replace(
            "returns (CreateThingRequest);",
            'returns (CreateThingRequest) { option (google.api.http) = { get: "/v1/things" }; }',
        )
    )
    schema, _ = of(tmp_path, 'import "google/api/annotations.proto"; import "google/api/client.proto";' + source)
    method = schema.methods["acme.Things.Create"]
    snippets = Snippets(Facts(schema), Renderer(), Servers(host=Facts(schema).host))
    assert (snippets.curl(method, {}) or "").rstrip() == f"curl --request GET {shlex.quote(http_server + '/v1/things')}"
    words = snippets.grpcurl(method, {}).split(" acme.Things/Create")[0]
    local = grpc_server.startswith(("localhost", "["))
    assert words == f"grpcurl {'-plaintext ' * local}-d @ {shlex.quote(grpc_server)}"
    assert f'grpc.{"insecure" if local else "secure"}_channel("{grpc_server}"' in snippets.python(method, {})
    chosen = Snippets(Facts(schema), Renderer(), Servers("mine:1", "https://mine", Facts(schema).host))
    assert " mine:1 acme.Things/Create" in chosen.grpcurl(method, {})
    assert " https://mine/v1/things" in (chosen.curl(method, {}) or "")


def test_no_binding(tmp_path: Path) -> None:
    """A method without an HTTP binding has no curl line."""
    schema, _ = of(tmp_path, fields("string name = 1;"))
    assert Snippets(Facts(schema), Renderer()).curl(schema.methods["acme.Things.Create"], {}) is None


def test_grpcurl() -> None:
    """The grpcurl line names the server and the method, and its here-document is the example."""
    _, schema, _ = own()
    method = schema.methods["yandex.cloud.compute.v1.ImageService.Create"]
    example = Examples(Facts(schema)).request(method)
    line = Snippets(Facts(schema), Renderer(), Servers(grpc="localhost:8080")).grpcurl(method, example)
    first, *body, last = line.split("\n")
    assert first == "grpcurl -plaintext -d @ localhost:8080 yandex.cloud.compute.v1.ImageService/Create <<'JSON'"
    assert json.loads("\n".join(body)) == example
    assert last == "JSON"
