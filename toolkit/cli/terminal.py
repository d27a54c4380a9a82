"""What people are told on the terminal of errors and warnings; always on standard error."""

from __future__ import annotations

from collections.abc import Iterable

import click

from toolkit.errors import Diagnostic
from toolkit.printing import printable, printable_lines


def say_error(text: str) -> None:
    """Say why something was not done."""
    click.secho("error: ", fg="red", err=True, nl=False)
    click.echo(printable_lines(text), err=True)


def say_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Say what is wrong with what was done."""
    for diagnostic in diagnostics:
        click.secho("warning: ", fg="yellow", err=True, nl=False)
        click.echo(printable(str(diagnostic)), err=True)


def say(line: str) -> None:
    """Say what was done."""
    click.echo(printable(line), err=True)
