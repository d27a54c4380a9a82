"""How a method is called over HTTP: its bindings, where the fields of a request go, and the request for a value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from toolkit.descriptors.model import Field, HttpRule, Kind, Message, Method, Schema
from toolkit.descriptors.well_known import ANY, JSON_FORMS, LIST_VALUE, NULL_VALUE, STRUCT, VALUE
from toolkit.errors import Diagnostic
from toolkit.semantics.path_templates import InvalidTemplate, PathTemplate, Variable, parse

ALL = "*"
"""The ``body`` that consists of all fields that are not in the path; the verb of a binding for every verb."""
IDEMPOTENT = frozenset(("GET", "HEAD", "PUT", "DELETE"))
"""The verbs of requests that have the same effect when they are sent again."""
MOST_PARAMETERS = 1_000
"""Query parameters of a binding at most; messages beyond them are not expanded."""
_NO_TEXT = frozenset((ANY, LIST_VALUE, NULL_VALUE, STRUCT, VALUE))
_VERB = re.compile(r"\*|[!#$%&'+.^`|~\w-]+", re.ASCII)
"""``*``, or what RFC 9110 allows as a method."""
_HINT = "fix the google.api.http option, or remove it"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter, or a field that can't be one."""

    path: str
    """The path of the field, such as ``page.size``."""
    name: str
    """The same in JSON names, as the parameter is written."""
    field: Field
    reason: str = ""
    """Why the field can't be in a query, as in "is a map"; empty if it can."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request without its server."""

    verb: str
    path: str
    """Percent-encoded; begins with a slash."""
    query: tuple[tuple[str, str], ...] = ()
    """Parameters, not encoded; lists are repeated."""
    body: Any = None
    """A JSON value; None if there is no body."""
    left_out: tuple[Parameter, ...] = ()
    """Fields of the value that can be neither in the path nor in the query nor in the body."""
    in_path: Mapping[str, Any] = field(default_factory=dict)
    """The JSON values in the path, by the path of the field."""
    in_query: Mapping[str, Any] = field(default_factory=dict)
    """The same in the query."""

    @property
    def target(self) -> str:
        """The path with the query."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path

    @property
    def text(self) -> str:
        """The body as indented JSON; empty if there is no body."""
        return "" if self.body is None else json.dumps(self.body, indent=2, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a value can't be sent: the value of a path field, and what is wrong with it."""

    template: str
    field: str
    reason: str
    """As in "is missing"."""

    def __str__(self) -> str:
        return f"{self.field} {self.reason}, which {self.template} needs"


