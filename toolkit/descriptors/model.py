"""The model: a frozen picture of a descriptor set that every target reads.

Elements refer to each other by full name (no leading dot) and are looked up in
the :class:`Schema`; there are no linked objects, so equality and hashing work.
Map entries and synthetic oneofs are gone: a map is a field with a ``key``, a
proto3 ``optional`` is a field with explicit presence and no oneof.

Source: the messages of ``google/protobuf/descriptor.proto``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from toolkit.descriptors.index import Index
from toolkit.errors import Location, LookupFailed

Options = Mapping[str, Any]
"""Options by full name (``yandex.cloud.length``, ``google.protobuf.FieldOptions.packed``)
in the order of the source; values are plain: message → dict, enum → value name, bytes → bytes."""


class Kind(StrEnum):
    """What a type is."""

    SCALAR = "scalar"
    ENUM = "enum"
    MESSAGE = "message"


class Cardinality(StrEnum):
    """How many values a field holds."""

    SINGULAR = "singular"
    REPEATED = "repeated"
    MAP = "map"


class Presence(StrEnum):
    """Whether an unset field can be told from a default value."""

    EXPLICIT = "explicit"
    IMPLICIT = "implicit"
    REQUIRED = "required"
    """Proto2's ``required`` (or its edition feature): the message does not parse without it."""
    NONE = "none"
    """Repeated fields and maps: empty and unset are the same."""


@dataclass(frozen=True, slots=True)
class Comment:
    """The comments of an element as written, less one leading space and trailing white space a line."""

    leading: str = ""
    trailing: str = ""
    detached: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    """AIP-192 ``(-- … --)`` blocks, taken out of the three others."""
    line: int = 0
    """Where ``leading`` begins in the file, counted from 1; 0 without source info."""
    marked: str = ""
    """The leading comment as the compiler returns it, if ``leading`` is without marks that it has, such as ``///``."""

    @property
    def text(self) -> str:
        """What documents the element: the leading comment, or the trailing one where there is none."""
        return self.leading or self.trailing


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type by its name: a scalar's keyword, or the full name of an enum or message."""

    kind: Kind
    name: str

    @property
    def short_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every named thing of a schema has."""

    full_name: str
    name: str
    location: Location
    comment: Comment = Comment()
    options: Options = field(default_factory=dict)
    deprecated: bool = False
    """Set on the element itself or inherited from what contains it."""

    @property
    def parent(self) -> str:
        """The full name of the scope of this element; a package for a top-level one."""
        return self.full_name[: -len(self.name) - 1]

    def __hash__(self) -> int:
        return hash(self.full_name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class Field(Element):
    """A field of a message, or an extension (then ``extendee`` is set)."""

    number: int
    json_name: str
    type: TypeRef
    """The type of one value: a map's value, a repeated field's element."""
    cardinality: Cardinality = Cardinality.SINGULAR
    key: str = ""
    """A map's key: the scalar's keyword."""
    presence: Presence = Presence.IMPLICIT
    oneof: str = ""
    """The name of the oneof that the field is a member of."""
    default: str | None = None
    """The declared default, as the descriptor writes it."""
    packed: bool = False
    delimited: bool = False
    """Encoded as a group."""
    extendee: str = ""

    __hash__ = Element.__hash__

    @property
    def repeated(self) -> bool:
        """A list of values; a map is not."""
        return self.cardinality is Cardinality.REPEATED

    @property
    def is_map(self) -> bool:
        """Values by key."""
        return self.cardinality is Cardinality.MAP


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class Oneof(Element):
    """A group of fields of which at most one is set."""

    fields: tuple[str, ...]
    """The names of its members, in the order of the file."""

    __hash__ = Element.__hash__


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class Message(Element):
    """A message; ``messages`` and ``enums`` are the full names of nested ones."""

    package: str
    fields: tuple[Field, ...] = ()
    oneofs: tuple[Oneof, ...] = ()
    messages: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()
    extensions: tuple[Field, ...] = ()
    extension_ranges: tuple[tuple[int, int], ...] = ()
    reserved_ranges: tuple[tuple[int, int], ...] = ()
    """Half-open: the end is not reserved."""
    reserved_names: tuple[str, ...] = ()

    __hash__ = Element.__hash__

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((f for f in self.fields if f.name == name), None)

    def oneof(self, name: str) -> Oneof | None:
        """The oneof of that name."""
        return next((o for o in self.oneofs if o.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class EnumValue(Element):
    """A value of an enum; its full name is a sibling of the enum's, as protobuf scopes it."""

    number: int

    __hash__ = Element.__hash__


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class Enum(Element):
    """An enum; ``closed`` ones refuse unknown numbers."""

    package: str
    values: tuple[EnumValue, ...]
    closed: bool = False
    reserved_ranges: tuple[tuple[int, int], ...] = ()
    """Closed: the end is reserved."""
    reserved_names: tuple[str, ...] = ()

    __hash__ = Element.__hash__


