"""The rooms of the toolkit: which may import which, what the runtime imports, and that no modules form a circle."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ALL = {"changes", "delivery", "descriptors", "semantics", "targets"}
ARROWS: dict[str, set[str]] = {
    "toolkit": {"api"},
    "__main__": {"cli"},
    "api": ALL,
    "cli": ALL,
    "delivery": {"descriptors", "semantics", "targets"},
    "targets": {"descriptors", "semantics"},
    "targets.changelog": {"changes", "descriptors", "semantics"},
    "changes": {"descriptors", "semantics"},
    "semantics": {"descriptors"},
    "descriptors": set(),
    "errors": set(),
    "printing": {"errors"},
    "runtime": set(),
    "hatch_build": set(),
}
"""Rooms, and the others that they may import. Of the targets only the changelog knows of changes."""
EVERYONE = {"errors", "printing", "runtime"}
"""What all rooms may import. They import no room."""
OUTSIDE_RUNTIME = {"google", "grpc", "grpc_health", "grpc_reflection"}
"""Packages that the runtime imports besides the standard library; the last two only if a server asks for what they do."""

Imports = Mapping[str, Mapping[str, int]]
"""Modules, and what each imports, with the line."""


def modules(folder: Path) -> dict[str, Path]:
    """The modules of a package by name, those that are generated aside."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        if parts[1] != "bindings":
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports_of(folder: Path) -> Imports:
    """What each module of a package imports, anywhere in it: also in functions, and for types only."""
    found = modules(folder)
    return {
        name: {imported: line for imported, line in _imports(name, path, found) if imported != name}
        for name, path in found.items()
    }


def _imports(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[tuple[str, int]]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: None if node.level < 2 else 1 - node.level]
            source = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield inner if inner in known else source, node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (
                (argument.value, node.lineno) for argument in node.args[:1] if isinstance(argument, ast.Constant)
            )


def room(module: str) -> str:
    """The room of a module of the toolkit: the longest that is known, else the first part of its name."""
    name = module.removeprefix("toolkit.")
    fitting = [known for known in ARROWS if f"{name}.".startswith(f"{known}.")]
    return max(fitting, key=len, default=name.partition(".")[0])


def wrong_arrows(imports: Imports) -> list[str]:
    """Imports from a room that may not be used where they are."""
    found = []
    for module, imported in imports.items():
        here = room(module)
        allowed = {here.partition(".")[0]} | ARROWS.get(here, set()) | (set() if here in EVERYONE else EVERYONE)
        for name, line in imported.items():
            if name.partition(".")[0] == "toolkit" and room(name).partition(".")[0] not in allowed:
                found.append(f"{module}:{line} → {name}")
    return found


def circles(imports: Imports) -> list[list[str]]:
    """Modules that import one another in circles, each the one after it; of circles that share a link, one."""
    links = {module: set(imported) & imports.keys() for module, imported in imports.items()}
    found = []
    while True:
        try:
            TopologicalSorter(links).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            found.append(circle)
            links[circle[0]].discard(circle[1])
        else:
            return found


IMPORTS = imports_of(REPOSITORY / "toolkit")


def test_rooms() -> None:
    """Every module of the toolkit is in a room that is known."""
    assert {room(module).partition(".")[0] for module in IMPORTS} - ARROWS.keys() == set()


def test_arrows() -> None:
    """A room imports those below it, and nothing points back: not in a function, and not for types."""
    wrong = wrong_arrows(IMPORTS)
    assert not wrong, "\n".join(wrong)


def test_no_circles() -> None:
    """No modules of the toolkit import one another in a circle, of whatever length."""
    found = circles(IMPORTS)
    assert not found, "\n".join(" → ".join(circle) for circle in found)


def test_runtime_outside() -> None:
    """The runtime needs the standard library, protobuf and grpc, and nothing else."""
    imported = {name.partition(".")[0] for module in IMPORTS if room(module) == "runtime" for name in IMPORTS[module]}
    assert imported - sys.stdlib_module_names - {"toolkit"} <= OUTSIDE_RUNTIME


@pytest.mark.parametrize(
    "last",
    [
        "from toolkit.cli import main",
        "from toolkit.cli.main import run",
        "from ..cli.main import run",
        "from ..cli import main",
        "import toolkit.cli.main",
        "def late():\n    from toolkit.cli.main import run",
        "if TYPE_CHECKING:\n    from toolkit.cli.main import run",
        "import importlib\nimportlib.import_module('toolkit.cli.main')",
    ],
)
def test_found(tmp_path: Path, last: str) -> None:
    """An arrow that points back, and the circle that it closes, are found in each form; without it there are none."""
    texts = {
        "__init__": "",
        "cli/__init__": "",
        "cli/main": "from toolkit.descriptors.load import x\nfrom toolkit import errors",
        "descriptors/__init__": "",
        "descriptors/load": "",
        "errors": "",
    }
    for name, text in texts.items():
        path = tmp_path / "toolkit" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    imports = imports_of(tmp_path / "toolkit")
    assert (wrong_arrows(imports), circles(imports)) == ([], [])
    path = tmp_path / "toolkit/descriptors/load.py"
    path.write_text(last)
    imports = imports_of(tmp_path / "toolkit")
    [wrong] = wrong_arrows(imports)
    assert wrong.endswith("→ toolkit.cli.main")
    [circle] = circles(imports)
    assert set(circle) == {"toolkit.cli.main", "toolkit.descriptors.load"}
