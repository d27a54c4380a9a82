"""Part of `make lint`: no module and no function is too long, generated ones aside."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import REPOSITORY

MODULES = {"toolkit": 400, "tests": 500}
"""Lines of a module at most, blank ones included."""
FUNCTION = 40
"""Lines of a function of ``toolkit/`` at most, docstring included and decorators not."""
GENERATED = REPOSITORY / "toolkit/bindings"


def findings(path: Path, folder: str) -> Iterator[str]:
    """What is too long in a module, with its place and the limit."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(REPOSITORY)
    if (lines := len(text.splitlines())) > MODULES[folder]:
        yield f"{name}: {lines} lines, at most {MODULES[folder]}: split the module"
    if folder == "tests":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION:
                yield f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION}: split the function"


def main() -> int:
    """Print what is too long; 1 if there is anything."""
    found = [
        finding
        for folder in MODULES
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        if GENERATED not in path.parents
        for finding in findings(path, folder)
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
