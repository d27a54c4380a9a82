"""What schemas and documents say in words: comments as CommonMark, and constraints that no keyword expresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from toolkit.descriptors.model import Element, Field, Message, Package
from toolkit.descriptors.references import REFERENCE, References, without_targets
from toolkit.semantics.facts import Facts
from toolkit.semantics.remarks import Remarks, Setting, unsaid
from toolkit.semantics.sentences import message_sentences, of_expressions, sentence, together
from toolkit.targets.jsonschema.keywords import keywords, or_zero
from toolkit.targets.jsonschema.swagger import description, plain
from toolkit.targets.jsonschema.types import JsonSchema
from toolkit.targets.markdown import blocks as markdown
from toolkit.targets.markdown.code import code_spans
from toolkit.targets.markdown.inline import as_words, code
from toolkit.targets.markdown.sentences import first_sentence
from toolkit.targets.markdown.words import words

_KEYWORDS = ("output only", "input only", "optional")
"""The labels that keywords say."""


def _code(text: str) -> str:
    return code(text, in_cell=False)


@dataclass(frozen=True)
class Texts:
    """The texts of elements. References in comments become code, since there is nothing to link to."""

    facts: Facts
    link_host: str = ""
    """Prefix of links in comments that begin with a slash; without one, these links become their text."""

    @cached_property
    def _references(self) -> References:
        return References(self.facts.schema)

    def _resolve(self, name: str) -> str | None:
        return "" if self._references.is_meant(name) else None

    def _relative(self, address: str) -> str | None:
        return self.link_host + address if self.link_host and address.startswith("/") else None

    def _comment(self, element: Element | Package) -> str:
        # What an option says only for OpenAPI wins over the comment.
        said = {} if isinstance(element, Package) else self.facts.swagger(element.options)
        text = (description(said) if said else "") or self.facts.comment(element).text
        return self._with_code(without_targets(text)) if "]" in text else text

    def _with_code(self, text: str) -> str:
        """A comment whose references are code."""
        made, cursor = [], 0
        for start, end in [*((span.start, span.end) for span in code_spans(text)), (len(text), len(text))]:
            made += [REFERENCE.sub(self._as_code, text[cursor:start]), text[start:end]]
            cursor = end
        return "".join(made)

    def _as_code(self, found: re.Match[str]) -> str:
        return f"`{found[1]}`" if self._references.is_meant(found[1]) else found[0]

    def summary(self, element: Element) -> str:
        """The first sentence of the comment of an element, without markup or a full stop."""
        said = self.facts.swagger(element.options).get("summary")
        return plain(said) or words(first_sentence(self._comment(element)), self._resolve).removesuffix(".")

    def comment(self, element: Element | Package) -> str:
        """The comment of an element as CommonMark."""
        return self.markdown(self._comment(element))

    def markdown(self, text: str) -> str:
        """A text as CommonMark, which embeds nothing."""
        return markdown.body(text, self._resolve, self._relative) if text else ""

    def of_field(self, field: Field, *, exact: bool = False) -> tuple[str, list[tuple[str, JsonSchema]]]:
        """The description of a field, and its constraints as keywords with what they apply to.

        The keywords of ``field`` apply to the list or map, of ``key`` and ``value`` to what it contains.
        Constraints that except the zero value are keywords only if these are to be ``exact``.
        """
        said, found = [self.comment(field), *self._labels(field)], []
        constraints = self.facts.constraints(field)
        for constraint in together([one for one in constraints if one.kind != "required"]):
            made = keywords(constraint, field, self.facts)
            if made is not None and constraint.applies == "nonzero":
                made = or_zero(made, constraint, field, self.facts) if exact else None
            if made is None:
                said.append(sentence(constraint, field, self.facts, _code))
            else:
                found.append((constraint.about(field), made))
        said += of_expressions(field, self.facts, _code, as_words) if field.options else ()
        return "\n\n".join(filter(None, said)), found

    def _labels(self, field: Field) -> list[str]:
        """How a field behaves, unless its comment or a keyword says so."""
        labels = self._remarks.labels(field) if field.options else []
        return unsaid([label for label in labels if label not in _KEYWORDS], self._comment(field))

    @cached_property
    def _remarks(self) -> Remarks:
        return Remarks(self.facts, Setting(_code, lambda text, name: _code(text)))

    def of_message(self, message: Message) -> str:
        """The description of a message."""
        return "\n\n".join(filter(None, [self.comment(message), *self._rules(message)]))

    def _rules(self, message: Message) -> Iterator[str]:
        yield from message_sentences(message, self.facts, _code, as_words) if message.options else ()
