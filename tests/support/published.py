"""The published pages and the trees they were generated from, where they are present.

``PUBLISHED_REFERENCE`` names folders, separated as in ``PATH``, each with ``pages.json``,
``catalog.toml`` and pages; ``CLOUDAPI`` the folder with one proto tree a date.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from toolkit.delivery.published import Entry, Republisher, read_entries
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.catalog import Catalog, read_catalog

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
CLOUDAPI = Path(os.environ.get("CLOUDAPI") or SHARED / "cloudapi")
LISTED = (SHARED / "published", SHARED / "published-more")
"""The folders of the pages whose checksums are in the repository."""
_CHOSEN = os.environ.get("PUBLISHED_REFERENCE", "")
PUBLISHED = tuple(map(Path, _CHOSEN.split(os.pathsep))) if _CHOSEN else LISTED
ABSENT = (
    f"no published pages in {' or '.join(map(str, PUBLISHED))}, or no trees in {CLOUDAPI}: "
    "set PUBLISHED_REFERENCE and CLOUDAPI"
)


def entries(manifest: Path) -> list[Entry]:
    """The pages of a manifest; none where it is absent."""
    return read_entries(manifest) if manifest.is_file() else []


def import_roots(tree: Path) -> list[Path]:
    """A tree is an import root, and so is the googleapis folder in it."""
    return [root for root in (tree, tree / "third_party" / "googleapis") if root.is_dir()]


@cache
def schema(protos: str) -> Schema:
    """The model of one tree of ``CLOUDAPI``."""
    return load(compile_tree(import_roots(CLOUDAPI / protos)))


@cache
def _republisher(catalog: Path) -> Republisher:
    return Republisher(schema, read_catalog(catalog) if catalog.is_file() else Catalog())


def render(entry: Entry, catalog: Path) -> str:
    """The page of a manifest's entry."""
    return _republisher(catalog).render(entry)
