"""How snippets call servers: headers, TLS, and the protocols that servers speak."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.support.protos_of import proto3, schema_of
from tests.targets.examples.test_examples import own
from tests.targets.examples.test_snippets import _Service, grpc_server, run_curl
from toolkit.descriptors.model import Method, Schema
from toolkit.errors import ConfigError
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.servers import Header, Servers
from toolkit.targets.examples.settings import FORMS
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

SOURCE = proto3(
    "mill.v1",
    """
    option go_package = "mill.example/v1";
    message Grain { string name = 1; repeated string sacks = 2; }
    service Mill {
      option (google.api.oauth_scopes) = "https://mill.example/auth/grind";
      rpc Grind(Grain) returns (Grain) { option (google.api.http) = { get: "/v1/{name=grains/*}" }; }
      rpc Head(Grain) returns (Grain) {
        option (google.api.http) = { custom: { kind: "HEAD" path: "/v1/{name=grains/*}" } };
      }
      rpc Store(Grain) returns (Grain);
      rpc Pour(Grain) returns (stream Grain);
    }
    service Shop { rpc Sell(Grain) returns (Grain); }
    """,
    "google/api/annotations.proto",
    "google/api/client.proto",
)
GRAIN = {"name": "grains/a b", "sacks": ["$HOME `id` $(id) \\ ' \" !"]}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """The model of the mill."""
    return schema_of(tmp_path_factory.mktemp("mill"), {"mill.proto": SOURCE})


def snippet(schema: Schema, form: str, name: str, **servers: Any) -> str | None:
    """A snippet of a method of the mill."""
    facts = Facts(schema)
    made = Servers(**{"scopes": facts.scopes, **servers})
    return Snippets(facts, Renderer(), made).snippet(form, schema.methods[f"mill.v1.{name}"], GRAIN)


WORDS = [
    ("Bearer $TOKEN", '"X-A: Bearer $TOKEN"', "X-A: Bearer t o'k$e\"n"),
    ("${TOKEN}s", '"X-A: ${TOKEN}s"', "X-A: t o'k$e\"ns"),
    ("$TOKEN$TOKEN", '"X-A: $TOKEN$TOKEN"', "X-A: t o'k$e\"nt o'k$e\"n"),
    ("$(id) `id` $5 \\ ' \"", None, "X-A: $(id) `id` $5 \\ ' \""),
    ("$(id) `id` $5 \\ ' \" !! $TOKEN", None, "X-A: $(id) `id` $5 \\ ' \" !! t o'k$e\"n"),
    ("", "'X-A: '", "X-A: "),
]


@pytest.mark.parametrize(("value", "word", "expanded"), WORDS)
def test_shell(value: str, word: str | None, expanded: str) -> None:
    """A shell expands the variables of a header and nothing else."""
    header = Header("X-A", value)
    assert word is None or header.shell == word
    command = ["sh", "-c", f"printf '%s|' {header.shell}"]
    env = {**os.environ, "TOKEN": "t o'k$e\"n"}
    assert subprocess.run(command, env=env, capture_output=True, text=True, timeout=10).stdout == f"{expanded}|"


@pytest.mark.parametrize(
    ("name", "value"), [("a b", "s3cret"), ("", "s3cret"), ("a", "s3cret\r\n"), (":path", "s3cret"), ("a", "s3crét")]
)
def test_invalid_headers(name: str, value: str) -> None:
    """A header that can't be sent is an error that does not show its value."""
    with pytest.raises(ConfigError) as caught:
        Header(name, value)
    assert repr(name) in str(caught.value)
    assert "s3cr" not in str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_headers(form: str, schema: Schema) -> None:
    """Every form sends the configured headers, and a token to services with scopes."""
    both = snippet(schema, form, "Mill.Grind", headers={"X-Team": "red $TEAM"})
    assert both is not None
    for word in ("authorization", "bearer ", "token", "x-team", "red "):
        assert word in both.lower()
    own_token = snippet(schema, form, "Mill.Grind", headers={"authorization": "Basic $KEY"})
    assert own_token is not None
    assert "TOKEN" not in own_token
    without = snippet(schema, form, "Shop.Sell", protocols=("grpc", "rest", "connect"))
    assert without is not None
    assert "TOKEN" not in without


