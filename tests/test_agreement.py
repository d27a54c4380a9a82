"""The targets agree on what an API means: what one says of a hostile tree, the others say too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.command import Ran, run, written
from tests.support.protos_of import proto3, write

OPERATION = proto3(
    "acme.work.v1",
    """
message Operation {
  string id = 1;
  bool done = 2;
  google.protobuf.Any metadata = 3;
  oneof result { google.rpc.Status error = 4; google.protobuf.Any response = 5; }
}
message GetOperationRequest { string operation_id = 1; }
service OperationService { rpc Get(GetOperationRequest) returns (Operation); }
""",
    "google/protobuf/any.proto",
    "google/rpc/status.proto",
)
OPTIONS = """syntax = "proto2";
package acme.options;
import "google/protobuf/descriptor.proto";
message Started { optional string metadata = 1; optional string response = 2; }
extend google.protobuf.MethodOptions { optional Started starts = 50001; }
extend google.protobuf.OneofOptions { optional bool one_of_them = 50002; }
"""
SHELVES = proto3(
    "acme.shelves.v1",
    """
message Shelf {
  string id = 1;
  string color = 2;  // For example, `teal`.
  Legs legs = 3;
}
message Legs { int32 count = 1 [(google.api.field_behavior) = REQUIRED]; }
message DeleteShelfRequest {
  string id = 1 [(google.api.field_behavior) = REQUIRED];
  oneof why { option (acme.options.one_of_them) = true; string reason = 2; int32 code = 3; }
}
message DeleteShelfMetadata { State state = 1; }
enum State { STATE_UNSPECIFIED = 0; GONE = 1; }
message PaintShelfRequest { acme.old.Paint paint = 1; }
message PaintShelfMetadata { int32 coats = 1; }
service Shelves {
  rpc Get(Shelf) returns (Shelf);
  rpc Delete(DeleteShelfRequest) returns (acme.work.v1.Operation) {
    option (acme.options.starts) = { metadata: "DeleteShelfMetadata" response: "google.protobuf.Empty" };
  }
  rpc Paint(PaintShelfRequest) returns (acme.work.v1.Operation) {
    option (acme.options.starts) = { metadata: "PaintShelfMetadata" response: "Shelf" };
  }
}
""",
    "acme/options.proto",
    "acme/old.proto",
    "acme/work/v1/work.proto",
    "google/api/field_behavior.proto",
)
OLD = """syntax = "proto2";
package acme.old;
message Paint { required string name = 1; optional int32 shade = 2; }
"""
RULES = """
[[operation]]
option = "acme.options.starts"
[operation.fields]
metadata = "metadata"
response = "response"

[[constraint]]
option = "acme.options.one_of_them"
kind = "exactly_one"
"""
SETTINGS = """
proto_path = ["protos"]
rules = ["rules.toml"]
[reference]
[examples]
[python]
package = "made"
[site]
[changelog]
[changelog.revisions]
old = "protos"
new = "next"
"""
SHELF = "acme/shelves/v1/shelves.proto"
TREE = {
    "acme/options.proto": OPTIONS,
    "acme/old.proto": OLD,
    "acme/work/v1/work.proto": OPERATION,
    SHELF: SHELVES,
}
NEXT = {
    **TREE,
    SHELF: SHELVES.replace("State state = 1;", "State state = 1;\n  int32 left = 2;").replace(
        "int32 coats = 1;", "int64 coats = 1;"
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the targets make of the tree."""
    folder = tmp_path_factory.mktemp("agreement")
    write(folder / "protos", TREE)
    write(folder / "next", NEXT)
    write(folder, {"toolkit.toml": SETTINGS, "rules.toml": RULES})
    ran = run("generate", "--quiet", cwd=folder)
    assert ran.code == 0, ran.errors
    return folder


def text_of(folder: Path, path: str) -> str:
    """A generated file."""
    return (folder / path).read_text()


def site(folder: Path, name: str) -> str:
    """The site's page of an element of the package."""
    return text_of(folder, f"site/reference/acme.shelves.v1/{name}.md")


def example(folder: Path, name: str, form: str) -> Ran:
    """What `toolkit example` prints of a method."""
    return run("example", f"acme.shelves.v1.Shelves.{name}", "--as", form, cwd=folder)


@pytest.mark.parametrize("method", ["Delete", "Paint"])
def test_operations(method: str, made: Path) -> None:
    """A method starts an operation for the bindings, the snippet, the site and the example, whatever it answers with."""
    bindings = text_of(made, "build/python/made/acme/shelves/v1/__init__.py")
    assert re.search(rf"def {method.lower()}\([^)]*\) -> _rt\.Operation\[", bindings)
    snippet = example(made, method, "python").text
    assert f"operation = client.{method.lower()}(" in snippet
    assert f"operation = client.{method.lower()}(" in site(made, f"Shelves.{method}")
    answer = json.loads(example(made, method, "response").text)
    assert answer["done"] is True
    assert answer["response"]["@type"].endswith({"Delete": "google.protobuf.Empty", "Paint": "Shelf"}[method])


