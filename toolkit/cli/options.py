"""What commands share: settings as flags, the workspace, warnings, the progress bar."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import Field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from toolkit.cli import settings as reader
from toolkit.cli.terminal import say_diagnostics
from toolkit.delivery.shards import Shard
from toolkit.errors import Diagnostic
from toolkit.targets.registry import Names
from toolkit.targets.workspace import Workspace

Command = Callable[..., Any]

REMOTE = ("header", "ca", "allow_http")
"""The settings of servers and web addresses."""
TREE = ("proto_path", "import_path", "exclude", "descriptor_set", *REMOTE, "strict")
"""The settings of every command that reads a tree."""

_METAVARS = {
    "text": "TEXT",
    "words": "NAME",
    "headers": "'NAME: VALUE'",
    "roots": "[PREFIX=]DIR",
    "source": "PATH|ADDRESS",
}

quiet = click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
cache = click.option("--cache/--no-cache", "cached", default=True, help="Use the run cache.")
force = click.option(
    "--force",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File or directory to overwrite or remove even if it was edited by hand; can be repeated.",
)


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    return Shard.parse(value) if value is not None else None


shard = click.option(
    "--shard",
    metavar="NUMBER/COUNT",
    callback=_shard,
    help="Make one share of several, such as 1/4, to be merged by `toolkit merge`.",
)
names = click.argument("names", nargs=-1, metavar="[PACKAGES, SERVICES or FILES]...")


def with_settings(*keys: str) -> Callable[[Command], Command]:
    """Add flags for settings such as ``catalog`` or ``site.out``; the command receives a ``workspace``."""

    def decorate(command: Command) -> Command:
        flags: dict[str, str] = {}

        @functools.wraps(command)
        def wrapped(config_file: Path | None, **values: Any) -> Any:
            context = click.get_current_context()
            if context.invoked_subcommand is not None:  # a group has nothing to do itself if a command was named
                _refuse_flags(context)
                return None
            given = {key: values.pop(flag) for flag, key in flags.items()}
            path = config_file or reader.find(Path.cwd())
            read = functools.partial(reader.read, path, given)
            workspace = Workspace(read(), read=read)
            try:
                return command(workspace=workspace, **values)
            finally:
                workspace.close()

        made: Command = wrapped
        for key in reversed(keys):
            section, _, name = key.rpartition(".")
            flags[name] = key
            made = _option(reader.declared(section)[name], name)(made)
        return click.option(
            "--config",
            "config_file",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="Settings file. Default: the nearest toolkit.toml, here or above.",
        )(made)

    return decorate


def _refuse_flags(context: click.Context) -> None:
    """Raise for flags before the name of a command, which would have no effect."""
    for parameter in context.command.params:
        given = parameter.name and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        if given:
            command = f"{context.command_path} {context.invoked_subcommand}"
            raise click.UsageError(f"{parameter.opts[0]} has no effect here: put it after `{command}`")


def _option(declared: Field[Any], name: str) -> Callable[[Command], Command]:
    kind, text = declared.metadata["kind"], declared.metadata["help"]
    option = f"--{name.rstrip('_').replace('_', '-')}"
    if kind == "switch":
        return click.option(f"{option}/--no-{name.replace('_', '-')}", name, default=None, help=text)
    metavar = _METAVARS.get(kind, "PATH")
    many = kind in ("paths", "roots", "words", "headers")
    return click.option(option, name, multiple=many, metavar=metavar, help=text)


def choose(names: tuple[str, ...]) -> Names | None:
    """The services that are named on the command line; None if nothing is named."""
    if not names:
        return None
    from toolkit.cli.selection import select

    return Names(names, select)


def report(diagnostics: Iterable[Diagnostic], quiet: bool = False) -> None:
    """Print warnings."""
    if not quiet:
        say_diagnostics(diagnostics)


@contextmanager
def bar(total: int, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar, only on a terminal."""
    hidden = hidden or not total or sys.stderr is None or not sys.stderr.isatty()
    with click.progressbar(length=total, label="Rendering", file=sys.stderr, hidden=hidden) as shown:
        yield shown.update
