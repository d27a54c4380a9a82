"""The README's section about Python bindings does what it says, run from top to bottom."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from tests.client_trees import OPERATION, served
from tests.command import run
from tests.conftest import REPOSITORY
from tests.protos_of import proto3, write
from toolkit.runtime.anys import Any as AnyMessage
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


def section() -> str:
    """The text about bindings."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    return text.partition("## Python bindings\n")[2].partition("\n## ")[0]


def blocks(language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def bindings(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """The bindings that the section's command makes."""
    options = {name: (REPOSITORY / "protos" / name).read_text() for name in _OPTIONS}
    write(tmp_path / "protos", {"acme/storage.proto": STORAGE, "acme/operation.proto": OPERATION, **options})
    (tmp_path / "toolkit.toml").write_text('proto_path = ["protos"]\n')
    (command,) = blocks("sh")
    program, *arguments = shlex.split(command, comments=True)
    assert program == "toolkit"
    ran = run(*arguments, cwd=tmp_path)
    assert ran.code == 0, ran.errors
    sys.path.insert(0, str(tmp_path / "src"))
    try:
        from bindings.acme import operation  # type: ignore[import-not-found]
        from bindings.acme.storage import v1 as storage  # type: ignore[import-not-found]

        yield SimpleNamespace(storage=storage, operation=operation)
    finally:
        sys.path.remove(str(tmp_path / "src"))
        for name in [name for name in sys.modules if name.partition(".")[0] == "bindings"]:
            del sys.modules[name]
        roots()[:] = [root for root in roots() if root.package != "bindings"]


_OPTIONS = ("yandex/cloud/api/operation.proto", "yandex/cloud/validation.proto")


def test_bindings(bindings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The section's command generates bindings, and its Python runs with them against a real server."""
    storage, operation = bindings.storage, bindings.operation
    tokens, asked = [], []

    class Buckets(storage.BucketsServicer):  # type: ignore[misc]
        def get(self, request: Any, context: Any) -> Any:
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

    names: dict[str, Any] = {"__name__": "readme"}
    with served(Buckets(), Operations()) as address:
        for number, block in enumerate(blocks("python")):
            code = block.replace("localhost:8080", address)
            exec(compile(code, f"README.md, block {number}", "exec", dont_inherit=True), names)
        names["channel"].close()
    assert capsys.readouterr().out.splitlines() == [
        "from the template archive",
        "name: The maximum string length in characters is 5. [yandex.cloud.length]",
        "invoices None",
        "CreateBucketMetadata(name='invoices')",
        "bucket-1",
        "bucket-2",
    ]
    assert (tokens, asked) == (["Bearer t0k3n"], ["o1"])
    assert names["operation"].result().name == "invoices"
    with served(names["Buckets"]()) as address, grpc.insecure_channel(address) as channel:
        client = storage.BucketsClient(channel)
        assert client.get(storage.GetBucketRequest(name="x"), timeout=10) == storage.Bucket(name="x")


def test_names() -> None:
    """What the section names of the runtime is there."""
    from toolkit import runtime

    for name in re.findall(r"toolkit\.runtime\.(\w+)", section()):
        assert hasattr(runtime, name)
    assert {"AnyMessage", "Polling"} <= set(runtime.__all__)
