"""Fields and enum values on the site: their view models, each rendered once for all pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from toolkit.descriptors.model import Element, Enum, EnumValue, Field, Kind, Message, Oneof, Presence
from toolkit.semantics.phrases import phrases
from toolkit.semantics.remarks import Remarks, Setting
from toolkit.semantics.sentences import message_sentences
from toolkit.targets.markdown.inline import code, escaped
from toolkit.targets.rendering import Renderer
from toolkit.targets.site.layout import Layout, less_package
from toolkit.targets.site.origins import Origins
from toolkit.targets.site.prose import Prose

DEEPEST = 5
"""Levels of nested messages that are shown inside a page."""
MOST_VALUES = 12
"""Values that a field with an enum type lists at most."""


@dataclass(frozen=True, slots=True)
class ValueView:
    """An enum value; every member is finished Markdown."""

    name: str
    address: str
    """Its address on the page of its enum."""
    anchor: str
    number: int
    comment: str
    labels: list[str]
    deprecated: bool
    searched: bool = True


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field; every member is finished Markdown."""

    name: str
    anchor: str
    searched: bool
    """Whether search finds it here; pages that only repeat a field are excluded."""
    type: str
    required: bool
    labels: list[str]
    """How the field behaves, such as ``output only``, each as a short phrase."""
    deprecated: bool
    limits: list[str]
    """Constraints as short phrases, such as ``1–63 characters``."""
    facts: list[str]
    """Number, JSON name, default and so on, each as a short phrase; presence if it is an exception."""
    comment: str
    constraints: list[str]
    """Sentences about constraints without a short phrase."""
    remarks: list[str]
    """Sentences about what options say, such as the pattern of a resource name."""
    values: list[ValueView]
    """For an enum: its first values."""
    more_values: int
    enum: str
    """The address of the page of the enum."""


@dataclass(frozen=True, slots=True)
class OneofView:
    """A group of fields, at most one of which is set."""

    name: str
    anchor: str
    comment: str
    required: bool


@dataclass(frozen=True, slots=True)
class FieldText:
    """A rendered field."""

    text: str
    message: str
    """Full name of its message type, if that has a page of its own, or empty."""
    name: str
    oneof: str


