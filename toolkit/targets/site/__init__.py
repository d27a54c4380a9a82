"""The docs site: Markdown for MkDocs, its configuration and its theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.targets.registry import Choose, Target, TargetType
from toolkit.targets.settings import Settings, TargetSettings, setting
from toolkit.targets.site.mkdocs import CONFIG, read_config

if TYPE_CHECKING:
    from toolkit.targets.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings(TargetSettings):
    """The docs site."""

    out: Path = setting(Path(), "Directory of mkdocs.yml, whose docs_dir says where the pages go.", kind="path")
    search: str = setting("auto", "Search: builtin, pagefind, or auto (by number of pages).", kind="text")
    link_host: str = setting(
        "",
        "Prefix of links in comments that begin with a slash, such as https://acme.example.",
        kind="text",
    )
    internal: bool = setting(False, "Include elements that are marked as internal.", kind="switch")
    hide: tuple[str, ...] = setting(
        (),
        "Pattern of full names to leave out, such as acme.*.Debug*; can be repeated.",
        kind="words",
        example='["acme.internal.*"]',
    )
    hide_options: tuple[str, ...] = setting(
        (),
        "Option that marks an element as internal: NAME or NAME=VALUE; can be repeated.",
        kind="words",
        example='["google.api.field_visibility.restriction=INTERNAL"]',
    )


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.site.target import SiteTarget

    return SiteTarget.of(workspace, choose)


def _inputs(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The user's own file that affects a site."""
    config = settings.of(SiteSettings).out / CONFIG
    if read_config(config) is not None:
        yield "config", config


TARGET = TargetType(
    name="site",
    noun="files",
    summary="""Write the pages of a docs site, and their navigation in mkdocs.yml.

    By default for every package, or for what is named and the types that it
    uses. `toolkit build` does this and builds the site, too.""",
    settings=SiteSettings,
    make=_make,
    reads=("catalog", "rules", "templates", "examples.grpc_server", "examples.http_server"),
    inputs=_inputs,
)
