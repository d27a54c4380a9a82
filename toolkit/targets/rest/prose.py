"""Comments → the Markdown of REST pages, and of the descriptions in their playground."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.descriptors.comments import CONTROL
from toolkit.targets.reference.prose import Writer, angles, without_active_html


@dataclass(frozen=True, slots=True)
class RestWriter(Writer):
    """Sets prose in the published styles."""

    def angles(self, text: str) -> str:
        """Text in which only ``<…>`` on one line is escaped."""
        return without_active_html(angles(text))


@dataclass(frozen=True, slots=True)
class DescriptionWriter(RestWriter):
    """Sets prose outside of tables, where bars are only bars."""

    def bars(self, text: str, in_table: bool) -> str:
        """The text as it is."""
        return text

    def code(self, text: str) -> str:
        """A pattern as code."""
        made = " ".join(CONTROL.sub("", text).replace('"', "").split("\n"))
        return RestWriter.code(self, text) if "`" in made else f"` {made} `"
