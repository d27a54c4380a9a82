"""Python snippets that use the generated bindings: they run, and say what the example says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.support.bindings_of import bindings_of
from tests.support.command import run
from tests.support.protos_of import proto3
from tests.targets.examples.test_examples import own
from tests.targets.examples.test_snippets import IDS, METHODS, _Service, grpc_server
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Method
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.constructors import Bindings
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer


def snippet(method: Method, server: str = "localhost:8080") -> str:
    """The snippet of an own method."""
    _, schema, _ = own()
    bindings = Bindings(Facts(schema), "toolkit.bindings")
    return Snippets(Facts(schema), Renderer(), Servers(grpc=server), bindings).python(
        method, Examples(Facts(schema)).request(method)
    )


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_own(method: Method, capsys: pytest.CaptureFixture[str]) -> None:
    """Each own snippet, run as it stands, calls the method with the example, and prints the response or all items."""
    _, schema, classes = own()
    facts = Facts(schema)
    service = _Service(schema, classes)
    with grpc_server(service) as address:
        exec(compile(snippet(method, address), method.name, "exec"), {})
    assert service.requests == service.expected(method)
    printed, pagination = capsys.readouterr().out, facts.pagination(method)
    name = pagination.items.type.name if pagination else method.output
    assert printed.count(f"\n{name.rpartition('.')[2]}(") == (1 if pagination else 0)
    assert printed.startswith(f"{name.rpartition('.')[2]}(")


def test_layout() -> None:
    """Snippets are laid out as a formatter would."""
    ruff = shutil.which("ruff", path=Path(sys.executable).parent) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("no ruff: pip install 'proto-toolkit[dev]'")
    for method in METHODS:
        command = [ruff, "format", "--isolated", "--line-length=88", "--check", "-"]
        said = subprocess.run(command, input=snippet(method), text=True, capture_output=True, timeout=30)
        assert said.returncode == 0, said.stdout + said.stderr


SOURCES = {
    "acme/kinds.proto": proto3(
        "acme.kinds.v1",
        """
        message Other { string class = 1; }
        enum Size { SIZE_UNSPECIFIED = 0; None = 1; LARGE = 2; }
        message Everything {
          double d = 1; float f = 2; int32 i32 = 3; int64 i64 = 4; uint64 u64 = 5; bool b = 6; string s = 7; bytes raw = 8;
          Size size = 9; repeated Size sizes = 10; map<int64, Other> by_number = 11; map<bool, string> by_truth = 12;
          oneof choice { google.protobuf.Duration span = 13; Size picked = 14; Everything inner = 15; }
          google.protobuf.Timestamp at = 16; google.protobuf.Timestamp exactly = 17; google.protobuf.Struct struct = 18;
          google.protobuf.Value value = 19; google.protobuf.Value nothing = 20; google.protobuf.FieldMask mask = 21;
          google.protobuf.Any any = 22; google.protobuf.Empty empty = 23; google.protobuf.Int64Value wrapped = 24;
          acme.more.Other more = 25; string from = 26; google.protobuf.NullValue null = 27; google.protobuf.Duration exact = 28;
        }
        service Kinds {
          rpc Call(Everything) returns (Everything);
          rpc Pour(stream Everything) returns (stream Everything);
          rpc import(google.protobuf.StringValue) returns (Other);
          rpc Odd(google.protobuf.Any) returns (Other);
        }
        """,
        *(f"google/protobuf/{n}.proto" for n in ("any", "duration", "empty", "field_mask", "struct", "timestamp")),
        "google/protobuf/wrappers.proto",
        "acme/more.proto",
    ),
    "acme/more.proto": proto3("acme.more", "message Other { int32 number = 1; }"),
}
EVERYTHING: dict[str, Any] = {
    **{"d": "NaN", "f": 1.5, "i32": -7, "i64": "-9007199254740993", "u64": "18446744073709551615", "b": True},
    **{
        "s": 'it\'s "x"\n\u202e',
        "raw": "AP8i",
        "size": "None",
        "sizes": ["LARGE", 7],
        "by_number": {"-1": {"class": "c"}},
    },
    **{"byTruth": {"true": "t"}, "inner": {"span": "-1.500s"}, "at": "2026-03-02T09:15:00Z", "from": "here"},
    **{"exactly": "2026-03-02T09:15:00.123456789Z", "exact": "0.000000001s", "null": None, "wrapped": "5", "empty": {}},
    **{"struct": {"a": [1, None, {"b": "c"}]}, "value": {"x": 1.5}, "nothing": None, "mask": "oneTwo,three"},
    **{"any": {"@type": "type.googleapis.com/acme.more.Other", "number": 3}, "more": {"number": 4}},
}


def test_kinds(tmp_path: Path) -> None:
    """Values of every kind become constructor calls that make an equal message."""
    with bindings_of(tmp_path, SOURCES) as made:
        schema, classes = load(made.compilation), DynamicClasses(made.compilation)
        bindings = Bindings(Facts(schema), made.package)
        code = bindings.code(schema.methods["acme.kinds.v1.Kinds.Call"], EVERYTHING)
        assert code is not None
        names: dict[str, Any] = {}
        exec("\n".join(code.imports), names)
        message = eval(code.request, names)
        expected = classes.parse("acme.kinds.v1.Everything", json.dumps(EVERYTHING))
        official = classes.get("acme.kinds.v1.Everything").FromString(message.to_bytes())
        # NaN is equal to nothing
        assert official.SerializeToString(deterministic=True) == expected.SerializeToString(deterministic=True)
        assert "Other2(number=4)" in code.request
        assert "Size.None_" in code.request
        assert "from_=" in code.request
        assert "datetime.datetime(2026, 3, 2, 9, 15, tzinfo=datetime.UTC)" in code.request
        assert "\u202e" not in code.request
        imported = bindings.code(schema.methods["acme.kinds.v1.Kinds.import"], "x")
        assert (imported.call, imported.request) == ("import_", '"x"')


def test_streams(tmp_path: Path) -> None:
    """A method with streams is given a list, and its responses are iterated."""
    with bindings_of(tmp_path, SOURCES) as made:
        schema = load(made.compilation)
        snippets = Snippets(Facts(schema), Renderer(), Servers("acme:443"), Bindings(Facts(schema), made.package))
        text = snippets.python(schema.methods["acme.kinds.v1.Kinds.Pour"], {})
    assert "    for response in client.pour([request]):\n        print(response)\n" in text
    assert "grpc.secure_channel(" in text


def test_unknown_any(tmp_path: Path) -> None:
    """What the bindings cannot say is said with the official stubs."""
    with bindings_of(tmp_path, SOURCES) as made:
        schema = load(made.compilation)
        bindings = Bindings(Facts(schema), made.package)
        method = schema.methods["acme.kinds.v1.Kinds.Odd"]
        example = {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}
        assert bindings.code(method, example) is None
        assert "_pb2_grpc" in Snippets(Facts(schema), Renderer(), bindings=bindings).python(method, example)


def test_command(tmp_path: Path) -> None:
    """`toolkit example --as python` uses the bindings where toolkit.toml names their package, or a flag does."""
    method = "yandex.cloud.compute.v1.ImageService.Get"
    assert "from toolkit.bindings." in run("example", method, "--as", "python", cwd=REPOSITORY).text
    path = ("--proto-path", str(REPOSITORY / "protos"))
    assert "_pb2_grpc" in run("example", method, "--as", "python", *path, cwd=tmp_path).text
    own_package = run("example", method, "--as", "python", *path, "--package", "acme.made", cwd=tmp_path).text
    assert "from acme.made.yandex.cloud.compute.v1 import GetImageRequest, ImageServiceClient" in own_package
