"""The landing page that a new site starts with: what there is, a first call, and what changed last."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write

IMPORTS = ("google/api/annotations.proto", "google/api/field_behavior.proto")
BODY = """
// Keeps [books][Book]. Two <b>sentences</b>.
service Books {
  rpc Write(Book) returns (Book) { option (google.api.http) = { post: "/v1/books" body: "*" }; }
  rpc Watch(Book) returns (stream Book);
  rpc Old(Empty) returns (Book) { option deprecated = true; option (google.api.http) = { get: "/v1/old" }; }
  // Reads a book.
  rpc Read(ReadRequest) returns (Book) { option (google.api.http) = { get: "/v1/{name=books/*}" }; }
}
enum Color { COLOR_UNSPECIFIED = 0; }
message Book { string title = 1; Color color = 2; }
message ReadRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
message Empty {}
"""
OLD = BODY.replace("  rpc Watch(Book) returns (stream Book);\n", "").replace(
    "message Empty {}", "message Empty {} message Gone {}"
)
TOML = 'proto_path = ["protos"]\n[site]\n'
CHANGELOG = '[changelog]\nout = "site/changes"\n[changelog.revisions]\n"v 1" = "old"\n"v 2" = "protos"\n'


def landing(folder: Path, body: str = BODY, toml: str = TOML) -> str:
    """The page of a tree."""
    write(folder, {"protos/acme/books.proto": proto3("acme.v1", body, *IMPORTS), "toolkit.toml": toml})
    ran = run("generate", "site", "-q", cwd=folder)
    assert ran.code == 0, ran.errors
    return (folder / "site/index.md").read_text("utf-8")


def test_what_there_is(tmp_path: Path) -> None:
    """The title of the only package, counts, and the services with the first sentence of their comments."""
    text = landing(tmp_path)
    assert "\n# acme.v1\n\n1 service, 4 methods, 3 messages, 1 enum.\n" in text
    assert "| [Books](reference/acme.v1/Books.md) | Keeps [books](reference/acme.v1/Book.md). |" in text
    addresses = re.findall(r"\]\(([^)]+)\)", text)
    assert addresses
    assert [one for one in addresses if not (tmp_path / "site" / one).is_file()] == []


def test_the_first_call(tmp_path: Path) -> None:
    """It needs least: no stream, not deprecated, without effect; and its code is that of its page."""
    text = landing(tmp_path)
    part = text.partition("## The first call")[2]
    assert part.startswith("\n\n[Books.Read](reference/acme.v1/Books.Read.md): Reads a book.\n")
    labels = re.findall(r"^/// tab \| (.*)$", part, re.M)
    page = (tmp_path / "site/reference/acme.v1/Books.Read.md").read_text("utf-8")
    assert {"grpcurl", "curl", "Python"} <= {*labels}
    codes = re.findall(r"^```\w+\n.*?^```$", part, re.M | re.S)
    assert len(codes) == len(labels)
    assert all(code in page for code in codes)


def test_what_changed_last(tmp_path: Path) -> None:
    """The latest revision, with what it added and a link to its page of the changelog."""
    write(tmp_path, {"old/acme/books.proto": proto3("acme.v1", OLD, *IMPORTS)})
    text = landing(tmp_path, toml=TOML + CHANGELOG)
    latest = text.partition("## What changed last\n\n")[2]
    assert latest == "[v 2](changes/v-2.md): [Books.Watch](reference/acme.v1/Books.Watch.md) added.\n"


@pytest.mark.parametrize("body", ["message A {}", "service S {}"])
def test_little(tmp_path: Path, body: str) -> None:
    """Without methods there is no first call, and without a changelog nothing changed."""
    text = landing(tmp_path, body)
    assert "## The first call" not in text
    assert "## What changed last" not in text
    assert ("## Services" in text) == body.startswith("service")


def test_many_services(tmp_path: Path) -> None:
    """The list of a large API has packages; one without a comment has its services."""
    text = landing(tmp_path, BODY + "".join(f"service S{number} {{}}\n" for number in range(30)))
    assert "## Packages" in text
    assert "| [acme.v1](reference/acme.v1/index.md) | [Books](reference/acme.v1/Books.md), [S0](" in text
