"""A live preview: the site is built anew when what it is made of changes, and open browsers show it at once."""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import signal
import socket
import socketserver
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import click

from toolkit.cli.options import choose
from toolkit.cli.terminal import say_diagnostics, say_error
from toolkit.delivery.cache import Stamp, stamp_of
from toolkit.delivery.finish.builder import build_html
from toolkit.delivery.finish.site import NEEDS, finish, load
from toolkit.delivery.run import Mode, run
from toolkit.errors import ConfigError, Diagnostic, ToolkitError
from toolkit.targets.settings import Settings
from toolkit.targets.site import TARGET, SiteSettings
from toolkit.targets.site.mkdocs import CONFIG
from toolkit.targets.workspace import Workspace

_LOOK = 300
"""Milliseconds after which a look is taken at files that nobody reports changes of."""
_ALIVE = 15.0
"""Seconds after which a browser that waits hears that we are still there."""


def serve(
    read: Callable[[], Settings],
    generate: Callable[[], Sequence[Diagnostic]],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    open_browser: bool = False,
) -> None:
    """Serve the site of a project, and build it anew on every change, until interrupted.

    ``read`` gives the settings as they are at that moment; ``generate`` writes
    the docs from settings that it reads itself, and gives what it found. Both
    are called in this thread, before every build. What goes wrong is printed,
    and the last good pages stay. Port 0 is any that is free. Raises
    :class:`ConfigError` where the port is taken or the first settings are wrong.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise ConfigError("a preview needs watchfiles, which is not installed", hint=NEEDS) from None
    gc.enable()  # the command line does without, for runs that end soon
    settings = read()
    if str(settings.common.descriptor_set) == "-":
        raise ConfigError("a preview reads its input again and again, which '-' cannot be", hint="name a file")
    with _interrupted(), tempfile.TemporaryDirectory(prefix="toolkit-serve-") as folder:
        served = _Served()
        with _listening(served, host, port) as address:
            preview = _Preview(read, generate, settings, served, Path(folder))
            preview.build(address)
            if open_browser:
                webbrowser.open(address)
            for changed in preview.changes():
                preview.build(_what(changed))


def generating(workspace: Workspace, names: tuple[str, ...]) -> Callable[[], Sequence[Diagnostic]]:
    """Writes the site of a project, from settings as they are at that moment, each time it is called.

    Once every file has compiled, one that does not is a slip of the moment: an
    error, instead of pages less.
    """
    compiled = False

    def generate() -> Sequence[Diagnostic]:
        nonlocal compiled
        fresh = workspace.again()
        if compiled:
            settings = fresh.settings
            fresh = replace(fresh, settings=replace(settings, common=replace(settings.common, strict=True)))
        try:
            outcome = run(fresh, TARGET, Mode.WRITE, choose(names))
        finally:
            fresh.close()
        compiled = not outcome.left_out
        return outcome.diagnostics

    return generate


@contextmanager
def _interrupted() -> Iterator[None]:
    """End quietly on Ctrl-C, and on the signal that says the same."""
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler) if is_main else None
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)


# What is watched, and what is built


class _Preview:
    """Builds the site of a project, and knows what it was built from."""

    def __init__(
        self,
        read: Callable[[], Settings],
        generate: Callable[[], Sequence[Diagnostic]],
        settings: Settings,
        served: _Served,
        folder: Path,
    ) -> None:
        self._read, self._generate, self._served, self._folder = read, generate, served, folder
        self._settings = settings
        self._docs: Path | None = None
        self._seen: Mapping[str, Stamp | None] = {}
        self._said: Sequence[Diagnostic] = ()

    @property
    def _config(self) -> Path:
        return self._settings.of(SiteSettings).out / CONFIG

    def build(self, what: str) -> None:
        """Generate, build, finish and show the site; or print why that cannot be, and leave what is shown."""
        begun = time.monotonic()
        target = Path(tempfile.mkdtemp(dir=self._folder))
        try:
            diagnostics = self._make(target)
        except (ToolkitError, OSError) as error:
            shutil.rmtree(target, ignore_errors=True)
            say_error(str(error))
            stay = "; the pages from before stay" if self._served.now.folder else ""
            click.echo(f"{what}: not built, {time.monotonic() - begun:.1f} s{stay}", err=True)
            return
        before = self._served.show(target)
        if before is not None:
            shutil.rmtree(before, ignore_errors=True)
        if diagnostics != self._said:  # the same again at each change would hide what is new
            say_diagnostics(diagnostics)
        self._said = diagnostics
        click.echo(f"{what}: built in {time.monotonic() - begun:.1f} s", err=True)

    def _make(self, target: Path) -> list[Diagnostic]:
        # Each file counts as it was before it was read, so that a change in between is one. Docs count as generating
        # left them: what that writes is no change.
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
        build_html(self._config, target)
        return diagnostics + finish(self._config, site_dir=target)

    def _stamps(self) -> dict[str, Stamp | None]:
        """All files that count, as they are now."""
        pages = _files(self._docs) if self._docs is not None else ()
        return _stamps([str(self._config), *_sources(self._settings), *pages])

    def changes(self) -> Iterator[Sequence[str]]:
        """The files that are new, gone or another since they were last built from; waits until there are any."""
        from watchfiles import watch

        while True:
            folders = self._folders()
            look = True  # at what changed before the watch began
            with suppress(FileNotFoundError):  # a folder has gone at this moment
                for told in watch(*folders, watch_filter=None, yield_on_timeout=True, rust_timeout=_LOOK):
                    alone = (str(self._config), *_alone(self._settings))
                    if told or look or any(stamp_of(path) != self._seen[path] for path in alone):
                        now = self._stamps()
                        changed = [path for path in now.keys() | self._seen if now.get(path) != self._seen.get(path)]
                        if changed:
                            yield sorted(changed)
                    look = False
                    if self._folders() != folders:
                        break

    def _folders(self) -> Mapping[str, int]:
        """The folders to watch that are there, and which they are: another of the same name needs another watch."""
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
    """The files that docs are generated from."""
    yield from _alone(settings)
    for root in _roots(settings):
        yield from _files(root, ".proto")
    for folder in settings.common.templates:
        yield from _files(folder)


def _alone(settings: Settings) -> Iterator[str]:
    """Those that are named, and lie anywhere: their folders are not watched, they are looked at."""
    common = settings.common
    for path in (settings.file, common.descriptor_set, common.catalog, *common.rules):
        if path is not None:
            yield str(path)


def _roots(settings: Settings) -> Sequence[Path]:
    return settings.common.proto_path if settings.common.descriptor_set is None else ()


def _files(top: Path, suffix: str = "") -> Iterator[str]:
    """The files below a folder, but for hidden ones, such as those on their way to their place."""
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(folder, name) for name in names if name.endswith(suffix) and not name.startswith("."))


def _stamps(paths: Iterable[str]) -> dict[str, Stamp | None]:
    return {path: stamp_of(path) for path in paths}


def _what(changed: Sequence[str]) -> str:
    """The files that changed, for a line."""
    first = os.path.relpath(changed[0])
    return f"{first} and {len(changed) - 1} more" if len(changed) > 1 else first


# What is served


class _Build(NamedTuple):
    folder: str
    """Empty before there is one."""
    name: str
    """What a page says that it is of; no other build has it, neither one of another run."""


class _Served:
    """The build that is shown, and the browsers that wait for the next."""

    def __init__(self) -> None:
        self.now = _Build("", secrets.token_hex(8))
        self._changed = threading.Condition()
        self._is_over = False

    def show(self, folder: Path) -> str | None:
        """Show another build; the folder of the one before."""
        with self._changed:
            before, self.now = self.now.folder, _Build(str(folder), secrets.token_hex(8))
            self._changed.notify_all()
        return before or None

    def end(self) -> None:
        """Send those who wait away."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def other_than(self, name: str) -> str | None:
        """The name of the build as soon as it is another one, or after a while the same; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self.now.name != name, _ALIVE)
            return None if self._is_over else self.now.name


_SCRIPT = "/__toolkit__/reload.js"
_EVENTS = "/__toolkit__/events"
_RELOAD = f"""\
"use strict";
// Shows the page anew as soon as another build is served than the one it is of.
(() => {{
  const build = new URL(document.currentScript.src).searchParams.get("build");
  new EventSource("{_EVENTS}").onmessage = (event) => {{
    if (event.data !== build) location.reload();
  }};
}})();
"""
_NOT_YET = b"<!doctype html><title>Not built</title><body><p>Not built yet; the terminal says why.</p></body>"
_NOT_FOUND = b"<!doctype html><title>Not found</title><body><p>There is no such page.</p></body>"


class _Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], served: _Served) -> None:
        self.served = served
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind, without the base's question to the name server."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over browsers that have gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer: with a page, with the script that waits for another build, or with news of one."""
        path = self.path.partition("?")[0]
        if path == _EVENTS:
            self._tell()
        elif path == _SCRIPT:
            self.wfile.write(self._begin(HTTPStatus.OK, "text/javascript", _RELOAD.encode()).read())
        else:
            super().do_GET()

    def send_head(self) -> Any:
        """Begin the answer, and give what follows."""
        build = self.server.served.now
        if not build.folder:
            return self._page(HTTPStatus.SERVICE_UNAVAILABLE, _NOT_YET, build)
        self.directory = build.folder
        path = self.translate_path(self.path)
        if os.path.isdir(path) and self.path.partition("?")[0].endswith("/"):
            path = os.path.join(path, "index.html")
        with suppress(OSError):
            if path.endswith(".html"):
                return self._page(HTTPStatus.OK, Path(path).read_bytes(), build)
            if os.path.exists(path):
                del self.headers["If-Modified-Since"]
                return super().send_head()
        missing = _NOT_FOUND
        with suppress(OSError):
            missing = Path(build.folder, "404.html").read_bytes()
        return self._page(HTTPStatus.NOT_FOUND, missing, build)

    def _page(self, status: HTTPStatus, content: bytes, build: _Build) -> BytesIO:
        """Begin an answer that is a page; what follows has the script in it."""
        script = f'<script src="{_SCRIPT}?build={build.name}"></script>'.encode()
        before, end, after = content.rpartition(b"</body>")
        content = before + script + end + after if end else content + script
        return self._begin(status, "text/html; charset=utf-8", content)

    def _begin(self, status: HTTPStatus, kind: str, content: bytes) -> BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def _tell(self) -> None:
        """Say which build is served, and which are from then on."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told = ""
        while (name := self.server.served.other_than(told)) is not None:
            self.wfile.write(f"data: {name}\n\n".encode() if name != told else b":\n\n")
            told = name

    def end_headers(self) -> None:
        """End them, with one more: nothing is kept by a browser."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        """The kind of a file; texts are UTF-8."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal is for builds."""


@contextmanager
def _listening(served: _Served, host: str, port: int) -> Iterator[str]:
    """Answer requests meanwhile; the address of the site."""
    try:
        server = _Server((host, port), served)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        hint = "name another one with --port; --port 0 takes any that is free"
        raise ConfigError(f"cannot serve on port {port} of {host}: {reason}", hint=hint) from None
    with server:
        thread = threading.Thread(target=server.serve_forever, name="toolkit-serve", daemon=True)
        thread.start()
        try:
            yield f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}/"
        finally:
            served.end()
            server.shutdown()
            thread.join()
