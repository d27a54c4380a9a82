"""Compiles what changed of a tree since it was kept, and of what imports that only what it can affect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from toolkit.descriptors import protoc
from toolkit.descriptors.declarations import Declared
from toolkit.descriptors.kept import Changed, Compiled, KeptTree, compiled
from toolkit.descriptors.outside import outside
from toolkit.descriptors.roots import Root


def is_regular(changed: Changed, files: Mapping[str, Path], roots: Sequence[Root]) -> bool:
    """Whether what changed leads to regular files only: protoc would wait forever for a pipe or device."""
    return not outside({name: files[name] for name in changed.files if name in files}, roots, Declared()).irregular


def start(
    changed: Changed, roots: Sequence[Root], reused: list[KeptTree], shards_from: int
) -> tuple[ExitStack, Iterator[bytes]]:
    """Start protoc over what changed; what ends it, and the descriptor set of the tree as it is now.

    The tree is in ``reused`` once its descriptor set is there.
    """
    names = changed.to_compile
    stack, some = protoc.start(roots, names) if names else (ExitStack(), iter(()))

    def parts() -> Iterator[bytes]:
        fresh = _joined(some)
        if importers := changed.importers(fresh):
            more, parts = protoc.start(roots, importers, shards_from)
            with more:
                fresh |= _joined(parts)
        tree = changed.tree(fresh, roots)
        reused.append(tree)
        yield tree.descriptor_set

    return stack, parts()


def _joined(parts: Iterator[bytes]) -> dict[str, Compiled]:
    return compiled(b"".join(parts))
