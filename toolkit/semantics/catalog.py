"""Where packages are published: titles and link targets, from a ``catalog.toml``.

    [[package]]
    name = "acme.storage.v1"          # the protobuf package
    title = "Storage API"             # heads its pages
    docs_path = "storage"             # its folder below the link prefix
    service_url = "https://…"         # optional: shown on the API's index
    source_dir = "storage/v1"         # optional: for the style's `source_path`

Packages that share a ``docs_path`` are one API and have one index.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError, Location

_FOLDER = r"(?!\.)[^\x00-\x1f\x7f\s/\\:*?\"<>|#()\[\]]+"
_PATH = re.compile(rf"{_FOLDER}(?:/{_FOLDER})*\Z")
_KEYS = {"name", "title", "docs_path", "service_url", "source_dir"}


@dataclass(frozen=True, slots=True)
class Publication:
    """One package as it is published."""

    package: str
    title: str
    docs_path: str
    """Its folder, ``/``-separated, without a slash at either end."""
    source_dir: str
    service_url: str = ""
    listed: bool = True
    """In the catalog; false: made up from the package's name, and not linked from other packages."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Publications by package; a package that is not listed gets one made from its name."""

    listed: Mapping[str, Publication] = field(default_factory=dict)

    def publication(self, package: str) -> Publication:
        """How a package is published."""
        found = self.listed.get(package)
        return found if found is not None else unlisted(package)

    def linkable(self, package: str) -> bool:
        """Whether references from other packages become links; without a catalog all do."""
        return not self.listed or package in self.listed


def unlisted(package: str) -> Publication:
    """A publication from a package's name alone."""
    path = package.replace(".", "/") or "default"
    return Publication(package, f"{package or 'Default package'} API", path, path, listed=False)


def read_catalog(path: Path) -> Catalog:
    """A catalog from a TOML file; :class:`ConfigError` names the entry that is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the catalog {str(path)!r}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", location=Location(str(path))) from None
    unknown = sorted(set(content) - {"package"})
    if unknown:
        hint = "packages are written as [[package]] tables"
        raise ConfigError(f"unknown key or table {unknown[0]!r}", location=Location(str(path)), hint=hint)
    entries = content.get("package", [])
    if not isinstance(entries, list):
        raise ConfigError("packages are written as [[package]] tables", location=Location(str(path)))
    return Catalog({p.package: p for p in _publications(entries, path)})


def _publications(entries: Iterable[Any], path: Path) -> Iterable[Publication]:
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        where = f"[[package]] number {number}"
        if not isinstance(entry, dict):
            raise ConfigError(f"{where} is not a table", location=Location(str(path)))
        for key, value in entry.items():
            if key not in _KEYS:
                raise ConfigError(f"{where} has the unknown key {key!r}", location=Location(str(path)))
            if not isinstance(value, str):
                raise ConfigError(f"{where}: {key} is not a string", location=Location(str(path)))
        name = entry.get("name", "")
        for key in ("name", "title", "docs_path"):
            if not entry.get(key):
                raise ConfigError(f"{where} ({name or 'nameless'}) lacks {key!r}", location=Location(str(path)))
        for key in ("docs_path", "source_dir"):
            if key in entry and not _PATH.match(entry[key]):
                raise ConfigError(
                    f"{where} ({name}): {key} {entry[key]!r} is not a plain relative path",
                    location=Location(str(path)),
                    hint="folders joined by '/', none of which begins with a dot",
                )
        if name in seen:
            raise ConfigError(f"{where} lists {name} a second time", location=Location(str(path)))
        seen.add(name)
        yield Publication(
            package=name,
            title=entry["title"],
            docs_path=entry["docs_path"],
            source_dir=str(entry.get("source_dir", entry["docs_path"])),
            service_url=entry.get("service_url", ""),
        )
