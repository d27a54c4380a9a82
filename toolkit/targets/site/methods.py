"""The page of a method: how to call it, and its request and response, including nested messages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from toolkit.descriptors.model import Method
from toolkit.descriptors.type_graph import Types
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.examples import text as example_text
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.samples import LIMIT, Samples
from toolkit.targets.site.fields import DEEPEST, Fields, FieldText, NestedView, fence
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.prose import Prose, description, quoted

MOST_PLACED = 35_000
"""Characters of fields on each side of a page at most, including nested messages; the rest is linked."""
MOST_SHOWN = 40_000
"""Size in characters above which an example has its own file."""
MOST_TEXT = 8_000
"""Characters of an example or a sample at most; a larger sample names messages instead of expanding them."""
_LIMITS = (LIMIT, 2_000, 400, 1)
"""Limits in characters for nested messages in a sample, tried in turn until the sample is small enough."""
_BACKTICKS = re.compile("`{3,}")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab with code."""

    label: str
    language: str
    code: str
    ticks: str
    """The fence around the code: longer than any run of backticks in it."""


@dataclass(frozen=True, slots=True)
class SideView:
    """The request or the response of a method."""

    name: str
    anchor: str
    """Empty if the message is already on this page."""
    address: str
    comment: str
    streamed: bool
    fields: str
    more: bool
    """Whether some nested messages are only linked."""
    more_fields: int
    """The number of fields that are only on the message's own page."""


@dataclass(frozen=True, slots=True)
class OperationView:
    """The long-running operation of a method; every member is finished Markdown, or a name in a diagram."""

    type: str
    id: str
    metadata: str
    response: str
    """Links to the types; empty if unknown."""
    get: str
    """A link to the method that polls the operation; empty if there is none."""
    cancel: str
    name: str
    caller: str
    call: str
    service: str
    """The service to poll; empty if unknown."""
    get_call: str
    result: str


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The page of a method; every member is finished Markdown."""

    title: str
    description: str
    """Both as YAML."""
    name: str
    anchor: str
    package: str
    service: str
    """Links."""
    streaming: str
    """``unary``, ``server streaming``, ``client streaming`` or ``bidirectional streaming``."""
    http: list[tuple[str, str]]
    """Verbs and paths, the primary one first."""
    deprecated: bool
    operation: OperationView | None
    comment: str
    labels: list[str]
    remarks: list[str]
    """Sentences about what options say, such as an example."""
    call_forms: str
    """A sentence with the fields that callers usually set; empty if no option names them."""
    request_tabs: list[Tab]
    response_tabs: list[Tab]
    files: list[str]
    """Files next to the page with examples that are too large for it."""
    request: SideView
    response: SideView


@dataclass(frozen=True)
class Methods:
    """Renders the pages of methods."""

    layout: Layout
    fields: Fields
    prose: Prose
    renderer: Renderer
    examples: Examples
    snippets: Snippets
    maps: bool = True
    _samples: dict[int, Samples] = field(default_factory=dict)

    def files(self, method: Method) -> Iterator[tuple[str, str]]:
        """The path and text of a method's page, and of examples that are too large for it."""
        schema, layout = self.layout.schema, self.layout
        service = schema.service_of(method)
        types = layout.facts.any_types(method)
        request = self.examples.request(method)
        asked, given = example_text(request), example_text(self.examples.response(method))
        path = layout.path(method.full_name)
        stem = path.removesuffix(".md")
        large = {
            f"{stem}.{side}.json": text for side, text in (("request", asked), ("response", given)) if is_large(text)
        }
        words = self.prose.words(method, method.full_name, method.location)
        plan = _Plan(self, method, types)
        page = MethodPage(
            title=quoted(f"{service.name}.{method.name}"),
            description=description(words or f"{service.name}.{method.name}"),
            name=escaped(method.name),
            anchor=method.full_name,
            package=self.fields.package_link(service.package),
            service=f"[{escaped(service.name)}]({layout.page(service.full_name)})",
            streaming=method.streaming,
            http=[(escaped(rule.verb), code(rule.path)) for rule in method.http],
            deprecated=method.deprecated,
            operation=self._operation(method),
            comment=self.prose.body(method, method.full_name),
            labels=self.fields.labels(method),
            remarks=self.fields.remarks.sentences(method),
            call_forms=self.fields.remarks.call_forms(method),
            request_tabs=list(self._request_tabs(method, request, asked)),
            response_tabs=[
                *_tabs("Example", "json", given),
                *_tabs("Commented", "json", self._sample(method.output, types)),
            ],
            files=[file.rpartition("/")[2] for file in large],
            request=plan.side(method.input, {}, streamed=method.client_streaming),
            response=plan.side(method.output, types, streamed=method.server_streaming),
        )
        yield path, self.renderer.render("site/method.md.j2", page=page)
        yield from large.items()

    def _request_tabs(self, method: Method, request: Mapping[str, Any], example: str) -> Iterator[Tab]:
        yield from _tabs("Example", "json", example)
        yield from _tabs("Commented", "json", self._sample(method.input, {}))
        if len(example) > MOST_TEXT:
            return
        for tab in self.snippets.tabs(method, self.examples.request(method, minimal=True)):
            yield from _tabs(*tab)

    def _sample(self, message: str, types: Types) -> str:
        sample = ""
        for limit in _LIMITS:
            if limit not in self._samples:
                self._samples[limit] = Samples(self.layout.facts, maps=self.maps, limit=limit)
            sample = self._samples[limit].sample(message, types)
            if len(sample) <= MOST_TEXT:
                break
        return sample

    def _operation(self, method: Method) -> OperationView | None:
        operation = self.layout.facts.operation(method)
        if operation is None:
            return None
        schema, asked, link = self.layout.schema, operation.service, self.fields.link
        return OperationView(
            type=link(method.output),
            id=code(operation.id_field),
            metadata=link(operation.metadata) if operation.metadata else "",
            response=link(operation.response) if operation.response else "",
            get=self._method_link(asked.get) if asked is not None else "",
            cancel=self._method_link(asked.cancel) if asked is not None and asked.cancel is not None else "",
            name=operation.message.name,
            caller=schema.service_of(method).name,
            call=f"{method.name}({schema.message(method.input).name})",
            service=schema.service_of(asked.get).name if asked is not None else "",
            get_call=f"{asked.get.name}({asked.get_field})" if asked is not None else f"by {operation.id_field}",
            result=operation.response.rpartition(".")[2] or "response",
        )

    def _method_link(self, method: Method) -> str:
        name = escaped(f"{method.parent.rpartition('.')[2]}.{method.name}")
        page = self.layout.page(method.full_name)
        return f"[{name}]({page})" if page else name


