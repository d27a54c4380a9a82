"""The docs site: Markdown for MkDocs, its configuration and its theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.targets.changelog.history import inputs_of, is_told
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.site.mkdocs import CONFIG, docs_dir, read_config
from toolkit.targets.site.settings import SiteSettings

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.site.target import SiteTarget

    return SiteTarget.of(workspace, choose)


def _inputs(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files outside of the protos that affect a site: the user's configuration, and the revisions of the API."""
    out, versions = settings.of(SiteSettings).out, settings.of(SiteSettings).versions
    text = read_config(out / CONFIG)
    if text is not None:
        yield "config", out / CONFIG
    chosen = settings.of(ChangelogSettings)
    if is_told(chosen):
        yield from inputs_of(settings, chosen.revisions, chosen.tags)
    yield from ((f"version: {name}", path) for name, path in inputs_of(settings, versions))
    yield from _in_the_way(out / docs_dir(text or ""), versions) if versions else ()


def _in_the_way(pages: Path, versions: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Pages of the user where versions would be."""
    from toolkit.targets.site.versions import page_at

    yield from (("page", pages / page_at(name)) for name in versions if (pages / page_at(name)).is_file())


TARGET = TargetType(
    name="site",
    noun="files",
    summary="""Write the pages of a docs site, and their navigation in mkdocs.yml.

    By default for every package, or for what is named and the types that it
    uses. `toolkit build` does this and builds the site, too.""",
    settings=SiteSettings,
    make=_make,
    reads=("catalog", "rules", "templates", "examples.grpc_server", "examples.http_server", "examples.tls"),
    inputs=_inputs,
)
