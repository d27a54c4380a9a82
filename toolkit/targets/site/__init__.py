"""The docs site: Markdown for MkDocs, its configuration and its theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.descriptors.addresses import is_address
from toolkit.targets.changelog.history import inputs_of, is_told, source_of
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import Settings
from toolkit.targets.site.mkdocs import CONFIG, docs_dir, read_config
from toolkit.targets.site.settings import SiteSettings, named_versions

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.site.target import SiteTarget

    return SiteTarget.of(workspace, choose)


def _inputs(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files outside of the protos that affect a site: the user's configuration, and the revisions of the API."""
    out = settings.of(SiteSettings).out
    text = read_config(out / CONFIG)
    if text is not None:
        yield "config", out / CONFIG
    chosen = settings.of(ChangelogSettings)
    if is_told(chosen):
        yield from inputs_of(settings, chosen.revisions, chosen.tags)
    named, pattern = named_versions(settings)
    yield from ((f"version: {name}", path) for name, path in inputs_of(settings, named, pattern))
    yield from _in_the_way(out / docs_dir(text or ""), named) if named else ()


def _addresses(settings: Settings) -> Iterator[str]:
    """The versions that come from a server or from the web."""
    yield from dict.fromkeys(filter(is_address, map(source_of, named_versions(settings)[0].values())))


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
    addresses=_addresses,
)
