"""Where packages are published: titles and link targets, from a ``catalog.toml``.

    [[package]]
    name = "acme.storage.v1"          # the protobuf package
    title = "Storage API"             # title of its pages
    docs_path = "storage"             # its directory below the link prefix
    service_url = "https://…"         # optional: shown on the index page
    source_dir = "storage/v1"         # optional: for the style switch `source_path`

Packages with the same ``docs_path`` form one API with one index page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from toolkit.errors import ConfigError, Location
from toolkit.semantics.declared import Table, Text, convert, matching, read_toml

_FOLDER = r"(?!\.)[^\x00-\x1f\x7f\s/\\:*?\"<>|#()\[\]]+"
_Path = Annotated[
    str,
    matching(
        rf"{_FOLDER}(?:/{_FOLDER})*",
        "a plain relative path (directories separated by '/', without leading dots)",
    ),
]


class _Entry(Table, frozen=True):
    name: Text
    title: Text
    docs_path: _Path
    service_url: str = ""
    source_dir: _Path = ""


class _File(Table, frozen=True):
    package: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """How a package is published."""

    package: str
    title: str
    docs_path: str
    """Its directory, separated by ``/``, without a slash at either end."""
    source_dir: str
    service_url: str = ""
    listed: bool = True
    """Whether it is in the catalog. If not, it is derived from the package name and never linked."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Publications by package; for packages that are not listed, they are derived from the name."""

    listed: Mapping[str, Publication] = field(default_factory=dict)

    def publication(self, package: str) -> Publication:
        """How a package is published."""
        found = self.listed.get(package)
        return found if found is not None else unlisted(package)

    def linkable(self, package: str) -> bool:
        """Whether references from other packages become links; without a catalog, all do."""
        return not self.listed or package in self.listed


def unlisted(package: str) -> Publication:
    """A publication derived from the name of the package."""
    path = package.replace(".", "/") or "default"
    return Publication(package, f"{package or 'Default package'} API", path, path, listed=False)


def read_catalog(path: Path) -> Catalog:
    """Read a catalog from a TOML file; :class:`ConfigError` names the invalid entry."""
    listed: dict[str, Publication] = {}
    for number, entry in enumerate(convert(read_toml(path, "the catalog"), _File, path).package, 1):
        if entry.name in listed:
            raise ConfigError(f"[[package]] number {number} lists {entry.name} again", location=Location(str(path)))
        source_dir = entry.source_dir or entry.docs_path
        listed[entry.name] = Publication(entry.name, entry.title, entry.docs_path, source_dir, entry.service_url)
    return Catalog(listed)
