"""Prints errors and warnings, always to standard error."""

from __future__ import annotations

from collections.abc import Iterable

import click

from toolkit.errors import Diagnostic, grouped
from toolkit.printing import printable, printable_lines


def say_error(text: str) -> None:
    """Print an error."""
    click.secho("error: ", fg="red", err=True, nl=False)
    click.echo(printable_lines(text), err=True)


def say_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Print warnings: causes, and how many follow from each."""
    for diagnostic in grouped(diagnostics):
        click.secho("warning: ", fg="yellow", err=True, nl=False)
        click.echo(printable(str(diagnostic)), err=True)


def say(line: str) -> None:
    """Print a line."""
    click.echo(printable(line), err=True)
