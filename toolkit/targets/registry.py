"""The registry: what a target consists of, and how targets are found by name.

Built-in targets are listed here. Installed packages add others with entry
points in the group ``toolkit.targets``: a name, and a :class:`TargetType`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import ConfigError, Diagnostic, LookupFailed
from toolkit.targets.settings import Settings, TargetSettings

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

    from toolkit.descriptors.model import Element, Schema, Service
    from toolkit.targets.workspace import Workspace

GROUP = "toolkit.targets"
BUILT_IN = (
    "reference",
    "rest",
    "toc",
    "examples",
    "openapi",
    "jsonschema",
    "descriptors",
    "python",
    "changelog",
    "site",
)

Choose = Callable[["Schema"], "Chosen"]
"""Given a schema, returns what is wanted of it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is named of a schema, before there is one."""

    names: tuple[str, ...]
    find: Callable[[Schema, Sequence[str]], Chosen]
    """Finds what they name; raises :class:`LookupFailed` for an unknown name."""

    def __call__(self, schema: Schema) -> Chosen:
        """What they name of a schema."""
        return self.find(schema, self.names)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was named of a schema; calling it tests whether a service is wanted."""

    services: Collection[str]
    packages: Collection[str]
    """The packages that were named, or that have a service or file that was."""

    def __call__(self, service: Service) -> bool:
        return service.full_name in self.services


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of work, possibly in a worker process that shares what was prepared."""

    weight: int
    """How much work it is, relative to other parts."""
    subject: Any = None
    """What it covers; only the target uses this."""
    name: str = ""
    """A name that no other part of the target has; without one, its files are always generated."""
    reads: frozenset[str] | None = None
    """The .proto files with comments that it depends on, besides those that they import, directly or not. None: any."""


class Target:
    """Schema and facts → files. Subclasses must implement :meth:`parts` and :meth:`files`."""

    @property
    def shared(self) -> Collection[str]:
        """Paths of the user's files of which only a part is generated."""
        return ()

    def parts(self) -> Sequence[Part]:
        """The parts, which together generate all files."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Compute what the parts share, before worker processes are forked."""

    def files(self, part: Part) -> Iterator[tuple[str, str | bytes]]:
        """The path, relative to the output directory, and text or bytes of each file in a part."""
        raise NotImplementedError

    def diagnostics(self) -> Iterable[Diagnostic]:
        """Warnings about the parts generated so far."""
        return ()

    def subject(self, path: str) -> Element | None:
        """The element that the file at this path is about."""
        return None

    def sources(self, path: str) -> Iterable[str]:
        """The .proto files that an output file depends on; empty if it depends on all of them."""
        about = self.subject(path)
        return (about.location.file,) if about is not None else ()

    def surface(self) -> str:
        """A digest of what all parts depend on besides the tree without its comments."""
        return ""

    def starters(self) -> Mapping[str, Callable[[], str]]:
        """Starter files by path, with what makes the text of each; only written if missing, and then the user's."""
        return {}


@dataclass(frozen=True, slots=True)
class TargetType:
    """A kind of target: everything that is known about it before any protos are read."""

    name: str
    noun: str
    """What to call its files, in the plural."""
    summary: str
    """The help text of its command: one line, optionally followed by an empty line and more."""
    settings: type[TargetSettings]
    """Its table in ``toolkit.toml``, whose settings, except for tables, are also flags of its command."""
    make: Callable[[Workspace, Choose | None], Target]
    """Creates the target, for chosen services or for all."""
    reads: tuple[str, ...] = ()
    """Other settings for which its command has flags: at the top (``catalog``) or in a table (``examples.out``)."""
    no_flags: tuple[str, ...] = ()
    """Settings in its own table without a flag, since only other commands use them."""
    inputs: Callable[[Settings], Iterable[tuple[str, Path]]] = lambda settings: ()
    """Files that it reads besides protos, catalog, option mappings and templates, each with a distinct name."""
    addresses: Callable[[Settings], Iterable[str]] = lambda settings: ()
    """Servers and web addresses that it reads besides the tree: in every run, since only they know what has changed."""
    is_selective: bool = True
    """Whether packages, services and files can be chosen."""
    is_cacheable: bool = True
    """Whether all its inputs can be listed in advance."""
    is_linked: bool = False
    """Whether its files only work together. If so, none is written while the source of one does not compile."""


def find(name: str) -> TargetType | None:
    """The target with this name, or None."""
    if name in BUILT_IN:
        found: TargetType = import_module(f"toolkit.targets.{name}").TARGET
        return found
    entry = next(iter(_installed().select(name=name)), None)
    return _loaded(entry) if entry is not None else None


def get(name: str) -> TargetType:
    """The target with this name; raises :class:`LookupFailed` if there is none."""
    found = find(name)
    if found is None:
        known = names()
        close = difflib.get_close_matches(name, known)
        hint = f"did you mean {', '.join(close)}?" if close else f"one of: {', '.join(known)}"
        raise LookupFailed(f"there is no target {name!r}", hint=hint)
    return found


def names() -> list[str]:
    """The names of all targets, built-in ones first."""
    return [*BUILT_IN, *sorted(_installed().names - {*BUILT_IN})]


def _installed() -> EntryPoints:
    """What other packages bring; called only for a name that is not built in, since it takes time."""
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _loaded(entry: EntryPoint) -> TargetType:
    """The target of another package; any error in its code is reported with its name."""
    try:
        target = entry.load()
    except Exception as error:
        hint = f"entry point {entry.value}: {type(error).__name__}: {error}"
        raise ConfigError(f"the target {entry.name!r} of another package cannot be loaded", hint=hint) from None
    if not isinstance(target, TargetType) or target.name != entry.name:
        raise ConfigError(f"the entry point {entry.name!r} is not a TargetType of that name", hint=entry.value)
    return target
