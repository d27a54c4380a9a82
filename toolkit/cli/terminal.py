"""What people are told on the terminal of errors and warnings; always on standard error."""

from __future__ import annotations

from collections.abc import Iterable

import click

from toolkit.errors import Diagnostic, grouped


def say_error(text: str) -> None:
    """Say why something was not done."""
    click.secho("error: ", fg="red", err=True, nl=False)
    click.echo(text, err=True)


def say_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Say what is wrong with what was done: causes, and how much follows from each."""
    for diagnostic in grouped(diagnostics):
        click.secho("warning: ", fg="yellow", err=True, nl=False)
        click.echo(str(diagnostic), err=True)
