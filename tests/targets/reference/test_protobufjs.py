"""Comments and references of the published styles, as protobuf.js reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.references import References, Target, TargetKind
from toolkit.semantics.catalog import Catalog, unlisted
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.reference.protobufjs import Lookup, Namespaces, text_of
from toolkit.targets.reference.style import PRESETS

COMMENTS = [
    ("// Opens.", "Opens."),
    ("//   Opens.\n  //\n  //  - Left.\n  //    - Right.", "Opens.\n\n- Left.\n- Right."),
    ("//\n  // Opens.\n  //", "Opens."),
    ("/// Opens.\n  /// Closes.", "Opens.\nCloses."),
    ("// / Opens.\n  // / Closes.", "Opens.\n/ Closes."),
    ("// * Left.\n  // * Right.", "Left.\n* Right."),
    ("// **Left** or right.", "*Left** or right."),
    ("//\n  // * Left.", "* Left."),
    ("/* Opens.\n   * Closes. */", "Opens.\nCloses."),
    ("/** Opens.\n   *  * Closes.\n   */", "Opens.\n* Closes."),
    ("/*Opens. */", "pens."),
    ("/*\n   * * Left.\n   */", "* Left."),
    ("// ======", "======"),
    ("// //////", ""),
    ("// Apart.\n\n  // Opens.", "Opens."),
    ("// Apart.\n", ""),
    ("// Opens.\xa0\n  // \xa0Closes.", "Opens.\nCloses."),
    ("// Opens. (-- Ours. --)\n  // Closes.", "Opens.\nCloses."),
]


@pytest.mark.parametrize(("written", "said"), COMMENTS)
def test_comments(tmp_path: Path, written: str, said: str) -> None:
    """Lines are not indented, and the first one loses an asterisk and slashes; internal comments stay internal."""
    source = proto3("acme.doors.v1", f"message Door {{\n  {written}\n  string name = 1; // Beside.\n}}")
    schema = schema_of(tmp_path, {"acme/doors.proto": source})
    assert text_of(schema.message("acme.doors.v1.Door").fields[0].comment) == said


FILES = {
    "acme/farm/barn.proto": proto3(
        "acme.farm.v1",
        """message Barn { string roof = 1; Loft loft = 2; message Loft { string ladder = 1; message Hay { int32 bales = 1; } } }
        service Barns { rpc List(Barn) returns (acme.tools.v1.Rake); rpc Paint(Barn) returns (Barn); }""",
        "acme/tools.proto",
        "acme/farm/animals.proto",
    ),
    "acme/farm/animals.proto": proto3(
        "acme.farm.v1",
        """message Cow { string name = 1; oneof bed { string straw = 2; string stall = 3; } Mood mood = 4;
          enum Mood { CALM = 0; WILD = 1; } message Bell { string tone = 1; } }
        enum Season { SPRING = 0; }
        message List { string roof = 1; }""",
    ),
    "acme/farm/yard.proto": proto3(
        "acme.farm.v1",
        """service Yards { rpc List(Yard) returns (Yard); rpc Sweep(Yard) returns (Yard); }
        message Yard { string gate = 1; }""",
    ),
    "acme/tools.proto": proto3(
        "acme.tools.v1",
        "message Rake { int32 teeth = 1; string roof = 2; message Loft { string ladder = 1; } }\n"
        'import "google/protobuf/descriptor.proto";\nextend google.protobuf.FieldOptions { string handle = 51000; }',
    ),
    "acme/town.proto": proto3(
        "acme.town.v1", "message Mayor { string chain = 1; Rank rank = 2; enum Rank { HIGH = 0; } }"
    ),
}
FARM, COW = "acme.farm.v1", "acme.farm.v1.Cow"
FIELD, MESSAGE, METHOD = TargetKind.FIELD, TargetKind.MESSAGE, TargetKind.METHOD
FOUND = [
    ("name", COW, FIELD, f"{COW}.name", "its own field"),
    ("bed", COW, TargetKind.ONEOF, f"{COW}.bed", "its own oneof"),
    ("tone", COW, FIELD, f"{COW}.Bell.tone", "a field of a nested message before those around it"),
    ("bales", f"{FARM}.Barn", FIELD, f"{FARM}.Barn.Loft.Hay.bales", "depth first"),
    ("Hay", COW, MESSAGE, f"{FARM}.Barn.Loft.Hay", "nested in another message of the package"),
    ("Paint", COW, METHOD, f"{FARM}.Barns.Paint", "a method from a message"),
    ("Sweep", f"{FARM}.Barns", METHOD, f"{FARM}.Yards.Sweep", "a method of another service"),
    ("List", f"{FARM}.Yards", METHOD, f"{FARM}.Yards.List", "a service has its own methods"),
    ("List", f"{FARM}.Yards.Sweep", METHOD, f"{FARM}.Yards.List", "the scope of a method is its service"),
    ("List", COW, MESSAGE, f"{FARM}.List", "the package's own type before methods below it"),
    (
        "roof",
        f"{FARM}.Yard",
        FIELD,
        f"{FARM}.Barn.roof",
        "the file that comes first, which was entered before its imports",
    ),
    ("teeth", COW, FIELD, "acme.tools.v1.Rake.teeth", "a package beside this one"),
    ("Loft.ladder", COW, FIELD, f"{FARM}.Barn.Loft.ladder", "of a dotted name, the first part decides"),
    ("Barn.Hay", COW, MESSAGE, f"{FARM}.Barn.Loft.Hay", "the rest is looked for below, too"),
    ("Rake", COW, MESSAGE, "acme.tools.v1.Rake", "an imported type"),
    ("v1.Rake", COW, MESSAGE, "acme.tools.v1.Rake", "the namespaces around it are searched if one has no such member"),
    ("Season", COW, TargetKind.ENUM, f"{FARM}.Season", "an enum"),
    ("acme.town.v1.Mayor.chain", COW, FIELD, "acme.town.v1.Mayor.chain", "by its full name what is not loaded"),
]
NOWHERE = [
    ("CALM", "values are not members of what is around their enum"),
    ("Mood.Gone", "not a value"),
    ("Barns", "a service"),
    ("Barn.gone", "no member"),
    ("Cow.List", "a method is not below a message"),
    ("tools", "a package"),
    ("handle", "an extension"),
    ("Mayor", "not loaded"),
    ("Mayor.chain", "not loaded"),
    ("acme.town.v1.Mayor.HIGH", "a value by the scope of protobuf"),
    ("acme.farm.v1.CALM", "a value by the scope of protobuf"),
]


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    """The lookup of a package in three files, two of which declare services."""
    schema = schema_of(tmp_path_factory.mktemp("protos"), FILES)
    return Namespaces(References(schema)).seen_from(FARM)


@pytest.mark.parametrize(("name", "scope", "kind", "full_name", "why"), FOUND, ids=[case[-1] for case in FOUND])
def test_found(lookup: Lookup, name: str, scope: str, kind: TargetKind, full_name: str, why: str) -> None:
    """A name is its scope's own member, or one of what is nested in it, or else is looked for around the scope."""
    assert lookup.resolve(name, scope, "") == Target(kind, full_name), why


