"""The examples of a schema: two files for every method, optionally one more for each member of a oneof."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.model import Message as MessageType
from toolkit.descriptors.model import Method, Schema, Service
from toolkit.descriptors.well_known import JSON_FORMS
from toolkit.errors import Diagnostic, InputError, SchemaError
from toolkit.runtime import Message
from toolkit.runtime.constraints import Unchecked
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import Mismatch
from toolkit.semantics.validator import Validator
from toolkit.targets.examples import likely
from toolkit.targets.examples.bounds import Bounds
from toolkit.targets.examples.builder import Builder
from toolkit.targets.examples.cutting import Cutter
from toolkit.targets.examples.shared import Shared
from toolkit.targets.examples.story import Stories
from toolkit.targets.examples.values import copied, indented
from toolkit.targets.examples.views import Side, View
from toolkit.targets.examples.written import Written
from toolkit.targets.reference.layout import page_name, resource
from toolkit.targets.settings import Limits

_NO_PATH = "pin a value that the path template accepts in toolkit.toml, or fix the google.api.http option"
_PIN = "pin a value in toolkit.toml, or write an example in the comment"


@dataclass(frozen=True)
class Examples:
    """The examples of a schema."""

    facts: Facts
    pins: Mapping[str, Any] = field(default_factory=dict)
    """Values for fields, by full name, by message and name, or by name."""
    classes: Callable[[], DynamicClasses] | None = None
    """Creates the message classes to parse hand-written examples with, when there is one."""

    max_bytes: int = Limits().max_example_bytes

    bounds: Bounds = Bounds()
    """How large full requests and responses may be."""

    _builders: dict[View, Builder] = field(default_factory=dict, init=False)
    _shared: Shared = field(default_factory=Shared, init=False)
    _broken: dict[Diagnostic, None] = field(default_factory=dict, init=False)
    _unmatched: dict[Diagnostic, None] = field(default_factory=dict, init=False)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def _written(self) -> Written:
        comment = self.facts.comment
        return Written(comment=comment) if self.classes is None else Written(self._parse, comment)

    def _builder(self, view: View) -> Builder:
        """The builder of a view; all of them share what they make and find."""
        if view not in self._builders:
            self._builders[view] = Builder(self.facts, view, self.pins, self._written, self._shared)
        return self._builders[view]

    @cached_property
    def _stories(self) -> Stories:
        return Stories(self.facts, self._builder)

    @cached_property
    def _cutter(self) -> Cutter:
        @cache
        def needed(message: MessageType) -> frozenset[str]:
            shown = View(Side.RESPONSE, minimal=True).shown(message, self.facts)
            return frozenset(one.json_name for one in shown)

        return Cutter(self.schema, self.bounds, needed)

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.facts)

    def _parse(self, message: str, text: str) -> Message:
        assert self.classes is not None
        self.classes().parse(message, text)  # whoever copies an example may read it with the official runtime
        return self._validator.parse(self.classes().pool, message, text)

    def request(self, method: Method, member: str = "", *, minimal: bool = False) -> dict[str, Any]:
        """The example request: as much as the bounds allow, or only what is needed.

        ``member`` (the full name of a field) is shown instead of the first in its oneof. If what is needed would say
        nothing, it is what a caller would likely send.
        """
        made = self._stories.request(method, member, full=not minimal)
        if minimal and self.classes is not None and self._validator.complete:
            self._complete(made, method)
        if minimal and likely.says_nothing(method, made, self._stories.body(method)):
            whole = self._cut(self._stories.request(method, member, full=True), method.input)
            made = likely.request(method, self.schema.message(method.input), whole, self.facts) or made
        if minimal and not member:
            self._check_path(method, made)
        return self._checked(made if minimal else self._cut(made, method.input), method.input)

    def _check_path(self, method: Method, made: Mapping[str, Any]) -> None:
        """Report why a method with HTTP bindings can't be called by them."""
        found = self.facts.http(method).request(made)
        if isinstance(found, Mismatch):
            said = f"no HTTP request can be made from the example of {method.full_name}: {found}"
            self._unmatched[Diagnostic(method.location, said, _NO_PATH)] = None

    def _complete(self, value: dict[str, Any], method: Method) -> None:
        """Add the fields that only rules of an official package show to be needed."""
        with suppress(InputError, SchemaError):
            found = self._validator.check(self._parse(method.input, text(value)))
            names = {one.path.partition(".")[0] for one in found if not isinstance(one, Unchecked)}
            whole = self._stories.request(method, full=True) if names else {}
            for one in self.schema.message(method.input).fields:
                if one.name in names and one.json_name in whole:
                    value.setdefault(one.json_name, whole[one.json_name])

    def response(self, method: Method, member: str = "", *, done: bool = True) -> dict[str, Any]:
        """The example response; that of an operation is ``done`` with its result, or the one at once."""
        written = self._written.of_method(method, method.output) if method.output != method.input else None
        made = self._stories.response(method, member, done=done) if written is None else written
        return self._checked(self._cut(made, method.output), method.output)

    def full_request(self, method: Method) -> tuple[dict[str, Any], list[str]]:
        """The example request with as much as the bounds allow, and the paths that they leave out."""
        made = self._stories.request(method, full=True)
        paths = self._left_out(made, method.input)
        return self._checked(made, method.input), paths

    def _cut(self, value: dict[str, Any], message: str) -> dict[str, Any]:
        self._left_out(value, message)
        return value

    def _left_out(self, value: dict[str, Any], message: str) -> list[str]:
        """Cut an example to the bounds; the paths of what was removed."""
        return [] if message in JSON_FORMS else self._cutter.cut(value, self.schema.message(message))

    def message(self, name: str) -> dict[str, Any]:
        """The example of a message by itself."""
        made = copied(self._builder(View(Side.RESPONSE)).example(name, {}))
        return self._checked(self._cut(made, name), name)

    def _checked(self, example: dict[str, Any], message: str) -> dict[str, Any]:
        """Report an example that violates a constraint that only an official package can evaluate.

        Raises :class:`InputError` for one that is too large.
        """
        content = json.dumps(example, ensure_ascii=False)
        if len(content.encode("utf-8", "surrogatepass")) > self.max_bytes:
            what = f"the example of {message} has more than {self.max_bytes} bytes"
            hint = "pin shorter values, or raise max_example_bytes under [limits] in toolkit.toml"
            raise InputError(what, location=self.schema.message(message).location, hint=hint)
        if self.classes is not None and self._validator.complete:
            location = self.schema.message(message).location
            try:
                for violation in self._validator.check(self._parse(message, content)):
                    if not isinstance(violation, Unchecked):
                        what = f"the example of {message} violates a constraint: {violation}"
                        self._broken[Diagnostic(location, what, _PIN)] = None
            except (InputError, SchemaError) as error:
                what = f"the example of {message} cannot be checked: {error.message}"
                self._broken[Diagnostic(error.location or location, what, error.hint)] = None
        return example

    def diagnostics(self) -> list[Diagnostic]:
        """Warnings about the examples so far: unsatisfiable constraints, and invalid hand-written examples."""
        return sorted({**self._shared.unsatisfied, **self._written.diagnostics, **self._broken, **self._unmatched})

    def prepare(self) -> None:
        """Compute what the examples of most services need."""
        self._stories.prepare()

    def files(
        self, wanted: Callable[[Service], bool] = lambda service: True, *, variants: bool = False
    ) -> Iterator[tuple[str, str]]:
        """The path and content of every file, by package and service, in the order of the schema."""
        for service in filter(wanted, self.schema.requested_services()):
            yield from self.service_files(service, variants=variants)

    def service_files(self, service: Service, *, variants: bool = False) -> Iterator[tuple[str, str]]:
        """The path and content of every file of a service."""
        for method in service.methods:
            stem = stem_of(service, method)
            yield f"{stem}.request.json", text(self.request(method, minimal=True))
            yield f"{stem}.request.full.json", text(self.request(method))
            yield f"{stem}.response.json", text(self.response(method, done=False))
            if self.facts.operation(method) is not None:
                yield f"{stem}.response.done.json", text(self.response(method))
            if variants:
                for name, member in self._members(method.input):
                    yield f"{stem}.request.{name}.json", text(self.request(method, member))
                for name, member in self._members(method.output):
                    yield f"{stem}.response.{name}.json", text(self.response(method, member))

    def _members(self, message: str) -> Iterator[tuple[str, str]]:
        """The members of the oneofs in a message."""
        found = self.schema.message(message)
        for oneof in found.oneofs:
            for name in oneof.fields:
                yield name, f"{found.full_name}.{name}"


def stem_of(service: Service, method: Method) -> str:
    """The prefix of the paths of a method's files."""
    folder = (*service.package.split("."), resource(service)) if service.package else (resource(service),)
    return f"{'/'.join(folder)}/{page_name(method)}"


def text(example: Mapping[str, Any]) -> str:
    """An example as the text of a file."""
    return indented(example) + "\n"
