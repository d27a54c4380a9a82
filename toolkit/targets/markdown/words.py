"""A comment in plain words, for where there is no markup: descriptions of pages."""

from __future__ import annotations

import html
import re

from toolkit.targets.markdown.blocks import line
from toolkit.targets.markdown.inline import Resolve

_MARKUP = re.compile(
    r"`(?P<code>[^`]*)`|\\(?P<mark>.)|</?code>|\[|\]\([^()]*\)|(?<![^\W_])_+|_+(?![^\W_])|\*+",
)
"""The markup that lines of ours are made of."""


def words(text: str, resolve: Resolve) -> str:
    """What a reader sees of a comment in one line: links by their words, code and emphasis without their marks."""
    return html.unescape(_MARKUP.sub(lambda found: found["code"] or found["mark"] or "", line(text, resolve)))
