"""Method pages: where a message is shown, what fields say beside their facts, and code that is too long."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from tests.support.site_trees import TREE, build

SHOP = """
extend google.protobuf.FieldOptions { string length = 50000; string pattern = 50001; }
// A cup.
message Cup {
  // How the cup is called. Not its ID.
  string full_name = 1 [(length) = "1-20", (pattern) = "[a-z]+"];
  optional int32 volume = 2;
  Clay clay = 3;
}
message Clay { string color = 1; Clay mixed_with = 2; }
message CreateCupRequest { string parent = 1; Cup cup = 2; Clay other = 3; }
service Cups { rpc CreateCup(CreateCupRequest) returns (Cup); }
"""
RULES = """
[[constraint]]
option = "acme.cups.length"
kind = "length"
operand = "interval"
sentences = { "range" = "Has {low} to {high} characters.", "<=" = "At most {high}.", ">=" = "At least {low}.", "exact" = "{low}." }
[[constraint]]
option = "acme.cups.pattern"
kind = "pattern"
operand = "pattern"
sentences = { "pattern" = "Looks like {pattern}." }
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a method that creates a resource and returns it."""
    folder = tmp_path_factory.mktemp("cups")
    write(folder, {"protos/cups.proto": proto3("acme.cups", SHOP, "google/protobuf/descriptor.proto"), "r.toml": RULES})
    ran = run("generate", "site", "--proto-path", "protos", "--rules", "r.toml", "-q", cwd=folder)
    assert ran.code == 0, ran.errors
    return (folder / "site/reference/acme.cups/Cups.CreateCup.md").read_text()


def test_request_documents_resource(page: str) -> None:
    """A resource in a request is expanded there, and the response and repeated types say where they are shown."""
    request, _, response = page.partition("/// details | Proto")[0].partition("## Response: Cup")
    assert "details | Cup: 3 fields" in request
    assert "#### full_name { #acme.cups.Cup.full_name" in request
    assert "[`Cup`](../acme.cups/Cup.md), as in [cup](#acme.cups.Cup)." in response
    assert "full_name" not in response
    assert page.count("Fields: as in [other](#acme.cups.Clay).") == 2


def test_facts(page: str) -> None:
    """Constraints are phrases beside the facts, and presence is named where a field could be without it."""
    assert "`string` · 1–20 characters, matches `[a-z]+` · number 1 · JSON `fullName`" in page
    assert "`int32` · number 2 · explicit presence" in page
    assert page.count("presence") == 1
    assert "Looks like" not in page


def test_schema(page: str) -> None:
    """The schema has JSON names, types, and the first sentences of comments."""
    assert '// How the cup is called.\n    "fullName": "string",' in page


def test_long_code_is_a_file(tmp_path: Path) -> None:
    """Code that is too long for a page is in a file next to it, which the page links."""
    fields = " ".join(f"string field_with_a_long_name_{n} = {n};" for n in range(1, 400))
    body = f"message Wide {{ {fields} }} message None {{}} service S {{ rpc Do(Wide) returns (None); }}"
    write(tmp_path, {"protos/a.proto": proto3("acme.v1", body)})
    assert run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path).code == 0
    folder = tmp_path / "site/reference/acme.v1"
    page = (folder / "S.Do.md").read_text()
    assert "[S.Do.request-schema.json](S.Do.request-schema.json)" in page
    assert len(json.loads((folder / "S.Do.request-schema.json").read_text())) == 399
    assert "/// tab | grpcurl" in page
    assert run("check", "site", "--proto-path", "protos", cwd=tmp_path).code == 0


def test_what_a_full_example_leaves_out(tmp_path: Path) -> None:
    """It is said below the example; nothing is said below one that has all."""
    nested = "".join(f"message N{i} {{ string text = 1; N{i + 1} next_one = 2; }}\n" for i in range(3))
    body = f"{nested} message N3 {{ string text = 1; }} service S {{ rpc Put(N0) returns (N3); rpc Get(N3) returns (N3); }}"
    write(tmp_path, {"protos/a.proto": proto3("acme.v1", body)})
    write(tmp_path, {"toolkit.toml": 'proto_path = ["protos"]\n[site]\n[examples]\nlevels = 2\n'})
    ran = run("generate", "site", "-q", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    pages = tmp_path / "site/reference/acme.v1"
    notes = [re.findall(r"^(.*)\n{ \.note }$", (pages / f"S.{name}.md").read_text(), re.M) for name in ("Put", "Get")]
    assert notes == [["Left out for length: `nextOne.nextOne`."], []]


SECRETS = """
// Lends cups. Not said.
service Cups {
  // Lends one.
  rpc Lend(LendRequest) returns (Cup) {
    option (google.api.http) = { post: "/v1/cups" body: "secret" };
    option (google.api.method_visibility).restriction = "STAFF";
  }
  // @internal
  rpc Steal(LendRequest) returns (Cup);
}
message LendRequest {
  // Which ``` one */ of // them. Second.
  string name = 1 [deprecated = true];
  // @internal
  Cup secret = 2;
  // Said. (-- whispered --)
  Kind kind = 3;
  oneof way { string seen = 4; string unseen = 5; }
}
enum Kind {
  KIND_UNSPECIFIED = 0;
  // @internal
  KIND_GOLD = 1;
}
message Cup {
  message Handle { int32 size = 1; }
  // @internal
  message Chip { int32 depth = 1; }
  Handle handle = 1;
}
"""
METHOD = """\
// Lends cups.
service Cups {
  // Lends one.
  rpc Lend(LendRequest) returns (Cup) {
    option (google.api.http) = {
      post: "/v1/cups"
    };
  }
}

