"""The command line. Exit codes: 0, 1 for findings, 2 for wrong use or input."""

from __future__ import annotations

import functools
import gc
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.changes.rules import CATEGORIES, RULES
from toolkit.changes.rules import FORMATS as DIFF_FORMATS
from toolkit.cli import settings as config
from toolkit.cli.terminal import say_diagnostics, say_error
from toolkit.delivery.drift import FORMATS, MOST_LINES, printable, report
from toolkit.delivery.run import NOUNS, Mode, Opened, Target, run
from toolkit.delivery.staging import write
from toolkit.descriptors.compile import find_roots
from toolkit.errors import Diagnostic, ToolkitError
from toolkit.targets.site.mkdocs import CONFIG

if TYPE_CHECKING:
    from toolkit.cli.workspace import Workspace


class _Group(click.Group):
    """Prints a :class:`ToolkitError` as a message, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        gc.disable()  # a short run that keeps nearly all it makes: collecting would cost a tenth of the time
        try:
            return super().invoke(ctx)
        except ToolkitError as error:
            say_error(str(error))
            ctx.exit(2)
        except BrokenPipeError:
            # The reader of our output has gone, as `head` does.
            sys.stdout = None
            ctx.exit(0)
        except OSError as error:
            sys.stdout = None  # it may be what failed, and would again at the end
            say_error(": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error)))))
            ctx.exit(2)


_TREE = ("proto_path", "descriptor_set", "strict")
"""The settings of every command that reads a tree."""


_SITE = (
    "catalog",
    "rules",
    "templates",
    "examples.grpc_server",
    "examples.http_server",
    "site.out",
    "site.search",
    "site.link_host",
    "site.internal",
    "site.hide",
    "site.hide_options",
)
"""The settings of commands that make the docs site."""


def _settings(*keys: str, lazy: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The flags of some settings; the command gets all settings as ``project``, or as ``opened`` where it is lazy."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(config_file: Path | None, **values: Any) -> Any:
            flags = {key: values.pop(flag) for flag, key in names.items()}
            path = config_file or config.find(Path.cwd())
            opened = Opened(config.read(path, flags), read=lambda: config.read(path, flags))
            try:
                return command(**({"opened": opened} if lazy else {"workspace": opened.workspace}), **values)
            finally:
                opened.close()

        names: dict[str, str] = {}
        made: Callable[..., Any] = wrapped
        for key in reversed(keys):
            section, _, flag = key.rpartition(".")
            names[flag] = key
            made = _option({f.name: f for f in fields(config.SECTIONS[section])}[flag], flag)(made)
        return click.option(
            "--config",
            "config_file",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="Settings file; default: the nearest toolkit.toml, here or above.",
        )(made)

    return decorate


def _option(declared: Any, flag: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    kind, text = declared.metadata["kind"], declared.metadata["help"]
    option = f"--{flag.rstrip('_').replace('_', '-')}"
    if kind == "switch":
        return click.option(f"{option}/--no-{flag.replace('_', '-')}", flag, default=None, help=text)
    metavar = {"text": "TEXT", "words": "NAME"}.get(kind, "PATH")
    return click.option(option, flag, multiple=kind in ("paths", "words"), metavar=metavar, help=text)


def _report(diagnostics: Iterable[Diagnostic], quiet: bool = False) -> None:
    if not quiet:
        say_diagnostics(diagnostics)


def _check_published(workspace: Workspace, folder: Path, trees: Path | None) -> None:
    counts: dict[str, int] = dict.fromkeys(("exact", "near", "different", "missing"), 0)
    shown = 0
    for result in workspace.published(folder, trees):
        counts[result.state] += 1
        if result.state != "exact":
            click.echo(f"{result.state:<10}{result.page}")
            for line in result.lines[: max(0, MOST_LINES - shown)]:
                click.echo(f"  {printable(line)}")
            shown += len(result.lines)
    if shown > MOST_LINES:
        click.echo(f"… and {shown - MOST_LINES} more lines of differences")
    click.echo(", ".join(f"{count} {state}" for state, count in counts.items()), err=True)
    if counts["exact"] < sum(counts.values()):
        sys.exit(1)


def _generate(opened: Opened, name: str, quiet: bool, names: tuple[str, ...] = (), cached: bool = True) -> None:
    """Write a target; what is wrong is said first, and one line sums up."""
    target = Target.of(opened.settings, name)

    def progress(total: int) -> Any:
        return _bar(total, hidden=quiet or not total or sys.stderr is None or not sys.stderr.isatty())

    outcome = run(opened, target, Mode.WRITE, names, progress=progress, cached=cached)
    _report(outcome.diagnostics, quiet)
    if not quiet:
        done = outcome.written
        removed = f", {done.removed} removed" if done.removed else ""
        left = f", {outcome.left_out} files left out" if outcome.left_out else ""
        how = f"{done.written} written, {done.unchanged} unchanged{removed}{left}"
        click.echo(f"{done.written + done.unchanged} {NOUNS[name]} in {target.out}: {how}", err=True)


@contextmanager
def _bar(total: int, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=total, label="Rendering", file=sys.stderr, hidden=hidden) as bar:
        yield bar.update


_cache = click.option("--cache/--no-cache", "cached", default=True, help="Use what earlier runs came to.")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="proto-toolkit", prog_name="toolkit")
def main() -> None:
    """Protocol descriptors in, documentation and code out.

    Settings come from toolkit.toml (see `toolkit init`) and from flags; flags win.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")
        else:  # the same bytes on every machine
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


