"""What a caller names on the command line: packages, services, methods and files."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path

from toolkit.errors import LookupFailed
from toolkit.schema import Schema, Service


def select(schema: Schema, names: Sequence[str]) -> Callable[[Service], bool]:
    """A test for the services that the names mean; without names, for all of them.

    A name is a package, a service or a file: as the schema has it, or a path on
    disk that ends in that. :class:`LookupFailed` for a name that means nothing.
    """
    if not names:
        return lambda service: True
    wanted: set[str] = set()
    for name in names:
        found = _services(schema, name)
        if found is None:
            raise LookupFailed(f"{name!r} is no package, service or file here", hint=_suggestion(schema, name))
        wanted.update(found)
    return lambda service: service.full_name in wanted


def _services(schema: Schema, name: str) -> Sequence[str] | None:
    if name in schema.packages:
        return schema.packages[name].services
    if name in schema.services:
        return [name]
    if name.endswith(".proto"):
        path = Path(name).resolve().as_posix() if Path(name).exists() else name
        for file in schema.files.values():
            if file.name == name or path.endswith(f"/{file.name}"):
                return file.services
    return None


def _suggestion(schema: Schema, name: str) -> str:
    known = [*schema.packages, *schema.services, *schema.methods, *schema.messages]
    close = difflib.get_close_matches(name, known, n=3) or [k for k in known if k.endswith(f".{name}")][:3]
    return f"did you mean {', '.join(close)}?" if close else "`toolkit list` shows what there is"


def lookup_failed(schema: Schema, name: str, what: str) -> LookupFailed:
    """The error for one name that should be there."""
    return LookupFailed(f"there is no {what} {name!r}", hint=_suggestion(schema, name))
