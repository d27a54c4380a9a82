"""A method's HTTP request, transcoded from its example by the ``google.api.http`` annotation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from toolkit.descriptors.model import HttpRule, Kind, Message, Method, Schema

_VARIABLE = re.compile(r"\{([^{}=]+)(?:=([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request without its server: ``path`` begins with a slash and includes the query."""

    verb: str
    path: str
    body: str = ""
    """Indented JSON; empty if there is no body."""


def transcode(method: Method, example: Mapping[str, Any], schema: Schema) -> HttpRequest | None:
    """The request for an example according to a method's primary binding; None without a binding."""
    if not method.http:
        return None
    rule = method.http[0]
    message = schema.message(method.input)
    rest = json.loads(json.dumps(example))

    def fill(match: re.Match[str]) -> str:
        value = _take(rest, match[1].split("."), message, schema)
        return quote(str(value), safe="/" if match[2] and "*" in match[2] else "")

    path = _VARIABLE.sub(fill, rule.path)
    body = _body(rule, rest, message)
    query = [] if rule.body == "*" else list(_query(rest, message, schema, ""))
    return HttpRequest(rule.verb, f"{path}?{urlencode(query, quote_via=quote)}" if query else path, body)


def _body(rule: HttpRule, rest: dict[str, Any], message: Message) -> str:
    if not rule.body:
        return ""
    if rule.body == "*":
        return json.dumps(rest, indent=2, ensure_ascii=False)
    field = message.field(rule.body)
    value = rest.pop(field.json_name, {}) if field else {}
    return json.dumps(value, indent=2, ensure_ascii=False)


def _take(value: dict[str, Any], names: list[str], message: Message, schema: Schema) -> Any:
    """Remove the value at a path from an example, and return it."""
    field = message.field(names[0])
    if field is None or field.json_name not in value:
        return names[-1]
    if len(names) == 1:
        return value.pop(field.json_name)
    inner = value[field.json_name]
    if not isinstance(inner, dict) or field.type.kind is not Kind.MESSAGE:
        return names[-1]
    taken = _take(inner, names[1:], schema.message(field.type.name), schema)
    if not inner:
        del value[field.json_name]
    return taken


def _query(value: Mapping[str, Any], message: Message | None, schema: Schema, prefix: str) -> Iterator[tuple[str, str]]:
    """The remaining fields as query parameters: messages by dotted path, lists repeated; maps can't be expressed."""
    fields = {field.json_name: field for field in message.fields} if message else {}
    for name, item in value.items():
        field = fields.get(name)
        if field is not None and field.is_map:
            continue
        inner = schema.messages.get(field.type.name) if field is not None else None
        for one in item if isinstance(item, list) else [item]:
            if isinstance(one, dict):
                if not isinstance(item, list):
                    yield from _query(one, inner, schema, f"{prefix}{name}.")
            elif isinstance(one, bool):
                yield f"{prefix}{name}", "true" if one else "false"
            elif one is not None:
                yield f"{prefix}{name}", str(one)
