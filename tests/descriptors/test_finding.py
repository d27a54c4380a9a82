"""What an index finds in a descriptor set is what reading all of it finds."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.support.protos_of import write
from toolkit.descriptors import finding
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.deferred import DeferredFiles
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.descriptors.options import SetParser

HEAD = 'syntax = "proto2"; package zoo;'
TREE = {
    "zoo/cat.proto": """
        message Cat {
          option deprecated = true;
          optional string id = 1;
          map<string, Toy> toys = 2;
          message Toy { optional Mood mood = 1; extensions 100 to 200; }
          enum Mood { MOOD_UNSPECIFIED = 0; }  // @internal
          oneof home { Box box = 3; }
        }
        message Box { optional Cat.Toy toy = 1; optional bool done = 2; }
        """,
    "zoo/more.proto": """
        import "zoo/cat.proto";
        message Dog { repeated zoo.Cat friends = 1; option (strict) = true; }
        import "google/protobuf/descriptor.proto";
        extend google.protobuf.MessageOptions { optional bool strict = 50001; optional zoo.Box boxed = 50002; }
        service Dogs { rpc Get(Dog) returns (Cat); }
        """,
}


def both(root: Path) -> tuple[Schema, Schema]:
    """The schema of a tree, read and with an index."""
    compilation = compile_tree([root])
    files = SetParser().parse(compilation.descriptor_set)
    protos = {file.name: file for file in sorted(files, key=lambda file: file.name)}
    found = DeferredFiles(protos, protos, compilation.descriptor_set)
    read = load(compilation)
    return read, Schema(found.files, found.messages, found.enums, found.services, found)


@pytest.fixture(params=["small", "own"])
def schemas(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Schema, Schema]:
    """Two views of each tree."""
    if request.param == "own":
        return both(REPOSITORY / "protos")
    return both(write(tmp_path, {name: HEAD + body for name, body in TREE.items()}))


def test_same(schemas: tuple[Schema, Schema]) -> None:
    """Every question has the same answer."""
    read, indexed = schemas
    known = partial(finding.file_of, read)
    names = [*read.messages, *read.enums, "zoo.Nobody"]
    assert [finding.file_of(indexed, name) for name in names] == [finding.file_of(read, name) for name in names]
    assert [each.full_name for each in finding.with_options(indexed)] == [
        each.full_name for each in finding.with_options(read)
    ]
    for field in ("id", "done", "name", "nothing"):
        assert [*finding.holders(indexed, field)] == [*finding.holders(read, field)]
    for name, file in read.files.items():
        named = Counter(each for each in finding.typed(indexed, indexed.files[name]) if known(each[0]) or each[1])
        assert named == Counter(each for each in finding.typed(read, file) if known(each[0]) or each[1]), name
    assert indexed.extensions.keys() == read.extensions.keys()


def test_mentioning(schemas: tuple[Schema, Schema]) -> None:
    """An index leaves out only files in which no comment has the text."""
    read, indexed = schemas
    some = {file.name for file in finding.mentioning(indexed, "@internal")}
    having = {
        name
        for name, file in read.files.items()
        for message in map(read.message, file.messages)
        for enum in map(read.enum, message.enums)
        if any("@internal" in each.comment.trailing for each in (enum, *enum.values))
    }
    assert having <= some < read.files.keys()
