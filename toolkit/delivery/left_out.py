"""Files that do not compile: their outputs from earlier runs are kept, neither out of date nor orphaned."""

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

    def made(self, record: Record) -> bool:
        """Whether an output was generated from one of them."""
        return bool(self.names) and any(map(self._holds, record.sources))

    def may_have_made(self, record: Record) -> bool:
        """The same, or if the sources of the output are unknown, whether there are any."""
        return bool(self.names) if not record.sources else self.made(record)

    def _holds(self, source: str) -> bool:
        # If a tree compiles only in part, directories in it become import roots, which shortens the names of files.
        return source in self.names or (source not in self.compiled and not self.names.isdisjoint(_tails(source)))


def _tails(name: str) -> Iterator[str]:
    while name:
        name = name.partition("/")[2]
        yield name
