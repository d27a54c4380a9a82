"""A small API with everything that a docs site shows, and the programs that build it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.client_trees import GOOGLE
from tests.support.protos_of import proto3

LIBRARY = proto3(
    "acme.library.v1",
    """
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/longrunning/operations.proto";
// Lends books.
//
// Second paragraph.
service Library {
  // Finds a [Book]; see [Book.title] and [Nowhere.name].
  rpc Get(GetRequest) returns (Book) { option (google.api.http) = { get: "/v1/{name=books/*}" }; }
  // Reads aloud.
  rpc Read(Book) returns (stream Page);
  rpc Chat(stream Page) returns (stream Page) { option deprecated = true; }
  rpc Same(Book) returns (Book);
  // Prints a book.
  rpc Print(Book) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = { response_type: "Book" metadata_type: "Page" };
  }
}
// Which book.
message GetRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
// A book.
message Book {
  // Its title.
  string title = 1;
  optional int32 year = 2;
  map<string, Page> pages = 3;
  repeated Book sequels = 4;
  Genre genre = 5;
  // Where it is.
  oneof place { Shelf shelf = 6; string lent_to = 7; }
  string old_name = 8 [deprecated = true];
  // How it is bound.
  enum Genre {
    GENRE_UNSPECIFIED = 0;
    // Made up.
    FICTION = 1;
    FACT = 2 [deprecated = true];
  }
  reserved 9, 11 to 13;
  reserved "isbn";
}
message Page { string text = 1; Book.Genre genre = 2; }
message Shelf { int32 number = 1; Room room = 2; }
message Room { string name = 1; }
""",
)
TREE = {"protos/library.proto": LIBRARY, "protos/google/longrunning/operations.proto": GOOGLE}
PAGES = "site/reference/acme.library.v1"


def text(folder: Path, page: str) -> str:
    """The Markdown of a page of the library."""
    return (folder / PAGES / f"{page}.md").read_text()


def build(folder: Path, program: str = "mkdocs") -> str:
    """Build a site strictly; what was said."""
    command = [sys.executable, "-m", program, "build", "--strict"]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env, timeout=300)
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    return said


def html(folder: Path, page: str) -> str:
    """The HTML of a page of the library that was built."""
    return (folder / "build" / PAGES / page / "index.html").read_text()
