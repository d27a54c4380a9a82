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
        path = self.openapi.file_of(package.name)
        is_written = any(self.openapi.has(self.facts, service) for service in services)
        found = self._links("OpenAPI", self.openapi.out, path) if is_written else []
        if package.requested:
            found += self._links("Descriptor set", self.descriptors.out, self.descriptors.file_of(package.name))
        return found

    def of_message(self, message: Message) -> list[str]:
        """Links from the page of a message."""
        is_written = self.facts.schema.files[message.location.file].requested
        return self._links("JSON Schema", self.schemas.out, f"{message.full_name}{ENDING}") if is_written else []

    def _links(self, title: str, out: Path, path: str) -> list[str]:
        folder = self.below(out)
        return [f"[{title}](../../{quote(f'{folder}/{path}'.removeprefix('./'))})"] if folder is not None else []
