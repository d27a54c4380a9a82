"""A router that knows only path templates: which method a request reaches, and the message that it carries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from toolkit.descriptors.model import HttpRule, Method, Schema

_PART = re.compile(r"\{(?P<field>[\w.]+)(?:=(?P<pattern>[^}]*))?\}|(?P<many>\*\*)|(?P<one>\*)|(?P<text>[^{*]+)")


class Router:
    """Reads templates as regular expressions, independently of the toolkit."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        methods = [method for service in schema.requested_services() for method in service.methods]
        self._routes = [(_pattern(rule.path), rule, method) for method in methods for rule in method.http]

    def find(self, verb: str, target: str, body: Any, wanted: Method) -> dict[str, Any] | None:
        """What a method gets of a request, as ProtoJSON; None if the request does not reach it, as for a 404."""
        url = urlsplit(target)
        for pattern, rule, method in self._routes:
            match = pattern.fullmatch(url.path)
            if match is None or rule.verb != verb or method is not wanted:
                continue
            names = {f"v{number}": name for number, name in enumerate(_fields(rule))}
            values = {name: unquote(match[group]) for group, name in names.items()}
            return self._message(method, rule, values, parse_qsl(url.query), body)
        return None

    def _message(
        self, method: Method, rule: HttpRule, path: dict[str, str], query: list[tuple[str, str]], body: Any
    ) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(json.dumps(body)) if rule.body == "*" else {}
        if rule.body not in ("", "*") and body is not None:
            self._set(value, rule.body, method.input, body)
        for name, text in (*path.items(), *query):
            self._set(value, name, method.input, text)
        return value

    def _set(self, value: dict[str, Any], path: str, message: str, item: Any) -> None:
        """Set a field by its path of proto or JSON names; a repeated one gets another value."""
        name, _, rest = path.partition(".")
        field = next(f for f in self.schema.message(message).fields if name in (f.name, f.json_name))
        if rest:
            self._set(value.setdefault(field.json_name, {}), rest, field.type.name, item)
        elif field.repeated and not isinstance(item, list):
            value.setdefault(field.json_name, []).append(_typed(field.type.name, item))
        else:
            value[field.json_name] = _typed(field.type.name, item)


def _typed(name: str, item: Any) -> Any:
    return item == "true" if name in ("bool", "google.protobuf.BoolValue") and isinstance(item, str) else item


def _fields(rule: HttpRule) -> Iterator[str]:
    return (match["field"] for match in _PART.finditer(rule.path) if match["field"])


def _pattern(template: str) -> re.Pattern[str]:
    numbers = iter(range(99))

    def part(match: re.Match[str]) -> str:
        if match["field"]:
            inner = _PART.sub(part, match["pattern"] or "*")
            return f"(?P<v{next(numbers)}>{inner})"
        if match["many"]:
            return ".*"
        return "[^/]+" if match["one"] else re.escape(match["text"])

    return re.compile(_PART.sub(part, template))
