"""The pages of messages and enums: their contents, and what uses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from toolkit.descriptors.model import Element, Enum, Field, Message, Method
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.definitions import Definitions
from toolkit.targets.site.downloads import Downloads
from toolkit.targets.site.fields import Fields, ValueView, fence
from toolkit.targets.site.layout import Layout
from toolkit.targets.site.prose import Prose, description, quoted
from toolkit.targets.site.sampling import Tab


@dataclass(frozen=True, slots=True)
class UsingService:
    """Links to the methods of a service that use a type."""

    service: str
    methods: list[str]


@dataclass(frozen=True, slots=True)
class TypePage:
    """The page of a message or enum; every member is finished Markdown."""

    title: str
    description: str
    """Both as YAML."""
    kind: str
    name: str
    anchor: str
    full_name: str
    """As code."""
    package: str
    parent: str
    """A link to the enclosing message, or empty."""
    deprecated: bool
    comment: str
    labels: list[str]
    remarks: list[str]
    """Sentences about what options say, such as the pattern of a resource name."""
    fields: str
    extensions: str
    values: list[ValueView]
    closed: bool
    nested: list[str]
    reserved: list[str]
    extension_ranges: list[str]
    extended_by: list[str]
    """The extensions of a message, wherever they are declared: links with types and numbers."""
    used_fields: list[str]
    used_services: list[UsingService]
    proto: Tab
    """Its definition."""
    declared: str
    """Where the type is declared: a file and a line, linked if the address is known."""
    revisions: list[str]
    """Since when there is the type, and when it changed last."""
    downloads: list[str]
    """Links to files that other targets write."""


@dataclass(frozen=True)
class TypePages:
    """Renders the pages of messages and enums."""

    layout: Layout
    fields: Fields
    prose: Prose
    renderer: Renderer
    downloads: Downloads
    definitions: Definitions
    _method_links: dict[str, str] = field(default_factory=dict)

    def files(self, element: Message | Enum) -> Iterator[tuple[str, str]]:
        """The path and text of the page of a type, and of a definition that is too long for it."""
        path = self.layout.path(element.full_name)
        folder, _, name = path.removesuffix(".md").rpartition("/")
        proto = self.definitions.of_type(element, name)
        yield path, self._message(element, proto) if isinstance(element, Message) else self._enum(element, proto)
        if proto.file:
            yield f"{folder}/{proto.file}", proto.text

    def _enum(self, enum: Enum, proto: Tab) -> str:
        values = [self.fields.value(v, enum, self.prose.body(v, enum.parent)) for v in enum.values]
        return self._render(enum, "enum", proto=proto, values=values, closed=enum.closed)

    def _message(self, message: Message, proto: Tab) -> str:
        nested = [*message.messages, *message.enums]
        extensions = [self.fields.text(one, message.full_name) for one in message.extensions]
        return self._render(
            message,
            "message",
            proto=proto,
            fields=self.fields.groups(message, self.fields.of(message, searched=True), fence(1)),
            extensions="\n\n".join(text.text for text in extensions),
            nested=[self.fields.link(name) for name in nested if self.layout.has_page(name)],
            extension_ranges=[_range(start, end - 1) for start, end in message.extension_ranges],
            extended_by=[
                f"{self._field_link(one)}: {self.fields.type(one)}, number {one.number}"
                for one in self.layout.facts.extensions_of.get(message.full_name, ())
            ],
        )

    def _render(self, element: Message | Enum, kind: str, **members: object) -> str:
        name = self.fields.short(element.full_name)
        open_end = isinstance(element, Message)
        ranges = [_range(start, end - open_end) for start, end in element.reserved_ranges]
        lists: dict[str, object] = {name: [] for name in ("values", "nested", "extension_ranges", "extended_by")}
        defaults = {"fields": "", "extensions": "", "closed": False, **lists}
        words = self.prose.words(element)
        page = TypePage(
            title=quoted(name),
            description=description(words or f"The {kind} {element.full_name}."),
            kind=kind,
            name=escaped(name),
            anchor=element.full_name,
            full_name=code(element.full_name, in_cell=False),
            package=self.fields.package_link(element.package),
            parent=self.fields.link(element.parent) if self.layout.has_page(element.parent) else "",
            deprecated=element.deprecated,
            comment=self.prose.body(element, element.full_name),
            labels=self.fields.labels(element),
            remarks=self.fields.remarks.sentences(element),
            reserved=[*ranges, *map(code, element.reserved_names)],
            used_fields=[self._field_link(one) for one in self._using_fields(element)],
            used_services=self._using_services(self.layout.methods_using(element)),
            revisions=self.fields.origins.revisions(element),
            declared=self.fields.origins.of(element),
            downloads=self.downloads.of_message(element) if isinstance(element, Message) else [],
            **(defaults | members),  # type: ignore[arg-type]
        )
        versions = self.fields.origins.switcher(element.full_name)
        return self.renderer.render("site/type.md.j2", page=page, versions=versions)

    def _using_fields(self, element: Element) -> Iterable[Field]:
        return (
            f
            for f in self.layout.facts.fields_of.get(element.full_name, ())
            if f.extendee or self.layout.has_page(f.parent)
        )

    def _field_link(self, one: Field) -> str:
        if one.extendee:
            layout = self.layout
            page = layout.page(one.parent) if layout.has_page(one.parent) else layout.package_page(one.parent)
            return f"[{escaped(one.full_name)}]({page}#{one.full_name})" if page else escaped(one.full_name)
        name = escaped(f"{self.fields.short(one.parent)}.{one.name}")
        return f"[{name}]({self.layout.member(one.parent, one.full_name)})"

    def _using_services(self, methods: Sequence[Method]) -> list[UsingService]:
        found: dict[str, list[str]] = {}
        for method in methods:
            found.setdefault(method.parent, []).append(self._method_link(method))
        return [UsingService(self._service_link(name), links) for name, links in sorted(found.items())]

    def _service_link(self, name: str) -> str:
        return f"[{escaped(name.rpartition('.')[2])}]({self.layout.page(name)})"

    def _method_link(self, method: Method) -> str:
        link = self._method_links.get(method.full_name)
        if link is None:
            link = f"[{escaped(method.name)}]({self.layout.page(method.full_name)})"
            self._method_links[method.full_name] = link
        return link


def _range(start: int, end: int) -> str:
    """A range of numbers, inclusive."""
    if start == end:
        return str(start)
    return f"{start} to {end if end < 2**29 - 1 else 'max'}"
