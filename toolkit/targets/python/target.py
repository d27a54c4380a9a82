"""The target of the bindings, with a part for each package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.targets.python.bindings import PythonBindings
from toolkit.targets.python.distribution import Distribution
from toolkit.targets.python.settings import PythonSettings
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class PythonTarget(Target):
    """The modules of all packages."""

    bindings: PythonBindings
    wanted: Sequence[str]
    """The packages to generate."""

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None = None) -> PythonTarget:
        """Create the target for a workspace; chosen packages come with those that they use."""
        settings, compilation = workspace.settings.of(PythonSettings), workspace.compilation
        name, version = settings.distribution, settings.distribution_version
        made = PythonBindings(
            workspace.facts,
            compilation.descriptor_set,
            settings.package,
            workspace.renderer,
            settings.names or {},
            settings.imports or {},
            Distribution(name, version, settings.dependencies) if name else None,
        )
        chosen = choose(workspace.schema).packages if choose is not None else None
        return cls(made, made.packages() if chosen is None else made.with_used(chosen))

    def parts(self) -> Sequence[Part]:
        """The packages; the part without a package includes the files that packages share."""
        packages = ["", *filter(None, self.wanted)]
        known = self.bindings.schema.packages
        files = {package: frozenset(known[package].files) if package in known else None for package in packages}
        return [Part(self.bindings.size(package), package, package, files[package]) for package in packages]

    def prepare(self) -> None:
        """Compute all names, and the descriptors."""
        self.bindings.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The files of a package."""
        return self.bindings.part(part.subject)

    def sources(self, path: str) -> Sequence[str]:
        """The files of the packages in the directory of a module, or below it."""
        return self.bindings.sources.get(path.rpartition("/")[0], ())
