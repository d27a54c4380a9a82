"""The work of `toolkit diff`: reads two versions, compares them, applies exceptions, reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.changes import report
from toolkit.changes.exceptions import Exceptions, excepted
from toolkit.changes.model import Change, NotCompared, not_compared
from toolkit.changes.sets import ParsedSet
from toolkit.changes.versions import compare_versions
from toolkit.cli.settings import Diff
from toolkit.descriptors.compile import refusal
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
    on_disk: Source
    """The version whose files are on disk: the new one if both are."""
    not_compared: Sequence[NotCompared] = ()
    """Files that do not compile on one side or either."""
    is_incomplete: bool = False
    """Whether any of these is one that the settings do not ignore."""
    notes: Sequence[str] = ()
    """What was not compared because one of the versions cannot have it."""

    def report(self, form: str, category: str | None) -> str:
        """The changes in a format."""
        return report.report(self.changes, form, category, self.on_disk.on_disk, self.not_compared, self.notes)

    def summary(self, category: str | None) -> str:
        """How many there are, and what is missing from them."""
        return report.summary(self.changes, self.not_compared, category)

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
    sources = [read_source(name, settings.tree, settings.file, access=settings.access) for name in (old, new)]
    left_out = list(dict.fromkeys(d for source in sources for d in source.compilation.diagnostics))
    if settings.common.strict and left_out:
        raise refusal(left_out)
    missing = not_compared(*(source.left_out for source in sources))
    before, after = (ParsedSet(source.compilation) for source in sources)
    files = {file.file for file in missing}
    compared = compare_versions(before, after, rules, comments=comments, not_compared=files)
    found, diagnostics = excepted(compared.changes, exceptions)
    is_incomplete = not all(exceptions.ignores_file(file.file) for file in missing)
    on_disk = sources[1] if sources[1].roots else sources[0]
    return Changes(found, [*left_out, *diagnostics], on_disk, missing, is_incomplete, compared.notes)
