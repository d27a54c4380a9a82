"""OpenAPI documents: the operations of some services, and the schemas that they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from toolkit.descriptors.model import File, Service
from toolkit.errors import Diagnostic
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.jsonschema.schemas import Form, Nullable, Schemas
from toolkit.targets.jsonschema.swagger import Said, description, docs, extended
from toolkit.targets.jsonschema.texts import Texts
from toolkit.targets.jsonschema.types import JsonSchema
from toolkit.targets.openapi import swagger
from toolkit.targets.openapi.bodies import FIXED
from toolkit.targets.openapi.conversion import as_3_0
from toolkit.targets.openapi.operations import Operation, Operations
from toolkit.targets.openapi.paths import Path
from toolkit.targets.openapi.settings import OpenApi

_VERSION = re.compile(r"v\d+(?:(?:alpha|beta)\d*)?")
_NAME = re.compile(r"\{([^{}]*)\}")
_HINT = "rename the method, or change the binding"


@dataclass(frozen=True)
class Documents:
    """Makes documents."""

    facts: Facts
    settings: OpenApi
    examples: Examples
    link_host: str = ""
    """Prefix of links in comments that begin with a slash."""
    problems: dict[Diagnostic, None] = field(default_factory=dict)

    def document(self, services: Sequence[Service]) -> JsonSchema:
        """The document of services of a package, or, if documents are merged, of all packages."""
        schemas = replace(self._schemas, needed={})
        maker = Operations(schemas, self.settings, self.examples, self.problems)
        operations = [operation for service in services for operation in maker.of(service)]
        paths = self._paths(operations)
        said = [*filter(None, (self.facts.swagger(file.options) for file in self._files(services)))]
        made: JsonSchema = {"openapi": "3.1.0", "info": self._info(services, said)}
        if servers := self._servers(services, said):
            made["servers"] = servers
        if (security := self._security(said)) is not None:
            made["security"] = security
        made |= {"tags": self._tags(maker, services, said, paths), "paths": paths}
        for each in said[:1]:
            made |= docs(each) | extended(each, allowed=self.settings.extensions)
        components: JsonSchema = {}
        if found := schemas.components():
            components["schemas"] = found
        if schemes := self._schemes(said):
            components["securitySchemes"] = schemes
        made["components"] = components
        return as_3_0(made) if self.settings.version.startswith("3.0") else made

    @cached_property
    def _schemas(self) -> Schemas:
        """Makes the schemas of all documents; those of the same type are made once."""
        return Schemas(self.facts, self._form, self.texts)

    @cached_property
    def texts(self) -> Texts:
        """The texts in all documents."""
        return Texts(self.facts, self.link_host)

    @property
    def _form(self) -> Form:
        chosen = self.settings
        nullable: Nullable = chosen.nullable  # type: ignore[assignment]  # checked with the settings
        return Form(
            strict=chosen.strict_,
            nullable=nullable,
            enum_numbers=chosen.enum_numbers,
            extensions=chosen.extensions,
            fixed=FIXED,
        )

    def _files(self, services: Sequence[Service]) -> list[File]:
        """The files of some services; each once."""
        return [self.facts.schema.files[name] for name in dict.fromkeys(each.location.file for each in services)]

    def _info(self, services: Sequence[Service], said: Sequence[Said]) -> JsonSchema:
        name = self.settings.merge or services[0].package or "API"
        last = name.rpartition(".")[2]
        chosen: Said = next((found for each in said if (found := each.get("info"))), {})
        own = swagger.info({"info": chosen}, extensions=self.settings.extensions)
        version = self.settings.api_version or own.pop("version", "")
        made: JsonSchema = {
            "title": self.settings.title or own.pop("title", "") or name,
            "version": version or (last if _VERSION.fullmatch(last) else "0"),
        }
        text = self.texts.markdown(description(chosen))
        if not (text or self.settings.merge):
            text = self.texts.comment(self.facts.schema.packages[services[0].package])
        return made | ({"description": text} if text else {}) | {key: own[key] for key in own if key not in made}

    def _servers(self, services: Sequence[Service], said: Sequence[Said]) -> list[JsonSchema]:
        hosts = dict.fromkeys(filter(None, map(self.facts.host, services)))
        own = dict.fromkeys(url for each in said for url in swagger.servers(each))
        return [{"url": url} for url in self.settings.servers or own or [f"https://{host}" for host in hosts]]

    def _schemes(self, said: Sequence[Said]) -> JsonSchema:
        """The security schemes in the settings, or else in options."""
        if self.settings.security is not None:
            return {name: dict(scheme) for name, scheme in self.settings.security.items()}
        extensions = self.settings.extensions
        return {name: scheme for each in said for name, scheme in swagger.schemes(each, extensions=extensions)}

    def _security(self, said: Sequence[Said]) -> list[JsonSchema] | None:
        """A requirement for each scheme that needs no scopes, since any of them suffices; or what options require."""
        if self.settings.security is None:
            return next((found for each in said if (found := swagger.security(each)) is not None), None)
        schemes = self.settings.security
        return [{name: []} for name, scheme in schemes.items() if scheme["type"] != "oauth2"] or None

    def _tags(
        self, maker: Operations, services: Sequence[Service], said: Sequence[Said], paths: Mapping[str, JsonSchema]
    ) -> list[JsonSchema]:
        """The tags that operations have, and what is said of them; each once."""
        extensions = self.settings.extensions
        found = {tag["name"]: tag for each in said for tag in swagger.tags(each, extensions=extensions)}
        for service in services:
            tag: JsonSchema = {"name": maker.tag(service)}
            if text := self.texts.comment(service):
                tag["description"] = text
            option = self.facts.swagger(service.options)
            found.setdefault(tag["name"], tag | docs(option) | extended(option, allowed=extensions))
        used = dict.fromkeys(tag for path in paths.values() for each in path.values() for tag in each["tags"])
        return [found[name] for name in found if name in used] + [{"name": name} for name in used if name not in found]

    # Paths

    def _paths(self, operations: Iterable[Operation]) -> dict[str, JsonSchema]:
        """The operations by path and verb, without those that have the ID, or path and verb, of one before them."""
        made: dict[str, JsonSchema] = {}
        paths: dict[str, Path] = {}
        seen: dict[str, Operation] = {}
        for operation in operations:
            first = paths.setdefault(operation.path.shape, operation.path)
            keys = (operation.id, f"{operation.verb.upper()} {operation.path.shape}")
            before = next((seen[key] for key in keys if key in seen), None)
            if before is not None:
                self._refuse(operation, before)
                continue
            seen |= dict.fromkeys(keys, operation)
            made.setdefault(first.text, {})[operation.verb] = _renamed(operation, first)
        return made

    def _refuse(self, operation: Operation, before: Operation) -> None:
        method, other = operation.method, before.method
        same = "ID" if operation.id == before.id else "path and verb"
        where = f"{other.full_name} at {other.location}"
        said = f"{method.full_name} is left out: its {same} are those of {where}"
        self.problems[Diagnostic(method.location, said.replace("ID are those", "ID is that"), _HINT)] = None


def _renamed(operation: Operation, first: Path) -> JsonSchema:
    """The operation with the names of parameters that the first one with its path has."""
    names: Mapping[str, str] = dict(zip(_NAME.findall(operation.path.text), _NAME.findall(first.text), strict=True))
    if all(old == new for old, new in names.items()):
        return operation.content
    changed = [
        one | {"name": names[one["name"]]} if one["in"] == "path" else one for one in operation.content["parameters"]
    ]
    return operation.content | {"parameters": changed}
