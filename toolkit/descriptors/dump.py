"""The model as JSON, for people and for other programs."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from toolkit.descriptors.model import Comment, File, Schema
from toolkit.errors import Location


def dump(schema: Schema) -> str:
    """The schema as indented JSON; empty members are left out, bytes are base64, keys keep their order."""
    content = {
        "files": [_plain(f) for f in schema.files.values()],
        "messages": [_plain(m) for m in schema.messages.values()],
        "enums": [_plain(e) for e in schema.enums.values()],
        "services": [_plain(s) for s in schema.services.values()],
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Location):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        members = {f.name: getattr(value, f.name) for f in fields(value)}
        if isinstance(value, Comment):
            members.pop("line")
            members.pop("marked")
        elif isinstance(value, File):
            members.pop("locations")
        return {name: _plain(member) for name, member in members.items() if not _empty(member)}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _empty(value: Any) -> bool:
    return value is None or value is False or value == "" or value == () or value == {} or value == Comment()
