"""The answers of commands about one element: an example, a page, the violations of a file, the list of services."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.cli.selection import lookup_failed, select
from toolkit.descriptors.model import Method, Service
from toolkit.errors import Diagnostic, Location, LookupFailed
from toolkit.runtime.constraints import Unchecked, Violation
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.examples import text as example_text
from toolkit.targets.examples.target import snippets_of
from toolkit.targets.reference.layout import resource
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.workspace import Workspace


def services(workspace: Workspace, names: Sequence[str]) -> list[tuple[Service, str]]:
    """The services of the named packages, services and files (by default all), each with its resource."""
    schema = workspace.schema
    return [(service, resource(service)) for service in filter(select(schema, names), schema.requested_services())]


def method(workspace: Workspace, name: str) -> Method:
    """The method with this name."""
    methods = workspace.schema.methods
    if name not in methods:
        raise lookup_failed(methods, name, "method")
    return methods[name]


def example(workspace: Workspace, examples: Examples, name: str, form: str) -> str:
    """An example of a method, or code that calls it: a request, response, curl, grpcurl or python."""
    found = method(workspace, name)
    if form == "response":
        return example_text(examples.response(found))
    request = examples.request(found)
    if form == "request":
        return example_text(request)
    snippets = snippets_of(workspace)
    if form == "grpcurl":
        return snippets.grpcurl(found, request)
    if form == "python":
        return snippets.python(found, request)
    command = snippets.curl(found, request)
    if command is None:
        raise LookupFailed(f"{name} has no HTTP binding", location=found.location, hint="try --as grpcurl")
    return command


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
    raise lookup_failed(known, name, "method, service or package with services")


def violations(
    workspace: Workspace, message: str, content: bytes, source: str
) -> tuple[list[Violation], list[Diagnostic]]:
    """The constraints that a ProtoJSON text violates when it is parsed as a message, and those that aren't checked."""
    if message not in workspace.schema.messages:
        raise lookup_failed(workspace.schema.messages, message, "message")
    validator = workspace.validator
    found = validator.check(validator.parse(workspace.classes.pool, message, content, source))
    unchecked = [Diagnostic(Location(source), str(one)) for one in found if isinstance(one, Unchecked)]
    return [one for one in found if not isinstance(one, Unchecked)], unchecked
