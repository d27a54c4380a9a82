"""A live preview: rebuilds the site when one of its inputs changes, and reloads it in open browsers."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from toolkit.cli.options import choose
from toolkit.cli.server import Served, listening
from toolkit.cli.terminal import say, say_diagnostics, say_error
from toolkit.delivery.cache import Stamp, stamp_of
from toolkit.delivery.finish.builder import build_anyway
from toolkit.delivery.finish.changed import PageBuilder, changed_pages, head_of, paths_of
from toolkit.delivery.finish.site import NEEDS, finish, load
from toolkit.delivery.run import Mode, run
from toolkit.descriptors.signals import Ended, ended_by_signals, temporary_folder
from toolkit.errors import ConfigError, Diagnostic, ToolkitError
from toolkit.printing import printable
from toolkit.targets.settings import Settings
from toolkit.targets.site import TARGET
from toolkit.targets.site.mkdocs import CONFIG
from toolkit.targets.site.settings import SiteSettings
from toolkit.targets.workspace import Workspace

_LOOK = 300
"""Milliseconds between looks at files whose directories are not watched."""


def serve(
    read: Callable[[], Settings],
    generate: Callable[[], Sequence[Diagnostic]],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    open_browser: bool = False,
) -> None:
    """Serve the site of a project until interrupted, and rebuild it on every change.

    ``read`` returns the current settings. ``generate`` writes the docs, from
    settings that it reads itself, and returns its warnings. Both are called in
    this thread before every build. If a build fails, the error is printed and
    the last good pages stay up. Port 0 picks a free one. Raises
    :class:`ConfigError` if the port is in use or the initial settings are wrong.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise ConfigError("a preview needs watchfiles, which is not installed", hint=NEEDS) from None
    settings = read()
    if str(settings.common.descriptor_set) == "-":
        raise ConfigError("a preview reads its input repeatedly, so it cannot be '-'", hint="name a file")
    with _interrupted(), temporary_folder("toolkit-serve-") as folder:
        served = Served()
        with listening(served, host, port) as address, closing(PageBuilder(Path(folder))) as builder:
            preview = _Preview(read, generate, settings, served, Path(folder), builder)
            preview.build(address)
            if open_browser:
                webbrowser.open(address)
            for changed in preview.changes():
                preview.build(_what(changed))


def generating(workspace: Workspace, names: tuple[str, ...]) -> Callable[[], Sequence[Diagnostic]]:
    """A function that writes the site of a project, each time from the current settings.

    Once every file has compiled, a file that doesn't compile is an error, since
    somebody is editing it, and its pages are not removed.
    """
    compiled = False

    def generate() -> Sequence[Diagnostic]:
        nonlocal compiled
        try:
            diagnostics = make(strict=True)  # in the first run, too: with other settings, the next would make all anew
        except ToolkitError:
            if compiled:
                raise
            return make(strict=False)
        compiled = True
        return diagnostics

    def make(*, strict: bool) -> Sequence[Diagnostic]:
        fresh = workspace.again()
        if strict:
            settings = fresh.settings
            fresh = replace(fresh, settings=replace(settings, common=replace(settings.common, strict=True)))
        try:
            return run(fresh, TARGET, Mode.WRITE, choose(names)).diagnostics
        finally:
            fresh.close()

    return generate


@contextmanager
def _interrupted() -> Iterator[None]:
    """End quietly on Ctrl-C and on SIGTERM."""
    with ended_by_signals(), suppress(Ended, KeyboardInterrupt):  # the latter from watchfiles, instead of the former
        yield


