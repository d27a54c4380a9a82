"""The changelog of an API: a page for each revision with the changes since the previous one, by service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from toolkit.changes.model import Change, Kind, not_compared
from toolkit.changes.report import code, escaped
from toolkit.changes.sets import ParsedSet
from toolkit.changes.versions import compare_versions
from toolkit.descriptors.addresses import Access
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.descriptors.revisions import tags
from toolkit.descriptors.roots import Root, Tree
from toolkit.descriptors.sources import Source, read_source, texts_of
from toolkit.errors import ConfigError
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import Mappings
from toolkit.targets.changelog.settings import HISTORY
from toolkit.targets.history import History, file_of
from toolkit.targets.rendering import Renderer

SHARED = "Shared by several services"
APART = "Not part of a service"


class Links(Protocol):
    """Locates the pages of elements."""

    def address(self, element: str) -> str:
        """The address of an element's page; empty if it has none."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """A change, as finished Markdown."""

    what: str
    """The kind and name of the element, linked if it has a page."""
    message: str
    rules: str
    """The rules that it breaks, or empty."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """The changes of a service."""

    title: str
    breaking: list[EntryView]
    others: list[EntryView]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision and the changes since the previous one."""

    name: str
    file: str
    previous: str
    """Name of the previous revision; empty for the first."""
    changes: int
    breaking: int
    groups: list[GroupView]
    not_compared: list[str]
    """The files that do not compile in one of the two, or in either."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of the tree, named for example by a date or a tag."""

    name: str
    source: Source
    is_current: bool = False
    """Whether it is the tree that is documented; later revisions are not a part of its history."""


def read_revisions(
    named: Mapping[str, Any], pattern: str, tree: Tree, settings: Path | None, access: Access | None = None
) -> list[Revision]:
    """The configured revisions, oldest first, as :func:`find_revisions`; raises if there is nothing to compare."""
    found = find_revisions(named, pattern, tree, settings, access)
    if len(found) < 2:
        hint = 'list two or more in [changelog.revisions], or set tags = "v*" in [changelog]'
        raise ConfigError("a changelog needs two revisions to compare", hint=hint)
    return found


def find_revisions(
    named: Mapping[str, Any], pattern: str, tree: Tree, settings: Path | None, access: Access | None = None
) -> list[Revision]:
    """The configured revisions, oldest first: named ones in the given order, then other tags by date.

    A value is a directory next to the settings file, a descriptor set, a server,
    a git revision, or a table of a git revision and its import roots.
    """
    home = settings.parent if settings is not None else Path()
    found = []
    for name, value in named.items():
        text, paths = _value(value)
        path = home / text
        text = str(path) if text and not paths and path.exists() else text
        own = tuple(Root.parse(each, home) for each in paths)
        then = replace(tree, roots=own) if own else tree
        is_current = not own and [path.resolve()] == [root.folder.resolve() for root in tree.roots]
        found.append(Revision(name, read_source(text, then, None if own else settings, home, access), is_current))
    for tag in tags(pattern, home) if pattern else ():
        if tag not in named:
            found.append(Revision(tag, read_source(tag, tree, settings, home, access)))
    files = [file_of(revision.name) for revision in found]
    for name in files:
        if files.count(name) > 1 or name == "index.md":
            raise ConfigError(f"two revisions would both be written to {name}", hint="rename one of them")
    return found


