"""Examples that an engineer would send: minimal and full requests, resource names, masks, and one event each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.examples.check import Check
from tests.support.protos_of import write
from toolkit.descriptors.compile import compile_tree
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.bounds import Bounds
from toolkit.targets.examples.cutting import size_of
from toolkit.targets.examples.examples import Examples

MUSEUM = """
syntax = "proto3";
package museum.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/api/field_info.proto";
import "google/api/resource.proto";
import "google/longrunning/operations.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";

message Painting {
  option (google.api.resource) = {type: "museum.example/Painting" pattern: "projects/{project}/halls/{hall}/paintings/{painting}"};
  enum State { STATE_UNSPECIFIED = 0; HANGING_UP = 1; ON_DISPLAY = 2; READY = 3; CREATION_FAILED = 4; }
  enum Frame {
    FRAME_UNSPECIFIED = 0;
    GOLD = 1;
    // Wood. Default value.
    WOOD = 2;
  }
  string name = 1 [(google.api.field_behavior) = IDENTIFIER];
  string title = 2 [(google.api.field_behavior) = REQUIRED];
  string painter = 3 [(google.api.field_behavior) = IMMUTABLE];
  string alarm_code = 4 [(google.api.field_behavior) = INPUT_ONLY];
  State state = 5 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp create_time = 6 [(google.api.field_behavior) = OUTPUT_ONLY];
  string uid = 7 [(google.api.field_behavior) = OUTPUT_ONLY, (google.api.field_info).format = UUID4];
  Frame frame = 8;
  // In bytes.
  int64 scan = 9;
  int32 min_visitors = 10;
  int32 max_visitors = 11;
  // The catalog number, such as `cat_42`.
  string number = 12;
}
message GetPaintingRequest {
  string name = 1 [(google.api.field_behavior) = REQUIRED, (google.api.resource_reference).type = "museum.example/Painting"];
}
message ListPaintingsRequest {
  string parent = 1 [(google.api.resource_reference).child_type = "museum.example/Painting"];
  int32 page_size = 2;
  string page_token = 3;
}
message ListPaintingsResponse { repeated Painting paintings = 1; string next_page_token = 2; }
message CreatePaintingRequest {
  string parent = 1 [(google.api.field_behavior) = REQUIRED, (google.api.resource_reference).child_type = "museum.example/Painting"];
  string painting_id = 2;
  Painting painting = 3 [(google.api.field_behavior) = REQUIRED];
}
message UpdatePaintingRequest { Painting painting = 1; google.protobuf.FieldMask update_mask = 2; bool allow_missing = 3; }
message CreatePaintingMetadata { string painting = 1; }
service Museum {
  rpc Get(GetPaintingRequest) returns (Painting) {
    option (google.api.http) = {get: "/v1/{name=projects/*/halls/*/paintings/*}"};
  }
  rpc ListPaintings(ListPaintingsRequest) returns (ListPaintingsResponse) {
    option (google.api.http) = {get: "/v1/{parent=projects/*/halls/*}/paintings"};
  }
  rpc CreatePainting(CreatePaintingRequest) returns (google.longrunning.Operation) {
    option (google.api.http) = {post: "/v1/{parent=projects/*/halls/*}/paintings" body: "painting"};
    option (google.longrunning.operation_info) = {response_type: "Painting" metadata_type: "CreatePaintingMetadata"};
  }
  rpc UpdatePainting(UpdatePaintingRequest) returns (Painting) {
    option (google.api.http) = {patch: "/v1/{painting.name=projects/*/halls/*/paintings/*}" body: "painting"};
  }
}
"""
FLAT = """
syntax = "proto3";
package acme.boats;
import "google/api/annotations.proto";
import "google/protobuf/field_mask.proto";
message Boat { string id = 1; string name = 2; string harbor_id = 3; Status status = 4;
  enum Status { STATUS_UNSPECIFIED = 0; BUILDING = 1; AFLOAT = 2; SINKING = 3; } }
