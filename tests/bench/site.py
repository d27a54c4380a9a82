"""The docs site: pages of the whole tree, and what MkDocs makes of one large package."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.bench.measure import TOOLKIT, generate, in_turn, large_tree, protoc, row
from tests.support.published import import_roots
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load


def bench_site(runs: int, folder: Path) -> None:
    """The pages of the whole tree beside protoc; MkDocs over the package with the most methods; the largest page."""
    tree = large_tree()
    whole, alone = in_turn(runs, generate("site", tree, folder), lambda: protoc(tree, folder))
    row("protoc alone, whole tree", alone)
    row("toolkit generate site, whole tree", whole, alone, "at most 6.0 × protoc")
    roots = import_roots(tree)
    schema = load(compile_tree(roots))
    methods = Counter(
        {name: sum(len(schema.services[s].methods) for s in p.services) for name, p in schema.packages.items()}
    )
    package = methods.most_common(1)[0][0]
    site = Path(tempfile.mkdtemp(dir=folder))
    paths = [argument for root in roots for argument in ("--proto-path", str(root))]
    made = [*TOOLKIT, "generate", "site", "--quiet", *paths, "--out", str(site), package]
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    in_turn(0, lambda: made)
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(site / "mkdocs.yml")]
    (built,) = in_turn(1, lambda: mkdocs)
    pages = list((site / "build/site/reference").rglob("*.html"))
    row(f"mkdocs build of {package}, {len(pages)} pages", built, None, "at most 60 s")
    largest = max(pages, key=lambda path: path.stat().st_size)
    print(f"largest page: {largest.stat().st_size / 1024:.0f} KB of HTML, {largest.parent.name}; at most 400")
