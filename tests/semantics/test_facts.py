"""Facts: what options and shapes mean, asked in one place."""

from __future__ import annotations

from pathlib import Path

from tests.support.protos_of import proto3, schema_of
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import read_mappings

BOOKS = proto3(
    "acme.v1",
    """
message Book {
  string name = 1 [(google.api.field_behavior) = IDENTIFIER];
  string title = 2 [(google.api.field_behavior) = REQUIRED, (google.api.field_behavior) = IMMUTABLE];
  string etag = 3;
}
message ListBooksRequest { string page_token = 1; }
message ListBooksResponse { repeated string notes = 1; repeated Book books = 2; string next_page_token = 3; }
service Library {
  option (google.api.default_host) = "books.example.com";
  option (google.api.oauth_scopes) = "https://a.example/one, https://a.example/two";
  rpc List(ListBooksRequest) returns (ListBooksResponse);
  rpc Watch(ListBooksRequest) returns (stream ListBooksResponse);
  rpc Get(Book) returns (Book);
}
service Bare { rpc Get(Book) returns (Book); }
""",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
)


def facts(folder: Path) -> Facts:
    """The facts of the tree."""
    return Facts(schema_of(folder, {"a.proto": BOOKS}))


def test_fields(tmp_path: Path) -> None:
    """A field behaves as its options say, and is required where they say so."""
    found = facts(tmp_path)
    name, title, etag = found.schema.message("acme.v1.Book").fields
    assert [found.behavior(field) for field in (name, title, etag)] == [
        {"IDENTIFIER"},
        {"REQUIRED", "IMMUTABLE"},
        frozenset(),
    ]
    assert [found.required(field) for field in (name, title, etag)] == [False, True, False]


def test_services(tmp_path: Path) -> None:
    """Host and scopes of a service are those of its options; a service without them has none."""
    found = facts(tmp_path)
    library, bare = found.schema.service("acme.v1.Library"), found.schema.service("acme.v1.Bare")
    assert found.host(library) == "books.example.com"
    assert found.scopes(library) == ("https://a.example/one", "https://a.example/two")
    assert (found.host(bare), found.scopes(bare)) == ("", ())


def test_pagination(tmp_path: Path) -> None:
    """A method with page tokens has pages of the messages that it lists; a stream, and others, have none."""
    found = facts(tmp_path)
    methods = found.schema.methods
    pagination = found.pagination(methods["acme.v1.Library.List"])
    assert pagination is not None
    assert pagination.items.name == "books"
    assert found.pagination(methods["acme.v1.Library.Watch"]) is None
    assert found.pagination(methods["acme.v1.Library.Get"]) is None


def test_uses(tmp_path: Path) -> None:
    """A type is used by each method whose call brings it, and belongs to their services."""
    found = facts(tmp_path)
    assert {m.full_name for m in found.uses["acme.v1.Book"]} == {
        "acme.v1.Library.List",
        "acme.v1.Library.Watch",
        "acme.v1.Library.Get",
        "acme.v1.Bare.Get",
    }
    assert found.services_using("acme.v1.Book.title") == {"acme.v1.Library", "acme.v1.Bare"}
    assert found.services_using("acme.v1.Library.Get") == {"acme.v1.Library"}
    assert found.services_using("acme.v2") == set()


def test_mapping_of_an_own_option(tmp_path: Path) -> None:
    """An option of one's own is mapped to a fact by a rule file."""
    options = proto3(
        "acme.v1",
        'extend google.protobuf.FieldOptions { string mode = 50001; }\nmessage M { string s = 1 [(mode) = "INPUT_ONLY"]; }',
        "google/protobuf/descriptor.proto",
    )
    schema = schema_of(tmp_path / "protos", {"a.proto": options})
    (tmp_path / "rules.toml").write_text('[[fact]]\nfact = "behavior"\noption = "acme.v1.mode"\n')
    found = Facts(schema, read_mappings([tmp_path / "rules.toml"]))
    assert found.behavior(schema.message("acme.v1.M").fields[0]) == {"INPUT_ONLY"}
