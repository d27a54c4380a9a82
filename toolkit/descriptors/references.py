"""What a name in square brackets means, seen from the element whose comment holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from toolkit.descriptors.model import Comment, Schema
from toolkit.errors import Diagnostic, Location

REFERENCE = re.compile(r"\[([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\](?![(\[])")
"""A reference as comments write it; what a bracket or parenthesis follows is Markdown."""


class TargetKind(StrEnum):
    """What a reference leads to."""

    METHOD = "method"
    MESSAGE = "message"
    FIELD = "field"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Target:
    """An element that a reference names."""

    kind: TargetKind
    full_name: str

    @property
    def shown_by(self) -> str:
        """The full name of what a page must show for the target to be on it: a field is in its message."""
        return self.full_name.rpartition(".")[0] if self.kind is TargetKind.FIELD else self.full_name


@dataclass(frozen=True)
class References:
    """Resolves names over one schema."""

    schema: Schema

    def resolve(self, name: str, scope: str, file: str) -> Target | None:
        """What ``name`` means in ``scope`` (a message, service or package), or None.

        Looked for from the scope outwards, then by its ending among what ``file`` imports.
        """
        while True:
            found = self._exact(f"{scope}.{name}" if scope else name)
            if found is not None or not scope:
                break
            scope = scope.rpartition(".")[0]
        return found if found is not None else self._imported(name, file)

    def _exact(self, full_name: str) -> Target | None:
        schema = self.schema
        if full_name in schema.messages:
            return Target(TargetKind.MESSAGE, full_name)
        if full_name in schema.methods:
            return Target(TargetKind.METHOD, full_name)
        if full_name in schema.enums:
            return Target(TargetKind.ENUM, full_name)
        owner, _, name = full_name.rpartition(".")
        message = schema.messages.get(owner)
        if message is not None and message.field(name) is not None:
            return Target(TargetKind.FIELD, full_name)
        return None

    def _imported(self, name: str, file: str) -> Target | None:
        known = self.schema.files.get(file)
        if known is None:
            return None
        ending = f".{name}"
        for imported in known.imports:
            for candidate in self._by_last_part.get(name.rpartition(".")[2], ()):
                if candidate.endswith(ending) and self._file_of(candidate) == imported:
                    return self._exact(candidate)
        owner, _, field = name.rpartition(".")
        target = self._imported(owner, file) if owner else None
        if target is not None and target.kind is TargetKind.MESSAGE:
            return self._exact(f"{target.full_name}.{field}")
        return None

    @cached_property
    def _by_last_part(self) -> dict[str, list[str]]:
        schema = self.schema
        found: dict[str, list[str]] = {}
        for names in (schema.messages, schema.methods, schema.enums):
            for full_name in names:
                found.setdefault(full_name.rpartition(".")[2], []).append(full_name)
        return found

    def _file_of(self, full_name: str) -> str:
        schema = self.schema
        element = schema.messages.get(full_name) or schema.methods.get(full_name) or schema.enums[full_name]
        return element.location.file


def unresolved(name: str, comment: Comment, location: Location) -> Diagnostic:
    """What is said of a reference that means nothing: at the line of the comment that holds it."""
    before, found, _ = comment.leading.partition(f"[{name}]")
    if found and comment.line and not comment.internal:
        location = Location(location.file, comment.line + before.count("\n"))
    return Diagnostic(location, f"[{name}] names nothing that is there", "mend it, or set it as `code`")
