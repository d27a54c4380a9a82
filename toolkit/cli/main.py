"""The command line. Exit codes: 0 for success, 1 for findings, 2 for wrong usage or input, 3 for internal errors.

A signal that ends the run adds 128 to its number.
"""

from __future__ import annotations

import errno
import gc
import io
import sys
import traceback
from typing import Any

import click

from toolkit.cli import generating, merging, reading, site, starting
from toolkit.cli.terminal import say, say_error
from toolkit.descriptors.signals import ended_by_signals
from toolkit.errors import ToolkitError


class _Group(click.Group):
    """Prints a :class:`ToolkitError` as a message, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        gc.disable()  # a short run that keeps nearly everything it allocates: collecting would cost a tenth of the time
        try:
            with ended_by_signals():
                return super().invoke(ctx)
        except ToolkitError as error:
            say_error(str(error))
            ctx.exit(2)
        except BrokenPipeError:
            # The reader of the output has exited, as `head` does.
            sys.stdout = None
            ctx.exit(0)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            sys.stdout = None  # it may be what failed, and would fail again at exit
            say_error(": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error)))))
            ctx.exit(2)
        except Exception as error:  # 1 would mean findings
            for line in traceback.format_exc().splitlines():
                say(line)
            say_error(f"internal error: {error!r}\n  this is a bug: please report it with the lines above")
            ctx.exit(3)


class _Closed(io.RawIOBase):
    """Standard input that the caller has closed; reading it is an error."""

    name = "-"

    def readable(self) -> bool:
        """Whether it is open for reading."""
        return True

    def readinto(self, buffer: object) -> int:
        """Raise the error for reading from a closed file."""
        raise OSError(errno.EBADF, "standard input is closed")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="proto-toolkit", prog_name="toolkit")
def main() -> None:
    """Generate documentation and code from .proto files.

    Flags override the settings in toolkit.toml (see `toolkit init`).
    """
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_Closed()))
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")
        else:  # the same bytes on all machines
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


for command in (*starting.COMMANDS, *generating.COMMANDS, *site.COMMANDS, *merging.COMMANDS, *reading.COMMANDS):
    main.add_command(command)
