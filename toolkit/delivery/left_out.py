"""Files of the tree that do not compile: what earlier runs made of them is neither out of date nor an orphan."""

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
    """The names of the other files."""

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic], compiled: Container[str]) -> LeftOut:
        """Those that diagnostics are about."""
        return cls(frozenset(diagnostic.location.file for diagnostic in diagnostics), compiled)

    def made(self, record: Record) -> bool:
        """Whether an output came from one of them."""
        return bool(self.names) and any(map(self._holds, record.sources))

    def may_have_made(self, record: Record) -> bool:
        """The same; also where it is not known what an output came from."""
        return bool(self.names) if not record.sources else self.made(record)

    def _holds(self, source: str) -> bool:
        # Where a tree compiles in part, folders in it become import roots, and names of files shorter.
        return source in self.names or (source not in self.compiled and not self.names.isdisjoint(_tails(source)))


def _tails(name: str) -> Iterator[str]:
    while name:
        name = name.partition("/")[2]
        yield name
