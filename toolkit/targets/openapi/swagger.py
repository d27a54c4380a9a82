"""What options say of documents and operations in the messages of protoc-gen-openapiv2, as members of OpenAPI 3."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolkit.semantics.statuses import STATUSES, reference
from toolkit.targets.jsonschema.schemas import Schemas
from toolkit.targets.jsonschema.swagger import Said, docs, extended, plain, prose, url
from toolkit.targets.jsonschema.types import JsonSchema, scalar

_FLOWS = {
    "FLOW_IMPLICIT": "implicit",
    "FLOW_PASSWORD": "password",
    "FLOW_APPLICATION": "clientCredentials",
    "FLOW_ACCESS_CODE": "authorizationCode",
}
_NEEDS = {
    "authorizationUrl": ("implicit", "authorizationCode"),
    "tokenUrl": ("password", "clientCredentials", "authorizationCode"),
}
"""The URLs that a flow has."""
_JSON = "application/json"


def info(said: Said, *, extensions: bool) -> JsonSchema:
    """The members of ``info`` that an option has, except for its description."""
    found = said.get("info", {})
    made: JsonSchema = {key: text for key in ("title", "version") if (text := plain(found.get(key)))}
    if terms := url(found.get("terms_of_service")):
        made["termsOfService"] = terms
    contact = found.get("contact", {})
    if known := _texts(contact, ("name", "email")) | _urls(contact):
        made["contact"] = known
    license_ = found.get("license", {})
    if plain(license_.get("name")):
        made["license"] = _texts(license_, ("name",)) | _urls(license_)
    return made | extended(found, allowed=extensions)


def _texts(said: Said, names: Iterable[str]) -> JsonSchema:
    return {name: text for name in names if (text := plain(said.get(name)))}


def _described(said: Said) -> JsonSchema:
    return {"description": text} if (text := prose(said.get("description"))) else {}


def _urls(said: Said) -> JsonSchema:
    return {"url": address} if (address := url(said.get("url"))) else {}


def servers(said: Said) -> Iterator[str]:
    """The base URLs."""
    host, base = plain(said.get("host")), plain(said.get("base_path"))
    for scheme in said.get("schemes", ["HTTPS"]) if host else ():
        if found := url(f"{str(scheme).lower()}://{host}{base}".rstrip("/")):
            yield found


def schemes(said: Said, *, extensions: bool) -> Iterator[tuple[str, JsonSchema]]:
    """The security schemes by name, of those that are complete."""
    for name, one in said.get("security_definitions", {}).get("security", {}).items():
        made = _scheme(one)
        if made:
            yield name, made | _described(one) | extended(one, allowed=extensions)


def _scheme(one: Said) -> JsonSchema:
    kind = one.get("type")
    if kind == "TYPE_BASIC":
        return {"type": "http", "scheme": "basic"}
    if kind == "TYPE_API_KEY" and one.get("in") in ("IN_HEADER", "IN_QUERY"):
        return {"type": "apiKey", "name": plain(one.get("name")), "in": one["in"].removeprefix("IN_").lower()}
    flow = _FLOWS.get(one.get("flow", "")) if kind == "TYPE_OAUTH2" else None
    if flow is None:
        return {}
    urls = {"authorizationUrl": url(one.get("authorization_url")), "tokenUrl": url(one.get("token_url"))}
    known = {key: address for key, address in urls.items() if flow in _NEEDS[key]}
    scopes = {name: prose(text) for name, text in one.get("scopes", {}).get("scope", {}).items()}
    return {"type": "oauth2", "flows": {flow: {**known, "scopes": scopes}}} if all(known.values()) else {}


def security(said: Said) -> list[JsonSchema] | None:
    """The requirements, any of which suffices; None if there are none, and empty if nothing is needed."""
    if "security" not in said:
        return None
    found = [
        {name: [*one.get("scope", ())] for name, one in each.get("security_requirement", {}).items()}
        for each in said["security"]
    ]
    return found if any(found) else []


def tags(said: Said, *, extensions: bool) -> Iterator[JsonSchema]:
    """The tags that an option declares."""
    for one in said.get("tags", ()):
        if isinstance(one, Mapping) and plain(one.get("name")):
            yield {"name": plain(one["name"]), **_described(one), **docs(one), **extended(one, allowed=extensions)}


def headers(said: Said) -> Iterator[JsonSchema]:
    """The parameters in headers."""
    for one in said.get("parameters", {}).get("headers", ()):
        if name := plain(one.get("name")):
            made: JsonSchema = {"name": name, "in": "header", **_described(one)}
            made |= {"required": True} if one.get("required") else {}
            yield made | {"schema": _simple(one.get("type", ""), one.get("format", ""))}


def responses(said: Said, schemas: Schemas, *, extensions: bool) -> Iterator[tuple[str, JsonSchema]]:
    """The responses by status."""
    for status, one in said.get("responses", {}).items():
        if status in STATUSES:
            made: JsonSchema = {"description": prose(one.get("description"))}
            schema = _schema(one.get("schema", {}), schemas)
            if schema is not None:
                made["content"] = _content(schema, one.get("examples", {}))
            found = {name: _header(header) for name, header in one.get("headers", {}).items() if plain(name)}
            made |= {"headers": found} if found else {}
            yield status, made | extended(one, allowed=extensions)


def _content(schema: JsonSchema, examples: Mapping[str, str]) -> JsonSchema:
    """The content of a response by media type; examples are JSON, or text."""
    made = {media: {"schema": schema, "example": _read(text)} for media, text in examples.items() if "/" in media}
    return made or {_JSON: {"schema": schema}}


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return plain(text)


def _header(said: Said) -> JsonSchema:
    return {**_described(said), "schema": _simple(said.get("type", ""), said.get("format", ""))}


def _schema(said: Said, schemas: Schemas) -> JsonSchema | None:
    """The schema of a response: of a message of the tree, or a simple one; None if there is none."""
    found = said.get("json_schema", {})
    if name := reference(said, schemas.facts):
        return schemas.of_message(name)
    kinds = found.get("type", ())
    return _simple(kinds[0], found.get("format", "")) if kinds else None


def _simple(kind: str, form: str) -> JsonSchema:
    kind = str(kind).lower()
    if kind not in ("boolean", "integer", "number", "string", "array", "object"):
        return scalar("string")
    return {"type": kind, **({"format": plain(form)} if plain(form) else {})}
