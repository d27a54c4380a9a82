"""The manifest: the files that the toolkit wrote, so that it never has to guess which are orphaned or edited.

``toolkit.manifest`` is next to ``toolkit.toml`` and is committed with it. It is
JSON: target → path relative to the output directory → digest of the content,
and the .proto files that it was generated from. Targets that are not committed
are in a second file with the same format, which git ignores: otherwise, after
switching branches, all their files would seem to be edited.
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
"""The manifest of targets that are not committed."""
_IGNORE = ".toolkit/.gitignore"


class Record(NamedTuple):
    """What is known about a file that the toolkit wrote."""

    digest: str = ""
    """Digest of its content; empty if unknown, as in old manifests.

    If a run was killed, there may be several, separated by spaces: the content is one of them.
    """
    sources: tuple[str, ...] = ()
    """The .proto files that it was generated from; empty if from all of them."""


Records = Mapping[str, Record]
"""Path → record."""
Manifest = Mapping[str, Records]
"""Target → records."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """Both manifests of a project."""

    files: Mapping[str, Manifest]
    """By :data:`NAME` and :data:`LOCAL`."""

    @classmethod
    def read(cls, home: Path | None) -> Manifests:
        """Read the manifests in a directory; they are empty if they don't exist or there is no directory."""
        return cls({name: read_manifest(home / name) if home is not None else {} for name in (NAME, LOCAL)})

    def records(self, name: str, target: str) -> Records:
        """The records of a target, in the manifest with this name or else in the other one."""
        found = sorted((file for file in self.files if target in self.files[file]), key=lambda file: file != name)
        return self.files[found[0]][target] if found else {}

    def contents(self, name: str, target: str, records: Records) -> dict[str, bytes]:
        """The changed manifests if a target has these records in the one with this name.

        Empty if it has no files and never had: a run that is in the cache writes no manifest, either.
        """
        if not records and not any(target in manifest for manifest in self.files.values()):
            return {}
        changed = {name: {**self.files[name], target: records}}
        for other, manifest in self.files.items():
            if other != name and target in manifest:
                changed[other] = {known: manifest[known] for known in manifest if known != target}
        ignored = {_IGNORE: b"*\n"} if name == LOCAL else {}
        return {**ignored, **{file: dumped(manifest) for file, manifest in changed.items()}}


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; it is empty if there is no file. :class:`ConfigError` if the file is damaged or a link."""
    if path.is_symlink():
        hint = "replace the link with a copy of the file"
        raise ConfigError("a manifest cannot be a symbolic link", location=Location(str(path)), hint=hint)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(target): records_of(records) for target, records in content.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot read {str(path)!r}: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        hint = "take either side of a merge, restore it from version control, or delete it; then run toolkit generate"
        message = "not a manifest: JSON that maps targets to paths, and paths to digests"
        raise ConfigError(message, location=Location(str(path)), hint=hint) from None


def records_of(content: Any) -> Records:
    """Parse the records of a target, which may be a list of paths; ValueError or TypeError for anything else."""
    if isinstance(content, list):
        content = {path: [""] for path in content}
    if not isinstance(content, dict) or not all(isinstance(value, list) and value for value in content.values()):
        raise ValueError
    if not all(type(word) is str for path, value in content.items() for word in (path, *value)):
        raise ValueError
    return {path: Record(digest, tuple(sources)) for path, (digest, *sources) in content.items()}


def is_current(before: Records, after: Records) -> bool:
    """Whether a manifest would be the same after a run; old manifests without digests remain valid."""
    return before.keys() == after.keys() and all(r == after[path] or not r.digest for path, r in before.items())


def dumped(manifest: Manifest) -> bytes:
    """A manifest as JSON, with one line per path, which version control can merge."""
    targets = []
    for target in sorted(manifest):
        records = manifest[target]
        lines = (f"  {_quoted(path)}: [{', '.join(map(_quoted, listed(records[path])))}]" for path in sorted(records))
        targets.append(f" {json.dumps(target)}: {{\n" + ",\n".join(lines) + "\n }")
    return ("{\n" + ",\n".join(targets) + "\n}\n").encode()


_quoted = json.encoder.encode_basestring_ascii
"""A string as JSON; ``json.dumps`` takes four times as long, and manifests are long."""


def listed(record: Record) -> list[str]:
    """A record as JSON."""
    return [record.digest, *record.sources]