@main.group()
def generate() -> None:
    """Write generated files."""


@generate.command("reference")
@_settings(*_TREE, "catalog", "rules", "templates", "link_prefix", "reference.out", "reference.style", lazy=True)
@_cache
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
@click.argument("names", nargs=-1, metavar="[PACKAGES, SERVICES or FILES]...")
def generate_reference(opened: Opened, names: tuple[str, ...], quiet: bool, cached: bool) -> None:
    """Write the pages of the gRPC reference; of every package by default.

    Only pages that changed are written, each in one step.
    """
    _generate(opened, "reference", quiet, names, cached)


@generate.command("examples")
@_settings(*_TREE, "rules", "examples.out", "examples.variants", lazy=True)
@_cache
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
@click.argument("names", nargs=-1, metavar="[PACKAGES, SERVICES or FILES]...")
def generate_examples(opened: Opened, names: tuple[str, ...], quiet: bool, cached: bool) -> None:
    """Write an example request and response of every method as ProtoJSON.

    The same values on every run; they parse, and hold to the constraints.
    """
    _generate(opened, "examples", quiet, names, cached)


@generate.command("python")
@_settings(*_TREE, "rules", "templates", "python.out", "python.package", lazy=True)
@_cache
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
def generate_python(opened: Opened, quiet: bool, cached: bool) -> None:
    """Write typed Python: dataclasses, enums, clients and servicers of every package.

    They need the toolkit's runtime, which needs protobuf, and for calls grpcio.
    """
    _generate(opened, "python", quiet, cached=cached)


@generate.command("site")
@_settings(*_TREE, *_SITE, lazy=True)
@_cache
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
@click.argument("names", nargs=-1, metavar="[PACKAGES, SERVICES or FILES]...")
def generate_site(opened: Opened, names: tuple[str, ...], quiet: bool, cached: bool) -> None:
    """Write the pages of a docs site, and their navigation in mkdocs.yml.

    Of every package by default; of what is named, and the types that it reaches.
    `mkdocs build --strict` makes the site of them, `toolkit finish` completes it.
    """
    _generate(opened, "site", quiet, names, cached)


@main.command()
@_settings(*_TREE, "catalog", "rules", "templates", "link_prefix", "changelog.out", "changelog.tags", lazy=True)
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
def changelog(opened: Opened, quiet: bool) -> None:
    """Write what changed in the API from revision to revision, by service, what breaks first.

    Revisions are git tags (--tags), or named under [changelog.revisions] in toolkit.toml.
    """
    _generate(opened, "changelog", quiet)


