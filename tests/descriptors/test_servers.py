"""A server with reflection as a tree: versions of the protocol, TLS, headers, and servers that do harm."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_reflection.v1alpha import reflection_pb2 as pb

from tests.support.command import ZOO_PAGES, Ran, run, tree, written
from tests.support.protos_of import proto3, write
from tests.support.servers import Certificate, answering, reflecting, serving
from toolkit.descriptors.addresses import Access
from toolkit.descriptors.compile import compile_tree, read_descriptor_set
from toolkit.descriptors.loader import load
from toolkit.errors import InputError

pytestmark = pytest.mark.slow(reason="starts servers and a process for each read")

CATS = "acme.zoo.v1.Cats"
CAT = "acme.zoo.v1.Cat"
HEALTH = proto3("grpc.health.v1", "message Request {}\nservice Health { rpc Check(Request) returns (Request); }")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small tree in ``protos``."""
    return tree(tmp_path)


def services(address: str, access: Access | None = None) -> set[str]:
    """The services that are documented."""
    return {service.full_name for service in load(read_descriptor_set(address, access=access)).requested_services()}


@pytest.mark.parametrize("versions", [("v1", "v1alpha"), ("v1",), ("v1alpha",)])
def test_versions(folder: Path, versions: tuple[str, ...]) -> None:
    """Servers have v1, v1alpha or both; only the services that they list are there, even if others are in a file."""
    with serving(folder / "protos", CATS, "acme.storage.v1.ShelfService", versions=versions) as at:
        schema = load(read_descriptor_set(f"grpc://{at}"))
    assert {s.full_name for s in schema.requested_services()} == {CATS, "acme.storage.v1.ShelfService"}
    assert {"acme.storage.v1.Thing", CAT} <= schema.messages.keys()


def test_commands(folder: Path) -> None:
    """Every command that reads a tree reads a server."""
    write(folder, {"cat.json": '{"name": "Tom"}'})
    with serving(folder / "protos", CATS) as at:
        tree = ("--descriptor-set", f"grpc://{at}")
        assert "Feed: acme.zoo.v1.Cat → acme.zoo.v1.Cat" in run("list", *tree, cwd=folder).text
        assert "gRPC: Cats.Feed" in run("page", f"{CATS}.Feed", *tree, cwd=folder).text
        assert json.loads(run("example", f"{CATS}.Feed", "--full", *tree, cwd=folder).text).keys() == {"name"}
        assert run("validate", "cat.json", "--message", CAT, *tree, cwd=folder).code == 0
        assert CAT in run("dump", *tree, cwd=folder).text
        for target in ("reference", "python", "examples"):
            assert run("generate", target, *tree, cwd=folder).code == 0
            assert run("check", target, *tree, cwd=folder).code == 0
    assert written(folder / "build/reference").keys() == ZOO_PAGES


def test_never_from_the_cache(folder: Path, tmp_path: Path) -> None:
    """A run is repeated when the server has changed, and only then."""
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    source = folder / "protos/acme/zoo/v1/zoo.proto"
    before = reflecting(compile_tree([folder / "protos"]).descriptor_set, [CATS])
    source.write_text(source.read_text().replace("string name = 1;", "string name = 1; string nick = 2;"))
    after = reflecting(compile_tree([folder / "protos"]).descriptor_set, [CATS])
    state = [before]
    with answering(lambda requests, context: state[0](requests, context)) as at:

        def ran(command: str) -> Ran:
            return run(command, "reference", "--descriptor-set", f"grpc://{at}", cwd=folder, env=env)

        assert "3 written" in ran("generate").errors
        assert "3 unchanged" in ran("generate").errors
        assert len(list((tmp_path / "cache").rglob("runs/*"))) == 1
        assert ran("check").code == 0
        state[0] = after
        assert ran("check").code == 1
        assert " 0 written" not in ran("generate").errors
        assert ran("check").code == 0
        state[0] = before
        assert ran("check").code == 1


