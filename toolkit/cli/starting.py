"""``toolkit init``: looks at a tree, writes the settings that fit it, and says what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli import settings as reader
from toolkit.cli.options import Command
from toolkit.cli.terminal import say
from toolkit.errors import ToolkitError
from toolkit.targets.workspace import Workspace

if TYPE_CHECKING:
    from toolkit.descriptors.discovery import Layout

_FOR_IMPORTS = "third_party"
"""Where other people's protos usually are."""
_MOST_IMPORTS = 10


def _roots(name: str, text: str) -> Callable[[Command], Command]:
    return click.option(f"--{name}", multiple=True, metavar="DIR", help=text)


@click.command()
@click.option("--force", is_flag=True, help="Replace an existing toolkit.toml.")
@_roots("proto-path", "Directory of .proto files, instead of those that are found; can be repeated.")
@_roots("import-path", "Another directory that is only searched for imports; can be repeated.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
def init(folder: Path, force: bool, proto_path: tuple[str, ...], import_path: tuple[str, ...]) -> None:
    """Write a toolkit.toml that fits the protos in FOLDER.

    Reads buf.yaml and buf.work.yaml. Without them, finds the import roots by
    which most imports resolve. Then compiles the protos once, and says what
    they contain, what is missing, and what to do next. Paths are relative to
    FOLDER. Exits with 1 if no file compiles.
    """
    from toolkit.delivery.staging import write
    from toolkit.descriptors.discovery import find_layout

    target = folder / reader.NAME
    if target.exists() and not force:
        raise click.UsageError(f"{target} exists already; --force replaces it")
    layout = find_layout(folder)
    layout = replace(
        layout,
        proto_path=proto_path or layout.proto_path,
        import_path=tuple(dict.fromkeys((*import_path, *layout.import_path))),
    )
    if not layout.proto_path and not layout.descriptor_set:
        raise click.UsageError(f"no .proto file in {folder}; name the directory of your protos: toolkit init DIR")
    found = {key: getattr(layout, key) for key in ("proto_path", "import_path", "exclude", "descriptor_set")}
    found = {key: list(value) if isinstance(value, tuple) else value for key, value in found.items() if value}
    write({reader.NAME: reader.template(found).encode()}, folder)
    source = f" (from {', '.join(layout.found_in)})" if layout.found_in else ""
    said = ", ".join(f"{key} = {reader.as_toml(value)}" for key, value in found.items())
    say(f"{target}: {said}{source}")
    if not _describe(target, layout):
        sys.exit(1)


def _describe(settings: Path, layout: Layout) -> bool:
    """Compile the tree, and say what is in it and what to do next; False if nothing compiles."""
    from toolkit.cli import summary

    workspace = Workspace(reader.read(settings, {}))
    try:
        schema, compilation = workspace.schema, workspace.compilation
    except ToolkitError as error:
        say(f"nothing compiles: {error}")
        _say_repairs(layout, [])
        return False
    say(f"found {summary.contents(schema)}")
    if compilation.left_out:
        say(summary.incomplete(schema, compilation))
        if missing := summary.missing_imports(compilation.diagnostics):
            _say_repairs(layout, missing)
    say("next: toolkit build")
    return True


def _say_repairs(layout: Layout, missing: Collection[str]) -> None:
    """What provides imports that are missing."""
    for name in list(missing)[:_MOST_IMPORTS]:
        say(f"  missing: {name}")
    if len(missing) > _MOST_IMPORTS:
        say(f"  … and {len(missing) - _MOST_IMPORTS} more")
    if layout.dependencies:
        say(f"to get what {layout.found_in[0]} depends on ({', '.join(layout.dependencies[:3])}):")
        say(f"  buf export . --output {_FOR_IMPORTS} && toolkit init --force")
        say("or let buf compile:")
        say("  buf build --output api.binpb && toolkit build --descriptor-set api.binpb")
    else:
        say(f"put the files that are missing below {_FOR_IMPORTS}, or name the directory that has them:")
        say("  toolkit init --force --import-path DIR")


COMMANDS = (init,)
