"""The target of descriptor sets, with a part for each package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.descriptors.model import Package
from toolkit.targets.descriptors.settings import DescriptorSets
from toolkit.targets.descriptors.shown import ShownFiles
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.shown import Shown
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class DescriptorTarget(Target):
    """The descriptor sets of packages, or of those that are chosen or have something that is."""

    packages: Sequence[Package]
    made: ShownFiles
    settings: DescriptorSets
    shown: str

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> DescriptorTarget:
        """Create the target for a workspace."""
        shown = Shown.of(workspace)
        schema = shown.facts.schema
        chosen = choose(schema).packages if choose else schema.packages
        packages = [one for name, one in schema.packages.items() if one.requested and name in chosen]
        files = ShownFiles(schema, lambda: workspace.compilation.descriptor_set)
        return cls(packages, files, workspace.settings.of(DescriptorSets), shown.digest)

    def parts(self) -> Sequence[Part]:
        """The packages."""
        return [Part(len(one.files), one, one.name, frozenset(one.files)) for one in self.packages]

    def prepare(self) -> None:
        """Read what all sets need."""
        self.made.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, bytes]]:
        """The descriptor set of a package."""
        yield self.settings.file_of(part.subject.name), self.made.with_imports(part.subject.files)

    def sources(self, path: str) -> Sequence[str]:
        """The files of the package of a set."""
        return next((one.files for one in self.packages if self.settings.file_of(one.name) == path), ())

    def surface(self) -> str:
        """A digest of the names that are shown, which comments can hide."""
        return self.shown
