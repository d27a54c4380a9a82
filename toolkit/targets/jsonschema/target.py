"""The target of JSON Schemas, with a part for each package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from toolkit.descriptors.model import Element, Package, Schema, Service
from toolkit.targets.choices import one_of
from toolkit.targets.jsonschema.schemas import Form, Schemas
from toolkit.targets.jsonschema.settings import ACCEPTS, ENDING, NAMES, JsonSchemas
from toolkit.targets.jsonschema.texts import Texts
from toolkit.targets.jsonschema.types import JsonSchema
from toolkit.targets.registry import Choose, Part, Target
from toolkit.targets.shown import Shown
from toolkit.targets.workspace import Workspace
from toolkit.targets.writing import as_json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFINITIONS = "#/$defs/"


@dataclass(frozen=True)
class JsonSchemaTarget(Target):
    """The schemas of the messages that are shown, or of those that chosen services need."""

    shown: Shown
    settings: JsonSchemas
    wanted: Callable[[Service], bool] | None

    @classmethod
    def of(cls, workspace: Workspace, choose: Choose | None) -> JsonSchemaTarget:
        """Create the target for a workspace."""
        settings = workspace.settings.of(JsonSchemas)
        one_of(settings.field_names, NAMES, f"[jsonschema] field_names cannot be {settings.field_names!r}")
        one_of(settings.accepts, ACCEPTS, f"[jsonschema] accepts cannot be {settings.accepts!r}")
        shown = Shown.of(workspace)
        return cls(shown, settings, choose(shown.facts.schema) if choose else None)

    @property
    def _schema(self) -> Schema:
        return self.shown.facts.schema

    @cached_property
    def _names(self) -> frozenset[str]:
        """The messages to write, besides those that they need."""
        schema = self._schema
        if self.wanted is not None:
            services = filter(self.wanted, schema.requested_services())
            methods = (method for service in services for method in service.methods)
            return frozenset(name for method in methods for name in self.shown.facts.reached(method))
        files = schema.files
        return frozenset(name for name, each in schema.messages.items() if files[each.location.file].requested)

    @cached_property
    def _every(self) -> dict[str, JsonSchema]:
        """The schemas of all types that are needed, without bundles."""
        schemas = self._schemas
        for name in sorted(self._names):
            schemas.of_message(name)
        return schemas.components()

    @cached_property
    def _schemas(self) -> Schemas:
        chosen = self.settings
        form = Form(
            prefix=_DEFINITIONS if chosen.bundle else "",
            suffix="" if chosen.bundle else ENDING,
            proto_names=chosen.field_names == "proto",
            lenient=chosen.accepts == "parsed",
            strict=chosen.strict_,
            extensions=False,
            exact=True,
        )
        facts = self.shown.facts
        return Schemas(facts, form, Texts(facts, self.shown.link_host))

    def parts(self) -> Sequence[Part]:
        """The packages; without bundles, all of them together."""
        if not self.settings.bundle:
            return [Part(len(self._names), None)] if self._names else []
        by_package: dict[str, list[str]] = {}
        for name in sorted(self._names):
            by_package.setdefault(self._schema.messages[name].package, []).append(name)
        packages = self._schema.packages
        return [Part(len(names), names, package, _files(packages[package])) for package, names in by_package.items()]

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """The schemas of a package."""
        if not self.settings.bundle:
            for name, schema in self._every.items():
                yield self._file(name, schema)
            return
        for name in part.subject:
            schemas = replace(self._schemas, needed={})
            root = schemas.of_message(name)
            definitions = schemas.components()
            yield self._file(name, root | ({"$defs": definitions} if definitions else {}))

    def _file(self, name: str, schema: JsonSchema) -> tuple[str, str]:
        path = f"{name}{ENDING}"
        return path, as_json({"$schema": DIALECT, "$id": f"{self.settings.base}{path}", **schema})

    def subject(self, path: str) -> Element | None:
        """The message or enum of a file."""
        name = path.removesuffix(ENDING)
        return self._schema.messages.get(name) or self._schema.enums.get(name)

    def surface(self) -> str:
        """A digest of the names that are shown, which comments can hide."""
        return self.shown.digest


def _files(package: Package) -> frozenset[str]:
    return frozenset(package.files)
