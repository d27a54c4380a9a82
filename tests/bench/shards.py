"""The HTML of a large site: two shards at the same time, against one process."""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import TOOLKIT, in_turn, large_tree, row
from tests.support.published import import_roots
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load

PAGES = 1000


def bench_shards(runs: int, folder: Path) -> None:
    """MkDocs over the packages with the most methods, as many as have 1,000 pages."""
    roots = import_roots(large_tree())
    schema = load(compile_tree(roots))
    sizes = {
        name: sum(1 + len(schema.services[service].methods) for service in package.services)
        + len(package.messages)
        + len(package.enums)
        for name, package in schema.packages.items()
    }
    packages: list[str] = []
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        if sum(sizes[other] for other in packages) < PAGES:
            packages.append(name)
    site = Path(tempfile.mkdtemp(dir=folder))
    paths = [argument for root in roots for argument in ("--proto-path", str(root))]
    made = [*TOOLKIT, "generate", "site", "--quiet", *paths, "--out", str(site), *packages]
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    in_turn(0, lambda: made)
    config = str(site / "mkdocs.yml")
    commands, made_by = [], []
    for number in (1, 2):
        order = Path(tempfile.mkdtemp(dir=folder), "order.json")
        content = {"config": config, "site_dir": str(order.parent / "site"), "number": number, "count": 2}
        order.write_text(json.dumps(content))
        made_by.append(str(order.parent / "site"))
        commands.append(shlex.join([sys.executable, "-m", "toolkit.delivery.finish.rendering", str(order)]))
    clean = f"rm -rf {shlex.join(made_by)}"  # MkDocs does not build again what is there
    both = ["sh", "-c", f"{clean}; {commands[0]} & first=$!; {commands[1]} && wait $first"]
    one, two = in_turn(
        min(runs, 2),
        lambda: [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", config],
        lambda: both,
    )
    pages = len(list((site / "build/site/reference").rglob("*.html")))
    row(f"mkdocs build, {pages} pages", one)
    row("two shards on two cores", two, one, "at most 0.6 × one process")
