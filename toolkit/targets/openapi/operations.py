"""Operations: the bindings of a method with their parameters, bodies and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from toolkit.descriptors.model import Field, Method, Service
from toolkit.descriptors.well_known import JSON_FORMS
from toolkit.errors import Diagnostic, InputError
from toolkit.semantics.http import Binding, HttpRequest, Parameter
from toolkit.targets.examples.examples import Examples
from toolkit.targets.jsonschema.schemas import Schemas
from toolkit.targets.jsonschema.swagger import Said, docs, extended, plain
from toolkit.targets.jsonschema.types import JsonSchema
from toolkit.targets.openapi import swagger
from toolkit.targets.openapi.bodies import FIXED, JSON, Bodies
from toolkit.targets.openapi.paths import Path, PathParameter, path_of
from toolkit.targets.openapi.settings import OpenApi

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SEGMENT = "^[^/]+$"
_OF_PROPERTIES = ("readOnly", "writeOnly", "x-field-behavior")
"""Keywords that mean nothing outside of a body."""
_HAS_NO_BODY = ("get", "head", "delete", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and where it goes in a document."""

    method: Method
    path: Path
    verb: str
    content: JsonSchema

    @property
    def id(self) -> str:
        """Its ``operationId``."""
        return str(self.content["operationId"])


