"""Files of the tree that do not compile: their earlier outputs are neither out of date nor orphans."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from toolkit.delivery.manifest import Record
from toolkit.errors import Diagnostic


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The files that were left out."""

    names: frozenset[str]
    compiled: Container[str]
    """The names of all other files."""

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic], compiled: Container[str]) -> LeftOut:
        """The files that the diagnostics are about."""
        return cls(frozenset(diagnostic.location.file for diagnostic in diagnostics), compiled)

    def behind(self, record: Record) -> list[str]:
        """The left-out files that an output was generated from."""
        return [source for source in record.sources if self._holds(source)] if self.names else []

    def may_be_behind(self, record: Record) -> bool:
        """Whether there are any, or could be, because the sources of the output are unknown."""
        return bool(self.behind(record) if record.sources else self.names)

    def _holds(self, source: str) -> bool:
        # If a tree compiles only in part, directories in it become import roots, which shortens the names of files.
        return source in self.names or (source not in self.compiled and not self.names.isdisjoint(_tails(source)))


def _tails(name: str) -> Iterator[str]:
    while name:
        name = name.partition("/")[2]
        yield name
