"""`python -m tests.edits [TARGET …]`: random edits of a small project, or of a tree of protos, and what they cost.

Exits with 1 at the first edit after which a run that remembers the last one
gives anything else than a run that does not.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path

from tests.edits.pair import Differs, run
from tests.edits.project import RULES, SETTINGS, project


def tree(roots: list[Path]) -> dict[str, str]:
    """A project with the protos of import roots; what is in a root within another has only the shorter name."""
    found = {"toolkit.toml": SETTINGS, "rules.toml": RULES, "mine/other.txt": ""}
    for root in roots:
        inner = [other for other in roots if root in other.parents]
        for path in root.rglob("*.proto"):
            if any(other in path.parents for other in inner):
                continue
            found.setdefault(f"protos/{path.relative_to(root)}", path.read_text(encoding="utf-8"))
    packages = {package for text in found.values() for package in re.findall(r"^package ([\w.]+);$", text, re.M)}
    found["catalog.toml"] = "\n".join(
        f'[[package]]\nname = "{package}"\ntitle = "Part {number}"\ndocs_path = "p{number}"\n'
        for number, package in enumerate(sorted(packages))
        if number % 2
    )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Make the edits; 1 if a run differed."""
    parser = argparse.ArgumentParser(prog="python -m tests.edits", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="one target; by default all")
    parser.add_argument("--edits", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tree", type=Path, action="append", default=[], help="an import root to edit instead")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="edits-") as folder:
        files = tree(options.tree) if options.tree else project()
        try:
            pair = run(Path(folder), files, options.edits, options.seed, options.targets)
        except Differs as error:
            print(error)
            return 1
    for kind, seconds in pair.seconds.items():
        print(f"{kind}: {statistics.median(seconds):.2f} s a command, {sum(seconds):.0f} s in all")
    print(f"{options.edits} edits: every run gave what a run without memory gives")
    return 0


if __name__ == "__main__":
    sys.exit(main())