def _value(value: Any) -> tuple[str, Sequence[str]]:
    """What a revision is read from, and its import roots where they are given."""
    if isinstance(value, str):
        return value, ()
    if isinstance(value, dict) and value.keys() == {"revision", "proto_path"}:
        name, paths = value["revision"], texts_of(value["proto_path"])
        if isinstance(name, str) and paths:
            return name, paths
    raise ConfigError(
        "[changelog.revisions] maps names to directories, descriptor sets or git revisions",
        hint='or to tables such as { revision = "v1", proto_path = ["proto"] }',
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """A revision, compared with the one before it."""

    revision: Revision
    parsed: ParsedSet
    schema: Schema
    before: _Compared | None
    changes: Sequence[Change] = ()
    missing: Sequence[str] = ()
    """The files that do not compile in one of the two, or in either."""


@dataclass(frozen=True)
class Changelog:
    """The pages of a changelog."""

    revisions: Sequence[Revision]
    rules: Mappings
    renderer: Renderer | None = None
    links: Callable[[Schema], Links] | None = None
    """Locates the pages of the elements in a revision; like the renderer, only needed for pages."""

    def files(self) -> Iterator[tuple[str, str]]:
        """The path and text of every page, the index first, and the history of all elements."""
        compared = list(self._compared())
        views = [self._view(one) if one.before is not None else _first(one) for one in compared]
        newest_first = views[::-1]
        yield "index.md", _text(self._rendered("index", revisions=newest_first))
        for view in newest_first:
            if view.previous:
                yield view.file, _text(self._rendered("revision", revision=view))
        yield HISTORY, _history(compared).text()

    def _rendered(self, name: str, **members: object) -> str:
        assert self.renderer is not None
        return self.renderer.render(f"changelog/{name}.md.j2", **members)

    def history(self) -> History:
        """The history of the elements in the tree that is documented."""
        return _history(self._compared())

    def _compared(self) -> Iterator[_Compared]:
        before: _Compared | None = None
        for revision in self.revisions:
            compilation = revision.source.compilation
            made = _Compared(revision, ParsedSet(compilation), load(compilation), before)
            if before is not None:
                left_out = not_compared(before.revision.source.left_out, revision.source.left_out)
                made = replace(made, missing=[found.file for found in left_out])
                found = compare_versions(
                    before.parsed, made.parsed, self.rules, comments=False, not_compared=set(made.missing)
                )
                made = replace(made, changes=[each for each in found.changes if each.kind is not Kind.COMMENT])
            yield made
            before = replace(made, before=None)

    def _view(self, compared: _Compared) -> RevisionView:
        before, changes, revision = compared.before, compared.changes, compared.revision
        assert before is not None
        assert self.links is not None
        old, new = Facts(before.schema, self.rules), Facts(compared.schema, self.rules)
        links = self.links(compared.schema)
        groups: dict[str, list[Change]] = {}
        for change in changes:
            services = new.services_using(change.element) or old.services_using(change.element)
            title = APART if not services else SHARED if len(services) > 1 else next(iter(services))
            groups.setdefault(title, []).append(change)
        last = {SHARED: 1, APART: 2}
        return RevisionView(
            name=escaped(revision.name),
            file=file_of(revision.name),
            previous=escaped(before.revision.name),
            changes=len(changes),
            breaking=sum(bool(change.rules) for change in changes),
            groups=[
                GroupView(
                    title=_link(title, title, links) or escaped(title),
                    breaking=[_entry(change, links) for change in groups[title] if change.rules],
                    others=[_entry(change, links) for change in groups[title] if not change.rules],
                )
                for title in sorted(groups, key=lambda title: (last.get(title, 0), title))
            ],
            not_compared=[f"`{code(file)}`" for file in compared.missing],
        )


def _first(compared: _Compared) -> RevisionView:
    """The view of the first revision, which is compared with nothing."""
    name = compared.revision.name
    return RevisionView(escaped(name), file_of(name), "", 0, 0, [], [])


def _history(compared: Iterable[_Compared]) -> History:
    """What changed up to the tree that is documented."""
    history = History()
    for one in compared:
        for change in one.changes:
            if change.kind is Kind.ADDED:
                history.added(change.element, one.revision.name)
            elif change.kind not in (Kind.REMOVED, Kind.MOVED):
                history.altered(change.element, one.revision.name)
        if one.revision.is_current:
            break
    return history


def _text(rendered: str) -> str:
    return rendered.rstrip("\n") + "\n"


def _entry(change: Change, links: Links) -> EntryView:
    short = change.element.removeprefix(f"{change.package}.")
    name = _link(change.element, short, links) or f"`{code(short)}`"
    return EntryView(f"{change.noun} {name}", escaped(change.message), ", ".join(change.rules))


def _link(element: str, text: str, links: Links) -> str:
    """A link to the page of an element; empty if it has none."""
    address = links.address(element)
    return f"[`{code(text)}`]({address})" if address else ""
