"""Comments as plain text, for places without markup, such as descriptions of pages."""

from __future__ import annotations

import html
import re

from toolkit.targets.markdown.blocks import line
from toolkit.targets.markdown.inline import Resolve

_MARKUP = re.compile(
    r"`(?P<code>[^`]*)`|\\(?P<mark>.)|</?code>|\[|\]\([^()]*\)|(?<![^\W_])_+|_+(?![^\W_])|\*+",
)
"""The markup in rendered lines."""


def words(text: str, resolve: Resolve) -> str:
    """A comment as plain text in one line: links, code and emphasis become their text."""
    return html.unescape(_MARKUP.sub(lambda found: found["code"] or found["mark"] or "", line(text, resolve)))
