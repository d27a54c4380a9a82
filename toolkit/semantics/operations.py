"""Which service asks for, and cancels, the operations that a method starts; found by shape, not by name."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.descriptors.model import Message, Method, Schema, Service


@dataclass(frozen=True, slots=True)
class OperationService:
    """How an operation is asked for."""

    get: Method
    get_field: str
    """The field of the request that holds the operation's id."""
    cancel: Method | None
    cancel_field: str


def is_operation(message: Message) -> bool:
    """Whether a message is a long-running operation: it is done or not, and holds an Any in the end."""
    done, response, error = message.field("done"), message.field("response"), message.field("error")
    return (
        bool(id_field(message))
        and done is not None
        and done.type.name == "bool"
        and response is not None
        and response.type.name == "google.protobuf.Any"
        and error is not None
        and response.oneof == error.oneof != ""
    )


def id_field(operation: Message) -> str:
    """The field of an operation that holds its id."""
    return next((name for name in ("id", "name") if _is_string(operation, name)), "")


def _is_string(message: Message, name: str) -> bool:
    field = message.field(name)
    return field is not None and field.type.name == "string" and not field.repeated


def operation_service(operation: Message, schema: Schema) -> OperationService | None:
    """The service in the operation's own package that returns one by its id."""
    for service in schema.services.values():
        if service.package != operation.package:
            continue
        get = _by_id(service, "Get", operation, schema)
        if get is not None:
            cancel = _by_id(service, "Cancel", None, schema)
            return OperationService(
                get, _only_string(get, schema), cancel, _only_string(cancel, schema) if cancel else ""
            )
    return None


def _by_id(service: Service, verb: str, output: Message | None, schema: Schema) -> Method | None:
    """The method whose name begins so and that takes an id only."""
    for method in service.methods:
        fits = output is None or method.output == output.full_name
        streams = method.client_streaming or method.server_streaming
        if method.name.startswith(verb) and fits and not streams and _only_string(method, schema):
            return method
    return None


def _only_string(method: Method, schema: Schema) -> str:
    fields = schema.message(method.input).fields
    strings = [field.name for field in fields if field.type.name == "string" and not field.repeated]
    return strings[0] if len(strings) == 1 == len(fields) else ""
