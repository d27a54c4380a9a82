"""Links to the site from other pages, such as the changelog."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.descriptors.model import Message
from toolkit.targets.site.layout import Layout


@dataclass(frozen=True)
class SiteLinks:
    """Addresses of elements, for pages in the same directory."""

    layout: Layout
    docs: str
    """The path from that directory to the directory of all pages, such as ``..``."""

    def address(self, element: str) -> str:
        """The address of an element, or of its parent; empty if neither has a page."""
        layout, name = self.layout, element
        while name and not layout.has_page(name):
            name = name.rpartition(".")[0]
        if not name:
            return ""
        page = f"{self.docs}/{layout.path(name)}"
        found = layout.types.get(name)
        members = found.fields if isinstance(found, Message) else found.values if found is not None else ()
        anchor = next((m.full_name for m in members if element in (m.full_name, f"{name}.{m.name}")), "")
        return f"{page}#{anchor}" if anchor else page
