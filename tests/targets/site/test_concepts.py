"""Pages about what methods have in common, how a method is called over HTTP, and where and since when it is declared."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write

IMPORTS = ("google/api/annotations.proto", "google/api/client.proto", "google/protobuf/field_mask.proto")
SERVICE = """
service Books {
  option (google.api.oauth_scopes) = "https://acme.example/books";
  option (google.api.default_host) = "books.acme.example";
  rpc List(ListRequest) returns (ListResponse) { option (google.api.http) = { get: "/v1/{parent=shelves/*}/books" }; }
  rpc Update(UpdateRequest) returns (Book) {
    option (google.api.http) = { patch: "/v1/{book.name=books/*}" body: "book" additional_bindings { post: "/v1/any" body: "*" } };
  }
  rpc Read(Book) returns (Book);
}
message Book { string name = 1; }
message ListRequest { string parent = 1; int32 page_size = 2; string page_token = 3; map<string, string> labels = 4; }
message ListResponse { repeated Book books = 1; string next_page_token = 2; }
message UpdateRequest { Book book = 1; google.protobuf.FieldMask update_mask = 2; }
"""
PLAIN = "message A {} service S { rpc Do(A) returns (A); }"
CATALOG = """
source_url = "https://code.acme.example/blob/v1/protos"
[[package]]
name = "acme.v1"
title = "Acme"
docs_path = "acme"
"""


def site(folder: Path, body: str, *, settings: str = "", imports: tuple[str, ...] = IMPORTS) -> Path:
    """The reference of a tree with this file."""
    toml = f'proto_path = ["protos"]\ncatalog = "catalog.toml"\n[site]\n{settings}'
    write(
        folder,
        {"protos/acme/a b.proto": proto3("acme.v1", body, *imports), "catalog.toml": CATALOG, "toolkit.toml": toml},
    )
    ran = run("generate", "site", "-q", cwd=folder)
    assert ran.code == 0, ran.errors
    return folder / "site/reference"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference of the books."""
    return site(tmp_path_factory.mktemp("books"), SERVICE)


def links(page: Path) -> list[str]:
    """The pages that the page of a method leads to first."""
    (line,) = re.findall(r"^See also: (.*)$", page.read_text(), re.M)
    return re.findall(r"\.\./concepts/([\w-]+)\.md", line)


def test_each_method_has_its_own(books: Path) -> None:
    """A method leads to the pages about what it does, and to no other."""
    assert links(books / "acme.v1/Books.List.md") == ["authentication", "errors", "pagination", "retries"]
    assert links(books / "acme.v1/Books.Update.md") == ["authentication", "errors", "field-masks"]
    assert links(books / "acme.v1/Books.Read.md") == ["authentication", "errors"]


def test_pages(books: Path) -> None:
    """Only pages that a method needs are there; they name the methods."""
    names = sorted(path.stem for path in (books / "concepts").iterdir())
    assert names == ["authentication", "errors", "field-masks", "pagination", "retries"]
    assert "- [Books.List](../acme.v1/Books.List.md)" in (books / "concepts/pagination.md").read_text()
    authentication = (books / "concepts/authentication.md").read_text()
    assert "| `Authorization` | `Bearer $TOKEN` |" in authentication
    assert "| [Books](../acme.v1/Books.md) | `https://acme.example/books` |" in authentication


def test_headers_of_settings(tmp_path: Path) -> None:
    """The headers that the settings have are on the page, as code."""
    settings = '[examples]\nheaders = { "X-Key" = "$KEY|`x`" }\n'
    found = site(tmp_path, PLAIN, settings=settings, imports=())
    assert r"| `X-Key` |" in (found / "concepts/authentication.md").read_text()
    assert links(found / "acme.v1/S.Do.md") == ["authentication", "errors"]


def test_without_needs(tmp_path: Path) -> None:
    """A method without any needs leads to errors only; a tree without methods has no such pages."""
    assert links(site(tmp_path / "a", PLAIN, imports=()) / "acme.v1/S.Do.md") == ["errors"]
    assert not (site(tmp_path / "b", "message A {}", imports=()) / "concepts").exists()


def test_package_of_that_name(tmp_path: Path) -> None:
    """A package called like their folder has a folder of another name."""
    write(tmp_path, {"protos/c.proto": proto3("concepts", PLAIN)})
    found = site(tmp_path, PLAIN, imports=())
    assert (found / "concepts/errors.md").exists()
    assert (found / "concepts_/S.Do.md").exists()


