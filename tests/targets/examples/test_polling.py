"""Python snippets for the official stubs wait for operations: run against a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.support.protos_of import proto3, write
from tests.targets.examples.test_snippets import grpc_server
from toolkit.descriptors.compile import bundled_roots, compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

SOURCES = {
    "bakery/jobs/service.proto": proto3(
        "bakery.jobs",
        """
        message Fault { string text = 1; }
        message Job {
          string id = 1;
          bool done = 2;
          oneof result { Fault error = 3; google.protobuf.Any response = 4; }
        }
        message GetJobRequest { string job_id = 1; }
        service Jobs { rpc GetJob(GetJobRequest) returns (Job); }
        """,
        "google/protobuf/any.proto",
    ),
    "bakery/service.proto": proto3(
        "bakery",
        """
        message Bread { string name = 1; }
        message BakeRequest { string name = 1; google.protobuf.Any dough = 2; }
        service Bakery { rpc Bake(BakeRequest) returns (bakery.jobs.Job); rpc Slice(Bread) returns (Bread); }
        """,
        "bakery/jobs/service.proto",
        "google/protobuf/any.proto",
    ),
    "bakery/dough.proto": proto3("bakery", "message Rye { int32 grams = 1; }"),
}
BAKE = "bakery.Bakery.Bake"


class _Oven(grpc.GenericRpcHandler):
    """Starts a job, which is done when it is asked for the second time, and keeps the requests."""

    def __init__(self, classes: DynamicClasses) -> None:
        self.classes = classes
        self.seen: list[Any] = []

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        is_poll = details.method == "/bakery.jobs.Jobs/GetJob"
        request = self.classes.get("bakery.jobs.GetJobRequest" if is_poll else "bakery.BakeRequest")

        def answer(message: Any, context: grpc.ServicerContext) -> Any:
            self.seen.append(message)
            job = self.classes.get("bakery.jobs.Job")(id="job-1", done=len(self.seen) == 3)
            if job.done:
                job.error.text = "burnt"
            return job

        return grpc.unary_unary_rpc_method_handler(answer, request.FromString, lambda one: one.SerializeToString())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of protos, with their official Python modules."""
    found = tmp_path_factory.mktemp("bakery")
    write(found, SOURCES)
    includes = [f"-I{root}" for root in (found, *bundled_roots())]
    command = ["-m", "grpc_tools.protoc", *includes, f"--python_out={found}", f"--grpc_python_out={found}", *SOURCES]
    subprocess.run([sys.executable, *command], check=True, timeout=60)
    return found


@cache
def facts_of(folder: Path) -> Facts:
    """The facts of the protos."""
    return Facts(load(compile_tree([folder])))


def snippet(folder: Path, method: str, example: dict[str, Any], **servers: Any) -> str:
    """The Python snippet of a method."""
    facts = facts_of(folder)
    found = Snippets(facts, Renderer(), Servers(**servers)).python(facts.schema.methods[method], example)
    assert found is not None
    return found


@pytest.mark.slow(reason="starts a server and a program that waits")
def test_waits(folder: Path) -> None:
    """The snippet polls the service of operations until the operation is done, with types in Any registered."""
    classes = DynamicClasses(compile_tree([folder]))
    oven = _Oven(classes)
    example = {"name": "Loaf", "dough": {"@type": "type.googleapis.com/bakery.Rye", "grams": 5}}
    with grpc_server(oven) as address:
        code = snippet(folder, BAKE, example, grpc=address.replace("127.0.0.1", "localhost"))
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
    assert run.returncode == 0, run.stderr
    assert "done: true" in run.stdout
    assert "burnt" in run.stdout
    bake, *polls = oven.seen
    assert bake == classes.parse("bakery.BakeRequest", json.dumps(example))
    assert [poll.job_id for poll in polls] == ["job-1", "job-1"]


def test_only_operations_are_polled(folder: Path) -> None:
    """A method that returns a resource is called once; modules of the same name do not hide each other."""
    code = snippet(folder, "bakery.Bakery.Slice", {"name": "Loaf"})
    assert "time" not in code
    assert "while" not in code
    code = snippet(folder, BAKE, {"name": "Loaf"})
    assert "from bakery.jobs import service_pb2_grpc as service_pb2_grpc2\n" in code
    assert "operations = service_pb2_grpc2.JobsStub(channel)\n" in code


def test_other_server(folder: Path) -> None:
    """If operations have a host of their own, the snippet polls that one, with the same headers."""
    hosts = {"host": lambda service: f"{service.name.lower()}.example"}
    code = snippet(folder, BAKE, {"name": "Loaf"}, headers={"X-Team": "bread"}, **hosts)
    compile(code, "snippet", "exec")
    assert 'with grpc.secure_channel("jobs.example:443", credentials) as channel:\n' in code
    assert "operation = operations.GetJob(request, metadata=metadata)\n" in code


def test_imported_service(tmp_path: Path) -> None:
    """The operations of an API that imports google.longrunning are polled on the server of the API."""
    source = """
    service Bakery {
      option (google.api.default_host) = "bakery.example";
      rpc Bake(Bread) returns (google.longrunning.Operation) {
        option (google.longrunning.operation_info) = {response_type: "Bread" metadata_type: "Bread"};
      }
    }
    message Bread { string name = 1; }
    """
    imports = ("google/longrunning/operations.proto", "google/api/client.proto")
    facts = facts_of(write(tmp_path, {"bakery.proto": proto3("bakery", source, *imports)}))
    servers = Servers(host=lambda service: facts.host(service))
    code = Snippets(facts, Renderer(), servers).python(facts.schema.methods[BAKE], {"name": "Loaf"})
    assert code is not None
    assert "operations = operations_pb2_grpc.OperationsStub(channel)\n" in code
    assert code.count("secure_channel(") == code.count('secure_channel("bakery.example:443"') == 1
