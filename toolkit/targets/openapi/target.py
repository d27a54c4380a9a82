"""The target of OpenAPI documents, with a part for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from toolkit.descriptors.model import Service
from toolkit.errors import Diagnostic
from toolkit.targets.examples.target import examples_of
from toolkit.targets.openapi.document import Documents
from toolkit.targets.openapi.settings import OpenApi
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.shown import Shown
from toolkit.targets.workspace import Workspace
from toolkit.targets.writing import as_json, as_yaml


@dataclass(frozen=True)
class OpenApiTarget(Target):
    """The documents of the chosen services that have something to say over HTTP."""

    documents: Documents
    services: Sequence[Service]
    shown: str

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> OpenApiTarget:
        """Create the target for a workspace."""
        settings = workspace.settings.of(OpenApi)
        shown = Shown.of(workspace)
        facts = shown.facts
        settings.check(facts.schema.messages)
        wanted = choose(facts.schema) if choose else lambda service: True
        services = [
            service for service in facts.schema.requested_services() if wanted(service) and settings.has(facts, service)
        ]
        made = Documents(facts, settings, examples_of(workspace, facts), shown.link_host)
        return cls(made, services, shown.digest)

    @property
    def _settings(self) -> OpenApi:
        return self.documents.settings

    @cached_property
    def _by_path(self) -> Mapping[str, Sequence[Service]]:
        if self._settings.merge:
            return {self._settings.file_of(""): self.services} if self.services else {}
        packages = groupby(self.services, attrgetter("package"))
        return {self._settings.file_of(package): [*found] for package, found in packages}

    def parts(self) -> Sequence[Part]:
        """The documents."""
        return [
            Part(
                sum(len(service.methods) for service in services),
                path,
                path,
                frozenset(self.sources(path)),
            )
            for path, services in self._by_path.items()
        ]

    def prepare(self) -> None:
        """Compute what all documents need."""
        self.documents.examples.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """A document."""
        written = as_yaml if self._settings.format == "yaml" else as_json
        yield part.subject, written(self.documents.document(self._by_path[part.subject]))

    def diagnostics(self) -> Sequence[Diagnostic]:
        """What OpenAPI can't say, and problems with examples."""
        return [*sorted(self.documents.problems), *self.documents.examples.diagnostics()]

    def sources(self, path: str) -> Sequence[str]:
        """The files of the services in a document."""
        return [*dict.fromkeys(service.location.file for service in self._by_path.get(path, ()))]

    def surface(self) -> str:
        """A digest of the names that are shown, which comments can hide."""
        return self.shown