@dataclass(frozen=True)
class Binding:
    """A binding of a method to HTTP, whose fields exist."""

    verb: str
    """``GET``, ``HEAD`` and so on, or ``*`` for every verb."""
    template: PathTemplate
    body: str
    """``*``, the path of a field, or empty."""
    response_body: str
    """The name of the field of the response that is sent; empty for the response itself."""
    message: Message
    """The request."""
    schema: Schema = field(repr=False, compare=False)

    @cached_property
    def path_fields(self) -> tuple[str, ...]:
        """The paths of the fields in the path."""
        return tuple(variable.field for variable in self.template.variables)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The query parameters, in the order of the fields; nested messages are expanded."""
        return tuple(found for found in self._rest if not found.reason)

    @cached_property
    def not_in_query(self) -> tuple[Parameter, ...]:
        """The fields outside of the path and the body that can't be query parameters."""
        return tuple(found for found in self._rest if found.reason)

    @cached_property
    def _rest(self) -> tuple[Parameter, ...]:
        taken = {*self.path_fields, self.body}
        return () if self.body == ALL else tuple(_Flattening(self.schema, taken).fields(self.message))

    def place(self, path: str) -> str:
        """Where the value of a field of the request goes: ``path``, ``body`` or ``query``."""
        if path in self.path_fields:
            return "path"
        return "body" if self.body == ALL or f"{path}.".startswith(f"{self.body}.") else "query"

    def request(self, value: Mapping[str, Any]) -> HttpRequest | Mismatch:
        """The request for a value, which is a message as ProtoJSON."""
        rest = json.loads(json.dumps(value))
        values: dict[str, Any] = {}
        for variable in self.template.variables:
            found = _take(rest, variable.field.split("."), self.message, self.schema)
            reason = "is missing" if found is None else variable.mismatch(_text(found))
            if reason:
                return Mismatch(self.template.text, variable.field, reason)
            values[variable.field] = found
        body = self._body(rest)
        left_out: list[Parameter] = []
        found = [] if self.body == ALL else list(self._query(rest, self.message, left_out, "", ""))
        query = ((one.name, _text(text)) for one, item in found for text in (item if one.field.repeated else [item]))
        verb = ("GET" if body is None else "POST") if self.verb == ALL else self.verb
        path = self.template.path(lambda variable: _text(values[variable.field]))
        in_query = {one.path: item for one, item in found}
        return HttpRequest(verb, path, tuple(query), body, tuple(left_out), values, in_query)

    def _body(self, rest: dict[str, Any]) -> Any:
        """Take the body from what is not in the path."""
        if self.body in ("", ALL):
            return rest if self.body else None
        found = _field_at(self.body, self.message, self.schema)
        value = _take(rest, self.body.split("."), self.message, self.schema)
        if found is None or value is not None or (_is_leaf(found) and not (found.repeated or found.is_map)):
            return value
        return [] if found.repeated else {}

    def _query(
        self, value: Mapping[str, Any], message: Message, left_out: list[Parameter], path: str, name: str
    ) -> Iterator[tuple[Parameter, Any]]:
        fields = {key: found for found in message.fields for key in (found.name, found.json_name)}
        for key, item in value.items():
            found = fields.get(key)
            if found is None or item is None:
                continue
            one = Parameter(path + found.name, name + found.json_name, found, _reason(found))
            inner = None if _is_leaf(found) else self.schema.messages.get(found.type.name)
            if one.reason:
                left_out.append(one)
            elif inner is not None:
                yield from self._query(item, inner, left_out, f"{one.path}.", f"{one.name}.")
            else:
                yield one, item


@dataclass(frozen=True, slots=True)
class Http:
    """What ``google.api.http`` says about a method; false if the method has no valid binding."""

    bindings: tuple[Binding, ...] = ()
    """The primary binding, then the additional ones."""
    problems: tuple[Diagnostic, ...] = ()
    """Why other bindings are invalid."""

    def __bool__(self) -> bool:
        return bool(self.bindings)

    def request(self, value: Mapping[str, Any]) -> HttpRequest | Mismatch | None:
        """The request for a value by the first binding that it matches, else why it does not match the primary one."""
        requests = [binding.request(value) for binding in self.bindings]
        found = (request for request in requests if isinstance(request, HttpRequest))
        return next(found, requests[0] if requests else None)


def http_of(method: Method, schema: Schema) -> Http:
    """How a method is called over HTTP."""
    bindings: list[Binding] = []
    problems: list[Diagnostic] = []
    for rule in method.http:
        try:
            bindings.append(_binding(rule, method, schema))
        except InvalidTemplate as error:
            said = f'{method.full_name}: the HTTP binding "{rule.verb} {rule.path}" is invalid: {error}'
            problems.append(Diagnostic(method.location, said, _HINT))
    return Http(tuple(bindings), tuple(problems))


def path_fields(schema: Schema, hidden: Set[str]) -> Iterator[Field]:
    """The fields that the paths of methods have, with those that contain them, without which nobody could call them."""
    for method in schema.methods.values():
        for rule in method.http if method.full_name not in hidden else ():
            try:
                variables = parse(rule.path).variables
            except InvalidTemplate:
                continue
            for variable in variables:
                yield from fields_along(variable.field, schema.message(method.input), schema)


def fields_along(path: str, message: Message, schema: Schema) -> Iterator[Field]:
    """The field at a path in a message, after those that contain it."""
    names = path.split(".")
    paths = (".".join(names[: end + 1]) for end in range(len(names)))
    yield from filter(None, (_field_at(path, message, schema) for path in paths))


