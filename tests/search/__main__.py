"""What the search finds in a large tree: queries of people, and methods drawn by a seed.

python -m tests.search [TREE] [--count 100] [--seed 1] [--browser builtin|pagefind]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.search.browser import ask_in_browser
from tests.search.ranking import Answer, ask
from tests.support.command import run
from tests.support.published import CLOUDAPI, import_roots

QUERIES = {
    "min_disk_size": r"compute\.v1\.(CreateImageRequest|.*Disk.*)\.min_disk_size",
    "create instance": r"compute\.v1\.InstanceService\.Create",
    "ImageService.List": r"compute\.v1\.ImageService\.List",
    "ImageService/List": r"compute\.v1\.ImageService\.List",
    "postgresql cluster create": r"postgresql\.v1\.ClusterService\.Create",
    "cluster create": r"\.ClusterService\.Create",
    "yandex.cloud.compute.v1.ImageService/List": r"compute\.v1\.ImageService\.List",
    "POST /compute/v1/images": r"compute\.v1\.ImageService\.Create",
    "preemptible": r"SchedulingPolicy\.preemptible",
    "preemptable": r"SchedulingPolicy\.preemptible",
    "instence create": r"compute\.v1\.InstanceService\.Create",
    "how do I resize a disk": r"compute\.v1\.DiskService\.Update",
}
"""Queries, and what should be the first or the second hit."""


def main(arguments: Sequence[str]) -> int:
    """Print what is not found, and how long it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", nargs="?", type=Path, default=CLOUDAPI / "2026-06-29-8ad214f2")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--browser", choices=("builtin", "pagefind"), help="ask the search of a site in Chromium")
    given = parser.parse_args(arguments)
    roots = [option for root in import_roots(given.tree) for option in ("--proto-path", str(root))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ran = run("generate", "site", "-q", "--search", given.browser or "auto", *roots, cwd=folder, patience=600)
        assert ran.code == 0, ran.errors
        index = folder / "site/assets/toolkit/names.json"
        content = json.loads(index.read_text())
        methods = [(content["packages"][entry[0]][0], entry[2]) for entry in content["entries"] if entry[1] == "method"]
        drawn = random.Random(given.seed).sample(methods, min(given.count, len(methods)))
        forms = [
            form
            for package, name in drawn
            for form in (name, name.replace(".", "/"), f"{package}.{name}", f"{package}.{name.replace('.', '/')}")
        ]
        if given.browser:
            answers, first, slowest = ask_in_browser(folder, [*QUERIES, *forms])
            said = f"{first:.0f} ms to the first answer, at most {slowest:.0f} ms"
        else:
            answers, prepare, each = ask(index, [*QUERIES, *forms])
            said = f"{len(content['entries'])} names in {prepare:.0f} ms, {each:.1f} ms each"
    failed = _failures(forms, answers, {f"{package}.{method}" for package, method in drawn})
    print(f"{len(answers)} queries, {failed} failed; {said}")
    return int(failed > 0)


def _failures(forms: Sequence[str], answers: Sequence[Answer], full: AbstractSet[str]) -> int:
    """Print the queries that don't find what they should, and count them; ``full`` are the full names of the methods."""
    failed = 0
    for (query, wanted), found in zip(QUERIES.items(), answers, strict=False):
        if not any(re.search(f"{wanted}$", name) for name in found[:2]):
            failed += 1
            print(f"{query}: {found[:3]}")
    for form, found in zip(forms, answers[len(QUERIES) :], strict=True):
        name = form.replace("/", ".")
        if not found or (found[0] != name if name in full else not found[0].endswith(f".{name}")):
            failed += 1
            print(f"{form}: {found[:3]}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
