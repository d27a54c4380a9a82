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


_NAME = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_TARGETED = re.compile(
    rf"(?<![\w\])`\\])\[(?:({_NAME})\]\[\]|([^\[\]]{{1,200}})\]"
    rf"([ \t]{{0,9}}\n[ \t]{{0,9}})?\[{_NAME}\.[A-Za-z_]\w*\])(?![(\[])"
)


def without_targets(text: str) -> str:
    """A comment in which references with words of their own, ``[words][full.name]``, are only these words."""
    return _TARGETED.sub(_words_of, text) if "]" in text else text


def _words_of(found: re.Match[str]) -> str:
    words: str = found[1] or found[2]
    return found[0] if found[3] and "." in words and re.fullmatch(_NAME, words) else words


class TargetKind(StrEnum):
    """What a reference leads to."""

    METHOD = "method"
    MESSAGE = "message"
    FIELD = "field"
    ENUM = "enum"
    SERVICE = "service"
    ONEOF = "oneof"
    VALUE = "value"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Target:
    """An element that a reference names."""

    kind: TargetKind
    full_name: str
    enum: str = ""
    """For a value: the full name of its enum."""

    @property
    def shown_by(self) -> str:
        """The full name of what a page must show for the target to be on it: a field is in its message."""
        if self.kind in (TargetKind.FIELD, TargetKind.ONEOF):
            return self.full_name.rpartition(".")[0]
        return self.enum or self.full_name


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
        if found is None and name in self.schema.packages:
            return Target(TargetKind.PACKAGE, name)
        return found if found is not None else self._imported(name, file)

    def is_meant(self, name: str) -> bool:
        """Whether brackets around a name that can't be resolved are a reference: ``[Optional]`` and ``[i]`` are not."""
        return "." in name or name in self._by_last_part

    def _exact(self, full_name: str) -> Target | None:
        return self._element(full_name) or self._member(full_name)

    def _element(self, full_name: str) -> Target | None:
        schema = self.schema
        if full_name in schema.messages:
            return Target(TargetKind.MESSAGE, full_name)
        if full_name in schema.methods:
            return Target(TargetKind.METHOD, full_name)
        if full_name in schema.enums:
            return Target(TargetKind.ENUM, full_name)
        return Target(TargetKind.SERVICE, full_name) if full_name in schema.services else None

    def _member(self, full_name: str) -> Target | None:
        """A field, oneof or value; values also by the name of their enum."""
        owner, _, name = full_name.rpartition(".")
        message, enum = self.schema.messages.get(owner), self.schema.enums.get(owner)
        if message is not None and message.field(name) is not None:
            return Target(TargetKind.FIELD, full_name)
        if message is not None and message.oneof(name) is not None:
            return Target(TargetKind.ONEOF, full_name)
        if enum is not None:
            full_name = f"{enum.parent}.{name}" if enum.parent else name
        for known in self._enums_in.get(full_name.rpartition(".")[0], ()):
            has_value = any(value.full_name == full_name for value in self.schema.enums[known].values)
            if has_value and (enum is None or known == enum.full_name):
                return Target(TargetKind.VALUE, full_name, known)
        return None

    def _imported(self, name: str, file: str) -> Target | None:
        if (name, file) not in self._found_by_import:
            self._found_by_import[name, file] = self._by_import(name, file)
        return self._found_by_import[name, file]

    @cached_property
    def _found_by_import(self) -> dict[tuple[str, str], Target | None]:
        return {}

    def _by_import(self, name: str, file: str) -> Target | None:
        known = self.schema.files.get(file)
        if known is None:
            return None
        ending = f".{name}"
        for imported in known.imports:
            for candidate in self._by_last_part.get(name.rpartition(".")[2], ()):
                if candidate.endswith(ending) and self._file_of(candidate) == imported:
                    target = self._exact(candidate)
                    if target is not None:
                        return target
        owner, _, member = name.rpartition(".")
        target = self._imported(owner, file) if owner else None
        if target is not None and target.kind in (TargetKind.MESSAGE, TargetKind.ENUM):
            return self._exact(f"{target.full_name}.{member}")
        return None

    @cached_property
    def _enums_in(self) -> dict[str, list[str]]:
        """The enums in each message and package, whose scope is that of their values."""
        found: dict[str, list[str]] = {}
        for full_name in self.schema.enums:
            found.setdefault(full_name.rpartition(".")[0], []).append(full_name)
        return found

    @cached_property
    def _by_last_part(self) -> dict[str, list[str]]:
        schema = self.schema
        found: dict[str, list[str]] = {}
        for names in (schema.messages, schema.methods, schema.enums, schema.services):
            for full_name in names:
                found.setdefault(full_name.rpartition(".")[2], []).append(full_name)
        return found

    def _file_of(self, full_name: str) -> str:
        schema = self.schema
        element = schema.messages.get(full_name) or schema.methods.get(full_name) or schema.enums.get(full_name)
        return (element or schema.services[full_name]).location.file


def unresolved(name: str, comment: Comment, location: Location) -> Diagnostic:
    """The warning about a reference that can't be resolved, at its line in the comment."""
    before, found, _ = comment.leading.partition(f"[{name}]")
    if found and comment.line and not comment.internal:
        location = Location(location.file, comment.line + before.count("\n"))
    return Diagnostic(location, f"unresolved reference [{name}]", "fix the name, or write it as `code`")
