"""The answers of commands about one element: an example, a page, the violations of a file, the list of services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.cli.selection import lookup_failed, select
from toolkit.descriptors.declarations import Declarations, declarations
from toolkit.descriptors.model import Enum, Message, Service
from toolkit.descriptors.roots import resolve
from toolkit.errors import Diagnostic, Location, LookupFailed
from toolkit.targets.examples.settings import FORMS
from toolkit.targets.reference.layout import resource
from toolkit.targets.workspace import Workspace

if TYPE_CHECKING:
    from toolkit.runtime.constraints import Violation
    from toolkit.targets.examples.examples import Examples
    from toolkit.targets.reference.pages import PublishedReference


def services(workspace: Workspace, names: Sequence[str]) -> list[tuple[Service, str]]:
    """The services of the named packages, services and files (by default all), each with its resource."""
    schema = workspace.schema
    with explaining(workspace, names):
        chosen = select(schema, names)
    return [(service, resource(service)) for service in filter(chosen, schema.requested_services())]


def types(workspace: Workspace, names: Sequence[str]) -> list[tuple[str, str]]:
    """The messages and enums of the named packages, and of those of named services and files: package and line."""
    schema = workspace.schema
    with explaining(workspace, names):
        packages = select(schema, names).packages
    found = [
        (element.package, element.full_name, "message" if isinstance(element, Message) else "enum")
        for element in chain[Message | Enum](schema.messages.values(), schema.enums.values())
        if element.package in packages and schema.files[element.location.file].requested
    ]
    return [(package, f"{kind} {name.removeprefix(f'{package}.')}") for package, name, kind in sorted(found)]


def _unknown(workspace: Workspace, known: Iterable[str], name: str, what: str) -> LookupFailed:
    """The error for an unknown name, which perhaps a file declares that was left out."""
    return _left_out(workspace, name) or lookup_failed(known, name, what)


@contextmanager
def explaining(workspace: Workspace, names: Sequence[str]) -> Iterator[None]:
    """If a name is not known, say so if that is because a file was left out."""
    try:
        yield
    except LookupFailed:
        schema = workspace.schema
        for name in names:
            known = name in schema.packages or name in schema.services
            error = None if known else _left_out(workspace, name)
            if error is not None:
                raise error from None
        raise


def _left_out(workspace: Workspace, name: str) -> LookupFailed | None:
    compilation = workspace.compilation
    reasons = {diagnostic.location.file: diagnostic for diagnostic in workspace.diagnostics}
    for file in sorted(compilation.left_out):
        path = resolve(file, compilation.roots)
        declared = declarations(Path(path)) if path is not None else Declarations()
        is_named = name in (declared.package, file) or (name.endswith(".proto") and file.endswith(f"/{name}"))
        if is_named or any(name == each or name.startswith(f"{each}.") for each in declared.names):
            reason = reasons[file]
            cause = reasons.get(reason.cause, reason)
            return LookupFailed(f"{name} is in {file}, which was left out", hint=str(cause))
    return None


@dataclass(frozen=True, slots=True)
class Form:
    """What to print of an example."""

    name: str = "request"
    """``request``, ``response``, ``curl``, ``grpcurl`` or ``python``."""
    full: bool = False
    """With all fields of the request."""
    done: bool = False
    """The response of an operation with its result."""


def left_out(workspace: Workspace, examples: Examples, name: str) -> str:
    """A line with the fields that a full request has no room for; empty if there are none."""
    method = workspace.schema.methods.get(name)
    paths = examples.full_request(method)[1] if method is not None else []
    named = ", ".join(paths[:_MOST_NAMED]) + (f" and {len(paths) - _MOST_NAMED} more" if paths[_MOST_NAMED:] else "")
    what = f"with levels = {examples.bounds.levels} and max_bytes = {examples.bounds.bytes} in [examples]"
    return f"left out, {what}: {named}" if paths else ""


_MOST_NAMED = 10
"""The number of fields to name in a line."""


def example(workspace: Workspace, examples: Examples, name: str, as_: Form) -> str:
    """An example of a message or of a method, or code that calls it."""
    from toolkit.targets.examples.examples import text as example_text
    from toolkit.targets.examples.snippets import snippets_of

    schema, form = workspace.schema, as_.name
    if name in schema.messages and form == "request":
        return example_text(examples.message(name))
    found = schema.methods.get(name)
    if found is None:
        what = "method or message" if form == "request" else "method"
        raise _unknown(workspace, [*schema.methods, *(schema.messages if form == "request" else ())], name, what)
    if form == "response":
        return example_text(examples.response(found, done=as_.done))
    request = examples.request(found, minimal=not as_.full)
    if form == "request":
        return example_text(request)
    snippets = snippets_of(workspace)
    code = snippets.snippet(form, found, request)
    if code is None:
        raise LookupFailed(f"{name} can't be called by {form}", location=found.location, hint=_NO_SNIPPET[form])
    return code


_RPC = "name grpc or connect in protocols under [examples] in toolkit.toml"
_GRPC = "name grpc in protocols under [examples] in toolkit.toml"
_NO_SNIPPET = {
    **dict.fromkeys(FORMS, _GRPC),
    "curl": "it has no HTTP binding that the request matches: try --as grpcurl",
    "go": "its files need the option go_package, and protocols under [examples] in toolkit.toml must name grpc",
    **dict.fromkeys(("buf", "typescript"), _RPC),
}
"""What to do if a method can't be called so."""


def page(workspace: Workspace, reference: PublishedReference, name: str) -> str:
    """The reference page of a method, a service or a package."""
    schema = workspace.schema
    if name in schema.methods:
        return reference.method_page(schema.methods[name])
    if name in schema.services:
        return reference.service_page(schema.services[name])
    apis = reference.layout.apis
    for api in apis:
        if name in api.packages:
            return reference.api_page(api)
    known = [*schema.methods, *schema.services, *(package for api in apis for package in api.packages)]
    raise _unknown(workspace, known, name, "method, service or package with services")


def violations(
    workspace: Workspace, message: str, content: bytes, source: str
) -> tuple[list[Violation], list[Diagnostic]]:
    """The constraints that a ProtoJSON text violates when it is parsed as a message, and those that aren't checked."""
    from toolkit.runtime.constraints import Unchecked

    if message not in workspace.schema.messages:
        raise _unknown(workspace, workspace.schema.messages, message, "message")
    validator = workspace.validator
    found = validator.check(validator.parse(workspace.classes.pool, message, content, source))
    unchecked = [Diagnostic(Location(source), str(one)) for one in found if isinstance(one, Unchecked)]
    return [one for one in found if not isinstance(one, Unchecked)], unchecked
