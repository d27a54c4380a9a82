"""Of a tree that was kept only what changed is compiled, and what that can affect; the result is that of all of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from toolkit.descriptors import compile as compiling
from toolkit.descriptors import protoc
from toolkit.descriptors.compile import start_compiling
from toolkit.descriptors.kept import KeptTree, kept_tree, read_kept, write_kept
from toolkit.descriptors.loader import read_tree
from toolkit.descriptors.roots import Root, Tree

OPTION = "extend google.protobuf.FieldOptions { Hint hint = 50500; }\nmessage Hint { string text = 1; }"
FILES = {
    "farm/barn.proto": proto3("farm", "// Where animals sleep.\nmessage Barn { string name = 1; }"),
    "farm/cow.proto": proto3("farm", "message Cow { Barn barn = 1; }", "farm/barn.proto"),
    "farm/herd.proto": proto3("farm", "message Herd { repeated Cow cows = 1; }", "farm/cow.proto"),
    "mill/mill.proto": proto3(
        "mill", "message Mill { string id = 1 [(notes.hint) = { text: 'x' }]; }", "notes/o.proto"
    ),
    "notes/o.proto": proto3("notes", OPTION, "google/protobuf/descriptor.proto"),
    "pond/pond.proto": 'syntax = "proto3";\npackage pond;\nimport public "farm/barn.proto";\n',
    "pond/duck.proto": proto3("pond", "message Duck { farm.Barn barn = 1; }", "pond/pond.proto"),
}
BARN, COW, HERD, DUCK = "farm/barn.proto", "farm/cow.proto", "farm/herd.proto", "pond/duck.proto"


@pytest.fixture(params=[200, 2], ids=["at once", "in shards"])
def tree(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A tree with a second root, of which files are only imported."""
    monkeypatch.setattr(compiling, "_SHARD_FROM", request.param)
    write(tmp_path / "more", {"well/well.proto": proto3("well", "message Well { string id = 1; }")})
    return Tree((Root(write(tmp_path / "own", FILES)),), (Root(tmp_path / "more"),))


def _kept(tree: Tree, folder: Path) -> KeptTree:
    compilation = read_tree(start_compiling(tree))[1]
    assert not compilation.diagnostics
    assert compilation.requested is not None
    write_kept(folder / "kept", kept_tree(compilation.descriptor_set, compilation.requested, compilation.roots))
    kept = read_kept(folder / "kept")
    assert kept is not None
    return kept


def _edit(folder: Path, changes: Mapping[str, str | None]) -> None:
    for name, text in changes.items():
        if text is None:
            (folder / name).unlink()
        else:
            write(folder, {name: text})


def _compare(tree: Tree, kept: KeptTree) -> None:
    """What is compiled of a kept tree is what is compiled of all of it."""
    whole, everything = read_tree(start_compiling(tree))
    schema, compilation = read_tree(start_compiling(tree, kept=kept))
    assert compilation.diagnostics == everything.diagnostics
    assert compilation.requested == everything.requested
    assert dict(schema.messages) == dict(whole.messages)
    assert (schema.files, dict(schema.enums)) == (whole.files, dict(whole.enums))
    assert everything.requested is not None
    fresh = kept_tree(everything.descriptor_set, everything.requested, everything.roots)
    again = kept_tree(compilation.descriptor_set, everything.requested, everything.roots)
    assert again == fresh
    assert [*again.files] == [*fresh.files], "protoc's order"
    assert compilation.kept in (None, fresh)


