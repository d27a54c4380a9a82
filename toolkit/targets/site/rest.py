"""How a method is called over HTTP, for its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.descriptors.model import Method
from toolkit.semantics.http import ALL, Binding
from toolkit.semantics.statuses import Status, statuses_of
from toolkit.targets.examples.servers import Servers
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.site.concepts import ERRORS
from toolkit.targets.site.fields import Fields


@dataclass(frozen=True, slots=True)
class RestView:
    """The bindings of a method; every member is finished Markdown."""

    requests: list[tuple[str, str]]
    """The verb and the URL of each binding."""
    rows: list[tuple[str, str, str]]
    """The fields of the primary binding: name, place and type."""
    remarks: list[str]
    """Sentences: what is sent that is not in a row, and what comes back."""
    statuses: list[tuple[str, str]]
    """The statuses that options declare, and what they mean."""


@dataclass(frozen=True)
class Rest:
    """Makes the views of methods."""

    fields: Fields
    servers: Servers

    def view(self, method: Method) -> RestView | None:
        """The view of a method; None if it can't be called over HTTP."""
        facts = self.fields.layout.facts
        http = facts.http(method)
        if not http:
            return None
        base = self.servers.http_of(self.fields.layout.schema.service_of(method))
        first = http.bindings[0]
        return RestView(
            requests=[(escaped(one.verb), code(base + one.template.text, in_cell=False)) for one in http.bindings],
            rows=[*self._rows(first)],
            remarks=[*self._remarks(first)],
            statuses=[(code(one.code), " ".join(self._meaning(one))) for one in statuses_of(method, facts)],
        )

    def _meaning(self, status: Status) -> Iterator[str]:
        if status.description:
            yield self.fields.prose.cell(status.description)
        if status.message:
            yield f"Body: {self.fields.link(status.message)}"

    def _rows(self, binding: Binding) -> Iterator[tuple[str, str, str]]:
        facts, message = self.fields.layout.facts, binding.message.full_name
        for path in binding.path_fields:
            found = facts.field_at(message, path)
            if found is not None:
                yield code(path), "path", self.fields.type(found)
        for one in binding.parameters:
            yield code(one.name), "query", self.fields.type(one.field)
        body = facts.field_at(message, binding.body) if binding.body not in ("", ALL) else None
        if body is not None:
            yield code(binding.body), "body", self.fields.type(body)

    def _remarks(self, binding: Binding) -> Iterator[str]:
        if binding.body == ALL and len(binding.message.fields) > len(binding.path_fields):
            yield f"All {'other ' if binding.path_fields else ''}fields are in the body."
        names = [code(one.name, in_cell=False) for one in binding.not_in_query]
        if names:
            yield f"Over HTTP, {', '.join(names)} cannot be sent."
        if binding.response_body:
            yield f"The body of the response is its field {code(binding.response_body, in_cell=False)}."
        yield f"A success has the status `200`, and each [error]({ERRORS}) its own."