@dataclass(frozen=True)
class Operations:
    """Makes the operations of a document."""

    schemas: Schemas
    settings: OpenApi
    examples: Examples
    problems: dict[Diagnostic, None]

    @property
    def _bodies(self) -> Bodies:
        return Bodies(self.schemas, self.settings)

    @cached_property
    def _of_text(self) -> Schemas:
        """Makes schemas of values in paths and queries, where nothing is null."""
        return replace(self.schemas, form=replace(self.schemas.form, nullable="none"), made={})

    def of(self, service: Service) -> Iterator[Operation]:
        """The operations of a service, in the order of its methods and their bindings."""
        for method in service.methods:
            if method.server_streaming and self.settings.streams == "omit":
                continue
            if method.client_streaming and self.settings.streams != "array":
                self._warn(method, "has no REST form, since gateways that send no arrays take no stream of requests")
                continue
            http = self.schemas.facts.http(method)
            for number, binding in enumerate(http.bindings):
                verb = binding.verb.lower()
                if verb in VERBS:
                    path = path_of(binding, self.schemas.facts)
                    yield Operation(method, path, verb, self._operation(service, method, binding, path, number))
                else:
                    self._warn(method, f"is left out: OpenAPI has no verb {binding.verb}")
            if not http and self.settings.unbound:
                yield self._unbound(service, method)

    def _warn(self, method: Method, what: str) -> None:
        self.problems[Diagnostic(method.location, f"{method.full_name} {what}")] = None

    def _name(self, service: Service, method: Method, number: int) -> str:
        if chosen := plain(self._said(method).get("operation_id")):
            return chosen + (f"_{number}" if number else "")
        scope = service.full_name.replace(".", "_") if self.settings.merge else service.name
        return f"{scope}_{method.name}" + (f"_{number}" if number else "")

    def _said(self, element: Method | Service) -> Said:
        """What an option of an element says in the words of OpenAPI 2."""
        return self.schemas.facts.swagger(element.options)

    def tag(self, service: Service) -> str:
        """The name of the tag of a service."""
        chosen = plain(self._said(service).get("name"))
        return chosen or (service.full_name if self.settings.merge else service.name)

    def _operation(self, service: Service, method: Method, binding: Binding, path: Path, number: int) -> JsonSchema:
        made = self._head(service, method, number)
        requests = self._requests(method, binding)
        parameters = [self._in_path(one, binding, requests) for one in path.parameters]
        parameters += [self._in_query(one, requests) for one in binding.parameters]
        parameters += swagger.headers(self._said(method))
        left_out = [f"`{one.name}` ({one.reason})" for one in binding.not_in_query]
        if left_out:
            said = f"Fields that cannot be sent: {', '.join(left_out)}."
            made["description"] = "\n\n".join(filter(None, [made.get("description", ""), said]))
        if parameters:
            made["parameters"] = parameters
        body = self._bodies.request(method, binding, requests)
        if body is not None:
            made["requestBody"] = body
            if binding.verb.lower() in _HAS_NO_BODY:
                self._warn(method, f"has a body, which many clients do not send with {binding.verb}")
        return self._with_end(made, service, method, binding)

    def _unbound(self, service: Service, method: Method) -> Operation:
        """The operation of a method without a binding."""
        made = self._head(service, method, 0)
        schema = self.schemas.of_message(method.input)
        if method.client_streaming:
            schema = {"type": "array", "items": schema}
        made["requestBody"] = {"content": {JSON: {"schema": schema}}, "required": True}
        path = Path(f"/{service.full_name}/{method.name}", ())
        return Operation(method, path, "post", self._with_end(made, service, method, None))

    def _head(self, service: Service, method: Method, number: int) -> JsonSchema:
        texts = self.schemas.texts
        made: JsonSchema = {
            "tags": [*filter(None, map(plain, self._said(method).get("tags", ())))] or [self.tag(service)],
            "operationId": self._name(service, method, number),
        }
        if summary := texts.summary(method):
            made["summary"] = summary
        if said := texts.comment(method):
            made["description"] = said
        if method.deprecated or self._said(method).get("deprecated"):
            made["deprecated"] = True
        return made | docs(self._said(method))

    def _with_end(self, made: JsonSchema, service: Service, method: Method, binding: Binding | None) -> JsonSchema:
        """An operation with its responses, and what else is said about its method."""
        facts = self.schemas.facts
        responses = {"200": self._bodies.response(method, binding, self._responses(method))}
        if (error := self._bodies.error()) is not None:
            responses["default"] = error
        file, said = facts.swagger(facts.schema.files[method.location.file].options), self._said(method)
        for each in (file, said):
            for status, more in swagger.responses(each, self.schemas, extensions=self.settings.extensions):
                responses[status] = responses.get(status, {}) | {key: value for key, value in more.items() if value}
                responses[status].setdefault("description", status)
        if binding is not None and binding.verb == "HEAD":  # answered as GET would be, without the content
            responses = {key: {k: v for k, v in one.items() if k != "content"} for key, one in responses.items()}
        made["responses"] = responses
        scopes = facts.scopes(service)
        declared = swagger.security(said)
        if declared is not None and (not declared or self.settings.security is None):
            made["security"] = declared
        elif security := self._security(scopes):
            made["security"] = security
        if not self.settings.extensions:
            return made
        made |= extended(said)
        if scopes:
            made["x-oauth-scopes"] = [*scopes]
        operation = facts.operation(method)
        types = {} if operation is None else {"response": operation.response, "metadata": operation.metadata}
        known = {key: name for key, name in types.items() if name in facts.schema.messages or name in FIXED}
        if known:
            made["x-operation-info"] = {key: self.schemas.of_message(name) for key, name in known.items()}
        return made

    def _security(self, scopes: Sequence[str]) -> list[JsonSchema]:
        """A requirement for each scope, since any of them suffices, instead of those of the document."""
        schemes = self.settings.security or {}
        with_scopes = [name for name, scheme in schemes.items() if scheme["type"] == "oauth2"]
        if not scopes or not with_scopes:
            return []
        return [{name: [scope]} for name in with_scopes for scope in scopes]

    # Parameters

    def _in_path(self, one: PathParameter, binding: Binding, requests: Sequence[tuple[str, HttpRequest]]) -> JsonSchema:
        made: JsonSchema = {"name": one.name, "in": "path", "required": True}
        schema: JsonSchema = {"type": "string"}
        said = ""
        if one.field is not None and one.is_whole:
            schema, said = self._described(one.field)
        elif one.field is not None and one.variable is not None:
            said = f"A part of `{one.variable.field}`, which is `{'/'.join(one.variable.pattern)}`."
        schema.pop("default", None)  # it is always there
        if one.is_many:
            said = f"{said}\n\nIt may contain slashes, and may be empty.".strip()
        elif schema == {"type": "string"} and not self._has_slashes(one):
            schema["pattern"] = _SEGMENT
        made |= {"description": said} if said else {}
        made["schema"] = schema
        example = self._path_example(one, requests)
        if example is not None and not ("/" in str(example) and schema.get("pattern") == _SEGMENT):
            made["example"] = example
        return made | self._about_path(one)

    def _has_slashes(self, one: PathParameter) -> bool:
        """Whether a parameter is the name of a resource, whose slashes are encoded."""
        name = self.schemas.facts.resource_name(one.field) if one.field is not None and one.is_whole else None
        return name is not None and any("/" in pattern for pattern in name.patterns)

    def _about_path(self, one: PathParameter) -> JsonSchema:
        if not self.settings.extensions:
            return {}
        found: JsonSchema = {"x-proto-field": one.variable.field} if one.variable is not None else {}
        return found | ({"x-proto-multi-segment": True} if one.is_many else {})

    def _path_example(self, one: PathParameter, requests: Sequence[tuple[str, HttpRequest]]) -> Any:
        """The value of a parameter in the full request."""
        if one.variable is None or not requests:
            return None
        value = requests[-1][1].in_path.get(one.variable.field)
        if value is None or one.is_whole:
            return value
        segments = str(value).split("/")
        if one.is_many:
            after = len(one.variable.pattern) - one.position - 1
            return "/".join(segments[one.position : len(segments) - after])
        from_end = one.position - len(one.variable.pattern)
        is_after_many = "**" in one.variable.pattern[: one.position]
        return segments[from_end if is_after_many else one.position]

    def _in_query(self, one: Parameter, requests: Sequence[tuple[str, HttpRequest]]) -> JsonSchema:
        schema, said = self._described(one.field)
        made: JsonSchema = {"name": one.name, "in": "query"}
        made |= {"description": said} if said else {}
        if "." not in one.path and self.schemas.is_required(one.field):
            made["required"] = True
        if schema.pop("deprecated", False):
            made["deprecated"] = True
        if one.field.repeated:
            made |= {"style": "form", "explode": True}
        made["schema"] = schema
        example = requests[-1][1].in_query.get(one.path) if requests else None
        return made | ({"example": example} if example is not None else {})

    def _described(self, field: Field) -> tuple[JsonSchema, str]:
        """The schema of a field outside of a body, and its description."""
        schema = self._of_text.property(field)
        kept = {key: value for key, value in schema.items() if key not in _OF_PROPERTIES}
        return kept, kept.pop("description", "")

    # Examples

    def _requests(self, method: Method, binding: Binding) -> list[tuple[str, HttpRequest]]:
        """The requests for the examples that fit a binding: minimal, then full."""
        if not method.is_unary and not method.server_streaming:
            return []
        found = []
        if method.input in JSON_FORMS:
            return []  # their examples are as those of any message
        for name, is_minimal in (("minimal", True), ("full", False)):
            try:
                request = binding.request(self.examples.request(method, minimal=is_minimal))
            except InputError:
                continue
            if isinstance(request, HttpRequest):
                found.append((name, request))
        return found

    def _responses(self, method: Method) -> list[tuple[str, Any]]:
        if method.output in JSON_FORMS:
            return []
        if self.schemas.facts.operation(method) is None:
            return [("response", self.examples.response(method))]
        return [
            ("at_once", self.examples.response(method, done=False)),
            ("done", self.examples.response(method, done=True)),
        ]
