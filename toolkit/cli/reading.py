"""Commands that print: pages, lists, the model, examples, violations, differences."""

from __future__ import annotations

import sys
from typing import Any

import click

from toolkit.changes.rules import CATEGORIES, FORMATS, RULES
from toolkit.cli.options import REMOTE, TREE, names, report, with_settings
from toolkit.cli.terminal import say
from toolkit.printing import printable
from toolkit.targets.examples.settings import FORMS
from toolkit.targets.workspace import Workspace

SERVERS = ("examples.grpc_server", "examples.http_server", "examples.tls")
"""The settings of the servers in snippets that are flags."""


@click.command()
@with_settings(*TREE, "catalog", "rules", "templates", "link_prefix", "reference.style")
@click.option("--rest", is_flag=True, help="Print the page of the REST reference, in the style of its settings.")
@click.argument("name", metavar="METHOD|SERVICE|PACKAGE")
def page(workspace: Workspace, name: str, rest: bool) -> None:
    """Print one reference page.

    The argument is a full name, such as acme.storage.v1.BucketService.Get.
    """
    workspace = workspace.about(name)
    workspace.start()
    from toolkit.cli import answers
    from toolkit.targets.reference.target import reference_of
    from toolkit.targets.rest.target import rest_of

    reference = rest_of(workspace) if rest else reference_of(workspace)
    text = answers.page(workspace, reference, name)
    report(reference.warnings())
    _say_left_out(workspace)
    click.echo(text, nl=sys.stdout.isatty())


def _say_left_out(workspace: Workspace) -> None:
    """Say in one line that files were left out: `toolkit list` says more, and the answer is whole without them."""
    if workspace.diagnostics:
        from toolkit.cli.summary import left_out

        compilation = workspace.compilation
        say(f"{left_out(compilation.left_out, compilation.diagnostics)}; `toolkit list` shows all warnings")


@click.command("list")
@with_settings(*TREE)
@click.option("--types", is_flag=True, help="List messages and enums instead.")
@names
def list_(workspace: Workspace, names: tuple[str, ...], types: bool) -> None:
    """List packages, services and methods with their request and response types.

    If files do not compile, the last line says what is missing.
    """
    workspace.start()
    from toolkit.cli import answers, summary

    services = [] if types else answers.services(workspace, names)
    report([*workspace.diagnostics, *workspace.warnings])
    package = None
    for owner, line in answers.types(workspace, names) if types else ():
        if owner != package:
            package = owner
            click.secho(package or "(no package)", bold=True)
        click.echo(f"  {line}")
    for service, resource in services:
        if service.package != package:
            package = service.package
            click.secho(package or "(no package)", bold=True)
        click.echo(f"  {service.name} ({resource})")
        for method in service.methods:
            takes = f"{'stream ' * method.client_streaming}{method.input}"
            returns = f"{'stream ' * method.server_streaming}{method.output}"
            click.echo(f"    {method.name}: {takes} → {returns}")
    missing = summary.incomplete(workspace.schema, workspace.compilation)
    if missing:
        say(missing)
    elif not types and not services:
        say(f"no services in {summary.contents(workspace.schema)}; `toolkit list --types` lists the types")


@click.command()
@with_settings(*TREE)
def dump(workspace: Workspace) -> None:
    """Print the model as JSON."""
    workspace.start()
    from toolkit.descriptors.dump import dump as as_json

    text = as_json(workspace.schema)
    report([*workspace.diagnostics, *workspace.warnings])
    click.echo(text, nl=False)


@click.command()
@with_settings(
    *TREE, "rules", "templates", "examples.grpc_server", "examples.http_server", "examples.tls", "python.package"
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["request", "response", *FORMS]),
    default="request",
    show_default=True,
    help="What to print.",
)
@click.option("--full", is_flag=True, help="Set all fields of the request, not only those that are needed.")
@click.option("--done", is_flag=True, help="With --as response: show the operation with its result.")
@click.argument("name", metavar="METHOD|MESSAGE")
def example(workspace: Workspace, name: str, form: str, full: bool, done: bool) -> None:
    """Print an example of a method, or code that calls the method with it.

    The argument is the full name of a method, such as acme.storage.v1.BucketService.Get,
    or of a message to print just an example of it.
    """
    workspace = workspace if form == "python" else workspace.about(name)  # names of classes depend on the whole tree
    workspace.start()
    from toolkit.cli import answers
    from toolkit.targets.examples.target import examples_of

    examples = examples_of(workspace)
    text = answers.example(workspace, examples, name, answers.Form(form, full, done))
    report(examples.diagnostics())
    left_out = answers.left_out(workspace, examples, name) if full else ""
    if left_out:
        say(left_out)
    _say_left_out(workspace)
    click.echo(text.rstrip("\n"))


@click.command()
@with_settings(*TREE, "rules")
@click.option("--message", required=True, metavar="NAME", help="Full name of the message in the file.")
@click.argument("file", type=click.File("rb"))
def validate(workspace: Workspace, file: Any, message: str) -> None:
    """Parse a ProtoJSON file as a message, and list the constraints it violates.

    Exits with 1 if there are any. A constraint that cannot be checked is a
    warning. FILE may be - for standard input.
    """
    content = file.read()
    workspace = workspace.about(message, text=content.decode(errors="replace"))
    workspace.start()
    from toolkit.cli import answers

    violations, unchecked = answers.violations(workspace, message, content, file.name)
    _say_left_out(workspace)
    report(workspace.validator.diagnostics())
    report(unchecked)
    for violation in violations:
        click.echo(printable(f"{file.name}: {violation}"))
    if violations:
        sys.exit(1)


def _list_rules(ctx: click.Context) -> None:
    for rule in RULES.values():
        click.echo(f"{rule.id:<48}{', '.join(rule.categories):<32}{rule.purpose}")
    ctx.exit()


@click.command()
@with_settings("proto_path", "import_path", "exclude", *REMOTE, "strict", "rules", "diff.except_", "diff.ignore")
@click.option(
    "--breaking",
    "category",
    type=click.Choice(CATEGORIES),
    help="Exit with 1 if a change breaks a rule in this category.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything changed.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Report format.")
@click.option("--comments/--no-comments", default=True, show_default=True, help="Include changes in comments.")
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
def diff(
    workspace: Workspace, old: str, new: str, category: str | None, exit_code: bool, form: str, comments: bool
) -> None:
    """List what changed between two versions of the protos, and which changes are breaking.

    OLD and NEW are each a directory of .proto files, a descriptor set, - for a
    set on standard input, or a git revision: main:protos is a directory in it,
    main alone the configured import roots in it. Or a server with reflection:
    grpc://HOST:PORT, or grpcs:// with TLS; or the https:// address of a set. Of
    a server, its services are compared, and the types that they use.

    Rules and categories are those of `buf breaking`, plus CONSTRAINT for
    tightened constraints and REST for what breaks callers over HTTP. Exits with 0; with --breaking, with 1 if a rule in
    that category is broken; with --exit-code, with 1 if there is any change.
    With either, exits with 2 if a file cannot be compared because it does not
    compile.
    """
    from toolkit.cli.differences import changes_between

    found = changes_between(workspace.settings, old, new, comments=comments)
    report(found.diagnostics)
    click.echo(found.report(form, category), nl=False)
    for note in found.notes:
        say(note)
    click.echo(found.summary(category), err=True)
    if (category or exit_code) and found.is_incomplete:
        sys.exit(2)
    if (exit_code and found.changes) or (category and found.breaks(category)):
        sys.exit(1)


COMMANDS = (page, list_, dump, example, validate, diff)
