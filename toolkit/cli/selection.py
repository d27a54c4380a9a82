"""What a caller names on the command line: packages, services, methods and files."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from toolkit.descriptors.model import Schema, Service
from toolkit.errors import LookupFailed


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
            known = [*schema.packages, *schema.services, *schema.files]
            raise LookupFailed(f"{name!r} is no package, service or file here", hint=_suggestion(known, name))
        wanted.update(found)
    return lambda service: service.full_name in wanted


def _services(schema: Schema, name: str) -> Sequence[str] | None:
    if name in schema.packages:
        return schema.packages[name].services
    if name in schema.services:
        return [name]
    if name.endswith(".proto"):
        path = Path(os.path.abspath(name)).as_posix() if os.path.exists(name) else name
        for cut in (i for i in range(len(path)) if i == 0 or path[i - 1] == "/"):  # the longest name first
            if path[cut:] in schema.files:
                return schema.files[path[cut:]].services
    return None


def _suggestion(known: Iterable[str], name: str) -> str:
    known = [k for k in known if k]
    close = [k for k in known if k.endswith((f".{name}", f"/{name}"))][:3] or difflib.get_close_matches(name, known)
    return f"did you mean {', '.join(close)}?" if close else "`toolkit list` shows what there is"


def lookup_failed(known: Iterable[str], name: str, what: str) -> LookupFailed:
    """The error for one name that should be there, among those that are."""
    return LookupFailed(f"there is no {what} {name!r}", hint=_suggestion(known, name))
