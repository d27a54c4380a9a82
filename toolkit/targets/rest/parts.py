"""The parts of a method's REST page: what goes into the path, the query and the body, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.descriptors.model import Field, Message, Method, Schema
from toolkit.descriptors.type_graph import Types
from toolkit.descriptors.well_known import JSON_FORMS
from toolkit.semantics.http import ALL, Binding
from toolkit.targets.rest.sections import Head, only
from toolkit.targets.rest.types import LEFT_OUT, is_expanded, shown_name

PATH = Head("Path parameters", has_anchor=False, has_sample=False, comment=False, required=True)
QUERY = Head("Query parameters", has_sample=False)
BODY = Head("Body parameters")
RESPONSE = Head("Response", code="200 - OK")
NOTHING = replace(RESPONSE, has_sample=False, comment=False)
"""A response without fields."""
_PLACEHOLDER = re.compile(r"\{([^{}=]*)(?:=[^{}]*)?\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a request, or a response: some fields of a message."""

    head: Head
    message: Message
    types: Types
    """Other types of some fields, and those that are left out."""
    value: Field | None = None
    """The field whose value is the entire part, if that has no sections of its own."""
    is_whole: bool = False
    """Whether the part is a value that JSON has a form of its own for, such as a timestamp."""

    @property
    def is_empty(self) -> bool:
        """Whether it has no fields."""
        return not self.is_whole and all(self.types.get(field.name) == LEFT_OUT for field in self.message.fields)


def address(binding: Binding) -> str:
    """The path of a binding with the names of its parameters, which stay as they are if they have dots."""
    return _PLACEHOLDER.sub(lambda found: "{" + _name(found[1], binding) + "}", binding.template.text)


def _name(path: str, binding: Binding) -> str:
    if "." in path:
        return path
    field = binding.message.field(path)
    is_custom = field is not None and field.json_name != shown_name(path) and "_" not in field.json_name
    return field.json_name if field is not None and is_custom else shown_name(path)


def verb(binding: Binding) -> str:
    """The verb of a request; a binding for every verb has that of its examples."""
    return binding.verb if binding.verb != ALL else "POST" if binding.body else "GET"


def request(binding: Binding, schema: Schema) -> tuple[Part | None, Part | None, Part | None]:
    """The path, query and body of a request; None for those without fields."""
    message = binding.message
    in_path = [name for name in binding.path_fields if "." not in name]
    forms = ((one.field, "/".join(one.pattern)) for one in binding.template.variables if one.keeps_slashes)
    path = Part(replace(PATH, forms=tuple(forms)), message, only(message, in_path))
    rest = [field.name for field in message.fields if field.name not in in_path]
    query: Part | None = None
    body: Part | None = None
    if binding.body == ALL:
        body = _whole(BODY, message) or Part(BODY, message, only(message, rest))
    else:
        query = Part(QUERY, message, only(message, [name for name in rest if name != binding.body]))
        body = _value(BODY, binding.body, message, schema) if binding.body else None
    kept = [part if part is not None and not part.is_empty else None for part in (path, query, body)]
    return kept[0], kept[1], kept[2]


def nested_in_path(binding: Binding, schema: Schema) -> frozenset[str]:
    """The full names of the fields of nested messages that are in the path."""
    paths = (path for path in binding.path_fields if "." in path)
    return frozenset([*_walk(path, binding.message, schema)][-1][1].full_name for path in paths)


def response(binding: Binding, method: Method, types: Types, schema: Schema) -> Part:
    """What a method returns."""
    message = schema.message(method.output)
    if binding.response_body:
        return _value(RESPONSE, binding.response_body, message, schema)
    return _whole(RESPONSE, message) or Part(RESPONSE if message.fields else NOTHING, message, types)


def _whole(head: Head, message: Message) -> Part | None:
    """The part for a message that JSON has a form of its own for; None for others."""
    if message.full_name not in JSON_FORMS or not message.fields:
        return None
    return Part(head, message, only(message, ()), is_whole=True)


def _value(head: Head, path: str, message: Message, schema: Schema) -> Part:
    """The part that consists of one field of a message: that of its type if it has fields, or its own row."""
    *_, (holder, found) = _walk(path, message, schema)
    if not (found.repeated or found.is_map) and is_message(found, schema):
        return Part(replace(head, value_of=found.full_name), schema.message(found.type.name), {})
    return Part(replace(head, comment=False), holder, only(holder, [found.name]), found)


def _walk(path: str, message: Message, schema: Schema) -> Iterator[tuple[Message, Field]]:
    for name in path.split("."):
        field = message.field(name)
        assert field is not None  # a binding has no other fields
        yield message, field
        message = schema.messages.get(field.type.name, message)


def is_message(field: Field, schema: Schema) -> bool:
    """Whether the values of a field are objects with members."""
    return field.type.name in schema.messages and is_expanded(field.type.name, schema)
