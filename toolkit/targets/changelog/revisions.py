"""The revisions of a changelog: which ones there are, what each is read from, and when it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.descriptors.addresses import Access
from toolkit.descriptors.revisions import tags
from toolkit.descriptors.roots import Root, Tree
from toolkit.descriptors.sources import Source, read_source, texts_of
from toolkit.errors import ConfigError, Location
from toolkit.targets.history import day_of, file_of

TABLE = "[changelog.revisions]"
_INDEX = "index.md"
_EXAMPLE = 'v1 = "history/v1"'


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of the tree, named for example by a date or a tag."""

    name: str
    source: Source
    is_current: bool = False
    """Whether it is the tree that is documented; later revisions are not a part of its history."""

    @property
    def updated(self) -> str:
        """When it was, as in RFC 3339: the day that is its name, or else the time of its commit; empty if unknown."""
        return day_of(self.name) or self.source.date


def read_revisions(
    named: Mapping[str, Any], pattern: str, tree: Tree, settings: Path | None, access: Access | None = None
) -> list[Revision]:
    """The configured revisions, as :func:`find_revisions`; raises if there is nothing to compare."""
    found = find_revisions(named, pattern, tree, settings, access)
    if len(found) < 2:
        hint = 'list two or more in [changelog.revisions], or set tags = "v*" in [changelog]'
        raise ConfigError("a changelog needs two revisions to compare", hint=hint)
    return found


def find_revisions(
    named: Mapping[str, Any],
    pattern: str,
    tree: Tree,
    settings: Path | None,
    access: Access | None = None,
    table: str = TABLE,
) -> list[Revision]:
    """The configured revisions, oldest first: named ones in the given order, then other tags by date.

    A value is a directory next to the settings file, a descriptor set, a server,
    a git revision, or a table of a git revision and its import roots. Errors name the ``table`` that lists them.
    """
    home = settings.parent if settings is not None else Path()
    where = Location(str(settings)) if settings is not None else None
    tagged = [tag for tag in tags(pattern, home) if tag not in named] if pattern else []
    _check_names([*named, *tagged], table, where)
    found = []
    for name, value in named.items():
        text, paths = _value(value, table, where)
        path = home / text
        text = str(path) if text and not paths and path.exists() else text
        own = tuple(Root.parse(each, home) for each in paths)
        then = replace(tree, roots=own) if own else tree
        is_current = not own and [path.resolve()] == [root.folder.resolve() for root in tree.roots]
        found.append(Revision(name, read_source(text, then, None if own else settings, home, access), is_current))
    return found + [Revision(tag, read_source(tag, tree, settings, home, access)) for tag in tagged]


def _check_names(names: Sequence[str], table: str, where: Location | None) -> None:
    """Raise for a name that is empty, or whose files would be those of another one where case makes no difference."""
    known = {_INDEX: ""}
    for name in names:
        if not name.strip():
            raise ConfigError(f"{table} has an empty name", location=where, hint=f"name it, such as {_EXAMPLE}")
        file = file_of(name)
        other = known.setdefault(file.lower(), name)
        if not other:
            raise ConfigError(f"{table}: {file} is the page that lists all", location=where, hint=f"rename {name!r}")
        if other != name:
            said = f"{table}: {other!r} and {name!r} would both be written to {file.removesuffix('.md')}"
            raise ConfigError(said, location=where, hint="rename one of them; upper and lower case are the same")


def _value(value: Any, table: str, where: Location | None) -> tuple[str, Sequence[str]]:
    """What a revision is read from, and its import roots where they are given."""
    if isinstance(value, str):
        return value, ()
    if isinstance(value, dict) and value.keys() == {"revision", "proto_path"}:
        name, paths = value["revision"], texts_of(value["proto_path"])
        if isinstance(name, str) and paths:
            return name, paths
    raise ConfigError(
        f"{table} maps names to directories, descriptor sets or git revisions",
        location=where,
        hint='or to tables such as { revision = "v1", proto_path = ["proto"] }',
    )
