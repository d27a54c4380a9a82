"""Finds elements of a schema, without reading all messages where the schema has an index."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.descriptors.model import File, Kind, Message, Schema


def with_options(schema: Schema) -> Iterator[Message]:
    """The messages that have options, in the order of the files."""
    names = schema.messages if schema.index is None else schema.index.optioned
    yield from (message for message in map(schema.messages.__getitem__, names) if message.options)


def holders(schema: Schema, field_name: str) -> Iterator[str]:
    """The full names of the messages that have a field of a name, in the order of the files."""
    if schema.index is not None:
        yield from schema.index.holders(field_name)
        return
    yield from (name for name, message in schema.messages.items() if message.field(field_name) is not None)


def file_of(schema: Schema, type_name: str) -> str | None:
    """The file that declares the message or enum of a name, or None."""
    if schema.index is not None:
        return schema.index.file_of(type_name)
    found = schema.messages.get(type_name) or schema.enums.get(type_name)
    return found.location.file if found is not None else None


def typed(schema: Schema, file: File) -> Iterator[tuple[str, str]]:
    """The type of each field and extension in a file, empty for scalars, and what it extends, or empty."""
    if schema.index is not None:
        yield from schema.index.typed(file.name)
        return
    fields, stack = [*file.extensions], list(file.messages)
    while stack:
        message = schema.messages[stack.pop()]
        fields += (*message.fields, *message.extensions)
        stack += message.messages
    for one in fields:
        yield "" if one.type.kind is Kind.SCALAR else one.type.name, one.extendee


def mentioning(schema: Schema, *texts: str) -> Iterator[File]:
    """The files in which a comment may contain one of the texts: all, unless an index knows better."""
    names = schema.files if schema.index is None else schema.index.mentioning(texts)
    yield from map(schema.files.__getitem__, names)
