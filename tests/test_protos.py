"""The repository's own protos state the facts of the public API, and nothing but the facts."""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2

from tests.conftest import REPOSITORY
from tests.golden.published import CLOUDAPI, import_roots
from toolkit.compile import compile_tree

TREE = CLOUDAPI / "2025-03-25-dca088cd"


def _descriptors(roots: list) -> dict[str, descriptor_pb2.FileDescriptorProto]:
    compilation = compile_tree(roots)
    assert not compilation.problems
    found = {}
    for file in descriptor_pb2.FileDescriptorSet.FromString(compilation.descriptor_set).file:
        file.ClearField("source_code_info")
        found[file.name] = file
    return found


def test_equal_to_the_public_ones() -> None:
    """Comments apart, each of our files has the descriptor of the public file of that name."""
    if not TREE.is_dir():
        pytest.skip(f"no tree {TREE}: set CLOUDAPI")
    public = _descriptors(import_roots(TREE))
    own = {name: file for name, file in _descriptors([REPOSITORY / "protos"]).items() if not name.startswith("google/")}
    assert len(own) == 8
    for name, file in own.items():
        assert file == public[name], name


def test_self_contained() -> None:
    """Every file is imported by the service's, directly or not, and each has comments on all that it declares."""
    own = _descriptors([REPOSITORY / "protos"])
    wanted, queue = set(), ["yandex/cloud/compute/v1/image_service.proto"]
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += own[name].dependency
    assert {name for name in own if not name.startswith("google/")} == {
        name for name in wanted if not name.startswith("google/")
    }
