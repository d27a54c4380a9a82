"""Names on the command line: packages, services, methods and files."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from toolkit.descriptors.model import Schema
from toolkit.errors import LookupFailed
from toolkit.targets.registry import Chosen


def select(schema: Schema, names: Sequence[str]) -> Chosen:
    """The services and packages that the names refer to; without names, all of them.

    A name is a package, a service or a file, as in the schema or as a path on
    disk that ends in that. Raises :class:`LookupFailed` for an unknown name.
    """
    if not names:
        return Chosen(schema.services, schema.packages)
    services: set[str] = set()
    packages: set[str] = set()
    for name in names:
        found = _chosen(schema, name)
        if found is None:
            known = [*schema.packages, *schema.services, *schema.files]
            raise LookupFailed(f"there is no package, service or file {name!r}", hint=_suggestion(known, name))
        services.update(found.services)
        packages.update(found.packages)
    return Chosen(services, packages)


def _chosen(schema: Schema, name: str) -> Chosen | None:
    if name in schema.packages:
        return Chosen(schema.packages[name].services, [name])
    if name in schema.services:
        return Chosen([name], [schema.services[name].package])
    if name.endswith(".proto"):
        path = Path(os.path.abspath(name)).as_posix() if os.path.exists(name) else name
        for cut in (i for i in range(len(path)) if i == 0 or path[i - 1] == "/"):  # the longest name first
            if path[cut:] in schema.files:
                file = schema.files[path[cut:]]
                return Chosen(file.services, [file.package])
    return None


def _suggestion(known: Iterable[str], name: str) -> str:
    known = [k for k in known if k]
    close = [k for k in known if k.endswith((f".{name}", f"/{name}"))][:3] or difflib.get_close_matches(name, known)
    return f"did you mean {', '.join(close)}?" if close else "`toolkit list` shows all names"


def lookup_failed(known: Iterable[str], name: str, what: str) -> LookupFailed:
    """The error for an unknown name, with a hint if a known one is similar."""
    return LookupFailed(f"there is no {what} {name!r}", hint=_suggestion(known, name))
