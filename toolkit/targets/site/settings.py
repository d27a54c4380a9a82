"""The settings of the docs site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.settings import Settings, TargetSettings, setting


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
    hide_restricted: tuple[str, ...] = setting(
        (),
        "Visibility label of internal elements, such as INTERNAL; can be repeated.",
        kind="words",
        example='["INTERNAL"]',
    )
    viewer: bool = setting(
        False,
        "Show OpenAPI documents that are below the pages with Swagger UI, which npm downloads.",
        kind="switch",
    )
    show_revisions: bool = setting(
        False,
        "Show the other revisions of the changelog, too, with a switcher on each page.",
        kind="switch",
    )
    versions: Mapping[str, Any] | None = setting(
        None,
        "Versions to show with a switcher on each page, by name, oldest first, as in [changelog.revisions].",
        kind="table",
        example='{ "v1" = "history/v1", "v2" = "protos" }',
    )


def named_versions(settings: Settings) -> tuple[Mapping[str, Any], str]:
    """The versions of a site by name, as they are written, and the pattern of the git tags that are versions, too."""
    site, changelog = settings.of(SiteSettings), settings.of(ChangelogSettings)
    if not site.show_revisions:
        return site.versions or {}, ""
    return {**(changelog.revisions or {}), **(site.versions or {})}, changelog.tags
