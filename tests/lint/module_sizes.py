"""Part of `make lint`: no module over 500 lines, but for generated ones."""

from __future__ import annotations

import sys

from tests.conftest import REPOSITORY

LIMIT = 500
GENERATED = REPOSITORY / "toolkit/bindings"


def main() -> int:
    """Name the modules that are too long; 1 if there are any."""
    found = 0
    for folder in ("toolkit", "tests"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            if GENERATED not in path.parents and (lines := path.read_text(encoding="utf-8").count("\n")) > LIMIT:
                print(f"{path.relative_to(REPOSITORY)}: {lines} lines, {LIMIT} at most: there are two modules in it")
                found = 1
    return found


if __name__ == "__main__":
    sys.exit(main())