class _Preview:
    """Builds the site of a project, and remembers its inputs."""

    def __init__(
        self,
        read: Callable[[], Settings],
        generate: Callable[[], Sequence[Diagnostic]],
        settings: Settings,
        served: Served,
        folder: Path,
        builder: PageBuilder,
    ) -> None:
        self._read, self._generate, self._served = read, generate, served
        self._folder, self._builder, self._settings = folder, builder, settings
        self._docs: Path | None = None
        self._seen: Mapping[str, Stamp | None] = {}
        self._said: tuple[list[Diagnostic], list[str]] = [], []
        self._is_littered = False
        """Whether there may be garbage; the command line turns off its collection, which would slow down builds."""
        self._built: Mapping[str, tuple[Stamp | None, str]] = {}
        """The pages and other files of the last build, with what the navigation may show of each page."""

    @property
    def _config(self) -> Path:
        return self._settings.of(SiteSettings).out / CONFIG

    def build(self, what: str) -> None:
        """Generate, build, finish and show the site; if that fails, print why and keep showing the last build."""
        begun = time.monotonic()
        try:
            self._is_littered = True
            diagnostics, warnings = self._make()
        except (ToolkitError, OSError) as error:
            say_error(str(error))
            self._served.fail(str(error))
            stay = "; showing the last good pages" if self._served.now.folder else ""
            say(f"{what}: build failed, {time.monotonic() - begun:.1f} s{stay}")
            return
        if diagnostics != self._said[0]:  # repeating them on every change would hide new ones
            say_diagnostics(diagnostics)
        for warning in warnings if warnings != self._said[1] else ():
            say(printable(warning))
        self._said = diagnostics, warnings
        say(f"{what}: built in {time.monotonic() - begun:.1f} s")
        self._builder.prepare(self._config)

    def _make(self) -> tuple[list[Diagnostic], list[str]]:
        """Bring the site up to date and show it; what there is to say."""
        # The inputs are recorded before they are read, so that a change during the build is not missed. The docs are
        # recorded after they are generated, since generating them is not a change.
        self._seen = self._stamps()
        file = self._settings.file
        before = _stamps([str(file)] if file else [])
        self._settings = self._read()
        sources = _stamps(_sources(self._settings)) | before
        try:
            diagnostics = list(self._generate())
            self._docs = Path(load(self._config).docs_dir)
        finally:
            self._seen = self._stamps() | sources
        now = self._pages()
        pages = changed_pages(self._built, now)
        if pages and self._served.now.folder:
            warnings = self._rebuild([os.path.relpath(page, self._docs) for page in pages])
        else:
            warnings, more = self._build_all()
            diagnostics += more
        self._built = now
        return diagnostics, warnings

    def _rebuild(self, pages: Sequence[str]) -> list[str]:
        """Build some pages again, first those that are open, and show each as soon as it is there."""
        site = Path(self._served.now.folder)
        first = [page for page in pages if self._served.is_open(paths_of(page))] or pages
        rest = [page for page in pages if page not in first]
        warnings = self._builder.rebuild(self._config, site, first)
        self._served.show(site)
        if rest:
            warnings += self._builder.rebuild(self._config, site, rest)
            if any(self._served.is_open(paths_of(page)) for page in rest):  # opened before it was built
                self._served.show(site)
        return warnings

    def _build_all(self) -> tuple[list[str], list[Diagnostic]]:
        """Build and finish the site in a new directory, and show it instead of the last one."""
        site = Path(tempfile.mkdtemp(prefix="site-", dir=self._folder))
        try:
            warnings, diagnostics = build_anyway(self._config, site), finish(self._config, site_dir=site)
        except BaseException:
            shutil.rmtree(site, ignore_errors=True)
            raise
        if before := self._served.show(site):
            shutil.rmtree(before, ignore_errors=True)
        return warnings, diagnostics

    def _pages(self) -> dict[str, tuple[Stamp | None, str]]:
        """The files that HTML is made of, with what the navigation may show of each page."""
        base = [os.path.join(folder, name) for folder, _, names in os.walk(self._docs or "") for name in names]
        found = {}
        for path in (str(self._config), *base):
            stamp, before = stamp_of(path), self._built.get(path)
            found[path] = before if before is not None and before[0] == stamp else (stamp, head_of(path))
        return found

    def _stamps(self) -> dict[str, Stamp | None]:
        """The current stamps of all inputs."""
        pages = _files(self._docs) if self._docs is not None else ()
        return _stamps([str(self._config), *_sources(self._settings), *pages])

    def changes(self) -> Iterator[Sequence[str]]:
        """The inputs that were added, removed or changed since the last build; waits until there are any."""
        from watchfiles import watch

        while True:
            folders = self._folders()
            look = True  # for changes from before the watch began
            with suppress(FileNotFoundError):  # a directory was removed at this moment
                for told in watch(*folders, watch_filter=None, yield_on_timeout=True, rust_timeout=_LOOK):
                    alone = (str(self._config), *_alone(self._settings))
                    if told or look or any(stamp_of(path) != self._seen[path] for path in alone):
                        now = self._stamps()
                        changed = [path for path in now.keys() | self._seen if now.get(path) != self._seen.get(path)]
                        if changed:
                            yield sorted(changed)
                    elif self._is_littered:  # and nobody waits
                        gc.collect()
                        self._is_littered = False
                    look = False
                    if self._folders() != folders:
                        break

    def _folders(self) -> Mapping[str, int]:
        """The existing directories to watch, with their inodes: a directory that was replaced needs a new watch."""
        found = {}
        for folder in (
            *_roots(self._settings),
            *self._settings.common.templates,
            *([self._docs] if self._docs else ()),
        ):
            with suppress(OSError):
                found[str(folder)] = os.stat(folder).st_ino
        return found


def _sources(settings: Settings) -> Iterator[str]:
    """The files that the docs are generated from."""
    yield from _alone(settings)
    for root in _roots(settings):
        yield from _files(root, ".proto")
    for folder in settings.common.templates:
        yield from _files(folder)


def _alone(settings: Settings) -> Iterator[str]:
    """The inputs that are single files; their directories are not watched."""
    common = settings.common
    for path in (settings.file, common.descriptor_set, common.catalog, *common.rules):
        if isinstance(path, Path):
            yield str(path)


def _roots(settings: Settings) -> Sequence[Path]:
    if settings.common.descriptor_set is not None:
        return ()
    return [root.folder for root in settings.tree.searched]


def _files(top: Path, suffix: str = "") -> Iterator[str]:
    """The files in a directory, except hidden ones, such as staged files."""
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(folder, name) for name in names if name.endswith(suffix) and not name.startswith("."))


def _stamps(paths: Iterable[str]) -> dict[str, Stamp | None]:
    return {path: stamp_of(path) for path in paths}


def _what(changed: Sequence[str]) -> str:
    """The files that changed, in one line."""
    first = os.path.relpath(changed[0])
    return f"{first} and {len(changed) - 1} more" if len(changed) > 1 else first
