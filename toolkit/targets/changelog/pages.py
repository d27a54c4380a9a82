"""The changelog of an API: a page for each revision with the changes since the previous one, an index, and a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.changes.model import Change, Kind, not_compared
from toolkit.changes.sets import ParsedSet
from toolkit.changes.versions import compare_versions
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import Mappings
from toolkit.semantics.sentences import listed
from toolkit.targets.changelog.feed import FEED, FeedEntry, feed
from toolkit.targets.changelog.groups import APART, SHARED, Groups, GroupView, Links
from toolkit.targets.changelog.limits import code
from toolkit.targets.changelog.revisions import Revision
from toolkit.targets.changelog.settings import HISTORY
from toolkit.targets.history import History, file_of
from toolkit.targets.markdown.inline import escaped
from toolkit.targets.rendering import Renderer

_MOST = 4
"""Services that a sentence names at most."""


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision and the changes since the previous one; every member is finished Markdown."""

    name: str
    file: str
    previous: str
    """Name of the previous revision; empty for the first."""
    changes: int
    breaking: int
    counts: str
    """Both in words, such as ``4 changes since v1, one of them breaking``."""
    where: str
    """Where the changes are, in words, with the names of a few services; empty if nothing changed."""
    groups: list[GroupView]
    not_compared: list[str]
    """The files that do not compile in one of the two, or in either."""


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
    address: Callable[[str], str] | None = None
    """A file of the changelog → its address for readers of the feed; None if that is unknown."""

    def files(self) -> Iterator[tuple[str, str]]:
        """The path and text of every page, the index first, the feed, and the history of all elements."""
        compared = list(self._compared())
        views = [self._view(one) if one.before is not None else _first(one) for one in compared]
        newest_first = views[::-1]
        made = self._feed(compared[0].schema, views) if self.address else ""
        yield "index.md", _text(self._rendered("index", revisions=newest_first, feed=FEED if made else ""))
        for view in newest_first:
            if view.previous:
                yield view.file, _text(self._rendered("revision", revision=view))
        if made:
            yield FEED, made
        yield HISTORY, _history(compared).text()

    def _feed(self, first: Schema, views: Sequence[RevisionView]) -> str:
        """The feed; empty if it is not known of each revision when it was."""
        assert self.address is not None
        package = next((name for name, package in first.packages.items() if package.requested), "")
        entries = [*map(_in_feed, self.revisions, self.revisions[1:], views[1:])][::-1]
        return feed(package, entries, self.address) if all(entry.updated for entry in entries) else ""

    def _rendered(self, name: str, **members: object) -> str:
        assert self.renderer is not None
        return self.renderer.render(f"changelog/{name}.md.j2", **members)

    def history(self) -> History:
        """The history of the elements in the tree that is documented."""
        return replace(_history(self._compared()), is_dated=all(one.updated for one in self.revisions[1:]))

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
        before = compared.before
        assert before is not None
        assert self.links is not None
        old, new = Facts(before.schema, self.rules), Facts(compared.schema, self.rules)
        groups, changes, breaking = Groups(old, new, self.links(compared.schema)).of(compared.changes)
        return RevisionView(
            name=escaped(compared.revision.name),
            file=file_of(compared.revision.name),
            previous=escaped(before.revision.name),
            changes=changes,
            breaking=breaking,
            counts=_counts(changes, breaking, escaped(before.revision.name)),
            where=_where(groups),
            groups=groups,
            not_compared=[code(file) for file in compared.missing],
        )


def _first(compared: _Compared) -> RevisionView:
    """The view of the first revision, which is compared with nothing."""
    name = compared.revision.name
    return RevisionView(escaped(name), file_of(name), "", 0, 0, "", "", [], [])


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


def _counts(changes: int, breaking: int, previous: str) -> str:
    """Numbers of changes in words."""
    if changes == 1:
        return f"one change since {previous}, which is {'' if breaking else 'not '}breaking"
    number = "one" if breaking == 1 else "all" if breaking == changes else str(breaking or "none")
    return f"{changes or 'no'} changes since {previous}" + (f", {number} of them breaking" if changes else "")


def _where(groups: Sequence[GroupView], text: Callable[[str], str] = escaped) -> str:
    """The names of the services that changed, as far as a sentence holds them, formatted as ``text``."""
    names = [text(group.service.rpartition(".")[2]) for group in groups if group.service]
    more = len(names) - _MOST
    names = [*names[:_MOST], f"{more} more services"] if more > 1 else names
    others = ["types that several services share"] if any(group.title == SHARED for group in groups) else []
    others += ["elements outside of services"] if any(group.title == APART for group in groups) else []
    return listed([*names, *others])


def _in_feed(previous: Revision, revision: Revision, view: RevisionView) -> FeedEntry:
    where = _where(view.groups, str)
    counts = _counts(view.changes, view.breaking, previous.name)
    summary = counts[:1].upper() + counts[1:] + (f": {where}" if where else "")
    return FeedEntry(revision.name, view.file, revision.updated, f"{summary}.")
