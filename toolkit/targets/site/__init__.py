"""The docs site: Markdown for MkDocs from the model, and what makes a site of it."""

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

    out: Path = setting(Path(), "Folder that mkdocs.yml lies in; it says where the pages go (docs_dir).", kind="path")
    search: str = setting("auto", "Search: builtin, pagefind, or auto, which goes by the number of pages.", kind="text")
    link_host: str = setting(
        "",
        "What stands before links in comments that begin with a slash, such as https://acme.example.",
        kind="text",
    )
    internal: bool = setting(False, "Show what is marked as internal, too.", kind="switch")
    hide: tuple[str, ...] = setting(
        (),
        "Pattern of full names to leave out, such as acme.*.Debug*; may be given more than once.",
        kind="words",
        example='["acme.internal.*"]',
    )
    hide_options: tuple[str, ...] = setting(
        (),
        "Option that marks what is internal: NAME, or NAME=VALUE; may be given more than once.",
        kind="words",
        example='["google.api.field_visibility.restriction=INTERNAL"]',
    )


def _make(workspace: Workspace, choose: Choose | None) -> Target:
    from toolkit.targets.site.target import SiteTarget

    return SiteTarget.of(workspace, choose)


def _inputs(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The file of the user's that a site is written around."""
    config = settings.of(SiteSettings).out / CONFIG
    if read_config(config) is not None:
        yield "config", config


TARGET = TargetType(
    name="site",
    noun="files",
    summary="""Write the pages of a docs site, and their navigation in mkdocs.yml.

    Of every package by default; of what is named, and the types that it reaches.
    `mkdocs build --strict` makes the site of them, `toolkit finish` completes it.""",
    settings=SiteSettings,
    make=_make,
    reads=("catalog", "rules", "templates", "examples.grpc_server", "examples.http_server"),
    inputs=_inputs,
)
