"""Pagination after AIP-158, recognized by its page tokens."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.descriptors.model import Field, Kind, Message, Method, Schema

TOKEN, NEXT_TOKEN = "page_token", "next_page_token"


@dataclass(frozen=True, slots=True)
class Pagination:
    """How a method is paginated."""

    items: Field
    """The field of the response with the items of a page."""


def pagination_of(method: Method, schema: Schema) -> Pagination | None:
    """The pagination of a method whose request and response have page tokens, otherwise None."""
    request, response = schema.message(method.input), schema.message(method.output)
    if not (method.is_unary and _has_string(request, TOKEN) and _has_string(response, NEXT_TOKEN)):
        return None
    lists = [field for field in response.fields if field.repeated]
    messages = [field for field in lists if field.type.kind is Kind.MESSAGE] or lists
    return Pagination(messages[0]) if messages else None


def _has_string(message: Message, name: str) -> bool:
    field = message.field(name)
    return field is not None and field.type.name == "string"