@dataclass(frozen=True, slots=True)
class HttpRule:
    """One binding of a method to HTTP, from ``google.api.http``."""

    verb: str
    path: str
    body: str = ""
    response_body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class Method(Element):
    """An rpc; input and output are full names of messages."""

    input: str
    output: str
    client_streaming: bool = False
    server_streaming: bool = False
    http: tuple[HttpRule, ...] = ()
    """The primary binding, then the additional ones."""

    __hash__ = Element.__hash__

    @property
    def is_unary(self) -> bool:
        """One request, one response."""
        return not (self.client_streaming or self.server_streaming)

    @property
    def streaming(self) -> str:
        """``unary``, ``client streaming``, ``server streaming`` or ``bidirectional streaming``."""
        if self.client_streaming:
            return "bidirectional streaming" if self.server_streaming else "client streaming"
        return "server streaming" if self.server_streaming else "unary"


@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class Service(Element):
    """A service."""

    package: str
    methods: tuple[Method, ...] = ()

    __hash__ = Element.__hash__


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One .proto file; the lists are full names, in the order of the file."""

    name: str
    package: str
    edition: str
    """``proto2``, ``proto3`` or the year of the edition."""
    imports: tuple[str, ...] = ()
    public_imports: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    extensions: tuple[Field, ...] = ()
    comment: Comment = Comment()
    """Of the ``package`` statement, or of ``syntax`` where that has none."""
    options: Options = field(default_factory=dict)
    deprecated: bool = False
    requested: bool = True
    """Named by the caller; false: here because another file imports it."""
    locations: Mapping[str, Location] = field(default_factory=dict)
    """Where ``syntax``, ``package`` and options, by full name, stand."""

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package: the full names of what its files hold, in the order of files (by name) and lines."""

    name: str
    files: tuple[str, ...]
    messages: tuple[str, ...]
    enums: tuple[str, ...]
    services: tuple[str, ...]
    comment: Comment = Comment()
    requested: bool = True


@dataclass(frozen=True)
class Schema:
    """Everything in a descriptor set, by full name."""

    files: Mapping[str, File]
    """By name, sorted."""
    messages: Mapping[str, Message]
    enums: Mapping[str, Enum]
    services: Mapping[str, Service]
    index: Index | None = field(default=None, compare=False)
    """Finds elements among messages that are not read yet; ask it with the functions of its module."""

    def __hash__(self) -> int:
        return hash(tuple(self.files))

    @cached_property
    def packages(self) -> Mapping[str, Package]:
        """Packages by name, sorted."""
        by_name: dict[str, list[File]] = {}
        for file in self.files.values():
            by_name.setdefault(file.package, []).append(file)
        return {
            name: Package(
                name=name,
                files=tuple(f.name for f in files),
                messages=tuple(m for f in files for m in f.messages),
                enums=tuple(e for f in files for e in f.enums),
                services=tuple(s for f in files for s in f.services),
                comment=next((f.comment for f in files if f.comment.leading), Comment()),
                requested=any(f.requested for f in files),
            )
            for name, files in sorted(by_name.items())
        }

    @cached_property
    def methods(self) -> Mapping[str, Method]:
        """Methods by full name."""
        return {m.full_name: m for s in self.services.values() for m in s.methods}

    @cached_property
    def extensions(self) -> Mapping[str, Field]:
        """Extensions by full name."""
        found = [e for f in self.files.values() for e in f.extensions]
        holders = self.messages if self.index is None else self.index.extending
        found += [e for name in holders for e in self.messages[name].extensions]
        return {e.full_name: e for e in found}

    @cached_property
    def enum_values(self) -> Mapping[str, EnumValue]:
        """Enum values by full name (beside their enum)."""
        return {v.full_name: v for e in self.enums.values() for v in e.values}

    def declares(self, full_name: str) -> bool:
        """Whether there is a message, enum, service or method of that name."""
        return any(full_name in known for known in (self.messages, self.enums, self.services, self.methods))

    def message(self, full_name: str) -> Message:
        """The message of that name, or :class:`LookupFailed`."""
        try:
            return self.messages[full_name]
        except KeyError:
            raise LookupFailed(f"there is no message {full_name!r} in the schema") from None

    def enum(self, full_name: str) -> Enum:
        """The enum of that name, or :class:`LookupFailed`."""
        try:
            return self.enums[full_name]
        except KeyError:
            raise LookupFailed(f"there is no enum {full_name!r} in the schema") from None

    def service(self, full_name: str) -> Service:
        """The service of that name, or :class:`LookupFailed`."""
        try:
            return self.services[full_name]
        except KeyError:
            raise LookupFailed(f"there is no service {full_name!r} in the schema") from None

    def service_of(self, method: Method) -> Service:
        """The service of a method."""
        return self.service(method.parent)

    def requested_services(self) -> Iterator[Service]:
        """The services of the files that the caller named, by package, then in the order of the files."""
        for package in self.packages.values():
            for name in package.services:
                service = self.services[name]
                if self.files[service.location.file].requested:
                    yield service
