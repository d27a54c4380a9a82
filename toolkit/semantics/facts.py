"""Facts: what an API means. Every target asks here instead of deciding for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from toolkit.descriptors.model import (
    Comment,
    Element,
    Enum,
    Field,
    Kind,
    Message,
    Method,
    Oneof,
    Package,
    Presence,
    Schema,
    Service,
)
from toolkit.descriptors.type_graph import TypeGraph, Types
from toolkit.semantics.comments import CommentReader
from toolkit.semantics.constraints import DEMANDS, Constraint, constraints_of
from toolkit.semantics.http import IDEMPOTENT, Http, http_of
from toolkit.semantics.mappings import ConstraintMapping, Mappings, built_in
from toolkit.semantics.mappings.described import Fact
from toolkit.semantics.operations import Operation, any_types, operation_of, scoped
from toolkit.semantics.pagination import Pagination, pagination_of
from toolkit.semantics.protovalidate import alternatives
from toolkit.semantics.reasons import names_errors
from toolkit.semantics.resources import Resource, ResourceName, Resources, resource_name, resource_of, resources_of
from toolkit.semantics.roles import Role, roles
from toolkit.semantics.texts import comment_in, examples_of, listed

_REQUIRED = Constraint(ConstraintMapping(option="required", kind="required"))
"""For fields that are required by the language: ``required`` in proto2, and the feature of editions."""
_NO_HTTP = Http()


@dataclass(frozen=True)
class Facts:
    """The facts of a schema under option mappings; each is computed on first use and kept."""

    schema: Schema
    mappings: Mappings = field(default_factory=built_in)
    reader: CommentReader = CommentReader()

    # Comments

    def comment(self, element: Element | Package) -> Comment:
        """The comment of an element as its readers want it, or else the texts in its options.

        A field without a comment has that of its group. That of a required field is without words at the beginning
        that only say so.
        """
        key = type(element), element.name if isinstance(element, Package) else element.full_name
        found = self._comments.get(key)
        if found is None:
            found = self._comments[key] = self._comment(element)
        return found

    @cached_property
    def _comments(self) -> dict[tuple[type, str], Comment]:
        return {}

    def _comment(self, element: Element | Package) -> Comment:
        comment = element.comment
        if isinstance(element, Field) and element.delimited and not comment.text:
            comment = self._group_comment(element)
        if not comment.text:
            comment = self._comment_in_options(element) or comment
        if isinstance(element, Field):
            return self.reader.read(comment, required=bool(comment.text) and self.required(element))
        return self.reader.read(comment)

    def _comment_in_options(self, element: Element | Package) -> Comment | None:
        """The texts that the options of an element, or of the files of a package, have for it."""
        files = self.schema.files
        every = [files[name].options for name in element.files] if isinstance(element, Package) else [element.options]
        return next(filter(None, (comment_in(options, self.mappings.described) for options in every)), None)

    def _group_comment(self, field: Field) -> Comment:
        """The comment of the message that a group declares together with its field."""
        message = self.schema.messages.get(field.type.name)
        is_group = message is not None and message.parent == field.parent and message.name.lower() == field.name
        return message.comment if message is not None and is_group else field.comment

    # Fields

    def constraints(self, element: Field | Oneof) -> Sequence[Constraint]:
        """The constraints of an element, in the order of its options, then of the mappings."""
        if not element.options and not (isinstance(element, Field) and element.presence is Presence.REQUIRED):
            return ()
        found = self._constraints.get(element.full_name)
        if found is None:
            message = self.schema.messages.get(element.full_name.rpartition(".")[0])
            found = constraints_of(element, self.mappings, message, infinite=True)
            demanded = any(constraint.kind == "required" for constraint in found)
            if isinstance(element, Field) and element.presence is Presence.REQUIRED and not demanded:
                found = [_REQUIRED, *found]
            self._constraints[element.full_name] = found
        return found

    @cached_property
    def _constraints(self) -> dict[str, Sequence[Constraint]]:
        return {}

    def required(self, field: Field) -> bool:
        """Whether a field is required, by the language or by an option."""
        return any(constraint.kind == "required" for constraint in self.constraints(field))

    def oneof_required(self, oneof: Oneof) -> bool:
        """Whether one member of a oneof must be set."""
        return any(constraint.kind in DEMANDS for constraint in self.constraints(oneof))

    def alternatives(self, message: Message) -> dict[str, set[str]]:
        """The oneofs of fields by name, those among them that an option makes alternatives."""
        if not message.oneofs and not message.options:
            return {}
        found = self._alternatives.get(message.full_name)
        if found is None:
            found = {field.name: {field.oneof} for field in message.fields if field.oneof}
            for number, (_, names) in enumerate(alternatives(message)):
                for name in names:
                    found.setdefault(name, set()).add(f"({number})")
            self._alternatives[message.full_name] = found
        return found

    @cached_property
    def _alternatives(self) -> dict[str, dict[str, set[str]]]:
        return {}

    def demanded(self, message: Message) -> set[str]:
        """Those of the alternatives in a message that are not oneofs, and one of which must be set."""
        found = enumerate(alternatives(message))
        return {f"({number})" for number, (kind, _) in found if kind == "exactly_one"}

    def behavior(self, field: Field) -> frozenset[str]:
        """How a field behaves, in the terms of AIP-203: ``OUTPUT_ONLY``, ``IMMUTABLE`` and so on."""
        if not field.options:
            return frozenset()
        found = self._behavior.get(field.full_name)
        if found is None:
            found = self._behavior[field.full_name] = frozenset(self.behaviors(field))
        return found

    @cached_property
    def _behavior(self) -> dict[str, frozenset[str]]:
        return {}

    def behaviors(self, field: Field) -> tuple[str, ...]:
        """The same, in the order of the options."""
        found = dict.fromkeys(self._values("behavior", field))
        return tuple(text for text in found if not text.endswith("_UNSPECIFIED"))

    def sensitive(self, field: Field) -> bool:
        """Whether the value of a field must not be shown, as in logs."""
        return any(text != "false" for text in self._values("sensitive", field))

    def format(self, field: Field) -> str:
        """The format of a string, such as ``UUID4`` or ``IPV4``; or empty."""
        return next(self._values("format", field), "")

    def types(self, field: Field) -> tuple[str, ...]:
        """The full names of the messages that a generic field may contain, if they are in the schema."""
        names = self._values("types", field)
        found = (next((n for n in scoped(name, field.parent) if n in self.schema.messages), "") for name in names)
        return tuple(dict.fromkeys(filter(None, found)))

    def resource_name(self, field: Field) -> ResourceName | None:
        """What a field contains the name of; None if it contains no name of a resource."""
        message = None if field.extendee else self.schema.messages.get(field.parent)
        return resource_name(field, message, self.resources, self.mappings)

    # Elements

    def _values(self, fact: Fact, element: Element) -> Iterator[str]:
        return filter(None, self.mappings.described.values(fact, element.options))

    def is_described(self, element: Element) -> bool:
        """Whether options may say something about an element, of itself or of the message that has it as a field."""
        if self.mappings.described.is_said(element.options) or isinstance(element, Message):
            return True
        holder = self.schema.messages.get(element.parent) if isinstance(element, Field) else None
        return holder is not None and bool(holder.options)

    def examples(self, element: Element) -> tuple[str, ...]:
        """Example values in the options of an element: for a message as JSON, for a string without quotes."""
        return tuple(examples_of(element.options, self.mappings.described)) if element.options else ()

    def swagger(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """What options say in the messages of protoc-gen-openapiv2; empty if they don't."""
        found = (options[name] for name in self.mappings.described.swagger if name in options) if options else ()
        return next((value for value in found if isinstance(value, dict)), {})

    def restriction(self, element: Element) -> tuple[str, ...]:
        """The visibility labels, one of which a caller needs to see an element; empty if everybody may."""
        said = self._values("restriction", element)
        return tuple(dict.fromkeys(label for text in said for label in listed(text)))

    # Services

    def host(self, service: Service) -> str:
        """The host of a service, from an option; or empty."""
        return next(self._values("host", service), "")

    def scopes(self, service: Service) -> tuple[str, ...]:
        """The OAuth scopes, one of which calls need, from an option."""
        return tuple(scope for text in self._values("scopes", service) for scope in listed(text))

    # Methods

    def any_types(self, method: Method) -> Types:
        """The types behind the ``Any`` fields of a method's response, by field; ``Empty`` need not be imported."""
        found = self._any_types.get(method.full_name)
        if found is None:
            found = self._any_types[method.full_name] = any_types(method, self.schema, self.mappings)
        return found

    @cached_property
    def _any_types(self) -> dict[str, Types]:
        return {}

    def operation(self, method: Method) -> Operation | None:
        """The long-running operation that a method starts; None for other methods, including those that poll one."""
        if method.full_name not in self._operations:
            types = self.any_types(method)
            self._operations[method.full_name] = operation_of(method, self.schema, types)
        return self._operations[method.full_name]

    @cached_property
    def _operations(self) -> dict[str, Operation | None]:
        return {}

    def http(self, method: Method) -> Http:
        """How a method is called over HTTP; false if it can't be."""
        if not method.http:
            return _NO_HTTP
        if method.full_name not in self._http:
            self._http[method.full_name] = http_of(method, self.schema)
        return self._http[method.full_name]

    @cached_property
    def _http(self) -> dict[str, Http]:
        return {}

    def idempotency(self, method: Method) -> str:
        """``NO_SIDE_EFFECTS``, ``IDEMPOTENT``, or empty if unknown."""
        return next(self._values("idempotency", method), "")

    def is_repeatable(self, method: Method) -> bool:
        """Whether sending a request again has no further effect, as an option or the verbs of all bindings say."""
        verbs = {binding.verb for binding in self.http(method).bindings}
        return bool(self.idempotency(method)) or (bool(verbs) and verbs <= IDEMPOTENT)

    def signatures(self, method: Method) -> tuple[tuple[str, ...], ...]:
        """The lists of request fields that callers usually set; only those whose fields all exist."""
        found: dict[tuple[str, ...], None] = {}
        for text in self.mappings.described.values("signature", method.options):
            paths = tuple(listed(text))
            if all(self.field_at(method.input, path) is not None for path in paths):
                found[paths] = None
        return tuple(found)

    def field_at(self, message: str, path: str) -> Field | None:
        """The field at a path such as ``book.name`` in a message, or None."""
        found: Field | None = None
        for name in path.split("."):
            holder = self.schema.messages.get(found.type.name if found else message)
            found = holder.field(name) if holder is not None else None
            if found is None:
                return None
        return found

    def pagination(self, method: Method) -> Pagination | None:
        """The pagination of a method; None if it has none."""
        return pagination_of(method, self.schema)

    # Types

    def resource(self, message: Message) -> Resource | None:
        """The resource that a message is; None if it is not one."""
        return resource_of(message, self.mappings) if message.options else None

    @cached_property
    def resources(self) -> Resources:
        """The resources that messages and files declare, by type."""
        return resources_of(self.schema, self.mappings)

    def public_page(self, message: str) -> str | None:
        """The public page of a well-known type; None for other types."""
        if message not in self._pages:
            found = self.schema.messages.get(message)
            self._pages[message] = self.mappings.page_of(message, found.location.file if found else "")
        return self._pages[message]

    @cached_property
    def _pages(self) -> dict[str, str | None]:
        return {}

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """The messages that are only a part of calls, by full name."""
        methods = self.schema.methods.values()
        return roles(self.schema, {m.full_name: types for m in methods if (types := self.any_types(m))})

    def role(self, element: Message | Enum) -> Role:
        """What a message or an enum is for."""
        return "enum" if isinstance(element, Enum) else self.roles.get(element.full_name, "resource")

    @cached_property
    def graph(self) -> TypeGraph:
        """The type graph; it does not continue into messages with a public page."""
        return TypeGraph(self.schema, lambda message: self.public_page(message) is not None)

    def reached(self, method: Method) -> tuple[str, ...]:
        """The messages that are reachable from a method, including those behind ``Any``; each once, requests first."""
        found = dict.fromkeys(self.graph.sections(method.input, {}))
        found |= dict.fromkeys(self.graph.sections(method.output, self.any_types(method)))
        return tuple(found)

    @cached_property
    def uses(self) -> Mapping[str, Sequence[Method]]:
        """Each message and enum → the methods of requested services from which it is reachable."""
        enums = {
            message.full_name: [field.type.name for field in message.fields if field.type.kind is Kind.ENUM]
            for message in self.schema.messages.values()
        }
        found: dict[str, list[Method]] = {}
        for service in self.schema.requested_services():
            for method in service.methods:
                reached = self.reached(method)
                for name in {*reached}.union(*(enums[name] for name in reached)):
                    found.setdefault(name, []).append(method)
        return found

    @cached_property
    def fields_of(self) -> Mapping[str, Sequence[Field]]:
        """Each message and enum → the fields and extensions that have it as their type."""
        found: dict[str, list[Field]] = {}
        fields = (field for message in self.schema.messages.values() for field in message.fields)
        for holder in (*fields, *self.schema.extensions.values()):
            if holder.type.kind is not Kind.SCALAR:
                found.setdefault(holder.type.name, []).append(holder)
        return found

    @cached_property
    def error_enums(self) -> Sequence[Enum]:
        """The enums whose values are errors, in the order of the files."""
        enums, holders = self.schema.enums.values(), self.fields_of
        return [one for one in enums if names_errors(one, holders.get(one.full_name, ()), self.schema)]

    @cached_property
    def extensions_of(self) -> Mapping[str, Sequence[Field]]:
        """Each message → the extensions of it that requested files declare, by number."""
        found: dict[str, list[Field]] = {}
        for one in sorted(self.schema.extensions.values(), key=lambda one: (one.number, one.full_name)):
            if self.schema.files[one.location.file].requested:
                found.setdefault(one.extendee, []).append(one)
        return found

    def services_using(self, element: str) -> set[str]:
        """The full names of the services that an element belongs to, or from whose methods it is reachable."""
        name = element
        while name:
            if name in self.schema.services:
                return {name}
            if name in self.uses:
                return {method.parent for method in self.uses[name]}
            name = name.rpartition(".")[0]
        return set()
