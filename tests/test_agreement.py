"""The targets agree on what an API means: what one says of a hostile tree, the others say too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support import options_trees
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


GARDEN = """
proto_path = ["protos"]
[reference]
[examples]
[python]
package = "made"
[site]
"""


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the targets make of a tree whose options say what it means."""
    folder = tmp_path_factory.mktemp("garden")
    write(folder / "protos", options_trees.TREE)
    write(folder, {"toolkit.toml": GARDEN})
    ran = run("generate", "--quiet", cwd=folder)
    assert ran.code == 0, ran.errors
    return folder


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


def example(folder: Path, name: str, form: str, *more: str) -> Ran:
    """What `toolkit example` prints of a method."""
    return run("example", f"acme.shelves.v1.Shelves.{name}", "--as", form, *more, cwd=folder)


@pytest.mark.parametrize("method", ["Delete", "Paint"])
def test_operations(method: str, made: Path) -> None:
    """A method starts an operation for the bindings, the snippet, the site and the example, whatever it answers with."""
    bindings = text_of(made, "build/python/made/acme/shelves/v1/__init__.py")
    assert re.search(rf"def {method.lower()}\([^)]*\) -> _rt\.Operation\[", bindings)
    snippet = example(made, method, "python").text
    assert f"operation = client.{method.lower()}(" in snippet
    assert f"operation = client.{method.lower()}(" in site(made, f"Shelves.{method}")
    answer = json.loads(example(made, method, "response", "--done").text)
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
    assert json.loads(example(made, "Get", "request", "--full").text)["color"] == "teal"
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


_PLANT = "pattern `gardens/{garden}/plants/{plant}` or `wild/{plant}`"
SAID = {
    "Plant.path": ("Identifier.", f"Resource name of this `garden.example.com/Plant`, {_PLANT}."),
    "Plant.label": ("Immutable. Optional.", "What it is called.", "Example: `tulip`.", "2–9 characters."),
    "Plant.planted": ("Output only. When it was set.",),
    "Plant.secret": ("Input only. Sensitive.",),
    "Plant.id": ("Format: UUID, version 4.",),
    "Plant.extra": ("May contain `Shade` or `Plant`.",),
    "Plant.helpers": (
        "Unordered list. Non-empty default.",
        f"Each element is the resource name of a `garden.example.com/Plant`, {_PLANT}.",
        "1–3 items. Items must be unique.",
    ),
    "Plant.shed": ("Resource name of a `sheds.example.com/Shed`, pattern `sheds/{shed}`.",),
    "Plant.thing": ("Resource name of any resource.",),
    "Plant.height": ("Example: `42`.", "Value must be at least 1 and less than 90."),
    "Plant.wet": ("Output only.",),
    "Plant.shade": ("Restricted to STAFF.",),
    "GetPlantRequest.name": (f"Resource name of a `garden.example.com/Plant`, {_PLANT}.",),
    "CreatePlantRequest.parent": (
        "Resource name of the parent of a `garden.example.com/Plant`, pattern `gardens/{garden}`.",
    ),
}
"""What options say about fields."""

ON_SITE = {
    "2–9 characters.": ("· 2–9 characters, matches",),
    "1–3 items. Items must be unique.": ("1–3 items, no duplicates ·",),
    "Value must be at least 1 and less than 90.": ("at least 1 and less than 90 ·",),
}
"""What is a phrase beside the facts of a field there."""


def _plain(markdown: str) -> str:
    """Markdown without links, and without spaces inside of code."""
    return re.sub(r"\[(` ?[^`]+`)\]\([^)]*\)", r"\1", markdown).replace("` ", "`").replace(" `", "`").replace("`", " ")


def _is_said(sentence: str, text: str) -> bool:
    return " ".join(_plain(sentence).split()) in " ".join(_plain(text).split())


