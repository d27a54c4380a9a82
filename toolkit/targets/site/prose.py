"""Comments as Markdown for the site, with references resolved to its pages."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from toolkit.descriptors.model import Comment, Element
from toolkit.descriptors.references import References, TargetKind, unresolved
from toolkit.errors import Diagnostic, Location
from toolkit.targets.markdown import blocks as markdown
from toolkit.targets.markdown.sentences import first_sentence
from toolkit.targets.markdown.words import words
from toolkit.targets.site.layout import Layout

_NOT_IN_YAML = re.compile("[\x7f-\x9f\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Prose:
    """Renders comments, and reports unresolved references."""

    layout: Layout
    references: References
    link_host: str = ""
    """Prefix of links in comments that begin with a slash."""
    diagnostics: dict[Diagnostic, None] = field(default_factory=dict)

    def body(self, element: Element, scope: str) -> str:
        """The comment of an element as Markdown blocks; references are resolved in ``scope``."""
        return self.text(self.layout.facts.comment(element), scope, element.location)

    def text(self, comment: Comment, scope: str, location: Location) -> str:
        """A comment as Markdown blocks."""
        text = comment.text
        return markdown.body(text, self._resolve(comment, scope, location), self.relative) if text else ""

    def summary(self, element: Element, scope: str) -> str:
        """The first sentence of the comment of an element, in one line."""
        comment = self.layout.facts.comment(element)
        text = first_sentence(comment.text)
        return markdown.line(text, self._resolve(comment, scope, element.location), self.relative) if text else ""

    def element_words(self, element: Element) -> str:
        """The first sentence of the comment of an element without markup."""
        return self.words(self.layout.facts.comment(element), element.full_name, element.location)

    def words(self, comment: Comment, scope: str, location: Location) -> str:
        """The first sentence of a comment without markup."""
        text = first_sentence(comment.text)
        return words(text, self._resolve(comment, scope, location)) if text else ""

    def relative(self, address: str) -> str | None:
        """An address on the same host as a link target; None for one relative to the .proto file."""
        return self.link_host + address if address.startswith("/") else None

    def _resolve(self, comment: Comment, scope: str, location: Location) -> Callable[[str], str | None]:
        def resolve(name: str) -> str | None:
            layout = self.layout
            schema = layout.schema
            if name not in schema.messages or "." in name:
                known = layout.facts.public_page(name)
                if known is not None and name not in layout.types:
                    return known
            target = self.references.resolve(name, scope, location.file)
            if target is None:
                self.diagnostics[unresolved(name, comment, location)] = None
                return None
            if target.kind is TargetKind.FIELD:
                return layout.member(target.shown_by, target.full_name)
            return layout.page(target.full_name)

        return resolve


def quoted(text: str) -> str:
    """A string as YAML."""
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def description(words: str) -> str:
    """The ``description`` of a page as YAML, safe for the attribute in which themes put it unescaped."""
    return quoted(html.escape(words, quote=False).replace('"', "&quot;"))
