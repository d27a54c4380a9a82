"""Whether what is deployed is what the protos say: `toolkit diff` between protos and servers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from tests.support.servers import Certificate, serving
from tests.support.versions import diff
from toolkit.descriptors.compile import compile_tree

pytestmark = pytest.mark.slow(reason="starts servers and a process for each read")

SHOP = proto3(
    "acme.shop.v1",
    """
// Sells things.
service Shop {
  // Buys.
  rpc Buy(Order) returns (Receipt) { option idempotency_level = IDEMPOTENT; }
}
// Not deployed here.
service Warehouse { rpc Count(Shelf) returns (Shelf); }
// An order.
message Order {
  // Which one.
  string product_id = 1 [json_name = "sku", (acme.shop.v1.secret) = true];
  optional int32 count = 2;
  Color color = 3;
  map<string, Line> lines = 4;
  message Line { string text = 1; }
}
message Receipt { google.protobuf.Timestamp at = 1; acme.money.v1.Money price = 2; }
message Shelf { Board board = 1; }
message Board { int32 length = 1; }
message Event { string name = 1; }
enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; }
""",
    "google/protobuf/timestamp.proto",
    "acme/money.proto",
    "acme/options.proto",
)
MONEY = proto3("acme.money.v1", "message Money { int64 units = 1; }\nmessage Rate { double rate = 1; }")
OPTIONS = proto3(
    "acme.shop.v1",
    "extend google.protobuf.FieldOptions { bool secret = 50001; }",
    "google/protobuf/descriptor.proto",
)
ADMIN = proto3("acme.admin.v1", "service Admin { rpc Reset(Nothing) returns (Nothing); }\nmessage Nothing {}")
FILES = {"acme/shop.proto": SHOP, "acme/money.proto": MONEY, "acme/options.proto": OPTIONS, "acme/admin.proto": ADMIN}
SERVICE = "acme.shop.v1.Shop"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the deployed version in ``deployed`` and the same protos in ``protos``."""
    write(tmp_path / "deployed", FILES)
    write(tmp_path / "protos", FILES)
    return tmp_path


def edit(folder: Path, old: str, new: str, file: str = "acme/shop.proto") -> None:
    """Change the protos."""
    path = folder / "protos" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def changed(folder: Path, at: str, *, is_old: bool = False) -> list[tuple[str, str]]:
    """The kinds and elements of all changes from the protos to the server, or the other way."""
    sides = (f"grpc://{at}", "protos") if is_old else ("protos", f"grpc://{at}")
    ran = diff(folder, *sides, "--format", "json")
    assert ran.code == 0, ran.errors
    return [(change["kind"], change["element"]) for change in json.loads(ran.text)["changes"]]


def test_the_same(folder: Path) -> None:
    """There is no difference if the protos are what is deployed; what is not compared is said, in every format."""
    with serving(folder / "deployed", SERVICE) as at:
        for sides, name in ((("protos", f"grpc://{at}"), "NEW"), ((f"grpc://{at}", "protos"), "OLD")):
            ran = diff(folder, *sides, "--exit-code", "--breaking", "FILE")
            assert (ran.code, ran.text) == (0, "")
            assert ran.errors.splitlines() == [
                f"not compared, because {name} does not serve them: acme.admin.v1.Admin, acme.shop.v1.Warehouse",
                f"not compared, because no service of {name} uses it: acme.admin.v1.Nothing",
                f"comments are not compared, because {name} has no source info",
                "0 changes, 0 breaking FILE",
            ]
        sides = "protos", f"grpc://{at}"
        notes = json.loads(diff(folder, *sides, "--format", "json").text)["notes"]
        assert len(notes) == 3
        for form, start in (("markdown", "- "), ("github", "::notice title=not compared::")):
            lines = diff(folder, *sides, "--format", form).text.splitlines()
            assert sum(line.startswith(start) for line in lines) == 3


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  optional int32 count = 2;\n", "", [("added", "acme.shop.v1.Order.count")]),
        ("count = 2;", "count = 2; string note = 9;", [("removed", "acme.shop.v1.Order.note")]),
        ("string text = 1;", "bytes text = 1;", [("type", "acme.shop.v1.Order.Line.text")]),
        ("optional int32", "int32", [("presence", "acme.shop.v1.Order.count")]),
        ('"sku"', '"id"', [("json name", "acme.shop.v1.Order.product_id")]),
        ("secret) = true", "secret) = false", [("option", "acme.shop.v1.Order.product_id")]),
        ("COLOR_RED = 1;", "COLOR_RED = 1; COLOR_BLUE = 2;", [("removed", "acme.shop.v1.COLOR_BLUE")]),
        ("rpc Buy", "rpc Sell(Order) returns (Order);\n  rpc Buy", [("removed", "acme.shop.v1.Shop.Sell")]),
        ("int32 length", "int64 length", [("type", "acme.shop.v1.Board.length")]),
        ("rpc Count", "rpc Recount(Shelf) returns (Shelf); rpc Count", []),
        ("message Event {", "message Extra {}\nmessage Event {", []),
        ("message Event { string name = 1; }", "", []),
        ("// An order.", "// A purchase order.", []),
    ],
)
def test_differences(folder: Path, old: str, new: str, expected: list[tuple[str, str]]) -> None:
    """Differences are found in both directions, but no comments, and not what the services don't have or use."""
    edit(folder, old, new)
    opposite = {"added": "removed", "removed": "added"}
    with serving(folder / "deployed", SERVICE) as at:
        assert changed(folder, at) == expected
        assert changed(folder, at, is_old=True) == [(opposite.get(kind, kind), name) for kind, name in expected]


