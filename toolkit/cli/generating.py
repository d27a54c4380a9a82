"""Commands that write generated files or compare them with the disk."""

from __future__ import annotations

import functools
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from toolkit.cli import settings as reader
from toolkit.cli.options import TREE, bar, cache, choose, force, names, quiet, report, shard, with_settings
from toolkit.cli.terminal import say, say_error
from toolkit.delivery.drift import Drift, from_here
from toolkit.delivery.ownership import FilesOfOthers
from toolkit.delivery.reporting import FORMATS, MOST_LINES, reported
from toolkit.delivery.shards import Shard
from toolkit.errors import Diagnostic
from toolkit.printing import printable
from toolkit.targets import registry
from toolkit.targets.registry import TargetType
from toolkit.targets.workspace import Workspace


def generate_target(
    workspace: Workspace,
    kind: TargetType,
    quiet: bool,
    names: tuple[str, ...] = (),
    cached: bool = True,
    force: tuple[Path, ...] = (),
    said: set[Diagnostic] | None = None,
    shard: Shard | None = None,
    needs_all: bool = False,
) -> list[Diagnostic]:
    """Write a target, and print a summary and the warnings that were not ``said``; why files were left out."""
    from toolkit.cli.answers import explaining
    from toolkit.delivery.run import Mode, run
    from toolkit.delivery.running import Destination

    progress = functools.partial(bar, hidden=quiet)
    more: dict[str, Any] = {"force": force, "shard": shard, "needs_all": needs_all}
    with explaining(workspace, names):
        outcome = run(workspace, kind, Mode.WRITE, choose(names), progress=progress, cached=cached, **more)
    report([diagnostic for diagnostic in outcome.diagnostics if diagnostic not in (said or ())], quiet)
    if said is not None:
        said.update(outcome.diagnostics)
    if not quiet:
        done = outcome.written
        how = [f"{done.written} written", f"{done.unchanged} unchanged"]
        how += [f"{done.removed} removed"] if done.removed else []
        if outcome.left_out:
            files = f"{outcome.left_out} file{'s' * (outcome.left_out > 1)} left out"
            how.append(f"{len(outcome.kept)} kept for {files}" if outcome.kept else files)
        out = from_here(Destination.of(workspace.settings, kind).out)
        click.echo(f"{done.written + done.unchanged} {kind.noun} in {out}: {', '.join(how)}", err=True)
        if not done.written + done.unchanged and not any(workspace.schema.requested_services()):
            from toolkit.cli.summary import contents

            say(f"no services in {contents(workspace.schema)}")
    return list(outcome.diagnostics[: outcome.left_out])


def _say_left_out(diagnostics: Collection[Diagnostic], quiet: bool) -> None:
    """The last line: how many files were left out, and why."""
    if diagnostics and not quiet:
        from toolkit.cli.summary import left_out

        say(left_out({diagnostic.location.file for diagnostic in diagnostics}, diagnostics))


def generate_targets(
    workspace: Workspace,
    kinds: Iterable[TargetType],
    quiet: bool,
    cached: bool,
    force: tuple[Path, ...] = (),
    shard: Shard | None = None,
    whole: Collection[str] = (),
) -> list[str]:
    """Write targets, and return the names of those that were not written because edits would be lost.

    Targets in ``whole`` are written as a whole, even if there is a ``shard``.
    """
    stopped = []
    said: set[Diagnostic] = set()
    left_out: dict[Diagnostic, None] = {}
    for kind in kinds:
        try:
            left_out |= dict.fromkeys(
                generate_target(workspace, kind, quiet, (), cached, force, said, shard, kind.name in whole)
            )
        except FilesOfOthers as error:
            say_error(str(error))
            stopped.append(kind.name)
    _say_left_out(left_out, quiet)
    return stopped


def configured(workspace: Workspace) -> list[TargetType]:
    """The targets with a table in toolkit.toml; a usage error if there are none."""
    found = [registry.get(name) for name in workspace.settings.configured]
    if not found:
        raise click.UsageError("no target: name one, or give it a table in toolkit.toml, such as [reference]")
    return found


