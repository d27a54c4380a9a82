"""The manifest: the files that the toolkit wrote, by target, so that it never has to guess which are orphans.

``toolkit.manifest`` is next to ``toolkit.toml`` and is committed with it. It
is JSON: target → sorted paths, relative to the output directory of the target.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from toolkit.errors import ConfigError, Location

NAME = "toolkit.manifest"

Manifest = Mapping[str, frozenset[str]]
"""Target → paths."""


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file; empty if there is none, :class:`ConfigError` if it is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot read {str(path)!r}: {error.strerror}") from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not all(
        isinstance(paths, list) and all(isinstance(p, str) for p in paths) for paths in content.values()
    ):
        hint = "restore it from version control, or delete it: the next run writes a new one, and finds no orphans"
        raise ConfigError(
            "not a manifest: JSON that maps targets to lists of paths", location=Location(str(path)), hint=hint
        )
    return {target: frozenset(paths) for target, paths in content.items()}


def with_target(manifest: Manifest, target: str, paths: Iterable[str]) -> bytes:
    """The content of a manifest with these paths for a target."""
    merged = {**manifest, target: frozenset(paths)}
    return (json.dumps({name: sorted(merged[name]) for name in sorted(merged)}, indent=1) + "\n").encode()
