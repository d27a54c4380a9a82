"""The work of `toolkit diff`: reads two versions, compares them, applies exceptions, reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.changes import report
from toolkit.changes.exceptions import Exceptions, excepted
from toolkit.changes.model import Change
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.cli.settings import Diff
from toolkit.descriptors.sources import Source, read_source
from toolkit.errors import Diagnostic, InputError, Location
from toolkit.semantics.mappings import read_mappings
from toolkit.targets.settings import Settings


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes between two versions."""

    changes: Sequence[Change]
    diagnostics: Sequence[Diagnostic]
    """Files that were left out, and exceptions in comments that were not applied."""
    new: Source

    def report(self, form: str, category: str | None) -> str:
        """The changes in a format."""
        return report.report(self.changes, form, category, self.new.on_disk)

    def summary(self, category: str | None) -> str:
        """How many there are."""
        return report.summary(self.changes, category)

    def breaks(self, category: str) -> bool:
        """Whether a change breaks a rule in the category."""
        return any(report.breaks(change, category) for change in self.changes)


def changes_between(settings: Settings, old: str, new: str, *, comments: bool = True) -> Changes:
    """The changes between two versions, which are named as on the command line."""
    if old == new == "-":
        raise InputError("only one of OLD and NEW can be standard input")
    location = Location(str(settings.file)) if settings.file else None
    exceptions = Exceptions.of(settings.of(Diff).except_, settings.of(Diff).ignore, location)
    rules = read_mappings(settings.common.rules)
    sources = [read_source(name, settings.common.proto_path) for name in (old, new)]
    before, after = (ParsedSet(source.compilation) for source in sources)
    found, diagnostics = excepted(compare_sets(before, after, rules, comments=comments), exceptions)
    left_out = [diagnostic for source in sources for diagnostic in source.compilation.diagnostics]
    return Changes(found, [*left_out, *diagnostics], sources[1])
