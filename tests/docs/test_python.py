"""The guide's page about Python bindings does what it says, run from top to bottom; so does the quick start's client."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from tests.conftest import REPOSITORY
from tests.support.client_trees import OPERATION, served
from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.runtime import AnyMessage, abort_with, accelerated
from toolkit.runtime.root import roots

STORAGE = proto3(
    "acme.storage.v1",
    """
    message Bucket {
      enum Storage { STORAGE_UNSPECIFIED = 0; COLD = 1; }
      string name = 1;
      google.protobuf.Timestamp created_at = 2;
    }
    message GetBucketRequest { string name = 1; }
    message ListBucketsRequest { int64 page_size = 1; string page_token = 2; }
    message ListBucketsResponse { repeated Bucket buckets = 1; string next_page_token = 2; }
    message CreateBucketRequest {
      string name = 1 [(yandex.cloud.length) = "<=5"];
      Bucket.Storage storage = 2;
      map<string, string> labels = 3;
      google.protobuf.Timestamp delete_after = 4;
      oneof source { string template = 5; string bucket_name = 6; }
    }
    message CreateBucketMetadata { string name = 1; }
    service Buckets {
      rpc Get(GetBucketRequest) returns (Bucket);
      rpc List(ListBucketsRequest) returns (ListBucketsResponse);
      rpc Create(CreateBucketRequest) returns (acme.operation.Operation) {
        option (yandex.cloud.api.operation) = { metadata: "CreateBucketMetadata" response: "Bucket" };
      }
    }
    """,
    "google/protobuf/timestamp.proto",
    "acme/operation.proto",
    "yandex/cloud/api/operation.proto",
    "yandex/cloud/validation.proto",
)


OPERATIONS = proto3(
    "yandex.cloud.operation",
    """
    message GetOperationRequest { string operation_id = 1; }
    service OperationService { rpc Get(GetOperationRequest) returns (Operation); }
    """,
    "yandex/cloud/operation/operation.proto",
)


def page(name: str = "guide/python.md") -> str:
    """The text of a page; by default of that about bindings."""
    return (REPOSITORY / "site" / name).read_text(encoding="utf-8")


def blocks(language: str, name: str = "guide/python.md") -> list[str]:
    """The code blocks of a language on a page."""
    return re.findall(rf"^```{language}(?: [^\n]*)?\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The package ``bindings`` of a folder can be imported."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "bindings"]:
            del sys.modules[name]
        roots()[:] = [root for root in roots() if root.package != "bindings"]


@pytest.fixture
def bindings(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """The bindings that the page's command makes."""
    options = {name: (REPOSITORY / "protos" / name).read_text() for name in _OPTIONS}
    write(tmp_path / "protos", {"acme/storage.proto": STORAGE, "acme/operation.proto": OPERATION, **options})
    (tmp_path / "toolkit.toml").write_text('proto_path = ["protos"]\n')
    command, _ = blocks("sh")
    program, *arguments = shlex.split(command, comments=True)
    assert program == "toolkit"
    ran = run(*arguments, cwd=tmp_path)
    assert ran.code == 0, ran.errors
    with importable(tmp_path / "src"):
        from bindings.acme import operation  # type: ignore[import-not-found]
        from bindings.acme.storage import v1 as storage  # type: ignore[import-not-found]

        yield SimpleNamespace(storage=storage, operation=operation)


_OPTIONS = ("yandex/cloud/api/operation.proto", "yandex/cloud/validation.proto")


@pytest.mark.slow(reason="builds a wheel")
def test_publish(tmp_path: Path) -> None:
    """The page's commands make a distribution and build it."""
    write(tmp_path / "protos", {"acme/import.proto": 'syntax = "proto3"; package acme; message Bucket {}'})
    (tmp_path / "toolkit.toml").write_text('proto_path = ["protos"]\n')
    _, commands = blocks("sh")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "-ec", commands], cwd=tmp_path, env=environment, check=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    assert "acme_bindings/acme/__init__.py" in zipfile.ZipFile(wheel).namelist()


