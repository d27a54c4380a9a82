"""Commands that go on where generating the docs site ends: its HTML, its completion, its preview."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.cli.generating import generate_targets
from toolkit.cli.options import TREE, cache, names, quiet, report, with_settings
from toolkit.delivery.finish import BUILDERS
from toolkit.targets import registry
from toolkit.targets.site import TARGET as SITE
from toolkit.targets.site import SiteSettings
from toolkit.targets.site.mkdocs import CONFIG
from toolkit.targets.workspace import Workspace

_SETTINGS = (*TREE, *SITE.reads, "site.out", "site.search", "site.link_host", "site.internal", "site.hide")
_SITE_DIR = click.option(
    "--site-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the HTML is, or goes; default: what mkdocs.yml says.",
)


@click.command()
@with_settings(*TREE, *SITE.reads)
@cache
@quiet
@_SITE_DIR
@click.option(
    "--with",
    "builder",
    type=click.Choice(BUILDERS),
    default=BUILDERS[0],
    show_default=True,
    help="What makes the HTML.",
)
def build(workspace: Workspace, quiet: bool, cached: bool, site_dir: Path | None, builder: str) -> None:
    """Make everything: every configured target, and the docs site as finished HTML.

    The site is made whether or not toolkit.toml has a table for it. Where a
    file is not as the toolkit left it, nothing of its target is written and the
    exit code is 2; the other targets are made.
    """
    from toolkit.delivery.finish.builder import build_html
    from toolkit.delivery.finish.site import finish as complete

    targets = map(registry.get, dict.fromkeys((*workspace.settings.configured, SITE.name)))
    stopped = generate_targets(workspace, targets, quiet, cached)
    if SITE.name in stopped:
        sys.exit(2)
    config = workspace.settings.of(SiteSettings).out / CONFIG
    folder = build_html(config, site_dir, builder)
    report(complete(config, site_dir=site_dir), quiet)
    click.echo(f"open {folder / 'index.html'}", err=True)
    if stopped:
        sys.exit(2)


@click.command()
@with_settings("site.out")
@_SITE_DIR
def finish(workspace: Workspace, site_dir: Path | None) -> None:
    """Complete the docs site that `mkdocs build` or `zensical build` has made.

    Adds each page's Markdown beside its HTML, llms.txt and llms-full.txt, the
    script that draws diagrams, and for a large site the index of its search.
    """
    from toolkit.delivery.finish.site import finish as complete

    report(complete(workspace.settings.of(SiteSettings).out / CONFIG, site_dir=site_dir))


@click.command()
@with_settings(*_SETTINGS, "site.hide_options")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 is any that is free.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@names
def serve(workspace: Workspace, names: tuple[str, ...], host: str, port: int, open_browser: bool) -> None:
    """Show the docs site in a browser, and build it again when a file changes.

    Protos, rules, the catalog, templates, settings and pages are watched. If a
    build fails, the error is printed and the last good pages stay up.
    """
    from toolkit.cli.preview import generating
    from toolkit.cli.preview import serve as preview

    made = generating(workspace, names)
    preview(lambda: workspace.again().settings, made, host=host, port=port, open_browser=open_browser)


COMMANDS = (build, finish, serve)