def test_rest(books: Path) -> None:
    """A method page has the URL of each binding, and the place of each field."""
    listed = (books / "acme.v1/Books.List.md").read_text()
    assert "**GET**{ .badge .http } `https://books.acme.example/v1/{parent=shelves/*}/books`" in listed
    assert (
        "| `parent` | path | `string` |\n| `pageSize` | query | `int32` |\n| `pageToken` | query | `string` |\n"
        in listed
    )
    assert "Over HTTP, `labels` cannot be sent." in listed
    updated = (books / "acme.v1/Books.Update.md").read_text()
    assert "| `book.name` | path | `string` |\n| `updateMask` | query |" in updated
    assert "`https://books.acme.example/v1/any`" in updated
    assert "## REST" not in (books / "acme.v1/Books.Read.md").read_text()


ERRORS = """
// Why a book can't be lent.
enum ErrorReason {
  ERROR_REASON_UNSPECIFIED = 0;
  // It is lent already. Wait for it.
  ALREADY_LENT = 1;
  // <b>Gone|lost</b>.
  GONE = 2 [deprecated = true];
  // @internal
  ON_FIRE = 3;
}
// @internal
enum SecretErrorReason { SECRET_A = 0; }
message Disk { enum ErrorCode { CRASHED = 0; } ErrorCode error = 1; }
message A {}
service S { rpc Do(A) returns (A); }
"""


def test_errors_of_the_tree(tmp_path: Path) -> None:
    """The page about errors has the reasons that the protos declare, without hidden ones; states are none."""
    text = (site(tmp_path, ERRORS, imports=()) / "concepts/errors.md").read_text()
    table = text.partition("### [ErrorReason](../acme.v1/ErrorReason.md)\n")[2].partition("\n## ")[0]
    assert "[acme.v1](../acme.v1/index.md): Why a book can't be lent." in table
    address = "../acme.v1/ErrorReason.md#acme.v1."
    assert f"| [ALREADY_LENT]({address}ALREADY_LENT) | 1 | It is lent already. |" in table.replace("\\_", "_")
    assert r"| 2 | **deprecated**{ .deprecated } &lt;b>Gone\|lost&lt;/b>. |" in table
    assert not [word for word in ("UNSPECIFIED", "FIRE", "SECRET", "CRASHED", "Secret") if word in text]


def test_many_errors_are_links(tmp_path: Path) -> None:
    """Where the tree declares hundreds, the page has links with counts."""
    body = "".join(
        f"message E{n}ErrorEnum {{ enum E{n}Error {{ UNSPECIFIED = 0; A{n} = 1; B{n} = 2; }} }}\n" for n in range(90)
    )
    text = (site(tmp_path, f"{body}{PLAIN}", imports=()) / "concepts/errors.md").read_text()
    link = "[E7ErrorEnum.E7Error](../acme.v1/E7ErrorEnum.E7Error.md)"
    assert f"- {link} of [acme.v1](../acme.v1/index.md), 2 errors\n" in text
    assert "| Reason |" not in text


def test_none_declared(books: Path) -> None:
    """Without such enums, the page only has the codes."""
    assert "## Errors of this API" not in (books / "concepts/errors.md").read_text()


STATUSES = """
option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = {
  responses: { key: "404" value: { description: "Not here." } }
  responses: { key: "default" value: { description: "Any other." schema: { json_schema: { ref: ".acme.v1.Problem" } } } }
};
message A {}
message Problem { string what = 1; }
// @internal
message Hidden {}
service S {
  rpc Do(A) returns (A) {
    option (google.api.http) = { get: "/v1" };
    option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = {
      responses: { key: "409" value: { description: "In use|<i>now</i>.\\nTry later." schema: { json_schema: { ref: ".acme.v1.Hidden" } } } }
      responses: { key: "404" value: { description: "No such book." } }
      responses: { key: "odd" value: { description: "No status." } }
    };
  }
}
"""


def test_declared_statuses(tmp_path: Path) -> None:
    """The statuses that options declare are below the request over HTTP; hidden messages are not named."""
    imports = ("google/api/annotations.proto", "protoc-gen-openapiv2/options/annotations.proto")
    text = (site(tmp_path, STATUSES, imports=imports) / "acme.v1/S.Do.md").read_text()
    rows = text.partition("| Status | Meaning |\n|---|---|\n")[2].partition("\n\n")[0].split("\n")
    assert rows[0] == "| `404` | No such book. |"
    assert rows[1] == r"| `409` | In use\|&lt;i>now&lt;/i>. Try later. |"
    assert rows[2] == "| `default` | Any other. Body: [Problem](../acme.v1/Problem.md) |"
    assert len(rows) == 3
    assert "Hidden" not in text