class _Generate(click.Group):
    """A command for each target, including those of other packages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return registry.names()

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        kind = registry.find(name)
        return _command(kind) if kind is not None else None


def _command(kind: TargetType) -> click.Command:
    def generate(
        workspace: Workspace,
        quiet: bool,
        force: tuple[Path, ...],
        shard: Shard | None,
        cached: bool = False,
        names: tuple[str, ...] = (),
    ) -> None:
        _say_left_out(generate_target(workspace, kind, quiet, names, cached, force, shard=shard), quiet)

    own = [f"{kind.name}.{name}" for name, field in reader.declared(kind.name).items() if field.metadata["flag"]]
    own = [key for key in own if key not in kind.no_flags]
    made = names(generate) if kind.is_selective else generate
    made = force(quiet(shard(made)))
    made = cache(made) if kind.is_cacheable else made
    made = with_settings(*TREE, *kind.reads, *own)(made)
    return click.command(kind.name, help=kind.summary)(made)


@click.group(cls=_Generate, invoke_without_command=True)
@with_settings()
@cache
@force
@shard
@quiet
def generate(workspace: Workspace, quiet: bool, cached: bool, force: tuple[Path, ...], shard: Shard | None) -> None:
    """Write generated files, for one target or for every target with a table in toolkit.toml.

    If a file to overwrite or remove was edited by hand, its target is not
    written, and the exit code is 2. Other targets are written.
    """
    if generate_targets(workspace, configured(workspace), quiet, cached, force, shard):
        sys.exit(2)


def _check_published(workspace: Workspace, folder: Path, trees: Path | None) -> None:
    from toolkit.delivery.published import published

    counts: dict[str, int] = dict.fromkeys(("exact", "near", "different", "missing"), 0)
    shown = 0
    for result in published(workspace, folder, trees):
        counts[result.state] += 1
        if result.state != "exact":
            click.echo(printable(f"{result.state:<10}{result.page}"))
            for line in result.lines[: max(0, MOST_LINES - shown)]:
                click.echo(f"  {printable(line)}")
            shown += len(result.lines)
    if shown > MOST_LINES:
        click.echo(f"… and {shown - MOST_LINES} more lines of differences")
    click.echo(", ".join(f"{count} {state}" for state, count in counts.items()), err=True)
    if counts["exact"] < sum(counts.values()):
        sys.exit(1)


@click.command()
@with_settings(*TREE, "catalog", "rules", "templates", "link_prefix")
@cache
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Report format.")
@click.option(
    "--published",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Compare with the published pages that are listed in the pages.json in DIR instead.",
)
@click.option(
    "--trees",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Directory of the trees that pages.json names. Default: all pages are from the configured tree.",
)
@shard
@click.argument("targets", nargs=-1, metavar="[TARGETS]...")
def check(
    workspace: Workspace,
    targets: tuple[str, ...],
    form: str,
    published: Path | None,
    trees: Path | None,
    cached: bool,
    shard: Shard | None,
) -> None:
    """Check that generated files are up to date, without writing anything.

    Lists the files that are changed, missing, orphaned or edited by hand.
    Checks the named targets, or every target with a table in toolkit.toml
    except those with `committed = false`. Exits with 1 if a file is out of date
    or a .proto file does not compile.
    """
    if published is not None:
        _check_published(workspace, published, trees)
        return
    wanted = [registry.get(name) for name in targets]
    wanted = wanted or [kind for kind in configured(workspace) if workspace.settings.of(kind.settings).committed]
    drifts, kept = _drifts(workspace, wanted, cached, shard)
    click.echo(reported(drifts, form, kept), nl=False)
    if drifts:
        sys.exit(1)
    if form == "text":
        click.echo(f"{', '.join(kind.name for kind in wanted)}: up to date", err=True)


def _drifts(
    workspace: Workspace, wanted: Sequence[TargetType], cached: bool, shard: Shard | None
) -> tuple[list[Drift], list[str]]:
    """The files that are out of date, after .proto files that don't compile; and the outputs kept for the latter."""
    from toolkit.delivery.run import Mode, run
    from toolkit.delivery.running import Destination

    drifts: list[Drift] = []
    left_out: dict[Diagnostic, None] = {}
    kept: list[str] = []
    for kind in wanted:
        outcome = run(workspace, kind, Mode.CHECK, cached=cached, shard=shard)
        left_out |= dict.fromkeys(outcome.diagnostics[: outcome.left_out])
        out = Destination.of(workspace.settings, kind).out
        kept += [from_here(out / path).as_posix() for path in outcome.kept]
        if outcome.differences or outcome.stale:
            from toolkit.delivery.causes import drifts_of

            drifts += drifts_of(workspace, kind, outcome)
    roots = workspace.settings.tree.searched
    return [*(Drift.of_left_out(diagnostic, roots) for diagnostic in left_out), *drifts], kept


@click.group("cache")
def run_cache() -> None:
    """Manage the run cache."""


@run_cache.command("clear")
def clear_cache() -> None:
    """Clear the run cache."""
    from toolkit.delivery.cache import clear, folder

    click.echo(f"removed {clear()} cached runs from {folder()}", err=True)


changelog = _command(registry.get("changelog"))
"""``toolkit changelog``, which is older than ``toolkit generate changelog``."""

COMMANDS = (generate, changelog, check, run_cache)
