"""Long-running operations: which methods start one, what it returns, and which service to poll.

Operations are recognized by their shape and by option mappings, not by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.descriptors.finding import holders
from toolkit.descriptors.model import Message, Method, Schema, Service
from toolkit.descriptors.type_graph import Types
from toolkit.descriptors.well_known import ANY, EMPTY
from toolkit.semantics.mappings import Mappings


@dataclass(frozen=True, slots=True)
class OperationService:
    """How to poll an operation."""

    get: Method
    get_field: str
    """The field of the request that contains the operation's ID."""
    cancel: Method | None
    cancel_field: str


@dataclass(frozen=True, slots=True)
class Operation:
    """The operation that a method starts."""

    message: Message
    id_field: str
    types: Types
    """Field of the message → full name of the type behind its ``Any``; empty if no option names it."""
    service: OperationService | None

    @property
    def is_typed(self) -> bool:
        """Whether an option names its types, so that clients can return more than the bare message."""
        return bool(self.types)

    @property
    def metadata(self) -> str:
        """Full name of the metadata type, or empty."""
        return self.types.get("metadata", "")

    @property
    def response(self) -> str:
        """Full name of the response type, or empty."""
        return self.types.get("response", "")


def operation_of(method: Method, schema: Schema, types: Types) -> Operation | None:
    """The operation that a method starts; None if it starts none, or is the method that polls one."""
    message = schema.message(method.output)
    if not method.is_unary or not is_operation(message):
        return None
    service = operation_service(message, schema)
    if service is not None and service.get is method:
        return None
    return Operation(message, _id_field(message), types, service)


def is_operation(message: Message) -> bool:
    """Whether a message has the shape of a long-running operation: a ``done`` flag, and an ``Any`` for its result."""
    done, response, error = message.field("done"), message.field("response"), message.field("error")
    return (
        bool(_id_field(message))
        and done is not None
        and done.type.name == "bool"
        and response is not None
        and response.type.name == ANY
        and error is not None
        and response.oneof == error.oneof != ""
    )


def operations_of(schema: Schema) -> dict[str, Message]:
    """The messages that have the shape of an operation, by full name."""
    found = map(schema.message, holders(schema, "done"))
    return {message.full_name: message for message in found if is_operation(message)}


def _id_field(operation: Message) -> str:
    """The field of an operation that contains its ID, or empty."""
    strings = {field.name for field in operation.fields if field.type.name == "string" and not field.repeated}
    return next((name for name in ("id", "name") if name in strings), "")


def operation_service(operation: Message, schema: Schema) -> OperationService | None:
    """The service in the operation's own package that returns one by its ID."""
    for name in schema.packages[operation.package].services:
        service = schema.services[name]
        get = _by_id(service, "Get", operation, schema)
        if get is not None:
            cancel = _by_id(service, "Cancel", None, schema)
            return OperationService(
                get, _only_string(get, schema), cancel, _only_string(cancel, schema) if cancel else ""
            )
    return None


def _by_id(service: Service, verb: str, output: Message | None, schema: Schema) -> Method | None:
    """The method that begins with this name and takes only an ID."""
    for method in service.methods:
        fits = output is None or method.output == output.full_name
        if method.name.startswith(verb) and fits and method.is_unary and _only_string(method, schema):
            return method
    return None


def _only_string(method: Method, schema: Schema) -> str:
    fields = schema.message(method.input).fields
    strings = [field.name for field in fields if field.type.name == "string" and not field.repeated]
    return strings[0] if len(strings) == 1 == len(fields) else ""


def any_types(method: Method, schema: Schema, mappings: Mappings) -> dict[str, str]:
    """The types that the options of a method name for the ``Any`` fields of its response."""
    output = schema.message(method.output)
    found: dict[str, str] = {}
    for mapping in mappings.operations:
        value = method.options.get(mapping.option)
        if not isinstance(value, dict):
            continue
        for name, member in mapping.fields.items():
            field = output.field(name)
            if field is None or field.type.name != ANY or field.repeated or field.is_map:
                continue
            named = value.get(member, "")
            type_name = next((name for name in scoped(named, method.parent) if _is_known(name, schema)), "")
            if type_name:
                found[name] = type_name
    return found


def scoped(name: str, scope: str) -> Iterable[str]:
    """The full names that a name can mean, in the order of protobuf's lookup: from the scope outward."""
    if name.startswith("."):
        yield name[1:]
        return
    while name:
        yield f"{scope}.{name}" if scope else name
        if not scope:
            return
        scope = scope.rpartition(".")[0]


def _is_known(full_name: str, schema: Schema) -> bool:
    return full_name in schema.messages or full_name == EMPTY  # files often name it without importing it