@main.command()
@_settings(*_TREE, "catalog", "rules", "templates", "link_prefix", lazy=True)
@_cache
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Of the report.")
@click.option(
    "--published",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Compare with published pages instead, as the pages.json of DIR lists them.",
)
@click.option(
    "--trees",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the trees that the entries of pages.json name; default: all are of the one tree.",
)
@click.argument("targets", nargs=-1, metavar="[reference|examples|python|changelog|site]...")
def check(
    opened: Opened,
    targets: tuple[str, ...],
    form: str,
    published: Path | None,
    trees: Path | None,
    cached: bool,
) -> None:
    """Compare what is on disk with what generating would write: changed, missing and orphaned files.

    Of every target that toolkit.toml has a table for, or of those named. Nothing
    is written. Exit code 1 where something is out of step.
    """
    if published is not None:
        _check_published(opened.workspace, published, trees)
        return
    wanted = targets or tuple(name for name in opened.settings.configured if name in NOUNS)
    if not wanted:
        raise click.UsageError("no target: name one, or give it a table in toolkit.toml, such as [reference]")
    drifts = []
    diagnostics: dict[Diagnostic, None] = {}
    for target in [Target.of(opened.settings, name) for name in wanted]:
        outcome = run(opened, target, Mode.CHECK, cached=cached)
        diagnostics.update(dict.fromkeys(outcome.diagnostics[: outcome.left_out]))
        if outcome.differences:
            drifts += opened.workspace.drifts(target, outcome.differences)
    _report(diagnostics)
    click.echo(report(drifts, form), nl=False)
    if drifts:
        sys.exit(1)
    if form == "text":
        click.echo(f"{', '.join(wanted)}: in step", err=True)


@main.command()
@_settings("site.out", lazy=True)
@click.option(
    "--site-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it was built, if elsewhere.",
)
def finish(opened: Opened, site_dir: Path | None) -> None:
    """Complete the docs site that `mkdocs build` or `zensical build` has made.

    Adds each page's Markdown beside its HTML, llms.txt and llms-full.txt, the
    script that draws diagrams, and for a large site the index of its search.
    """
    from toolkit.delivery.finish.site import finish as complete

    _report(complete(opened.settings.site.out / CONFIG, site_dir=site_dir))