message LendRequest {
  // Which ``` one */ of // them.
  string name = 1 [deprecated = true];
  // Said.
  Kind kind = 3;
  oneof way {
    string seen = 4;
  }
}

message Cup {
  Handle handle = 1;
  message Handle {
    int32 size = 1;
  }
}
"""


def definition(page: str) -> str:
    """The definition on a page."""
    (found,) = re.findall(r"^/// details \| Proto\n.*?^(`{3,})protobuf\n(.*?)^\1\n\n///\n", page, re.M | re.S)
    return found[1]


def test_definitions(tmp_path: Path) -> None:
    """Pages have definitions with what is shown and the first sentences of comments, and nothing else."""
    imports = ("google/api/annotations.proto", "google/api/visibility.proto")
    write(tmp_path, {"protos/a.proto": proto3("acme.cups", SECRETS, *imports)})
    hide = 'hide = ["acme.cups.LendRequest.unseen"]\n'
    write(tmp_path, {"toolkit.toml": f'proto_path = ["protos"]\n[site]\n{hide}'})
    ran = run("generate", "site", "-q", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    folder = tmp_path / "site/reference/acme.cups"
    assert definition((folder / "Cups.Lend.md").read_text()) == METHOD
    assert definition((folder / "Kind.md").read_text()) == "enum Kind {\n  KIND_UNSPECIFIED = 0;\n}\n"
    assert definition((folder / "Cup.Handle.md").read_text()) == "message Handle {\n  int32 size = 1;\n}\n"


def test_definitions_say_where_others_are(tmp_path: Path) -> None:
    """Messages of other packages have the name of theirs above; what is too long is in a file."""
    fields = " ".join(f"string field_with_a_long_name_{n} = {n};" for n in range(1, 400))
    body = f"message A {{}} message Wide {{ {fields} }} service S {{ rpc Do(A) returns (google.protobuf.Empty); }}"
    write(tmp_path, {"protos/a.proto": proto3("acme.v1", body, "google/protobuf/empty.proto")})
    assert run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path).code == 0
    folder = tmp_path / "site/reference/acme.v1"
    found = definition((folder / "S.Do.md").read_text())
    assert "\n// In google.protobuf:\n\n// A generic" in found
    assert found.endswith("\nmessage Empty {}\n")
    assert "Too long for this page: [Wide.proto.txt](Wide.proto.txt)" in (folder / "Wide.md").read_text()
    assert (
        (folder / "Wide.proto.txt").read_text().startswith("message Wide {\n  string field_with_a_long_name_1 = 1;\n")
    )


@pytest.mark.slow(reason="builds a site with MkDocs")
def test_definitions_are_not_searched(tmp_path: Path) -> None:
    """They are in the HTML, closed, and not in the index of the built-in search."""
    write(tmp_path, {**TREE, "toolkit.toml": 'proto_path = ["protos"]\n[site]\nsearch = "builtin"\n'})
    assert run("generate", "site", "-q", cwd=tmp_path).code == 0
    build(tmp_path)
    (index,) = tmp_path.rglob("search_index.json")
    page = index.parent.parent / "reference/acme.library.v1/Library.Get/index.html"
    assert page.read_text().count('<details class="proto"') == 1
    assert "GetRequest" in index.read_text()
    assert "service Library" not in index.read_text()
