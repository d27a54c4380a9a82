"""Files that come with the toolkit, as descriptors without comments, for trees that import them and don't have them.

protoc reads the descriptor sets in this folder, and takes a file from them only if no import root has it. NOTICE says
where they come from; ``python -m tests.support.bundle`` makes them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb


@cache
def descriptor_sets() -> tuple[Path, ...]:
    """The descriptor sets. What their files import is in them or in the import roots that come with the toolkit."""
    return tuple(sorted(Path(__file__).parent.glob("*.binpb")))


@cache
def names() -> frozenset[str]:
    """The names of the files in the descriptor sets."""
    return frozenset(
        file.name for path in descriptor_sets() for file in pb.FileDescriptorSet.FromString(path.read_bytes()).file
    )
