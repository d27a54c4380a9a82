"""Removes elements from a schema that are marked as internal or hidden by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fnmatch import translate
from typing import Any, TypeVar

from toolkit.descriptors.finding import mentioning
from toolkit.descriptors.model import Comment, Element, Enum, Field, File, Kind, Message, Options, Schema, Service
from toolkit.errors import ConfigError
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import path_fields
from toolkit.semantics.mappings.described import option_values
from toolkit.semantics.reach import only_hidden_use
from toolkit.semantics.resources import resources_of, without_references
from toolkit.semantics.texts import listed

_LINE = re.compile(r"^[ \t]*@internal(?:[ \t].*)?$\n?", re.M)
_DIRECTIVE = re.compile(r"[a-z]\w*(?:-\w+)*:|(?:TODO|FIXME)\b")
"""The beginning of a block that addresses a tool or the author, and does not describe its element."""
_OPTION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")

E = TypeVar("E", bound=Element)


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which elements are visible."""

    internal: bool = False
    """Include elements that are marked as internal."""
    hide: tuple[str, ...] = ()
    """Patterns of full names (``acme.internal.*``, ``*.Debug*``) to hide, even if ``internal`` is true."""
    hide_options: tuple[str, ...] = ()
    """Options that mark an element as internal: NAME or NAME=VALUE, where NAME may continue with members of the option
    (``google.api.field_visibility.restriction=INTERNAL``)."""
    hide_restricted: tuple[str, ...] = ()
    """Visibility labels: elements restricted to one of them are internal."""


def visible(facts: Facts, visibility: Visibility) -> Schema:
    """The schema without hidden elements, their contents, everything that needs them, and types that only they use.

    Elements are marked by the options in ``hide_options``, by a label in ``hide_restricted``, by a comment line that
    begins with ``@internal``, and by a comment that only consists of ``(-- … --)``. On a ``package`` statement, such a
    line marks the file. Raises :class:`ConfigError` for an invalid pattern or option. Returns the same object if
    nothing is hidden.
    """
    schema, marks = facts.schema, _Marks(visibility, facts)
    if not (marks.are_chosen or _says_any(schema, marks)):
        return schema
    hidden = _hidden(schema, marks, set())
    unused = only_hidden_use(facts, hidden) if hidden else set()
    hidden = _hidden(schema, marks, unused) if unused else hidden
    files = {f.name for f in schema.files.values() if marks.hides_file(f) or _is_emptied(f, hidden)}
    if not (hidden or files or visibility.internal):
        return schema
    options = {name for name in hidden if name in schema.extensions or name.startswith("google.protobuf.")}
    shown = _Cut(hidden, files, options, visibility.internal).schema(schema)
    gone = facts.resources.keys() - resources_of(shown, facts.mappings).keys() if shown is not schema else ()
    return without_references(shown, {*gone}, facts.mappings)


class _Marks:
    """Determines which elements are hidden by a mark or a pattern."""

    def __init__(self, visibility: Visibility, facts: Facts) -> None:
        self._facts = facts
        self._restricted = frozenset(visibility.hide_restricted)
        self._internal = visibility.internal
        self._named: Callable[[str], re.Match[str] | None] | None = None
        if visibility.hide:
            if "" in visibility.hide:
                raise ConfigError("a pattern in hide is empty", hint='such as "acme.internal.*"')
            self._named = re.compile("|".join(map(translate, visibility.hide))).match
        self._options = [_option(text) for text in visibility.hide_options]

    @property
    def are_chosen(self) -> bool:
        """Whether anything but comments decides what is hidden."""
        return self._named is not None or bool(self._options or self._restricted) or self._internal

    def names(self, full_name: str) -> bool:
        """Whether a pattern matches a name."""
        return self._named is not None and self._named(full_name) is not None

    def hides(self, element: Element) -> bool:
        """Whether an element is hidden."""
        if self.names(element.full_name):
            return True
        if self._internal:
            return False
        if element.options and any(_is_set(element.options, *option) for option in self._options):
            return True
        if self._restricted and not self._restricted.isdisjoint(self._facts.restriction(element)):
            return True
        comment = element.comment
        if _says_internal(comment):
            return True
        if not comment.internal or comment.leading or comment.trailing or comment.detached:
            return False
        return not all(map(_DIRECTIVE.match, comment.internal))

    def hides_file(self, file: File) -> bool:
        """Whether an entire file is hidden: by its comment, or by the name of its package or of an enclosing one."""
        package = file.package
        while package:
            if self.names(package):
                return True
            package = package.rpartition(".")[0]
        return not self._internal and _says_internal(file.comment)


def _says_internal(comment: Comment) -> bool:
    return ("@internal" in comment.leading and _LINE.search(comment.leading) is not None) or (
        "@internal" in comment.trailing and _LINE.search(comment.trailing) is not None
    )


