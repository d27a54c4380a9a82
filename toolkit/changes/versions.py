"""Two versions of an API, wherever each comes from → what changed, and what cannot be compared.

A server has only what its services need, and usually no source info. Against
the protos, its services are compared, and everything that these use on either
side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from toolkit.changes.model import Change
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import Mappings

_MOST = 3
"""Names in a note."""
SIDES = ("OLD", "NEW")


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison says."""

    changes: Sequence[Change]
    notes: Sequence[str] = ()
    """What was not compared because one of the versions cannot have it; a sentence each."""


def compare_versions(
    old: ParsedSet,
    new: ParsedSet,
    rules: Mappings,
    *,
    comments: bool = True,
    not_compared: Set[str] = frozenset(),
) -> Compared:
    """All that changed, as of :func:`toolkit.changes.sets.compare_sets`, in what both versions can have."""
    notes: list[str] = []
    if old.compilation.is_served != new.compilation.is_served:
        protos, served = (old, new) if new.compilation.is_served else (new, old)
        scope = _Scope.of(protos, served, rules)
        protos, served = scope.limit(protos, scope.protos), scope.limit(served, scope.served)
        notes += scope.notes(SIDES[new.compilation.is_served])
        old, new = (protos, served) if new.compilation.is_served else (served, protos)
    bare = [side for side, version in zip(SIDES, (old, new), strict=True) if not version.has_source_info]
    if comments and len(bare) == 1:
        notes.append(f"comments are not compared, because {bare[0]} has no source info")
    changes = compare_sets(old, new, rules, comments=comments and not bare, not_compared=not_compared)
    return Compared(changes if len(bare) != 1 else [_located(change, bare[0]) for change in changes], notes)


def _located(change: Change, bare: str) -> Change:
    """A change whose element has the same location on both sides: that of the side that knows lines."""
    if change.old is None:
        return change
    if bare == "OLD":
        return replace(change, old=change.new or change.old)
    return replace(change, new=change.new and change.old, at=change.old)


@dataclass(frozen=True)
class _Side:
    """The elements of one version."""

    services: Set[str]
    tops: Mapping[str, tuple[str, tuple[int, int]]]
    """Messages, enums and services at the top of the files to compare: full name → file and source path."""
    used: Set[str]
    """Those that the compared services use, and these services."""

    @classmethod
    def of(cls, version: ParsedSet, served: Set[str], rules: Mappings) -> _Side:
        """Find them; the ``served`` services are compared."""
        schema = load(version.compilation)
        facts = Facts(schema, rules)
        tops = {name: place for file in version.package_of for name, place in version.tops(file)}
        used = {name for name, methods in facts.uses.items() if any(method.parent in served for method in methods)}
        used |= served
        outer = {name[:at] for name in used for at, letter in enumerate(name) if letter == "."}
        return cls(_services(schema), tops, used | outer)


def _services(schema: Schema) -> Set[str]:
    return {service.full_name for service in schema.requested_services()}


@dataclass(frozen=True)
class _Scope:
    """What is compared of protos and a server."""

    protos: _Side
    served: _Side
    both: Set[str]
    """Files to compare that both have."""
    imports: Set[str]
    """Files that nobody asked for on the side of the protos."""

    @classmethod
    def of(cls, protos: ParsedSet, served: ParsedSet, rules: Mappings) -> _Scope:
        """Find it."""
        services = _services(load(served.compilation))
        imports = protos.contents.keys() - protos.package_of.keys()
        both = protos.package_of.keys() & served.package_of.keys()
        return cls(_Side.of(protos, services, rules), _Side.of(served, services, rules), both, imports)

    def is_compared(self, name: str, side: _Side) -> bool:
        """Whether an element at the top is compared: it is used, or on both sides. Services must be served."""
        if name in self.protos.services and name not in self.served.services:
            return False
        return name in side.used or (name in self.protos.tops and name in self.served.tops)

    def limit(self, version: ParsedSet, side: _Side) -> ParsedSet:
        """The version without the elements that are not compared, and without files that have no others."""
        skipped: dict[str, set[tuple[int, int]]] = {}
        kept = {*self.both}
        for name, (file, path) in side.tops.items():
            if self.is_compared(name, side):
                kept.add(file)
            else:
                skipped.setdefault(file, set()).add(path)
        return version.limited(kept - self.imports, skipped)

    def notes(self, server: str) -> Iterator[str]:
        """What was not compared, in sentences; ``server`` is the side of the server."""
        services = sorted(self.protos.services - self.served.services)
        if services:
            yield f"not compared, because {server} does not serve {_them(services)}: {_listed(services)}"
        types = {
            name
            for side in (self.protos, self.served)
            for name, (file, _) in side.tops.items()
            if not self.is_compared(name, side) and name not in self.protos.services and file not in self.imports
        }
        if types:
            yield f"not compared, because no service of {server} uses {_them(types)}: {_listed(sorted(types))}"


def _them(names: Set[str] | Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
