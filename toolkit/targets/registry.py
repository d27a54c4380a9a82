"""The targets: what each is made of, and how it is found by its name.

Built-in ones are listed here. Others come from packages that are installed, as
entry points of the group ``toolkit.targets``: a name, and a :class:`TargetType`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from toolkit.errors import ConfigError, Diagnostic, LookupFailed
from toolkit.targets.settings import Settings, TargetSettings

if TYPE_CHECKING:
    from toolkit.descriptors.model import Element, Schema, Service
    from toolkit.targets.workspace import Workspace

GROUP = "toolkit.targets"
BUILT_IN = ("reference", "examples", "python", "changelog", "site")

Choose = Callable[["Schema"], Callable[["Service"], bool]]
"""Given a schema, a test for the services that are wanted of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is made at a time, in a process that shares what was prepared."""

    weight: int
    """How much work it is, to the others."""
    subject: Any = None
    """What it is a part of, for the target alone to know."""


class Target:
    """Schema and facts → files. Subclasses say which; only :meth:`parts` and :meth:`files` have no default."""

    shared: ClassVar[Collection[str]] = ()
    """Paths of files that are the user's, and of which only a part is made."""

    def parts(self) -> Sequence[Part]:
        """The parts that together make all files."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Work out what the parts share, before processes share the work."""

    def files(self, part: Part) -> Iterator[tuple[str, str]]:
        """Path below the output folder and text of each file of a part."""
        raise NotImplementedError

    def diagnostics(self) -> Iterable[Diagnostic]:
        """What was found wrong while the parts so far were made."""
        return ()

    def subject(self, path: str) -> Element | None:
        """The element whose change a file shows, by the file's path."""
        return None

    def sources(self, path: str) -> Iterable[str]:
        """The .proto files without which a file would not be made; none for what is made of all of them."""
        about = self.subject(path)
        return (about.location.file,) if about is not None else ()

    def starters(self) -> Iterable[tuple[str, str]]:
        """Path and text of files to begin with: each is written where there is none, and is the user's from then on."""
        return ()


@dataclass(frozen=True, slots=True)
class TargetType:
    """A kind of target: everything that is known of it before the protos are read."""

    name: str
    noun: str
    """What its files are called, in the plural."""
    summary: str
    """The help of its command: a line, and more below an empty one."""
    settings: type[TargetSettings]
    """Its table in ``toolkit.toml``; all but tables are flags of its command, too."""
    make: Callable[[Workspace, Choose | None], Target]
    """Makes one, of the services chosen or of all."""
    reads: tuple[str, ...] = ()
    """Other settings that its command has flags for: of the top (``catalog``) or of a table (``examples.out``)."""
    no_flags: tuple[str, ...] = ()
    """Settings of its own table that have no flag there, since they matter to other commands only."""
    inputs: Callable[[Settings], Iterable[tuple[str, Path]]] = lambda settings: ()
    """The files that it reads beside protos, catalog, rules and templates, each with a name that tells them apart."""
    is_selective: bool = True
    """Whether packages, services or files can be chosen."""
    is_cacheable: bool = True
    """Whether all that it reads can be named beforehand."""
    is_linked: bool = False
    """Whether its files only work together: while the source of one does not compile, none is written."""


def find(name: str) -> TargetType | None:
    """The target of a name, or None."""
    if name in BUILT_IN:
        found: TargetType = import_module(f"toolkit.targets.{name}").TARGET
        return found
    entry = next(iter(entry_points(group=GROUP, name=name)), None)
    return _loaded(entry) if entry is not None else None


def get(name: str) -> TargetType:
    """The target of a name; :class:`LookupFailed` where there is none."""
    found = find(name)
    if found is None:
        known = names()
        close = difflib.get_close_matches(name, known)
        hint = f"did you mean {', '.join(close)}?" if close else f"one of: {', '.join(known)}"
        raise LookupFailed(f"there is no target {name!r}", hint=hint)
    return found


def names() -> list[str]:
    """The names of all targets, the built-in ones first."""
    return [*BUILT_IN, *sorted(entry_points(group=GROUP).names - {*BUILT_IN})]


def _loaded(entry: EntryPoint) -> TargetType:
    """The target of another package: its code may do anything, and its faults are named as its own."""
    try:
        target = entry.load()
    except Exception as error:
        hint = f"entry point {entry.value}: {type(error).__name__}: {error}"
        raise ConfigError(f"the target {entry.name!r} of another package cannot be loaded", hint=hint) from None
    if not isinstance(target, TargetType) or target.name != entry.name:
        raise ConfigError(f"the entry point {entry.name!r} is not a TargetType of that name", hint=entry.value)
    return target