@main.command()
@_settings(*_TREE, *_SITE, lazy=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 is any that is free.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@click.argument("names", nargs=-1, metavar="[PACKAGES, SERVICES or FILES]...")
def serve(opened: Opened, names: tuple[str, ...], host: str, port: int, open_browser: bool) -> None:
    """Show the docs site in a browser, and make it anew when a file changes.

    Protos, rules, the catalog, templates, settings and pages are watched. While
    something is wrong the error is shown here, and the last good pages there.
    """
    from toolkit.cli.preview import generating
    from toolkit.cli.preview import serve as preview

    made = generating(opened, names)
    preview(lambda: opened.again().settings, made, host=host, port=port, open_browser=open_browser)


@main.group()
def cache() -> None:
    """What earlier runs came to, kept in your cache folder."""


@cache.command("clear")
def clear_cache() -> None:
    """Forget what earlier runs came to."""
    from toolkit.delivery.cache import clear, folder

    count = clear()
    click.echo(f"{count} runs forgotten in {folder()}", err=True)


@main.command()
@_settings("proto_path", "rules", "diff.except_", "diff.ignore", lazy=True)
@click.option(
    "--breaking",
    "category",
    type=click.Choice(CATEGORIES),
    help="Exit with 1 where a change breaks a rule of this category.",
)
@click.option(
    "--format", "form", type=click.Choice(DIFF_FORMATS), default="text", show_default=True, help="Of the report."
)
@click.option("--comments/--no-comments", default=True, show_default=True, help="Report changes of comments, too.")
@click.option(
    "--list-rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, option, value: _list_rules(ctx) if value else None,
    help="List the rules with their categories, and exit.",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
def diff(opened: Opened, old: str, new: str, category: str | None, form: str, comments: bool) -> None:
    """List what changed between two versions of the protos, and what each change breaks.

    OLD and NEW are each a folder of .proto files, a descriptor set, - for a set
    on standard input, or a git revision: main:protos is a folder of it, main
    alone the configured import roots in it. Rules and categories are those of
    `buf breaking`, and CONSTRAINT for constraints that were tightened.
    Exit code 0; with --breaking, 1 where a rule of the category is broken.
    """
    from toolkit.cli.differences import changes_between

    found = changes_between(opened.settings, old, new, comments=comments)
    _report(found.diagnostics)
    click.echo(found.report(form, category), nl=False)
    click.echo(found.summary(category), err=True)
    if category and found.breaks(category):
        sys.exit(1)


def _list_rules(ctx: click.Context) -> None:
    for rule in RULES.values():
        click.echo(f"{rule.id:<48}{', '.join(rule.categories):<32}{rule.purpose}")
    ctx.exit()


@main.command()
@_settings(*_TREE, "rules", "templates", "examples.grpc_server", "examples.http_server", "python.package")
@click.option(
    "--as",
    "form",
    type=click.Choice(["request", "response", "curl", "grpcurl", "python"]),
    default="request",
    show_default=True,
    help="What to print.",
)
@click.argument("name", metavar="METHOD")
def example(workspace: Workspace, name: str, form: str) -> None:
    """Print an example of a method, or a command or code that calls the method with it.

    METHOD is a full name, such as acme.storage.v1.BucketService.Get.
    """
    text = workspace.example(name, form)
    _report(workspace.diagnostics)
    _report(workspace.examples.diagnostics())
    click.echo(text.rstrip("\n"))


@main.command()
@_settings(*_TREE, "rules")
@click.option("--message", required=True, metavar="NAME", help="Full name of the message that the file holds.")
@click.argument("file", type=click.File("rb"))
def validate(workspace: Workspace, file: Any, message: str) -> None:
    """Parse a ProtoJSON file as a message, and list each constraint that it violates.

    Exit code 1 where it violates any. FILE may be - for standard input.
    """
    violations = workspace.violations(message, file.read(), file.name)
    _report(workspace.diagnostics)
    _report(workspace.validator.diagnostics())
    for violation in violations:
        click.echo(f"{file.name}: {violation}")
    if violations:
        sys.exit(1)


@main.command()
@_settings(*_TREE, "catalog", "rules", "templates", "link_prefix", "reference.style")
@click.argument("name", metavar="METHOD|SERVICE|PACKAGE")
def page(workspace: Workspace, name: str) -> None:
    """Print one page of the reference.

    NAME is a full name, such as acme.storage.v1.BucketService.Get.
    """
    text = workspace.page(name)
    _report(workspace.diagnostics)
    _report(workspace.reference.warnings())
    click.echo(text, nl=sys.stdout.isatty())


@main.command("list")
@_settings(*_TREE)
@click.argument("names", nargs=-1, metavar="[PACKAGES, SERVICES or FILES]...")
def list_(workspace: Workspace, names: tuple[str, ...]) -> None:
    """List packages, services and methods, with what each takes and returns."""
    services = workspace.services(names)
    _report(workspace.diagnostics)
    package = None
    for service, resource in services:
        if service.package != package:
            package = service.package
            click.secho(package or "(no package)", bold=True)
        click.echo(f"  {service.name} ({resource})")
        for method in service.methods:
            takes = f"{'stream ' * method.client_streaming}{method.input}"
            returns = f"{'stream ' * method.server_streaming}{method.output}"
            click.echo(f"    {method.name}: {takes} → {returns}")


@main.command("dump")
@_settings(*_TREE)
def dump_(workspace: Workspace) -> None:
    """Print the model as JSON."""
    text = workspace.dump()
    _report(workspace.diagnostics)
    click.echo(text, nl=False)


@main.command()
@click.option("--force", is_flag=True, help="Replace an existing toolkit.toml.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
def init(folder: Path, force: bool) -> None:
    """Write a commented toolkit.toml for the protos found in FOLDER."""
    target = folder / config.NAME
    if target.exists() and not force:
        raise click.UsageError(f"{target} is there already; --force replaces it")
    roots = find_roots(folder)
    if not roots:
        raise click.UsageError(f"no .proto file in {folder}; name the folder that holds them: toolkit init DIR")
    write({config.NAME: config.template(roots).encode()}, folder)
    click.echo(f"{target}: import root {', '.join(roots)}; next: toolkit generate reference", err=True)