@pytest.mark.parametrize("field", SAID)
def test_options_of_fields(field: str, garden: Path) -> None:
    """What options say about a field is in the reference, on the site and in docstrings, in the same words."""
    message, name = field.split(".")
    method = {"CreatePlantRequest": "createPlant"}.get(message, "getPlant")
    page = text_of(garden, f"build/reference/acme/garden/v1/api-ref/grpc/Gardens/{method}.md")
    row = re.search(rf"^\|\| {name}(?:\[\])? \| .*?\|\|$", page[page.index(f"\n## {message} ") :], re.M | re.S)
    shown = text_of(garden, f"site/reference/acme.garden.v1/{message}.md")
    section = re.search(rf"^### {name} .*?(?=^###|^////|\Z)", shown, re.M | re.S)
    module = text_of(garden, "build/python/made/acme/garden/v1/__init__.py")
    doc = re.search(rf'class {message}\(.*?\n    {name}: [^\n]*\n    """(.*?)"""', module, re.S)
    assert row is not None
    assert section is not None
    assert doc is not None
    labels = [f"{label[:1].upper()}{label[1:]}." for label in re.findall(r"\*\*([^*]+)\*\*\{ \.label \}", section[0])]
    site = " ".join([*labels, section[0]])
    for sentence in SAID[field]:
        for text in (row[0], doc[1]):
            assert _is_said(sentence, text), text
        for said in ON_SITE.get(sentence, (sentence,)):
            assert _is_said(said, site), site


def test_options_of_methods_and_services(garden: Path) -> None:
    """So is what they say about methods and services; call forms are on pages, not in docstrings."""
    module = text_of(garden, "build/python/made/acme/garden/v1/__init__.py")
    folder = garden / "build/reference/acme/garden/v1/api-ref/grpc/Gardens"
    pages = {name: (folder / f"{name[0].lower()}{name[1:]}.md").read_text() for name in ("GetPlant", "RemovePlant")}
    assert site_label(garden, "Gardens.GetPlant") == ["no side effects"]
    assert site_label(garden, "Gardens.RemovePlant") == ["idempotent", "restricted to STAFF or TESTER"]
    for name, said in (("GetPlant", "No side effects."), ("RemovePlant", "Idempotent. Restricted to STAFF or TESTER.")):
        assert said in pages[name]
        assert said in module
    form = "Call form: `GetPlant(name)`."
    assert _is_said(form, pages["GetPlant"])
    assert _is_said(form, text_of(garden, "site/reference/acme.garden.v1/Gardens.GetPlant.md"))
    assert "Call form" not in module
    service = "Host: `garden.example.com`. OAuth scopes, one of which is needed: `https://auth.example.com/grow`"
    for text in (
        module,
        (folder / "index.md").read_text(),
        text_of(garden, "site/reference/acme.garden.v1/Gardens.md"),
    ):
        assert _is_said(service, text)
        assert "Looks after gardens." in text


def site_label(folder: Path, name: str) -> list[str]:
    """The badges of an element on the site, except those of HTTP."""
    return re.findall(r"\*\*([^*]+)\*\*\{ \.badge \}", text_of(folder, f"site/reference/acme.garden.v1/{name}.md"))


def test_texts_of_options(garden: Path) -> None:
    """A text in an option stands in for a missing comment everywhere, and never for one that is there."""
    paths = [path for path in garden.rglob("*") if path.suffix in (".md", ".py") and path.is_file()]
    texts = [path.read_text() for path in paths if path.name != "_descriptors.py"]  # these have all options
    assert sum("Looks in every" in text for text in texts) >= 3
    assert not any("Never shown." in text for text in texts)
    request = json.loads(text_of(garden, "build/examples/acme/garden/v1/Gardens/createPlant.request.full.json"))
    assert (request["plant"]["label"], request["plant"]["height"]) == ("tulip", 42)


def test_published_styles_say_nothing_of_options(garden: Path, tmp_path: Path) -> None:
    """In the published styles, pages are the same with and without options that only say facts and texts."""
    plain = re.sub(r"option \(google\.api\.(?:default_host|oauth_scopes|method_\w+)\)[^;]*;", "", options_trees.GARDEN)
    assert plain != options_trees.GARDEN
    for style in ("current", "values", "maps", "opaque"):
        made = []
        for number, source in enumerate((options_trees.GARDEN, plain)):
            folder = tmp_path / f"{style}{number}"
            write(folder / "protos", {"acme/garden/v1/garden.proto": source})
            assert run("generate", "reference", "--proto-path", "protos", "--style", style, cwd=folder).code == 0
            made.append({path: text_of(folder, path) for path in written(folder) if path.endswith(".md")})
        assert made[0] == made[1]
        said = "".join(made[0].values())
        assert "tulip" not in said
        assert "Output only. When it was set." in said
        assert not re.search("Call form|Resource name|Looks in every|Host:|Idempotent|Sensitive|Restricted", said)
