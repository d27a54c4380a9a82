"""The target of the tables of contents, with a part for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.targets.reference.target import reference_of
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.rest.target import rest_of
from toolkit.targets.rest.yaml import dump
from toolkit.targets.toc.merging import merged, read_toc
from toolkit.targets.toc.settings import Toc
from toolkit.targets.toc.tree import Node, Tree, nested
from toolkit.targets.workspace import Workspace

_NAME = "toc.yaml"


@dataclass(frozen=True)
class TocTarget(Target):
    """The tables of contents of the APIs that contain a chosen service."""

    tree: Tree
    tables: Sequence[tuple[str, Node]]
    """The path of each table, and its first API."""
    folder: Path

    @property
    def shared(self) -> Collection[str]:
        """All of them: the user writes the rest."""
        return frozenset(path for path, _ in self.tables)

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> TocTarget:
        """Create the target for a workspace."""
        settings = workspace.settings.of(Toc)
        grpc, rest = reference_of(workspace), rest_of(workspace)
        wanted = choose(grpc.schema) if choose else lambda service: True
        nodes = {
            api.publication.docs_path: Node(api.publication, api.publication.docs_path, api.packages)
            for api in grpc.layout.apis
        }
        chosen = {api.publication.docs_path for api in grpc.apis(wanted)}
        roots = [path for path in nodes if not any(path.startswith(f"{other}/") for other in nodes)]
        tables = [
            (f"{path}/{_NAME}", node)
            for path, node in zip(
                sorted(roots, key=lambda path: path.split("/")), nested([*nodes.values()]), strict=True
            )
            if any(f"{other}/".startswith(f"{path}/") for other in chosen)
        ]
        tree = Tree((("gRPC", grpc.layout), ("REST", rest.layout)), settings.authentication)
        return cls(tree, tables, settings.out)

    def parts(self) -> Sequence[Part]:
        """The tables."""
        return [Part(1, table) for table in self.tables]

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The table of an API: the user's with the item replaced, or a new one."""
        path, node = part.subject
        existing = read_toc(self.folder / path)
        if existing is None:
            yield path, dump({"title": node.publication.title}) + "items:\n" + self.tree.item(node, 2)
        else:
            yield path, merged(existing, lambda column: self.tree.item(node, column), path)