def test_source(books: Path) -> None:
    """Pages lead to the line of the declaration."""
    text = (books / "acme.v1/Books.Read.md").read_text()
    address = "https://code.acme.example/blob/v1/protos/acme/a%20b.proto"
    assert re.search(rf"Declared in \[`acme/a b\.proto:(\d+)`\]\({re.escape(address)}#L\1\)", text)
    assert address in (books / "acme.v1/Book.md").read_text()
    assert f"- [`acme/a b.proto`]({address})\n" in (books / "acme.v1/index.md").read_text()


HISTORY = """
proto_path = ["v2"]
[site]
[changelog]
out = "site/changes"
[changelog.revisions]
one = "v1"
two = "v2"
three = "v3"
"""


def test_history(tmp_path: Path) -> None:
    """Elements say which revision added or changed them; revisions after the documented one are unknown."""
    first = "message A { string a = 1; string b = 2; } service S { rpc Do(A) returns (A); }"
    second = (
        first.replace("string b", "int32 b")
        .replace("2; }", "2; string c = 3; }")
        .replace("service S {", "service S { rpc More(A) returns (A);")
    )
    third = second.replace("string a", "int64 a")
    trees = {f"v{n}/a.proto": proto3("acme", text) for n, text in enumerate((first, second, third), 1)}
    write(tmp_path, {"toolkit.toml": HISTORY, **trees})
    ran = run("generate", "-q", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    history = json.loads((tmp_path / "site/changes/history.json").read_text())
    assert history == {"since": {"acme.A.c": "two", "acme.S.More": "two"}, "changed": {"acme.A.b": ["two"]}}
    message = (tmp_path / "site/reference/acme/A.md").read_text()
    assert re.findall(r"number (\d)(.*)", message) == [("1", ""), ("2", " · changed in two"), ("3", " · since two")]
    assert "· since [two](../../changes/two.md)" in (tmp_path / "site/reference/acme/S.More.md").read_text()
    assert "Declared in `a.proto:3`\n" in (tmp_path / "site/reference/acme/S.Do.md").read_text()
    assert run("check", cwd=tmp_path).code == 0


def test_history_is_an_input(tmp_path: Path) -> None:
    """A site is out of date if an old revision is another; revisions that do not compare are a warning."""
    trees = {f"v{n}/a.proto": proto3("acme", f"message A {{ string a = {n}; }}") for n in (1, 2, 3)}
    write(tmp_path, {"toolkit.toml": HISTORY, **trees})
    assert run("generate", "-q", cwd=tmp_path).code == 0
    assert run("check", "site", cwd=tmp_path).code == 0
    write(tmp_path, {"v1/a.proto": proto3("acme", "")})
    assert run("check", "site", cwd=tmp_path).code == 1
    (tmp_path / "toolkit.toml").write_text(HISTORY.replace('one = "v1"', 'one = "gone"'))
    ran = run("generate", "site", cwd=tmp_path)
    assert ran.code == 0
    assert "pages do not say since when there is an element: 'gone' is not a file, folder or revision" in ran.errors


def test_history_in_git(tmp_path: Path) -> None:
    """Revisions may be tags; a tag that moves makes the site out of date."""

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@acme.example")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    first = proto3("acme", "message A { string a = 1; }")
    write(tmp_path, {"toolkit.toml": 'proto_path = ["protos"]\n[site]\n[changelog]\ntags = "v*"\n'})
    write(tmp_path, {"protos/a.proto": first})
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    git("tag", "v1")
    write(tmp_path, {"protos/a.proto": first.replace("1; }", "1; string b = 2; }")})
    git("commit", "-qam", "two")
    git("tag", "v2")
    assert run("generate", "site", "-q", cwd=tmp_path).code == 0
    page = tmp_path / "site/reference/acme/A.md"
    assert "number 2 · since v2" in page.read_text()
    git("tag", "-f", "v1", "v2")
    assert run("generate", "site", "-q", cwd=tmp_path).code == 0
    assert "since" not in page.read_text()