def test_tls(schema: Schema) -> None:
    """TLS is used except on this machine, unless the setting says otherwise."""
    marks = {
        "grpcurl": "-plaintext",
        "buf": "http://",
        "python": "insecure_channel",
        "go": "insecure.",
        "csharp": "http:/",
    }
    marks |= {"typescript": "http://", "java": "InsecureChannelCredentials"}
    for form, mark in marks.items():
        for grpc, tls, plain in [("localhost:1", "auto", True), ("localhost:1", "on", False)]:
            assert (mark in (snippet(schema, form, "Shop.Sell", grpc=grpc, tls=tls) or "")) is plain, (form, tls)
        for grpc, tls, plain in [("mill:1", "auto", False), ("mill:1", "off", True)]:
            assert (mark in (snippet(schema, form, "Shop.Sell", grpc=grpc, tls=tls) or "")) is plain, (form, tls)


def test_unknown_values(schema: Schema) -> None:
    """An unknown protocol, form or kind of TLS is an error that lists the known ones."""
    facts = Facts(schema)
    for make in (
        lambda: Servers(protocols=("soap",)),
        lambda: Servers(tls="maybe"),
        lambda: Snippets(facts, Renderer(), shown=("cobol",)),
    ):
        with pytest.raises(ConfigError, match="unknown value") as caught:
            make()
        assert "one of: " in caught.value.hint


def test_headers_of_a_service(schema: Schema) -> None:
    """A service sends its own headers, then those of its package, then those of all; empty ones are not sent."""
    headers = {
        "X-Team": "all",
        "X-Trace": "1",
        "mill.v1": {"x-team": "package"},
        "mill.v1.Shop": {"X-Trace": "", "Authorization": "Basic $KEY"},
    }
    servers = Servers(headers=headers, scopes=Facts(schema).scopes)
    found = {
        service.name: {header.name: header.value for header in servers.headers_of(service)}
        for service in schema.services.values()
    }
    assert found == {
        "Mill": {"Authorization": "Bearer $TOKEN", "x-team": "package", "X-Trace": "1"},
        "Shop": {"x-team": "package", "Authorization": "Basic $KEY"},
    }


PROTOCOLS = [
    (("grpc", "rest"), "Grind", {"curl", "grpcurl", "buf", "python", "go", "typescript", "java", "csharp"}),
    (("grpc", "rest"), "Store", {"grpcurl", "buf", "python", "go", "typescript", "java", "csharp"}),
    (("rest",), "Grind", {"curl"}),
    (("connect",), "Store", {"curl", "buf", "typescript"}),
    (("connect",), "Pour", {"buf", "typescript"}),
]


@pytest.mark.parametrize(("protocols", "name", "forms"), PROTOCOLS)
def test_protocols(protocols: tuple[str, ...], name: str, forms: set[str], schema: Schema) -> None:
    """There is a snippet for what servers speak."""
    found = {form for form in FORMS if snippet(schema, form, f"Mill.{name}", protocols=protocols) is not None}
    assert found == forms


@pytest.mark.slow(reason="starts curl")
@pytest.mark.parametrize(("name", "protocols"), [("Store", ("rest", "connect")), ("Grind", ("connect",))])
def test_connect(name: str, protocols: tuple[str, ...], schema: Schema) -> None:
    """For Connect, curl posts the request as JSON to the path of the method, headers included."""
    command = snippet(schema, "curl", f"Mill.{name}", http="http://server", protocols=protocols)
    assert command is not None
    verb, path, body = run_curl(command)
    assert (verb, path, json.loads(body)) == ("POST", f"/mill.v1.Mill/{name}", GRAIN)


def test_head(schema: Schema) -> None:
    """A binding to HEAD is sent as such, for which curl has a flag."""
    command = snippet(schema, "curl", "Mill.Head", http="http://server", scopes=lambda service: ())
    assert command is not None
    assert command.startswith("curl --head 'http://server/v1/grains/a%20b?sacks=")


@pytest.mark.slow(reason="starts buf")
def test_buf(schema: Schema, tmp_path: Path) -> None:
    """The buf curl line, run as it stands except for a schema, calls the method over gRPC with the example."""
    buf = shutil.which("buf") or shutil.which("buf", path=REPOSITORY / ".venv/bin")
    if buf is None:
        pytest.skip("no buf: pip install 'proto-toolkit[dev]'")
    compilation, own_schema, classes = own()
    (tmp_path / "own.binpb").write_bytes(compilation.descriptor_set)
    method: Method = own_schema.methods["yandex.cloud.compute.v1.ImageService.Create"]
    service = _Service(own_schema, classes)
    example = service.examples.request(method)
    with grpc_server(service) as address:
        servers = Servers(grpc=address, headers={"x-team": "$TEAM"})
        command = Snippets(Facts(own_schema), Renderer(), servers).buf(method, example)
        assert command is not None
        line = command.replace("buf curl", f"{buf} curl --schema {tmp_path / 'own.binpb'}", 1)
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert service.requests == [classes.parse(method.input, json.dumps(example))]
