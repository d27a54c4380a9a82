"""The view models of the Python target; every member is finished Python source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of an enum."""

    name: str
    number: int
    doc: str


@dataclass(frozen=True, slots=True)
class EnumView:
    """An enum."""

    name: str
    doc: str
    proto: str
    """Its full name in the .proto file."""
    renamed: list[tuple[str, str]]
    values: list[ValueView]
    unknown: int | None
    """An unused number, which stands for all numbers without a name in type checkers; None if they are not allowed."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A member of a oneof."""

    name: str
    doc: str
    field: str
    hint: str


@dataclass(frozen=True, slots=True)
class OneofView:
    """A oneof: an attribute, and a class that contains its cases."""

    name: str
    proto: str
    attribute: str
    doc: str
    cases: list[CaseView]


@dataclass(frozen=True, slots=True)
class AttributeView:
    """An attribute of a message."""

    name: str
    hint: str
    doc: str
    argument: str
    """Its type as an argument, with the default: ``str = ""``."""
    value: str
    """The expression that it is set to, using the argument of the same name."""
    summary: str
    """Its comment in one line; empty if there is none."""


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """An extension field."""

    name: str
    hint: str
    doc: str
    proto: str
    extendee: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message."""

    name: str
    base: str
    doc: str
    init_doc: str
    """The docstring of the constructor, with its arguments; empty if none has a comment."""
    proto: str
    slots: list[str]
    renamed: list[tuple[str, str]]
    nested: list[str]
    """Nested classes, as indented source."""
    oneofs: list[OneofView]
    attributes: list[AttributeView]
    extensions: list[ExtensionView]
    constraints: list[str]
    extendable: bool


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method of a client and of a servicer."""

    name: str
    proto: str
    """Its name in the .proto file."""
    doc: str
    kind: str
    """``unary_unary``, ``unary_stream``, ``stream_unary`` or ``stream_stream``."""
    request: str
    response: str
    request_proto: str
    response_proto: str
    operation: str
    """The types of the long-running operation that it starts (``Metadata, Response``), or empty."""
    operation_types: str
    """The same for the runtime, as a call that creates them."""
    pager: str
    """The name of the method that iterates over its pages, or empty."""
    item: str
    """The type of the items on its pages."""
    items: str
    """The attribute of the response that contains the items."""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service."""

    proto: str
    doc: str
    client: str
    async_client: str
    servicer: str
    async_servicer: str
    methods: list[MethodView]


@dataclass(frozen=True, slots=True)
class ModuleView:
    """The module of a package."""

    doc: str
    level: str
    """The dots of a relative import from the root."""
    standard: list[tuple[str, str]]
    """The modules of the standard library that the code uses, and as what."""
    imports: list[tuple[str, str, str, str]]
    """Imported modules of other packages: from where, what, as what, and what it is at run time."""
    classes: list[str]
    aliases: list[tuple[str, str]]
    """Aliases for names that class bodies shadow."""
    extensions: list[ExtensionView]
    services: list[str]
    exported: list[str]
