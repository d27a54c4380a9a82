"""The two sides of a method page: the fields of the request and of the response, each message once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import accumulate

from toolkit.descriptors.model import Method
from toolkit.descriptors.type_graph import Types
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.site.fields import DEEPEST, Fields, FieldText, ItemView, NestedView, fence

MOST_PLACED = 30_000
"""Characters of fields on each side of a page at most, including nested messages; the rest is linked."""


@dataclass(frozen=True, slots=True)
class SideView:
    """The request or the response of a method."""

    name: str
    anchor: str
    """Empty if the request shows the message."""
    address: str
    comment: str
    streamed: bool
    fields: str
    repeated: str
    """If the request shows the message: its name, and a link to there."""
    more: bool
    """Whether some nested messages are only linked."""
    more_fields: int
    """The number of fields that are only on the message's own page."""


class Sides:
    """Decides which nested messages a page shows, and where: each once, as close to the top as possible.

    The request comes first: a message that both sides use is shown there, even if it is the response.
    """

    def __init__(self, fields: Fields, method: Method, types: Types) -> None:
        self._fields = fields
        self._schema = fields.layout.schema
        self._method = method
        self._types = types
        self._links = {method.input: f"as in the [request](#{method.input})"}
        """Where a message is shown, by its name."""
        self._locations: dict[tuple[str, str], str] = {}
        self._cut: set[str] = set()
        self._is_repeated = True  # while the request is placed, which has no types of its own
        self._place(method.input)
        self._is_repeated = method.output in self._links
        if not self._is_repeated:
            self._links[method.output] = f"as in the [response](#{method.output})"
            self._place(method.output)

    def request(self) -> SideView:
        """The side of the request."""
        return self._side(self._method.input, streamed=self._method.client_streaming, shown=True)

    def response(self) -> SideView:
        """The side of the response."""
        return self._side(self._method.output, streamed=self._method.server_streaming, shown=not self._is_repeated)

    def _all(self, message: str) -> list[FieldText]:
        return self._fields.of(self._schema.message(message), searched=False)

    def _first(self, message: str) -> list[FieldText]:
        """The fields of a message, as many as fit on a side."""
        fields = self._all(message)
        sizes = accumulate(len(one.text) for one in fields)
        return [one for one, size in zip(fields, sizes, strict=True) if size <= MOST_PLACED]

    def _held(self, owner: str, one: FieldText) -> str:
        """The message in a field, also that in the Any of a response; empty if there is none with a page."""
        types = self._types if owner == self._method.output and not self._is_repeated else {}
        held = types.get(one.name, one.message)
        return held if held and self._fields.layout.has_page(held) else ""

    def _place(self, root: str) -> None:
        left = MOST_PLACED - sum(len(one.text) for one in self._first(root))
        queue = deque([(root, 0)])
        while queue:
            owner, depth = queue.popleft()
            for one in self._first(owner):
                held = self._held(owner, one)
                if not held or held in self._links:
                    continue
                size = sum(len(inner.text) for inner in self._all(held))
                if not size:
                    continue
                if size > left or depth == DEEPEST:
                    self._cut.add(root)
                    continue
                left -= size
                self._links[held] = f"as in [{escaped(one.name)}](#{held})"
                self._locations[owner, one.name] = held
                queue.append((held, depth + 1))

    def _side(self, root: str, *, streamed: bool, shown: bool) -> SideView:
        layout = self._fields.layout
        message = self._schema.message(root)
        return SideView(
            name=escaped(self._fields.short(root)),
            anchor=root if shown else "",
            address=layout.page(root) or "",
            comment=self._fields.prose.body(message, root) if shown and layout.has_page(root) else "",
            streamed=streamed,
            fields=self._groups(root, 0) if shown else "",
            repeated="" if shown else f"{self._code_link(root)}, {self._links[root]}",
            more=root in self._cut,
            more_fields=len(message.fields) - len(self._first(root)) if shown else 0,
        )

    def _code_link(self, message: str) -> str:
        name, page = code(self._fields.short(message), in_cell=False), self._fields.layout.page(message)
        return f"[{name}]({page})" if page else name

    def _groups(self, owner: str, depth: int) -> str:
        def item(one: FieldText) -> ItemView:
            held = self._held(owner, one)
            if (owner, one.name) in self._locations:
                return ItemView(one.text, self._nested(held, depth))
            return ItemView(one.text, seen=self._links.get(held, ""))

        return self._fields.groups(self._schema.message(owner), self._first(owner), fence(2 * depth + 1), item)

    def _nested(self, message: str, depth: int) -> NestedView:
        return NestedView(
            name=escaped(self._fields.short(message)),
            anchor=message,
            count=len(self._schema.message(message).fields),
            address=self._fields.layout.page(message) or "",
            fields=self._groups(message, depth + 1),
            fence=fence(2 * depth + 2),
        )
