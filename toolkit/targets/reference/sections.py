"""The section of a message: its view model, and its text with slots for what depends on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Protocol

from toolkit.descriptors.model import Comment, Element, Enum, Field, Kind, Message, Method, Oneof, Schema
from toolkit.descriptors.references import Target, TargetKind, unresolved
from toolkit.errors import Diagnostic, TemplateError
from toolkit.semantics.facts import Facts
from toolkit.semantics.remarks import Remarks, Setting, unsaid
from toolkit.semantics.sentences import alternatives_sentence, message_sentences, sentences
from toolkit.targets.markdown.inline import escaped
from toolkit.targets.reference.plain import PlainWriter
from toolkit.targets.reference.prose import Anchor, Given, Refer, Reference, Slots, Slotted, Writer, cut
from toolkit.targets.reference.protobufjs import text_of
from toolkit.targets.reference.style import Style
from toolkit.targets.rendering import Renderer
from toolkit.targets.samples import oneof_sentence

GIVEN_NAME = Given("(name)")
GIVEN_SAMPLE = Given("(sample)")


class Resolver(Protocol):
    """Finds what references mean."""

    def resolve(self, name: str, scope: str, file: str) -> Target | None:
        """What a name means in the comment of an element in a scope and file; or None."""

    def is_meant(self, name: str) -> bool:
        """Whether brackets around a name that can't be resolved are a reference."""


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a field; every member is a finished string."""

    name: str
    type: str
    paragraphs: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """The section of a message."""

    name: str
    anchor: str
    sample: str
    comment: str
    rows: list[Row]


@dataclass(frozen=True)
class Sections:
    """Renders sections, each once for all pages."""

    facts: Facts
    style: Style
    references: Resolver
    renderer: Renderer
    _diagnostics: dict[Diagnostic, None] = field(default_factory=dict, compare=False)
    _memo: dict[tuple[object, ...], Slotted] = field(default_factory=dict, compare=False)
    _texts: dict[Comment, str] = field(default_factory=dict, compare=False)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    def section(self, message: str) -> Slotted:
        """The section of a message that is neither request nor response."""
        key = (message,)
        if key not in self._memo:
            self._memo[key] = self._render(self.schema.message(message), frozenset(), root=False)
        return self._memo[key]

    def root_section(self, message: str, given_types: frozenset[str]) -> Slotted:
        """The section of a request or response; its page fills in the name, the sample and the types of some fields."""
        key = (message, given_types)
        if key not in self._memo:
            self._memo[key] = self._render(self.schema.message(message), given_types, root=True)
        return self._memo[key]

    def diagnostics(self) -> list[Diagnostic]:
        """Unresolved references in the sections so far."""
        return list(self._diagnostics)

    @cached_property
    def writer(self) -> Writer:
        """How this style renders prose."""
        made = PlainWriter if self.style.plain else Writer
        return made(self.style.raw_html, self.style.constraints)

    def _render(self, message: Message, given_types: frozenset[str], *, root: bool) -> Slotted:
        slots = Slots()
        name = slots.add(GIVEN_NAME) if root else message.name
        sample = slots.add(GIVEN_SAMPLE) if root else ""
        # Well-known types are described on their public page.
        known = self.facts.public_page(message.full_name) is not None
        comment = "" if known else self.described(message, slots)
        if self.style.constraints and (said := message_sentences(message, self.facts, self.writer.code, self._text)):
            comment = "\n\n".join(filter(None, (comment, " ".join(said))))
        rows = [self._row(f, message, f.name in given_types, slots) for f in message.fields]
        anchor = slots.add(Anchor(message.full_name))
        text = self.renderer.render("yfm/section.md.j2", section=Section(name, anchor, sample, comment, rows))
        if f"{{#{anchor}}}" not in text:
            raise TemplateError(
                "yfm/section.md.j2 gives the section no anchor, so links to it would be broken",
                hint='end the heading with {{ "{#" }}{{ section.anchor }}}',
            )
        return cut(text, slots)

    def text(self, element: Element) -> str:
        """The comment of an element in this style; published styles pass it on as protobuf.js reads it."""
        comment = self.facts.comment(element) if self.style.plain else element.comment
        if self.style.plain:
            leading = comment.leading
        elif comment in self._texts:
            leading = self._texts[comment]
        else:
            leading = self._texts[comment] = text_of(comment)
        return (leading or comment.trailing) if self.style.trailing_comments else leading

    def described(self, element: Element, slots: Slots) -> str:
        """The comment of an element outside of tables, and what options say about it."""
        comment = self.prose(element, element.full_name, slots, in_table=False)
        return "\n\n".join(filter(None, (comment, self.remarks(element, slots))))

    def remarks(self, element: Element, slots: Slots) -> str:
        """What options say about an element, only in the style ``plain``."""
        if not self.style.plain or not element.options or not self.facts.is_described(element):
            return ""
        remarks = Remarks(self.facts, Setting(self.writer.code, partial(self._code_link, slots)))
        labels = map(self._text, unsaid(remarks.labels(element), self.text(element)))
        forms = remarks.call_forms(element) if isinstance(element, Method) else ""
        return " ".join(filter(None, (*labels, *remarks.sentences(element), forms)))

    def _code_link(self, slots: Slots, text: str, message: str) -> str:
        code, page = self.writer.code(text), self.facts.public_page(message)
        if page is not None:
            return f"[{code}]({page})"
        return slots.add(Reference(code, Target(TargetKind.MESSAGE, message)))

    def prose(self, element: Element, scope: str, slots: Slots, *, in_table: bool, text: str | None = None) -> str:
        """The comment of an element, or a part of it, with its references resolved in ``scope``."""
        text = self.text(element) if text is None else text
        if not text:
            return ""
        write = self.writer.cell if in_table else self.writer.body
        return write(text, self.linker(element, scope, slots))

    def linker(self, element: Element, scope: str, slots: Slots) -> Refer:
        """A function that returns the Markdown of a name in brackets, and reports unresolved ones."""

        def reference(name: str, words: str) -> str | None:
            page = self.facts.public_page(name) if name not in self.schema.messages or "." in name else None
            target = None if page else self.references.resolve(name, scope, element.location.file)
            if target is not None and target.kind is TargetKind.MESSAGE:
                page = self.facts.public_page(target.full_name)
            if page is not None:
                return f"[{words or name}]({page})"
            if target is None and not self.references.is_meant(name):
                return None
            if target is None:
                self._diagnostics[unresolved(name, element.comment, element.location)] = None
                return (words or name) if self.style.plain else None
            shown = self.shown(name, target)
            is_named = target.kind is TargetKind.FIELD or (self.style.plain and target.kind is TargetKind.ONEOF)
            if is_named and target.shown_by == scope:
                return f"`{shown}`" if words in ("", name) else words
            return slots.add(Reference(words or shown, target))

        return reference

    def shown(self, name: str, target: Target) -> str:
        """The name of an element as a reference shows it."""
        return name

    def name(self, field_: Field) -> str:
        """The name of a field."""
        return field_.name

    def comment(self, field_: Field, message: Message, slots: Slots) -> str:
        """The comment of a field in its row."""
        return self.prose(field_, message.full_name, slots, in_table=True)

    def paragraphs(self, field_: Field, message: Message, slots: Slots, *, required: bool = False) -> list[str]:
        """What the row of a field says below its type."""
        said = []
        comment = self.comment(field_, message, slots)
        if required or self.facts.required(field_):
            comment = self.writer.required(comment)
        said.append(comment)
        said.append(self.remarks(field_, slots))
        if self.style.constraints:
            said.append(" ".join(sentences(field_, self.facts, self.writer.code, self._text)))
        oneof = message.oneof(field_.oneof) if field_.oneof else None
        if oneof is not None:
            said.append(self._alternatives(oneof, self.members(oneof, message)))
            said.append(self.prose(oneof, message.full_name, slots, in_table=True))
        if field_.type.kind is Kind.ENUM:
            said.append(self._values(self.enum(field_), slots))
        return [paragraph for paragraph in said if paragraph]

    def _row(self, field_: Field, message: Message, type_is_given: bool, slots: Slots) -> Row:
        name = self.name(field_)
        return Row(
            name=f"{name}[]" if field_.repeated else name,
            type=slots.add(Given(field_.name)) if type_is_given else self._type(field_, slots),
            paragraphs=self.paragraphs(field_, message, slots),
        )

    def _alternatives(self, oneof: Oneof, names: Sequence[str]) -> str:
        if self.style.plain and self.facts.oneof_required(oneof):
            return alternatives_sentence("exactly_one", names)
        return oneof_sentence(names) + "."

    def members(self, oneof: Oneof, message: Message) -> Sequence[str]:
        """The names of the members of a oneof."""
        return oneof.fields

    def enum(self, field_: Field) -> Enum:
        """The enum of a field."""
        return self.schema.enum(field_.type.name)

    def _text(self, text: str) -> str:
        """Text in a cell in which nothing is markup."""
        return self.writer.cell(escaped(text), lambda name, words: None)

    def _type(self, field_: Field, slots: Slots) -> str:
        if field_.type.kind is Kind.SCALAR:
            text = f"**{field_.type.name}**"
        elif field_.type.kind is Kind.ENUM:
            text = f"enum **{field_.type.short_name}**"
        else:
            name = field_.type.name
            text = self.message_type(name, slots.add(Anchor(name)) if self.facts.public_page(name) is None else "")
        if field_.is_map and self.style.maps == "map":
            return f"**object** (map<**{field_.key}**, {text}>)"
        return text

    def message_type(self, name: str, anchor: str) -> str:
        """A message as the type of a field: a link to its section, or to the public page of a well-known type."""
        page = self.facts.public_page(name)
        if page is not None:
            return f"**[{name}]({page})**"
        return f"**[{name.rpartition('.')[2]}](#{anchor})**"

    def _values(self, enum: Enum, slots: Slots) -> str:
        lines = []
        for value in enum.values:
            unspecified = value.number == 0 and value.name.endswith("_UNSPECIFIED")
            if unspecified and not self.style.unspecified_values:
                continue
            comment = self.prose(value, enum.parent, slots, in_table=True)
            said = " ".join(filter(None, (comment, self.remarks(value, slots))))
            lines.append(self.writer.value(value.name, said))
        return "\n".join(lines)
