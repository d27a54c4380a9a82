"""Where packages are published: titles and link targets, from a ``catalog.toml``.

    intro = "Calls need a token."     # these three are optional: for the index pages of all packages
    concepts_url = "https://…"
    source_url = "https://…"          # of an import root; the directory of the .proto files is appended

    [[package]]
    name = "acme.storage.v1"          # the protobuf package
    title = "Storage API"             # title of its pages
    docs_path = "storage"             # its directory below the link prefix
    service_url = "https://…"         # optional: shown on the index page
    source_dir = "storage/v1"         # optional: for the style switch `source_path`
    source_url = "https://…"          # optional, as are the other two above: for this package, complete

Packages with the same ``docs_path`` form one API with one index page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

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


_Url = Annotated[
    str, matching(r"[^\x00-\x1f\x7f()<>\[\]\\]*", "a URL on one line, without brackets, parentheses or backslashes")
]


class _Entry(Table, frozen=True):
    name: Text
    title: Text
    docs_path: _Path
    service_url: str = ""
    source_dir: _Path = ""
    intro: str = ""
    concepts_url: _Url = ""
    source_url: _Url = ""


class _File(Table, frozen=True):
    package: tuple[_Entry, ...] = ()
    intro: str = ""
    concepts_url: _Url = ""
    source_url: _Url = ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """What the index page of an API says first; what is unknown is empty."""

    intro: str = ""
    """Markdown."""
    concepts_url: str = ""
    """The address of a page that explains the concepts of the API."""
    source_url: str = ""
    """The address of the .proto files."""
    source_root: str = ""
    """The address of their import root, if there is no ``source_url``."""

    def over(self, other: Introduction) -> Introduction:
        """Complete it with what another one says."""
        source = self if self.source_url or self.source_root else other
        return Introduction(
            self.intro or other.intro, self.concepts_url or other.concepts_url, source.source_url, source.source_root
        )

    def definitions(self, directory: str) -> str:
        """The address of the .proto files in a directory of the import root; or empty."""
        return self.source_url or (f"{self.source_root.rstrip('/')}/{directory}" if self.source_root else "")

    def line(self, file: str, line: int) -> str:
        """The address of a line of a .proto file, or empty; GitHub, GitLab and others call it ``#L7``."""
        folder, _, name = file.rpartition("/")
        where = self.definitions(folder).rstrip("/")
        return f"{where}/{quote(name)}" + (f"#L{line}" if line else "") if where else ""


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
    introduction: Introduction = Introduction()


@dataclass(frozen=True, slots=True)
class Catalog:
    """Publications by package; for packages that are not listed, they are derived from the name."""

    listed: Mapping[str, Publication] = field(default_factory=dict)
    introduction: Introduction = Introduction()
    """What the index pages of all packages say first."""

    def publication(self, package: str) -> Publication:
        """How a package is published."""
        found = self.listed.get(package)
        return found if found is not None else replace(unlisted(package), introduction=self.introduction)

    def title(self, package: str) -> str:
        """The title of a package that is listed; of any other, its name."""
        listed = self.listed.get(package)
        return listed.title if listed is not None else package or "Without a package"

    def linkable(self, package: str) -> bool:
        """Whether references from other packages become links; without a catalog, all do."""
        return not self.listed or package in self.listed


def unlisted(package: str) -> Publication:
    """A publication derived from the name of the package."""
    path = package.replace(".", "/") or "default"
    return Publication(package, f"{package or 'Default package'} API", path, path, listed=False)


def read_catalog(path: Path) -> Catalog:
    """Read a catalog from a TOML file; :class:`ConfigError` names the invalid entry."""
    content = convert(read_toml(path, "the catalog"), _File, path)
    of_all = Introduction(content.intro, content.concepts_url, source_root=content.source_url)
    listed: dict[str, Publication] = {}
    for number, entry in enumerate(content.package, 1):
        if entry.name in listed:
            raise ConfigError(f"[[package]] number {number} lists {entry.name} again", location=Location(str(path)))
        listed[entry.name] = Publication(
            entry.name,
            entry.title,
            entry.docs_path,
            entry.source_dir or entry.docs_path,
            entry.service_url,
            introduction=Introduction(entry.intro, entry.concepts_url, entry.source_url).over(of_all),
        )
    return Catalog(listed, of_all)