def _binding(rule: HttpRule, method: Method, schema: Schema) -> Binding:
    """The binding of a rule; raises :class:`InvalidTemplate`."""
    template, message = parse(rule.path), schema.message(method.input)
    if not rule.verb:
        raise InvalidTemplate("it has no verb")
    if not _VERB.fullmatch(rule.verb):
        raise InvalidTemplate(f"{rule.verb!r} is not a valid verb")
    for variable in template.variables:
        _check_variable(variable, message, schema)
    for path, holder in ((rule.body, message), (rule.response_body, schema.message(method.output))):
        if path not in ("", ALL) and _field_at(path, holder, schema) is None:
            raise InvalidTemplate(f"{holder.full_name} has no field {path}")
    if rule.body in {variable.field for variable in template.variables}:
        raise InvalidTemplate(f"{rule.body} is both in the path and the body")
    return Binding(rule.verb, template, rule.body, rule.response_body, message, schema)


def _check_variable(variable: Variable, message: Message, schema: Schema) -> None:
    """Raise if the path of a variable leads to no single value."""
    found = _field_at(variable.field, message, schema)
    if found is None:
        raise InvalidTemplate(f"{message.full_name} has no field {variable.field}")
    if _reason(found) or found.repeated or not _is_leaf(found):
        raise InvalidTemplate(f"{variable.field} can't be in a path, since it has no single value")


def _field_at(path: str, message: Message, schema: Schema) -> Field | None:
    """The field at a path of which all others are single messages; None if there is none."""
    found: Field | None = None
    holder: Message | None = message
    for name in path.split("."):
        if holder is None or (found is not None and (found.repeated or found.is_map)):
            return None
        found = holder.field(name)
        holder = schema.messages.get(found.type.name) if found is not None and not _is_leaf(found) else None
    return found


@dataclass
class _Flattening:
    """Lists the fields of a message that are not taken, nested ones included."""

    schema: Schema
    taken: set[str]
    count: int = 0

    def fields(
        self, message: Message, path: str = "", name: str = "", outer: tuple[str, ...] = ()
    ) -> Iterator[Parameter]:
        outer = (*outer, message.full_name)
        for one in message.fields:
            if path + one.name in self.taken:
                continue
            inner = None if _is_leaf(one) else self.schema.messages.get(one.type.name)
            reason = _reason(one) or self._limit(inner, outer)
            if inner is not None and not reason:
                yield from self.fields(inner, f"{path}{one.name}.", f"{name}{one.json_name}.", outer)
            else:
                self.count += 1
                yield Parameter(path + one.name, name + one.json_name, one, reason)

    def _limit(self, inner: Message | None, outer: tuple[str, ...]) -> str:
        if inner is None:
            return ""
        if inner.full_name in outer:
            return f"contains {inner.full_name} again"
        return "is one of too many fields" if self.count >= MOST_PARAMETERS else ""


def _is_leaf(one: Field) -> bool:
    """Whether values are written as text, not as an object with a member for each field."""
    return one.type.kind is not Kind.MESSAGE or one.type.name in JSON_FORMS


def _reason(one: Field) -> str:
    """Why a field can't be in a query; empty if it or its fields can."""
    if one.is_map:
        return "is a map"
    if one.type.name in _NO_TEXT:
        return f"is a {one.type.name}"
    return "is a list of messages" if one.repeated and not _is_leaf(one) else ""


def _take(value: dict[str, Any], names: list[str], message: Message, schema: Schema) -> Any:
    """Remove the value at a path, and the messages that are empty without it; None if it is not set."""
    found = message.field(names[0])
    if found is None:
        return None
    if len(names) == 1:
        return _pop(value, found)
    key = found.json_name if found.json_name in value else found.name
    inner = value.get(key)
    if not isinstance(inner, dict):
        return None
    taken = _take(inner, names[1:], schema.message(found.type.name), schema)
    if not inner:
        del value[key]
    return taken


def _pop(value: dict[str, Any], one: Field) -> Any:
    """Remove the value of a field, whichever of its names it has."""
    return value.pop(one.json_name, value.pop(one.name, None))


def _text(value: Any) -> str:
    """A JSON value in a path or a query."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
