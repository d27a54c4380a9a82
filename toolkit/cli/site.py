"""Commands for the docs site beyond generating its pages: building, completing, previewing."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.cli.generating import generate_targets
from toolkit.cli.options import TREE, cache, names, quiet, report, shard, with_settings
from toolkit.delivery.finish import BUILDERS
from toolkit.delivery.shards import Shard
from toolkit.descriptors.paths import is_below
from toolkit.targets import registry
from toolkit.targets.site import TARGET as SITE
from toolkit.targets.site.mkdocs import CONFIG, docs_dir, read_config
from toolkit.targets.site.settings import SiteSettings
from toolkit.targets.workspace import Workspace

_SETTINGS = (*TREE, *SITE.reads, "site.out", "site.search", "site.link_host", "site.internal", "site.hide")
_SITE_DIR = click.option(
    "--site-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of the HTML. Default: site_dir in mkdocs.yml.",
)


@click.command()
@with_settings(*TREE, *SITE.reads)
@cache
@shard
@quiet
@_SITE_DIR
@click.option(
    "--with",
    "builder",
    type=click.Choice(BUILDERS),
    default=BUILDERS[0],
    show_default=True,
    help="Program that builds the HTML.",
)
def build(
    workspace: Workspace, quiet: bool, cached: bool, site_dir: Path | None, builder: str, shard: Shard | None
) -> None:
    """Generate everything, and build the docs site.

    Generates every target with a table in toolkit.toml. The site is built even
    if it has no table. If a file to overwrite or remove was edited by hand, its
    target is not written, and the exit code is 2. With --shard, a share of the
    other targets is generated, and a share of the HTML is built.
    """
    from toolkit.delivery.finish.builder import build_html
    from toolkit.delivery.finish.site import finish as complete

    if shard is not None:
        _build_share(workspace, quiet, site_dir, builder, shard)
        return
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


def _build_share(workspace: Workspace, quiet: bool, site_dir: Path | None, builder: str, shard: Shard) -> None:
    from toolkit.delivery import shards
    from toolkit.delivery.finish.sharing import build_share
    from toolkit.delivery.staging import write

    stopped = generate_targets(workspace, [SITE], quiet, cached=False, shard=shard, whole=[SITE.name])
    if stopped:
        sys.exit(2)
    out = workspace.settings.of(SiteSettings).out
    docs = out / docs_dir(read_config(out / CONFIG) or "")
    others = [registry.get(name) for name in workspace.settings.configured if name != SITE.name]
    whole = [kind.name for kind in others if is_below(workspace.settings.of(kind.settings).out, docs)]
    stopped = generate_targets(workspace, others, quiet, cached=False, shard=shard, whole=whole)
    home = shards.folder_of(workspace.settings, SITE)
    html = build_share(out / CONFIG, home, site_dir, builder, shard)
    made = shards.ShardFile(shards.read(home, shard).targets, html)
    write({shard.file: shards.dumped(made)}, home)
    if not quiet:
        click.echo(f"{len(html.files)} files of HTML in shard {shard}; merge all shards with: toolkit merge", err=True)
    if stopped:
        sys.exit(2)


@click.command()
@with_settings("site.out")
@_SITE_DIR
def finish(workspace: Workspace, site_dir: Path | None) -> None:
    """Complete a docs site that `mkdocs build` or `zensical build` has built.

    Adds a Markdown copy of each page, llms.txt, llms-full.txt, the script for
    diagrams and, for large sites, the search index.
    """
    from toolkit.delivery.finish.site import finish as complete

    report(complete(workspace.settings.of(SiteSettings).out / CONFIG, site_dir=site_dir))


@click.command()
@with_settings(*_SETTINGS, "site.hide_options")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 picks a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@names
def serve(workspace: Workspace, names: tuple[str, ...], host: str, port: int, open_browser: bool) -> None:
    """Preview the docs site, and rebuild it when a file changes.

    Watches protos, option mappings, the catalog, templates, settings and
    pages. If a build fails, the error is printed and the last good pages stay
    up.
    """
    from toolkit.cli.preview import generating
    from toolkit.cli.preview import serve as preview

    made = generating(workspace, names)
    preview(lambda: workspace.again().settings, made, host=host, port=port, open_browser=open_browser)


COMMANDS = (build, finish, serve)
