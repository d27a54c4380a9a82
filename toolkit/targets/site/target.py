"""The docs site as a target: a package at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.descriptors.model import Element
from toolkit.errors import Diagnostic
from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, visible
from toolkit.targets.examples.target import examples_of, snippets_of
from toolkit.targets.reference import Reference
from toolkit.targets.reference.style import style_of
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.site import SiteSettings
from toolkit.targets.site.site import Site
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class SiteTarget(Target):
    """The pages of the services wanted and of what they reach, or of everything."""

    site: Site

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> SiteTarget:
        """The target of a workspace."""
        chosen = workspace.settings.of(SiteSettings)
        schema = visible(workspace.facts, Visibility(chosen.internal, chosen.hide, chosen.hide_options))
        facts = workspace.facts if schema is workspace.schema else Facts(schema, workspace.mappings)
        site = Site(
            facts=facts,
            catalog=workspace.catalog,
            maps=style_of(workspace.settings.of(Reference).style).maps == "map",
            renderer=workspace.renderer,
            examples=examples_of(workspace, facts),
            snippets=snippets_of(workspace, facts),
            folder=chosen.out,
            search=chosen.search,
            link_host=chosen.link_host.rstrip("/"),
            wanted=choose(schema) if choose else None,
        )
        return cls(site)

    def parts(self) -> Sequence[Part]:
        """The packages, and what they have in common."""
        return [Part(self.site.weight(package), package) for package in self.site.parts()]

    def prepare(self) -> None:
        """Work out uses and addresses."""
        self.site.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The pages of a package."""
        return self.site.part(part.subject)

    def diagnostics(self) -> Sequence[Diagnostic]:
        """References that lead nowhere, and what is wrong with examples."""
        return self.site.diagnostics()

    def subject(self, path: str) -> Element | None:
        """The element of a page."""
        return self.site.subjects.get(path)