def test_who_starts_none(made: Path) -> None:
    """The method that asks for an operation starts none, for the site's two pages about it."""
    folder = made / "site/reference/acme.work.v1"
    assert "long-running" not in (folder / "OperationService.md").read_text()
    assert "Wait for the result" not in (folder / "OperationService.Get.md").read_text()
    assert "long-running" in site(made, "Shelves")


@pytest.mark.parametrize(
    ("message", "field", "method"),
    [
        ("acme.shelves.v1.DeleteShelfRequest", "id", "delete"),
        ("acme.shelves.v1.Legs", "count", "get"),
        ("acme.old.Paint", "name", "paint"),
    ],
)
def test_required(message: str, field: str, method: str, made: Path) -> None:
    """What an option or the language requires is required on each page, in docstrings, and by validation."""
    page = text_of(made, f"build/reference/acme/shelves/v1/api-ref/grpc/Shelves/{method}.md")
    assert re.search(rf"^\|\| {field} \| \*\*\w+\*\*\n\nRequired field\.", page, re.M)
    package, _, name = message.rpartition(".")
    shown = text_of(made, f"site/reference/{package}/{name}.md")
    assert re.search(rf"{field}[^\n]*\n(?:[^#]*\n)?[^#]*\brequired\b", shown)
    module = text_of(made, f"build/python/made/{package.replace('.', '/')}/__init__.py")
    assert re.search(rf"class {name}\(.*?{field}: .*?Required\.", module, re.S)
    (made / "empty.json").write_text("{}")
    ran = run("validate", "empty.json", "--message", message, cwd=made)
    assert ran.code == 1
    assert f"empty.json: {field}" in ran.text
    program = f"from made.{package} import {name}; print(*[v.path for v in {name}().validate()])"
    (made / "build/python/ask.py").write_text(program)
    assert field in run(cwd=made / "build/python", program="ask").text.split()


def test_oneof_required(made: Path) -> None:
    """A oneof that needs a member is said to by the site and the bindings, and refused without by validation."""
    assert "exactly one" in site(made, "DeleteShelfRequest").lower()
    assert "Exactly one of these must be set." in text_of(made, "build/python/made/acme/shelves/v1/__init__.py")
    (made / "none.json").write_text('{"id": "x"}')
    ran = run("validate", "none.json", "--message", "acme.shelves.v1.DeleteShelfRequest", cwd=made)
    assert ran.code == 1
    assert "`reason`, `code`" in ran.text


def test_trailing_comments(made: Path) -> None:
    """A value that a trailing comment names is the example's, and the comment is on the site and in the docstring."""
    assert json.loads(example(made, "Get", "request").text)["color"] == "teal"
    assert "For example, `teal`." in site(made, "Shelf")
    assert "For example, `teal`." in text_of(made, "build/python/made/acme/shelves/v1/__init__.py")


@pytest.mark.parametrize(("element", "method"), [("DeleteShelfMetadata", "Delete"), ("PaintShelfMetadata", "Paint")])
def test_uses(element: str, method: str, made: Path) -> None:
    """A type of an operation belongs to the method that starts it: on its page, in the changelog, for a check."""
    assert f"[{method}](" in site(made, element)
    changelog = text_of(made, "build/changelog/new.md")
    group = next(part for part in changelog.split("\n## ") if element in part)
    assert group.startswith("[`acme.shelves.v1.Shelves`](")
    assert "Not part of a service" not in changelog


@pytest.mark.slow(reason="starts the command many times")
def test_blame(made: Path, tmp_path: Path) -> None:
    """A check blames the line of an operation's metadata for a page that shows it."""
    write(tmp_path / "protos", TREE)
    write(tmp_path, {"toolkit.toml": SETTINGS, "rules.toml": RULES})
    assert run("generate", "reference", cwd=tmp_path).code == 0
    write(tmp_path / "protos", NEXT)
    ran = run("check", "reference", "--format", "json", cwd=tmp_path)
    lines = NEXT[SHELF].split("\n")
    places = {(Path(d["file"]).stem, lines[d["place"]["line"] - 1].strip()) for d in json.loads(ran.text)["drift"]}
    assert places == {
        ("delete", "message DeleteShelfMetadata { State state = 1;"),
        ("paint", "message PaintShelfMetadata { int64 coats = 1; }"),
    }


@pytest.mark.slow(reason="starts the command many times")
def test_check_writes_nothing(made: Path) -> None:
    """A check of all targets leaves every file as it is, those of an abandoned run among them."""
    stale = made / "build/reference/.toolkit-1-0-0123456789abcdef"
    stale.mkdir(exist_ok=True)
    (stale / "x").write_text("x")
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*")}, written(made)
    run("check", "--no-cache", cwd=made)
    assert before == ({path: path.stat().st_mtime_ns for path in made.rglob("*")}, written(made))
