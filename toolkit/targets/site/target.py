"""The target of the docs site, with a part for each package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.descriptors.model import Element, Package
from toolkit.errors import Diagnostic
from toolkit.targets.changelog.history import history_of, is_told
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.examples.snippets import snippets_of
from toolkit.targets.examples.target import examples_of
from toolkit.targets.history import History
from toolkit.targets.jsonschema.settings import JsonSchemas
from toolkit.targets.openapi.settings import OpenApi
from toolkit.targets.reference.settings import Reference
from toolkit.targets.reference.style import PRESETS, style_of
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.shown import Shown
from toolkit.targets.site.mkdocs import CONFIG
from toolkit.targets.site.settings import SiteSettings
from toolkit.targets.site.site import Site
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class SiteTarget(Target):
    """The pages of chosen services and the types that are reachable from them, or of everything."""

    site: Site
    shown: Shown

    @property
    def shared(self) -> frozenset[str]:
        """The configuration of MkDocs, of which the navigation is generated."""
        return frozenset({CONFIG})

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> SiteTarget:
        """Create the target for a workspace."""
        settings, chosen = workspace.settings, workspace.settings.of(SiteSettings)
        shown = Shown.of(workspace)
        facts = shown.facts
        site = Site(
            facts=facts,
            catalog=workspace.catalog,
            maps=style_of(workspace.settings.of(Reference).style, PRESETS).maps == "map",
            renderer=workspace.renderer,
            examples=examples_of(workspace, facts),
            snippets=snippets_of(workspace, facts),
            folder=chosen.out,
            search=chosen.search,
            link_host=shown.link_host,
            wanted=choose(facts.schema) if choose else None,
            changelog=settings.of(ChangelogSettings).out,
            openapi=settings.of(OpenApi),
            schemas=settings.of(JsonSchemas),
            read_history=lambda: history_of(workspace) if is_told(settings) else (History(), []),
        )
        return cls(site, shown)

    def parts(self) -> Sequence[Part]:
        """The packages, and the files that they share."""
        return [
            Part(self.site.weight(package), package, package.name if package else "", self._read(package))
            for package in self.site.parts()
        ]

    def _read(self, package: Package | None) -> frozenset[str] | None:
        return frozenset(package.files) if package is not None else None

    def surface(self) -> str:
        """A digest of the names that are shown, which comments can hide."""
        return self.shown.digest

    def prepare(self) -> None:
        """Compute uses and addresses."""
        self.site.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The pages of a package."""
        return self.site.part(part.subject)

    def diagnostics(self) -> Sequence[Diagnostic]:
        """Unresolved references, and problems with examples."""
        return self.site.diagnostics()

    def subject(self, path: str) -> Element | None:
        """The element of a page."""
        return self.site.subjects.get(path)

    def sources(self, path: str) -> Sequence[str]:
        """The .proto files of a page, or of the page that an example belongs to."""
        name = path.rpartition("/")[2]
        page = path if path.endswith(".md") else f"{path.removesuffix(name)}{name.rsplit('.', 2)[0]}.md"
        return self.site.sources.get(page, ())

    def starters(self) -> Sequence[tuple[str, str]]:
        """The landing page."""
        return [self.site.landing()]
