"""Removes elements from a schema that are marked as internal or hidden by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from fnmatch import translate
from typing import Any

from toolkit.descriptors.finding import mentioning
from toolkit.descriptors.model import Element, Field, File, Kind, Message, Options, Schema
from toolkit.errors import ConfigError
from toolkit.semantics.cutting import Cut, says_internal
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import path_fields
from toolkit.semantics.mappings.described import option_values
from toolkit.semantics.reach import only_hidden_use
from toolkit.semantics.resources import resources_of, without_references
from toolkit.semantics.texts import listed

_DIRECTIVE = re.compile(r"[a-z]\w*(?:-\w+)*:|(?:TODO|FIXME)\b")
"""The beginning of a block that addresses a tool or the author, and does not describe its element."""
_OPTION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")


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
    shown = Cut(hidden, files, options, visibility.internal).schema(schema)
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
        if says_internal(comment):
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
        return not self._internal and says_internal(file.comment)


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
