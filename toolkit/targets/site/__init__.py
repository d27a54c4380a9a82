"""The docs site: Markdown for MkDocs, its configuration and its theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.targets.changelog.history import inputs_of, is_told
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.site.mkdocs import CONFIG, read_config
from toolkit.targets.site.settings import SiteSettings

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.site.target import SiteTarget

    return SiteTarget.of(workspace, choose)


def _inputs(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files outside of the protos that affect a site: the user's configuration, and the revisions of the API."""
    config = settings.of(SiteSettings).out / CONFIG
    if read_config(config) is not None:
        yield "config", config
    chosen = settings.of(ChangelogSettings)
    if is_told(chosen):
        yield from inputs_of(settings, chosen.revisions, chosen.tags)
    versions = settings.of(SiteSettings).versions
    yield from ((f"version: {name}", path) for name, path in inputs_of(settings, versions))


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
