"""The target of the docs site, with parts for the packages and files of each version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from toolkit.descriptors.model import Element
from toolkit.errors import ConfigError, Diagnostic, Location
from toolkit.targets.changelog.feed import FEED
from toolkit.targets.changelog.history import history_of
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.descriptors.settings import DescriptorSets
from toolkit.targets.examples.snippets import snippets_of
from toolkit.targets.examples.target import examples_of
from toolkit.targets.history import History
from toolkit.targets.jsonschema.settings import JsonSchemas
from toolkit.targets.openapi.settings import OpenApi
from toolkit.targets.reference.settings import Reference
from toolkit.targets.reference.style import PRESETS, style_of
from toolkit.targets.registry import Choose, Part, Target, get
from toolkit.targets.rendering import Renderer
from toolkit.targets.settings import Settings
from toolkit.targets.shown import Shown
from toolkit.targets.site.downloads import Downloads
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.mkdocs import CONFIG, Configuration
from toolkit.targets.site.pages import Pages
from toolkit.targets.site.prose import quoted
from toolkit.targets.site.settings import SiteSettings, named_versions
from toolkit.targets.site.site import Site
from toolkit.targets.site.versions import CURRENT, Versions, check_folders, check_names, check_sources, folder_of
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
        """Create the target for a workspace. What is chosen is shown without other versions, which may not have it."""
        settings, shown = workspace.settings, Shown.of(workspace)
        layout = Layout.of(shown.facts, choose(shown.facts.schema) if choose else None)
        name = _title(layout, workspace)
        configuration = Configuration(settings.of(SiteSettings).out, partial(_starter, workspace.renderer, name))
        _check_viewer(settings, configuration)
        others = {} if choose else _others(workspace, configuration)
        versions = _versions(layout, others)
        main = replace(
            _pages(workspace, layout, versions, shown.link_host, configuration.below),
            read_history=lambda: history_of(workspace),
            changelog=partial(_changelog, workspace, configuration),
        )
        pages = {
            version: _pages(other, versions.layouts[version], versions, shown.link_host)
            for version, other in others.items()
            if other is not None
        }
        search, feed = settings.of(SiteSettings).search, partial(_feed, workspace, configuration)
        site = Site(main, name, configuration, workspace.renderer, search, pages, feed)
        return cls(site, shown)

    def parts(self) -> Sequence[Part]:
        """The parts of each version; what other versions read does not change with the tree."""
        return [
            Part(
                part.weight,
                (version, part),
                "/".join(filter(None, (version, part.name))) if part.name else "",
                frozenset() if version and part.name else part.reads,
            )
            for version, part in self.site.parts()
        ]

    def surface(self) -> str:
        """A digest of the names that are shown, which comments can hide."""
        return self.shown.digest

    def prepare(self) -> None:
        """Compute uses and addresses."""
        self.site.prepare()

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The pages of a part."""
        return self.site.files(*part.subject)

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

    def starters(self) -> Mapping[str, Callable[[], str]]:
        """The landing page."""
        return {self.site.landing_path: self.site.landing}


def _title(layout: Layout, workspace: Workspace) -> str:
    """The title of a new site: that of its package, if only one has services or there is only one."""
    packages = [package for package in layout.packages if layout.services_of(package)] or layout.packages
    return workspace.catalog.title(packages[0].name) if len(packages) == 1 else "API"


def _starter(renderer: Renderer, name: str) -> str:
    return renderer.render("site/mkdocs.yml.j2", name=quoted(name)) + "\n"


def _check_viewer(settings: Settings, configuration: Configuration) -> None:
    out = settings.of(OpenApi).out
    pages = configuration.folder / configuration.docs_dir
    if settings.of(SiteSettings).viewer and configuration.below(out) is None:
        raise ConfigError(
            f"[site] viewer shows documents of the site, but [openapi] out = {str(out)!r} is not below its pages",
            hint=f"set out to a directory there, such as {(pages / 'openapi').as_posix()!r}",
        )


def _changelog(workspace: Workspace, configuration: Configuration) -> str:
    """The address of the changelog, seen from a page of the documented version; empty if it is not on the site."""
    path = configuration.below(workspace.settings.of(ChangelogSettings).out)
    return f"../../{quote(path)}" if path is not None else ""


def _feed(workspace: Workspace, configuration: Configuration, history: History) -> str:
    """The path of the changelog's feed below the directory of the pages; empty if there is none."""
    path = configuration.below(workspace.settings.of(ChangelogSettings).out)
    is_there = history.is_dated and path is not None and configuration.address is not None
    return quote(f"{path}/{FEED}") if is_there else ""


def _others(workspace: Workspace, configuration: Configuration) -> Mapping[str, Workspace | None]:
    """The versions that the settings name, newest first; None is the documented one."""
    from toolkit.targets.changelog.revisions import TABLE, find_revisions

    settings = workspace.settings
    site = settings.of(SiteSettings)
    named, pattern = named_versions(settings)
    if not named and not pattern:
        return {}
    table = "[site.versions]" if site.versions else TABLE
    where = Location(str(settings.file)) if settings.file is not None else None
    check_sources(named, table, where)
    found = find_revisions(named, pattern, settings.tree, settings.file, workspace.access, table)
    names = {revision.name: revision.is_current for revision in found}
    check_names(names, table, where)
    pages = configuration.folder / configuration.docs_dir
    shown = [name for name, is_main in names.items() if not is_main]
    check_folders(shown, pages, _written(settings, configuration), table, where)
    return {
        revision.name: None if revision.is_current else Workspace(settings, revision.source.compilation)
        for revision in reversed(found)
    }


def _written(settings: Settings, configuration: Configuration) -> Iterator[tuple[str, str]]:
    """The targets that write below the directory of the pages: their names and directories."""
    for name in settings.configured:
        chosen = settings.of(get(name).settings)
        path = configuration.below(chosen.out) if not isinstance(chosen, SiteSettings) else None
        if path is not None:
            yield name, path


def _versions(main: Layout, others: Mapping[str, Workspace | None]) -> Versions:
    name = next((name for name, workspace in others.items() if workspace is None), CURRENT)
    layouts = {
        version: Layout.of(Shown.of(workspace).facts, None, folder_of(version)) if workspace is not None else main
        for version, workspace in others.items()
    }
    return Versions(name, layouts if name in layouts else {name: main, **layouts})


def _pages(
    workspace: Workspace,
    layout: Layout,
    versions: Versions,
    link_host: str,
    below: Callable[[Path], str | None] = lambda folder: None,
) -> Pages:
    settings, facts, where = workspace.settings, layout.facts, cache(below)
    return Pages(
        layout=layout,
        catalog=workspace.catalog,
        maps=style_of(settings.of(Reference).style, PRESETS).maps == "map",
        renderer=workspace.renderer,
        examples=examples_of(workspace, facts),
        snippets=snippets_of(workspace, facts),
        downloads=Downloads(facts, settings.of(OpenApi), settings.of(JsonSchemas), settings.of(DescriptorSets), where),
        has_viewer=settings.of(SiteSettings).viewer,
        link_host=link_host,
        versions=versions,
    )
