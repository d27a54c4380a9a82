"""Generates the parts of a target, except those whose files are known because a change can't reach them.

A part is known if its target generated it before with the same frame (see
:mod:`toolkit.delivery.inputs`), from the same structure, and with the same
comments in all .proto files that it reads; and if its files on disk are what
was generated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from toolkit.delivery import cache
from toolkit.delivery.compare import Files
from toolkit.descriptors.model import File
from toolkit.errors import Diagnostic, OutputError
from toolkit.targets.registry import Part, Target
from toolkit.targets.settings import Limits
from toolkit.targets.workspace import Workspace

Result = TypeVar("Result")
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given the total amount of work: a context whose function takes the amount done since its last call."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the files of a target from an earlier run."""

    entry: cache.Entry
    out: Path
    changed: frozenset[str]
    """The .proto files with other comments than then."""
    reached: frozenset[str]
    """These, and the files that import them, directly or not."""

    @classmethod
    def of(cls, entry: cache.Entry | None, workspace: Workspace, target: Target, out: Path) -> Known | None:
        """What an entry with the same frame tells; None if it has another structure or surface."""
        tree = workspace.kept if entry is not None else None
        if entry is None or tree is None or not entry.structure or entry.structure != tree.structure:
            return None
        digests = {name: source.digest for name, source in tree.sources.items()}
        if digests.keys() != entry.sources.keys() or entry.surface != target.surface():
            return None
        changed = frozenset(name for name, digest in digests.items() if entry.sources[name] != digest)
        if any(_mentions(diagnostic, changed) for diagnostic in entry.diagnostics):
            return None
        extensions = (e for e in workspace.schema.extensions.values() if e.location.file in changed)
        if not all(extension.extendee.startswith("google.protobuf.") for extension in extensions):
            return None  # they are shown with messages of files that don't import theirs
        return cls(entry, out, changed, with_importers(changed, workspace.schema.files))

    def files(self, part: Part) -> Mapping[str, str] | None:
        """The digest of each file of a part; None if it has to be generated."""
        paths = self.entry.parts.get(part.name) if part.name else None
        if paths is None or part.reads is None or not self.reached.isdisjoint(part.reads):
            return None
        found = {path: self.entry.records[path].digest for path in paths if path in self.entry.records}
        if len(found) < len(paths) or not cache.holds_files(found, self.entry.stamps, self.out):
            return None
        return found

    def diagnostics(self) -> set[Diagnostic]:
        """The diagnostics about files that did not change."""
        return {diagnostic for diagnostic in self.entry.diagnostics if diagnostic.location.file not in self.changed}


def _mentions(diagnostic: Diagnostic, files: Iterable[str]) -> bool:
    """Whether a diagnostic about another file has the line of an element in one of the files."""
    return any(
        diagnostic.location.file != name and (f"{name}:" in diagnostic.message or f"{name}:" in diagnostic.hint)
        for name in files
    )


def with_importers(names: Iterable[str], files: Mapping[str, File]) -> frozenset[str]:
    """Files, and those that import them, directly or not."""
    importers: dict[str, list[str]] = {}
    for name, file in files.items():
        for imported in file.imports:
            importers.setdefault(imported, []).append(name)
    found, stack = set(names), [*names]
    while stack:
        new = [name for name in importers.get(stack.pop(), ()) if name not in found]
        found.update(new)
        stack += new
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Generated(Generic[Result]):
    """The parts of a target."""

    results: Sequence[Result]
    diagnostics: Sequence[Diagnostic]
    parts: Mapping[str, Sequence[str]]
    """The paths of the files of each named part."""


def generate(
    target: Target,
    workspace: Workspace,
    handle: Callable[[Files], Result],
    *,
    parts: Sequence[Part] | None = None,
    known: Known | None = None,
    reuse: Callable[[Mapping[str, str]], Result] | None = None,
    progress: Progress = lambda total: nullcontext(lambda done: None),
) -> Generated[Result]:
    """Generate some parts, or all; ``handle`` gets the files of each in the process that made them: they are large.

    ``reuse`` gets the digests of the files of each part that is ``known``.
    """
    parts = target.parts() if parts is None else parts
    same = {at: known.files(part) for at, part in enumerate(parts)} if known is not None and reuse is not None else {}
    todo = [part for at, part in enumerate(parts) if not same.get(at)]
    if 2 * len(todo) > len(parts):  # a few parts need little of what all of them share
        target.prepare()
    found = {*workspace.warnings} if known is None else {*known.diagnostics(), *workspace.http_problems(known.changed)}
    most = workspace.settings.of(Limits)
    paths: dict[str, Sequence[str]] = {}
    results: list[Result] = []
    pages = 0
    with progress(sum(part.weight for part in parts)) as update:
        made = _made(target, todo, handle, most)
        for at, part in enumerate(parts):
            if (digests := same.get(at)) and reuse is not None:
                names, result = [*digests], reuse(digests)
            else:
                names, result, fresh = next(made)
                found.update(fresh)
            results.append(result)
            update(part.weight)
            pages += len(names)
            if part.name:
                paths[part.name] = names
            if pages > most.max_pages:
                raise _beyond(f"there are more than {most.max_pages} files", "max_pages")
    return Generated(results, [*workspace.diagnostics, *sorted(found)], paths)


def _made(
    target: Target, parts: Sequence[Part], handle: Callable[[Files], Result], most: Limits
) -> Iterator[tuple[list[str], Result, list[Diagnostic]]]:
    """The paths of the files of each part, what ``handle`` returns, and the diagnostics that are new."""
    from toolkit.descriptors.parallel import fork_map

    sent: set[Diagnostic] = set()

    def one(part: Part) -> tuple[list[str], Result, list[Diagnostic]]:
        files = {path: made if isinstance(made, bytes) else made.encode("utf-8") for path, made in target.files(part)}
        for path, content in files.items():
            if len(content) > most.max_page_bytes:
                raise _beyond(f"{path} has {len(content)} bytes", "max_page_bytes")
        fresh = [diagnostic for diagnostic in target.diagnostics() if diagnostic not in sent]
        sent.update(fresh)
        return [*files], handle(files), fresh

    yield from fork_map(one, parts, [part.weight for part in parts])


def _beyond(what: str, limit: str) -> OutputError:
    return OutputError(f"{what}, which is beyond the limit", hint=f"raise {limit} under [limits] in toolkit.toml")
