"""Names on the command line: packages, services, methods and files."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from toolkit.descriptors.model import Schema, Service
from toolkit.errors import LookupFailed


def select(schema: Schema, names: Sequence[str]) -> Callable[[Service], bool]:
    """A test for the services that the names refer to; without names, for all services.

    A name is a package, a service or a file, as in the schema or as a path on
    disk that ends in that. Raises :class:`LookupFailed` for an unknown name.
    """
    if not names:
        return lambda service: True
    wanted: set[str] = set()
    for name in names:
        found = _services(schema, name)
        if found is None:
            known = [*schema.packages, *schema.services, *schema.files]
            raise LookupFailed(f"there is no package, service or file {name!r}", hint=_suggestion(known, name))
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
    return f"did you mean {', '.join(close)}?" if close else "`toolkit list` shows all names"


def lookup_failed(known: Iterable[str], name: str, what: str) -> LookupFailed:
    """The error for an unknown name, with a hint if a known one is similar."""
    return LookupFailed(f"there is no {what} {name!r}", hint=_suggestion(known, name))
