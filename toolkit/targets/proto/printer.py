"""Messages, enums and methods as definitions of the .proto language, made of the model.

Nothing comes from the source: what the model does not have, such as a hidden field, is not in the text. Of options, a
definition has what callers notice: deprecation, what decides the bytes, idempotency, and bindings to HTTP.

Source: the grammar in the Protocol Buffers documentation for proto2, proto3 and editions.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from toolkit.descriptors.http import OPTION as HTTP
from toolkit.descriptors.http import as_option
from toolkit.descriptors.model import Element, Enum, Field, Kind, Message, Method, Oneof, Presence, Schema, Service
from toolkit.targets.proto.names import TypeNames
from toolkit.targets.proto.options import (
    enum_options,
    field_options,
    http_members,
    message_options,
    method_options,
    quoted,
    value_options,
)

_WIDTH = 100
"""Columns of comments."""
_INDENT = "  "
_LAST_FIELD = 2**29 - 1
_LAST_VALUE = 2**31 - 1

Lines = Iterator[str]


def no_remark(element: Element) -> str:
    """No comment."""
    return ""


@dataclass(frozen=True)
class Printer:
    """Writes the elements of a schema."""

    schema: Schema
    remark: Callable[[Element], str] = no_remark
    """Returns the comment above an element, whose lines are joined; empty for none."""

    @cached_property
    def _names(self) -> TypeNames:
        return TypeNames(self.schema)

    def message(self, message: Message) -> str:
        """A message with all that is in it."""
        return _text(self._message(message))

    def enum(self, enum: Enum) -> str:
        """An enum."""
        return _text(self._enum(enum))

    def service(self, service: Service, methods: Iterable[Method]) -> str:
        """A service with some of its methods."""
        lines = [line for method in methods for line in self._method(method, service)]
        return _text((*self._comment(service), *_block(f"service {service.name}", lines)))

    def extensions(self, extensions: Sequence[Field], scope: str) -> str:
        """Extensions that are declared in ``scope``, a message or a package."""
        return _text(self._extensions(extensions, scope))

    def _comment(self, element: Element) -> Lines:
        words = " ".join(self.remark(element).split())
        if len(words) <= _WIDTH:  # as most are; to find out takes textwrap long
            return iter([f"// {words}"] if words else [])
        return (f"// {line}" for line in textwrap.wrap(words, _WIDTH, break_long_words=False, break_on_hyphens=False))

    def _edition(self, element: Element) -> str:
        return self.schema.files[element.location.file].edition

    # Messages

    def _message(self, message: Message) -> Lines:
        yield from self._comment(message)
        yield from _block(f"message {message.name}", self._body(message))

    def _body(self, message: Message) -> Lines:
        """What is between the braces of a message."""
        yield from _statements(message_options(message))
        yield from self._members(message.fields, message.full_name, message.oneofs)
        groups = {one.type.name for one in (*message.fields, *message.extensions) if self._is_group(one)}
        for name in message.messages:
            if name not in groups:
                yield from self._message(self.schema.message(name))
        for name in message.enums:
            yield from self._enum(self.schema.enum(name))
        yield from self._extensions(message.extensions, message.full_name)
        ranges = [_range(start, end - 1, _LAST_FIELD) for start, end in message.extension_ranges]
        if ranges:
            yield f"extensions {', '.join(ranges)};"
        reserved = [_range(start, end - 1, _LAST_FIELD) for start, end in message.reserved_ranges]
        yield from self._reserved(reserved, message.reserved_names, message)

    def _members(self, fields: Sequence[Field], scope: str, oneofs: Sequence[Oneof] = ()) -> Lines:
        """Fields in their order; those of a oneof are where the first of them is."""
        by_name = {oneof.name: oneof for oneof in oneofs}
        for one in fields:
            oneof = by_name.get(one.oneof)
            if oneof is None:
                yield from self._field(one, scope)
            elif one.name == oneof.fields[0]:
                members = [each for each in fields if each.oneof == oneof.name]
                yield from self._comment(oneof)
                yield from _block(f"oneof {oneof.name}", self._members(members, scope))

    def _field(self, one: Field, scope: str) -> Lines:
        edition = self._edition(one)
        label, said = _label(one, edition), _bracketed(field_options(one, edition))
        yield from self._comment(one)
        if self._is_group(one):
            group = self.schema.message(one.type.name)
            yield from _block(f"{label}group {group.name} = {one.number}{said}", self._body(group))
            return
        kind = one.type.name
        if one.type.kind is not Kind.SCALAR:
            kind = self._names.of(kind, scope, self._package(one))
        if one.is_map:
            kind = f"map<{one.key}, {kind}>"
        yield f"{label}{kind} {one.name} = {one.number}{said};"

    def _package(self, element: Element) -> str:
        return self.schema.files[element.location.file].package

    def _is_group(self, one: Field) -> bool:
        """Whether a field declares its message, which only proto2 has."""
        if not one.delimited or self._edition(one) != "proto2":
            return False
        message = self.schema.messages.get(one.type.name)
        return message is not None and message.parent == one.parent and message.name.lower() == one.name

    def _extensions(self, extensions: Sequence[Field], scope: str) -> Lines:
        for extendee, group in groupby(extensions, key=lambda one: one.extendee):
            fields = [*group]
            name = self._names.of(extendee, scope, self._package(fields[0]), strict=True)
            yield from _block(f"extend {name}", self._members(fields, scope))

    def _reserved(self, ranges: Sequence[str], names: Sequence[str], element: Element) -> Lines:
        if ranges:
            yield f"reserved {', '.join(ranges)};"
        if self._edition(element) in ("proto2", "proto3"):
            names = [*map(quoted, names)]
        else:
            names = [name for name in names if name.isidentifier()]
        if names:
            yield f"reserved {', '.join(names)};"

    # Enums

    def _enum(self, enum: Enum) -> Lines:
        yield from self._comment(enum)
        yield from _block(f"enum {enum.name}", self._values(enum))

    def _values(self, enum: Enum) -> Lines:
        yield from _statements(enum_options(enum, self._edition(enum)))
        for value in enum.values:
            yield from self._comment(value)
            yield f"{value.name} = {value.number}{_bracketed(value_options(value))};"
        ranges = [_range(start, end, _LAST_VALUE) for start, end in enum.reserved_ranges]
        yield from self._reserved(ranges, enum.reserved_names, enum)

    # Methods

    def _method(self, method: Method, service: Service) -> Lines:
        asked, given = (
            ("stream " if streams else "") + self._names.of(name, service.full_name, service.package, strict=True)
            for name, streams in ((method.input, method.client_streaming), (method.output, method.server_streaming))
        )
        yield from self._comment(method)
        options = [*_statements(method_options(method))]
        if HTTP in method.options and method.http:
            options += [f"option ({HTTP}) = {{", *_inside(http_members(as_option(method.http))), "};"]
        declared = f"rpc {method.name}({asked}) returns ({given})"
        yield from _block(declared, options) if options else (f"{declared};",)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _inside(lines: Iterable[str]) -> Lines:
    return (f"{_INDENT}{line}" for line in lines)


def _block(declared: str, lines: Iterable[str]) -> list[str]:
    inner = [f"{_INDENT}{line}" for line in lines]
    return [f"{declared} {{", *inner, "}"] if inner else [f"{declared} {{}}"]


def _statements(options: Iterable[str]) -> Lines:
    return (f"option {option};" for option in options)


def _bracketed(options: Iterable[str]) -> str:
    said = ", ".join(options)
    return f" [{said}]" if said else ""


def _label(one: Field, edition: str) -> str:
    """The word before the type of a field; with a space, if there is one."""
    if one.repeated:
        return "repeated "
    if edition not in ("proto2", "proto3") or one.oneof or one.is_map:
        return ""
    if one.presence is Presence.REQUIRED:
        return "required "
    # In proto3, a message has presence with and without the word, and extensions always have it.
    is_said = edition == "proto2" or not (one.type.kind is Kind.MESSAGE or one.extendee)
    return "optional " if is_said and one.presence is Presence.EXPLICIT else ""


def _range(start: int, end: int, last: int) -> str:
    if start == end:
        return str(start)
    return f"{start} to {'max' if end >= last else end}"
