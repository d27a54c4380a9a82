"""What facts say about an element, as short labels and as sentences, in the same words for every target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from toolkit.descriptors.model import Element, Field, Message, Method, Service
from toolkit.semantics.facts import Facts
from toolkit.semantics.resources import ANY_TYPE

_BEHAVIORS = {"NON_EMPTY_DEFAULT": "non-empty default"}
"""The behaviors whose names are not the words for them."""
_FORMATS = {
    "UUID4": "UUID, version 4",
    "IPV4": "IPv4 address",
    "IPV6": "IPv6 address",
    "IPV4_OR_IPV6": "IPv4 or IPv6 address",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """How a target writes the parts of a sentence."""

    code: Callable[[str], str]
    """Text as code."""
    link: Callable[[str, str], str]
    """Text as code, linked to the message with this full name if it has a page."""


@dataclass(frozen=True)
class Remarks:
    """Writes the facts of a schema in words."""

    facts: Facts
    setting: Setting

    def labels(self, element: Element) -> list[str]:
        """Short labels, such as ``output only``; text without markup."""
        return list(_labels(element, self.facts))

    def sentences(self, element: Element) -> list[str]:
        """What takes a sentence, such as a pattern or links; in the markup of the target."""
        return [sentence for sentence in self._sentences(element) if sentence]

    def _sentences(self, element: Element) -> Iterator[str]:
        if not element.options:
            return
        if isinstance(element, Field):
            yield from self._of_field(element)
        elif isinstance(element, Message):
            yield self._of_resource(element)
        elif isinstance(element, Service):
            yield from self._of_service(element)
        yield self._examples(element)

    def _of_field(self, field: Field) -> Iterator[str]:
        yield self._resource_name(field)
        name = self.facts.format(field)
        if name:
            yield f"Format: {_FORMATS.get(name) or self.setting.code(name)}."
        types = self.facts.types(field)
        if types:
            yield f"May contain {_either([self.setting.link(t.rpartition('.')[2], t) for t in types])}."

    def _resource_name(self, field: Field) -> str:
        found = self.facts.resource_name(field)
        if found is None:
            return ""
        if found.type == ANY_TYPE:
            what = {"other": "any resource", "parent": "a parent of any resource"}.get(found.role, "the resource")
        else:
            type_ = self._type(found.type, found.message)
            what = {"own": f"this {type_}", "other": f"a {type_}"}.get(found.role, f"the parent of a {type_}")
        begin = f"{'Each value' if field.is_map else 'Each element'} is the resource name of" if _is_many(field) else ""
        return f"{begin or 'Resource name of'} {what}{self._patterns(found.patterns)}."

    def _of_resource(self, message: Message) -> str:
        resource = self.facts.resource(message)
        if resource is None:
            return ""
        name = f" Its name is in {self.setting.code(resource.name_field)}." if resource.name_field else ""
        return f"Resource of type {self.setting.code(resource.type)}{self._patterns(resource.patterns)}.{name}"

    def _type(self, type_: str, message: str) -> str:
        return self.setting.link(type_, message) if message else self.setting.code(type_)

    def _patterns(self, patterns: tuple[str, ...]) -> str:
        return f", pattern {_either(list(map(self.setting.code, patterns)))}" if patterns else ""

    def call_forms(self, method: Method) -> str:
        """The fields that callers usually set, as calls; empty if no option names them."""
        forms = [self.setting.code(f"{method.name}({', '.join(paths)})") for paths in self.facts.signatures(method)]
        return _listed("Call form", forms)

    def _of_service(self, service: Service) -> Iterator[str]:
        host, scopes = self.facts.host(service), self.facts.scopes(service)
        if host:
            yield f"Host: {self.setting.code(host)}."
        if scopes:
            one = "OAuth scope" if len(scopes) == 1 else "OAuth scopes, one of which is needed"
            yield f"{one}: {', '.join(map(self.setting.code, scopes))}."

    def _examples(self, element: Element) -> str:
        comment = element.comment.text
        examples = [text for text in self.facts.examples(element) if text and text not in comment]
        return _listed("Example", map(self.setting.code, examples))


def _labels(element: Element, facts: Facts) -> Iterator[str]:
    if not element.options:
        return
    if isinstance(element, Field):
        yield from (_BEHAVIORS.get(text, _words(text)) for text in facts.behaviors(element) if text != "REQUIRED")
        if facts.sensitive(element):
            yield "sensitive"
    if isinstance(element, Method) and facts.idempotency(element):
        yield _words(facts.idempotency(element))
    labels = facts.restriction(element)
    if labels:
        yield f"restricted to {_either(list(labels))}"


def spoken(label: str) -> str:
    """A label as a sentence."""
    return f"{label[:1].upper()}{label[1:]}."


def unsaid(labels: list[str], comment: str) -> list[str]:
    """The labels as sentences, without those that a comment contains."""
    lower = comment.lower()
    return [spoken(label) for label in labels if spoken(label).lower() not in lower]


def _words(value: str) -> str:
    """The name of an enum value in words."""
    return " ".join(value.replace("_", " ").lower().split())


def _is_many(field: Field) -> bool:
    return field.is_map or field.repeated


def _listed(noun: str, texts: Iterable[str]) -> str:
    """A sentence that lists texts; empty if there are none."""
    found = [*texts]
    return f"{noun}{'s' if len(found) > 1 else ''}: {', '.join(found)}." if found else ""


def _either(texts: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
