"""The settings of OpenAPI documents."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import ConfigError
from toolkit.targets.choices import one_of
from toolkit.targets.settings import TargetSettings, setting

if TYPE_CHECKING:
    from toolkit.descriptors.model import Service
    from toolkit.semantics.facts import Facts

VERSIONS = ("3.1.0", "3.0.3")
FORMATS = ("json", "yaml")
STREAMS = ("array", "result-lines", "lines", "sse", "omit")
ERRORS = ("status", "google", "none")
NULLABLE = ("none", "wrappers", "presence")

_NO_PACKAGE = "openapi"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApi(TargetSettings):
    """OpenAPI documents of the methods with an HTTP binding."""

    out: Path = setting(Path("build/openapi"), "Output directory.", kind="path")
    version: str = setting(VERSIONS[0], f"Version of OpenAPI: {' or '.join(VERSIONS)}.", kind="text")
    format: str = setting(FORMATS[0], "json or yaml.", kind="text")
    merge: str = setting("", "Name of a single document for all packages. By default, each has its own.", kind="text")
    title: str = setting("", "Title of the documents. By default the name of the package.", kind="text")
    api_version: str = setting(
        "", "Version of the API. By default the last part of the package if it is one, or 0.", kind="text"
    )
    servers: tuple[str, ...] = setting(
        (),
        "Base URL; can be repeated. By default the hosts of the services.",
        kind="words",
        example='["https://api.acme.example"]',
    )
    streams: str = setting(
        STREAMS[0], f"How the gateway sends streams of responses: {', '.join(STREAMS)}.", kind="text", flag=False
    )
    errors: str = setting(
        ERRORS[0],
        "Body of errors: status (google.rpc.Status), google (in an object), none, or the full name of a message.",
        kind="text",
        flag=False,
    )
    nullable: str = setting(NULLABLE[1], f"Which values can be null: {', '.join(NULLABLE)}.", kind="text", flag=False)
    unbound: bool = setting(
        False, "Include methods without a binding, as POST /package.Service/Method.", kind="switch", flag=False
    )
    strict_: bool = setting(False, "Refuse unknown members of objects.", kind="switch", flag=False)
    enum_numbers: bool = setting(False, "Allow numbers of enum values.", kind="switch", flag=False)
    extensions: bool = setting(True, "Whether to write keywords that begin with x-.", kind="switch", flag=False)
    security: Mapping[str, Any] | None = setting(
        None,
        "Security schemes of OpenAPI by name; each suffices. A scheme of type oauth2 gets the scopes of services.",
        kind="table",
        example='{ "iam" = { type = "http", scheme = "bearer" } }',
    )

    def has(self, facts: Facts, service: Service) -> bool:
        """Whether a service is in a document."""
        return self.unbound or any(facts.http(method) for method in service.methods)

    def file_of(self, package: str) -> str:
        """The name of the file of the document that a package is in."""
        return f"{self.merge or package or _NO_PACKAGE}.{self.format}"

    def check(self, messages: Container[str]) -> None:
        """Raise :class:`ConfigError` for a value that is not one of those allowed; ``messages`` are those there are."""
        if self.errors not in ERRORS and self.errors not in messages:
            hint = f"one of: {', '.join(ERRORS)}, or the full name of a message"
            raise ConfigError(f"[openapi] errors cannot be {self.errors!r}", hint=hint)
        for name, allowed in (
            ("version", VERSIONS),
            ("format", FORMATS),
            ("streams", STREAMS),
            ("nullable", NULLABLE),
        ):
            value = getattr(self, name)
            one_of(value, allowed, f"[openapi] {name} cannot be {value!r}")
        for name, scheme in (self.security or {}).items():
            if not isinstance(scheme, Mapping) or not isinstance(scheme.get("type"), str):
                raise ConfigError(
                    f"[openapi] security scheme {name!r} has no type",
                    hint='write a table, such as { type = "http", scheme = "bearer" }',
                )