@dataclass(frozen=True, slots=True)
class NestedView:
    """A message that is shown below the field that contains it."""

    name: str
    anchor: str
    count: int
    """Fields."""
    address: str
    fields: str
    fence: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """A rendered field, and the message shown below it."""

    text: str
    nested: NestedView | None = None
    seen: str = ""
    """A link to where the fields of its message are shown, if that is elsewhere on the page."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """Consecutive fields that are in the same oneof, or in none."""

    oneof: OneofView | None
    items: list[ItemView]
    fence: str


def fence(level: int) -> str:
    """The slashes around a block; outer blocks need more of them."""
    return "/" * (3 + 2 * (DEEPEST + 1) - level)


def _pattern(text: str) -> str:
    """A pattern as code in a paragraph."""
    return code(text, in_cell=False)


@dataclass(frozen=True)
class Fields:
    """Renders the fields of messages, each message once."""

    layout: Layout
    prose: Prose
    renderer: Renderer
    origins: Origins
    _memo: dict[tuple[str, bool], list[FieldText]] = field(default_factory=dict)
    _views: dict[str, FieldView] = field(default_factory=dict)
    _values: dict[str, list[ValueView]] = field(default_factory=dict)

    def of(self, message: Message, *, searched: bool) -> list[FieldText]:
        """The fields of a message, in the order of declaration."""
        key = (message.full_name, searched)
        if key not in self._memo:
            self._memo[key] = [self.text(one, message.full_name, searched=searched) for one in message.fields]
        return self._memo[key]

    def text(self, one: Field, scope: str, *, searched: bool = True) -> FieldText:
        """A rendered field."""
        held = one.type.name if one.type.kind is Kind.MESSAGE and self.layout.has_page(one.type.name) else ""
        view = self._views.get(one.full_name)
        if view is None:
            view = self._views[one.full_name] = self._view(one, scope)
        shown = view if searched else replace(view, searched=False)
        return FieldText(self.renderer.render("site/field.md.j2", field=shown), held, one.name, one.oneof)

    def groups(
        self,
        message: Message,
        texts: Iterable[FieldText],
        around: str,
        item: Callable[[FieldText], ItemView] = lambda one: ItemView(one.text),
    ) -> str:
        """The fields of a message, grouped by oneof; ``around`` is the fence of a group."""
        views = [
            GroupView(
                self.oneof(oneof, message.full_name) if (oneof := message.oneof(name)) is not None else None,
                [item(one) for one in together],
                around,
            )
            for name, together in groupby(texts, key=lambda one: one.oneof)
        ]
        constraints = message_sentences(message, self.layout.facts, _pattern, escaped)
        return self.renderer.render("site/fields.md.j2", groups=views, constraints=constraints) if views else ""

    def oneof(self, oneof: Oneof, scope: str) -> OneofView:
        """The view of a oneof."""
        required = self.layout.facts.oneof_required(oneof)
        return OneofView(escaped(oneof.name), oneof.full_name, self.prose.body(oneof, scope), required)

    def _view(self, one: Field, scope: str) -> FieldView:
        facts = self.layout.facts
        enum = self.layout.schema.enums.get(one.type.name) if one.type.kind is Kind.ENUM else None
        values = self._values_of(enum) if enum is not None else []
        limits, constraints = phrases(one, facts, _pattern, escaped)
        return FieldView(
            name=escaped(one.name),
            anchor=one.full_name,
            searched=True,
            type=self.type(one),
            required=facts.required(one),
            labels=self.labels(one),
            deprecated=one.deprecated,
            limits=limits,
            facts=list(self._facts(one)),
            comment=self.prose.body(one, scope),
            constraints=constraints,
            remarks=self.remarks.sentences(one),
            values=values[:MOST_VALUES],
            more_values=max(len(values) - MOST_VALUES, 0),
            enum=self.layout.page(one.type.name) or "" if enum is not None else "",
        )

    @cached_property
    def remarks(self) -> Remarks:
        """What options say about elements, as Markdown."""
        return Remarks(self.layout.facts, Setting(_pattern, self._code_link))

    def labels(self, element: Element) -> list[str]:
        """What options say about an element in short labels, such as ``output only``."""
        return list(map(escaped, self.remarks.labels(element)))

    def _code_link(self, text: str, message: str) -> str:
        page = self.layout.page(message)
        return f"[{_pattern(text)}]({page})" if page else _pattern(text)

    def type(self, one: Field) -> str:
        """The type of a field, with a link to its page."""
        name = one.type.name
        text = f"`{name}`" if one.type.kind is Kind.SCALAR else self.link(name)
        if one.is_map:
            return f"map of `{one.key}` to {text}"
        return f"repeated {text}" if one.repeated else text

    def link(self, full_name: str) -> str:
        """The name of a type, linked if it has a page."""
        page = self.layout.page(full_name)
        shown = escaped(self.short(full_name))
        return f"[{shown}]({page})" if page else shown

    def short(self, full_name: str) -> str:
        """The name of a type without its package; for well-known types, the full name."""
        known = self.layout.types.get(full_name)
        return less_package(full_name, known.package) if known is not None else full_name

    def package_link(self, package: str) -> str:
        """A link to the page of a package."""
        return f"[{escaped(package) or 'no package'}]({self.layout.package_page(package)})"

    def _facts(self, one: Field) -> Iterable[str]:
        if one.extendee:
            yield f"extends {self.link(one.extendee)}"
        yield f"number {one.number}"
        if one.json_name != one.name and not one.extendee:
            yield f"JSON {code(one.json_name)}"
        if self._is_exceptional(one):
            yield f"{one.presence} presence"
        if one.default is not None:
            yield f"default {code(one.default)}"
        if one.delimited:
            yield "group encoding"
        yield from self.origins.words(one)

    def _is_exceptional(self, one: Field) -> bool:
        """Whether the presence of a field is not the usual one in its file; messages and oneofs have no choice."""
        if one.presence is Presence.NONE or one.type.kind is Kind.MESSAGE or one.oneof:
            return False
        file = self.layout.schema.files[one.location.file]
        return one.presence is not (Presence.IMPLICIT if file.edition == "proto3" else Presence.EXPLICIT)

    def _values_of(self, enum: Enum) -> list[ValueView]:
        if enum.full_name not in self._values:
            summary = self.prose.summary
            made = [self.value(value, enum, summary(value, enum.parent)) for value in enum.values]
            self._values[enum.full_name] = made
        return self._values[enum.full_name]

    def value(self, value: EnumValue, enum: Enum, comment: str) -> ValueView:
        """The view of an enum value, with a rendered comment."""
        address = self.layout.member(enum.full_name, value.full_name) or ""
        return ValueView(
            escaped(value.name), address, value.full_name, value.number, comment, self.labels(value), value.deprecated
        )
