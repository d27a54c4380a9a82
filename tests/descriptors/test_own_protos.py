"""The repository's own protos state the facts of the public API, and nothing but the facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

from tests.conftest import REPOSITORY
from tests.support.published import CLOUDAPI, import_roots
from toolkit.descriptors.compile import compile_tree

# Each revision of ours, and the tree of the public API whose facts it states.
REVISIONS = {
    "protos": "2025-03-25-dca088cd",
    "site/revisions/2026-06-29": "2026-06-29-8ad214f2",
}


def _descriptors(roots: list[Path]) -> dict[str, descriptor_pb2.FileDescriptorProto]:
    compilation = compile_tree(roots)
    assert not compilation.diagnostics
    found = {}
    for file in descriptor_pb2.FileDescriptorSet.FromString(compilation.descriptor_set).file:
        file.ClearField("source_code_info")
        found[file.name] = file
    return found


@pytest.mark.parametrize(("folder", "tree"), REVISIONS.items(), ids=REVISIONS)
def test_equal_to_the_public_ones(folder: str, tree: str) -> None:
    """Comments apart, each of our files has the descriptor of the public file of that name."""
    if not (CLOUDAPI / tree).is_dir():
        pytest.skip(f"no tree {CLOUDAPI / tree}: set CLOUDAPI")
    public = _descriptors(import_roots(CLOUDAPI / tree))
    own = {name: file for name, file in _descriptors([REPOSITORY / folder]).items() if not name.startswith("google/")}
    assert len(own) == 8
    for name, file in own.items():
        assert file == public[name], name


@pytest.mark.parametrize("folder", REVISIONS)
def test_self_contained(folder: str) -> None:
    """Every file is imported by the service's, directly or not, and each has comments on all that it declares."""
    own = _descriptors([REPOSITORY / folder])
    wanted, queue = set(), ["yandex/cloud/compute/v1/image_service.proto"]
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += own[name].dependency
    assert {name for name in own if not name.startswith("google/")} == {
        name for name in wanted if not name.startswith("google/")
    }
