"""Comments on the pages of the style `plain`, and how little of that concerns published styles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import write

SOURCE = """syntax = "proto2";
package acme.doors.v1;

/// Opens doors, see [acme.doors.v1].
service Doors {
  /** Opens the [door][acme.doors.v1.Door] of the [service][acme.doors.v1.Doors], see [acme.gone.Door][].
   *  Afterwards it is [open][acme.doors.v1.Door.State.OPEN].
   *  +k8s:hidden */
  rpc Open(Door) returns (Door);
}

// A door in one [Optional] state; see [the guide]
// (https://acme.example/doors).
message Door {
  required string name = 1; // Required. Name of the [way].
  optional State state = 2; ///< Mostly [OPEN].
  // Hinges of the door.
  repeated group Hinge = 3 { optional int32 size = 1; }
  oneof way { string room = 4; string street = 5; }
  enum State {
    SHUT = 1;
    OPEN = 2; /*!< Anyone may enter. */
  }
}
"""
PAGE = ("page", "acme.doors.v1.Doors.Open", "--proto-path", ".")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with comments of every kind."""
    return write(tmp_path, {"acme/doors.proto": SOURCE})


def test_plain(tree: Path) -> None:
    """Marks, tools and doubled words are gone; references are links or text; comments beside elements are shown."""
    ran = run(*PAGE, cwd=tree)
    page = ran.output.decode()
    assert "Opens the [door](#acme.doors.v1.Door) of the [service](/docs/acme/doors/v1/api-ref/grpc/Doors/)" in page
    assert "see acme.gone.Door.\\nAfterwards it is [open](#acme.doors.v1.Door)." in page.replace("\n", "\\n")
    assert "k8s" not in page
    assert "A door in one \\[Optional\\] state; see [the guide](https://acme.example/doors)." in page
    assert "Required field. Name of the `way`. ||" in page
    assert "Mostly [OPEN](#acme.doors.v1.Door)." in page
    assert "- `OPEN`: Anyone may enter." in page
    assert page.count("Hinges of the door.") == 4  # on either side, at the field and at its message
    assert ran.errors == (
        "warning: acme/doors.proto:6: unresolved reference [acme.gone.Door] (fix the name, or write it as `code`)\n"
    )


def test_published(tree: Path) -> None:
    """A published style has what is above an element only, and passes on what is not a mark."""
    page = run(*PAGE, "--style", "current", cwd=tree).output.decode()
    assert "Opens the [door][acme.doors.v1.Door](#acme.doors.v1.Door) of the [service][acme.doors.v1.Doors]" in page
    assert "+k8s:hidden" in page
    assert "[the guide]\n(https://acme.example/doors)" in page
    assert "Name of the" not in page
    assert page.count("Hinges of the door.") == 2
    beside = run(*PAGE, "--style", "current,trailing_comments=true", cwd=tree).output.decode()
    way = "[way](/docs/acme/doors/v1/api-ref/grpc/Doors/open#acme.doors.v1.Door.way)"
    assert f"Required field. Required. Name of the {way}." in beside


def test_settings(tree: Path) -> None:
    """The table [comments] says which markup comments have and what to leave out."""
    (tree / "toolkit.toml").write_text('[comments]\nmarkup = "rst"\ndrop = ["Afterwards*"]\ndrop_tools = false\n')
    page = run(*PAGE, cwd=tree).output.decode()
    assert "Afterwards" not in page
    assert "+k8s:hidden" in page
    write(tree, {"acme/doors.proto": SOURCE.replace("/// Opens", "/// .. note:: :ref:`It <x>` opens")})
    index = run("page", "acme.doors.v1.Doors", "--proto-path", ".", cwd=tree).output.decode()
    assert "> **Note:** It opens doors, see [acme.doors.v1](/docs/acme/doors/v1/api-ref/grpc/)." in index


def test_site(tree: Path) -> None:
    """On the site, references lead to services, values and oneofs; descriptions have the words alone."""
    ran = run("generate", "site", "--proto-path", ".", "-q", cwd=tree)
    assert ran.code == 0
    pages = tree / "site/reference/acme.doors.v1"
    method, door = (pages / "Doors.Open.md").read_text(), (pages / "Door.md").read_text()
    assert "[service](../acme.doors.v1/Doors.md), see acme.gone.Door." in method
    assert "[open](../acme.doors.v1/Door.State.md#acme.doors.v1.Door.OPEN)" in method
    assert 'description: "Opens the door of the service, see acme.gone.Door."' in method
    assert "Name of the [way](../acme.doors.v1/Door.md#acme.doors.v1.Door.way)." in door
    assert "Required. Name" not in door
    service = (pages / "Doors.md").read_text()
    assert "see [acme.doors.v1](../acme.doors.v1/index.md)." in service


def test_bindings(tree: Path) -> None:
    """Docstrings have the words of references, and no marks."""
    assert run("generate", "python", "--proto-path", ".", "--out", "made", "-q", cwd=tree).code == 0
    module = (tree / "made/bindings/acme/doors/v1/__init__.py").read_text()
    assert '"""Opens the door of the service, see acme.gone.Door.\n' in module
    assert '"""Name of the [way].\n\n    Required.' in module
    assert "+k8s" not in module
