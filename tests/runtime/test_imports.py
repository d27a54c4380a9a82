"""The modules of the runtime are layered, and depend on nothing else of the toolkit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ROOM = REPOSITORY / "toolkit" / "runtime"


def imports_of(folder: Path, package: str) -> dict[str, set[str]]:
    """What each module of a package imports: anywhere in it, also inside functions and for types only."""
    modules = {f"{package}.{path.stem}".removesuffix(".__init__"): path for path in sorted(folder.glob("*.py"))}
    return {name: set(_imports(path, package, modules.keys() - {name})) for name, path in modules.items()}


def _imports(path: Path, package: str, others: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = ".".join(filter(None, (package if node.level else "", node.module)))
            names = (f"{source}.{alias.name}" for alias in node.names)
            yield from (name if name in others else source for name in names)


def circle_in(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import one another in a circle, each the one before it."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle() -> None:
    """No modules of the runtime import one another in a circle, of whatever length and wherever the imports are."""
    circle = circle_in(imports_of(ROOM, "toolkit.runtime"))
    assert not circle, " ← ".join(circle)


def test_nothing_else_of_the_toolkit() -> None:
    """The runtime imports no module of the toolkit but its own: users of generated code get nothing else."""
    imports = imports_of(ROOM, "toolkit.runtime")
    assert {"toolkit.runtime", "toolkit.runtime.message"} < imports.keys()
    outside = {name for names in imports.values() for name in names if name.partition(".")[0] == "toolkit"}
    assert outside <= imports.keys()


@pytest.mark.parametrize(
    "last",
    [
        "from room import a",
        "from . import a",
        "from .a import x",
        "import room.a",
        "def f():\n    from room.a import x",
        "if TYPE_CHECKING:\n    from room.a import x",
    ],
)
def test_circles_are_found(tmp_path: Path, last: str) -> None:
    """A circle of three modules is found by each form that its last import can have; without it there is none."""
    texts = {"__init__": "from room import a, b, c", "a": "from room.b import x", "b": "import room.c", "c": ""}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    assert circle_in(imports_of(tmp_path, "room")) == []
    (tmp_path / "c.py").write_text(last)
    assert set(circle_in(imports_of(tmp_path, "room"))) == {"room.a", "room.b", "room.c"}