def test_exit_codes(folder: Path) -> None:
    """Any change counts with --exit-code, a breaking one with --breaking."""
    edit(folder, "  optional int32 count = 2;\n", "")
    with serving(folder / "deployed", SERVICE) as at:
        assert diff(folder, "protos", f"grpc://{at}", "--exit-code").code == 1
        assert diff(folder, "protos", f"grpc://{at}", "--breaking", "FILE").code == 0
        assert diff(folder, f"grpc://{at}", "protos", "--breaking", "FILE").code == 1
        write(folder, {"protos/broken.proto": "message"})
        assert diff(folder, "protos", f"grpc://{at}", "--exit-code").code == 2


def test_locations(folder: Path) -> None:
    """Locations are those of the protos on disk, whichever side they are."""
    edit(folder, "optional int32", "optional int64")
    with serving(folder / "deployed", SERVICE) as at:
        for sides in (("protos", f"grpc://{at}"), (f"grpc://{at}", "protos")):
            (line,) = diff(folder, *sides).text.splitlines()
            assert line.startswith("protos/acme/shop.proto:18:3: field acme.shop.v1.Order.count: type changed from int")
            assert "(was" not in line
            (line,) = diff(folder, *sides, "--format", "github").text.splitlines()[-1:]
            assert line.startswith("::error file=protos/acme/shop.proto,line=18,col=3,")


def test_new_types(folder: Path) -> None:
    """A type or service that only one side has is a change if a deployed service uses it."""
    edit(folder, "count = 2;", "count = 2; acme.money.v1.Rate rate = 9; Gift gift = 10;")
    edit(folder, "message Event", "message Gift { string text = 1; }\nmessage Event")
    with serving(folder / "deployed", SERVICE, "acme.admin.v1.Admin") as at:
        found = changed(folder, at)
        assert sorted(found) == [
            ("removed", "acme.shop.v1.Gift"),
            ("removed", "acme.shop.v1.Order.gift"),
            ("removed", "acme.shop.v1.Order.rate"),
        ]
        (folder / "protos/acme/admin.proto").unlink()
        assert {("added", "acme.admin.v1.Admin"), ("added", "acme/admin.proto")} <= {*changed(folder, at)}


def test_imports_are_not_compared(folder: Path) -> None:
    """What the protos only import is not compared, although the server has it."""
    (folder / "third_party/acme").mkdir(parents=True)
    (folder / "protos/acme/money.proto").rename(folder / "third_party/acme/money.proto")
    with serving(folder / "deployed", SERVICE) as at:
        write(folder, {"toolkit.toml": 'proto_path = ["protos"]\nimport_path = ["third_party"]\n'})
        assert changed(folder, at) == []


def test_two_servers(folder: Path) -> None:
    """Of two servers everything is compared, with and without TLS."""
    edit(folder, "optional int32", "optional int64")
    made = Certificate.make(folder)
    with (
        serving(folder / "deployed", SERVICE, "acme.admin.v1.Admin") as production,
        serving(folder / "protos", SERVICE, certificate=made) as staging,
    ):
        ran = diff(folder, f"grpc://{production}", f"grpcs://{staging}", "--ca", "certificate.pem", "--format", "json")
    content = json.loads(ran.text)
    found = {(change["kind"], change["element"]) for change in content["changes"]}
    assert {("type", "acme.shop.v1.Order.count"), ("removed", "acme.admin.v1.Admin")} <= found
    assert not content["notes"]


def test_changelog(folder: Path) -> None:
    """A revision of the changelog can be a server."""
    from tests.support.command import run

    edit(folder, "optional int32", "optional int64")
    with serving(folder / "deployed", SERVICE) as at:
        toml = f'proto_path = ["protos"]\n[changelog.revisions]\nlive = "grpc://{at}"\nnext = "protos"\n'
        ran = run("generate", "changelog", cwd=write(folder, {"toolkit.toml": toml}))
    assert ran.code == 0, ran.errors
    assert "is now of type `int64` (was `int32`)" in (folder / "build/changelog/next.md").read_text()


def test_sets_without_source_info(folder: Path) -> None:
    """Comments are not compared with any descriptor set that has none, and locations are those of the protos."""
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    content = FileDescriptorSet.FromString(compile_tree([folder / "deployed"]).descriptor_set)
    for file in content.file:
        file.ClearField("source_code_info")
    edit(folder, "optional int32", "optional int64")
    ran = diff(folder, "-", "protos", stdin=content.SerializeToString())
    (line,) = ran.text.splitlines()
    assert line.startswith("protos/acme/shop.proto:18:3: ")
    assert ran.errors.startswith("comments are not compared, because OLD has no source info\n")
    assert "comments" not in diff(folder, "-", "protos", "--no-comments", stdin=content.SerializeToString()).errors