@pytest.mark.parametrize(("name", "why"), NOWHERE, ids=[case[0] for case in NOWHERE])
def test_not_found(lookup: Lookup, name: str, why: str) -> None:
    """Services and packages are found, but are not linked, and what is not loaded has only its full name."""
    assert lookup.resolve(name, COW, "") is None, why


@pytest.mark.parametrize("name", ["Mood.WILD", "Cow.Mood.WILD", f"{COW}.Mood.WILD"])
def test_values(lookup: Lookup, name: str) -> None:
    """A value is found below its enum, which shows it."""
    assert lookup.resolve(name, COW, "") == Target(TargetKind.VALUE, f"{COW}.WILD", f"{COW}.Mood")


def test_loaded(lookup: Lookup) -> None:
    """From another package, only what its own services import is found by a short name."""
    seen = lookup.namespaces.seen_from("acme.town.v1")
    assert seen.resolve("Rake", "acme.town.v1.Mayor", "") is None
    assert seen.resolve("acme.tools.v1.Rake", "acme.town.v1.Mayor", "") == Target(MESSAGE, "acme.tools.v1.Rake")


PAGES = {
    "acme/boats.proto": proto3(
        "acme.boats.v1",
        r"""
import "google/protobuf/wrappers.proto";
import "google/protobuf/duration.proto";
import "yandex/cloud/validation.proto";
// Boats, see [Sail] and [DockService.Moor].
service BoatService {
  // Sails a boat, see [Sail],
  // [DockService.Moor] and [Crew].
  //
  // More about it.
  rpc Sail(SailRequest) returns (Boat);
  rpc Sink(Boat) returns (Crew);
}
service DockService { rpc Moor(Boat) returns (Boat); }
message SailRequest {
  // The [name], or [SailRequest.name], in [wind], for [Duration]; ask [Crew] of [Crew.size] or [Boat.wood].
  string name = 1 [(yandex.cloud.pattern) = "[a-z]|[\"'A-Z]"];
  oneof wind { string north = 2; string south = 3; }
  // Like [State.AFLOAT] of [Boat.State], [Boat.hull] and [BoatService].
  google.protobuf.Int64Value knots = 4 [(yandex.cloud.value) = "1-20"];
  google.protobuf.Duration span = 5 [(yandex.cloud.value) = "1h-2h"];
}
message Boat {
  string wood = 1;
  oneof hull { string round = 2; }
  enum State {
    // Or [wood], [Boat.wood].
    AFLOAT = 0;
  }
  State state = 3;
}
message Crew { int32 size = 1; }
""",
    ),
    "yandex/cloud/validation.proto": 'syntax = "proto3";\npackage yandex.cloud;\n'
    'import "google/protobuf/descriptor.proto";\n'
    "extend google.protobuf.FieldOptions { string value = 101502; string pattern = 101503; }\n",
}
DOCS = "/docs/acme/boats/v1/api-ref/grpc"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> PublishedReference:
    """The reference of a small tree in the newest style."""
    schema = schema_of(tmp_path_factory.mktemp("protos"), PAGES)
    return PublishedReference(Facts(schema), Catalog({"acme.boats.v1": unlisted("acme.boats.v1")}))