def test_bindings(bindings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The page's command generates bindings, and its Python runs with them against a real server."""
    storage, operation = bindings.storage, bindings.operation
    tokens, asked = [], []

    class Buckets(storage.BucketsServicer):  # type: ignore[misc]
        def get(self, request: Any, context: Any) -> Any:
            if request.name == "missing":
                abort_with(context, grpc.StatusCode.NOT_FOUND, "no such bucket", [request])
            tokens.append(dict(context.invocation_metadata()).get("authorization"))
            return storage.Bucket(name=request.name)

        def list(self, request: Any, context: Any) -> Any:
            number = int(request.page_token or 1)
            return storage.ListBucketsResponse(
                buckets=[storage.Bucket(name=f"bucket-{number}")], next_page_token="2" if number == 1 else ""
            )

        def create(self, request: Any, context: Any) -> Any:
            packed = AnyMessage.pack(storage.CreateBucketMetadata(name=request.name))
            return operation.Operation(id="o1", metadata=packed)

    class Operations(operation.OperationServiceServicer):  # type: ignore[misc]
        def get(self, request: Any, context: Any) -> Any:
            asked.append(request.operation_id)
            result = operation.Operation.Result.Response(AnyMessage.pack(storage.Bucket(name="invoices")))
            return operation.Operation(id="o1", done=True, result=result)

    names: dict[str, Any] = {"__name__": "guide"}
    with served(Buckets(), Operations()) as address:
        for number, block in enumerate(blocks("python")):
            code = block.replace("localhost:8080", address)
            exec(compile(code, f"python.md, block {number}", "exec", dont_inherit=True), names)
        names["channel"].close()
    assert capsys.readouterr().out.splitlines() == [
        "from the template archive",
        "name: The maximum string length in characters is 5. [yandex.cloud.length]",
        '{"bucket":{"name":"invoices","createdAt":"2026-01-31T12:00:00Z"},"storage":"COLD"}',
        "{'format': 'date-time', 'type': 'string'}",
        "{'yandex.cloud.length': '<=5'}",
        "invoices None",
        "no such bucket [GetBucketRequest(name='missing')]",
        "CreateBucketMetadata(name='invoices')",
        "bucket-1",
        "bucket-2",
        str(accelerated),
    ]
    assert (tokens, asked) == (["Bearer t0k3n"], ["o1"])
    assert names["operation"].result().name == "invoices"
    with served(names["Buckets"]()) as address, grpc.insecure_channel(address) as channel:
        client = storage.BucketsClient(channel)
        assert client.get(storage.GetBucketRequest(name="x"), timeout=10) == storage.Bucket(name="x")


def test_names() -> None:
    """What the page names of the runtime is there."""
    from toolkit import runtime

    for name in re.findall(r"toolkit\.runtime\.(\w+)", page()):
        assert hasattr(runtime, name)
    assert {"AnyMessage", "Polling"} <= set(runtime.__all__)


def test_image_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The quick start's client makes an image and waits for it, with bindings made as the page says."""
    for path in (REPOSITORY / "protos").rglob("*.proto"):
        write(tmp_path / "cloudapi", {path.relative_to(REPOSITORY / "protos").as_posix(): path.read_text()})
    write(tmp_path / "cloudapi", {"yandex/cloud/operation/operation_service.proto": OPERATIONS})
    commands = [line for block in blocks("sh", "quick-start.md") for line in block.splitlines() if "cloudapi" in line]
    assert commands[0].startswith("git clone ")
    program, *arguments = shlex.split(commands[1])
    assert program == "toolkit"
    assert run(*arguments, cwd=tmp_path).code == 0
    (code,) = (block for block in blocks("python", "quick-start.md") if "OperationFailed" in block)
    asked = []
    with importable(tmp_path / "src"):
        from bindings.yandex.cloud import operation  # type: ignore[import-not-found]
        from bindings.yandex.cloud.compute import v1 as compute  # type: ignore[import-not-found]

        class Images(compute.ImageServiceServicer):  # type: ignore[misc]
            def create(self, request: Any, context: Any) -> Any:
                packed = AnyMessage.pack(compute.CreateImageMetadata(image_id="i1"))
                return operation.Operation(id="o1", metadata=packed)

        class Operations(operation.OperationServiceServicer):  # type: ignore[misc]
            def get(self, request: Any, context: Any) -> Any:
                asked.append((request.operation_id, dict(context.invocation_metadata()).get("authorization")))
                image = AnyMessage.pack(compute.Image(id="i1", name="web-server_2"))
                return operation.Operation(id="o1", done=True, result=operation.Operation.Result.Response(image))

        with served(Images(), Operations()) as address:
            hosts = []
            monkeypatch.setenv("IAM_TOKEN", "t0k3n")
            monkeypatch.setattr(
                grpc, "secure_channel", lambda host, tls: hosts.append(host) or grpc.insecure_channel(address)
            )
            names: dict[str, Any] = {"__name__": "guide"}
            exec(compile(code, "quick-start.md", "exec", dont_inherit=True), names)
            names["images"].close()
            names["operations"].close()
    assert hosts == ["compute.api.cloud.yandex.net:443", "operation.api.cloud.yandex.net:443"]
    assert capsys.readouterr().out.splitlines() == [
        "started o1 CreateImageMetadata(image_id='i1')",
        "done i1 web-server_2",
    ]
    assert asked == [("o1", "Bearer t0k3n")]