def is_large(text: str) -> bool:
    """Whether an example is too large for a page."""
    return len(text) > MOST_SHOWN


def _tabs(label: str, language: str, text: str) -> Iterator[Tab]:
    """A tab, unless it is empty; large code is not highlighted, which would make it much larger."""
    if text and not is_large(text):
        longest = max(map(len, _BACKTICKS.findall(text)), default=2)
        yield Tab(label, language if len(text) <= MOST_TEXT else "text", text.rstrip("\n"), "`" * (longest + 1))


class _Plan:
    """Decides which nested messages a page shows, and where: each once, as close to the top as possible."""

    def __init__(self, methods: Methods, method: Method, types: Types) -> None:
        self._methods = methods
        self._schema = methods.layout.schema
        self._shown = {method.input, method.output}
        self._locations: dict[tuple[str, str], str] = {}
        self._cut: set[str] = set()
        self._place(method.input, {})
        self._place(method.output, types)

    def _all(self, message: str) -> list[FieldText]:
        return self._methods.fields.of(self._schema.message(message), searched=False)

    def _first(self, message: str) -> list[FieldText]:
        """The fields of a message, as many as fit on a side."""
        fields = self._all(message)
        sizes = accumulate(len(one.text) for one in fields)
        return [one for one, size in zip(fields, sizes, strict=True) if size <= MOST_PLACED]

    def _place(self, root: str, types: Types) -> None:
        left = MOST_PLACED - sum(len(one.text) for one in self._first(root))
        queue = deque([(root, 0)])
        while queue:
            owner, depth = queue.popleft()
            for one in self._first(owner):
                held = types.get(one.name, one.message) if owner == root else one.message
                if not held or held in self._shown or not self._methods.layout.has_page(held):
                    continue
                size = sum(len(inner.text) for inner in self._all(held))
                if not size:
                    continue
                if size > left or depth == DEEPEST:
                    self._cut.add(root)
                    continue
                left -= size
                self._shown.add(held)
                self._locations[owner, one.name] = held
                queue.append((held, depth + 1))

    def side(self, root: str, types: Types, *, streamed: bool) -> SideView:
        """A side of the page."""
        methods, layout = self._methods, self._methods.layout
        message = self._schema.message(root)
        has_page = layout.has_page(root)
        first = root in self._shown
        self._shown.discard(root)
        return SideView(
            name=escaped(methods.fields.short(root)),
            anchor=root if first else "",
            address=layout.page(root) or "",
            comment=methods.prose.body(message, root) if first and has_page else "",
            streamed=streamed,
            fields=self._groups(root, 0) if first else "",
            more=root in self._cut,
            more_fields=len(message.fields) - len(self._first(root)) if first else 0,
        )

    def _groups(self, owner: str, depth: int) -> str:
        def nested(one: FieldText) -> NestedView | None:
            held = self._locations.get((owner, one.name))
            return self._nested(held, depth) if held else None

        fields = self._methods.fields
        return fields.groups(self._schema.message(owner), self._first(owner), fence(2 * depth + 1), nested)

    def _nested(self, message: str, depth: int) -> NestedView:
        return NestedView(
            name=escaped(self._methods.fields.short(message)),
            anchor=message,
            count=len(self._schema.message(message).fields),
            address=self._methods.layout.page(message) or "",
            fields=self._groups(message, depth + 1),
            fence=fence(2 * depth + 2),
        )
