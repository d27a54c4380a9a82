"""Compares published pages with those that the toolkit generates from the same protos.

A directory of published pages has a manifest, ``pages.json``: a list of entries
with ``page`` (the file), ``kind`` (``method``, ``service``, ``api``, ``toc``),
``protos`` (the tree it was made from), ``service``, ``method``, ``packages`` or
``apis``, ``title``, ``docs_path``, ``style``, and where needed ``source_dir`` and
``service_url``. A page that is in ``api-ref``, but not in ``api-ref/grpc``, is one
of the REST reference, unless ``protocol`` says otherwise.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

from msgspec import Meta

from toolkit.descriptors.compile import start_compiling
from toolkit.descriptors.loader import read_tree
from toolkit.descriptors.model import Schema
from toolkit.errors import ConfigError, Location, LookupFailed
from toolkit.semantics.catalog import Catalog, Publication, read_catalog
from toolkit.semantics.declared import convert, read_json
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.reference.style import Style, with_switches
from toolkit.targets.rest.pages import RestReference
from toolkit.targets.rest.style import RestStyle
from toolkit.targets.toc.tree import Node, Tree
from toolkit.targets.workspace import Workspace

MANIFEST = "pages.json"
NEAR = 0.9
"""The share of equal lines above which a page that differs is called near."""

_NEEDED = {
    "method": ("service", "method", "title"),
    "service": ("service", "title"),
    "api": ("packages", "title"),
    "toc": ("apis",),
}


class _Required(TypedDict):
    page: str
    docs_path: str


class Listed(TypedDict):
    """An API in a table of contents."""

    docs_path: str
    packages: tuple[str, ...]
    title: str


class Entry(_Required, total=False):
    """A page in a manifest."""

    kind: Literal["method", "service", "api", "toc"]
    title: str
    path: str
    protocol: Literal["grpc", "rest"]
    protos: str
    service: str
    method: str
    packages: tuple[str, ...]
    apis: tuple[Listed, ...]
    authentication: str
    style: Annotated[dict[str, Any], Meta(description="an object")]
    source_dir: str
    service_url: str
    sha256: str
    """The checksum of the published page, for repositories that don't contain a copy."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """How a generated page compares with the published one."""

    page: str
    state: str
    """``exact``, ``near``, ``different``, or ``missing``: the file, its tree or its service does not exist."""
    lines: tuple[str, ...] = ()
    """A unified diff, or why it is missing."""


def read_entries(path: Path) -> list[Entry]:
    """The entries of a manifest; :class:`ConfigError` if it can't be read or an entry is incomplete."""
    entries = []
    for number, content in enumerate(convert(read_json(path, "the manifest"), list[Any], path, "the manifest"), 1):
        entry = convert(content, Entry, path, where := f"page number {number}")
        for key in _NEEDED[entry.get("kind", "method")]:
            if not entry.get(key):
                raise ConfigError(f"{where}: {key} is missing", location=Location(str(path)))
        entries.append(entry)
    return entries


