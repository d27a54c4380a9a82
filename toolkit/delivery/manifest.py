"""The manifest: what the toolkit wrote, so that orphans and files of others are known and never guessed.

``toolkit.manifest`` lies beside ``toolkit.toml`` and is committed with it. It
is JSON: target → path below the target's folder → digest of the content, and
the .proto files that it came from. A target whose files are not committed is
in a file of the same form that git ignores: with the files of one branch and
the manifest of another, all of them would look edited.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.errors import ConfigError, Location

NAME = "toolkit.manifest"
LOCAL = ".toolkit/manifest"
"""Of the targets whose files are not committed."""
_IGNORE = ".toolkit/.gitignore"


class Record(NamedTuple):
    """What is known of a file that the toolkit wrote."""

    digest: str = ""
    """Of its content; empty where it is not known, as in manifests of old.

    More than one, with spaces between, where a run was killed: it may be any of them.
    """
    sources: tuple[str, ...] = ()
    """The .proto files that it came from; none where it came from all of them."""


Records = Mapping[str, Record]
"""Path → what is known of the file."""
Manifest = Mapping[str, Records]
"""Target → records."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """Both manifests of a project."""

    files: Mapping[str, Manifest]
    """By :data:`NAME` and :data:`LOCAL`."""

    @classmethod
    def read(cls, home: Path | None) -> Manifests:
        """Those of a folder; empty ones where they are missing, or where there is no folder."""
        return cls({name: read_manifest(home / name) if home is not None else {} for name in (NAME, LOCAL)})

    def records(self, name: str, target: str) -> Records:
        """The records of a target, of the file of that name or of the other one."""
        found = sorted((file for file in self.files if target in self.files[file]), key=lambda file: file != name)
        return self.files[found[0]][target] if found else {}

    def contents(self, name: str, target: str, records: Records) -> dict[str, bytes]:
        """The files that change where a target has these records in the one of that name."""
        changed = {name: {**self.files[name], target: records}}
        for other, manifest in self.files.items():
            if other != name and target in manifest:
                changed[other] = {known: manifest[known] for known in manifest if known != target}
        ignored = {_IGNORE: b"*\n"} if name == LOCAL else {}
        return {**ignored, **{file: dumped(manifest) for file, manifest in changed.items()}}


def read_manifest(path: Path) -> Manifest:
    """The manifest of a file; empty where there is none, :class:`ConfigError` where it is damaged, or a link."""
    if path.is_symlink():
        hint = "put a copy of the file in its place"
        raise ConfigError(
            "a manifest is replaced when it changes, so it cannot be a link", location=Location(str(path)), hint=hint
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(target): records_of(records) for target, records in content.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot read {str(path)!r}: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        hint = "take either side of a merge, or what version control has, or remove it; then run toolkit generate"
        message = "not a manifest: JSON that maps targets to paths, and paths to digests"
        raise ConfigError(message, location=Location(str(path)), hint=hint) from None


def records_of(content: Any) -> Records:
    """The records of a target from JSON, also as a list of paths; ValueError or TypeError for anything else."""
    if isinstance(content, list):
        content = {path: [""] for path in content}
    if not isinstance(content, dict) or not all(isinstance(value, list) and value for value in content.values()):
        raise ValueError
    if not all(type(word) is str for path, value in content.items() for word in (path, *value)):
        raise ValueError
    return {path: Record(digest, tuple(sources)) for path, (digest, *sources) in content.items()}


def is_current(before: Records, after: Records) -> bool:
    """Whether a manifest says what it would after a run; one of old, without digests, may go on."""
    return before.keys() == after.keys() and all(r == after[path] or not r.digest for path, r in before.items())


def dumped(manifest: Manifest) -> bytes:
    """A manifest as JSON, with a line for each path: that is what version control merges."""
    targets = []
    for target in sorted(manifest):
        records = manifest[target]
        lines = (f"  {json.dumps(path)}: {json.dumps(listed(records[path]))}" for path in sorted(records))
        targets.append(f" {json.dumps(target)}: {{\n" + ",\n".join(lines) + "\n }")
    return ("{\n" + ",\n".join(targets) + "\n}\n").encode()


def listed(record: Record) -> list[str]:
    """A record as JSON has it."""
    return [record.digest, *record.sources]
