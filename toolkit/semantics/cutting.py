"""Copies a schema without what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from toolkit.descriptors.model import Comment, Element, Enum, Field, File, Kind, Message, Method, Schema, Service
from toolkit.semantics.http import fields_along

INTERNAL = re.compile(r"^[ \t]*@internal(?:[ \t].*)?$\n?", re.M)
"""A line of a comment that marks its element as internal."""

E = TypeVar("E", bound=Element)


@dataclass(frozen=True, slots=True)
class Cut:
    """Copies elements without their hidden parts; elements without any are not copied."""

    hidden: Set[str]
    files: Set[str]
    """The names of hidden files, whose elements are hidden."""
    options: Set[str]
    """The hidden names that may be names of options."""
    internal: bool
    """Whether visible elements may have ``@internal`` in their comments."""

    def schema(self, schema: Schema) -> Schema:
        """The schema without hidden elements."""
        files = {f.name: self._file(f) for f in schema.files.values() if f.name not in self.files}
        messages = {n: self._message(m, schema) for n, m in schema.messages.items() if n not in self.hidden}
        enums = {n: self._enum(e) for n, e in schema.enums.items() if n not in self.hidden}
        services = {n: self._service(s, schema) for n, s in schema.services.items() if n not in self.hidden}
        if not (self.hidden or self.files) and all(
            after[name] is element
            for before, after in (
                (schema.files, files),
                (schema.messages, messages),
                (schema.enums, enums),
                (schema.services, services),
            )
            for name, element in before.items()
        ):
            return schema
        return Schema(files, messages, enums, services)

    def _file(self, file: File) -> File:
        return _changed(
            file,
            imports=_without(file.imports, self.files),
            public_imports=_without(file.public_imports, self.files),
            messages=_without(file.messages, self.hidden),
            enums=_without(file.enums, self.hidden),
            services=_without(file.services, self.hidden),
            extensions=self._elements(file.extensions),
            comment=self._comment(file.comment),
            options=self._options(file.options),
            locations=self._options(file.locations),
        )

    def _message(self, message: Message, schema: Schema) -> Message:
        fields = self._elements(message.fields)
        if any(field.default is not None for field in fields):
            shown = tuple(self._with_default(field, schema) for field in fields)
            fields = fields if all(map(_same, shown, fields)) else shown
        oneofs = self._elements(message.oneofs)
        if len(fields) != len(message.fields):
            names = {field.name for field in fields}
            oneofs = tuple(replace(o, fields=tuple(name for name in o.fields if name in names)) for o in oneofs)
        return _changed(
            self._element(message),
            fields=fields,
            oneofs=oneofs,
            messages=_without(message.messages, self.hidden),
            enums=_without(message.enums, self.hidden),
            extensions=self._elements(message.extensions),
        )

    def _with_default(self, field: Field, schema: Schema) -> Field:
        """A field, without its default if that is a hidden value."""
        if field.default is None or field.type.kind is not Kind.ENUM:
            return field
        enum = schema.enums.get(field.type.name)
        hidden = enum is not None and f"{enum.parent}.{field.default}".lstrip(".") in self.hidden
        return replace(field, default=None) if hidden else field

    def _enum(self, enum: Enum) -> Enum:
        return _changed(self._element(enum), values=self._elements(enum.values))

    def _service(self, service: Service, schema: Schema) -> Service:
        methods = self._elements(service.methods)
        if any(method.http for method in methods):
            bound = tuple(self._bound(method, schema) for method in methods)
            methods = methods if all(map(_same, bound, methods)) else bound
        return _changed(self._element(service), methods=methods)

    def _bound(self, method: Method, schema: Schema) -> Method:
        """A method with bindings that name no hidden field: such a body is not sent, such a response is not shown."""

        def is_hidden(path: str, message: str) -> bool:
            return any(field.full_name in self.hidden for field in fields_along(path, schema.message(message), schema))

        http = tuple(
            replace(rule, body="") if is_hidden(rule.body, method.input) else rule
            for rule in method.http
            if not is_hidden(rule.response_body, method.output)
        )
        return method if http == method.http else replace(method, http=http)

    def _elements(self, elements: tuple[E, ...]) -> tuple[E, ...]:
        if not self.hidden.isdisjoint([element.full_name for element in elements]):
            elements = tuple(element for element in elements if element.full_name not in self.hidden)
        if not (self.internal or self.options):
            return elements
        made = tuple(map(self._element, elements))
        return elements if all(map(_same, made, elements)) else made

    def _element(self, element: E) -> E:
        comment = self._comment(element.comment)
        options = self._options(element.options)
        if comment is element.comment and options is element.options:
            return element
        return replace(element, comment=comment, options=options)

    def _options(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Options, or locations by option, without hidden extensions, also in values that are messages."""
        if not (self.options and options):
            return options
        kept = {name: self._value(value) for name, value in options.items() if name not in self.options}
        same = len(kept) == len(options) and all(map(_same, kept.values(), options.values()))
        return options if same else kept

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._options(value)
        if isinstance(value, list):
            kept = [self._value(item) for item in value]
            return value if all(map(_same, kept, value)) else kept
        return value

    def _comment(self, comment: Comment) -> Comment:
        """A comment without its ``@internal`` lines."""
        if not self.internal or not says_internal(comment):
            return comment
        leading = INTERNAL.sub("", comment.leading).strip("\n")
        line = comment.line
        if leading and line:
            # Find the line of the first remaining text, which can only be preceded by marks and empty lines.
            for above in comment.leading.split("\n"):
                if above.strip() and not INTERNAL.match(above):
                    break
                line += 1
        return replace(
            comment,
            leading=leading,
            trailing=INTERNAL.sub("", comment.trailing).strip("\n"),
            line=line if leading else 0,
        )


def says_internal(comment: Comment) -> bool:
    """Whether a comment marks its element as internal."""
    return ("@internal" in comment.leading and INTERNAL.search(comment.leading) is not None) or (
        "@internal" in comment.trailing and INTERNAL.search(comment.trailing) is not None
    )


def _without(names: tuple[str, ...], hidden: Set[str]) -> tuple[str, ...]:
    return names if hidden.isdisjoint(names) else tuple(name for name in names if name not in hidden)


def _same(one: object, other: object) -> bool:
    return one is other


T = TypeVar("T", File, Message, Enum, Service)


def _changed(element: T, **values: Any) -> T:
    """The element with these values; the same object if it already has them."""
    changes = {name: value for name, value in values.items() if value is not getattr(element, name)}
    return replace(element, **changes) if changes else element
