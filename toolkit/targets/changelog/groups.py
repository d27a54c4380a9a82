"""The changes of a revision by service, and in a service by method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol

from toolkit.changes.model import Change, Kind
from toolkit.semantics.facts import Facts
from toolkit.targets.changelog.entries import Entry, EntryView, Lines, alike, entries
from toolkit.targets.changelog.limits import code
from toolkit.targets.changelog.wording import Wording

SHARED = "Shared by several services"
APART = "Not part of a service"
_LAST = {SHARED: 1, APART: 2}
_WHOLE = (Kind.ADDED, Kind.REMOVED, Kind.RENAMED, Kind.MOVED)
_METHODS = "Several methods"
_MEMBERS = ("field", "oneof", "enum value")


class Links(Protocol):
    """Locates the pages of elements."""

    def address(self, element: str) -> str:
        """The address of an element's page; empty if it has none."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """The changes of a method or a type."""

    title: str
    """Its name, linked if it has a page; empty for the service as a whole."""
    entries: list[EntryView]


@dataclass(frozen=True, slots=True)
class GroupView:
    """The changes of a service."""

    title: str
    service: str
    """The full name of the service, not escaped; empty for elements that several services share, or none uses."""
    breaking: int
    """Number of breaking changes."""
    sections: list[SectionView]


@dataclass(frozen=True)
class Groups:
    """Groups changes between two revisions."""

    old: Facts
    new: Facts
    links: Links

    def of(self, changes: Sequence[Change]) -> tuple[list[GroupView], int, int]:
        """The groups, the number of changes as readers count them, and that of breaking ones."""
        groups: dict[str, list[Change]] = {}
        for change in changes:
            groups.setdefault(self._group(change), []).append(change)
        wording = Wording(self.old, self.new, lambda name: self.link(name, self._short(name)))
        made, count, breaking = [], 0, 0
        for title in sorted(groups, key=lambda title: (_LAST.get(title, 0), title)):
            found = entries(groups[title], self._named, partial(self._section, title), wording)
            broken = sum(entry.breaking for entry in found)
            count, breaking = count + len(found), breaking + broken
            shown = self.link(title, title) if title not in _LAST else title
            service = "" if title in _LAST else title
            made.append(GroupView(shown, service, broken, self._sections(found, service)))
        return made, count, breaking

    def link(self, element: str, text: str) -> str:
        """A text as code, linked to the page of an element if it has one."""
        address = self.links.address(element) if element else ""
        return f"[{code(text)}]({address})" if address else code(text)

    def below_package(self, name: str) -> str:
        """A name without its package."""
        scope = name.rpartition(".")[0]
        while scope and scope not in self._packages:
            scope = scope.rpartition(".")[0]
        return name.removeprefix(f"{scope}.") if scope else name

    @cached_property
    def _packages(self) -> Set[str]:
        return self.old.schema.packages.keys() | self.new.schema.packages.keys()

    @cached_property
    def _enums(self) -> Mapping[str, str]:
        """Enum values, whose full names do not contain that of their enum → the enum."""
        return {
            value.full_name: enum.full_name
            for facts in (self.old, self.new)
            for enum in facts.schema.enums.values()
            for value in enum.values
        }

    def _owner(self, change: Change) -> str:
        """The message or enum that an element is in; else the element."""
        if change.noun == "enum value":
            return self._enums.get(change.element, change.element)
        return change.element.rpartition(".")[0] if change.noun in _MEMBERS else change.element

    def _named(self, change: Change) -> str:
        """The full name of what changed; that of an enum value with its enum."""
        if change.noun == "enum value":
            return f"{self._owner(change)}.{change.element.rpartition('.')[2]}"
        return change.element

    def _group(self, change: Change) -> str:
        if change.noun in ("file", "package"):
            return APART
        owner = self._owner(change)
        services = self.new.services_using(owner) or self.old.services_using(owner)
        return APART if not services else SHARED if len(services) > 1 else next(iter(services))

    def _section(self, group: str, change: Change) -> str:
        if change.noun in ("file", "package", "service") or (change.kind in _WHOLE and change.noun not in _MEMBERS):
            return ""
        if change.noun == "method":
            return change.element
        owner = self._owner(change)
        methods = self.new.uses.get(owner) or self.old.uses.get(owner) or ()
        return methods[0].full_name if len(methods) == 1 and methods[0].parent == group else owner

    def _short(self, name: str) -> str:
        """A name as links show it: that of a method alone, others below their package."""
        return name.rpartition(".")[2] if self._is_method(name) else self.below_package(name)

    @cached_property
    def _sent(self) -> Set[str]:
        """The messages in requests, by full name."""
        graph, methods = self.new.graph, self.new.schema.methods.values()
        inputs = {method.input for method in methods}
        return {name for one in sorted(inputs) for name in graph.sections(one, {})}

    def _is_sent(self, element: str) -> bool:
        return element in self._sent or element.rpartition(".")[0] in self._sent

    def _sections(self, found: list[Entry], service: str) -> list[SectionView]:
        lines = Lines(self.link, self.below_package if service else str, self._is_sent)
        together = alike(found)
        merged = {id(entry) for group in together for entry in group}
        sections: dict[str, list[Entry]] = {}
        for entry in found:
            if id(entry) not in merged:
                sections.setdefault(entry.section, []).append(entry)
        whole = sections.pop("", [])
        made = [SectionView("", lines.of(whole, service))] if whole else []
        for title in (_METHODS, "Several types"):
            groups = [group for group in together if self._is_of_methods(group) is (title == _METHODS)]
            views = [lines.of_several(group, partial(self._holder, lines)) for group in groups]
            if views:
                made.append(SectionView(title, sorted(views, key=lambda view: not view.breaking)))
        for name in sorted(sections, key=self._order):
            short = name.rpartition(".")[2] if self._is_method(name) else lines.short(name)
            made.append(SectionView(self.link(name, short), lines.of(sections[name], self._scope(name), name)))
        return made

    def _holder(self, lines: Lines, entry: Entry) -> str:
        """Where a field is: the method that uses it, or its message."""
        if self._is_method(entry.section):
            return entry.section.rpartition(".")[2]
        return lines.short(entry.element.rpartition(".")[0])

    def _is_of_methods(self, group: Sequence[Entry]) -> bool:
        sections = [entry.section for entry in group]
        return all(map(self._is_method, sections)) and len(set(sections)) == len(sections)

    def _is_method(self, name: str) -> bool:
        return name in self.new.schema.methods or name in self.old.schema.methods

    def _scope(self, section: str) -> str:
        """The message whose fields a section names alone."""
        method = self.new.schema.methods.get(section) or self.old.schema.methods.get(section)
        return method.input if method is not None else section

    def _order(self, section: str) -> tuple[bool, int, str]:
        """Methods as they are declared, then types by name."""
        return not self._is_method(section), self._places.get(section, 0), section

    @cached_property
    def _places(self) -> Mapping[str, int]:
        methods = {**self.new.schema.methods, **self.old.schema.methods}
        return {name: place for place, name in enumerate(methods)}
