"""Rules that are not applied: everywhere, in some files or packages, or where a comment says so and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.changes.model import Change
from toolkit.changes.rules import RULES
from toolkit.errors import ConfigError, Diagnostic, Location


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What the settings except."""

    rules: tuple[str, ...] = ()
    """Rules that are not applied anywhere."""
    ignored: tuple[str, ...] = ()
    """Files, folders and packages in which none is applied."""

    @classmethod
    def of(cls, rules: Sequence[str], ignored: Sequence[str], location: Location | None = None) -> Exceptions:
        """Exceptions by name; :class:`ConfigError` for a rule that there is not."""
        for rule in rules:
            if rule not in RULES:
                raise ConfigError(
                    f"there is not a rule {rule!r} to except",
                    location=location,
                    hint="`toolkit diff --list-rules` lists them",
                )
        return cls(tuple(rules), tuple(ignored))

    def ignores(self, change: Change) -> str:
        """The file, folder or package that is ignored and that the change is in."""
        files = {location.file for location in (change.old, change.new, change.at) if location is not None}
        inside = (entry for file in sorted(files) if (entry := self.ignores_file(file)))
        return change.package if change.package in self.ignored else next(inside, "")

    def ignores_file(self, file: str) -> str:
        """The file or folder that is ignored and that a file is in."""
        return next((e for e in self.ignored if file == e or file.startswith(e.rstrip("/") + "/")), "")


def excepted(changes: Sequence[Change], exceptions: Exceptions) -> tuple[list[Change], list[Diagnostic]]:
    """The changes without the rules that are excepted; and what is wrong with exceptions in comments."""
    diagnostics: set[Diagnostic] = set()
    return [_excepted(change, exceptions, diagnostics) if change.rules else change for change in changes], sorted(
        diagnostics
    )


def _excepted(change: Change, exceptions: Exceptions, diagnostics: set[Diagnostic]) -> Change:
    entry = exceptions.ignores(change) if exceptions.ignored else ""
    for rule in change.rules:
        if entry:
            change = change.without(rule, f"{entry} is ignored")
        elif rule in exceptions.rules:
            change = change.without(rule, "excepted in the settings")
    for allowed in change.allowances:
        if allowed.rule not in RULES:
            what = (
                f"toolkit:allow names {allowed.rule!r}, which is not a rule"
                if allowed.rule
                else "toolkit:allow names no rule"
            )
            diagnostics.add(Diagnostic(allowed.location, what, "write: toolkit:allow RULE reason"))
        elif not allowed.reason:
            what = f"toolkit:allow {allowed.rule} gives no reason, and is not applied"
            diagnostics.add(Diagnostic(allowed.location, what, "write the reason after the rule"))
        elif allowed.rule in change.rules:
            change = change.without(allowed.rule, allowed.reason)
    return change