def test_links(reference: PublishedReference) -> None:
    """What is found is linked to where it is shown; a field of the message itself is code."""
    page = reference.method_page(reference.schema.methods["acme.boats.v1.BoatService.Sail"])
    assert f"see [Sail](#Sail),\n[DockService.Moor]({DOCS}/Dock/moor#Moor) and [Crew]({DOCS}/Boat/sink#acme" in page
    assert "The `name`, or `SailRequest.name`, in [wind](" in page
    assert f"in [wind]({DOCS}/Boat/sail#acme.boats.v1.SailRequest.wind), for [Duration](https://" in page
    assert f"[Crew.size]({DOCS}/Boat/sink#acme.boats.v1.Crew) or [Boat.wood](#acme.boats.v1.Boat)." in page
    state, hull = f"{DOCS}/Boat/sail#acme.boats.v1.Boat.State", f"{DOCS}/Boat/sail#acme.boats.v1.Boat.hull"
    assert f"Like [State.AFLOAT]({state}) of [Boat.State]({state}), [Boat.hull]({hull}) and [BoatService]." in page
    assert "- `AFLOAT`: Or `wood`, `Boat.wood`." in page


def test_constraints(reference: PublishedReference) -> None:
    """Wrappers of numbers have the sentences of numbers, times have none, and escaped quotes are lost."""
    page = reference.method_page(reference.schema.methods["acme.boats.v1.BoatService.Sail"])
    assert "and [BoatService].\n\nAcceptable values are 1 to 20, inclusive. ||" in page
    assert "Value must match the regular expression ``` [a-z]|['A-Z] ```. ||" in page
    assert page.count("Acceptable values") == 1


def test_index(reference: PublishedReference) -> None:
    """Rows of the index of a service end with the first line, and link to its methods as if they were on it."""
    page = reference.service_page(reference.schema.service("acme.boats.v1.BoatService"))
    assert "|| [Sail](sail.md) | Sails a boat, see [Sail](#Sail), ||\n|| [Sink](sink.md) |  ||\n" in page
    assert f"Boats, see [Sail](#Sail) and [DockService.Moor]({DOCS}/Dock/moor#Moor).\n" in page
    api = reference.api_page(reference.layout.apis[0])
    assert f"Boats, see [Sail]({DOCS}/Boat/sail#Sail) and" in api


def test_other_styles(reference: PublishedReference) -> None:
    """The style `plain` follows the rules of protobuf, and shows the first paragraph in an index."""
    plain = PublishedReference(reference.facts, reference.catalog, PRESETS["plain"])
    page = plain.service_page(reference.schema.service("acme.boats.v1.BoatService"))
    assert f"| Sails a boat, see [Sail]({DOCS}/Boat/sail#Sail),\n[DockService.Moor](" in page
    old = PublishedReference(reference.facts, reference.catalog, PRESETS["values"])
    page = old.method_page(reference.schema.methods["acme.boats.v1.BoatService.Sail"])
    assert "The `name`, or `SailRequest.name`, in [wind](" in page
