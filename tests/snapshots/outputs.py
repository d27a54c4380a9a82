"""The outputs of every target over the repository's own protos and two large trees."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tests.support.command import run
from tests.support.published import CLOUDAPI, REPOSITORY, import_roots

OLD, NEW = CLOUDAPI / "2025-03-25-dca088cd", CLOUDAPI / "2026-06-29-8ad214f2"
_SETTINGS = """\
proto_path = {roots}
{more}
[reference]
out = "reference"
style = "current,source_path=true"
[rest]
out = "rest"
[toc]
out = "toc"
[examples]
out = "examples"
variants = true
[openapi]
out = "openapi"
[jsonschema]
out = "jsonschema"
[descriptors]
out = "descriptors"
[python]
out = "python"
package = "acme.bindings"
[changelog]
out = "changelog"
[changelog.revisions]
old = "{old}"
new = "{new}"
[site]
out = "site"
link_host = "https://docs.example.com"
"""
COMMANDS = {
    "reference": ("generate", "reference"),
    "rest": ("generate", "rest"),
    "toc": ("generate", "toc"),
    "examples": ("generate", "examples"),
    "openapi": ("generate", "openapi"),
    "jsonschema": ("generate", "jsonschema"),
    "descriptors": ("generate", "descriptors"),
    "python": ("generate", "python"),
    "changelog": ("changelog",),
    "site": ("generate", "site"),
}
"""Targets, and the commands that make them."""


@dataclass(frozen=True)
class Tree:
    """A tree of protos, and what its changelog compares."""

    name: str
    roots: tuple[Path, ...]
    old: Path
    new: Path
    more: str = ""

    @property
    def is_present(self) -> bool:
        """Whether the folders are there."""
        return all(path.is_dir() for path in (*self.roots, self.old, self.new))


TREES = (
    Tree(
        "protos",
        (REPOSITORY / "protos",),
        REPOSITORY / "protos",
        REPOSITORY / "site/revisions/2026-06-29",
        f'catalog = "{REPOSITORY / "catalog.toml"}"',
    ),
    *(Tree(tree.name, tuple(import_roots(tree)), OLD, NEW) for tree in (OLD, NEW)),
)


def generate(tree: Tree, folder: Path) -> None:
    """Write what every target makes of a tree, each below a folder of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    roots = [str(root) for root in tree.roots]
    text = _SETTINGS.format(roots=roots, more=tree.more, old=tree.old, new=tree.new)
    (folder / "toolkit.toml").write_text(text)
    for command in COMMANDS.values():
        ran = run(*command, "--quiet", cwd=folder, patience=600)
        assert ran.code == 0, ran.errors


def digest(folder: Path) -> str:
    """A digest of paths and contents below a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()