def _option(text: str) -> tuple[str, str | None]:
    """The parts of NAME or NAME=VALUE."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not _OPTION.match(name):
        raise ConfigError(
            f"{text!r} in hide_options does not begin with the name of an option",
            hint="NAME or NAME=VALUE, such as google.api.field_visibility.restriction=INTERNAL",
        )
    return name, value.strip() if equals else None


def digest_of(schema: Schema) -> str:
    """A digest of the names of everything in a schema."""
    names = [*schema.files, *schema.enums, *schema.enum_values, *schema.services, *schema.methods, *schema.extensions]
    for message in schema.messages.values():
        names += [message.full_name, *(e.full_name for e in (*message.fields, *message.oneofs))]
    return hashlib.blake2b("\n".join(names).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _is_set(options: Options, name: str, wanted: str | None) -> bool:
    return any(value is not False if wanted is None else _is(value, wanted) for value in option_values(options, name))


def _is(value: Any, wanted: str) -> bool:
    """Whether a value reads as ``wanted``, or is a comma-separated list that contains it."""
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return wanted == text or wanted in listed(text)


def _says_any(schema: Schema, marks: _Marks) -> bool:
    """Whether any comment hides something; found without reading all files, most of which have no such comment."""
    for file in mentioning(schema, "@internal", "(--"):
        if marks.hides_file(file) or any(map(marks.hides, file.extensions)):
            return True
        for service in map(schema.service, file.services):
            if any(map(marks.hides, (service, *service.methods))):
                return True
        messages, enums = [*file.messages], [*file.enums]
        while messages:
            message = schema.message(messages.pop())
            messages += message.messages
            enums += message.enums
            if any(map(marks.hides, (message, *message.fields, *message.oneofs, *message.extensions))):
                return True
        for enum in map(schema.enum, enums):
            if any(map(marks.hides, (enum, *enum.values))):
                return True
    return False


def _hidden(schema: Schema, marks: _Marks, hidden: set[str]) -> set[str]:
    """Add the full names of all hidden elements to a set of those that are already known, and return it."""
    for file in schema.files.values():
        whole = marks.hides_file(file)
        if whole:
            hidden.update(file.services)
            hidden.update(extension.full_name for extension in file.extensions)
        _hide_types(schema, marks, file, whole, hidden)
    # All hidden types are known now, so the elements that use them can be determined.
    for message in schema.messages.values():
        _hide_members(message, marks, hidden)
    for file in schema.files.values():
        _hide_fields(file.extensions, marks, hidden)
    for service in schema.services.values():
        gone = service.full_name in hidden or marks.hides(service)
        methods = [
            method.full_name
            for method in service.methods
            if gone or method.input in hidden or method.output in hidden or marks.hides(method)
        ]
        hidden.update(methods)
        if gone or (methods and len(methods) == len(service.methods)):
            hidden.add(service.full_name)
    kept = [field for field in path_fields(schema, hidden) if field.type.name not in hidden]
    return hidden.difference(name for field in kept for name in (field.full_name, f"{field.parent}.{field.oneof}"))


def _hide_types(schema: Schema, marks: _Marks, file: File, whole: bool, hidden: set[str]) -> None:
    """Hide messages with everything in them, and enums."""
    messages = [(name, whole) for name in file.messages]
    enums = [(name, whole) for name in file.enums]
    while messages:
        name, gone = messages.pop()
        message = schema.messages[name]
        gone = gone or name in hidden or marks.hides(message)
        if gone:
            hidden.add(name)
        messages += [(nested, gone) for nested in message.messages]
        enums += [(nested, gone) for nested in message.enums]
    for name, gone in enums:
        enum = schema.enums[name]
        gone = gone or name in hidden or marks.hides(enum)
        values = [v.full_name for v in enum.values if gone or marks.hides(v) or marks.names(f"{name}.{v.name}")]
        hidden.update(values)
        if gone or (values and len(values) == len(enum.values)):
            hidden.add(name)


def _hide_members(message: Message, marks: _Marks, hidden: set[str]) -> None:
    """Hide fields and oneofs, including the members of hidden oneofs, and oneofs without visible members."""
    gone = message.full_name in hidden
    closed = {oneof.name for oneof in message.oneofs if gone or marks.hides(oneof)}
    if gone or closed:
        members = (*message.fields, *message.extensions) if gone else message.fields
        hidden.update(member.full_name for member in members if gone or member.oneof in closed)
    _hide_fields(message.fields, marks, hidden)
    _hide_fields(message.extensions, marks, hidden)
    for oneof in message.oneofs:
        scope = f"{message.full_name}."
        if all(scope + name in hidden for name in oneof.fields):
            hidden.add(oneof.full_name)


def _hide_fields(fields: Sequence[Field], marks: _Marks, hidden: set[str]) -> None:
    """Hide marked fields, and fields whose type or extended message is hidden."""
    for field in fields:
        if (
            (field.type.name in hidden and field.type.kind is not Kind.SCALAR)
            or field.extendee in hidden
            or marks.hides(field)
        ):
            hidden.add(field.full_name)


def _is_emptied(file: File, hidden: Set[str]) -> bool:
    """Whether a file has elements, and all of them are hidden."""
    names = [*file.messages, *file.enums, *file.services, *(extension.full_name for extension in file.extensions)]
    return bool(names) and hidden >= set(names)


@dataclass(frozen=True, slots=True)
class _Cut:
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
        services = {n: self._service(s) for n, s in schema.services.items() if n not in self.hidden}
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

    def _service(self, service: Service) -> Service:
        return _changed(self._element(service), methods=self._elements(service.methods))

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
        if not self.internal or not _says_internal(comment):
            return comment
        leading = _LINE.sub("", comment.leading).strip("\n")
        line = comment.line
        if leading and line:
            # Find the line of the first remaining text, which can only be preceded by marks and empty lines.
            for above in comment.leading.split("\n"):
                if above.strip() and not _LINE.match(above):
                    break
                line += 1
        return replace(
            comment,
            leading=leading,
            trailing=_LINE.sub("", comment.trailing).strip("\n"),
            line=line if leading else 0,
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
