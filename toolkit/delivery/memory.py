"""Generates the files of a target in memory, for the plugin and for the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.delivery import shards
from toolkit.delivery.compare import Files, digests_of
from toolkit.delivery.parts import generate
from toolkit.delivery.running import starters_of
from toolkit.delivery.shards import Made, Shard
from toolkit.errors import Diagnostic
from toolkit.targets.registry import Choose, TargetType
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True, slots=True)
class InMemory:
    """The files of a target, or of a shard of it, in memory."""

    files: Files
    diagnostics: Sequence[Diagnostic]
    share: Made | None
    """What a shard made."""


def made_by(
    kind: TargetType, workspace: Workspace, choose: Choose | None = None, shard: Shard | None = None
) -> InMemory:
    """Generate the files of a target in memory."""
    target, out = kind.make(workspace, choose), workspace.settings.of(kind.settings).out
    parts = target.parts()
    mine = None if shard is None else [parts[at] for at in shard.share([part.weight for part in parts])]
    made = generate(target, workspace, lambda files: files, parts=mine)
    files = {path: content for part in made.results for path, content in part.items()}
    starters = starters_of(target, out) if shard is None or shard.is_first else {}
    share = None
    if shard is not None:
        digests, input_ = digests_of(files), shards.input_of(workspace, kind, parts)
        shared = {path: digests.pop(path) for path in target.shared if path in digests}
        records = {path: [found, *sorted(set(target.sources(path)))] for path, found in digests.items()}
        share = Made(".", None, input_, choose is None, records, shared, digests_of(starters), {}, [])
    return InMemory({**files, **starters}, made.diagnostics, share)
