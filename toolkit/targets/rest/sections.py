"""The sections of REST pages: those of messages, and the parts of requests and responses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Field, Kind, Message, Oneof
from toolkit.descriptors.references import Target, TargetKind
from toolkit.descriptors.type_graph import Types
from toolkit.descriptors.well_known import FIELD_MASK, TIMESTAMP
from toolkit.errors import TemplateError
from toolkit.semantics.path_templates import MANY
from toolkit.semantics.sentences import message_sentences
from toolkit.targets.reference.plain import PlainWriter
from toolkit.targets.reference.prose import Anchor, Given, Linked, Slots, Slotted, Writer, cut
from toolkit.targets.reference.sections import GIVEN_SAMPLE, Row, Sections
from toolkit.targets.rest import texts
from toolkit.targets.rest.prose import RestWriter
from toolkit.targets.rest.samples import kept
from toolkit.targets.rest.types import LEFT_OUT, is_expanded, json_type, shown_name

_HAS_SLASHES = "Can contain slashes."
_TEMPLATE = "yfm-rest/section.md.j2"


@dataclass(frozen=True, slots=True)
class RestSection:
    """A section; every member is a finished string, and those that are empty are left out."""

    name: str
    anchor: str
    code: str
    """The status of the response."""
    sample: str
    comment: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Head:
    """How the part of a page about a request or response begins."""

    name: str
    has_anchor: bool = True
    has_sample: bool = True
    code: str = ""
    comment: bool = True
    """Whether the comment of the message follows."""
    required: bool = False
    """Whether every field is required, as those of a path are."""
    forms: tuple[tuple[str, str], ...] = ()
    """The patterns of fields in a path that have several segments, by field."""
    value_of: str = ""
    """The full name of the field whose value is the entire part; or empty."""


@dataclass(frozen=True)
class RestSections(Sections):
    """Renders sections, each once for all pages."""

    slots: Slots = field(default_factory=Slots, compare=False)
    """Those of all sections, so that the same rows can be in several."""
    _paragraphs: dict[tuple[object, ...], list[str]] = field(default_factory=dict, compare=False)

    @cached_property
    def writer(self) -> Writer:
        """How this style renders prose."""
        made = PlainWriter if self.style.plain else RestWriter
        return made(self.style.raw_html, self.style.constraints)

    def section(self, message: str) -> Slotted:
        """The section of a message in a request or response."""
        key = (message,)
        if key not in self._memo:
            found = self.schema.message(message)
            self._memo[key] = self._rendered(found, Head(found.name, has_sample=False), {})
        return self._memo[key]

    def part(self, message: str, head: Head, types: Types) -> Slotted:
        """The section of a part of a page; its page fills in the sample and the given types of fields."""
        key = (message, head, *((name, type_name == LEFT_OUT) for name, type_name in types.items()))
        if key not in self._memo:
            self._memo[key] = self._rendered(self.schema.message(message), head, types)
        return self._memo[key]

    def _rendered(self, message: Message, head: Head, types: Types) -> Slotted:
        slots = self.slots
        message = kept(message, types)
        anchor = slots.add(Anchor(message.full_name)) if head.has_anchor else ""
        section = RestSection(
            name=head.name,
            anchor=anchor,
            code=head.code,
            sample=slots.add(GIVEN_SAMPLE) if head.has_sample else "",
            comment=self._comment(message, head, slots),
            rows=[self._field(field, message, types, head, slots) for field in message.fields],
        )
        text = self.renderer.render(_TEMPLATE, section=section)
        if anchor and f"{{#{anchor}}}" not in text:
            raise TemplateError(
                f"{_TEMPLATE} gives the section no anchor, so links to it would be broken",
                hint='end the heading with {{ "{#" }}{{ section.anchor }}}',
            )
        return cut(text, slots)

    def _comment(self, message: Message, head: Head, slots: Slots) -> str:
        """The comment below a heading; where the part is the value of a field, that of the field comes first."""
        about = self._about(head, slots)
        if not head.comment:
            return about
        comment = "\n\n".join(filter(None, (about, self.described(message, slots))))
        if not self.style.plain:
            comment = texts.MESSAGES.get(message.full_name, comment)
        if self.style.constraints and (said := message_sentences(message, self.facts, self.writer.code, self._text)):
            comment = "\n\n".join(filter(None, (comment, " ".join(said))))
        return comment

    def _about(self, head: Head, slots: Slots) -> str:
        holder, _, name = head.value_of.rpartition(".")
        field = self.schema.message(holder).field(name) if holder and self.style.plain else None
        return self.prose(field, holder, slots, in_table=False) if field is not None else ""

    def _field(self, field: Field, message: Message, types: Types, head: Head, slots: Slots) -> Row:
        name = self.name(field)
        form = dict(head.forms).get(field.name, "") if self.style.plain else ""
        said = self.paragraphs(field, message, slots, required=head.required)
        return Row(
            name=f"{name}[]" if field.repeated else name,
            type=self.type_text(field, types, slots),
            paragraphs=[*said, _HAS_SLASHES if form == MANY else f"Has the form {self.writer.code(form)}."]
            if form
            else said,
        )

    def name(self, field_: Field) -> str:
        """The name of a field: in the style ``plain`` that of its JSON."""
        return field_.json_name if self.style.plain else shown_name(field_.name)

    def shown(self, name: str, target: Target) -> str:
        """The name of an element as a reference shows it."""
        if target.kind not in (TargetKind.FIELD, TargetKind.ONEOF):
            return name
        before, dot, last = name.rpartition(".")
        return f"{before}{dot}{shown_name(last)}"

    def comment(self, field_: Field, message: Message, slots: Slots) -> str:
        """The comment of a field, with what the published pages say about its type."""
        if not self.style.plain and field_.full_name in texts.FIELDS:
            return texts.FIELDS[field_.full_name]
        if not self.style.plain and field_.type.name == FIELD_MASK:
            return texts.FIELD_MASK
        comment = super().comment(field_, message, slots)
        if not self.style.plain and field_.type.name == TIMESTAMP:
            return "\n\n".join(filter(None, (comment, texts.TIMESTAMP)))
        return comment

    def members(self, oneof: Oneof, message: Message) -> Sequence[str]:
        """The names of the members of a oneof."""
        return [self.name(field) for field in message.fields if field.oneof == oneof.name]

    def paragraphs(self, field_: Field, message: Message, slots: Slots, *, required: bool = False) -> list[str]:
        """What the row of a field says below its type; only rows with the slots of all sections are shared."""
        if slots is not self.slots:
            return super().paragraphs(field_, message, slots, required=required)
        oneof = message.oneof(field_.oneof) if field_.oneof else None
        key = (field_.full_name, required, oneof.fields if oneof is not None else ())
        made = self._paragraphs.get(key)
        if made is None:
            made = self._paragraphs[key] = super().paragraphs(field_, message, slots, required=required)
        return made

    def type_text(self, field: Field, types: Types, slots: Slots) -> str:
        """The type of a field in Markdown; a slot if it is given."""
        text = slots.add(Given(field.name)) if field.name in types else self._value_type(field, slots)
        if field.is_map and self.style.maps == "map":
            return f"**object** (map<{json_type(field.key).text}, {text}>)"
        return text

    def _value_type(self, field: Field, slots: Slots) -> str:
        if field.type.kind is Kind.ENUM:
            return f"**enum** ({field.type.short_name})"
        if field.type.kind is Kind.MESSAGE and is_expanded(field.type.name, self.schema):
            return slots.add(Linked(field.type.name))
        return json_type(field.type.name).text


def message_link(message: str, address: str) -> str:
    """A message as the type of a field: a link, or code if it has no address."""
    name = message.rpartition(".")[2]
    return f"**[{name}]({address})**" if address else f"**`{name}`**"


def only(message: Message, names: Sequence[str]) -> Types:
    """The types that leave out all fields but these."""
    return {field.name: "" for field in message.fields if field.name not in names}


def without_blank_lines(text: str) -> str:
    """Paragraphs one under another."""
    return re.sub(r"\n(?:[ \t]*\n)+", "\n", text)
