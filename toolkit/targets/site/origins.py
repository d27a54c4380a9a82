"""Where elements are declared."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.descriptors.model import Element, Schema
from toolkit.semantics.catalog import Catalog
from toolkit.targets.markdown.inline import code


@dataclass(frozen=True)
class Origins:
    """Links to the .proto files of a schema."""

    schema: Schema
    catalog: Catalog

    def of(self, element: Element) -> str:
        """The file and line of an element, linked if the catalog says where the files are; finished Markdown."""
        location = element.location
        shown = code(str(location.file) + (f":{location.line}" if location.line else ""), in_cell=False)
        package = self.schema.files[location.file].package
        address = self.catalog.publication(package).introduction.line(location.file, location.line)
        return f"[{shown}]({address})" if address else shown
