"""The target of the bindings, with a part for each package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.targets.python.bindings import PythonBindings
from toolkit.targets.python.settings import PythonSettings
from toolkit.targets.registry import Part, Target
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class PythonTarget(Target):
    """The modules of all packages."""

    bindings: PythonBindings

    @classmethod
    def of(cls, workspace: Workspace) -> PythonTarget:
        """Create the target for a workspace."""
        package = workspace.settings.of(PythonSettings).package
        return cls(PythonBindings(workspace.facts, workspace.compilation.descriptor_set, package, workspace.renderer))

    def parts(self) -> Sequence[Part]:
        """The packages; the part without a package includes the files that packages share."""
        packages = ["", *filter(None, self.bindings.packages())]
        return [Part(self.bindings.size(package), package) for package in packages]

    def prepare(self) -> None:
        """Compute all names, and the descriptors."""
        self.bindings.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The files of a package."""
        return self.bindings.part(part.subject)

    def sources(self, path: str) -> Sequence[str]:
        """The files of the packages in the directory of a module, or below it."""
        return self.bindings.sources.get(path.rpartition("/")[0], ())