@dataclass
class Republisher:
    """Generates pages as the entries of a manifest describe them."""

    schema_of: Callable[[str], Schema]
    """The model of a tree, by its name in the entries; raises :class:`LookupFailed` if there is none."""
    catalog: Catalog = field(default_factory=Catalog)
    _references: dict[tuple[str, Style], PublishedReference] = field(default_factory=dict)

    def render(self, entry: Entry) -> str:
        """The page of an entry."""
        if entry.get("kind") == "toc":
            return self._toc(entry)
        reference = self._reference(entry.get("protos", ""), dict(entry.get("style", {})), is_rest=_is_rest(entry))
        model = reference.schema
        packages = entry.get("packages") or [model.service(entry["service"]).package]
        known = self.catalog.publication(packages[0])
        publication = Publication(
            package=packages[0],
            title=entry["title"],
            docs_path=entry["docs_path"],
            source_dir=entry.get("source_dir", known.source_dir),
            service_url=entry.get("service_url", known.service_url),
            introduction=known.introduction,
        )
        kind = entry.get("kind", "method")
        if kind == "api":
            absent = [package for package in packages if package not in model.packages]
            if absent:
                raise LookupFailed(f"there is no package {absent[0]!r} in the schema")
            return reference.api_page(reference.layout.api_of(tuple(packages), publication))
        service = model.service(entry["service"])
        if kind == "service":
            return reference.service_page(service, publication)
        method = model.methods.get(f"{service.full_name}.{entry['method']}")
        if method is None:
            raise LookupFailed(f"there is no method {entry['method']!r} in {service.full_name}")
        return reference.method_page(method, publication)

    def _toc(self, entry: Entry) -> str:
        """The generated part of a table of contents."""
        protos = entry.get("protos", "")
        layouts = [self._reference(protos, {}, is_rest=is_rest).layout for is_rest in (False, True)]
        first, *others = [
            Node(Publication(api["packages"][0], api["title"], path := api["docs_path"], path), path, api["packages"])
            for api in entry["apis"]
        ]
        tree = Tree(tuple(zip(("gRPC", "REST"), layouts, strict=True)), entry.get("authentication", ""))
        return tree.item(replace(first, below=tuple(others)), 2)

    def _reference(self, protos: str, switches: dict[str, object], *, is_rest: bool) -> PublishedReference:
        style = with_switches(RestStyle() if is_rest else Style(), switches)
        if (protos, style) not in self._references:
            facts = Facts(self.schema_of(protos))
            self._references[protos, style] = (
                RestReference(facts, self.catalog, style)
                if isinstance(style, RestStyle)
                else PublishedReference(facts, self.catalog, style)
            )
        return self._references[protos, style]

    def compare(self, entries: Iterable[Entry], folder: Path) -> Iterator[PageResult]:
        """The comparison of each page with the published one in the directory."""
        for entry in entries:
            page = entry["page"]
            try:
                published = (folder / page).read_bytes()
                made = self.render(entry).encode("utf-8")
            except LookupFailed as error:
                yield PageResult(page, "missing", (str(error),))
            except OSError as error:
                yield PageResult(page, "missing", (f"cannot read the published page: {error.strerror}",))
            else:
                yield _compared(page, published, made)


def _is_rest(entry: Entry) -> bool:
    """Whether an entry is a page of the REST reference."""
    page = f"/{entry.get('path') or entry['page']}"
    return entry.get("protocol", "rest" if "/api-ref/" in page and "/api-ref/grpc/" not in page else "grpc") == "rest"


def _compared(page: str, published: bytes, made: bytes) -> PageResult:
    if published == made:
        return PageResult(page, "exact")
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (published, made))
    lines = list(difflib.unified_diff(old, new, f"published/{page}", "generated", n=1, lineterm=""))
    changed = sum(line[:1] in "+-" for line in lines[2:])
    near = changed <= (1 - NEAR) * (len(old) + len(new))
    return PageResult(page, "near" if near else "different", tuple(lines))


def published(workspace: Workspace, folder: Path, trees: Path | None) -> Iterator[PageResult]:
    """Generate the pages in a directory's manifest again, and compare them.

    Each is generated from the directory in ``trees`` that its entry names, or
    without ``trees`` from the workspace's own tree. A catalog in the directory
    applies to all of them.
    """
    catalog = folder / "catalog.toml"
    known = read_catalog(catalog) if catalog.is_file() else workspace.catalog
    republisher = Republisher(lambda name: workspace.schema if trees is None else _tree(trees, name), known)
    return republisher.compare(read_entries(folder / MANIFEST), folder)


@cache
def _tree(trees: Path, name: str) -> Schema:
    """The model of one tree of several."""
    tree = trees / name
    if not name or not tree.is_dir():
        raise LookupFailed(f"there is no tree {name!r} in {trees}", hint="name the directory of the trees with --trees")
    return read_tree(start_compiling([tree]))[0]