@pytest.mark.parametrize(
    ("changes", "compiled"),
    [
        ({}, []),
        ({BARN: FILES[BARN].replace("sleep", "eat")}, [[BARN]]),
        ({COW: FILES[COW].replace("}", " int32 age = 2; }")}, [[COW], [HERD]]),
        ({BARN: FILES[BARN].replace("}", " int32 age = 2; }")}, [[BARN], [COW, HERD, DUCK, "pond/pond.proto"]]),
        ({"notes/o.proto": FILES["notes/o.proto"].replace("50500", "50501")}, [["notes/o.proto"], ["mill/mill.proto"]]),
        ({"farm/new.proto": proto3("farm", "message New { Herd herd = 1; }", HERD)}, [["farm/new.proto"]]),
        ({HERD: None}, []),
        ({DUCK: FILES[DUCK].replace("pond/pond", "farm/barn")}, [[DUCK]]),
        ({DUCK: proto3("pond", "message Duck { well.Well w = 1; }", "well/well.proto")}, [[DUCK]]),
        ({COW: FILES[COW].replace("Barn barn = 1; ", ""), HERD: "// New.\n" + FILES[HERD]}, [[COW, HERD]]),
    ],
    ids=["nothing", "comment", "field", "field below", "option", "added", "gone", "import", "new import", "two"],
)
def test_changes(
    changes: Mapping[str, str | None],
    compiled: Sequence[Sequence[str]],
    tree: Tree,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the changed files are compiled, and what imports one that declares something else now."""
    kept = _kept(tree, tmp_path)
    _edit(tree.roots[0].folder, changes)
    started: list[Sequence[str]] = []
    start = protoc.start

    def watched(roots: Sequence[Root], names: Sequence[str], *more: int) -> object:
        started.append(sorted(names))
        return start(roots, names, *more)

    with monkeypatch.context() as patch:
        patch.setattr(protoc, "start", watched)
        read_tree(start_compiling(tree, kept=kept))
    assert started == compiled
    _compare(tree, kept)


@pytest.mark.parametrize(
    "changes",
    [
        {BARN: None},
        {BARN: FILES[BARN].replace("message Barn", "message Shed")},
        {BARN: FILES[BARN].replace("}", "")},
        {COW: FILES[COW].replace('import "farm/barn.proto";', "")},
        {COW: FILES[COW].replace("farm/barn", "farm/nowhere")},
        {"pond/pond.proto": FILES["pond/pond.proto"].replace("public ", "")},
        {"notes/o.proto": FILES["notes/o.proto"].replace("text", "words")},
        {"moor/moor.proto": proto3("farm", "message Cow {}")},
        {"moor/moor.proto": proto3("moor", "enum Kind { BOG = 0; }"), "moor/more.proto": proto3("moor.BOG", "")},
        {"moor/moor.proto": proto3("farm", "enum Kind { Cow = 0; }")},
        {"moor/moor.proto": proto3("farm.Cow", "message Calf {}")},
        {"copy/farm/cow.proto": FILES[COW]},
        {"google/protobuf/descriptor.proto": proto3("google.protobuf", "message FieldOptions {}")},
    ],
)
def test_what_does_not_compile(changes: Mapping[str, str | None], tree: Tree, tmp_path: Path) -> None:
    """The same is left out, for the same reasons, also where a file that did not change no longer fits."""
    kept = _kept(tree, tmp_path)
    _edit(tree.roots[0].folder, changes)
    _compare(tree, kept)
    assert read_tree(start_compiling(tree))[1].diagnostics


def test_file_that_hides_another(tree: Tree, tmp_path: Path) -> None:
    """A file of the tree takes the place of one that was only imported until then."""
    _edit(tree.roots[0].folder, {DUCK: proto3("pond", "message Duck { well.Well w = 1; }", "well/well.proto")})
    kept = _kept(tree, tmp_path)
    _edit(tree.roots[0].folder, {"well/well.proto": proto3("well", "message Well { int64 deep = 2; }")})
    _compare(tree, kept)
    assert [field.name for field in read_tree(start_compiling(tree, kept=kept))[0].message("well.Well").fields] == [
        "deep"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipe(tree: Tree, tmp_path: Path) -> None:
    """A pipe that a changed file imports is not waited for."""
    kept = _kept(tree, tmp_path)
    os.mkfifo(tmp_path / "more/pipe.proto")
    _edit(tree.roots[0].folder, {COW: FILES[COW].replace("farm/barn", "pipe")})
    schema, compilation = read_tree(start_compiling(tree, kept=kept))
    assert compilation.diagnostics == read_tree(start_compiling(tree))[1].diagnostics
    assert "farm.Barn" in schema.messages


def test_other_roots(tree: Tree, tmp_path: Path) -> None:
    """A tree that is searched in other folders now is compiled whole."""
    kept = _kept(tree, tmp_path)
    assert start_compiling(Tree(tree.roots), kept=kept).before is None
