"""The style of a REST page: the switches of the gRPC pages and two more, and named sets of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from toolkit.targets.reference.style import Style


@dataclass(frozen=True, slots=True)
class RestStyle(Style):
    """The switches of a style; the defaults are those of the newest published pages."""

    playground: str = "page"
    """``none``; ``page``: the front matter has the schemas of requests; ``site``: their links lead to other pages."""
    title_anchor: bool = False
    """Whether the title ends in an anchor."""

    choices: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "maps": ("map", "value"),
        "playground": ("none", "site", "page"),
    }

    @property
    def raw_html(self) -> bool:
        """Whether to leave ``<…>`` in prose, as all but the newest pages do."""
        return self.playground != "page" and not self.plain


PRESETS = {
    "plain": RestStyle(plain=True, trailing_comments=True),
    "values": RestStyle(maps="value", constraints=False, unspecified_values=True, playground="none", title_anchor=True),
    "maps": RestStyle(constraints=False, unspecified_values=True, playground="none"),
    "site": RestStyle(constraints=False, unspecified_values=True, playground="site"),
    "page": RestStyle(constraints=False, unspecified_values=True),
    "current": RestStyle(),
    "opaque": RestStyle(operation_types=False),
}
"""For trees that were never published in this format; then from the oldest to the newest of those that were."""
