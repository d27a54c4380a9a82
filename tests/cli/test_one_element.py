"""Commands about one element compile what the element needs, and say what they would say of the whole tree."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.published import CLOUDAPI, import_roots
from toolkit.cli import answers
from toolkit.descriptors.declarations import declared_in
from toolkit.descriptors.roots import Root
from toolkit.semantics.catalog import read_catalog
from toolkit.targets.examples.target import examples_of
from toolkit.targets.reference.target import reference_of
from toolkit.targets.settings import Common, Settings
from toolkit.targets.workspace import Workspace

BOATS = """
// Moors boats; see [Harbor] and [acme.crew.v1.Sailor.name].
service Boats {
  // Like [Harbors.Find], but for a [Boat]; [the crew][acme.crew.v1.Crews.Hire] stays, as [VALUE] says.
  // In a [Harbor] of [acme.Kind] or [LATE]; not an [Optional] one, [Tide] or [Sloop].
  rpc Moor(Boat) returns (acme.jobs.Job) {
    option (.jobs.starts) = { metadata: "Progress" response: "acme.crew.v1.Sailor" };
  }
  rpc List(ListBoats) returns (stream Boat);
}
message Boat {
  option (google.api.resource) = { type: "boats.example/Boat" pattern: "harbors/{harbor}/boats/{boat}" };
  string name = 1 [(google.api.resource_reference) = { type: "boats.example/Boat" }];
  string berth = 2 [(google.api.resource_reference).type = "boats.example/Berth"];
  string sea = 3 [(google.api.resource_reference) = { type: "boats.example/Sea" }];
}
message ListBoats { string parent = 1 [(google.api.resource_reference) = { child_type: "boats.example/Boat" }]; }
"""
JOB = """
message Job {
  string id = 1;
  bool done = 2;
  google.protobuf.Any metadata = 3;
  oneof result { google.protobuf.Any response = 4; google.rpc.Status error = 5; }
}
"""
STARTS = """
message Starts { string metadata = 1; string response = 2; }
extend google.protobuf.MethodOptions { Starts starts = 50001; }
"""
SOURCES = {
    "boats/boats.proto": proto3(
        "acme.boats.v1", BOATS, "jobs/job.proto", "jobs/starts.proto", "google/api/resource.proto"
    ),
    "boats/harbor.proto": proto3(
        "acme.boats.v1",
        "message Harbor { string id = 1; } message Progress { Pace pace = 1; } enum Pace { SLOW = 0; LATE = 1; }\n"
        "service Harbors { rpc Find(Harbor) returns (Harbor); }",
    ),
    "boats/berths.proto": proto3(
        "acme.quays.v1",
        'message Berth { option (google.api.resource) = { type: "boats.example/Berth" pattern: "quays/{quay}" }; }\n'
        "service Quays { rpc Get(Berth) returns (Berth); }",
        "google/api/resource.proto",
    ),
    "boats/seas.proto": proto3(
        "acme.seas",
        'option (google.api.resource_definition) = { type: "boats.example/Sea" pattern: "seas/{sea}" };',
        "google/api/resource.proto",
    ),
    "crew/crew.proto": proto3(
        "acme.crew.v1",
        "message Sailor { string name = 1; } service Crews { rpc Hire(Sailor) returns (Sailor); }",
    ),
    "jobs/job.proto": proto3("acme.jobs", JOB, "google/protobuf/any.proto", "google/rpc/status.proto"),
    "jobs/jobs.proto": proto3(
        "acme.jobs",
        "message JobId { string id = 1; } service Jobs { rpc Get(JobId) returns (Job); rpc Cancel(JobId) returns (Job); }",
        "jobs/job.proto",
    ),
    "jobs/starts.proto": proto3("jobs", STARTS, "google/protobuf/descriptor.proto"),
    "acme.proto": proto3("acme", "enum Kind { VALUE = 0; }"),
    "tides/tides.proto": proto3(
        "tides", "// message Sloop {\nmessage Moon { message Tide {} } service Tides { rpc Turn(Moon) returns (Moon); }"
    ),
    "far/far.proto": proto3("far", "message Far {} service Fars { rpc Go(Far) returns (Far); }"),
}
MAPPING = """
[[operation]]
option = "jobs.starts"
fields = { metadata = "metadata", response = "response" }
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose files are related in all ways in which a page or an example shows it."""
    return write(tmp_path, {**SOURCES, "rules.toml": MAPPING})


def opened(roots: list[Path], rules: tuple[Path, ...] = ()) -> Workspace:
    """The workspace of a tree."""
    return Workspace(Settings(Common(proto_path=tuple(map(Root, roots)), rules=rules), {}))


def said(workspace: Workspace, name: str) -> list[object]:
    """What the commands say about a method."""
    reference, examples = reference_of(workspace), examples_of(workspace)
    forms = ("request", "response", "grpcurl")
    return [
        answers.page(workspace, reference, name),
        reference.warnings(),
        *(answers.example(workspace, examples, name, answers.Form(form)) for form in forms),
        examples.diagnostics(),
    ]


def differing(fresh: Callable[[], Workspace], whole: Workspace, names: list[str]) -> list[str]:
    """The methods about which something else is said if only what they need is compiled."""
    return [name for name in names if said(fresh().about(name), name) != said(whole, name)]


def test_every_method(tree: Path) -> None:
    """Pages, warnings and examples are those of the whole tree: links, types by name, resources, words in brackets."""
    whole = opened([tree], (tree / "rules.toml",))
    assert not whole.diagnostics
    assert differing(whole.again, whole, sorted(whole.schema.methods)) == []
    page = str(said(whole, "acme.boats.v1.Boats.Moor")[0])
    for shown in ("acme/crew/v1/api-ref", "Progress", "quays/{quay}", "seas/{sea}", "one, Tide or \\[Sloop\\]"):
        assert shown in page


@pytest.mark.parametrize("method", ["acme.crew.v1.Crews.Hire", "far.Fars.Go"])
def test_less_is_compiled(method: str, tree: Path) -> None:
    """What an element does not need is not compiled, even if it does not compile."""
    write(tree, {"far/bad.proto": "syntax = 'proto3'; package bad; message Bad { Gone gone = 1; }"})
    about = opened([tree]).about(method)
    own = {name for name in about.schema.files if not name.startswith("google/")}
    assert own == ({"crew/crew.proto"} if "crew" in method else {"far/far.proto"})
    assert not about.diagnostics


def test_strict(tree: Path) -> None:
    """With --strict the whole tree has to compile."""
    write(tree, {"far/bad.proto": "syntax = 'proto3'; package bad; message Bad { Gone gone = 1; }"})
    assert run("page", "far.Fars.Go", cwd=tree).code == 0
    ran = run("page", "far.Fars.Go", "--strict", cwd=tree)
    assert (ran.code, "far/bad.proto" in ran.errors) == (2, True)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("far.Fars.Gone", "did you mean far.Fars.Go"),
        ("far.Farz.Go", "did you mean far.Fars.Go"),
        ("acme.crew.v1.Crew.Hire", "did you mean acme.crew.v1.Crews.Hire"),
    ],
)
@pytest.mark.parametrize("command", ["page", "example"])
def test_unknown(command: str, name: str, hint: str, tree: Path) -> None:
    """An unknown name gets a suggestion from the whole tree."""
    ran = run(command, name, cwd=tree)
    assert ran.code == 2
    assert hint in ran.errors


def test_partly(tree: Path) -> None:
    """A file of the same package that does not compile is left out, and the rest is as in the whole tree."""
    write(tree, {"crew/bad.proto": proto3("acme.crew.v1", "message Bad { Gone gone = 1; }")})
    whole = opened([tree], (tree / "rules.toml",))
    assert whole.compilation.left_out == {"crew/bad.proto"}
    names = ["acme.crew.v1.Crews.Hire", "acme.boats.v1.Boats.Moor"]
    assert differing(whole.again, whole, names) == []
    about = whole.again().about(names[0])
    assert "far/far.proto" not in about.schema.files
    assert about.compilation.left_out == {"crew/bad.proto"}


def test_copies(tree: Path) -> None:
    """If two files declare what is asked for, the whole tree says which of them is kept."""
    write(tree, {"old/crew.proto": SOURCES["crew/crew.proto"].replace("string name", "string old_name")})
    whole = opened([tree])
    assert differing(whole.again, whole, ["acme.crew.v1.Crews.Hire"]) == []


def test_validate(tree: Path) -> None:
    """The types that a message in JSON names are known, and fields of unknown types are errors as before."""
    job = '{"id": "a", "metadata": {"@type": "type.googleapis.com/acme.crew.v1.Sailor", "name": "x"}}'
    write(tree, {"job.json": job, "bad.json": job.replace("name", "game")})
    fine = run("validate", "--message", "acme.jobs.Job", "job.json", cwd=tree)
    assert (fine.code, fine.errors) == (0, "")
    wrong = run("validate", "--message", "acme.jobs.Job", "bad.json", cwd=tree)
    assert wrong.code == 2
    assert "game" in wrong.errors


def test_words() -> None:
    """The words of a file are the names of all messages, enums, services, methods and groups in it, and nothing else."""
    text = """
    // message No {}
    message A { enum B { X = 0; } optional group C = 1 { message D {} } string rpc = 2; }
    service E { rpc F(A) returns (A); option (x) = "rpc G("; }
    """
    assert declared_in(text).words == {"A", "B", "C", "D", "E", "F"}


@pytest.mark.slow(reason="compiles a whole tree")
@pytest.mark.parametrize("catalog", [False, True])
def test_large(catalog: bool) -> None:
    """The same holds for a sample of the methods of a large tree."""
    trees = sorted(path for path in CLOUDAPI.glob("*") if path.is_dir()) if CLOUDAPI.is_dir() else []
    if not trees:
        pytest.skip(f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
    whole = opened(import_roots(trees[-1]))
    listed = CLOUDAPI.parent / "published" / "catalog.toml"
    if catalog and listed.is_file():
        common = whole.settings.common
        whole = Workspace(Settings(Common(proto_path=common.proto_path, catalog=listed), {}))
        assert read_catalog(listed).listed
    names = random.Random(20 + catalog).sample(sorted(whole.schema.methods), 12)
    assert differing(whole.again, whole, names) == []
