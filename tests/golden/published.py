"""The published pages and the trees they were generated from, where they are present.

``PUBLISHED_REFERENCE`` names the folder with ``pages.json``, ``catalog.toml`` and
the pages; ``CLOUDAPI`` the folder with one proto tree a date.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.catalog import Catalog, Publication, read_catalog
from toolkit.compile import compile_tree
from toolkit.loader import load
from toolkit.reference.pages import PublishedReference
from toolkit.reference.style import Style
from toolkit.schema import Schema

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
PUBLISHED = Path(os.environ.get("PUBLISHED_REFERENCE") or SHARED / "published")
CLOUDAPI = Path(os.environ.get("CLOUDAPI") or SHARED / "cloudapi")

Entry = dict[str, Any]
"""One page of a manifest: ``page``, ``kind``, ``protos``, ``title``, ``docs_path``, ``style`` and what its kind needs."""


def entries(manifest: Path) -> list[Entry]:
    """The pages of a manifest; none where it is absent."""
    return json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else []


def import_roots(tree: Path) -> list[Path]:
    """A tree is an import root, and so is the googleapis folder in it."""
    return [root for root in (tree, tree / "third_party" / "googleapis") if root.is_dir()]


@cache
def schema(protos: str) -> Schema:
    """The model of one tree of ``CLOUDAPI``."""
    return load(compile_tree(import_roots(CLOUDAPI / protos)))


@cache
def _reference(protos: str, catalog: Path, style: Style) -> PublishedReference:
    return PublishedReference(schema(protos), read_catalog(catalog) if catalog.is_file() else Catalog(), style)


def render(entry: Entry, catalog: Path) -> str:
    """The page of a manifest's entry."""
    reference = _reference(entry["protos"], catalog, Style(**entry["style"]))
    model = reference.schema
    kind = entry.get("kind", "method")
    packages = entry.get("packages") or [model.service(entry["service"]).package]
    known = reference.catalog.publication(packages[0])
    publication = Publication(
        package=packages[0],
        title=entry["title"],
        docs_path=entry["docs_path"],
        source_dir=entry.get("source_dir", known.source_dir),
        service_url=entry.get("service_url", known.service_url),
    )
    if kind == "api":
        return reference.api_page(reference.layout.api_of(tuple(packages), publication))
    service = model.service(entry["service"])
    if kind == "service":
        return reference.service_page(service, publication)
    return reference.method_page(model.methods[f"{service.full_name}.{entry['method']}"], publication)
