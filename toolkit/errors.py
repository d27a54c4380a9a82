"""What can go wrong, as one small tree.

    ToolkitError            anything a person can fix; exit code 2
    ├── InputError          a source that is missing, unreadable or not a descriptor set
    ├── SchemaError         descriptors that contradict themselves or protobuf's rules
    ├── LookupFailed        a name that the schema does not hold
    ├── ConfigError         toolkit.toml, a catalog, a rule file or a flag
    ├── TemplateError       a template that cannot be loaded or rendered
    └── OutputError         a file that must not, or cannot, be written

The types are API; the messages are for people and may change.
A :class:`Diagnostic` is not raised: it is something found on the way that the
caller shows (a file that was left out, a reference that leads nowhere).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A position in a source file; line and column count from 1, 0 is unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """A finding: where it is, what it is, and what to do about it."""

    location: Location
    message: str
    hint: str = ""
    cause: str = ""
    """The file whose diagnostic says why, where this one follows from another."""

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" + (f" ({self.hint})" if self.hint else "")


def grouped(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics as they are printed: causes only, each with how many files follow from it, and which."""
    diagnostics = list(diagnostics)
    known = {diagnostic.location.file for diagnostic in diagnostics if not diagnostic.cause}
    following: dict[str, list[str]] = {}
    for diagnostic in diagnostics:
        following.setdefault(diagnostic.cause, []).append(diagnostic.location.file)
    found = []
    for diagnostic in diagnostics:
        if not diagnostic.cause and (files := following.pop(diagnostic.location.file, [])):
            more = f" and {len(files) - 3} more files" if len(files) > 3 else ""
            message = f"{diagnostic.message.rstrip('.')}; left out with it: {', '.join(files[:3])}{more}"
            diagnostic = replace(diagnostic, message=message)
        if diagnostic.cause not in known:
            found.append(diagnostic)
    return found


class ToolkitError(Exception):
    """The base of every error that a person can fix."""

    def __init__(self, message: str, *, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        then = f"\n  {self.hint}" if self.hint else ""
        return f"{where}{self.message}{then}"


class InputError(ToolkitError):
    """A source is missing, unreadable or not what it claims to be."""


class SchemaError(ToolkitError):
    """Descriptors contradict themselves or protobuf's own rules."""


class LookupFailed(ToolkitError):
    """A name was asked for that the schema does not hold."""


class ConfigError(ToolkitError):
    """The configuration, a catalog, a rule file or a flag is wrong."""


class TemplateError(ToolkitError):
    """A template cannot be loaded or rendered."""


class OutputError(ToolkitError):
    """A file must not, or cannot, be written."""
