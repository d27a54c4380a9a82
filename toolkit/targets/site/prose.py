"""Comments as Markdown for the site, with references resolved to its pages."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from toolkit.descriptors.model import Comment, Element, EnumValue, Field, Oneof, Package
from toolkit.descriptors.references import References, unresolved
from toolkit.errors import Diagnostic, Location
from toolkit.targets.markdown import blocks as markdown
from toolkit.targets.markdown.sentences import first_sentence
from toolkit.targets.markdown.words import words
from toolkit.targets.site.layout import Layout

_JSON = json.JSONEncoder(ensure_ascii=False)
_NOT_IN_YAML = re.compile("[\x7f-\x9f\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Prose:
    """Renders comments, and reports unresolved references."""

    layout: Layout
    references: References
    link_host: str = ""
    """Prefix of links in comments that begin with a slash."""
    diagnostics: dict[Diagnostic, None] = field(default_factory=dict)
    _words: dict[tuple[type, str], str] = field(default_factory=dict)

    def body(self, element: Element, scope: str) -> str:
        """The comment of an element as Markdown blocks; references are resolved in ``scope``."""
        return self.text(element, scope, element.location)

    def text(self, element: Element | Package, scope: str, location: Location) -> str:
        """The comment of an element at a location as Markdown blocks."""
        text = self._comment(element)
        return markdown.body(text, self._resolve(element.comment, scope, location), self.relative) if text else ""

    def summary(self, element: Element, scope: str) -> str:
        """The first sentence of the comment of an element, in one line."""
        text = first_sentence(self._comment(element))
        resolve = self._resolve(element.comment, scope, element.location)
        return markdown.line(text, resolve, self.relative) if text else ""

    def summary_above(self, element: Element | Package, scope: str, location: Location, folder: str = "") -> str:
        """The first sentence of a comment, in one line on a page above those of packages.

        ``folder`` is the path from that page to the first page of the reference, empty or with a slash at its end.
        """
        text = first_sentence(self._comment(element))
        resolve = self._resolve(element.comment, scope, location)

        def seen_from_above(name: str) -> str | None:
            address = resolve(name)
            return folder + address.removeprefix("../") if address and address.startswith("../") else address

        return markdown.line(text, seen_from_above, self.relative) if text else ""

    def words(self, element: Element) -> str:
        """The first sentence of the comment of an element without markup."""
        key = type(element), element.full_name
        found = self._words.get(key)
        if found is None:
            scope = element.parent if isinstance(element, Field | Oneof | EnumValue) else element.full_name
            found = self._words[key] = self._first_words(element, scope, element.location)
        return found

    def words_of_package(self, package: Package, location: Location) -> str:
        """The first sentence of the comment of a package without markup; ``location`` is that of the comment."""
        return self._first_words(package, package.name, location)

    def _first_words(self, element: Element | Package, scope: str, location: Location) -> str:
        text = first_sentence(self._comment(element))
        return words(text, self._resolve(element.comment, scope, location)) if text else ""

    def cell(self, text: str) -> str:
        """A text from an option in one line, for a table cell; names in brackets are text."""
        return markdown.line(text, lambda name: None, self.relative)

    def _comment(self, element: Element | Package) -> str:
        return self.layout.facts.comment(element).text

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
            if target is not None:
                return layout.target(target) or ""
            if not self.references.is_meant(name):
                return None
            self.diagnostics[unresolved(name, comment, location)] = None
            return ""

        return resolve


def quoted(text: str) -> str:
    """A string as YAML."""
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", _JSON.encode(text))


def description(words: str) -> str:
    """The ``description`` of a page as YAML, safe for the attribute in which themes put it unescaped."""
    return quoted(html.escape(words, quote=False).replace('"', "&quot;"))
