"""Links from pages to files of other targets: OpenAPI documents, JSON Schemas and descriptor sets below the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from toolkit.descriptors.model import Message, Package, Service
from toolkit.semantics.facts import Facts
from toolkit.targets.descriptors.settings import DescriptorSets
from toolkit.targets.jsonschema.settings import ENDING, JsonSchemas
from toolkit.targets.openapi.settings import OpenApi


@dataclass(frozen=True)
class Downloads:
    """The files that pages offer."""

    facts: Facts
    openapi: OpenApi
    schemas: JsonSchemas
    descriptors: DescriptorSets
    below: Callable[[Path], str | None]
    """Returns the path of a directory below that of the pages, or None."""

    def of_package(self, package: Package, services: list[Service]) -> list[str]:
        """Links from the page of a package with these services."""
        found = _links("OpenAPI", self.document(package.name, services))
        if package.requested:
            path = self._path(self.descriptors.out, self.descriptors.file_of(package.name))
            found += _links("Descriptor set", path)
        return found

    def document(self, package: str, services: list[Service]) -> str | None:
        """The path of the OpenAPI document of a package with these services, below the directory of all pages."""
        is_written = any(self.openapi.has(self.facts, service) for service in services)
        return self._path(self.openapi.out, self.openapi.file_of(package)) if is_written else None

    def of_message(self, message: Message) -> list[str]:
        """Links from the page of a message."""
        is_written = self.facts.schema.files[message.location.file].requested
        path = self._path(self.schemas.out, f"{message.full_name}{ENDING}") if is_written else None
        return _links("JSON Schema", path)

    def _path(self, out: Path, name: str) -> str | None:
        """The path of a file of another target, escaped for URLs; None if it is not below the pages."""
        folder = self.below(out)
        return quote(f"{folder}/{name}".removeprefix("./")) if folder is not None else None


def _links(title: str, path: str | None) -> list[str]:
    return [f"[{title}](../../{path})"] if path is not None else []