message CloneBoatRequest { oneof source { string boat_id = 1; string plan_id = 2; } string name = 3; string harbor_id = 4; }
message UpdateBoatRequest { string boat_id = 1; google.protobuf.FieldMask update_mask = 2; string name = 3; bool validate_only = 4; }
message DockRequest { string place = 1; string boat_id = 2; }
service Boats {
  rpc Clone(CloneBoatRequest) returns (Boat);
  rpc Update(UpdateBoatRequest) returns (Boat) { option (google.api.http) = {patch: "/v1/boats/{boat_id}" body: "*"}; }
  rpc Dock(DockRequest) returns (Boat) { option (google.api.http) = {post: "/v1/{place=seas/*/docks/**}:dock" body: "*"}; }
}
"""
PAINTING = "projects/my-project/halls/my-hall/paintings/my-painting"


@cache
def _checked(folder: Path, source: str) -> Check:
    return Check(compile_tree([write(folder, {"own.proto": source})]))


def of(tmp_path: Path, source: str, method: str) -> dict[str, dict[str, Any]]:
    """The examples of a method of a tree of one file."""
    check = _checked(tmp_path, source)
    return check.of(
        next(one for one in check.workspace.schema.methods.values() if one.full_name.endswith(f".{method}"))
    )


def test_no_faults(tmp_path: Path) -> None:
    """Every example parses, satisfies its constraints, matches its path, and sets no field that only the server or the client sets."""
    for number, source in enumerate((MUSEUM, FLAT)):
        check = _checked(tmp_path / str(number), source)
        assert [*check.faults(), *check.examples.diagnostics()] == []


def test_faults_are_found(tmp_path: Path) -> None:
    """The checker that the other tests rely on reports an example that sets what it must not."""
    check = _checked(tmp_path, MUSEUM)
    message = check.workspace.schema.message("museum.v1.UpdatePaintingRequest")
    wrong = {"painting": {"title": "Night", "uid": "x"}, "updateMask": "uid,height"}
    found = [*check._in_value(wrong, message, is_request=True)]
    assert found == ["sets museum.v1.Painting.uid, which is OUTPUT_ONLY"]
    method = check.workspace.schema.methods["museum.v1.Museum.UpdatePainting"]
    assert len([*check._in_mask(method, wrong)]) == 2


def test_minimal(tmp_path: Path) -> None:
    """A minimal request contains required fields and what the path needs, and an update what it changes."""
    assert of(tmp_path, MUSEUM, "CreatePainting")["minimal"] == {
        "parent": "projects/my-project/halls/my-hall",
        "painting": {"title": "Example painting"},
    }
    assert of(tmp_path, MUSEUM, "UpdatePainting")["minimal"] == {
        "painting": {"name": PAINTING, "title": "Example painting"},
        "updateMask": "title",
    }
    assert of(tmp_path, MUSEUM, "ListPaintings")["minimal"] == {"parent": "projects/my-project/halls/my-hall"}


def test_full_update(tmp_path: Path) -> None:
    """A full update names every field that it changes, and no immutable one."""
    full = of(tmp_path, MUSEUM, "UpdatePainting")["full"]
    assert set(full["updateMask"].split(",")) == set(full["painting"]) - {"name"}
    assert "painter" not in full["painting"]
    assert full["painting"]["alarmCode"]


def test_response_is_of_its_request(tmp_path: Path) -> None:
    """The new resource is below its parent, has what was sent, and is in a settled state only when it is done."""
    made = of(tmp_path, MUSEUM, "CreatePainting")
    result = made["done"]["response"]
    sent = {key: value for key, value in made["full"]["painting"].items() if key != "alarmCode"}
    assert sent.items() <= result.items()
    assert result["name"] == PAINTING == f"{made['full']['parent']}/paintings/{made['full']['paintingId']}"
    assert result["state"] == "READY"
    assert made["at once"]["done"] is False
    assert made["at once"]["metadata"] == made["done"]["metadata"]


def test_list_returns_what_get_returns(tmp_path: Path) -> None:
    """An item of a list is the resource that Get returns, and the next page differs from the requested one."""
    listed = of(tmp_path, MUSEUM, "ListPaintings")
    assert listed["done"]["paintings"] == [of(tmp_path, MUSEUM, "Get")["done"]]
    assert listed["full"]["pageToken"] != listed["done"]["nextPageToken"]


def test_values_fit(tmp_path: Path) -> None:
    """Values fit comments, units, the meaning of enums, and each other."""
    painting = of(tmp_path, MUSEUM, "Get")["done"]
    assert painting["frame"] == "WOOD"
    assert painting["number"] == "cat_42"
    assert int(painting["scan"]) >= 1024
    assert painting["minVisitors"] < painting["maxVisitors"]


def test_source_is_not_the_result(tmp_path: Path) -> None:
    """What a new thing is made from has another ID; the last state that is neither transitional nor an error is settled."""
    made = of(tmp_path, FLAT, "Clone")
    assert made["full"]["boatId"] != made["done"]["id"]
    assert made["full"]["name"] == made["done"]["name"]
    assert made["done"]["status"] == "AFLOAT"
    assert of(tmp_path, FLAT, "Update")["minimal"] == {
        "boatId": made["done"]["id"], "updateMask": "name", "name": "my-boat",
    }  # fmt: skip


def test_paths_without_resources(tmp_path: Path) -> None:
    """A template alone makes a value that matches it."""
    assert of(tmp_path, FLAT, "Dock")["minimal"] == {"place": "seas/my-sea/docks/my-dock"}


WORKS = """
syntax = "proto3";
package acme.works;
import "google/api/annotations.proto";
message Press { string id = 1; }
message SheetSpec { string name = 1; oneof sheet_config { EngineSpec.Config9 config_9 = 2; } }
message CreateSheetRequest { string press_id = 1; SheetSpec sheet_spec = 2; }
message RollDelta { string roll_id = 1; int32 by = 2; }
message EngineSpec {
  message Motor { SizeResources resources = 1; }
  // Possible values: `9`, `10.1`, `10.2_beta`.
  string version = 1;
  Motor motor = 2;
  SizeResources spare_resources = 3;
  oneof engine_config { Config9 config_9 = 4; }
  message Config9 { string note = 1; }
}
message SizeResources { string preset_id = 1; int64 disk_size = 2; }
message CreatePressRequest {
  // ID of the hall to create the press in.
  string hall_id = 1;
  string name = 2;
  EngineSpec engine_spec = 3;
  // Optional crew.
  EngineSpec crew_spec = 4;
}
message UpdateRollsRequest { string press_id = 1; repeated RollDelta deletions = 2; repeated RollDelta additions = 3; }
message SetRollsRequest { string press_id = 1; repeated RollDelta roll_deltas = 2; string note = 3; }
message RemoveRollsRequest { string press_id = 1; repeated RollDelta additions = 2; repeated RollDelta deleted_rolls = 3; }
message ListRollsRequest {
  oneof id { string hall_id = 1; string press_id = 2; string parent = 3; }
  string filter = 4;
}
message Reply {}
service Works {
  rpc Create(CreatePressRequest) returns (Press);
  rpc CreateSheet(CreateSheetRequest) returns (Press);
  rpc UpdateRolls(UpdateRollsRequest) returns (Reply);
  rpc SetRolls(SetRollsRequest) returns (Reply);
  rpc RemoveRolls(RemoveRollsRequest) returns (Reply);
  rpc ListRolls(ListRollsRequest) returns (Reply) { option (google.api.http) = {get: "/v1/presses/{press_id}/rolls"}; }
  // Finds rolls.
  // ```json
  // {"parent": "floors/1"}
  // ```
  rpc SeekRolls(ListRollsRequest) returns (Reply) { option (google.api.http) = {get: "/v2/{parent=halls/**}/rolls"}; }
  rpc FindRolls(ListRollsRequest) returns (Reply) { option (google.api.http) = {get: "/v1/{parent=halls/**}/rolls"}; }
}
"""


def test_new_things_are_described(tmp_path: Path) -> None:
    """A minimal request for a new thing says where it goes and what it is, in the newest version, and no more."""
    made = of(tmp_path, WORKS, "Create")["minimal"]
    assert {*made} == {"hallId", "engineSpec"}
    assert {*made["engineSpec"]} == {"version", "spareResources"}
    assert made["engineSpec"]["version"] == "10.1"
    assert {*made["engineSpec"]["spareResources"]} == {"presetId", "diskSize"}
    assert of(tmp_path, WORKS, "CreateSheet")["minimal"] == {"sheetSpec": {"name": "my-sheet"}}


def test_changes_are_not_empty(tmp_path: Path) -> None:
    """A minimal request to change something adds, unless the method removes; it says no more."""
    for method, name in (("UpdateRolls", "additions"), ("SetRolls", "rollDeltas"), ("RemoveRolls", "deletedRolls")):
        made = of(tmp_path, WORKS, method)["minimal"]
        assert {*made} == {"pressId", name}
        assert [*made[name][0]]


@pytest.mark.parametrize(("method", "name"), [("ListRolls", "pressId"), ("FindRolls", "parent")])
def test_member_in_the_path(method: str, name: str, tmp_path: Path) -> None:
    """Of a oneof, the member that the path names is set, in minimal and in full requests."""
    made = of(tmp_path, WORKS, method)
    assert {*made["minimal"]} == {name}
    assert {*made["full"]} == {name, "filter"}


def test_path_that_no_example_matches(tmp_path: Path) -> None:
    """A warning says, once for each method, why no HTTP request can be made."""
    schema = _checked(tmp_path, WORKS).workspace.schema
    method = schema.methods["acme.works.Works.SeekRolls"]
    examples = Examples(Facts(schema))
    for _ in range(2):
        examples.request(method, minimal=True)
    found = [one for one in examples.diagnostics() if method.full_name in str(one)]
    assert len(found) == 1
    assert 'parent "floors/1" does not match' in str(found[0])


def test_bounds(tmp_path: Path) -> None:
    """A full request is cut at its levels and bytes, except for what is required; what is left out is known."""
    nested = "".join(
        f"message N{i} {{ string text = 1; N{i + 1} next = 2; N{i + 1} must = 3 [(google.api.field_behavior) = REQUIRED]; }}"
        for i in range(9)
    )
    source = (
        'syntax = "proto3"; package deep; import "google/api/field_behavior.proto";'
        f"{nested} message N9 {{ string text = 1; }} service Deep {{ rpc Put(N0) returns (N9); }}"
    )
    schema = _checked(tmp_path, source).workspace.schema
    method = schema.methods["deep.Deep.Put"]
    cut = Examples(Facts(schema), bounds=Bounds(levels=2, bytes=900))
    made = cut.request(method)
    assert "next" in made
    assert "next" not in made["next"]
    assert size_of(made) <= 900
    shown, paths = cut.full_request(method)
    assert shown == made
    assert "next.next" in paths
    assert not [path for path in paths if path.startswith("next.next.")]
    depth, value = 0, made
    while value := value.get("must", {}):
        depth += 1
    assert depth == 8  # the ninth is empty
    assert len(json.dumps(Examples(Facts(schema)).request(method))) > 900
