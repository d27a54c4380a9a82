"""The target of the examples, with a part for each package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from toolkit.descriptors.model import Element, Service
from toolkit.errors import Diagnostic
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.bounds import Bounds
from toolkit.targets.examples.examples import Examples, stem_of
from toolkit.targets.examples.settings import ExampleSettings
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.settings import Limits
from toolkit.targets.workspace import Workspace


def examples_of(workspace: Workspace, facts: Facts | None = None) -> Examples:
    """The examples of a workspace, based on its facts or on given ones."""
    settings = workspace.settings.of(ExampleSettings)
    bounds = Bounds(settings.levels, settings.max_bytes)
    most = workspace.settings.of(Limits).max_example_bytes
    return Examples(facts or workspace.facts, settings.values or {}, lambda: workspace.classes, most, bounds)


@dataclass(frozen=True)
class ExampleTarget(Target):
    """The examples of the chosen services."""

    examples: Examples
    wanted: Callable[[Service], bool]
    variants: bool

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> ExampleTarget:
        """Create the target for a workspace."""
        examples = examples_of(workspace)
        wanted = choose(workspace.schema) if choose else lambda service: True
        return cls(examples, wanted, workspace.settings.of(ExampleSettings).variants)

    def parts(self) -> Sequence[Part]:
        """The services of each package, which share messages that are thus made once."""
        services = filter(self.wanted, self.examples.schema.requested_services())
        packages = [[*found] for _, found in groupby(services, attrgetter("package"))]
        return [
            Part(
                sum(len(service.methods) for service in found),
                found,
                found[0].full_name,
                frozenset(service.location.file for service in found),
            )
            for found in packages
        ]

    def prepare(self) -> None:
        """Compute what all packages need."""
        self.examples.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The files of a package."""
        for service in part.subject:
            yield from self.examples.service_files(service, variants=self.variants)

    def diagnostics(self) -> Sequence[Diagnostic]:
        """Unsatisfiable constraints, and invalid hand-written examples."""
        return self.examples.diagnostics()

    def subject(self, path: str) -> Element | None:
        """The method of a file."""
        return self._stems.get(path.split(".", 1)[0])

    @cached_property
    def _stems(self) -> Mapping[str, Element]:
        services = self.examples.schema.requested_services()
        return {stem_of(service, method): method for service in services for method in service.methods}