def test_tls(folder: Path) -> None:
    """A certificate is trusted if --ca names it, for the host that it names; errors say what to do."""
    made = Certificate.make(folder)
    with serving(folder / "protos", CATS, certificate=made) as at:
        assert services(f"grpcs://{at}", Access(ca=made.certificate)) == {CATS}
        other = at.replace("localhost", "127.0.0.1")
        for address, access, said in (
            (f"grpcs://{at}", Access(), "its certificate is not trusted\n  if its CA is your own, name it with --ca"),
            (f"grpcs://{other}", Access(ca=made.certificate), "its certificate is for another host"),
            (f"grpc://{at}", Access(), "if it uses TLS, write grpcs://"),
            (f"grpcs://{at}", Access(ca=folder / "gone"), "there is no file"),
            (f"grpcs://{at}", Access(ca=made.key), "has no certificates"),
        ):
            with pytest.raises(InputError) as raised:
                services(address, access)
            assert said in str(raised.value)
    with serving(folder / "protos", CATS) as at, pytest.raises(InputError, match="does not use TLS on this port"):
        services(f"grpcs://{at}")


def test_headers(folder: Path, tmp_path: Path) -> None:
    """Headers are sent with every call; their values are neither in errors nor in any file."""
    calls: list[dict[str, Any]] = []
    answer = reflecting(compile_tree([folder / "protos"]).descriptor_set, [CATS])

    def guarded(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        calls.append(dict(context.invocation_metadata()))
        if calls[-1].get("authorization") != "Bearer sesame":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, f"who is {calls[-1].get('authorization')}?")
        yield from answer(requests, context)

    env = {"TOKEN": "sesame", "WRONG": "simsim", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with answering(guarded) as at:
        source = ("--descriptor-set", f"grpc://{at}")
        header = ("--header", "Authorization: Bearer $TOKEN")
        assert run("generate", "python", *source, *header, cwd=folder, env=env).code == 0
        assert len(calls) > 1
        assert run("diff", "protos", source[1], *header, cwd=folder, env=env).code == 0
        write(folder, {"toolkit.toml": 'header = "Authorization: Bearer $WRONG"\n'})
        wrong = run("list", *source, cwd=folder, env=env)
    assert wrong.code == 2
    assert "UNAUTHENTICATED: who is ***?" in wrong.errors
    assert "log in with --header" in wrong.errors
    assert not any(b"sesame" in content or b"simsim" in content for content in written(tmp_path).values())


def test_services_of_servers(tmp_path: Path) -> None:
    """Health and reflection are not part of an API, unless there is nothing else."""
    write(tmp_path, {"grpc/health/v1/health.proto": HEALTH, "acme/a.proto": proto3("acme", "service Empty {}")})
    with serving(tmp_path, "grpc.health.v1.Health", "acme.Empty") as at:
        assert services(f"grpc://{at}") == {"acme.Empty"}
    with serving(tmp_path, "grpc.health.v1.Health") as at:
        assert services(f"grpc://{at}") == {"grpc.health.v1.Health"}


def test_missing_imports(tmp_path: Path) -> None:
    """A file that a server does not have comes from the toolkit, or is done without if nothing needs it."""
    text = proto3(
        "acme",
        "message A { google.protobuf.Timestamp at = 1; }\nservice S { rpc Get(A) returns (A); }",
        "google/protobuf/timestamp.proto",
        "acme/options.proto",
    )
    options = proto3(
        "acme",
        "extend google.protobuf.MessageOptions { string note = 50001; }",
        "google/protobuf/descriptor.proto",
    )
    content = compile_tree([write(tmp_path, {"acme/a.proto": text, "acme/options.proto": options})]).descriptor_set
    (file,) = [file for file in FileDescriptorSet.FromString(content).file if file.name == "acme/a.proto"]

    def answer(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        for request in requests:
            if request.HasField("list_services"):
                yield listed("acme.S")
            elif request.file_containing_symbol == "acme.S":
                yield pb.ServerReflectionResponse(
                    file_descriptor_response=pb.FileDescriptorResponse(file_descriptor_proto=[file.SerializeToString()])
                )
            else:
                yield pb.ServerReflectionResponse(error_response=pb.ErrorResponse(error_code=5))

    with answering(answer) as at:
        schema = load(read_descriptor_set(f"grpc://{at}"))
    assert schema.methods.keys() == {"acme.S.Get"}
    assert "google.protobuf.Timestamp" in schema.messages


def listed(*names: str) -> Any:
    """The answer that lists services."""
    response = pb.ServerReflectionResponse()
    for name in names:
        response.list_services_response.service.add(name=name)
    return response


def endless(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """List services for ever."""
    while True:
        yield listed("acme.A")


def chain(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Send files that import three more each."""
    for request in requests:
        if request.HasField("list_services"):
            yield listed("acme.A")
            continue
        name = request.file_by_filename or "a"
        file = FileDescriptorProto(name=name, package="acme", dependency=[f"{name}{letter}" for letter in "abc"])
        if name == "a":
            file.service.add(name="A")
        response = pb.ServerReflectionResponse()
        response.file_descriptor_response.file_descriptor_proto.append(file.SerializeToString())
        yield response


def huge(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Send a message that is too large."""
    yield listed("a" * 4_000_000)


def early(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Send nothing."""
    return iter(())


def empty(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """List nothing."""
    yield listed()


def silent(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Answer long after everybody has left."""
    while context.is_active():
        time.sleep(0.1)
    yield listed()


def failing(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Refuse with a message of several lines that looks like ours."""
    context.abort(grpc.StatusCode.INTERNAL, "x" * 500 + "\n::error::\x1b[2J")
    yield


def damaged(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """Send a file that is none."""
    yield (
        listed("acme.A")
        if next(requests).HasField("list_services")
        else pb.ServerReflectionResponse(
            file_descriptor_response=pb.FileDescriptorResponse(file_descriptor_proto=[b"\xff\xff"])
        )
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (endless, "it lists the service acme.A, but has no descriptor of it"),
        (chain, "it has more than 100000 bytes"),
        (huge, "it has more than 100000 bytes\n  raise max_input_bytes"),
        (early, "it ended the answer early"),
        (empty, "it lists no services"),
        (silent, "has not sent everything within 3 seconds\n  raise max_fetch_seconds"),
        (failing, "the call failed with INTERNAL"),
        (damaged, "it sends descriptors that are damaged"),
    ],
)
def test_harm(tmp_path: Path, answer: Any, said: str) -> None:
    """A server that does harm takes neither memory nor time, and gets an error that says what to do."""
    write(tmp_path, {"toolkit.toml": "[limits]\nmax_input_bytes = 100000\nmax_fetch_seconds = 3\n"})
    with answering(answer) as at:
        ran = run("list", "--descriptor-set", f"grpc://{at}", cwd=tmp_path, patience=30)
    assert ran.code == 2
    assert said in ran.errors
    assert f"grpc://{at}" in ran.errors
    assert "\n::" not in ran.errors
    assert "\x1b" not in ran.errors
    assert len(ran.errors) < 700


def test_garbage(tmp_path: Path) -> None:
    """What is not an answer of the protocol is an error."""
    said = "its answer is not one of server reflection"
    with answering(endless, serialize=lambda response: b"\xff") as at, pytest.raises(InputError, match=said):
        services(f"grpc://{at}")


def test_not_there(tmp_path: Path) -> None:
    """A server without reflection, no server, and a host that is not known are told from one another."""
    with answering(endless, versions=()) as at, pytest.raises(InputError, match="no server reflection"):
        services(f"grpc://{at}")
    with pytest.raises(InputError, match="nothing listens on this port"):
        services(f"grpc://{at}")
    with pytest.raises(InputError, match="the host is not known"):
        services("grpc://nowhere.invalid:1")
    assert "or a server, as grpc://HOST:PORT" in run("diff", "localhost:50051", ".", cwd=tmp_path).errors


def test_without_the_extra(tmp_path: Path) -> None:
    """Without grpcio-reflection, the error names the extra that has it."""
    write(tmp_path / "broken", {"grpc_reflection/__init__.py": "raise ImportError('not here')"})
    paths = {"PYTHONPATH": f"{tmp_path / 'broken'}:{Path(__file__).parents[2]}"}
    ran = run("list", "--descriptor-set", "grpc://localhost:1", cwd=tmp_path, env=paths)
    assert ran.code == 2
    assert "pip install 'proto-toolkit[server]'" in ran.errors
