"""Merging what shards made."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli import settings as reader
from toolkit.cli.options import force, quiet, report
from toolkit.delivery.drift import from_here


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIRS]...", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory to merge into. Default: that of the nearest toolkit.toml, here or above.",
)
@force
@quiet
def merge(folders: tuple[Path, ...], output: Path | None, force: tuple[Path, ...], quiet: bool) -> None:
    """Merge what runs with --shard made.

    DIRS are the directories of the shards, each with the outputs and the file
    toolkit.manifest.1-of-4 or the like; by default the one to merge into. The
    result is that of one run without --shard. Nothing is written if a shard is
    missing, or was made from another input.
    """
    from toolkit.delivery.finish.sharing import join, shares_of
    from toolkit.delivery.finish.site import finish
    from toolkit.delivery.locking import alone
    from toolkit.delivery.merge import merge as merged
    from toolkit.delivery.merge import remove_files, sources

    found_settings = reader.find(Path.cwd())
    home = (output or (found_settings.parent if found_settings is not None else Path())).absolute()
    with alone(home):
        found = sources(folders or (home,))
        html = shares_of(found, home)
        for name, (out, done) in merged(found, home, force).items():
            how = f"{done.written} written, {done.unchanged} unchanged"
            how += f", {done.removed} removed" if done.removed else ""
            if not quiet:
                click.echo(f"{name} in {from_here(out)}: {how}", err=True)
        if html:
            config, site = join(found, html, home)
            report(finish(config, site_dir=site), quiet)
            click.echo(f"open {from_here(site) / 'index.html'}", err=True)
        remove_files(found, home)


COMMANDS = (merge,)
